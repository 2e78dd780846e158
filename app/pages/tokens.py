"""Tokens of a person: made for programs and shown once, listed with their last use, and ended."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.database_session import DatabaseSession
from app.dependencies import Now, SignedInPerson
from app.forms import Problem, Sent, SentForm
from app.pages.account import SignInAgain
from app.templating import page, public_link
from assessment import api_tokens
from assessment.api_tokens import LONGEST_DAYS, READ, SCOPES, ScopesMissing
from assessment.errors import Invalid

router = APIRouter(prefix="/account/tokens")
DAYS = (7, 30, 90, LONGEST_DAYS)


@router.get("")
def show_tokens(request: Request, session: DatabaseSession, person: SignedInPerson, now: Now) -> Response:
    return _tokens_page(request, session, person, now, SentForm({"scope": (READ,), "days": ("90",)}), {}, 200)


def _tokens_page(
    request: Request,
    session: DatabaseSession,
    person: SignedInPerson,
    now: Now,
    sent: SentForm,
    problems: dict[str, Problem],
    status: int,
    fresh: str = "",
) -> Response:
    found = api_tokens.list_tokens(session, person.user_id)
    return page(
        request,
        "tokens.html",
        status,
        tokens=[each for each in found if each.works(now)],
        over=[each for each in found if not each.works(now)],
        scopes=SCOPES,
        days=DAYS,
        chosen=sent.get("scope", ()),
        name=sent.text("name"),
        chosen_days=sent.text("days"),
        problems=problems,
        fresh=fresh,
        is_fresh=person.is_fresh(now),
        address=public_link(request, "/api/v1"),
    )


@router.post("")
def make_token(request: Request, session: DatabaseSession, person: SignedInPerson, sent: Sent, now: Now) -> Response:
    """Make a token; this one reply shows it, and nothing keeps it."""
    if not person.is_fresh(now):
        raise SignInAgain
    days = int(sent.text("days")) if sent.text("days") in map(str, DAYS) else 0
    try:
        _, token = api_tokens.make(session, person.user_id, sent.text("name"), sent.get("scope", ()), days, now)
    except Invalid as refusal:
        field = "scope" if isinstance(refusal, ScopesMissing) else "days" if not days else "name"
        problems = {field: Problem(refusal.message, refusal.values)}
        return _tokens_page(request, session, person, now, sent, problems, 422)
    return _tokens_page(request, session, person, now, SentForm({}), {}, 200, token)


@router.post("/{number}/end")
def end_token(session: DatabaseSession, person: SignedInPerson, number: int, now: Now) -> Response:
    api_tokens.revoke(session, person.user_id, number, now)
    return RedirectResponse("/account/tokens", status_code=303)
