"""Follow-up of a room's roadmap: planned against achieved, owners' links and reminders, then and now."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.colleague_mail import may_mail
from app.database_session import DatabaseSession
from app.dependencies import MaybeSignedIn, Now, present_moment
from app.forms import Problem
from app.owner_mail import tell_owners
from app.qr_codes import qr_code
from app.roadmap_page import in_language, names_of
from app.settings import Settings
from app.templating import page, public_link
from app.workshop_doors import Led, LedWorkshop, PressedWorkshop
from assessment import action_owners, room_actions
from assessment.access import TOKEN, token_sha256
from assessment.errors import N_, Conflict, Refusal
from assessment.follow_up import follow_up
from assessment.sessions import SignedIn

router = APIRouter(prefix="/w/{key}")
LINK_COOKIE = "owner-link"
SHOWN_SECONDS = 600  # a new link can be looked at again for ten minutes, in the browser that made it


class NobodyToRemind(Conflict):
    """Nobody has an address, or all were written to today."""

    def __init__(self) -> None:
        super().__init__(N_("Nobody is to be reminded now: no owner of an open action has an address unwritten today."))


@router.get("/follow-up")
def show_follow_up(
    request: Request, session: DatabaseSession, led: LedWorkshop, person: MaybeSignedIn, told: int = 0
) -> Response:
    return _show(request, session, led, person, told=told)


def _show(
    request: Request,
    session: DatabaseSession,
    led: Led,
    person: SignedIn | None,
    refusal: Refusal | None = None,
    told: int = 0,
) -> Response:
    shown, now = in_language(request, led.definition), present_moment()
    found = follow_up(session, led.row, led.definition, now)
    return page(
        request,
        "room_follow_up.html",
        409 if refusal else 200,
        led=led,
        workshop=led.row,
        found=found,
        roadmap=found.roadmap,
        questions=shown.questionnaire.questions,
        library=shown.action,
        groups=names_of(request, led),
        may_mail=may_mail(request, person),
        told=told,
        problem=Problem(refusal.message, refusal.values) if refusal else None,
    )


@router.post("/follow-up/remind")
def remind(
    request: Request, session: DatabaseSession, pressed: PressedWorkshop, person: MaybeSignedIn, now: Now
) -> Response:
    """Write to the owners of all open actions that have an address; each gets a new link."""
    led = pressed.led
    try:
        if pressed.stale:
            raise pressed.stale
        rows = action_owners.to_remind(room_actions.list_actions(session, led.row.id), now)
        if person is None or not may_mail(request, person) or not rows:
            raise NobodyToRemind
        count = tell_owners(request, session, person, led.row, rows, in_language(request, led.definition).action, now)
    except Conflict as refusal:
        session.rollback()
        return _show(request, session, led, person, refusal)
    return RedirectResponse(f"{led.link}/follow-up?told={count}", status_code=303)


@router.get("/roadmap/actions/{number}/link")
def show_link(
    request: Request, session: DatabaseSession, led: LedWorkshop, person: MaybeSignedIn, number: int
) -> Response:
    row = room_actions.get(session, led.row, number)
    token = request.cookies.get(LINK_COOKIE, "")
    is_fresh = bool(TOKEN.fullmatch(token)) and token_sha256(token) == row.token_sha256
    link = public_link(request, f"/o/{token}") if is_fresh else ""
    return page(
        request,
        "owner_link.html",
        led=led,
        workshop=led.row,
        action=row,
        title=room_actions.title_of(row, in_language(request, led.definition).action),
        link=link,
        picture=qr_code(link) if link else "",
        may_mail=may_mail(request, person),
    )


@router.post("/roadmap/actions/{number}/link")
def make_link(
    request: Request, session: DatabaseSession, pressed: PressedWorkshop, person: MaybeSignedIn, number: int, now: Now
) -> Response:
    """Make a new link; the next page shows it, and nothing keeps it."""
    led = pressed.led
    if pressed.stale:
        return _show(request, session, led, person, pressed.stale)
    token = action_owners.make_link(session, led.row, number, now)
    # The secret travels in a cookie of that one page: not in an address, which browsers keep, nor in a second form,
    # which a reload would send again.
    settings: Settings = request.app.state.settings
    path = f"{led.link}/roadmap/actions/{number}/link"
    response = RedirectResponse(path, status_code=303)
    https = settings.public_url.startswith("https://")
    response.set_cookie(LINK_COOKIE, token, SHOWN_SECONDS, path=path, secure=https, httponly=True, samesite="strict")
    return response


@router.post("/roadmap/actions/{number}/mail")
def mail_link(
    request: Request, session: DatabaseSession, pressed: PressedWorkshop, person: MaybeSignedIn, number: int, now: Now
) -> Response:
    """Write to the owner of one action, with a new link."""
    led = pressed.led
    try:
        if pressed.stale:
            raise pressed.stale
        row = room_actions.get(session, led.row, number)
        if person is None or not may_mail(request, person) or not row.owner_email:
            raise NobodyToRemind
        tell_owners(request, session, person, led.row, [row], in_language(request, led.definition).action, now)
    except Conflict as refusal:
        session.rollback()
        return _show(request, session, led, person, refusal)
    return RedirectResponse(f"{led.link}/follow-up?told=1", status_code=303)
