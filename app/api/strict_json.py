"""Requests of the API can be read in one way only: bodies that are JSON, and no parameter twice or unknown."""

import re
from collections.abc import Callable, Coroutine
from typing import Any, get_origin

from fastapi import Request
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Message

from app import bearers
from app.api.needs import needed_scope
from app.database_session import SAFE_METHODS
from app.uploads import LARGEST_BODY
from questionnaires.answers import UnreadableJson, parse_json

JSON_TYPE = re.compile(r'application/json\s*(;\s*charset="?utf-8"?\s*)?', re.IGNORECASE)


class TooLarge(HTTPException):
    """What is on its way is not read to its end, so the connection is of no further use."""

    def __init__(self) -> None:
        super().__init__(413, headers={"connection": "close"})


class StrictRequest(Request):
    """A request whose JSON holds no key twice, no NaN, no number or depth beyond reason, and is UTF-8."""

    async def body(self) -> bytes:
        if not hasattr(self, "_body"):
            self._body = await self._read()
        return self._body

    async def _read(self) -> bytes:
        limit = self.app.state.settings.max_body_bytes
        refuse_long(self, limit)
        chunks: list[bytes] = []
        async for chunk in self.stream():
            chunks.append(chunk)
            limit -= len(chunk)
            if limit < 0:
                raise TooLarge
        return b"".join(chunks)

    async def json(self) -> Any:
        try:
            return parse_json(await self.body())
        except UnreadableJson as error:
            raise HTTPException(400, str(error)) from None


def refuse_long(request: Request, limit: int) -> None:
    """Raises TooLarge where the request itself says that it is."""
    said = request.headers.get("content-length", "0")
    if not said.isdecimal() or int(said[:20]) > limit:
        raise TooLarge


class KnownRoute(APIRoute):
    """A route that says which scope it needs, and takes no parameter twice or unknown."""

    def prepare(self, request: Request) -> Request:
        """Refuse what can be refused before anything is read."""
        bearers.need(request.scope.setdefault("state", {}), needed_scope(self.openapi_extra, self.methods or ()))
        self._refuse_unknown([name for name, _ in request.query_params.multi_items()])
        has_body = self.body_field is not None
        if request.method not in SAFE_METHODS and not has_body and getattr(request.state, "needs_form_token", False):
            # Nothing of it is JSON, so a form on another site could have sent it.
            raise HTTPException(403)
        return request

    def _refuse_unknown(self, names: list[str]) -> None:
        if not names:
            return
        once = self._parameters()
        for name in names:
            if name not in once:
                raise HTTPException(422, f"There is no parameter {name[:100]!a} here.")
            if once[name] and names.count(name) > 1:
                raise HTTPException(422, f"The parameter {name} is given more than once.")

    def _parameters(self) -> dict[str, bool]:
        """Every parameter of the query, and whether it is given once at most."""
        found: dict[str, Any] = {}
        for each in self.dependant.query_params:
            kind: Any = each.field_info.annotation
            is_model = isinstance(kind, type) and issubclass(kind, BaseModel)
            found |= {n: f.annotation for n, f in kind.model_fields.items()} if is_model else {each.alias: kind}
        return {name: get_origin(kind) is not list for name, kind in found.items()}

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def known(request: Request) -> Response:
            return await handle(self.prepare(request))

        return known


class StrictRoute(KnownRoute):
    """A route that takes JSON and nothing else.

    Another site's page cannot send this content type without asking first, and nobody here answers such a question.
    """

    def prepare(self, request: Request) -> Request:
        super().prepare(request)
        has_body = self.body_field is not None and request.method not in SAFE_METHODS
        if has_body and not JSON_TYPE.fullmatch(request.headers.get("content-type", "")):
            raise HTTPException(415)
        return StrictRequest(request.scope, request.receive)


class FileRoute(KnownRoute):
    """A route that takes a form with one file."""

    def prepare(self, request: Request) -> Request:
        super().prepare(request)
        refuse_long(request, LARGEST_BODY)
        left = LARGEST_BODY

        async def receive() -> Message:
            nonlocal left
            message = await request.receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise TooLarge
            return message

        return Request(request.scope, receive)
