"""What a section's page shows beside its questions: answers that differ, and what was said last time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from sqlalchemy.orm import Session

from app import differences
from app.answer_form import QuestionView
from app.dependencies import Opened
from app.differences import DifferenceView, in_words
from app.shelf import Shelf
from app.templating import content
from app.visit_answers import FirmSaid, firm_said
from assessment import conflicts, starting_again
from assessment.assessments import Sheet
from assessment.conflicts import Difference
from assessment.sections import Section
from assessment.self_said import SelfSaid, self_said
from assessment.starting_again import SaidBefore
from questionnaires.problems import UnknownDefinition


@dataclass(frozen=True, slots=True)
class Beside:
    """By question."""

    differences: Mapping[str, list[DifferenceView]]
    last: Mapping[str, QuestionView]
    last_at: datetime | None
    to_take_over: int  # how many questions of the section one button would answer as last time
    firm: Mapping[str, FirmSaid]  # on a visit, what the firm said


@dataclass(frozen=True, slots=True)
class Around:
    """What is stored about a whole assessment: read once for however many sections are shown."""

    differing: Sequence[Difference]
    last: SaidBefore | None
    said: SelfSaid | None  # by the firm, where an assessor verifies it


def around(request: Request, session: Session, opened: Opened) -> Around:
    before, said = said_before(request, session, opened), self_said(session, opened.row)
    return Around(conflicts.list_open(session, opened.row), before, said)


def beside(
    request: Request, opened: Opened, section: Section, sheet: Sheet, asked: frozenset[str], known: Around
) -> Beside:
    differing: dict[str, list[DifferenceView]] = {}
    for found in differences.differences_in(request, opened, known.differing, (section,), asked):
        differing.setdefault(found.question_id, []).append(found)
    last = known.last
    return Beside(
        differences=differing,
        last=_in_words(request, opened, last, asked) if last else {},
        last_at=last.submitted_at if last else None,
        to_take_over=len(starting_again.to_take_over(opened.questionnaire, section.questions, sheet, last))
        if last
        else 0,
        firm=firm_said(request, opened, known.said, sheet, asked) if known.said else {},
    )


def _in_words(request: Request, opened: Opened, last: SaidBefore, asked: frozenset[str]) -> dict[str, QuestionView]:
    shown = content(request, opened.definition).questions
    sources = opened.questionnaire.questions
    return {
        q: in_words(sources[q], shown[q], value, last.notes.get(q, ""))
        for q, value in last.answers.items()
        if q in asked
    }


def said_before(request: Request, session: Session, opened: Opened) -> SaidBefore | None:
    """What the firm said last time; None the first time, or where its version is not here any more."""
    found = starting_again.find_before(session, opened.row)
    if found is None:
        return None
    shelf: Shelf = request.app.state.shelf
    try:
        then = shelf.get(f"{opened.row.questionnaire_id}@{found.questionnaire_version}").questionnaire
    except UnknownDefinition:
        return None
    return found.at(starting_again.still_the_same(then, opened.questionnaire))
