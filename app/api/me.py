"""Whoever asks: the person behind a token or a session, their firms, and the end of the token in use."""

from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.needs import needs
from app.api.replies import reply
from app.api.shapes import Reply
from app.api.strict_json import StrictRoute
from app.database_session import DatabaseSession
from app.dependencies import Now, SignedInPerson
from assessment import api_tokens, firms
from assessment.api_tokens import READ, Bearer, TokenNotFound

router = APIRouter(prefix="/me", route_class=StrictRoute, tags=["Me"])


class TokenInUse(Reply):
    """The token that this request brought."""

    number: int
    scopes: list[str]
    expires_at: datetime


class Me(Reply):
    """A person, and the firms in which they have a role."""

    email: str
    name: str
    firms: list[int]
    token: TokenInUse | None


@router.get("", response_model=Me, openapi_extra=needs())
def show_me(request: Request, session: DatabaseSession, person: SignedInPerson) -> Response:
    """Who asks, by token or by session."""
    token = None
    if isinstance(person, Bearer):
        token = TokenInUse(number=person.token_id, scopes=sorted(person.scopes), expires_at=person.expires_at)
    numbers = sorted(firm.id for firm in firms.list_firms(session, person.user_id))
    return reply(request, Me(email=person.email, name=person.name, firms=numbers, token=token))


@router.delete("/token", status_code=204, openapi_extra=needs(READ, 404))
def end_token(session: DatabaseSession, person: SignedInPerson, now: Now) -> Response:
    """End the token that this request brought: a program that has done its work, or was seen by others."""
    if not isinstance(person, Bearer):
        raise TokenNotFound
    api_tokens.revoke(session, person.user_id, person.token_id, now)
    return Response(status_code=204)
