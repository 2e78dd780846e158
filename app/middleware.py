"""What every request passes: a line in the log, security headers, and no form from somebody else's page."""

import logging
import time
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("fourward.requests")
Refuse = Callable[[Request], Response]
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    # A return link is a secret in the address: it must not travel to any other site.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


class SecurityHeaders:
    """Adds the headers that tell browsers what these pages never do."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self.headers = HEADERS | ({"strict-transport-security": STRICT_TRANSPORT} if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)  # a route may be stricter
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)


class RequestLog:
    """One line for each request: the route it took, never its address, which may hold a return link."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            route = getattr(scope.get("route"), "path", "")
            milliseconds = round((time.perf_counter() - begun) * 1000, 1)
            facts = {"method": scope["method"], "route": route, "status": status, "ms": milliseconds}
            log.info("request", extra=facts)


class CrossOriginProtection:
    """Refuses unsafe requests that a browser says come from another site (the rule of Go's http.CrossOriginProtection).

    Browsers of the last years say so in Sec-Fetch-Site, others in Origin. Where neither is said but a cookie of ours
    is sent, the form must prove that we made it: `request.state.needs_form_token` asks `app.forms` to look.
    """

    def __init__(self, app: ASGIApp, *, trusted_origins: Collection[str], refuse: Refuse) -> None:
        self.app = app
        self.refuse = refuse
        self.trusted_origins = frozenset(trusted_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if headers.get("authorization", "")[:7].lower() == "bearer " and "cookie" not in headers:
            # No page of another site makes a browser send this header without having asked us first.
            await self.app(scope, receive, send)
            return
        if self._is_refused(headers):
            await self.refuse(Request(scope))(scope, receive, send)
            return
        says_nothing = "sec-fetch-site" not in headers and "origin" not in headers
        scope.setdefault("state", {})["needs_form_token"] = says_nothing and "cookie" in headers
        await self.app(scope, receive, send)

    def _is_refused(self, headers: Headers) -> bool:
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if origin is not None and origin in self.trusted_origins:
            return False
        if site is not None:
            return site not in ("same-origin", "none")
        return origin is not None and urlsplit(origin).netloc != headers.get("host")
