"""Bodies of the API are JSON that can be read in one way only."""

import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.database import SAFE_METHODS
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
        said = self.headers.get("content-length", "0")
        if not said.isdecimal() or int(said[:20]) > limit:
            raise TooLarge
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


class StrictRoute(APIRoute):
    """A route that takes JSON and nothing else.

    Another site's page cannot send this content type without asking first, and nobody here answers such a question.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def strict(request: Request) -> Response:
            has_body = self.body_field is not None and request.method not in SAFE_METHODS
            if has_body and not JSON_TYPE.fullmatch(request.headers.get("content-type", "")):
                raise HTTPException(415)
            return await handle(StrictRequest(request.scope, request.receive))

        return strict
