"""Dissent and sign-off of a room's roadmap, and its pages on the projector."""

from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.database_session import DatabaseSession
from app.dependencies import Now
from app.forms import Sent
from app.roadmap_page import NOTHING, Typed, in_language, names_of, press
from app.templating import page
from app.workshop_doors import Led, LedWorkshop, PressedWorkshop
from assessment import room_roadmap, room_sign_off
from assessment.roadmap_screen import PART, screen_part, turn_to
from assessment.room_sign_off import record_dissent, take_back_dissent

router = APIRouter(prefix="/w/{key}/roadmap")
HERE = "/sign-off"
LARGEST = 2**31


@router.get(HERE)
def show_sign_off(request: Request, session: DatabaseSession, led: LedWorkshop) -> Response:
    return _show(request, session, led, NOTHING)


def _show(request: Request, session: DatabaseSession, led: Led, typed: Typed) -> Response:
    shown = in_language(request, led.definition)
    roadmap = room_roadmap.roadmap_of(session, led.row, led.definition)
    return page(
        request,
        "room_sign_off.html",
        typed.status,
        led=led,
        workshop=led.row,
        roadmap=roadmap,
        on_screen=screen_part(roadmap, int(led.row.screen.get(PART, 1))),
        signed_at=_moment(roadmap.signed["at"]) if roadmap.signed else None,
        earlier=[
            (_moment(each["at"]), _moment(each["opened_at"]), each)
            for each in room_sign_off.earlier_sign_offs(session, led.row)
        ],
        questions=shown.questionnaire.questions,
        library=shown.action,
        groups=names_of(request, led),
        typed=typed,
        problems={f"{typed.form}.{name}": problem for name, problem in typed.problems.items()},
    )


def _moment(iso: str) -> datetime:
    return datetime.fromisoformat(iso)


@router.post("/dissent")
def add_dissent(request: Request, session: DatabaseSession, pressed: PressedWorkshop, sent: Sent, now: Now) -> Response:
    """With what: `gap` and its question, `action` and its number, or nothing, which is the whole."""
    kind, _, what = sent.text("about").partition(":")
    action = int(what) if kind == "action" and what.isdecimal() and int(what[:10]) < LARGEST else None
    question = what if kind == "gap" else ""

    def take_down() -> str:
        group, text = sent.text("group"), sent.text("text")
        record_dissent(session, pressed.led.row, group, text, question, action, now)
        return f"{HERE}#dissent"

    return press(request, session, pressed, "dissent", sent, take_down, _show)


@router.post("/dissent/{number}/take-back")
def remove_dissent(
    request: Request, session: DatabaseSession, pressed: PressedWorkshop, number: int, sent: Sent, now: Now
) -> Response:
    def take_back() -> str:
        take_back_dissent(session, pressed.led.row, number, now)
        return f"{HERE}#dissent"

    return press(request, session, pressed, "dissent", sent, take_back, _show)


@router.post(HERE)
def sign_off(request: Request, session: DatabaseSession, pressed: PressedWorkshop, sent: Sent, now: Now) -> Response:
    led = pressed.led

    def sign() -> str:
        signing = sent.get("groups", ())
        room_sign_off.sign_off(session, led.row, led.definition, signing, sent.text("text"), now)
        return HERE

    return press(request, session, pressed, "sign", sent, sign, _show)


@router.post("/open-again")
def open_again(request: Request, session: DatabaseSession, pressed: PressedWorkshop, sent: Sent, now: Now) -> Response:
    def reopen() -> str:
        room_sign_off.open_again(session, pressed.led.row, sent.text("reason"), now)
        return ""

    return press(request, session, pressed, "open", sent, reopen, _show)


@router.post("/screen")
def turn_screen(request: Request, session: DatabaseSession, pressed: PressedWorkshop, sent: Sent, now: Now) -> Response:
    """Show the roadmap on the projector, page by page."""
    part = sent.text("part")

    def turn() -> str:
        turn_to(session, pressed.led.row, int(part) if part.isdecimal() and len(part) < 4 else 1, now)
        return f"{HERE}#screen"

    return press(request, session, pressed, "screen", sent, turn, _show)
