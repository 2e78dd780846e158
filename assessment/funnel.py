"""The funnel in figures: how many cases have come how far, how long each step takes, what waits and what is late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Float, cast, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

from assessment import programme_figures
from assessment.case_events import IMPORTED, MOVED
from assessment.case_states import FUNNEL, place_of
from assessment.tables import CaseEvent, Programme, ProgrammeCase

COMING = (MOVED, IMPORTED)  # the events with which a case comes into a state


@dataclass(frozen=True, slots=True)
class StepFigures:
    """A step of the funnel.

    `reached` counts the cases that have come here or further, also those that have ended since. `days` is the median
    of the days from coming here to going on, of the cases that have gone on. `waiting` are here now, and `overdue` of
    them past their due day.
    """

    state: str
    reached: int
    waiting: int
    overdue: int
    days: float | None
    target: int | None


@dataclass(frozen=True, slots=True)
class Funnel:
    """The steps in order. The days are as they stood at `as_of`; None: as they stand now."""

    steps: tuple[StepFigures, ...]
    as_of: datetime | None = None


def figures(session: Session, programme_id: int, today: date) -> tuple[StepFigures, ...]:
    """The steps of a programme's funnel, in order, as they stand now: reads all that has happened to its cases."""
    return _steps(session, programme_id, _counted(session, programme_id, today), median_days(session, programme_id))


def at_a_glance(session: Session, programme_id: int, today: date) -> Funnel:
    """The same, with the days that were last worked out where cases are many."""
    counted = _counted(session, programme_id, today)
    if sum(count for _, _, count, _ in counted) <= programme_figures.MANY:
        return Funnel(_steps(session, programme_id, counted, median_days(session, programme_id)))
    kept = programme_figures.find(session, programme_id)
    return Funnel(_steps(session, programme_id, counted, kept.days), kept.as_of)


def _steps(
    session: Session, programme_id: int, counted: Sequence[tuple[str, int, int, int]], medians: Mapping[str, float]
) -> tuple[StepFigures, ...]:
    reached = [0] * len(FUNNEL)
    waiting: dict[str, tuple[int, int]] = {}
    for state, furthest, count, overdue in counted:
        for passed in range(max(place_of(state), furthest) + 1):
            reached[passed] += count
        n, late = waiting.get(state, (0, 0))
        waiting[state] = n + count, late + overdue
    targets = session.get_one(Programme, programme_id).targets
    return tuple(
        StepFigures(
            state, reached[n], *waiting.get(state, (0, 0)), days=medians.get(state), target=targets.get(state) or None
        )
        for n, state in enumerate(FUNNEL)
    )


def _counted(session: Session, programme_id: int, today: date) -> list[tuple[str, int, int, int]]:
    """Cases by their state and the furthest that they have left behind, and how many are late; from an index, in turn.

    Each: state, furthest place, cases, late ones.
    """
    columns = (ProgrammeCase.state, ProgrammeCase.due_on, ProgrammeCase.furthest)
    query = select(*columns, func.count()).where(ProgrammeCase.programme_id == programme_id).group_by(*columns)
    day = today.isoformat()
    rows = session.execute(query)
    return [(state, furthest, count, count if "" < due_on < day else 0) for state, due_on, furthest, count in rows]


class DaysBetween(FunctionElement[float]):
    """Days from one moment to a later one, with their fraction."""

    type = Float()
    inherit_cache = True


@compiles(DaysBetween, "sqlite")
def _days_in_sqlite(element: DaysBetween, compiler: Any, **how: Any) -> str:
    first, second = (compiler.process(each, **how) for each in element.clauses)
    return f"(julianday({second}) - julianday({first}))"


@compiles(DaysBetween, "postgresql")
def _days_in_postgresql(element: DaysBetween, compiler: Any, **how: Any) -> str:
    first, second = (compiler.process(each, **how) for each in element.clauses)
    return f"(extract(epoch from ({second} - {first})) / 86400.0)"


def median_days(session: Session, programme_id: int) -> dict[str, float]:
    """The median stay in each state, of stays that are over; of an even number the mean of the two in the middle."""
    came = (
        select(CaseEvent.case_id, CaseEvent.number, CaseEvent.state, CaseEvent.at)
        .join(ProgrammeCase, ProgrammeCase.id == CaseEvent.case_id)
        .where(ProgrammeCase.programme_id == programme_id, CaseEvent.kind.in_(COMING))
        .subquery()
    )
    left = func.lead(came.c.at).over(partition_by=came.c.case_id, order_by=came.c.number)
    stays = select(came.c.state, came.c.at, left.label("gone")).subquery()
    days = DaysBetween(stays.c.at, stays.c.gone)
    ranked = (
        select(
            stays.c.state,
            days.label("days"),
            func.row_number().over(partition_by=stays.c.state, order_by=days).label("place"),
            func.count().over(partition_by=stays.c.state).label("n"),
        )
        .where(stays.c.gone.is_not(None))
        .subquery()
    )
    middle = (ranked.c.place * 2).between(ranked.c.n, ranked.c.n + 2)
    found = select(ranked.c.state, cast(func.avg(ranked.c.days), Float)).where(middle).group_by(ranked.c.state)
    return {str(row[0]): float(row[1]) for row in session.execute(found)}
