"""Who is signed in: one row for each browser, found by the hash of the secret in its cookie."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.access import token_sha256
from assessment.tables import User, UserSession


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person in one browser."""

    user_id: int
    session_id: int
    email: str
    name: str


def find_signed_in(session: Session, token: str, now: datetime) -> SignedIn | None:
    """Who holds this session's secret; None once it has ended, is over, or its account is closed."""
    query = (
        select(User.id, UserSession.id, User.email, User.name)
        .join(UserSession, UserSession.user_id == User.id)
        .where(
            UserSession.token_sha256 == token_sha256(token),
            UserSession.ended_at.is_(None),
            UserSession.expires_at > now,
            User.disabled_at.is_(None),
        )
    )
    found = session.execute(query).one_or_none()
    return SignedIn(*found) if found else None
