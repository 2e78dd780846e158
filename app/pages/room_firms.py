"""Firms that bring their assessment: who leads sees how many there are, and takes their answers in by five or more."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.database_session import DatabaseSession
from app.dependencies import Now
from app.forms import Problem
from app.templating import page
from app.workshop_doors import Led, LedWorkshop, PressedWorkshop
from assessment import workshop_firms
from assessment.errors import Conflict

router = APIRouter(prefix="/w/{key}/firms")


@router.get("")
def show_firms(request: Request, session: DatabaseSession, led: LedWorkshop) -> Response:
    return _page(request, session, led, None, 200)


def _page(request: Request, session: DatabaseSession, led: Led, problem: Problem | None, status: int) -> Response:
    found = workshop_firms.firms_brought(session, led.row)
    return page(
        request,
        "room_firms.html",
        status,
        led=led,
        found=found,
        least=workshop_firms.LEAST,
        problem=problem,
    )


@router.post("")
def take_in(request: Request, session: DatabaseSession, pressed: PressedWorkshop, now: Now) -> Response:
    """Add up the answers of the firms that were not counted yet."""
    led = pressed.led
    try:
        if pressed.stale:
            raise pressed.stale
        workshop_firms.take_in(session, led.row, led.questionnaire, now)
    except Conflict as refusal:
        session.rollback()
        return _page(request, session, led, Problem(refusal.message, refusal.values), 409)
    return RedirectResponse(f"{led.link}/firms", status_code=303)
