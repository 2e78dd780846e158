"""Which languages a questionnaire is translated into, and how much of each is still missing."""

from questionnaires.languages import LANGUAGES
from questionnaires.loader import Checked
from questionnaires.problems import Problem
from questionnaires.translation import LOCALES, content_messages, translate


def translation_problems(checked: Checked) -> tuple[Problem, ...]:
    """A warning for each language that has a catalogue of this questionnaire with texts missing."""
    if checked.definition is None:
        return ()
    questionnaire = checked.definition.questionnaire
    started = [code for code in LANGUAGES if (LOCALES / code / f"{questionnaire.id}.po").is_file()]
    missing = {code: translate(checked.definition, code).missing for code in started if code != questionnaire.language}
    total = sum(1 for _ in content_messages(checked.definition)) if any(missing.values()) else 0
    line = checked.documents["questionnaire"].line(("language",))
    return tuple(
        Problem(
            str(checked.main),
            line,
            "missing-translation",
            f"{count} of {total} texts have no translation into {LANGUAGES[code].endonym} ({code})",
            "warning",
        )
        for code, count in missing.items()
        if count
    )
