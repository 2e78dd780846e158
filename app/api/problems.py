"""Refusals of the API become problem details (RFC 9457); each has the status that its page would have."""

import logging
from collections.abc import Sequence
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import compile_path

from app import errors
from app.bearers import ScopeMissing, TokenRefused
from app.dependencies import NotSignedIn
from app.errors import STATUS, WORDS
from app.templating import say_to
from assessment.errors import N_, TooMany
from assessment.particulars import InvalidParticulars
from questionnaires.problems import InvalidAnswers

log = logging.getLogger("fourward")
PREFIX = "/api/v1"
PROBLEM = "application/problem+json"
FOR_PROGRAMS = {
    400: N_("The request cannot be read in one way only; the description of the API says what is taken."),
    403: N_("Whoever asks may not do this here; nothing was changed."),
    404: N_("There is nothing at this address, or not for whoever asks."),
    405: N_("There is no such method at this address."),
    412: N_("Ask for it again to see how it stands now, then decide."),
    413: N_("Send less at once."),
    415: N_("Send application/json, or a form with one file where a file is taken."),
    422: N_("The request does not fit the description of the API; nothing was changed."),
    428: N_("Say in If-Match which version you have seen."),
}
REALM = 'Bearer realm="fourward"'


def details(request: Request, status: int, detail: str = "") -> dict[str, Any]:
    """What is wrong, in the reader's language."""
    title, advice = WORDS.get(status, WORDS[500 if status >= 500 else 400])
    advice = FOR_PROGRAMS.get(status, advice)
    return {
        "type": "about:blank",
        "title": say_to(request, title),
        "status": status,
        "detail": detail or say_to(request, advice),
    }


def details_of(request: Request, error: Exception) -> dict[str, Any]:
    """A refusal of the domain."""
    return details(request, errors.status_of(error), _words_for(request, error))


def problem(request: Request, status: int, detail: str = "", **more: Any) -> Response:
    """A reply that refuses; `more` is whatever else helps a program to go on."""
    body = orjson.dumps(details(request, status, detail) | more)
    return Response(body, status, {"retry-after": "5"} if status == 503 else None, PROBLEM)


def _words_for(request: Request, error: Exception) -> str:
    if isinstance(error, NotSignedIn):
        return ""
    # The words for a value that does not fit are for whoever wrote the program that sent it.
    return str(error) if isinstance(error, InvalidAnswers) else errors.words_for(request, error)


def refused(request: Request, error: Exception) -> Response:
    status = status_of(error)
    if status >= 500:
        log.error("refused with %d: %s", status, type(error).__name__, exc_info=error)
    more = {"problems": _each(request, error)} if isinstance(error, InvalidParticulars) else {}
    found = problem(request, status, _words_for(request, error), **more)
    if isinstance(error, TooMany):
        found.headers["retry-after"] = str(error.retry_after)
    if status == 401 or isinstance(error, ScopeMissing):
        found.headers["www-authenticate"] = challenge(error)
    return found


def status_of(error: Exception) -> int:
    """As its page would have, but for programs that have not said who they are."""
    return 401 if isinstance(error, NotSignedIn | TokenRefused) else errors.status_of(error)


def challenge(error: Exception | None = None) -> str:
    """The header WWW-Authenticate (RFC 6750)."""
    if isinstance(error, ScopeMissing):
        return f'{REALM}, error="insufficient_scope", scope="{error.values["scope"]}"'
    return REALM if isinstance(error, NotSignedIn) else f'{REALM}, error="invalid_token"'


def _each(request: Request, error: InvalidParticulars) -> list[dict[str, str]]:
    return [
        {"place": f"body/{name}", "detail": say_to(request, each.message, each.values)}
        for name, each in error.problems.items()
    ]


def misshapen(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  registered for it alone
    return problem(request, 422, problems=[_misfit(each) for each in error.errors()[:20]])


def _misfit(found: dict[str, Any]) -> dict[str, str]:
    return {"place": _pointer(found["loc"]), "detail": str(found["msg"])}


def _pointer(place: Sequence[object]) -> str:
    """Such as `body/operations/0/base`."""
    return "/".join(str(step)[:100] for step in place)


def http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  registered for it alone
    # Our own words come with these two; the framework's say the name of the status.
    found = problem(request, error.status_code, error.detail if error.status_code in (400, 422) else "")
    found.headers.update(error.headers or {})
    if error.status_code == 405:
        found.headers["allow"] = ", ".join(sorted(_methods_at(request)))
    return found


def _methods_at(request: Request) -> set[str]:
    """All methods of an address; each route by itself knows its own only."""
    path, methods = request.scope["path"].removeprefix(request.scope.get("root_path", "")), set[str]()
    for route in iter_route_contexts(request.app.routes):
        if route.path is not None and compile_path(route.path)[0].match(path):
            methods |= route.methods or set()
    return methods


def failed(request: Request, error: Exception) -> Response:
    log.error("a request failed", exc_info=error)
    return problem(request, 500)


def add_problem_details(api: FastAPI) -> None:
    for kind in STATUS:
        api.add_exception_handler(kind, refused)
    api.add_exception_handler(RequestValidationError, misshapen)
    api.add_exception_handler(HTTPException, http_error)
    api.add_exception_handler(Exception, failed)


def add_problems_outside(app: FastAPI) -> None:
    """What is asked for under /api and is in no version of it is told as the API tells it."""
    pages = app.exception_handlers[HTTPException]

    def choose(request: Request, error: Exception) -> Any:
        return http_error(request, error) if request.scope["path"].startswith("/api/") else pages(request, error)

    app.add_exception_handler(HTTPException, choose)


def refuse_other_site(request: Request) -> Response:
    """For the door of the service, which refuses before anything knows whom a request is for."""
    if request.scope["path"].startswith(f"{PREFIX}/"):
        return problem(request, 403)
    return errors.refuse_other_site(request)
