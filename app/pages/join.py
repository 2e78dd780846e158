"""Joining a workshop: by the code on the screen or its QR, without an account; and coming back with a personal code."""

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import cookies
from app.browsers import network_of
from app.database_session import DatabaseSession
from app.dependencies import Now
from app.forms import Problem, Sent
from app.group_names import group_names
from app.join_proof import is_proven, proof_of
from app.templating import content, page, say_to
from app.workshop_doors import Workshop, definition_of
from assessment import attempts, participants, workshop_access
from assessment.access import TOKEN
from assessment.attempts import Limit
from assessment.errors import Forbidden, Invalid
from assessment.participants import GroupMissing, Joined
from assessment.workshop_access import CodeNotFound, SeatNotFound, plain_code

router = APIRouter(prefix="/j")
# Only what was wrong counts: sixty phones behind one address must get in, and the QR code gets in in any case.
WRONG_CODES = Limit("join:network", 30)
WRONG_PERSONAL_CODES, WRONG_IN_WORKSHOP = Limit("return:network", 20), Limit("return:workshop", 60)


@router.get("")
def show_code_form(request: Request, code: str = "") -> Response:
    return _code_page(request, code, None, 200)


def _code_page(request: Request, code: str, problem: Problem | None, status: int) -> Response:
    return page(request, "join.html", status, code=code, problem=problem)


@router.post("")
def use_code(request: Request, session: DatabaseSession, sent: Sent, now: Now) -> Response:
    """Look a code up. A wrong one is counted, and the count is committed: nothing is raised."""
    attempts.allow(session, WRONG_CODES, network_of(request), now)
    try:
        workshop = workshop_access.find_by_code(session, sent.text("code"))
    except CodeNotFound as refusal:
        attempts.count(session, WRONG_CODES, network_of(request), now)
        return _code_page(request, sent.text("code"), Problem(refusal.message, refusal.values), 404)
    code = workshop.code or ""
    return RedirectResponse(f"/j/{code}?p={proof_of(request, code)}", status_code=303)


@router.get("/{code}")
def show_join(request: Request, session: DatabaseSession, code: str, p: str = "") -> Response:
    """Nothing is looked up for who has only the address: the code is asked for, and wrong ones are counted."""
    workshop = _found(request, session, code, p)
    if workshop is None:
        return _code_page(request, plain_code(code)[:5], None, 200)
    return _to_seat(request, session, workshop) or join_page(request, workshop, {"p": p}, {}, 200)


@router.post("/{code}")
def take_seat(request: Request, session: DatabaseSession, code: str, sent: Sent, now: Now) -> Response:
    """Take a seat. On a phone that has one already it is the same: nobody votes twice by joining twice."""
    workshop = _found(request, session, code, sent.text("p"), for_change=True)
    if workshop is None:
        return _code_page(request, plain_code(code)[:5], None, 404)
    already = _to_seat(request, session, workshop)
    if already is not None:
        return already
    typed = {name: sent.text(name) for name in ("group", "nickname", "p")}
    try:
        joined = participants.join(session, workshop, typed["group"], typed["nickname"], now)
    except (Invalid, Forbidden) as refusal:
        field = "group" if isinstance(refusal, GroupMissing) else "nickname" if isinstance(refusal, Invalid) else "door"
        status = 403 if isinstance(refusal, Forbidden) else 422
        return join_page(request, workshop, typed, {field: Problem(refusal.message, refusal.values)}, status)
    return seat_taken(request, workshop, joined)


@router.post("/{code}/return")
def come_back(request: Request, session: DatabaseSession, code: str, sent: Sent, now: Now) -> Response:
    """Take one's own seat on this phone. A wrong personal code is counted by network and by workshop."""
    workshop = _found(request, session, code, sent.text("p"), for_change=True)
    if workshop is None:
        return _code_page(request, plain_code(code)[:5], None, 404)
    limits = ((WRONG_PERSONAL_CODES, network_of(request)), (WRONG_IN_WORKSHOP, str(workshop.id)))
    for limit, who in limits:
        attempts.allow(session, limit, who, now)
    try:
        joined = participants.come_back(session, workshop, sent.text("personal_code"))
    except SeatNotFound:
        for limit, who in limits:
            attempts.count(session, limit, who, now)
        problem = Problem(participants.WRONG_PERSONAL_CODE, {})
        return join_page(request, workshop, {"p": sent.text("p")}, {"personal_code": problem}, 422)
    return seat_taken(request, workshop, joined)


def seat_taken(request: Request, workshop: Workshop, joined: Joined) -> Response:
    """To the seat, which this browser remembers; its first page shows the personal code."""
    response = RedirectResponse(f"/r/{joined.secret}", status_code=303)
    settings = request.app.state.settings
    cookies.set_seat(response, settings, workshop.id, joined.secret)
    cookies.set_personal_code(response, settings, joined.personal_code)
    return response


def _found(
    request: Request, session: DatabaseSession, code: str, proof: str, *, for_change: bool = False
) -> Workshop | None:
    """The workshop of a code that was seen on its screen, or typed before."""
    typed = plain_code(code)
    if not is_proven(request, typed, proof):
        return None
    try:
        return workshop_access.find_by_code(session, typed, for_change=for_change)
    except CodeNotFound:
        return None


def _to_seat(request: Request, session: DatabaseSession, workshop: Workshop) -> Response | None:
    """Back to the seat that this browser has in the workshop."""
    number, secret = cookies.seat_of(request)
    if number != workshop.id or not TOKEN.fullmatch(secret):
        return None
    try:
        workshop_access.open_seat(session, secret)
    except SeatNotFound:
        return None
    return RedirectResponse(f"/r/{secret}", status_code=303)


def join_page(
    request: Request,
    workshop: Workshop,
    entered: dict[str, str],
    problems: dict[str, Problem],
    status: int,
    action: str = "",
) -> Response:
    """Where one says which group is theirs; `action` is the address of an invitation."""
    definition = definition_of(request, workshop)
    names = group_names(
        workshop.groups, definition.questionnaire, content(request, definition), partial(say_to, request)
    )
    return page(
        request,
        "join_seat.html",
        status,
        workshop=workshop,
        groups=names,
        entered=entered,
        problems=problems,
        action=action or f"/j/{workshop.code}",
        invited=bool(action),
    )
