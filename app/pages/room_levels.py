"""Where the room stands, question by question: what to talk about first, what is agreed, and the levels it settles."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi import Query as FromAddress
from starlette.responses import RedirectResponse, Response

from app import room_spread
from app.database_session import DatabaseSession
from app.dependencies import Now
from app.forms import Problem, Sent, SentForm
from app.room_spread import Column
from app.templating import content, page
from app.workshop_doors import Led, LedWorkshop, PressedWorkshop, names_of_groups
from assessment import room_levels
from assessment.errors import Conflict, Invalid
from assessment.room_levels import NoSuchLevel, QuestionLevels, RoomLevels

router = APIRouter(prefix="/w/{key}")


@dataclass(frozen=True, slots=True)
class Row:
    """One question on the list."""

    found: QuestionLevels
    column: Column | None  # of the room; None where it may not be shown
    may_ask: bool  # again


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form that settles a question."""

    level: str = ""
    note: str = ""


@router.get("/questions")
def show_questions(
    request: Request,
    session: DatabaseSession,
    led: LedWorkshop,
    order: Annotated[str, FromAddress(max_length=20)] = "worth",
) -> Response:
    return _list(request, led, room_levels.levels_of(session, led.row, led.questionnaire), order, None, 200)


def _list(request: Request, led: Led, levels: RoomLevels, order: str, problem: Problem | None, status: int) -> Response:
    least = room_levels.rule_of(led.row).least_agreement
    most = room_levels.most_askings(led.row)
    found = levels.questions if order == "questionnaire" else levels.by_worth
    rows = [_row(each, least, most) for each in found]
    return page(
        request,
        "room_levels.html",
        status,
        led=led,
        shown=content(request, led.definition),
        names=names_of_groups(request, led),
        rows=rows,
        order="questionnaire" if order == "questionnaire" else "worth",
        agreed=levels.agreed,
        may_ask=any(row.may_ask for row in rows),
        counts={
            "all": len(rows),
            "settled": sum(each.settled is not None for each in found),
            "shown": sum(each.newest is not None for each in found),
        },
        problem=problem,
    )


def _row(found: QuestionLevels, least: float, most: int) -> Row:
    columns = room_spread.columns(found.newest, least)
    return Row(found, columns[0] if columns else None, 0 < len(found.askings) < most and found.settled is None)


@router.post("/questions")
def ask_again(request: Request, session: DatabaseSession, pressed: PressedWorkshop, sent: Sent, now: Now) -> Response:
    """Ask those that are ticked again, all in one round."""
    led = pressed.led
    try:
        if pressed.stale:
            raise pressed.stale
        room_levels.ask_again(session, led.row, led.questionnaire, sent.get("again", ()), now)
    except (Conflict, Invalid) as refusal:
        session.rollback()
        levels = room_levels.levels_of(session, led.row, led.questionnaire)
        status = 409 if isinstance(refusal, Conflict) else 422
        return _list(request, led, levels, "worth", Problem(refusal.message, refusal.values), status)
    return RedirectResponse(f"{led.link}/control", status_code=303)


@router.get("/questions/{question_id}")
def show_question(request: Request, session: DatabaseSession, led: LedWorkshop, question_id: str) -> Response:
    found = room_levels.levels_of(session, led.row, led.questionnaire).of(question_id)
    level = found.settled.level if found.settled else found.prefilled
    typed = Typed("unknown" if found.settled and level is None else "" if level is None else str(level))
    return _question(request, led, found, typed, None, 200)


def _question(
    request: Request, led: Led, found: QuestionLevels, typed: Typed, problem: Problem | None, status: int
) -> Response:
    shown = content(request, led.definition)
    columns = room_spread.columns_of(found, room_levels.rule_of(led.row).least_agreement)
    return page(
        request,
        "room_question.html",
        status,
        led=led,
        shown=shown,
        question=shown.questions[found.question],
        names=names_of_groups(request, led),
        firms=room_spread.FIRMS,
        found=found,
        columns=columns,
        answers=room_spread.answers_in(columns),
        hidden=room_spread.hidden(found.newest) if found.newest else {},
        moves=room_spread.moves(found),
        typed=typed,
        problem=problem,
    )


@router.post("/questions/{question_id}")
def settle_question(
    request: Request, session: DatabaseSession, pressed: PressedWorkshop, question_id: str, sent: Sent, now: Now
) -> Response:
    """Settle one question; what was typed stays where it cannot be done."""
    led, note = pressed.led, sent.text("note")
    try:
        if pressed.stale:
            raise pressed.stale
        room_levels.settle(session, led.row, led.questionnaire, question_id, _level(sent), "votes", note, now)
    except room_levels.QuestionNotAsked:
        raise
    except (Conflict, Invalid) as refusal:
        session.rollback()
        found = room_levels.levels_of(session, led.row, led.questionnaire).of(question_id)
        problem = Problem(refusal.message, refusal.values)
        status = 409 if isinstance(refusal, Conflict) else 422
        return _question(request, led, found, Typed(sent.text("level"), note), problem, status)
    return RedirectResponse(f"{led.link}/questions#q-{question_id}", status_code=303)


def _level(sent: SentForm) -> int | None:
    typed = sent.text("level")
    if typed == "unknown":
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 3):
        raise NoSuchLevel
    return int(typed)


@router.get("/agreed")
def show_agreed(request: Request, session: DatabaseSession, led: LedWorkshop) -> Response:
    return _agreed(request, led, room_levels.levels_of(session, led.row, led.questionnaire), None, 200)


def _agreed(request: Request, led: Led, levels: RoomLevels, problem: Problem | None, status: int) -> Response:
    return page(
        request,
        "room_agreed.html",
        status,
        led=led,
        shown=content(request, led.definition),
        agreed=levels.agreed,
        least=room_levels.rule_of(led.row).least_agreement,
        problem=problem,
    )


@router.post("/agreed")
def settle_agreed(
    request: Request, session: DatabaseSession, pressed: PressedWorkshop, sent: Sent, now: Now
) -> Response:
    """Settle all that is agreed and ticked, each on its median."""
    led = pressed.led
    try:
        if pressed.stale:
            raise pressed.stale
        room_levels.settle_agreed(session, led.row, led.questionnaire, sent.get("question", ()), now)
    except (Conflict, Invalid) as refusal:
        session.rollback()
        levels = room_levels.levels_of(session, led.row, led.questionnaire)
        status = 409 if isinstance(refusal, Conflict) else 422
        return _agreed(request, led, levels, Problem(refusal.message, refusal.values), status)
    return RedirectResponse(f"{led.link}/questions", status_code=303)
