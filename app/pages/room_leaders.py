"""Who leads a workshop, and its end for good: people added by their address, and a workshop deleted."""

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import artifacts
from app.database_session import DatabaseSession
from app.dependencies import Now, SignedInPerson
from app.forms import Problem, Sent
from app.templating import page
from app.workshop_doors import Led, LedWorkshop
from assessment import workshop_erasure, workshop_leaders
from assessment.errors import Invalid

router = APIRouter(prefix="/w/{key}")


@router.get("/leaders")
def show_leaders(request: Request, session: DatabaseSession, led: LedWorkshop) -> Response:
    return _page(request, session, led)


@router.post("/leaders")
def add_leader(
    request: Request, session: DatabaseSession, led: LedWorkshop, person: SignedInPerson, sent: Sent, now: Now
) -> Response:
    try:
        workshop_leaders.add(session, led.row, sent.text("email"), now)
    except Invalid as refusal:
        return _page(request, session, led, {"email": Problem(refusal.message, refusal.values)}, sent.text("email"))
    return RedirectResponse(f"{led.link}/leaders", status_code=303)


@router.post("/leaders/{number}/remove")
def remove_leader(
    session: DatabaseSession, led: LedWorkshop, person: SignedInPerson, number: int, now: Now
) -> Response:
    workshop_leaders.remove(session, led.row, number, now)
    return RedirectResponse("/workshops" if number == person.user_id else f"{led.link}/leaders", status_code=303)


@router.get("/erase")
def show_erasure(request: Request, led: LedWorkshop, person: SignedInPerson) -> Response:
    return page(request, "room_erase.html", led=led, workshop=led.row, typed="", problems={})


@router.post("/erase")
def erase_workshop(
    request: Request, session: DatabaseSession, led: LedWorkshop, person: SignedInPerson, sent: Sent, now: Now
) -> Response:
    typed = sent.text("name")
    try:
        workshop_erasure.confirm(led.row, typed)
    except Invalid as refusal:
        problems = {"name": Problem(refusal.message, refusal.values)}
        return page(request, "room_erase.html", 422, led=led, workshop=led.row, typed=typed, problems=problems)
    remove = partial(artifacts.remove, request.app.state.settings.artifacts)
    workshop_erasure.erase(session, led.row, remove, now)
    return RedirectResponse("/workshops", status_code=303)


def _page(
    request: Request,
    session: DatabaseSession,
    led: Led,
    problems: dict[str, Problem] | None = None,
    typed: str = "",
) -> Response:
    leaders = workshop_leaders.list_leaders(session, led.row)
    status = 422 if problems else 200
    return page(
        request,
        "room_leaders.html",
        status,
        led=led,
        workshop=led.row,
        leaders=leaders,
        problems=problems or {},
        typed=typed,
    )
