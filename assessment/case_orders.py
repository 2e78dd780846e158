"""The same for all cases that a filter finds: ordered once, done piece by piece by a worker, with what could not be."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import case_bulk, job_queue, programme_access
from assessment.access import NUMBER
from assessment.case_bulk import ACTIONS, Done, NothingChosen, Order
from assessment.case_moves import SayWhy, clean_day
from assessment.case_states import OFFICER
from assessment.errors import N_, Invalid, NotFound
from assessment.programme_access import Membership, NotYours, ProgrammeNotFound
from assessment.tables import CaseOrder as CaseOrder  # pages name the type by this module
from assessment.tables import Firm, ProgrammeCase

JOB = "case_order"  # its key is the order's number
MOST = 5_000
AT_ONCE = 50  # cases, in a transaction
SHOWN = 500  # cases on a page of those that stay as they were
QUEUED, DONE, FAILED = "queued", "done", "failed"


class TooManyFound(Invalid):
    """So many at once are more than anybody can look through afterwards."""

    def __init__(self) -> None:
        super().__init__(N_("The filter finds more than %(most)d cases. Narrow it down, then try again."), most=MOST)


class OrderNotFound(NotFound):
    """There is none of this number, or it is another programme's: one answer for both."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such order in this programme. Go back to its cases."))


@dataclass(frozen=True, slots=True)
class Stayed:
    """A case that stays as it was, and why."""

    id: int
    firm: str
    message: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Piece:
    """What one transaction has done, for whom to tell of it."""

    membership: Membership
    order: Order
    done: Done


def check(order: Order, found: int) -> None:
    """Refuse what would be refused of each case.

    Raises:
        NothingChosen: no case, or no such action.
        TooManyFound
        SayWhy, InvalidDay: what the action needs is not there.
    """
    if not found or order.action not in ACTIONS:
        raise NothingChosen
    if found > MOST:
        raise TooManyFound
    if order.action == "not_select" and not order.reason.strip():
        raise SayWhy
    if order.action == "due":
        clean_day(order.due_on, is_needed=True)


def place(session: Session, membership: Membership, chosen: Sequence[str], order: Order, now: datetime) -> CaseOrder:
    """Have the same done with many cases, each "number:version" as it is now; what moves before its turn is not done.

    Raises:
        NotYours: officers do it.
        What `check` raises.
    """
    membership.member(OFFICER)
    check(order, len(chosen))
    row = CaseOrder(programme_id=membership.programme.id, user_id=membership.user_id, requested_at=now)
    row.content, row.cases, row.not_done, row.place, row.state = asdict(order), list(chosen), [], 0, QUEUED
    session.add(row)
    session.flush()
    job_queue.enqueue(session, JOB, str(row.id), now)
    return row


def do_some(session: Session, order_id: int, now: datetime) -> Piece | None:
    """Do the next cases of an order in the caller's transaction; None when nothing is left to do.

    Whoever is no officer any more has nothing done in their name.
    """
    held = select(CaseOrder).where(CaseOrder.id == order_id).with_for_update()
    row = session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if row is None or row.state != QUEUED:
        return None
    some = row.cases[row.place : row.place + AT_ONCE]
    order = Order(**row.content)
    try:
        membership = programme_access.open_programme(session, row.programme_id, row.user_id or 0, OFFICER)
    except (ProgrammeNotFound, NotYours):
        fail(session, order_id, now)
        return None
    done = case_bulk.do(session, membership, some, order, now)
    row.not_done = [*row.not_done, *([e.id, e.refusal.message, e.refusal.values] for e in done.not_done)]
    row.place += len(some)
    if row.place >= len(row.cases):
        row.state, row.finished_at = DONE, now
    session.flush()
    return Piece(membership, order, done)


def fail(session: Session, order_id: int, now: datetime) -> None:
    """What is done stays done, and the rest is not tried again."""
    row = session.get(CaseOrder, order_id)
    if row is not None and row.state == QUEUED:
        row.state, row.finished_at = FAILED, now


def get(session: Session, membership: Membership, number: str) -> CaseOrder:
    """An order of the programme, for its officers.

    Raises:
        OrderNotFound
    """
    row = session.get(CaseOrder, int(number)) if NUMBER.fullmatch(number) else None
    if row is None or row.programme_id != membership.programme.id:
        raise OrderNotFound
    return row


def stayed(session: Session, row: CaseOrder, first: int = 0) -> list[Stayed]:
    """Cases of an order that stay as they were, `SHOWN` of them; a case that has gone since is left out."""
    some = row.not_done[first : first + SHOWN]
    query = select(ProgrammeCase.id, Firm.name).join(Firm, Firm.id == ProgrammeCase.firm_id)
    query = query.where(ProgrammeCase.id.in_([number for number, _, _ in some]))
    names = {number: name for number, name in session.execute(query)}  # noqa: C416  rows are no pairs to `dict`
    return [Stayed(number, names[number], message, values) for number, message, values in some if number in names]
