"""What became of an answer: each one that was ever given, those that differed, and choosing between two."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.answer_form import QuestionView
from app.database_session import DatabaseSession
from app.dependencies import Now, OpenedByLink
from app.differences import in_words
from app.forms import Sent
from app.opened_sections import all_sections
from app.pages.assessments import see
from app.templating import content, page
from assessment import conflicts, revisions
from assessment.conflicts import KEPT, TAKEN, Difference
from assessment.errors import N_, Invalid
from assessment.saving import QuestionNotFound

router = APIRouter(prefix="/a/{key}")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was said at a question: it became the answer, or met another one and waited for a choice."""

    view: QuestionView
    by: str | None
    at: datetime
    value: Any
    difference: Difference | None = None


@router.get("/history/{question_id}")
def show_history(request: Request, session: DatabaseSession, opened: OpenedByLink, question_id: str) -> Response:
    """Every answer that was ever given to one question, newest first."""
    found = [s for s in all_sections(opened) if any(q.id == question_id for q in s.questions)]
    if not found:
        raise QuestionNotFound
    source = opened.questionnaire.questions[question_id]
    shown = content(request, opened.definition).questions[question_id]
    events = [
        Event(in_words(source, shown, r.value, r.note), r.by, r.at, r.value)
        for r in revisions.list_revisions(session, opened.row, question_id)
    ]
    events += [
        Event(in_words(source, shown, d.value, d.note), d.by, d.at, d.value, d)
        for d in conflicts.list_of_question(session, opened.row, question_id)
    ]
    # At one moment, the answer that stayed came before the one that met it.
    events.sort(key=lambda event: (event.at, event.difference is not None), reverse=True)
    return page(request, "history.html", opened=opened, section=found[-1], question=shown, events=events)


@router.post("/differences/{number}")
def settle(
    request: Request, session: DatabaseSession, opened: OpenedByLink, number: int, sent: Sent, now: Now
) -> Response:
    """Keep the answer that is there, or take the other one; then go back to where they were shown."""
    choice, seen = sent.text("choice"), sent.text("seen")
    if choice not in (KEPT, TAKEN) or not (seen.isascii() and seen.isdigit() and len(seen) < 10):
        raise Invalid(N_("Choose one of the two answers."))
    question = conflicts.settle(
        session, opened.access, opened.questionnaire, number, KEPT if choice == KEPT else TAKEN, int(seen), now
    )
    if sent.text("back") == "check" and opened.may_manage:
        return see(f"{opened.link}/check")
    section = next(s for s in reversed(all_sections(opened)) if any(q.id == question for q in s.questions))
    here = next((s for s in all_sections(opened) if s.id == sent.text("section")), section)
    return see(f"{opened.link}/sections/{here.id}#q-{question}")
