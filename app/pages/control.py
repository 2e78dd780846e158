"""Control: what who leads a workshop sees and presses; each press says which state it was made in."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.database_session import DatabaseSession
from app.dependencies import Now
from app.forms import Problem, Sent
from app.qr_codes import qr_code
from app.room_commands import Step, press
from app.templating import content, page, public_link
from app.workshop_doors import Led, LedWorkshop, PressedWorkshop
from app.workshop_form import parts_of
from assessment import room_screen, room_state, room_views, rounds
from assessment.errors import Refusal
from assessment.room_screen import ALL, PART, QUESTION, Screen
from assessment.rounds import LEVELS

router = APIRouter(prefix="/w/{key}")


@router.get("/control")
def show_control(request: Request, session: DatabaseSession, led: LedWorkshop, now: Now) -> Response:
    return _control(request, session, led, now)


@router.post("/control")
def control(
    request: Request,
    session: DatabaseSession,
    pressed: PressedWorkshop,
    sent: Sent,
    now: Now,
) -> Response:
    """Do what the button says; a page that is out of date is shown as it is now, and nothing is done."""
    led = pressed.led
    try:
        if pressed.stale:
            raise pressed.stale
        press(Step(session, led, sent, now))
    except Refusal as refusal:
        session.rollback()
        return _control(request, session, led, now, Problem(refusal.message, refusal.values))
    return RedirectResponse(f"{led.link}/control", status_code=303)


@router.post("/chair")
def renew_link(request: Request, session: DatabaseSession, led: LedWorkshop, sent: Sent, now: Now) -> Response:
    """A new link for another device, shown this once; the one before leads nowhere."""
    is_chair = sent.text("link") != "screen"
    if is_chair:
        path = f"/w/{room_screen.new_chair(session, led.row, now)}"
    else:
        path = f"/screen/{room_screen.new_screen_link(session, led.row, now)}"
    link = public_link(request, path)
    back = led.link if led.key.isdecimal() or not is_chair else path
    return page(request, "room_link.html", led=led, is_chair=is_chair, link=link, picture=qr_code(link), back=back)


def _control(
    request: Request, session: DatabaseSession, led: Led, now: Now, problem: Problem | None = None
) -> Response:
    row, shown = led.row, content(request, led.definition)
    screen = Screen.of(row)
    ladders = {q: len(shown.questions[q].levels or ()) for q in row.questions}
    view = room_views.round_view(session, row, ladders)
    before = rounds.list_rounds(session, row.id, LEVELS)
    parts = [part for part in parts_of(shown) if set(part.questions) & set(row.questions)]
    asked = [part.questions for part in parts]
    coming = {pace: room_screen.next_to_ask(row, asked, pace, before) for pace in (QUESTION, PART, ALL)}
    beside = {step: _beside(view, step) for step in (-1, 1)}
    return page(
        request,
        "control.html",
        409 if problem else 200,
        led=led,
        workshop=row,
        shown=shown,
        screen=screen,
        asked=view,
        state=room_state.room_state(session, row.id),
        parts=parts,
        ladders=ladders,
        coming=coming,
        beside=beside,
        clock=room_screen.clock(row, screen, now),
        now=now,
        problem=problem,
    )


def _beside(view: room_views.RoundView | None, step: int) -> str | None:
    if view is None or view.kind != LEVELS:
        return None
    place = view.place - 1 + step
    return view.subjects[place] if 0 <= place < len(view.subjects) else None
