"""Many cases at once: each by itself, with a list of those that could not be done and why; nothing is lost."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import case_moves
from assessment.case_states import NOT_SELECTED, OFFICER, SELECTED
from assessment.errors import N_, Invalid, Refusal
from assessment.programme_access import CaseHasMoved, Membership, OpenCase
from assessment.tables import Firm, ProgrammeCall, ProgrammeCase

CHOSEN = re.compile(r"([1-9]\d{0,8}):([1-9]\d{0,8})")
MOST = 200


class NothingChosen(Invalid):
    """Something has to be ticked."""

    def __init__(self) -> None:
        super().__init__(N_("Choose at least one case, and what is to be done with it."))


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done, with what it needs."""

    action: str  # select | not_select | assign | due | own
    reason: str = ""
    assessor: str = ""
    visit_on: str = ""
    due_on: str = ""


@dataclass(frozen=True, slots=True)
class NotDone:
    """A case that stays as it was."""

    id: int
    firm: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it."""

    done: Sequence[tuple[int, str]]  # number of the case, firm
    not_done: Sequence[NotDone]


def _select(session: Session, opened: OpenCase, order: Order, now: datetime) -> None:
    case_moves.move(session, opened, SELECTED, now)


def _not_select(session: Session, opened: OpenCase, order: Order, now: datetime) -> None:
    case_moves.move(session, opened, NOT_SELECTED, now, order.reason)


def _assign(session: Session, opened: OpenCase, order: Order, now: datetime) -> None:
    case_moves.assign(session, opened, order.assessor, order.visit_on, now)


def _set_due(session: Session, opened: OpenCase, order: Order, now: datetime) -> None:
    case_moves.set_due(session, opened, order.due_on, now)


def _own(session: Session, opened: OpenCase, order: Order, now: datetime) -> None:
    case_moves.own(session, opened, now)


ACTIONS: dict[str, Callable[[Session, OpenCase, Order, datetime], None]] = {
    "select": _select,
    "not_select": _not_select,
    "assign": _assign,
    "due": _set_due,
    "own": _own,
}


def do(session: Session, membership: Membership, chosen: Iterable[str], order: Order, now: datetime) -> Done:
    """Do the same with many cases of a programme, for an officer.

    `chosen` are "number:version", as the page had shown them: what has moved since is not done.

    Raises:
        NotYours: officers do it.
        NothingChosen: no case, or no such action.
    """
    member = membership.member(OFFICER)
    seen = {int(found[1]): int(found[2]) for found in map(CHOSEN.fullmatch, chosen) if found}
    if not seen or len(seen) > MOST or order.action not in ACTIONS:
        raise NothingChosen
    done: list[tuple[int, str]] = []
    not_done: list[NotDone] = []
    for case, firm in _held(session, membership.programme.id, list(seen)):
        opened = OpenCase(case, membership.programme, OFFICER, member, membership.user_id, {OFFICER: member})
        try:
            if case.version != seen[case.id]:
                raise CaseHasMoved
            with session.begin_nested():
                ACTIONS[order.action](session, opened, order, now)
        except Refusal as refusal:
            not_done.append(NotDone(case.id, firm, refusal))
        else:
            done.append((case.id, firm))
    return Done(done, not_done)


def _held(session: Session, programme_id: int, numbers: list[int]) -> Sequence[Any]:
    """The cases with their firms' names, in the order of their numbers: all who hold several wait in that order."""
    cases = select(ProgrammeCase, Firm.name).join(Firm, Firm.id == ProgrammeCase.firm_id)
    cases = cases.where(ProgrammeCase.programme_id == programme_id, ProgrammeCase.id.in_(numbers))
    cases = cases.order_by(ProgrammeCase.id).with_for_update(of=ProgrammeCase)
    found = session.execute(cases.execution_options(populate_existing=True)).all()
    calls = select(ProgrammeCall.id).where(ProgrammeCall.id.in_({case.call_id for case, _ in found}))
    session.execute(calls.order_by(ProgrammeCall.id).with_for_update()).all()
    return found
