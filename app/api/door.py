"""What every request of the API passes first: its token is taken out of the header, and never out of an address."""

import re
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app import bearers
from app.api.problems import challenge, problem
from app.templating import say_to
from app.visits import note_visit
from assessment.api_tokens import TOKEN
from assessment.errors import N_

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
        await note_visit(scope["app"].state.database, scope.get("state", {}).get("person"))

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
