"""Moves to a newer version of the questionnaire by JSON: what one would do, the move, and what it left behind."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.api.needs import needs
from app.api.replies import made, page_of, reply
from app.api.shapes import After, Body, Key, Limit, Line, Number, Page, Reply
from app.api.strict_json import StrictRoute
from app.database_session import DatabaseSession
from app.dependencies import MaybeSignedIn, Now, OpenedByManager
from app.newer_versions import newer_version
from assessment import version_moves
from assessment.api_tokens import MANAGE, READ
from assessment.move_plans import NoWayThere, Passage, plan_move
from assessment.texts import clean_name
from assessment.version_moves import PastMove

router = APIRouter(prefix="/assessments/{key}", route_class=StrictRoute, tags=["Versions"])
Fate = Literal["kept", "changed", "left"]


class MoveBody(Body):
    """Where to go: the version that the plan has named. `name` is who moves it, where nobody is signed in."""

    to: Annotated[str, Field(max_length=40, pattern=r"^[0-9A-Za-z.-]+$", examples=["1.1.0"])]
    name: Line = ""


class PassageReply(Reply):
    """A question on its way: what is said there now, where it goes, and what it becomes."""

    question: str
    fate: Fate
    becomes: str | None
    before: Any
    note: str
    after: Any
    reason: str


class MovePlanReply(Reply):
    """What a move would do. Without a newer version `to_version` is null; without a way there nothing can move."""

    from_version: str
    to_version: str | None
    has_way: bool
    questions: list[PassageReply]
    new_questions: list[str]
    left_profile: dict[str, Any]


class MoveReply(Reply):
    """A move that was made, with what it left behind by question."""

    number: int
    from_version: str
    to_version: str
    moved_by: str
    moved_at: datetime
    left_behind: dict[str, Any]


def _shown(found: PastMove) -> MoveReply:
    return MoveReply(
        number=found.id,
        from_version=found.from_version,
        to_version=found.to_version,
        moved_by=found.moved_by,
        moved_at=found.moved_at,
        left_behind=dict(found.left_behind),
    )


def _passage(found: Passage) -> PassageReply:
    fates: dict[str, Fate] = {"kept": "kept", "changed": "changed", "left": "left"}
    return PassageReply(
        question=found.step.old.id,
        fate=fates[found.step.fate],
        becomes=found.step.new.id if found.step.new else None,
        before=found.before.value if found.before else None,
        note=found.before.note if found.before else "",
        after=found.after,
        reason=found.step.reason,
    )


@router.get("/move", response_model=MovePlanReply, openapi_extra=needs(READ, 404, 409))
def show_plan(request: Request, session: DatabaseSession, key: Key, opened: OpenedByManager) -> Response:
    """What a move to the newest version would do with each answer; nothing is changed."""
    newer = newer_version(request, opened)
    plan = plan_move(session, opened.row, opened.questionnaire, newer.definition) if newer and newer.has_way else None
    content = MovePlanReply(
        from_version=opened.row.questionnaire_version,
        to_version=newer.definition.questionnaire.version if newer else None,
        has_way=plan is not None,
        questions=[_passage(each) for each in plan.passages] if plan else [],
        new_questions=list(plan.new_questions) if plan else [],
        left_profile=dict(plan.left_profile) if plan else {},
    )
    return reply(request, content)


@router.post("/move", response_model=MoveReply, status_code=201, openapi_extra=needs(MANAGE, 404, 409))
def move(
    request: Request,
    session: DatabaseSession,
    key: Key,
    opened: OpenedByManager,
    person: MaybeSignedIn,
    sent: MoveBody,
    now: Now,
) -> Response:
    """Move to the version that the plan has named. Sent twice, it is done once."""
    place = f"/api/v1/assessments/{key}/moves"
    if sent.to == opened.row.questionnaire_version:
        for done in version_moves.list_moves(session, opened.row):
            if done.to_version == sent.to:
                return made(request, _shown(done), f"{place}/{done.id}")
    newer = newer_version(request, opened)
    if newer is None or not newer.has_way or newer.definition.questionnaire.version != sent.to:
        raise NoWayThere
    who = person.called if person else clean_name(sent.name)
    number = version_moves.move(session, opened.row, opened.questionnaire, newer.definition, who, now)
    return made(request, _shown(version_moves.get_move(session, opened.row, number)), f"{place}/{number}")


@router.get("/moves", response_model=Page[MoveReply], openapi_extra=needs(READ, 404))
def list_moves(
    request: Request, session: DatabaseSession, key: Key, opened: OpenedByManager, after: After = 0, limit: Limit = 50
) -> Response:
    """The moves that an assessment has made."""
    rows = [_shown(each) for each in version_moves.list_moves(session, opened.row)]
    return page_of(request, rows, [row.number for row in rows], after, limit)


@router.get("/moves/{number}", response_model=MoveReply, openapi_extra=needs(READ, 404))
def show_move(
    request: Request, session: DatabaseSession, key: Key, opened: OpenedByManager, number: Number
) -> Response:
    """One move, with what it left behind."""
    return reply(request, _shown(version_moves.get_move(session, opened.row, number)))
