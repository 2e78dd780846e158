"""The cookies of signing in: secrets of one browser, which no script can read."""

from datetime import datetime
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import Response

from app.settings import Settings
from assessment import sign_in_codes
from assessment.access import NUMBER, TOKEN
from assessment.participants import PERSONAL_CODE

TOKEN_CHARACTERS = 32
SEAT_SECONDS = 200 * 24 * 3600  # until the same people are asked again after six months
CODE_SECONDS = 600
# Sent at sign-out: what a shared phone must not keep. "cookies" would take the language along.
CLEAR = '"cache", "storage"'


def session_cookie(settings: Settings) -> str:
    """The cookie that holds a signed-in browser's secret."""
    return _cookie(settings, "session")


def session_of(request: Request) -> str:
    """The session's secret that this browser brings, empty when it brings none."""
    token = request.cookies.get(session_cookie(request.app.state.settings), "")
    return token if TOKEN.fullmatch(token) else ""


def waiting_cookie(settings: Settings) -> str:
    """The cookie of a browser that waits for a code: the secret the code is bound to, and where to go then."""
    return _cookie(settings, "code")


def _cookie(settings: Settings, name: str) -> str:
    return f"__Host-{name}" if settings.public_url.startswith("https://") else name


def set_session(response: Response, settings: Settings, token: str, until: datetime, now: datetime) -> None:
    _set(response, settings, session_cookie(settings), token, int((until - now).total_seconds()))


def set_waiting(response: Response, settings: Settings, browser: str, then: str) -> None:
    seconds = int(sign_in_codes.LIFE.total_seconds())
    _set(response, settings, waiting_cookie(settings), browser + quote(then, safe=""), seconds)


def waiting_of(request: Request) -> tuple[str, str]:
    """The secret and the path after it that this browser keeps while it waits for a code."""
    kept = request.cookies.get(waiting_cookie(request.app.state.settings), "")
    return kept[:TOKEN_CHARACTERS], unquote(kept[TOKEN_CHARACTERS:])


def set_seat(response: Response, settings: Settings, workshop_id: int, secret: str) -> None:
    """The seat that this browser has taken in a workshop; it remembers the last one."""
    _set(response, settings, _cookie(settings, "seat"), f"{workshop_id}.{secret}", SEAT_SECONDS)


def seat_of(request: Request) -> tuple[int, str]:
    """The workshop and the secret of the seat that this browser has; 0 and empty without one."""
    number, _, secret = request.cookies.get(_cookie(request.app.state.settings, "seat"), "").partition(".")
    return (int(number), secret) if NUMBER.fullmatch(number) and TOKEN.fullmatch(secret) else (0, "")


def set_personal_code(response: Response, settings: Settings, code: str) -> None:
    """Shown on the seat's page for some minutes; the database does not keep it."""
    _set(response, settings, _cookie(settings, "personal-code"), code, CODE_SECONDS)


def personal_code_of(request: Request) -> str:
    code = request.cookies.get(_cookie(request.app.state.settings, "personal-code"), "")
    return code if PERSONAL_CODE.fullmatch(code) else ""


def _set(response: Response, settings: Settings, name: str, value: str, seconds: int) -> None:
    https = settings.public_url.startswith("https://")
    response.set_cookie(name, value, max_age=seconds, path="/", secure=https, httponly=True, samesite="lax")


def forget(response: Response, settings: Settings, name: str) -> None:
    https = settings.public_url.startswith("https://")
    response.delete_cookie(name, path="/", secure=https, httponly=True, samesite="lax")
