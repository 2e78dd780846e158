"""What a sheet of firms brings is stored in one transaction: all of it, or nothing."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import orjson
from sqlalchemy import Table as Columns
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from assessment import case_events
from assessment.case_states import OFFICER, due_on
from assessment.errors import N_, Conflict
from assessment.firm_intake import NOON, Intake
from assessment.particulars import FIELDS
from assessment.plain_inserts import insert_many, reserve
from assessment.snapshots import SCORING_VERSION
from assessment.tables import Assessment, CaseEvent, Firm, Outcome, ProgrammeCase

AT_ONCE = 5000


class FirmsHaveChanged(Conflict):
    """A firm that the file brings as a new one has come to the service meanwhile."""

    def __init__(self) -> None:
        super().__init__(N_("A firm of this file has been registered meanwhile. Take the file in again."))


@dataclass(frozen=True, slots=True)
class Order:
    """Who takes what in, and when."""

    order_id: int
    user_id: int | None
    now: datetime


def take_in(session: Session, intake: Intake, order: Order, said: Callable[[int], None] = lambda _rows: None) -> None:
    """Store all that was staged; the caller's transaction commits it, or nothing of it.

    Raises:
        FirmsHaveChanged: the firms of the service are not the ones that the file was looked at with.
    """
    _refuse_changed(session, intake)
    counts = intake.staged.counts
    firms = reserve(session, Firm, counts["firms"]).tolist()
    assessments = reserve(session, Assessment, counts["assessments"]).tolist()
    _store_firms(session, intake, firms, order.now)
    _store_assessments(session, intake, firms, assessments, said)
    _store_outcomes(session, intake, firms, assessments)
    _store_cases(session, intake, firms, assessments, order)
    _note_old_cases(session, intake, assessments, order)


def _refuse_changed(session: Session, intake: Intake) -> None:
    known = intake.sheet.firms
    columns = Firm.name, Firm.country, Firm.region, Firm.registration_number
    since = session.execute(select(*columns).where(Firm.id > known.newest_id))
    if known.has_new((name, country, region, number) for name, country, region, number in since):
        raise FirmsHaveChanged


def _store_firms(session: Session, intake: Intake, ids: Sequence[int], now: datetime) -> None:
    place = 0
    for rows in intake.staged.read("firms"):
        some = ids[place : place + len(rows)]
        found = [
            (id, *row[:EXPORTER], _flag(row[EXPORTER]), *row[EXPORTER + 1 :])
            for id, row in zip(some, rows, strict=True)
        ]
        insert_many(session, Firm, {"created_at": now}, ("id", *FIELDS), found)
        place += len(rows)


EXPORTER = FIELDS.index("is_exporter")


def _flag(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def _firm_id(ref: int, ids: Sequence[int]) -> int:
    return ref if ref > 0 else ids[-ref - 1]


ASSESSMENT = (
    "id", "firm_id", "token_sha256", "profile", "frozen", "scores", "created_at", "submitted_at", "previous_id",
)  # fmt: skip


def _store_assessments(
    session: Session, intake: Intake, firms: Sequence[int], ids: Sequence[int], said: Callable[[int], None]
) -> None:
    before = intake.chain.before(len(ids)).tolist()
    questionnaire = intake.sheet.setting.questionnaire
    same = {
        "questionnaire_id": questionnaire.id,
        "questionnaire_version": questionnaire.version,
        "state": "submitted",
        "scoring_version": SCORING_VERSION,
    }
    later: list[dict[str, int]] = []  # whose earlier one stands below them in the file
    place = 0
    for rows in intake.staged.read("assessments"):
        found = []
        for firm, day, profile, snapshot, readiness in rows:
            number = before[place]
            if number < 0:
                earlier = -number - 1
                number = ids[earlier]
                if earlier > place:
                    later.append({"of": ids[place], "earlier": number})
                    number = 0
            moment = datetime.combine(date.fromisoformat(day), NOON)
            token = os.urandom(32).hex()  # of no link: nobody holds one
            of_firm = _firm_id(firm, firms)
            found.append((ids[place], of_firm, token, profile, snapshot, readiness, moment, moment, number or None))
            place += 1
        insert_many(session, Assessment, same, ASSESSMENT, found)
        said(place)
    if later:
        columns = cast(Columns, Assessment.__table__)
        of = update(columns).where(columns.c.id == bindparam("of")).values(previous_id=bindparam("earlier"))
        session.connection().execute(of, later)


def _store_outcomes(session: Session, intake: Intake, firms: Sequence[int], ids: Sequence[int]) -> None:
    names = intake.outcome_names
    place = 0
    for rows in intake.staged.read("outcomes"):
        found = []
        for row in rows:
            outcome = dict(zip(names, row, strict=True))
            firm = _firm_id(outcome["firm_id"], firms)
            outcome |= {"assessment_id": ids[place], "firm_id": firm, "is_verified": bool(outcome["is_verified"])}
            found.append(tuple((outcome | {"group_id": firm}).values()))
            place += 1
        insert_many(session, Outcome, {}, names, found)


def _store_cases(
    session: Session, intake: Intake, firms: Sequence[int], assessments: Sequence[int], order: Order
) -> None:
    cases = intake.cases
    ids = reserve(session, ProgrammeCase, intake.staged.counts["cases"]).tolist()
    due = {state: due_on(state, order.now.date()) for state in set(cases.states)}
    same = {
        "programme_id": intake.sheet.setting.programme_id,
        "version": 1,
        "created_at": order.now,
        "changed_at": order.now,
    }
    place = 0
    for rows in intake.staged.read("cases"):
        found, events = [], []
        for firm, call, profile in rows:
            state, newest = cases.states[place], cases.assessments[place]
            assessed = assessments[newest] if newest >= 0 else None
            assessor, visit = cases.assessors[place] or None, cases.visits[place]
            found.append(
                (ids[place], call, _firm_id(firm, firms), state, profile, assessed, assessor, visit, due[state])
            )
            events.append((ids[place], 1, state))
            place += 1
        insert_many(session, ProgrammeCase, same, CASE, found)
        insert_many(session, CaseEvent, _of_events(order), EVENT, events)


CASE = (
    "id", "call_id", "firm_id", "state", "profile", "assessment_id", "assessor_id", "visit_on", "due_on",
)  # fmt: skip
EVENT = ("case_id", "number", "state")


def _of_events(order: Order) -> dict[str, Any]:
    content = orjson.dumps({"import": order.order_id}).decode()
    same = {"kind": case_events.IMPORTED, "content": content, "by": OFFICER, "user_id": order.user_id}
    return same | {"at": order.now}


def _note_old_cases(session: Session, intake: Intake, assessments: Sequence[int], order: Order) -> None:
    """A case that is there keeps its state and what it has; it gets an assessment where it had none."""
    by_case: dict[int, int] = {}
    for case, place in intake.old_cases:
        if place >= 0:
            by_case[case] = assessments[place]
    columns = cast(Columns, ProgrammeCase.__table__)
    of_case = update(columns).where(columns.c.id == bindparam("of"))
    moved = of_case.values(
        version=columns.c.version + 1,
        changed_at=order.now,
        assessment_id=func.coalesce(columns.c.assessment_id, bindparam("assessment")),
    )
    numbers = sorted(by_case)
    for first in range(0, len(numbers), AT_ONCE):
        some = numbers[first : first + AT_ONCE]
        query = select(ProgrammeCase.id, ProgrammeCase.version, ProgrammeCase.state).where(ProgrammeCase.id.in_(some))
        found = session.execute(query.with_for_update()).all()
        session.connection().execute(moved, [{"of": case, "assessment": by_case[case]} for case, _, _ in found])
        events = [(case, version + 1, state) for case, version, state in found]
        insert_many(session, CaseEvent, _of_events(order), EVENT, events)
