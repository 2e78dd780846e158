"""Tokens with which programs act for a person: made once, shown once, limited by scopes, and ended like a session."""

import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from assessment import sessions
from assessment.access import token_sha256
from assessment.errors import N_, Conflict, Invalid, NotFound
from assessment.sessions import SignedIn
from assessment.tables import ApiToken, User
from assessment.texts import clean_name

READ, ANSWER, MANAGE = "read", "answer", "manage"
SCOPES = (READ, ANSWER, MANAGE)
LONGEST_DAYS = 365
MOST_TOKENS = 20
LARGEST_ID = 2**31  # what an INTEGER holds on every database
# The prefix and the shape let scanners of source code find one that was left there.
TOKEN = re.compile(r"fw_([1-9][0-9]{0,9})_([A-Za-z0-9_-]{43})")


class TokenNotFound(NotFound):
    """The person has no such token."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such token in your account."))


class TooManyTokens(Conflict):
    """A person has room for twenty tokens that work."""

    def __init__(self) -> None:
        super().__init__(N_("You have %(most)d tokens already. End one that is not used any more."), most=MOST_TOKENS)


class ScopesMissing(Invalid):
    """A token that may do nothing is of no use."""

    def __init__(self) -> None:
        super().__init__(N_("Choose at least one thing that the token may do."))


@dataclass(frozen=True, slots=True)
class Bearer(SignedIn):
    """A person for whom a program acts; `session_id` is 0, for there is no session."""

    token_id: int
    scopes: frozenset[str]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its owner sees it; its secret is not kept."""

    id: int
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    is_revoked: bool

    def works(self, now: datetime) -> bool:
        return not self.is_revoked and self.expires_at > now


def make(
    session: Session, user_id: int, name: str, scopes: Collection[str], days: int, now: datetime
) -> tuple[int, str]:
    """Make a token; returns its number and the token itself, which is not kept and cannot be had again.

    Raises:
        Invalid: the name, the scopes or the days (1 to 365) cannot be used.
        TooManyTokens: the person has twenty that work.
    """
    chosen = [scope for scope in SCOPES if scope in scopes]
    if not chosen or not set(scopes) <= set(SCOPES):
        raise ScopesMissing
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(N_("A token holds for 1 to %(most)d days."), most=LONGEST_DAYS)
    if _count(session, user_id, now) >= MOST_TOKENS:
        raise TooManyTokens
    secret = secrets.token_urlsafe(32)
    row = ApiToken(
        user_id=user_id,
        name=clean_name(name),
        token_sha256=token_sha256(secret),
        scopes=chosen,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(row)
    session.flush()
    return row.id, f"fw_{row.id}_{secret}"


def _count(session: Session, user_id: int, now: datetime) -> int:
    # Two that are made at the same moment take turns.
    session.execute(select(User.id).where(User.id == user_id).with_for_update())
    working = (ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > now)
    return session.scalar(select(func.count()).select_from(ApiToken).where(*working)) or 0


def find_bearer(session: Session, token: str, now: datetime) -> Bearer | None:
    """For whom this token acts; None once it was revoked or is over, or the account is closed."""
    parts = TOKEN.fullmatch(token)
    if parts is None or int(parts[1]) >= LARGEST_ID:
        return None
    values = {"id": int(parts[1]), "secret": token_sha256(parts[2]), "now": now}
    found = session.connection().execute(_BEARER, values).one_or_none()
    if found is None:
        return None
    user_id, email, name, number, scopes, created_at, used_at, expires_at = found
    return Bearer(user_id, 0, email, name, created_at, used_at or created_at, number, frozenset(scopes), expires_at)


def list_tokens(session: Session, user_id: int) -> Sequence[Token]:
    """A person's tokens, the newest first; also those that no longer work."""
    query = select(ApiToken).where(ApiToken.user_id == user_id).order_by(ApiToken.id.desc())
    return [
        Token(
            row.id,
            row.name,
            tuple(row.scopes),
            row.created_at,
            row.expires_at,
            row.last_used_at,
            row.revoked_at is not None,
        )
        for row in session.scalars(query)
    ]


def is_unseen(bearer: Bearer, now: datetime) -> bool:
    """Whether its last use that was noted is more than five minutes ago; the first one is noted at once."""
    # One that was never used counts as seen when it was made.
    return bearer.last_seen_at == bearer.since or sessions.is_unseen(bearer, now)


def note_used(session: Session, token_id: int, now: datetime) -> None:
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now))


def revoke(session: Session, user_id: int, token_id: int, now: datetime) -> None:
    """End one of a person's tokens.

    Raises:
        TokenNotFound: they have none with this number.
    """
    row = session.get(ApiToken, token_id) if 0 < token_id < LARGEST_ID else None
    if row is None or row.user_id != user_id:
        raise TokenNotFound
    row.revoked_at = row.revoked_at or now


def revoke_all(session: Session, user_id: int, now: datetime) -> None:
    """End all of a person's tokens."""
    session.execute(
        update(ApiToken).where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None)).values(revoked_at=now)
    )


# Made once: every request with a token asks this.
_BEARER = (
    select(User.id, User.email, User.name, ApiToken.id, ApiToken.scopes)
    .add_columns(ApiToken.created_at, ApiToken.last_used_at, ApiToken.expires_at)
    .join(ApiToken, ApiToken.user_id == User.id)
    .where(ApiToken.id == bindparam("id"), ApiToken.token_sha256 == bindparam("secret"))
    .where(ApiToken.revoked_at.is_(None), ApiToken.expires_at > bindparam("now"), User.disabled_at.is_(None))
)
