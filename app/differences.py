"""Answers that differ, as pages show them: both in words, who gave them and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from sqlalchemy.orm import Session

from app import answer_form
from app.answer_form import QuestionView
from app.dependencies import Opened
from app.forms import SentForm
from app.templating import content
from assessment import conflicts
from assessment.assessments import Sheet
from assessment.conflicts import Difference
from assessment.sections import Section
from assessment.snapshots import answer_from_json
from questionnaires.answers import Answers
from questionnaires.schema import Question


@dataclass(frozen=True, slots=True)
class Said:
    """One of two answers. `by` is None for whoever holds the return link."""

    view: QuestionView
    by: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """Two answers to one question, of which somebody has to choose one."""

    id: int
    section: Section
    present: Said
    other: Said
    seen: int  # the version of the present answer

    @property
    def question_id(self) -> str:
        return self.present.view.id


def open_differences(
    request: Request, session: Session, opened: Opened, found: Iterable[Section], asked: frozenset[str]
) -> list[DifferenceView]:
    """Those at questions of the given sections that apply."""
    return differences_in(request, opened, conflicts.list_open(session, opened.row), found, asked)


def differences_in(
    request: Request, opened: Opened, differing: Iterable[Difference], found: Iterable[Section], asked: frozenset[str]
) -> list[DifferenceView]:
    """Of all that differ, those at questions of the given sections that apply."""
    places = {q.id: s for s in found for q in s.questions if q.id in asked}
    here = [d for d in differing if d.question_id in places]
    shown = content(request, opened.definition).questions
    return [_view(opened, d, places[d.question_id], shown[d.question_id]) for d in here]


def _view(opened: Opened, difference: Difference, section: Section, shown: Question) -> DifferenceView:
    source, present = opened.questionnaire.questions[difference.question_id], difference.present
    return DifferenceView(
        id=difference.id,
        section=section,
        present=Said(in_words(source, shown, present.value, present.note), present.by, present.at),
        other=Said(in_words(source, shown, difference.value, difference.note), difference.by, difference.at),
        seen=present.version,
    )


def in_words(source: Question, shown: Question, value: object, note: str) -> QuestionView:
    """A stored answer (plain JSON), whichever it was, as a page shows it."""
    answers = {} if value is None else {source.id: answer_from_json(value)}
    return answer_form.show(source, shown, Sheet(Answers({}, answers), {source.id: note}), SentForm({}), None)
