"""Beside each question of a visit: what the firm said, to be seen, taken over, or differed from with a reason."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from app.answer_form import QuestionView
from app.dependencies import Opened
from app.differences import in_words
from app.forms import Problem, SentForm
from app.templating import content
from assessment import sections
from assessment.assessments import Given, Sheet
from assessment.self_said import SelfSaid
from assessment.snapshots import FiledEvidence, answer_as_json
from questionnaires.answers import AnswerValue
from questionnaires.schema import Question


@dataclass(frozen=True, slots=True)
class FirmSaid:
    """One answer of the firm's: in words, as the page's script compares it, and the files that go with it.

    `lacks_reason` where the assessor differs and has not said why. `plain` is empty where the firm said nothing.
    """

    view: QuestionView
    plain: str
    files: tuple[tuple[int, FiledEvidence], ...]
    lacks_reason: bool


def firm_said(
    request: Request, opened: Opened, said: SelfSaid, sheet: Sheet, asked: frozenset[str]
) -> Mapping[str, FirmSaid]:
    """By question, for those of a page."""
    shown, sources = content(request, opened.definition).questions, opened.questionnaire.questions
    found = {}
    for q in asked:
        value = said.answers.get(q)
        plain = None if value is None else answer_as_json(value)
        differs = said.differs(q, sheet.answers.answers.get(q)) and not sheet.notes.get(q, "").strip()
        view = in_words(sources[q], shown[q], plain, said.note(q))
        found[q] = FirmSaid(view, _as_script(sources[q], value), said.files.get(q, ()), differs)
    return found


def _as_script(question: Question, value: AnswerValue | None) -> str:
    """An answer in the very characters that the page's script writes it in."""
    if value is None:
        return ""
    plain: Any = value
    if question.options and isinstance(value, tuple):
        plain = [option for option in question.options.of if option in value]
    elif isinstance(value, float) and value.is_integer():
        plain = int(value)
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def asked_in(opened: Opened, sheet: Sheet, said: SelfSaid | None) -> frozenset[str]:
    """The questions that apply; on a visit by what stands, which is the firm's word where nothing is verified yet."""
    return sections.applicable(opened.questionnaire, (said.under(sheet) if said else sheet).answers)


def take_over(said: SelfSaid, sent: SentForm, given: dict[str, Given], problems: dict[str, Problem]) -> tuple[str, ...]:
    """Answer the questions whose button "As the firm says" was pressed; returns them."""
    taken = tuple(q for q in sent.get("same", ()) if q in said.answers and q in sent.get("shown", ()))
    for q in taken:
        note = given[q].note if q in given else None
        given[q] = Given(answer_as_json(said.answers[q]), note)
        problems.pop(q, None)
    return taken
