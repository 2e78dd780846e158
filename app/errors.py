"""Refusals become pages: the status, what has happened, and what to do; the only such place."""

import logging
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import IntegrityError, OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.database import DatabaseBusy
from app.database_session import SAFE_METHODS
from app.dependencies import NotSignedIn
from app.templating import page, say_to
from app.uploads import NoRoom
from assessment.errors import N_, Conflict, Forbidden, Invalid, NotFound, Refusal, TooMany
from questionnaires.problems import InvalidAnswers, UnknownDefinition
from scoring.readiness import MissingAnswers

log = logging.getLogger("fourward")

STATUS: dict[type[Exception], int] = {
    NotFound: 404,
    UnknownDefinition: 404,
    Forbidden: 403,
    Conflict: 409,
    IntegrityError: 409,
    Invalid: 422,
    InvalidAnswers: 422,
    RequestValidationError: 422,
    MissingAnswers: 422,
    TooMany: 429,
    DatabaseBusy: 503,
    NoRoom: 503,
    OperationalError: 503,
}


WORDS = {
    400: (N_("This could not be read"), N_("Go back, reload the page and try again.")),
    401: (N_("Sign in first"), N_("Sign in, or send a token that works.")),
    403: (N_("This is not allowed from here"), N_("Open the page here and send the form again; nothing was changed.")),
    404: (N_("There is nothing here"), N_("Check the address, or start from the home page.")),
    405: (N_("This page cannot do that"), N_("Go back to the page you came from.")),
    409: (N_("This has changed meanwhile"), N_("Reload the page to see how it stands now.")),
    412: (N_("This has changed meanwhile"), N_("Reload the page to see how it stands now.")),
    413: (N_("This is too large"), N_("Shorten the text and send it again.")),
    415: (N_("This could not be read"), N_("Go back, reload the page and try again.")),
    422: (N_("Something does not fit"), N_("Go back, check what you entered and send it again; nothing was changed.")),
    428: (N_("Something does not fit"), N_("Say in If-Match which version of the answer you have seen.")),
    429: (N_("Too much at once"), N_("What was saved is safe. Wait a minute, then try again.")),
    500: (
        N_("Something went wrong here"),
        N_("It is our fault, not yours. What was saved is safe. Try again in a minute."),
    ),
    503: (N_("The service is busy"), N_("What was saved is safe. Try again in a minute.")),
}


def error_page(request: Request, status: int, message: str = "") -> Response:
    title, advice = WORDS.get(status, WORDS[500 if status >= 500 else 400])
    text = message or say_to(request, advice)
    response = page(request, "error.html", status, title=say_to(request, title), message=text)
    if status == 503:
        response.headers["retry-after"] = "5"
    return response


def status_of(error: Exception) -> int:
    return next(code for kind, code in STATUS.items() if isinstance(error, kind))


def refused(request: Request, error: Exception) -> Response:
    status = status_of(error)
    if status >= 500:
        log.error("refused with %d: %s", status, type(error).__name__, exc_info=error)
    response = error_page(request, status, words_for(request, error))
    if isinstance(error, TooMany):
        response.headers["retry-after"] = str(error.retry_after)
    return response


def not_signed_in(request: Request, error: Exception) -> Response:
    """A page to read leads to the sign-in and back; a form is refused, for it cannot be sent again by itself."""
    if request.method not in SAFE_METHODS:
        return refused(request, error)
    there = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/sign-in?next={quote(there, safe='')}", status_code=303)


def words_for(request: Request, error: Exception) -> str:
    """What to tell the person; empty where the refusal speaks to the author of a file instead."""
    if isinstance(error, Refusal):
        return say_to(request, error.message, error.values)
    return str(error) if isinstance(error, MissingAnswers) else ""


def failed(request: Request, error: Exception) -> Response:
    log.error("a request failed", exc_info=error)
    return error_page(request, 500)


def http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  registered for it alone
    return error_page(request, error.status_code)


def add_error_pages(app: FastAPI) -> None:
    for kind in STATUS:
        app.add_exception_handler(kind, refused)
    app.add_exception_handler(NotSignedIn, not_signed_in)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(Exception, failed)


def refuse_other_site(request: Request) -> Response:
    return error_page(request, 403)
