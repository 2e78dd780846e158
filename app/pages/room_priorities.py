"""What comes first: asked privately, shown with how sure it is, asked again where it is open, and settled."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from app.database_session import DatabaseSession
from app.dependencies import Now
from app.forms import Problem, Sent, SentForm
from app.room_results import view_with_voice
from app.templating import content, page
from app.workshop_doors import Led, LedWorkshop, Pressed, names_of_groups, open_pressed
from assessment import priority_rounds, room_screen
from assessment.errors import N_, Conflict, Invalid
from assessment.room_priorities import Keep
from assessment.room_screen import ASKED, MOST_MINUTES, PRIORITIES
from assessment.workshop_rules import WorkshopRules

router = APIRouter(prefix="/w/{key}")


@router.get("/priorities")
def show_priorities(request: Request, session: DatabaseSession, led: LedWorkshop) -> Response:
    return _priorities(request, session, led, None, 200)


@router.post("/priorities")
def lead_priorities(
    request: Request,
    session: DatabaseSession,
    pressed: Annotated[Pressed, Depends(open_pressed, scope="function")],
    sent: Sent,
    now: Now,
) -> Response:
    """Ask round one, ask what is contested, or settle; a page that is out of date is shown as it is now."""
    led, keep = pressed.led, request.app.state.kept.get
    try:
        if pressed.stale:
            raise pressed.stale
        COMMANDS.get(sent.text("do"), _unknown)(session, led, sent, now, keep)
    except (Conflict, Invalid) as refusal:
        session.rollback()
        status = 409 if isinstance(refusal, Conflict) else 422
        return _priorities(request, session, led, Problem(refusal.message, refusal.values), status)
    asking = sent.text("do") in ("ask", "rate")
    return RedirectResponse(f"{led.link}/{'control' if asking else 'priorities'}", status_code=303)


def _ask(session: DatabaseSession, led: Led, sent: SentForm, now: datetime, _keep: Keep) -> None:
    priority_rounds.ask_best_worst(session, led.row, now, _minutes(sent))
    room_screen.change_screen(session, led.row, now, page=ASKED, question="", join=False)


def _rate(session: DatabaseSession, led: Led, sent: SentForm, now: datetime, keep: Keep) -> None:
    priority_rounds.ask_ratings(session, led.row, now, _minutes(sent), keep)
    room_screen.change_screen(session, led.row, now, page=ASKED, question="", join=False)


def _settle(session: DatabaseSession, led: Led, _sent: SentForm, now: datetime, keep: Keep) -> None:
    priority_rounds.settle(session, led.row, now, keep)
    room_screen.change_screen(session, led.row, now, page=PRIORITIES)


def _project(session: DatabaseSession, led: Led, _sent: SentForm, now: datetime, _keep: Keep) -> None:
    room_screen.change_screen(session, led.row, now, page=PRIORITIES)


def _unknown(_session: DatabaseSession, _led: Led, _sent: SentForm, _now: datetime, _keep: Keep) -> None:
    raise Invalid(N_("This page has no such button. Look at it as it is now."))


COMMANDS: Mapping[str, Callable[[DatabaseSession, Led, SentForm, datetime, Keep], None]] = {
    "ask": _ask,
    "rate": _rate,
    "settle": _settle,
    "project": _project,
}


def _minutes(sent: SentForm) -> int | None:
    typed = sent.text("minutes").strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and 1 <= int(typed[:9]) <= MOST_MINUTES):
        raise Invalid(N_("Enter 1 to %(most)d minutes."), most=MOST_MINUTES)
    return int(typed)


def _priorities(request: Request, session: DatabaseSession, led: Led, problem: Problem | None, status: int) -> Response:
    rules = WorkshopRules.from_json(led.row.rules)
    view, voice = view_with_voice(request, session, led)
    return page(
        request,
        "room_priorities.html",
        status,
        led=led,
        shown=content(request, led.definition),
        names=names_of_groups(request, led),
        view=view,
        voice=voice,
        low=rules.settled,
        rounds_left=rules.most_rounds - 1 - len(view.ratings),
        problem=problem,
    )
