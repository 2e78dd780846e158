"""The form of a section: questions as a template shows them, and what was sent as answers."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.forms import Problem, SentForm, read_number
from assessment.assessments import Given, Sheet
from assessment.errors import N_, Invalid
from assessment.texts import clean_note
from questionnaires.answers import NOT_APPLICABLE, UNKNOWN, AnswerValue
from questionnaires.schema import Question, Questionnaire

NONE_OF_THESE = "none"
WORDS = (UNKNOWN, NOT_APPLICABLE)

ONE_ONLY = N_("Choose either from the list or one of the answers below it.")
NOT_IN_LIST = N_("Choose from the list.")


@dataclass(frozen=True, slots=True)
class Choice:
    """One radio button or tick box."""

    value: str
    digit: str
    text: str
    source: str  # the text as the questionnaire has it, by which options are stored
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question, as a page shows it."""

    question: Question
    kind: str  # levels | options | number
    choices: tuple[Choice, ...]
    word: str  # unknown | not_applicable | none | ""
    number: str
    note: str
    is_answered: bool
    version: int
    problem: Problem | None

    @property
    def id(self) -> str:
        return self.question.id


def kind_of(question: Question) -> str:
    return "levels" if question.levels else "options" if question.options else "number"


def show(source: Question, shown: Question, sheet: Sheet, sent: SentForm, problem: Problem | None) -> QuestionView:
    """A question in the reader's language; after a problem with what was entered, not with what is stored."""
    value = sheet.answers.answers.get(source.id)
    word = NONE_OF_THESE if value == () else value if value in WORDS else ""
    chosen = _stored_choices(source, value)
    number = f"{value:g}" if source.number and isinstance(value, int | float) else ""
    note = sheet.notes.get(source.id, "")
    version = None
    if problem is not None:
        version = version_seen(sent, source.id)
        chosen = frozenset(sent.get(f"a.{source.id}", ()))
        word = next((w for w in (*WORDS, NONE_OF_THESE) if w in chosen), "")
        number, note = sent.text(f"n.{source.id}"), sent.text(f"note.{source.id}")
    return QuestionView(
        question=shown,
        kind=kind_of(source),
        choices=tuple(
            Choice(str(i), str(i) if source.levels else "", text, original, str(i) in chosen)
            for i, (text, original) in enumerate(zip(_texts(shown), _texts(source), strict=True))
        ),
        word=str(word),
        number=number,
        note=note,
        is_answered=value is not None,
        version=sheet.versions.get(source.id, 0) if version is None else version,
        problem=problem,
    )


def _texts(question: Question) -> tuple[str, ...]:
    if question.levels:
        return tuple(level.text for level in question.levels)
    return question.options.of if question.options else ()


def _stored_choices(question: Question, value: AnswerValue | None) -> frozenset[str]:
    if question.options and isinstance(value, tuple):
        return frozenset(str(i) for i, option in enumerate(question.options.of) if option in value)
    return frozenset({str(value)}) if question.levels and isinstance(value, int) else frozenset()


def version_seen(sent: SentForm, question_id: str) -> int | None:
    """The version of an answer that the form was made with; None where it does not say."""
    text = sent.text(f"version.{question_id}")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def versions_as_text(questionnaire: Questionnaire, sheet: Sheet) -> str:
    """Which answers a page shows: their versions in the order of the questionnaire, for a hidden field."""
    return ".".join(str(sheet.versions.get(q, 0)) for q in questionnaire.questions)


def versions_from_text(questionnaire: Questionnaire, text: str) -> dict[str, int] | None:
    """The versions a page has shown, None where it does not say."""
    if not re.fullmatch(r"\d{1,9}(\.\d{1,9})*", text, re.ASCII):
        return None
    return dict(zip(questionnaire.questions, map(int, text.split(".")), strict=False))


def read(questions: Iterable[Question], sent: SentForm, sheet: Sheet) -> tuple[dict[str, Given], dict[str, Problem]]:
    """The answers a form has sent for the questions it showed, and what is wrong with the others."""
    given: dict[str, Given] = {}
    problems: dict[str, Problem] = {}
    shown, cleared = sent.get("shown", ()), sent.get("clear", ())
    for question in (q for q in questions if q.id in shown):
        try:
            note = clean_note(sent.text(f"note.{question.id}"))
            value = None if question.id in cleared else _value(question, sent, sheet)
            given[question.id] = Given(value, note if f"note.{question.id}" in sent else None)
        except Invalid as refusal:
            problems[question.id] = Problem(refusal.message, refusal.values)
    return given, problems


def _value(question: Question, sent: SentForm, sheet: Sheet) -> Any:
    chosen = sent.get(f"a.{question.id}", ())
    words = [c for c in chosen if c in (*WORDS, NONE_OF_THESE)]
    if len(words) > 1 or (words and len(chosen) > 1):
        raise Invalid(ONE_ONLY)
    if question.number is not None:
        return _number(question, sent.text(f"n.{question.id}"), words)
    if question.options is not None:
        return _options(question.options.of, chosen, words)
    if len(chosen) > 1:
        raise Invalid(ONE_ONLY)
    if not chosen:
        # A radio button cannot be unticked: nothing sent is nothing said, and an earlier answer stays.
        return sheet.answers.answers.get(question.id)
    return words[0] if words else _index(chosen[0])


def _options(of: tuple[str, ...], chosen: tuple[str, ...], words: list[str]) -> Any:
    if words:
        return [] if words[0] == NONE_OF_THESE else words[0]
    indexes = {_index(c) for c in chosen}
    if any(i >= len(of) for i in indexes):
        raise Invalid(NOT_IN_LIST)
    return [of[i] for i in sorted(indexes)] or None


def _index(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise Invalid(NOT_IN_LIST)
    return int(text)


def _number(question: Question, text: str, words: list[str]) -> Any:
    if text.strip() and words:
        raise Invalid(ONE_ONLY)
    bounds = question.number
    number = read_number(text, bounds.min if bounds else None, bounds.max if bounds else None)
    return words[0] if number is None and words else number
