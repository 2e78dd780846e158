"""The queue of background work: a job is done once, also when whoever does it is killed."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, and_, case, delete, func, or_, select, update
from sqlalchemy.orm import Session

from assessment.tables import Job

MOST_ATTEMPTS = 5
MAIL = "mail"  # goes before all else: somebody waits for it in front of a screen, and it takes no time
# Go last: they take minutes, and whoever ordered them comes back for them.
LONG = ("release", "import", "programme_figures", "shared_demand")


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in somebody's hands; `owner` proves it until the lease is over."""

    job_id: int
    kind: str
    key: str
    owner: str
    attempt: int
    is_over: bool = False  # given up: the last attempt was lost as well


def enqueue(session: Session, kind: str, key: str, now: datetime) -> None:
    """Put a job in the queue; it is there when the caller's transaction is committed, and not before."""
    session.add(Job(kind=kind, key=key, state="queued", run_at=now, created_at=now))
    session.flush()


def hold(session: Session, kind: str, key: str, now: datetime, lease: timedelta) -> Claim:
    """A job that is done right here and only once: whoever is lost with it is not followed by another."""
    job = Job(kind=kind, key=key, state="running", attempts=MOST_ATTEMPTS, run_at=now, created_at=now)
    job.owner, job.lease_until = secrets.token_hex(16), now + lease
    session.add(job)
    session.flush()
    return Claim(job.id, kind, key, job.owner, MOST_ATTEMPTS)


def claim(session: Session, now: datetime, lease: timedelta, leave: Sequence[str] = ()) -> Claim | None:
    """Take the job that has waited longest: one that is queued, or whose holder shows no sign of life.

    Mails go first and long jobs last. Jobs of the kinds in `leave` are left to others. A job whose last attempt was
    lost is set dead; its claim says `is_over`. Call it in a writing transaction.
    """
    job = session.scalars(
        select(Job)
        .where(
            or_(
                and_(Job.state == "queued", Job.run_at <= now),
                and_(Job.state == "running", Job.lease_until < now),
            ),
            Job.kind.not_in(leave),
        )
        .order_by(case((Job.kind == MAIL, 0), (Job.kind.in_(LONG), 2), else_=1), Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if job is None:
        return None
    if job.attempts >= MOST_ATTEMPTS:
        job.state, job.owner, job.problem = "dead", None, job.problem or "the worker was lost each time"
        session.flush()
        return Claim(job.id, job.kind, job.key, "", job.attempts, is_over=True)
    job.state, job.attempts, job.owner = "running", job.attempts + 1, secrets.token_hex(16)
    job.lease_until = now + lease
    session.flush()
    return Claim(job.id, job.kind, job.key, job.owner, job.attempts)


def beat(session: Session, held: Claim, now: datetime, lease: timedelta) -> bool:
    """Show a sign of life; False when the job is no longer ours."""
    return _set(session, held, lease_until=now + lease)


def finish(session: Session, held: Claim) -> bool:
    """Say that the job is done; False when it is no longer ours, and then nothing it made may be stored."""
    return _set(session, held, state="done", owner=None, lease_until=None, problem="")


def fail(session: Session, held: Claim, problem: str, now: datetime) -> str | None:
    """Say that an attempt has failed: it is tried again later, each time later still, and given up in the end.

    Returns the job's new state, None when it is no longer ours.
    """
    over = held.attempt >= MOST_ATTEMPTS
    wait = timedelta(seconds=2.0**held.attempt)
    state = "dead" if over else "queued"
    ours = _set(session, held, state=state, owner=None, lease_until=None, run_at=now + wait, problem=problem)
    return state if ours else None


def release(session: Session, held: Claim, now: datetime) -> bool:
    """Put a job back that was not finished for no fault of its own: the worker is asked to stop."""
    back = {"state": "queued", "owner": None, "lease_until": None, "run_at": now}
    return _set(session, held, attempts=Job.attempts - 1, **back)


def oldest_waiting(session: Session) -> datetime | None:
    """Since when the first job in the queue is due; None when none waits."""
    return session.scalar(select(func.min(Job.run_at)).where(Job.state == "queued"))


def try_writing(session: Session) -> None:
    """Write without a change: the database says whether it takes anything."""
    session.execute(delete(Job).where(Job.id == -1))


def _set(session: Session, held: Claim, **values: object) -> bool:
    statement = (
        update(Job)
        .where(Job.id == held.job_id, Job.owner == held.owner, Job.state == "running")
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], session.execute(statement)).rowcount == 1
