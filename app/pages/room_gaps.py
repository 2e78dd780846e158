"""The short list of gaps: proposed by gap x weight, changed by hand with a word why, fixed before people compare."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from app.database_session import DatabaseSession
from app.dependencies import Now
from app.forms import Problem, Sent, SentForm
from app.templating import content, page
from app.workshop_doors import Led, LedWorkshop, Pressed, open_pressed
from assessment import room_gaps
from assessment.errors import Conflict, Invalid
from assessment.room_gaps import FEWEST, MOST, Choice, NoSuchGap, RoomGap, ShortList

router = APIRouter(prefix="/w/{key}")
IN_FULL = 40  # gaps that have a target and a note on the page; the others have a tick


@router.get("/gaps")
def show_gaps(request: Request, session: DatabaseSession, led: LedWorkshop) -> Response:
    return _list(request, led, room_gaps.short_list(session, led.row, led.questionnaire), None, 200)


@router.post("/gaps")
def change_gaps(
    request: Request,
    session: DatabaseSession,
    pressed: Annotated[Pressed, Depends(open_pressed, scope="function")],
    sent: Sent,
    now: Now,
) -> Response:
    """Keep what was changed, and fix the list where that was pressed; where it is refused, the changes stay."""
    led = pressed.led
    row, asked = led.row, led.questionnaire
    before = room_gaps.short_list(session, row, asked)
    try:
        if pressed.stale:
            raise pressed.stale
        room_gaps.change_list(session, row, asked, _choices(sent, before), now)
        if sent.text("do") == "fix":
            room_gaps.fix_list(session, row, led.definition, now)
    except (Conflict, Invalid) as refusal:
        found, status = room_gaps.short_list(session, row, asked), 409 if isinstance(refusal, Conflict) else 422
        return _list(request, led, found, Problem(refusal.message, refusal.values), status)
    return RedirectResponse(f"{led.link}/gaps", status_code=303)


def _choices(sent: SentForm, before: ShortList) -> dict[str, Choice]:
    """What the form says of each gap; of those that have only a tick, what else was chosen stays."""
    on, found = set(sent.get("on", ())), {}
    for gap in before.gaps:
        name = gap.question
        wanted = _level(sent.text(f"target.{name}")) if f"target.{name}" in sent else gap.wanted
        note = sent.text(f"note.{name}") if f"note.{name}" in sent else gap.note
        found[name] = Choice(name in on, wanted, note)
    return found


def _level(typed: str) -> int | None:
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 3):
        raise NoSuchGap
    return int(typed)


def _list(request: Request, led: Led, found: ShortList, problem: Problem | None, status: int) -> Response:
    shown = content(request, led.definition)
    in_full = [gap for gap in found.gaps if gap.place <= IN_FULL or _is_changed(gap)]
    return page(
        request,
        "room_gaps.html",
        status,
        led=led,
        shown=shown,
        found=found,
        in_full=in_full,
        others=[gap for gap in found.gaps if gap not in in_full],
        largest=max((gap.value for gap in found.gaps), default=0.0),
        bounds=(FEWEST, MOST),
        problem=problem,
    )


def _is_changed(gap: RoomGap) -> bool:
    return gap.is_listed != gap.is_proposed or gap.wanted is not None or bool(gap.note)
