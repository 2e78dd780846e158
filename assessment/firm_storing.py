"""What a sheet of firms brings is shown in one short transaction: all of it, or nothing.

How long the one writer of SQLite is held decides how long everybody else waits who saves something. So all that is
large, and all that takes thought, comes before: the assessments are stored already (`waiting_firms`), and the other
rows lie ready in tables that belong to this connection alone and hold nothing up. `show` moves them with a fixed
number of statements and no loop over rows, whatever the length of the sheet.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from time import monotonic, sleep
from typing import Any, cast

from sqlalchemy import (
    Column,
    CursorResult,
    Integer,
    MetaData,
    Select,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy import Table as Columns
from sqlalchemy.orm import Session

from assessment import case_events
from assessment.case_states import OFFICER, due_on
from assessment.errors import N_, Conflict
from assessment.firm_intake import Intake
from assessment.particulars import FIELDS, WAITING
from assessment.plain_inserts import insert_many
from assessment.tables import (
    Assessment,
    CaseEvent,
    Firm,
    Outcome,
    ProgrammeCall,
    ProgrammeCase,
    ProgrammeMember,
    Table,
    User,
)
from assessment.waiting_firms import Waiting

COMING = "coming_"  # what tables of rows that lie ready are called
AT_ONCE = 5000
LARGEST = (1 << 31) - 1  # of a number that PostgreSQL gives
Said = Callable[[int], None]


class FirmsHaveChanged(Conflict):
    """A firm that the file brings as a new one has come to the service meanwhile, or the import is done elsewhere."""

    def __init__(self) -> None:
        super().__init__(N_("A firm of this file has been registered meanwhile. Take the file in again."))


@dataclass(frozen=True, slots=True)
class Order:
    """Who takes what in, and when."""

    order_id: int
    user_id: int | None
    now: datetime


def store_waiting(
    intake: Intake,
    order: Order,
    transaction: Callable[[], AbstractContextManager[Session]],
    said: Said = lambda _rows: None,
) -> Waiting:
    """Store the assessments where nobody sees them, in many short transactions. `said` hears how many there are."""
    waiting = Waiting(intake, order.order_id, order.now)
    for step in waiting.steps():
        with transaction() as session:
            begun = monotonic()
            step(session)
        sleep(monotonic() - begun)  # others' turn, who look for it again and again while they wait
        said(len(waiting.assessments))
    return waiting


def make_ready(session: Session, waiting: Waiting, order: Order, beside: str = "") -> None:
    """Put the other rows into tables of this connection: temporary ones, or of a database that is attached to it."""
    create = f"CREATE TABLE {beside}." if beside else "CREATE TEMPORARY TABLE "
    for of in (Firm, Outcome, ProgrammeCase):
        name = of.__tablename__
        session.execute(text(f"DROP TABLE IF EXISTS {COMING}{name}"))
        session.execute(text(f"{create}{COMING}{name} AS SELECT * FROM {name} WHERE 1 = 0"))  # noqa: S608
    for name in ("move", "old_case"):
        session.execute(text(f"DROP TABLE IF EXISTS {COMING}{name}"))
        session.execute(text(f"{create}{COMING}{name} (id INTEGER, named INTEGER)"))
    _ready_firms(session, waiting, order.now)
    _ready_outcomes(session, waiting)
    _ready_cases(session, waiting, order)
    _ready_pairs(session, MOVE, waiting.moves())
    _ready_pairs(session, OLD_CASE, _old_cases(waiting))


def show(session: Session, waiting: Waiting, order: Order) -> None:
    """Make all of it what it is: the caller's transaction commits it, or nothing of it.

    Raises:
        FirmsHaveChanged: the firms of the service are not the ones that the file was looked at with.
    """
    _refuse_changed(session, waiting.intake)
    _refuse_missing(session, waiting, order)
    _name_firms(session, len(waiting.firms))
    _move_assessments(session, waiting.hosts)
    columns = [column.name for column in Outcome.__table__.columns]
    session.execute(insert(OUTCOME).from_select(columns, select(*(COMING_OUTCOME.c[name] for name in columns))))
    _insert_cases(session, order)
    _note_old_cases(session, order)


def _columns_of(of: type[Table]) -> Columns:
    return cast(Columns, of.__table__)


def _coming(of: type[Table]) -> Columns:
    return _columns_of(of).to_metadata(MetaData(), name=COMING + of.__tablename__)


def _pairs(name: str) -> Columns:
    return Columns(COMING + name, MetaData(), Column("id", Integer), Column("named", Integer))


FIRM, ASSESSMENT, OUTCOME, CASE = map(_columns_of, (Firm, Assessment, Outcome, ProgrammeCase))
COMING_FIRM, COMING_OUTCOME, COMING_CASE = map(_coming, (Firm, Outcome, ProgrammeCase))
MOVE, OLD_CASE = _pairs("move"), _pairs("old_case")  # assessment and its firm; case and its new assessment


def _ready_firms(session: Session, waiting: Waiting, now: datetime) -> None:
    place = 0
    for rows in waiting.intake.staged.read("firms"):
        some = waiting.firms[place : place + len(rows)]
        found = [
            (id, *row[:EXPORTER], _flag(row[EXPORTER]), *row[EXPORTER + 1 :])
            for id, row in zip(some, rows, strict=True)
        ]
        insert_many(session, Firm, {"created_at": now}, ("id", *FIELDS, GROUP), found, COMING_FIRM.name)
        place += len(rows)


GROUP = "enterprise_group"
EXPORTER = FIELDS.index("is_exporter")


def _flag(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def _ready_outcomes(session: Session, waiting: Waiting) -> None:
    names = waiting.intake.outcome_names
    place = 0
    for rows in waiting.intake.staged.read("outcomes"):
        found = []
        for row in rows:
            outcome = dict(zip(names, row, strict=True))
            firm = waiting.firm(outcome["firm_id"])
            outcome |= {"assessment_id": waiting.assessments[place], "firm_id": firm, "group_id": firm}
            found.append(tuple((outcome | {"is_verified": bool(outcome["is_verified"])}).values()))
            place += 1
        insert_many(session, Outcome, {}, names, found, COMING_OUTCOME.name)


CASE_NAMES = (
    "call_id", "firm_id", "state", "profile", "size", "assessment_id", "assessor_id", "visit_on", "due_on",
)  # fmt: skip


def _ready_cases(session: Session, waiting: Waiting, order: Order) -> None:
    cases = waiting.intake.cases
    due = {state: due_on(state, order.now.date()) for state in set(cases.states)}
    same = {
        "programme_id": waiting.intake.sheet.setting.programme_id,
        "version": 1,
        "created_at": order.now,
        "changed_at": order.now,
    }
    place = 0
    for rows in waiting.intake.staged.read("cases"):
        found = []
        for ref, call, profile, size in rows:
            state, newest = cases.states[place], cases.assessments[place]
            assessed = waiting.assessments[newest] if newest >= 0 else None
            assessor, visit = cases.assessors[place] or None, cases.visits[place]
            found.append((call, waiting.firm(ref), state, profile, size, assessed, assessor, visit, due[state]))
            place += 1
        insert_many(session, ProgrammeCase, same, CASE_NAMES, found, COMING_CASE.name)


def _old_cases(waiting: Waiting) -> Sequence[tuple[int, int]]:
    newest = {case: waiting.assessments[place] for case, place in waiting.intake.old_cases if place >= 0}
    return sorted(newest.items())


def _ready_pairs(session: Session, table: Columns, pairs: Iterable[tuple[int, int]]) -> None:
    left = iter(pairs)
    while rows := [{"id": of, "named": named} for of, named in islice(left, AT_ONCE)]:
        session.connection().execute(insert(table), rows)


def _refuse_changed(session: Session, intake: Intake) -> None:
    known = intake.sheet.firms
    columns = Firm.name, Firm.country, Firm.region, Firm.registration_number
    since = session.execute(select(*columns).where(Firm.id > known.newest_id, Firm.country != WAITING))
    if known.has_new((name, country, region, number) for name, country, region, number in since):
        raise FirmsHaveChanged


def _refuse_missing(session: Session, waiting: Waiting, order: Order) -> None:
    """Refuse where something is gone that rows refer to: SQLite does not look for it here (`app.import_storing`)."""
    first_new = min(waiting.firms, default=LARGEST)  # whether those are there, `_name_firms` finds out
    for column in (COMING_CASE.c.firm_id, MOVE.c.named):
        is_there = select(FIRM.c.id).where(FIRM.c.id == column).exists()
        if session.execute(select(column).where(column < first_new, ~is_there).limit(1)).first() is not None:
            raise FirmsHaveChanged
    cases = waiting.intake.cases
    few: tuple[tuple[type[Table], set[int]], ...] = (
        (ProgrammeCall, set(cases.places)),
        (ProgrammeMember, set(cases.assessors) - {0}),
        (User, set() if order.user_id is None else {order.user_id}),
    )
    if any(session.get(of, number) is None for of, numbers in few for number in numbers):
        raise FirmsHaveChanged
    count = select(func.count()).select_from(ASSESSMENT)  # by the index of firms, not the rows of 9 kB
    of_new = session.scalar(count.where(ASSESSMENT.c.firm_id.in_(select(COMING_FIRM.c.id)))) or 0
    of_hosts = session.scalar(count.where(ASSESSMENT.c.firm_id.in_(waiting.hosts))) or 0
    if of_new + of_hosts != len(waiting.assessments):
        raise FirmsHaveChanged


def _name_firms(session: Session, count: int) -> None:
    names = (*FIELDS, GROUP, "created_at")
    told = {name: COMING_FIRM.c[name] for name in names}
    statement = update(FIRM).where(FIRM.c.id == COMING_FIRM.c.id, FIRM.c.country == WAITING).values(told)
    if cast(CursorResult[Any], session.execute(statement)).rowcount != count:
        raise FirmsHaveChanged  # another has cleared away what waited


def _move_assessments(session: Session, hosts: Sequence[int]) -> None:
    if hosts:
        session.execute(update(ASSESSMENT).where(ASSESSMENT.c.id == MOVE.c.id).values(firm_id=MOVE.c.named))
        session.execute(delete(FIRM).where(FIRM.c.id.in_(hosts)))


def _insert_cases(session: Session, order: Order) -> None:
    names = [column.name for column in CASE.columns if column.name != "id"]
    session.execute(insert(CASE).from_select(names, select(*(COMING_CASE.c[name] for name in names))))
    same = (CASE.c.call_id == COMING_CASE.c.call_id) & (CASE.c.firm_id == COMING_CASE.c.firm_id)
    _insert_events(
        session, select(CASE.c.id, literal(1), CASE.c.state).select_from(COMING_CASE.join(CASE, same)), order
    )


def _note_old_cases(session: Session, order: Order) -> None:
    """A case that is there keeps its state and what it has; it gets an assessment where it had none."""
    moved = {
        "version": CASE.c.version + 1,
        "changed_at": order.now,
        "assessment_id": func.coalesce(CASE.c.assessment_id, OLD_CASE.c.named),
    }
    session.execute(update(CASE).where(CASE.c.id == OLD_CASE.c.id).values(moved))
    same = CASE.c.id == OLD_CASE.c.id
    _insert_events(
        session, select(CASE.c.id, CASE.c.version, CASE.c.state).select_from(OLD_CASE.join(CASE, same)), order
    )


def _insert_events(session: Session, cases: Select[tuple[int, int, str]], order: Order) -> None:
    columns = _columns_of(CaseEvent).columns
    told = {
        "kind": case_events.IMPORTED,
        "content": {"import": order.order_id},
        "by": OFFICER,
        "user_id": order.user_id,
        "at": order.now,
    }
    named = [literal(value, columns[name].type) for name, value in told.items()]
    rows = cases.add_columns(*named)
    session.execute(insert(_columns_of(CaseEvent)).from_select(["case_id", "number", "state", *told], rows))
