"""Live: the stream of a workshop's numbers, and the state that belongs to them."""

import asyncio
import random
from contextlib import suppress

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.database import DatabaseBusy
from app.dependencies import NotSignedIn
from app.live import MOST_OF_LINK, Live, TooManyStreams
from app.live_links import network_of, open_link
from app.live_rooms import Kept, Link, Listener
from assessment.errors import NotFound

HEARTBEAT = 15.0  # seconds; a comment that keeps proxies from closing what is silent
LONGEST_STREAM = 3600.0  # seconds; then the page comes again, and its link is looked at anew
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
RETRY = (1500, 4500)  # ms until a browser comes again by itself: not all of a room in the same instant
SILENCE = b": \n\n"


def _asked(request: Request) -> tuple[Live, Link]:
    kind, key = request.path_params["kind"], request.path_params["key"]
    if kind not in MOST_OF_LINK:
        raise HTTPException(404)
    return request.app.state.live, (kind, key)


def _gone() -> Response:
    return JSONResponse({"gone": True}, 404)


def _not_now(status: int) -> Response:
    return JSONResponse({"wait": 5}, status, headers={"retry-after": "5"})


async def show_state(request: Request) -> Response:
    """The state, from memory where it is known: sixty phones ask at once when something is revealed."""
    live, link = _asked(request)
    since = request.query_params.get("since", "")
    seen = int(since) if since.isascii() and since.isdecimal() and len(since) < 10 else -1
    try:
        kept = await _kept(request, live, link, seen)
    except (NotFound, NotSignedIn):
        return _gone()
    except DatabaseBusy:
        return _not_now(503)
    state, is_phone = kept.state, link[0] == "seat"
    tag = f'"{state.seq}"' if is_phone else f'"{state.seq}.{state.voted}.{state.present}"'
    headers = {"etag": tag, "cache-control": "no-store"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    body = kept.phone if is_phone else kept.with_counts()
    return Response(body, headers=headers, media_type="application/json")


async def _kept(request: Request, live: Live, link: Link, since: int) -> Kept:
    is_counted = link[0] != "seat"
    workshop_id = live.known(link)
    if workshop_id is not None:
        kept = await live.kept(workshop_id, since, counted=is_counted)
        if live.known(link) is not None:  # still, now that it is known what has happened
            return kept
    workshop_id, seq = await open_link(request, link)
    return await live.kept(workshop_id, max(since, seq - 1), counted=is_counted)


async def follow(request: Request) -> Response:
    """The stream: the newest number now, and then each that follows."""
    live, link = _asked(request)
    try:
        workshop_id, seq = await open_link(request, link)
        listener = live.join(link, workshop_id, seq, network_of(request))
    except (NotFound, NotSignedIn):
        return _gone()
    except TooManyStreams:
        return _not_now(429)
    except DatabaseBusy:
        return _not_now(503)
    return NumberStream(request, live, listener)


class NumberStream(Response):
    """One stream, until its page goes, its link ends, or the server stops."""

    def __init__(self, request: Request, live: Live, listener: Listener) -> None:
        self.request, self.live, self.listener = request, live, listener
        self.ends_at = asyncio.get_running_loop().time() + LONGEST_STREAM

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        leaving = asyncio.create_task(self._wait_until_left(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            if self.listener.hears_counts:
                with suppress(NotFound, DatabaseBusy):
                    await self.live.kept(self.listener.room.workshop_id, counted=True)
            retry = b"retry: %d\n\n" % random.randint(*RETRY)  # noqa: S311  spreads the load, keeps no secret
            news = retry + self.listener.news()
            while not self.listener.is_over:
                if news:
                    await send({"type": "http.response.body", "body": news, "more_body": True})
                news = await self._next()
            await send({"type": "http.response.body", "body": b""})
        finally:
            self.live.leave(self.listener)
            leaving.cancel()

    async def _next(self) -> bytes:
        listener = self.listener
        try:
            async with asyncio.timeout(HEARTBEAT):
                await listener.woken.wait()
        except TimeoutError:
            listener.is_over = listener.is_over or asyncio.get_running_loop().time() > self.ends_at
            return SILENCE
        listener.woken.clear()
        if listener.is_doubtful and not listener.is_over:
            await self._look_at_link()
        return listener.news()

    async def _look_at_link(self) -> None:
        try:
            _, self.listener.checked_at = await open_link(self.request, self.listener.link)
        except (NotFound, NotSignedIn):
            self.listener.is_over = True
        except DatabaseBusy:
            self.listener.woken.set()  # and so it looks again

    async def _wait_until_left(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.listener.is_over = True
        self.listener.woken.set()


def live_routes() -> list[Route]:
    """Without what every page passes (forms, visits): these are asked for by sixty phones at once."""
    routes = [Route("/live/{kind}/{key}", show_state), Route("/live/{kind}/{key}/stream", follow)]
    for route in routes:
        route.methods = {"GET"}
    return routes
