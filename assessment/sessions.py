"""Who is signed in: one row for each browser, found by the hash of the secret in its cookie."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, exists, select, update
from sqlalchemy.orm import Session, aliased

from assessment import access
from assessment.access import Held, Reached, new_token, token_sha256
from assessment.lists import padded
from assessment.roles import STAFF
from assessment.tables import Assessment, Moment, Role, User, UserSession

LARGEST_ID = 2**31  # what an INTEGER holds on every database
SEEN_EVERY = timedelta(minutes=5)
FRESH = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long a person stays signed in at most, and without a visit; shorter for those who see many firms."""

    most: timedelta = timedelta(days=14)
    idle: timedelta = timedelta(hours=12)
    staff_most: timedelta = timedelta(hours=12)
    staff_idle: timedelta = timedelta(hours=1)


USUAL = Lengths()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person in one browser."""

    user_id: int
    session_id: int
    email: str
    name: str
    since: datetime
    last_seen_at: datetime

    @property
    def called(self) -> str:
        """By what name the firm's pages show what they did: their address where they have given no name."""
        return self.name or self.email

    def is_fresh(self, now: datetime) -> bool:
        """Whether they have only just proven who they are: for what should not be done on a screen left open."""
        return now - self.since <= FRESH


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A browser in which a person is signed in, as they see it."""

    id: int
    browser: str
    network: str
    since: datetime
    last_seen_at: datetime


def find_signed_in(session: Session, token: str, now: datetime, lengths: Lengths = USUAL) -> SignedIn | None:
    """Who holds this session's secret; None once it has ended, is over, or its account is closed."""
    values = {"secret": token_sha256(token), **_moments(now, lengths)}
    found = session.connection().execute(_SIGNED_IN, values).one_or_none()
    return SignedIn(*found) if found else None


def find_saving(
    session: Session, asked: Collection[tuple[str, int]], now: datetime, lengths: Lengths = USUAL
) -> dict[tuple[str, int], tuple[SignedIn, Reached[Held]]]:
    """Who holds a session's secret, and the assessment of a number for them to save in, by secret and number.

    One statement for all, as nothing is asked more often. The assessments must be held. Whoever is not among them may
    not, or is not signed in; one by one (`find_signed_in`, `access.open_to_save`) say why.
    """
    if not asked:
        return {}
    secrets = {token_sha256(token): token for token, _ in asked}
    values = {"secrets": padded(secrets), "numbers": padded({number for _, number in asked})}
    found: dict[tuple[str, int], tuple[SignedIn, Reached[Held]]] = {}
    for secret_sha256, *row in session.connection().execute(_SAVING, values | _moments(now, lengths)):
        person, held = SignedIn(*row[:_WIDTH]), Held(*row[_WIDTH : -len(_AS_WHAT)])
        reached = access.by_role(person.user_id, held, *row[-len(_AS_WHAT) :])
        found.setdefault((secrets[secret_sha256], held.id), (person, reached))
    return found


def start(
    session: Session, user_id: int, now: datetime, browser: str, network: str, lengths: Lengths = USUAL
) -> tuple[str, datetime]:
    """Sign a person in: a new secret for the cookie, never one the browser brought along, and when it ends."""
    token = new_token()
    expires_at = now + (lengths.staff_most if session.scalar(select(_is_staff(user_id))) else lengths.most)
    session.add(
        UserSession(
            user_id=user_id,
            token_sha256=token_sha256(token),
            created_at=now,
            last_seen_at=now,
            expires_at=expires_at,
            browser=browser[:200],
            network=network[:64],
        )
    )
    session.flush()
    return token, expires_at


def is_unseen(person: SignedIn, now: datetime) -> bool:
    """Whether their last visit that was noted is more than five minutes ago."""
    return now - person.last_seen_at >= SEEN_EVERY


def note_seen(session: Session, session_id: int, now: datetime) -> None:
    """Remember the visit. Never moves backwards, and never opens what has ended."""
    behind = (UserSession.id == session_id, UserSession.last_seen_at < now, UserSession.ended_at.is_(None))
    # A row that another request holds is left alone: to wait for it could be to wait for each other, and that one
    # notes the same visit.
    free = select(UserSession.id).where(*behind).with_for_update(skip_locked=True).scalar_subquery()
    session.execute(update(UserSession).where(UserSession.id == free).values(last_seen_at=now))


def list_open(session: Session, user_id: int, now: datetime, lengths: Lengths = USUAL) -> Sequence[OpenSession]:
    """Every browser in which a person is signed in, the last one used first."""
    columns = (UserSession.id, UserSession.browser, UserSession.network)
    query = (
        select(*columns, UserSession.created_at, UserSession.last_seen_at)
        .where(UserSession.user_id == user_id, *_IS_OPEN)
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
    )
    return [OpenSession(*row) for row in session.execute(query, _moments(now, lengths))]


def end(session: Session, user_id: int, session_id: int, now: datetime) -> None:
    """End one of a person's sessions; somebody else's stays as it is."""
    if 0 < session_id < LARGEST_ID:
        _end(session, now, UserSession.user_id == user_id, UserSession.id == session_id)


def end_by_token(session: Session, token: str, now: datetime) -> None:
    """End the session with this secret, if there is one."""
    _end(session, now, UserSession.token_sha256 == token_sha256(token))


def end_all(session: Session, user_id: int, now: datetime, but: int | None = None) -> None:
    """End a person's sessions, all or all but one."""
    _end(session, now, UserSession.user_id == user_id, UserSession.id != (but or 0))


def _end(session: Session, now: datetime, *which: ColumnElement[bool]) -> None:
    session.execute(
        update(UserSession)
        .where(*which, UserSession.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )


def _moments(now: datetime, lengths: Lengths) -> dict[str, datetime]:
    return {"now": now, "seen_after": now - lengths.idle, "staff_seen_after": now - lengths.staff_idle}


def _is_staff(user_id: Any) -> ColumnElement[bool]:
    held = aliased(Role)  # also where a query asks for another role
    return exists().where(held.user_id == user_id, held.role.in_(STAFF))


# Made once: every request of somebody who is signed in asks this, and to make it takes longer than to run it.
_SEEN_AFTER = case(
    (_is_staff(UserSession.user_id), bindparam("staff_seen_after", type_=Moment())),
    else_=bindparam("seen_after", type_=Moment()),
)
_IS_OPEN = (
    UserSession.ended_at.is_(None),
    UserSession.expires_at > bindparam("now"),
    UserSession.last_seen_at > _SEEN_AFTER,
)
_PERSON = (User.id, UserSession.id, User.email, User.name, UserSession.created_at, UserSession.last_seen_at)
_WIDTH = len(_PERSON)
_IS_SIGNED_IN = (*_IS_OPEN, User.disabled_at.is_(None))
_SIGNED_IN = (
    select(*_PERSON)
    .join(UserSession, UserSession.user_id == User.id)
    .where(UserSession.token_sha256 == bindparam("secret"), *_IS_SIGNED_IN)
)
_AS_WHAT = (*access.WHO, Role.role)
_SAVING = (
    access.FOR_ROLE.join(User, User.id == Role.user_id)
    .join(UserSession, UserSession.user_id == User.id)
    .where(UserSession.token_sha256.in_(bindparam("secrets", expanding=True)), *_IS_SIGNED_IN)
    .where(Assessment.id.in_(bindparam("numbers", expanding=True)))
    .add_columns(UserSession.token_sha256, *_PERSON, *access.HELD, *_AS_WHAT)
)
