"""Last time's answers by JSON: what a firm said at a section's questions, taken over where nothing has changed."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.needs import needs
from app.api.replies import reply
from app.api.shapes import Key, Reply
from app.api.strict_json import StrictRoute
from app.beside import said_before
from app.database_session import DatabaseSession
from app.dependencies import Now, OpenedByLink
from app.opened_sections import find_section
from assessment import assessments, starting_again
from assessment.api_tokens import ANSWER, READ

router = APIRouter(prefix="/assessments/{key}/sections/{section}", route_class=StrictRoute, tags=["History"])
SectionId = Annotated[str, Path(max_length=200, description="The id of a section.")]


class LastTimeReply(Reply):
    """What was submitted last time, where the question is still the same, and which of it would be taken over."""

    submitted_at: datetime | None
    answers: dict[str, Any]
    notes: dict[str, str]
    to_take_over: list[str]


class TakenReply(Reply):
    """How many answers were taken over."""

    taken: int


@router.get("/last-time", response_model=LastTimeReply, openapi_extra=needs(READ, 404))
def show_last_time(
    request: Request, session: DatabaseSession, key: Key, opened: OpenedByLink, section: SectionId
) -> Response:
    """What the firm said last time at a section's questions; nothing the first time."""
    found = find_section(opened, section)
    before = said_before(request, session, opened)
    if before is None:
        return reply(request, LastTimeReply(submitted_at=None, answers={}, notes={}, to_take_over=[]))
    mine = {q.id for q in found.questions}
    sheet = assessments.sheet_of(session, opened.row)
    is_open = not opened.is_submitted
    content = LastTimeReply(
        submitted_at=before.submitted_at,
        answers={q: value for q, value in before.answers.items() if q in mine},
        notes={q: note for q, note in before.notes.items() if q in mine},
        to_take_over=starting_again.to_take_over(opened.questionnaire, found.questions, sheet, before)
        if is_open
        else [],
    )
    return reply(request, content)


@router.post("/last-time", response_model=TakenReply, openapi_extra=needs(ANSWER, 404, 409))
def take_over(
    request: Request, session: DatabaseSession, key: Key, opened: OpenedByLink, section: SectionId, now: Now
) -> Response:
    """Nothing has changed here: last time's answers become answers given now. What is answered already stays."""
    found = find_section(opened, section)
    before = said_before(request, session, opened)
    taken = 0
    if before is not None:
        taken = starting_again.take_over(session, opened.access, opened.questionnaire, found.questions, before, now)
    return reply(request, TakenReply(taken=taken))
