"""How often something may be tried: counted in the database, so that neither a restart nor a second server forgets."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assessment.errors import N_, TooMany
from assessment.tables import AttemptCount, Moment

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` tries of one kind by one person or network in a stretch of time, counted from the first."""

    kind: str
    most: int
    within: timedelta = timedelta(minutes=15)


class TriedTooOften(TooMany):
    """Whoever guesses is slowed down, and so is whoever has forgotten."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            N_("That was tried too often. Wait %(minutes)d minutes, then try again."),
            retry_after,
            minutes=-(-retry_after // 60),
        )


def count(session: Session, limit: Limit, who: str, now: datetime) -> None:
    """Count one try of `who`: an address or a network; only its hash is kept.

    Raises:
        TriedTooOften: it was one too many. The refusal undoes this count with the rest of the transaction.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    first = insert(AttemptCount).values(key=_key(limit, who), since=now, count=1)
    is_over = AttemptCount.since <= now - limit.within
    statement = first.on_conflict_do_update(
        index_elements=[AttemptCount.key],
        set_={
            "count": case((is_over, 1), else_=AttemptCount.count + 1),
            "since": case((is_over, literal(now, Moment())), else_=AttemptCount.since),
        },
    ).returning(AttemptCount.count, AttemptCount.since)
    tries, since = session.execute(statement).one()
    if tries > limit.most:
        raise TriedTooOften(max(1, round((since + limit.within - now).total_seconds())))


def allow(session: Session, limit: Limit, who: str, now: datetime) -> None:
    """Refuse where the tries that were counted are used up, and count nothing: for what only counts when it fails.

    Raises:
        TriedTooOften
    """
    found = session.get(AttemptCount, _key(limit, who))
    if found is not None and found.count >= limit.most and found.since > now - limit.within:
        raise TriedTooOften(max(1, round((found.since + limit.within - now).total_seconds())))


def forget_old(session: Session, now: datetime) -> None:
    """Drop the counts that no longer hold anybody back."""
    session.execute(delete(AttemptCount).where(AttemptCount.since < now - KEPT))


def forget(session: Session, who: str, *limits: Limit) -> None:
    """Drop the counts of one person."""
    session.execute(delete(AttemptCount).where(AttemptCount.key.in_(_key(each, who) for each in limits)))


def _key(limit: Limit, who: str) -> str:
    return f"{limit.kind}:{hashlib.sha256(who.encode()).hexdigest()}"
