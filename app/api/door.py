"""What every request of the API passes first: its token is taken out of the header, and never out of an address."""

import logging
import re
from datetime import UTC, datetime
from urllib.parse import unquote_to_bytes

from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app import bearers
from app.api.problems import challenge, problem
from app.database import Database, DatabaseBusy
from app.templating import say_to
from assessment import api_tokens, sessions
from assessment.api_tokens import TOKEN, USED_EVERY, Bearer
from assessment.errors import N_
from assessment.sessions import SEEN_EVERY, SignedIn

log = logging.getLogger("fourward.api")
IN_ADDRESS = re.compile(rb"(?<![A-Za-z0-9_-])fw_[0-9]+_[A-Za-z0-9_-]{43}|(^|&)(access_token|api_key|token)=", re.ASCII)

NOT_IN_ADDRESS = N_("A token belongs in the header Authorization. End this one in your account: addresses are kept.")


class Door:
    """Refuses a token in an address, where logs and histories keep it, and one that cannot be one of ours."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        await self.app(scope, receive, send)
        await note_visit(scope)

    def _refusal(self, scope: Scope) -> Response | None:
        request = Request(scope)
        address = scope["query_string"] + b"&" + scope["path"].encode(errors="replace")
        if IN_ADDRESS.search(unquote_to_bytes(address)):
            return problem(request, 400, say_to(request, NOT_IN_ADDRESS))
        sent = Headers(scope=scope).getlist("authorization")
        if not sent:
            return None
        kind, _, token = sent[0].strip().partition(" ")
        if len(sent) > 1 or kind.lower() != "bearer" or not TOKEN.fullmatch(token.strip()):
            found = problem(request, 401, say_to(request, N_("Send a token: 'Authorization: Bearer fw_...'.")))
            found.headers["www-authenticate"] = challenge()
            return found
        bearers.bring(scope.setdefault("state", {}), token.strip())
        return None


async def note_visit(scope: Scope) -> None:
    """Note, after the answer has left, that a person or a token was here; at most once in five minutes.

    A reading request writes nothing; this is a transaction of its own, and its failure is nobody's trouble.
    """
    person: SignedIn | None = scope.get("state", {}).get("person")
    if person is None:
        return
    now = datetime.now(UTC)
    every = USED_EVERY if isinstance(person, Bearer) else SEEN_EVERY
    # A token that was never used counts as seen when it was made; its first use is noted at once.
    if now - person.last_seen_at < every and not (isinstance(person, Bearer) and person.last_seen_at == person.since):
        return
    database: Database = scope["app"].state.database
    try:
        async with database.turn(writing=True) as session:
            await run_in_threadpool(_note, session, person, now)
    except (SQLAlchemyError, DatabaseBusy) as error:
        log.warning("a visit could not be noted: %s", type(error).__name__)


def _note(session: Session, person: SignedIn, now: datetime) -> None:
    if isinstance(person, Bearer):
        api_tokens.note_used(session, person.token_id, now)
    else:
        sessions.note_seen(session, person.session_id, now)
