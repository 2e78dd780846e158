"""A person's account: who they are here, their firms and assessments, where they are signed in, and the way out."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import cookies
from app.database_session import DatabaseSession
from app.dependencies import Now, OpenedByManager, SignedInPerson
from app.forms import Problem, Sent
from app.password_forms import NewPasswordSent
from app.settings import Settings
from app.shelf import Shelf
from app.sign_in import lengths
from app.templating import LANGUAGE_COOKIE, content, page, set_cookie
from assessment import closed_accounts, roles, sessions, users
from assessment.errors import N_, Conflict, Invalid
from assessment.sessions import SignedIn
from questionnaires.languages import LANGUAGES

router = APIRouter()


class SignInAgain(Conflict):
    """What cannot be undone is not done on a screen that was left open."""

    def __init__(self) -> None:
        super().__init__(N_("You signed in a while ago. Sign out, sign in again, and then do this within 15 minutes."))


def see(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303)


@router.get("/account")
def show_account(
    request: Request, session: DatabaseSession, person: SignedInPerson, now: Now, saved: str = ""
) -> Response:
    return _account_page(request, session, person, now, None, saved=bool(saved))


def _account_page(
    request: Request,
    session: DatabaseSession,
    person: SignedIn,
    now: Now,
    problem: Problem | None,
    status: int = 200,
    *,
    saved: bool = False,
) -> Response:
    settings: Settings = request.app.state.settings
    shelf: Shelf = request.app.state.shelf
    return page(
        request,
        "account.html",
        status,
        person=person,
        user=users.get_by_id(session, person.user_id),
        firms=users.firms_of(session, person.user_id),
        sessions=sessions.list_open(session, person.user_id, now, lengths(settings)),
        titles={d.questionnaire.id: content(request, d).title for d in shelf.newest()},
        problem=problem,
        saved=saved,
    )


@router.post("/account")
def save_account(request: Request, session: DatabaseSession, person: SignedInPerson, sent: Sent, now: Now) -> Response:
    language = sent.text("language") if sent.text("language") in LANGUAGES else ""
    try:
        users.describe(users.get_by_id(session, person.user_id), sent.text("name"), language)
    except Invalid as refusal:
        return _account_page(request, session, person, now, Problem(refusal.message, refusal.values), 422)
    response = see("/account?saved=1")
    if language:
        set_cookie(response, request.app.state.settings, LANGUAGE_COOKIE, language)
    return response


@router.get("/account/password")
def show_password(request: Request, session: DatabaseSession, person: SignedInPerson, now: Now) -> Response:
    has_password = users.get_by_id(session, person.user_id).password_hash is not None
    return page(
        request, "password.html", person=person, is_fresh=person.is_fresh(now), has_password=has_password, problem=None
    )


@router.post("/account/password")
def set_password(
    request: Request,
    new: NewPasswordSent,  # before the session: no hash is made while it holds its turn at the database
    session: DatabaseSession,
    person: SignedInPerson,
    now: Now,
) -> Response:
    """Set or change the password, and sign the person out everywhere else."""
    if new.problem is not None:
        has_password = users.get_by_id(session, person.user_id).password_hash is not None
        shown = {"person": person, "is_fresh": person.is_fresh(now), "has_password": has_password}
        return page(request, "password.html", 422, problem=new.problem, **shown)
    users.set_password_hash(session, person.user_id, new.password_hash, now, but=person.session_id)
    return see("/account?saved=1")


@router.post("/account/password/remove")
def remove_password(session: DatabaseSession, person: SignedInPerson, now: Now) -> Response:
    if not person.is_fresh(now):
        raise SignInAgain
    users.set_password_hash(session, person.user_id, None, now, but=person.session_id)
    return see("/account?saved=1")


@router.post("/account/sessions/end")
def end_other_sessions(session: DatabaseSession, person: SignedInPerson, now: Now) -> Response:
    sessions.end_all(session, person.user_id, now, but=person.session_id)
    return see("/account#sessions")


@router.post("/account/sessions/{number}/end")
def end_session(session: DatabaseSession, person: SignedInPerson, number: int, now: Now) -> Response:
    sessions.end(session, person.user_id, number, now)
    return see("/account#sessions")


@router.get("/account/close")
def show_close(request: Request, session: DatabaseSession, person: SignedInPerson, now: Now) -> Response:
    return _close_page(request, session, person, now, None, 200)


def _close_page(
    request: Request, session: DatabaseSession, person: SignedIn, now: Now, problem: Problem | None, status: int
) -> Response:
    alone = closed_accounts.managed_alone(session, person.user_id)
    is_fresh = person.is_fresh(now)
    return page(request, "close.html", status, person=person, alone=alone, is_fresh=is_fresh, problem=problem)


@router.post("/account/close")
def close(request: Request, session: DatabaseSession, person: SignedInPerson, sent: Sent, now: Now) -> Response:
    """Erase the person; their firms and what those have answered stay."""
    if not person.is_fresh(now):
        raise SignInAgain
    if sent.text("sure") != "yes":
        problem = Problem(N_("Tick the box if you want your account to be erased."), {})
        return _close_page(request, session, person, now, problem, 422)
    closed_accounts.close(session, person.user_id)
    settings: Settings = request.app.state.settings
    response = see("/signed-out?closed=1")
    cookies.forget(response, settings, cookies.session_cookie(settings))
    response.headers["clear-site-data"] = cookies.CLEAR
    return response


@router.post("/a/{key}/keep")
def keep_assessment(session: DatabaseSession, person: SignedInPerson, opened: OpenedByManager, now: Now) -> Response:
    """Take the firm of an assessment that was started without an account into the person's account."""
    roles.keep_firm(session, person.user_id, opened.row.firm_id, now)
    return see(f"/a/{opened.row.id}?kept=1")
