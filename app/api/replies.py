"""Replies of the API: with a tag of their content, page by page, and replaced only by whoever has seen them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import orjson
from fastapi import Request
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from app.api.shapes import Page

T = TypeVar("T", bound=BaseModel)


def reply(request: Request, content: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON with its ETag; nothing where a reader has it already."""
    body = _written(content)
    tag = _tag(body)
    headers = {"etag": tag, "vary": "Accept-Language, Authorization, Cookie", **(headers or {})}
    if request.method == "GET" and _names(request.headers.get("if-none-match", ""), tag, weak=True):
        return Response(status_code=304, headers=headers)
    return Response(body, status, headers, "application/json")


def made(request: Request, content: BaseModel, place: str) -> Response:
    """201, with the path of what there is now."""
    return reply(request, content, 201, {"location": place})


def page_of(request: Request, rows: Sequence[T], numbers: Sequence[int], after: int, limit: int) -> Response:
    """Some rows in the order of their numbers, and where the next ones are."""
    following = sorted((n, row) for n, row in zip(numbers, range(len(rows)), strict=True) if n > after)
    some = [rows[index] for _, index in following[:limit]]
    headers = {}
    if len(following) > limit:
        others = [(k, v) for k, v in request.query_params.multi_items() if k not in ("after", "limit")]
        query = urlencode([*others, ("after", following[limit - 1][0]), ("limit", limit)])
        headers = {"link": f'<{request.url.path}?{query}>; rel="next"'}
    return reply(request, Page[Any](items=some), headers=headers)


def file_reply(request: Request, path: Path, sha256: str, media_type: str, headers: dict[str, str]) -> Response:
    """A file, whose tag is its content's hash."""
    headers = {**headers, "etag": f'"{sha256}"'}
    if _names(request.headers.get("if-none-match", ""), headers["etag"], weak=True):
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type=media_type, headers=headers)


def check_seen(request: Request, present: BaseModel) -> None:
    """Whoever replaces something says in If-Match what they have seen.

    Raises:
        HTTPException: 428 where they say nothing, 412 where it is not what there is.
    """
    seen = request.headers.get("if-match")
    if seen is None:
        raise HTTPException(428)
    if not _names(seen, _tag(_written(present)), weak=False):
        raise HTTPException(412)


def _written(content: BaseModel) -> bytes:
    return orjson.dumps(content.model_dump(mode="json", by_alias=True))


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _names(header: str, tag: str, *, weak: bool) -> bool:
    """Whether a list of tags names this one. `*` is any, which is not enough to have seen it."""
    found = [each.strip() for each in header.split(",")]
    return tag in ([each.removeprefix("W/") for each in found] if weak else found)
