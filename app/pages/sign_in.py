"""Signing in: ask for a code, type it, or use a password; and signing out. In the demo, the page of its mails."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import cookies, demo, sign_in
from app.browsers import network_of
from app.database_session import DatabaseSession
from app.dependencies import MaybeSignedIn, NoSuchPage, Now
from app.forms import Problem, Sent
from app.pages.home import local_path
from app.password_forms import ProvenAddress
from app.settings import Settings
from app.templating import page
from assessment import attempts, mails, sessions, sign_in_codes, users
from assessment.attempts import Limit
from assessment.errors import N_, Conflict, Invalid
from assessment.users import AccountDisabled

router = APIRouter()
CODES_BY_ADDRESS, CODES_BY_NETWORK = Limit("code:address", 10), Limit("code:network", 100)
TRIES_BY_NETWORK = Limit("try:network", 200)
MAILS_SHOWN = 20


class NoMailHere(Conflict):
    """The operator has named no mail server."""

    def __init__(self) -> None:
        super().__init__(N_("This service sends no mail yet. Sign in with a password, or ask those who run it."))


def see(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303)


def after(path: str) -> str:
    """Where a sign-in leads: back to the page that asked for it, or else to the account."""
    return local_path(path) if local_path(path) != "/" else "/account"


@router.get("/sign-in")
def show_sign_in(request: Request, next: str = "") -> Response:
    settings: Settings = request.app.state.settings
    entered = {"email": demo.ACCOUNT if settings.demo else "", "next": local_path(next)}
    return _ask_page(request, entered, None, 200)


def _ask_page(request: Request, entered: dict[str, str], problem: Problem | None, status: int) -> Response:
    settings: Settings = request.app.state.settings
    has_mail = settings.mail_reaches_people
    return page(
        request, "sign_in.html", status, entered=entered, problem=problem, has_mail=has_mail, demo=settings.demo
    )


@router.post("/sign-in")
def ask_for_code(request: Request, session: DatabaseSession, sent: Sent, now: Now) -> Response:
    """Mail a code. The answer is the same for every address: whoever proves one has, or then gets, its account."""
    settings: Settings = request.app.state.settings
    if not settings.mail_reaches_people:
        raise NoMailHere
    entered = {"email": sent.text("email"), "next": local_path(sent.text("next"))}
    try:
        email = users.clean_email(entered["email"])
    except Invalid as refusal:
        return _ask_page(request, entered, Problem(refusal.message, refusal.values), 422)
    attempts.forget_old(session, now)
    mails.forget_old(session, now)
    attempts.count(session, CODES_BY_NETWORK, network_of(request), now)
    attempts.count(session, CODES_BY_ADDRESS, email, now)
    asked = sign_in_codes.ask(session, email, now)
    sign_in.send_code(request, session, email, asked, users.is_disabled(session, email), now)
    response = see("/sign-in/code")
    cookies.set_waiting(response, settings, asked.browser, entered["next"])
    return response


@router.get("/sign-in/code")
def show_code(request: Request, session: DatabaseSession, now: Now) -> Response:
    email = sign_in_codes.asked_for(session, cookies.waiting_of(request)[0], now)
    return see("/sign-in") if email is None else _code_page(request, email, None, 200)


def _code_page(request: Request, email: str, problem: Problem | None, status: int) -> Response:
    settings: Settings = request.app.state.settings
    return page(request, "code.html", status, email=email, problem=problem, demo=settings.demo)


@router.post("/sign-in/code")
def use_code(request: Request, session: DatabaseSession, sent: Sent, now: Now) -> Response:
    """Sign in with a code. Whatever is wrong with it, the answer is the same; the try is counted and committed."""
    attempts.count(session, TRIES_BY_NETWORK, network_of(request), now)
    browser, then = cookies.waiting_of(request)
    waiting = sign_in_codes.asked_for(session, browser, now)
    email = sign_in_codes.use(session, browser, sent.text("code"), now)
    try:
        if email is not None:
            return sign_in.sign_in_here(request, session, see(after(then)), email, now)
    except AccountDisabled:
        pass
    problem = Problem(
        N_("This code does not fit: it is mistyped, used, or too old. Check it, or ask for a new one."), {}
    )
    return _code_page(request, waiting or "", problem, 422)


@router.get("/sign-in/link/{code}")
def show_link(request: Request, session: DatabaseSession, code: str, now: Now) -> Response:
    """A button, and nothing else: programs that look through mails open every link, and must not use the code up."""
    waits = sign_in_codes.asked_for(session, cookies.waiting_of(request)[0], now) is not None
    return page(request, "code_link.html", waits=waits, code=sign_in_codes.shown(sign_in_codes.read_code(code)))


@router.get("/sign-in/password")
def show_password(request: Request, next: str = "") -> Response:
    return page(request, "password_sign_in.html", entered={"next": local_path(next)}, problem=None)


@router.post("/sign-in/password")
def use_password(
    request: Request,
    proven: ProvenAddress,  # before the session: no hash is made while it holds its turn at the database
    session: DatabaseSession,
    sent: Sent,
    now: Now,
) -> Response:
    entered = {"email": sent.text("email"), "next": local_path(sent.text("next"))}
    if proven is not None:
        if proven.new_hash is not None:
            users.get(session, proven.email).password_hash = proven.new_hash
        return sign_in.sign_in_here(request, session, see(after(entered["next"])), proven.email, now)
    problem = Problem(N_("Address and password do not fit together. Check both, or sign in with a code."), {})
    return page(request, "password_sign_in.html", 422, entered=entered, problem=problem)


@router.post("/sign-out")
def sign_out(request: Request, session: DatabaseSession, person: MaybeSignedIn, now: Now) -> Response:
    """End this browser's session, and have it forget what it keeps of these pages.

    The page's script asks first when answers on the device are not sent yet; the storage that goes holds them.
    """
    settings: Settings = request.app.state.settings
    if person is not None:
        sessions.end(session, person.user_id, person.session_id, now)
    response = see("/signed-out")
    cookies.forget(response, settings, cookies.session_cookie(settings))
    response.headers["clear-site-data"] = cookies.CLEAR
    return response


@router.get("/signed-out")
def show_signed_out(request: Request, closed: str = "") -> Response:
    return page(request, "signed_out.html", closed=bool(closed))


@router.get("/outbox")
def show_outbox(request: Request, session: DatabaseSession) -> Response:
    """The demo sends no mail: it shows them. Anywhere else this page does not exist."""
    settings: Settings = request.app.state.settings
    if not settings.demo:
        raise NoSuchPage
    letters = mails.newest(session, MAILS_SHOWN)
    return page(request, "outbox.html", letters=letters, service=settings.public_url.rstrip("/"))
