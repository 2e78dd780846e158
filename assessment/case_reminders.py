"""Reminders: whoever has to act next hears of it three days before the due day and on it, once each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from assessment import case_events, job_queue
from assessment.access import MANAGER
from assessment.case_states import (
    ASSESSOR,
    COMMITTEE,
    FIRM,
    OFFICER,
    ON_SITE,
    committee_due_on,
    next_actor,
    standing_of,
)
from assessment.errors import N_, Conflict
from assessment.programme_access import NotYours, OpenCase
from assessment.tables import CaseEvent, Firm, Job, Programme, ProgrammeCase, ProgrammeMember, Role, User

JOB = "case_reminders"  # its key is the day
BEFORE = timedelta(days=3)


class NobodyToRemind(Conflict):
    """Nothing is left to do, or whoever has to do it has no account."""

    def __init__(self) -> None:
        super().__init__(
            N_("There is nobody to remind: nothing is to be done, or nobody with an account has to do it.")
        )


class RemindedToday(Conflict):
    """Once a day is enough."""

    def __init__(self) -> None:
        super().__init__(N_("A reminder went out today already. Wait until tomorrow."))


@dataclass(frozen=True, slots=True)
class DueCase:
    """A case in a reminder."""

    id: int
    firm: str
    programme: str
    state: str
    due_on: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """What one person is reminded of."""

    email: str
    language: str
    cases: tuple[DueCase, ...]


def order(session: Session, now: datetime) -> None:
    """Have today's reminders sent, once a day and only where there are any."""
    today = now.date()
    ordered = exists().where(Job.kind == JOB, Job.key == today.isoformat())
    if not session.scalar(select(ordered)) and session.scalar(select(exists().where(_is_due(today)))):
        job_queue.enqueue(session, JOB, today.isoformat(), now)


def _is_due(today: date) -> ColumnElement[bool]:
    """Three days before, not reminded yet; or on the day and after it, not reminded since."""
    soon = and_(ProgrammeCase.due_on > today.isoformat(), ProgrammeCase.reminded_on == "")
    late = and_(ProgrammeCase.due_on <= today.isoformat(), ProgrammeCase.reminded_on < ProgrammeCase.due_on)
    until = (today + BEFORE).isoformat()
    return and_(ProgrammeCase.due_on > "", ProgrammeCase.due_on <= until, or_(soon, late))


def take_due(session: Session, now: datetime) -> Sequence[Reminder]:
    """The reminders that are due, by person; taken, they are not due any more. Mail them in the same transaction."""
    today = now.date()
    pass_on(session, now)
    query = (
        select(ProgrammeCase, Programme.response_days, Programme.name, Firm.name)
        .join(Programme, Programme.id == ProgrammeCase.programme_id)
        .join(Firm, Firm.id == ProgrammeCase.firm_id)
        .where(_is_due(today))
        .order_by(ProgrammeCase.due_on, ProgrammeCase.id)
        .with_for_update(of=ProgrammeCase, skip_locked=True)
    )
    found = session.execute(query).all()
    taken = [(case, next_actor(standing_of(case, days), today.isoformat()), p, f) for case, days, p, f in found]
    whose = _people(session, [(case, actor) for case, actor, *_ in taken])
    by_person: dict[tuple[str, str], list[DueCase]] = defaultdict(list)
    for case, _, programme, firm in taken:
        for person in whose[case.id]:
            by_person[person].append(DueCase(case.id, firm, programme, case.state, case.due_on))
    _note(session, [(case, whose[case.id], actor) for case, actor, *_ in taken], now)
    return [Reminder(email, language, tuple(cases)) for (email, language), cases in sorted(by_person.items())]


def remind_now(session: Session, opened: OpenCase, now: datetime) -> Sequence[Reminder]:
    """A reminder by hand, for whoever has to act next; the caller holds the case's row, and mails it.

    Raises:
        NotYours: firms remind nobody.
        NobodyToRemind, RemindedToday
    """
    case, today = opened.case, now.date().isoformat()
    if opened.role == FIRM:
        raise NotYours
    if case.reminded_on == today:
        raise RemindedToday
    actor = next_actor(standing_of(case, opened.programme.response_days), today)
    people = _people(session, [(case, actor)])[case.id]
    if not people:
        raise NobodyToRemind
    firm = session.get_one(Firm, case.firm_id).name
    case.reminded_on = today
    case_events.record(
        session,
        case,
        case_events.REMINDED,
        now,
        by=opened.role,
        user_id=opened.user_id,
        actor=actor,
        people=len(people),
    )
    due = DueCase(case.id, firm, opened.programme.name, case.state, case.due_on)
    return [Reminder(email, language, (due,)) for email, language in people]


def pass_on(session: Session, now: datetime) -> None:
    """Where the days in which a firm may respond are over, the next step is the committee's, with days of its own."""
    query = (
        select(ProgrammeCase, Programme.response_days)
        .join(Programme, Programme.id == ProgrammeCase.programme_id)
        .where(
            ProgrammeCase.state == ON_SITE,
            ProgrammeCase.handed_in_at.is_not(None),
            ProgrammeCase.responded_at.is_(None),
            ProgrammeCase.due_on < now.date().isoformat(),
        )
        .with_for_update(of=ProgrammeCase, skip_locked=True)
    )
    for case, days in session.execute(query).all():
        until = standing_of(case, days).response_until
        if case.due_on == until:
            case.due_on, case.reminded_on = committee_due_on(date.fromisoformat(until)), ""
    session.flush()


def _people(session: Session, cases: Sequence[tuple[ProgrammeCase, str]]) -> Mapping[int, list[tuple[str, str]]]:
    """Address and language of those who have to act in each case, in a fixed number of statements.

    An officer is the one who owns the case, or else every officer of the programme.
    """
    managers = _managers(session, {case.firm_id for case, actor in cases if actor == FIRM})
    members = _members(session, {case.programme_id for case, actor in cases if actor != FIRM})
    found: dict[int, list[tuple[str, str]]] = {}
    for case, actor in cases:
        there = members.get(case.programme_id, [])
        if actor == FIRM:
            found[case.id] = managers.get(case.firm_id, [])
        elif actor == OFFICER:
            owner = [person for id, _, person in there if id == case.owner_id]
            found[case.id] = owner or [person for _, role, person in there if role == OFFICER]
        elif actor == ASSESSOR:
            found[case.id] = [person for id, _, person in there if id == case.assessor_id]
        else:
            found[case.id] = [person for _, role, person in there if role == COMMITTEE == actor]
    return found


def _managers(session: Session, firms: Iterable[int]) -> Mapping[int, list[tuple[str, str]]]:
    query = select(Role.firm_id, User.email, User.language).join(User, User.id == Role.user_id)
    query = query.where(Role.role == MANAGER, Role.firm_id.in_(firms), User.disabled_at.is_(None))
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for firm_id, email, language in session.execute(query.order_by(User.email)):
        if firm_id is not None:
            found[firm_id].append((email, language))
    return found


def managers_of(session: Session, firm_id: int) -> tuple[str, list[tuple[str, str]]]:
    """A firm's name, and address and language of its managers."""
    return session.get_one(Firm, firm_id).name, _managers(session, [firm_id]).get(firm_id, [])


def _members(session: Session, programmes: Iterable[int]) -> Mapping[int, list[tuple[int, str, tuple[str, str]]]]:
    query = select(
        ProgrammeMember.programme_id, ProgrammeMember.id, ProgrammeMember.role, User.email, User.language
    ).join(User, User.id == ProgrammeMember.user_id)
    query = query.where(ProgrammeMember.programme_id.in_(programmes), User.disabled_at.is_(None))
    found: dict[int, list[tuple[int, str, tuple[str, str]]]] = defaultdict(list)
    for programme_id, id, role, email, language in session.execute(query.order_by(User.email)):
        found[programme_id].append((id, role, (email, language)))
    return found


def _note(session: Session, cases: Sequence[tuple[ProgrammeCase, list[tuple[str, str]], str]], now: datetime) -> None:
    """Note the reminders, all at once: thousands may be due on a day."""
    if not cases:
        return
    table: Any = ProgrammeCase.__table__
    today = now.date().isoformat()
    changed = update(table).where(table.c.id == bindparam("case"))
    changed = changed.values(reminded_on=today, version=bindparam("number"), changed_at=now)
    told = [(case, people, actor) for case, people, actor in cases if people]
    untold = [case for case, people, _ in cases if not people]
    if told:
        session.connection().execute(changed, [{"case": c.id, "number": c.version + 1} for c, *_ in told])
        events = [
            {
                "case_id": case.id,
                "number": case.version + 1,
                "kind": case_events.REMINDED,
                "state": case.state,
                "content": {"actor": actor, "people": len(people)},
                "by": "",
                "at": now,
            }
            for case, people, actor in told
        ]
        session.execute(insert(CaseEvent), events)
    if untold:  # nobody with an account: not looked at again until something changes
        silent = update(table).where(table.c.id == bindparam("case")).values(reminded_on=today)
        session.connection().execute(silent, [{"case": case.id} for case in untold])
    session.expire_all()
