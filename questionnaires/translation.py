"""A definition in another language: every text of it under a stable name, looked up in the content catalogues."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

from questionnaires.languages import LANGUAGES, SOURCE, read_catalogue
from questionnaires.library import Action, Case, Definition
from questionnaires.pseudo import pseudo
from questionnaires.schema import Bin, Dimension, Level, ProfileField, Question, Questionnaire, Source

LOCALES = Path(__file__).parent / "locales"
CASES = "cases"  # the catalogue of the case library, which all definitions share

KEPT_TRANSLATIONS = 64
_translated: dict[tuple[str, str, str], "Translated"] = {}  # making one takes 50 ms, and a page needs it each time

Say = Callable[[str, str], str]  # the stable name and the text in the source language -> the text to show
T = TypeVar("T", str, str | None)


@dataclass(frozen=True, slots=True)
class Translated:
    """A definition in another language; `missing` texts stayed as they were, `machine_made` ones are unreviewed."""

    definition: Definition
    missing: int
    machine_made: int


def translate(definition: Definition, code: str) -> Translated:
    """The definition with every text that its catalogues have in this language, the others as they are."""
    if code == definition.questionnaire.language:
        return Translated(definition, 0, 0)
    key = (definition.questionnaire.reference, definition.sha256, code)
    if key not in _translated:
        if len(_translated) >= KEPT_TRANSLATIONS:
            _translated.clear()
        _translated[key] = _translate(definition, code)
    return _translated[key]


def _translate(definition: Definition, code: str) -> Translated:
    chosen = LANGUAGES[code]
    if chosen.is_pseudo:
        is_rtl = chosen.direction == "rtl"
        return Translated(_definition(definition, lambda _, text: pseudo(text, is_rtl)), 0, 0)
    entries = {**_entries(code, definition.questionnaire.id), **_entries(code, CASES)}
    seen = {"missing": 0, "machine_made": 0}

    def say(context: str, text: str) -> str:
        entry = entries.get((context, text))
        if entry is None:
            seen["missing"] += 1
            return text
        seen["machine_made"] += entry[1]
        return entry[0]

    return Translated(_definition(definition, say), seen["missing"], seen["machine_made"])


def content_messages(definition: Definition) -> Iterator[tuple[str, str]]:
    """Every text of a definition a person reads, with its stable name; those of cases begin with `case.`."""
    found: list[tuple[str, str]] = []

    def collect(context: str, text: str) -> str:
        found.append((context, text))
        return text

    _definition(definition, collect)
    yield from found


@lru_cache(maxsize=64)
def _entries(code: str, domain: str) -> dict[tuple[str, str], tuple[str, bool]]:
    """(stable name, source text) -> (translation, whether it is machine-made)."""
    file = LOCALES / code / f"{domain}.po"
    if code == SOURCE or not file.is_file():
        return {}
    return {
        (message.context or "", str(message.id)): (str(message.string), message.fuzzy)
        for message in read_catalogue(file)
        if message.id and message.string
    }


def _definition(definition: Definition, say: Say) -> Definition:
    return replace(
        definition,
        questionnaire=_questionnaire(definition.questionnaire, say),
        actions=tuple(_action(action, say) for action in definition.actions),
        basis=_maybe(say, "actions.basis", definition.basis),
        cases={key: _case(case, say) for key, case in definition.cases.items()},
    )


def _questionnaire(questionnaire: Questionnaire, say: Say) -> Questionnaire:
    profiles = questionnaire.profiles
    technologies = questionnaire.technologies.items()
    copy = questionnaire.model_copy(
        update={
            "title": say("questionnaire.title", questionnaire.title),
            "summary": say("questionnaire.summary", questionnaire.summary),
            "source": _source(questionnaire.source, say),
            "profiles": profiles.model_copy(update={"bins": tuple(_bin(each, say) for each in profiles.bins)}),
            "fields": tuple(_field(field, say) for field in questionnaire.fields),
            "technologies": {key: say(f"technology.{key}", title) for key, title in technologies},
            "groups": {key: say(f"group.{key}", title) for key, title in questionnaire.groups.items()},
            "dimensions": tuple(_dimension(dimension, say) for dimension in questionnaire.dimensions),
        }
    )
    for name, value in vars(Questionnaire).items():
        if isinstance(value, cached_property):
            copy.__dict__.pop(name, None)  # a copy takes along what was computed from the old texts
    return copy


def _source(source: Source, say: Say) -> Source:
    return source.model_copy(
        update={"name": say("source.name", source.name), "note": _maybe(say, "source.note", source.note)}
    )


def _bin(each: Bin, say: Say) -> Bin:
    name = f"profile.{each.id}"
    return each.model_copy(
        update={"title": say(f"{name}.title", each.title), "summary": _maybe(say, f"{name}.summary", each.summary)}
    )


def _field(field: ProfileField, say: Say) -> ProfileField:
    name = f"field.{field.id}"
    choices = field.choices and {key: say(f"{name}.choice.{key}", text) for key, text in field.choices.items()}
    return field.model_copy(
        update={
            "text": say(f"{name}.text", field.text),
            "help": _maybe(say, f"{name}.help", field.help),
            "choices": choices,
        }
    )


def _dimension(dimension: Dimension, say: Say) -> Dimension:
    return dimension.model_copy(
        update={
            "title": say(f"{dimension.id}.title", dimension.title),
            "summary": _maybe(say, f"{dimension.id}.summary", dimension.summary),
            "dimensions": tuple(_dimension(child, say) for child in dimension.dimensions),
            "questions": tuple(_question(question, say) for question in dimension.questions),
        }
    )


def _question(question: Question, say: Say) -> Question:
    """A question's texts. Answers hold options as the source has them: a reader's option is found by its place."""
    levels = question.levels and tuple(
        Level(text=say(f"{question.id}.level.{index}", level.text), score=level.score)
        for index, level in enumerate(question.levels)
    )
    options = question.options and question.options.model_copy(
        update={"of": _numbered(say, f"{question.id}.option", question.options.of)}
    )
    return question.model_copy(
        update={
            "text": say(f"{question.id}.text", question.text),
            "help": _maybe(say, f"{question.id}.help", question.help),
            "evidence": _maybe(say, f"{question.id}.evidence", question.evidence),
            "levels": levels,
            "options": options,
        }
    )


def _action(action: Action, say: Say) -> Action:
    name = f"action.{action.id}"
    return action.model_copy(
        update={
            "title": say(f"{name}.title", action.title),
            "goal": _maybe(say, f"{name}.goal", action.goal),
            "measure": _maybe(say, f"{name}.measure", action.measure),
            "steps": _numbered(say, f"{name}.step", action.steps),
        }
    )


def _case(case: Case, say: Say) -> Case:
    name = f"case.{case.id}"
    effects = tuple(
        effect.model_copy(
            update={
                "text": say(f"{name}.effect.{place}.text", effect.text),
                "figure": _maybe(say, f"{name}.effect.{place}.figure", effect.figure),
            }
        )
        for place, effect in enumerate(case.effects, 1)
    )
    return case.model_copy(
        update={
            "title": say(f"{name}.title", case.title),
            "sector": say(f"{name}.sector", case.sector),
            "size": _maybe(say, f"{name}.size", case.size),
            "problem": say(f"{name}.problem", case.problem),
            "lesson": _maybe(say, f"{name}.lesson", case.lesson),
            "done": _numbered(say, f"{name}.done", case.done),
            "challenges": _numbered(say, f"{name}.challenge", case.challenges),
            "enablers": _numbered(say, f"{name}.enabler", case.enablers),
            "effects": effects,
        }
    )


def _numbered(say: Say, name: str, lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(say(f"{name}.{place}", line) for place, line in enumerate(lines, 1))


def _maybe(say: Say, name: str, text: T) -> T:
    return say(name, text) if text else text
