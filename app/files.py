"""Files of the pages themselves; a browser keeps one for ever when it asks for it by its content."""

from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.staticfiles import StaticFiles as Folder

from app.templating import STATIC, static_url

FOR_EVER = "public, max-age=31536000, immutable"


@lru_cache
def script(name: str) -> str:
    """A script without the lines that only comment and without indentation: on a slow line every byte is waited for."""
    lines = (line.strip() for line in (STATIC / name).read_text(encoding="utf-8").splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


class StaticFiles(Folder):
    """Static files; only those asked for with the hash of what they hold may be kept without asking again."""

    async def get_response(self, path: str, scope: MutableMapping[str, Any]) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 200 and path.endswith(".js"):
            response = Response(script(path), media_type="text/javascript")
        version = parse_qs(scope["query_string"].decode("latin-1")).get("v", [""])[0]
        by_content = response.status_code == 200 and static_url(path).endswith(f"?v={version}")
        response.headers["cache-control"] = FOR_EVER if by_content else "no-cache"
        return response
