"""The funnel in figures: how many cases have come how far, how long each step takes, what waits and what is late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, case, cast, func, literal, null, select, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

from assessment.case_events import IMPORTED, MOVED
from assessment.case_states import FUNNEL
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


def figures(session: Session, programme_id: int, today: date) -> tuple[StepFigures, ...]:
    """The steps of a programme's funnel, in order, in one statement."""
    furthest, days = _furthest(programme_id, today), _median_days(programme_id)
    found = session.execute(union_all(furthest, days)).all()
    reached = [0] * len(FUNNEL)
    waiting: dict[str, tuple[int, int]] = {}
    medians: Mapping[str, float] = {state: value for kind, state, _, _, _, value in found if kind == "days"}
    for kind, state, place, count, overdue, _ in found:
        if kind == "cases":
            for passed in range(int(place) + 1):
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


def _place(state: ColumnElement[str]) -> ColumnElement[int]:
    """A state's place in the funnel; an end beside it says nothing of how far a case has come."""
    return case({each: n for n, each in enumerate(FUNNEL)}, value=state, else_=0)


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


def _furthest(programme_id: int, today: date) -> Select[Any]:
    """Cases by their state and the furthest place that they have been at, with how many are late."""
    been = (  # by what has happened to them
        select(CaseEvent.case_id, func.max(_place(CaseEvent.__table__.c.state)).label("place"))
        .join(ProgrammeCase, ProgrammeCase.id == CaseEvent.case_id)
        .where(ProgrammeCase.programme_id == programme_id, CaseEvent.kind.in_(COMING))
        .group_by(CaseEvent.case_id)
        .subquery()
    )
    here = _place(ProgrammeCase.__table__.c.state)
    before = func.coalesce(been.c.place, 0)
    place = case((here > before, here), else_=before)
    is_late = (ProgrammeCase.due_on != "") & (ProgrammeCase.due_on < today.isoformat())
    late = func.sum(case((is_late, 1), else_=0))
    columns: list[Any] = [literal("cases"), ProgrammeCase.state, place, func.count(), late, cast(null(), Float)]
    return (
        select(*columns)
        .outerjoin(been, been.c.case_id == ProgrammeCase.id)
        .where(ProgrammeCase.programme_id == programme_id)
        .group_by(ProgrammeCase.state, place)
    )


def _median_days(programme_id: int) -> Select[Any]:
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
    zero = literal(0)
    columns: list[Any] = [literal("days"), ranked.c.state, zero, zero, zero, cast(func.avg(ranked.c.days), Float)]
    return select(*columns).where(middle).group_by(ranked.c.state)
