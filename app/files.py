"""Files of the pages themselves; a browser keeps one for ever when it asks for it by its content."""

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.staticfiles import StaticFiles as Folder

FOR_EVER = "public, max-age=31536000, immutable"


class StaticFiles(Folder):
    """Static files; only those asked for with `?v=` may be kept without asking again."""

    async def get_response(self, path: str, scope: MutableMapping[str, Any]) -> Response:
        response = await super().get_response(path, scope)
        by_content = "v" in parse_qs(scope["query_string"].decode("latin-1"))
        response.headers["cache-control"] = FOR_EVER if by_content else "no-cache"
        return response
