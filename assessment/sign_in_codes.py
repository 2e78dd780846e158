"""Codes to sign in with: mailed, typed into the browser that asked, good for one use within ten minutes."""

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assessment.access import TOKEN, new_token, token_sha256
from assessment.tables import SignInCode

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # neither 0 and O nor 1 and I: people type them
LENGTH = 8  # 40 bits
LIFE = timedelta(minutes=10)
MOST_TRIES = 5
KEPT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """A code that was made: `code` goes to the mailbox, `browser` into a cookie. Neither is stored."""

    code: str
    browser: str


def ask(session: Session, email: str, now: datetime) -> Asked:
    """Make a code for an address, bound to the browser that asks."""
    session.execute(delete(SignInCode).where(SignInCode.expires_at < now - KEPT))
    code, browser = "".join(secrets.choice(LETTERS) for _ in range(LENGTH)), new_token()
    session.add(
        SignInCode(
            email=email,
            code_sha256=_code_sha256(code, browser),
            browser_sha256=token_sha256(browser),
            created_at=now,
            expires_at=now + LIFE,
        )
    )
    session.flush()
    return Asked(code, browser)


def asked_for(session: Session, browser: str, now: datetime) -> str | None:
    """The address that this browser waits for a code of; None when it waits for none."""
    found = _find(session, browser, for_change=False)
    return found.email if found is not None and found.expires_at > now and found.used_at is None else None


def use(session: Session, browser: str, typed: str, now: datetime) -> str | None:
    """The address that a typed code proves; None when it does not fit, whatever the reason.

    It is used up, and with it every other code of that address. A try that fails must be committed as well.
    """
    found = _find(session, browser, for_change=True)
    if found is None or found.used_at is not None or found.expires_at <= now or found.tries >= MOST_TRIES:
        return None
    found.tries += 1
    if not hmac.compare_digest(found.code_sha256, _code_sha256(read_code(typed), browser)):
        session.flush()
        return None
    found.used_at = now
    session.flush()
    session.execute(delete(SignInCode).where(SignInCode.email == found.email, SignInCode.id != found.id))
    return found.email


def read_code(typed: str) -> str:
    """A code as people type it: in small letters, with spaces or dashes, with the digits of any script."""
    plain = unicodedata.normalize("NFKC", typed[:64])
    digits = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in plain)
    return "".join(c for c in digits.upper() if c.isalnum())


def shown(code: str) -> str:
    """A code as it is easier to read and to type."""
    return f"{code[:4]}-{code[4:]}"


def _find(session: Session, browser: str, *, for_change: bool) -> SignInCode | None:
    if not TOKEN.fullmatch(browser):
        return None
    query = select(SignInCode).where(SignInCode.browser_sha256 == token_sha256(browser))
    return session.scalars(query.with_for_update() if for_change else query).one_or_none()


def _code_sha256(code: str, browser: str) -> str:
    # Salted with the browser's secret, which is not stored: 40 bits alone could be searched through.
    return hashlib.sha256(f"{browser}:{code}".encode()).hexdigest()
