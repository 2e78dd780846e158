"""The roadmap that a room owns: actions for its agreed gaps are taken on, changed and taken off."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app import roadmap_page
from app.database_session import DatabaseSession
from app.dependencies import Now
from app.forms import Sent
from app.roadmap_page import entered, in_language, prefilled, press, show
from app.workshop_doors import LedWorkshop, PressedWorkshop
from assessment import room_actions

router = APIRouter(prefix="/w/{key}/roadmap")


@router.get("")
def show_roadmap(request: Request, session: DatabaseSession, led: LedWorkshop) -> Response:
    return show(request, session, led)


@router.post("/actions")
def add_action(request: Request, session: DatabaseSession, pressed: PressedWorkshop, sent: Sent, now: Now) -> Response:
    """Take on an action of the library, or one that was written in the room."""
    led, action_id = pressed.led, sent.text("action")

    def take_on() -> str:
        if action_id:
            known = prefilled(in_language(request, led.definition), action_id)
            number = room_actions.take_on(session, led.row, led.definition, action_id, known, now)
        else:
            number = room_actions.write_own(session, led.row, sent.text("question"), entered(sent), now)
        return f"#action-{number}"

    form = "library" if action_id else f"own-{sent.text('question')}"
    return press(request, session, pressed, form, sent, take_on)


@router.post("/actions/{number}")
def change_action(
    request: Request, session: DatabaseSession, pressed: PressedWorkshop, number: int, sent: Sent, now: Now
) -> Response:
    def write() -> str:
        room_actions.change(session, pressed.led.row, number, entered(sent), now)
        return f"#action-{number}"

    return press(request, session, pressed, str(number), sent, write)


@router.post("/actions/{number}/take-off")
def take_off_action(
    request: Request, session: DatabaseSession, pressed: PressedWorkshop, number: int, sent: Sent, now: Now
) -> Response:
    def take_off() -> str:
        room_actions.take_off(session, pressed.led.row, number, now)
        return "#gaps"

    return press(request, session, pressed, str(number), sent, take_off)


@router.post("/wishes")
def change_wishes(
    request: Request, session: DatabaseSession, pressed: PressedWorkshop, sent: Sent, now: Now
) -> Response:
    """For which reach costs are told, and how many days a year the owners can give together."""

    def write() -> str:
        room_actions.set_wishes(session, pressed.led.row, sent.text("size"), roadmap_page.days_in(sent), now)
        return "#wishes"

    return press(request, session, pressed, "wishes", sent, write)
