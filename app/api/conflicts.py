"""Answers that met another one, by JSON: both are shown, and a person chooses."""

from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.needs import needs
from app.api.replies import page_of, reply
from app.api.shapes import After, Body, Key, Limit, Number, Page, Reply, Whole
from app.api.strict_json import StrictRoute
from app.database_session import DatabaseSession
from app.dependencies import Now, OpenedByLink
from app.opened_sections import all_sections
from assessment import answer_rows, conflicts
from assessment.answer_rows import Present
from assessment.api_tokens import ANSWER, READ
from assessment.conflicts import KEPT, TAKEN

router = APIRouter(prefix="/assessments/{key}/conflicts", route_class=StrictRoute, tags=["Conflicts"])


class ChoiceBody(Body):
    """Which answer holds: the one that is there (kept), or the other one (taken)."""

    choice: Literal["kept", "taken"]
    seen: Whole


class SideReply(Reply):
    """One of two answers."""

    answer: Any
    note: str
    by: str | None
    at: datetime | None


class ThereReply(SideReply):
    """The answer that is there; `version` is what `seen` has to name."""

    version: int


class ConflictReply(Reply):
    """Two answers to one question, of which somebody has to choose."""

    number: int
    question: str
    there: ThereReply
    other: SideReply


class SettledReply(Reply):
    """The question, and the answer that holds."""

    question: str
    there: ThereReply


def _there(present: Present) -> ThereReply:
    return ThereReply(answer=present.value, note=present.note, by=present.by, at=present.at, version=present.version)


@router.get("", response_model=Page[ConflictReply], openapi_extra=needs(READ, 404))
def list_conflicts(
    request: Request, session: DatabaseSession, key: Key, opened: OpenedByLink, after: After = 0, limit: Limit = 50
) -> Response:
    """The answers of which somebody has to choose one, in the sections of whoever asks."""
    mine = {q.id for each in all_sections(opened) for q in each.questions}
    found = [each for each in conflicts.list_open(session, opened.row) if each.question_id in mine]
    present = answer_rows.present_answers(session, opened.row.id)
    rows = [
        ConflictReply(
            number=each.id,
            question=each.question_id,
            there=_there(present.get(each.question_id, Present())),
            other=SideReply(answer=each.value, note=each.note, by=each.by, at=each.at),
        )
        for each in found
    ]
    return page_of(request, rows, [each.id for each in found], after, limit)


@router.post("/{number}", response_model=SettledReply, openapi_extra=needs(ANSWER, 404, 409))
def settle(
    request: Request,
    session: DatabaseSession,
    key: Key,
    opened: OpenedByLink,
    number: Number,
    sent: ChoiceBody,
    now: Now,
) -> Response:
    """Choose one of the two; `seen` is the version of the answer that was there."""
    choice = KEPT if sent.choice == "kept" else TAKEN
    question = conflicts.settle(session, opened.access, opened.questionnaire, number, choice, sent.seen, now)
    present = answer_rows.present_answers(session, opened.row.id, [question])
    return reply(request, SettledReply(question=question, there=_there(present.get(question, Present()))))
