"""What a page's form has sent: read once, bounded, and proven to be ours where the browser does not say so."""

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from app.settings import Settings
from assessment.errors import N_, Forbidden, Invalid

FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
MOST_FIELDS = 400
LARGEST_FIELD = 64 * 1024
TOKEN_FIELD = "form_token"  # noqa: S105  the name of a field


class SentForm(Mapping[str, tuple[str, ...]]):
    """The fields of a form; each may come several times."""

    def __init__(self, fields: Mapping[str, tuple[str, ...]]) -> None:
        self._fields = fields

    def __getitem__(self, name: str) -> tuple[str, ...]:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def text(self, name: str) -> str:
        """The last value of a field, empty when it was not sent."""
        return self._fields.get(name, ("",))[-1]


async def read_form(request: Request) -> SentForm:
    """Read the form before anything else takes its turn: a slow sender must not hold the database meanwhile."""
    if request.method != "POST":
        return SentForm({})
    if not request.headers.get("content-type", "").startswith(FORM_TYPES):
        raise HTTPException(415)
    form = await request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD)
    sent = SentForm({name: tuple(v for v in form.getlist(name) if isinstance(v, str)) for name in form})
    refuse_foreign(request, sent)
    return sent


def refuse_foreign(request: Request, sent: SentForm) -> None:
    """Where the browser does not say which site sent the form, the form must prove that we made it.

    Raises:
        Forbidden: it does not.
    """
    if getattr(request.state, "needs_form_token", False):
        settings: Settings = request.app.state.settings
        if not is_our_token(settings, visitor_of(request), sent.text(TOKEN_FIELD)):
            raise Forbidden(N_("This page was open for too long. Reload it and send the form again."))


Sent = Annotated[SentForm, Depends(read_form)]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field; a text of the catalogue and its values."""

    message: str
    values: Mapping[str, object]


def read_number(text: str, low: float | None, high: float | None) -> float | None:
    """A number as people type it, None when nothing is typed.

    A comma is a decimal comma, as in most of the world; thousands are set apart by spaces. Digits of any script.

    Raises:
        Invalid: it is no number, or outside the bounds.
    """
    text = "".join(c for c in unicodedata.normalize("NFKC", text) if not c.isspace())
    if not text:
        return None
    if not re.fullmatch(r"[+-]?\d{1,15}([.,\u066b]\d{0,15})?", text):
        raise Invalid(N_("Enter a number, for example 12 or 12.5."))
    number = float(re.sub("[,\u066b]", ".", text))
    if (low is not None and number < low) or (high is not None and number > high):
        raise _outside(low, high)
    return number


def _outside(low: float | None, high: float | None) -> Invalid:
    if low is None:
        return Invalid(N_("Enter a number of %(high)s or less."), high=f"{high:g}")
    if high is None:
        return Invalid(N_("Enter a number of %(low)s or more."), low=f"{low:g}")
    return Invalid(N_("Enter a number from %(low)s to %(high)s."), low=f"{low:g}", high=f"{high:g}")


def number_of(sent: SentForm, name: str, problems: dict[str, Problem]) -> float | None:
    """The number in a field, None when nothing is typed; what is wrong with it goes to the problems."""
    try:
        return read_number(sent.text(name), None, None)
    except Invalid as refusal:
        problems[name] = Problem(refusal.message, refusal.values)
        return None


def whole_number_of(sent: SentForm, name: str, problems: dict[str, Problem]) -> int | None:
    """As `number_of`, for what is counted."""
    number = number_of(sent, name, problems)
    if number is not None and not number.is_integer():
        problems[name] = Problem(N_("Enter a whole number, for example 12."), {})
        return None
    return None if number is None else int(number)


def visitor_cookie(settings: Settings) -> str:
    """The cookie that ties form tokens to one browser; it says nothing about the person."""
    return "__Host-visitor" if settings.public_url.startswith("https://") else "visitor"


def visitor_of(request: Request) -> str:
    return request.cookies.get(visitor_cookie(request.app.state.settings), "")


def new_visitor() -> str:
    return secrets.token_urlsafe(16)


def form_token(settings: Settings, visitor: str) -> str:
    """A proof for one browser. It differs each time, so that a compressed page does not give it away."""
    salt = secrets.token_hex(8)
    return f"{salt}.{_sign(settings, visitor, salt)}"


def is_our_token(settings: Settings, visitor: str, token: str) -> bool:
    salt, _, signature = token.partition(".")
    return bool(visitor) and hmac.compare_digest(signature.encode(), _sign(settings, visitor, salt).encode())


def _sign(settings: Settings, visitor: str, salt: str) -> str:
    key = settings.secret_key.get_secret_value().encode()
    return hmac.new(key, f"form:{visitor}:{salt}".encode(), hashlib.sha256).hexdigest()
