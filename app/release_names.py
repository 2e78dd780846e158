"""The names of a release's codes in a language: industries by our catalogue, questions by theirs."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from app.shelf import Shelf
from app.templating import say
from questionnaires.problems import UnknownDefinition
from questionnaires.translation import translate
from reports.release.labels import Labels


def labels_of(shelf: Shelf, manifest: Mapping[str, Any], code: str) -> Labels:
    """The names, translated as far as anybody has; those of the manifest where the questionnaire is not here."""
    reference = str(manifest.get("release", {}).get("questionnaire", ""))
    return Labels(manifest, code, _asked(shelf, reference, code), partial(say, code))


def _asked(shelf: Shelf, reference: str, code: str) -> dict[tuple[str, str], str]:
    try:
        questionnaire = translate(shelf.get(reference), code).definition.questionnaire
    except UnknownDefinition:
        return {}
    found = {("indicator", f"D:{dimension.id}"): dimension.title for dimension in questionnaire.walk()}
    found |= {("indicator", f"Q:{question.id}"): question.text for question in questionnaire.questions.values()}
    found |= {("indicator", f"T:{id}"): title for id, title in questionnaire.technologies.items()}
    return found | {("profile", str(k)): each.title for k, each in enumerate(questionnaire.profiles.bins)}
