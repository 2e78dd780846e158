"""Figures of a programme that take too long to count at each view: worked out by a job, and dated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from assessment import job_queue
from assessment.tables import Outcome, ProgrammeCase, ProgrammeFigures
from assessment.tables import Programme as Programme  # the job names the type by this module

JOB = "programme_figures"  # its key is the programme's number
MANY = 5_000  # cases, or assessments, from which on what is shown is what was last worked out
STALE = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class Kept:
    """What was last worked out; nothing yet where there is no day.

    `days` is the median stay by state. `demand` holds the groups of shared demand by "country" and "region", the
    largest first, as `assessment.demand_rows` packs them.
    """

    days: Mapping[str, float] = field(default_factory=dict)
    demand: Mapping[str, str | Sequence[Sequence[Any]]] = field(default_factory=dict)
    as_of: datetime | None = None
    is_asked: bool = False


def find(session: Session, programme_id: int) -> Kept:
    row = session.get(ProgrammeFigures, programme_id)
    if row is None:
        return Kept()
    content = row.content or {}
    return Kept(content.get("days", {}), content.get("demand", {}), row.as_of, row.asked_at is not None)


def order(session: Session, programme_id: int, now: datetime) -> None:
    """Have them worked out anew; asked for while it is being done, nothing is added. The caller holds the programme."""
    row = session.get(ProgrammeFigures, programme_id)
    if row is None:
        row = ProgrammeFigures(programme_id=programme_id)
        session.add(row)
    if row.asked_at is None:
        row.asked_at = now
        job_queue.enqueue(session, JOB, str(programme_id), now)


def order_of_grown(session: Session, programme_id: int, now: datetime) -> None:
    """Have those of a programme that has grown at a stroke worked out, and the sizes of its firms looked at."""
    query = select(Programme.id).where(Programme.id == programme_id).with_for_update()
    if session.scalar(query) is not None:
        order(session, programme_id, now)


def order_stale(session: Session, now: datetime) -> None:
    """Have those of every programme with cases worked out once a day; the sizes of its firms are looked at with it."""
    old = or_(ProgrammeFigures.as_of.is_(None), ProgrammeFigures.as_of < now - STALE)
    query = select(Programme.id).outerjoin(ProgrammeFigures).where(old, ProgrammeFigures.asked_at.is_(None))
    query = query.where(exists().where(ProgrammeCase.programme_id == Programme.id))
    for number in session.scalars(query.with_for_update(of=Programme)).all():
        order(session, number, now)


def is_large(session: Session, programme_id: int) -> bool:
    """Whether a programme has more assessments than are read at each view; counts no further."""
    some = select(Outcome.programme_id).where(Outcome.programme_id == programme_id).limit(MANY + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) > MANY


def get_programme(session: Session, number: int) -> Programme | None:
    return session.get(Programme, number)


def store(session: Session, programme_id: int, content: Mapping[str, Any], now: datetime) -> None:
    """Note what was worked out; a programme that has gone meanwhile has no figures."""
    row = session.get(ProgrammeFigures, programme_id)
    if row is None:
        if session.get(Programme, programme_id) is None:
            return
        row = ProgrammeFigures(programme_id=programme_id)
        session.add(row)
    row.content, row.as_of, row.asked_at = dict(content), now, None


def give_up(session: Session, programme_id: int) -> None:
    """What was worked out before stays; it can be asked for again."""
    row = session.get(ProgrammeFigures, programme_id)
    if row is not None:
        row.asked_at = None
