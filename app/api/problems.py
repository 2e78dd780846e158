"""Refusals of the API become problem details (RFC 9457); each has the status that its page would have."""

import logging
from collections.abc import Sequence
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app import errors
from app.errors import STATUS, WORDS
from app.templating import say_to
from assessment.errors import TooMany
from questionnaires.problems import InvalidAnswers

log = logging.getLogger("fourward")
PREFIX = "/api/v1"
PROBLEM = "application/problem+json"


def details(request: Request, status: int, detail: str = "") -> dict[str, Any]:
    """What is wrong, in the reader's language."""
    title, advice = WORDS.get(status, WORDS[500 if status >= 500 else 400])
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
    # The words for a value that does not fit are for whoever wrote the program that sent it.
    return str(error) if isinstance(error, InvalidAnswers) else errors.words_for(request, error)


def refused(request: Request, error: Exception) -> Response:
    status = errors.status_of(error)
    if status >= 500:
        log.error("refused with %d: %s", status, type(error).__name__, exc_info=error)
    found = problem(request, status, _words_for(request, error))
    if isinstance(error, TooMany):
        found.headers["retry-after"] = str(error.retry_after)
    return found


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
    found = problem(request, error.status_code, error.detail if error.status_code == 400 else "")
    found.headers.update(error.headers or {})
    return found


def failed(request: Request, error: Exception) -> Response:
    log.error("a request failed", exc_info=error)
    return problem(request, 500)


def add_problem_details(api: FastAPI) -> None:
    for kind in STATUS:
        api.add_exception_handler(kind, refused)
    api.add_exception_handler(RequestValidationError, misshapen)
    api.add_exception_handler(HTTPException, http_error)
    api.add_exception_handler(Exception, failed)


def refuse_other_site(request: Request) -> Response:
    """For the door of the service, which refuses before anything knows whom a request is for."""
    if request.scope["path"].startswith(f"{PREFIX}/"):
        return problem(request, 403)
    return errors.refuse_other_site(request)
