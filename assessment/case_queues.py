"""Queues: the cases of a programme that somebody sees there, by filters, those that are due first on top."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from assessment.case_states import ASSESSOR, COMMITTEE, OFFICER, ON_SITE, STATES, next_actor, standing_of
from assessment.programme_access import Membership
from assessment.tables import Firm, ProgrammeCall, ProgrammeCase, ProgrammeMember, User

ON_A_PAGE = 100
NOT_KNOWN = "none"
AFTER = re.compile(r"(\d{4}-\d{2}-\d{2})?\.([1-9]\d{0,8})")


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for; what is empty is not asked."""

    state: str = ""
    call: str = ""  # number
    assessor: str = ""  # number of the membership; "none": nobody yet
    section: str = ""  # of ISIC
    size: str = ""  # class by the programme's scheme
    region: str = ""
    overdue: bool = False
    words: str = ""  # in the firm's name


@dataclass(frozen=True, slots=True)
class Queued:
    """A case in a queue."""

    id: int
    version: int
    firm: str
    state: str
    call: str
    due_on: str
    visit_on: str
    owner: str
    assessor: str
    created_at: datetime
    changed_at: datetime  # of the last event
    actor: str  # who does the next step; empty where nothing is left to do


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of cases; `after` leads to the next one, and is empty on the last."""

    cases: Sequence[Queued]
    after: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be filtered by, and how many cases are in each state."""

    calls: Mapping[int, str] = field(default_factory=dict)
    assessors: Mapping[int, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)


def role_of(membership: Membership, wished: str = "") -> str:
    """In which role somebody looks at the queue: the wished one, where they have it."""
    mine = [role for role in (OFFICER, COMMITTEE, ASSESSOR) if membership.has(role)]
    return wished if wished in mine else next(iter(mine), "")


def list_cases(
    session: Session, membership: Membership, role: str, filters: Filters, now: datetime, after: str = ""
) -> Queue:
    """A page of the queue. Officers see all cases, the committee those to endorse, an assessor only their own.

    Cases that are due come first, the longest overdue on top; then those in which nothing is left to do.
    """
    wanted = [*_visible(membership, role, now), *_matching(filters, now.date().isoformat())]
    known = AFTER.fullmatch(after)
    day, number = (known[1] or "", int(known[2])) if known else ("", 0)
    rows: list[Any] = []
    if day or not known:
        beyond = or_(ProgrammeCase.due_on > day, and_(ProgrammeCase.due_on == day, ProgrammeCase.id > number))
        query = _rows().where(*wanted, ProgrammeCase.due_on > "", beyond)
        query = query.order_by(ProgrammeCase.due_on, ProgrammeCase.id).limit(ON_A_PAGE + 1)
        rows = list(session.execute(query))
    if len(rows) <= ON_A_PAGE and not filters.overdue:
        query = _rows().where(*wanted, ProgrammeCase.due_on == "", ProgrammeCase.id > (0 if day else number))
        rows += session.execute(query.order_by(ProgrammeCase.id).limit(ON_A_PAGE + 1 - len(rows)))
    shown = [_queued(row, membership.programme.response_days, now) for row in rows[:ON_A_PAGE]]
    more = len(rows) > ON_A_PAGE
    return Queue(shown, f"{shown[-1].due_on}.{shown[-1].id}" if more else "")


def found_by(
    session: Session, membership: Membership, role: str, filters: Filters, now: datetime, most: int
) -> list[str]:
    """All that the filters find, as "number:version" in the order of the queue; no more than `most`."""
    wanted = [*_visible(membership, role, now), *_matching(filters, now.date().isoformat())]
    query = select(ProgrammeCase.id, ProgrammeCase.version).join(Firm, Firm.id == ProgrammeCase.firm_id)
    query = query.where(*wanted).order_by(ProgrammeCase.due_on, ProgrammeCase.id).limit(most)
    return [f"{number}:{version}" for number, version in session.execute(query)]


def _rows() -> Select[Any]:
    owning, owner, assessing, assessor = (
        aliased(ProgrammeMember),
        aliased(User),
        aliased(ProgrammeMember),
        aliased(User),
    )
    columns: list[Any] = [
        ProgrammeCase.id,
        ProgrammeCase.version,
        Firm.name.label("firm"),
        ProgrammeCase.state,
        ProgrammeCall.title.label("call"),
        ProgrammeCase.due_on,
        ProgrammeCase.visit_on,
        _called(owner).label("owner"),
        _called(assessor).label("assessor"),
        ProgrammeCase.created_at,
        ProgrammeCase.changed_at,
        ProgrammeCase.handed_in_at,
        ProgrammeCase.responded_at,
    ]
    return (
        select(*columns)
        .join(Firm, Firm.id == ProgrammeCase.firm_id)
        .join(ProgrammeCall, ProgrammeCall.id == ProgrammeCase.call_id)
        .outerjoin(owning, owning.id == ProgrammeCase.owner_id)
        .outerjoin(owner, owner.id == owning.user_id)
        .outerjoin(assessing, assessing.id == ProgrammeCase.assessor_id)
        .outerjoin(assessor, assessor.id == assessing.user_id)
    )


def _called(person: type[User]) -> ColumnElement[str]:
    return case((func.coalesce(person.name, "") != "", person.name), else_=func.coalesce(person.email, ""))


def _queued(row: Any, response_days: int, now: datetime) -> Queued:
    actor = next_actor(standing_of(row, response_days), now.date().isoformat())
    return Queued(**{name: getattr(row, name) for name in Queued.__slots__ if name != "actor"}, actor=actor)


def _visible(membership: Membership, role: str, now: datetime) -> list[ColumnElement[bool]]:
    found = [ProgrammeCase.programme_id == membership.programme.id]
    if role == ASSESSOR:
        found.append(ProgrammeCase.assessor_id == membership.member(ASSESSOR).id)
    elif role == COMMITTEE:
        found += to_endorse(membership.programme.response_days, now)
    else:
        membership.member(OFFICER)
    return found


def to_endorse(response_days: int, now: datetime) -> list[ColumnElement[bool]]:
    """What the committee can act on: handed in, and the firm has responded or its days are over."""
    midnight = datetime.combine(now.date() - timedelta(days=response_days), datetime.min.time(), now.tzinfo)
    is_over = or_(ProgrammeCase.responded_at.is_not(None), ProgrammeCase.handed_in_at < midnight)
    return [ProgrammeCase.state == ON_SITE, ProgrammeCase.handed_in_at.is_not(None), is_over]


def _matching(filters: Filters, today: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.state in STATES:
        found.append(ProgrammeCase.state == filters.state)
    if filters.call.isdecimal():
        found.append(ProgrammeCase.call_id == _number(filters.call))
    if filters.assessor == "none":
        found.append(ProgrammeCase.assessor_id.is_(None))
    elif filters.assessor.isdecimal():
        found.append(ProgrammeCase.assessor_id == _number(filters.assessor))
    if filters.section:
        found.append(Firm.isic_section == filters.section)
    if filters.size:
        found.append(ProgrammeCase.size == (filters.size if filters.size != NOT_KNOWN else ""))
    if filters.region:
        found.append(Firm.region == filters.region)
    if filters.overdue:
        found += [ProgrammeCase.due_on < today, ProgrammeCase.due_on > ""]
    if filters.words.strip():
        found.append(Firm.name.icontains(filters.words.strip(), autoescape=True))
    return found


def _number(text: str) -> int:
    """A number that every database takes; one beyond them is nobody's."""
    return int(text) if len(text) < 10 else 0


def choices(session: Session, programme_id: int) -> Choices:
    """What the filters of a programme offer, in one statement."""
    number = literal(0)
    calls = select(literal("call"), ProgrammeCall.id, ProgrammeCall.title, number).where(
        ProgrammeCall.programme_id == programme_id
    )
    assessors = (
        select(literal("assessor"), ProgrammeMember.id, _called(User), number)
        .join(User, User.id == ProgrammeMember.user_id)
        .where(ProgrammeMember.programme_id == programme_id, ProgrammeMember.role == ASSESSOR)
    )
    counts = (
        select(literal("state"), number, ProgrammeCase.state, func.count())
        .where(ProgrammeCase.programme_id == programme_id)
        .group_by(ProgrammeCase.state)
    )
    found = session.execute(union_all(calls, assessors, counts)).all()
    return Choices(
        {id: text for kind, id, text, _ in found if kind == "call"},
        dict(sorted(((id, text) for kind, id, text, _ in found if kind == "assessor"), key=lambda pair: pair[1])),
        {text: n for kind, _, text, n in found if kind == "state"},
    )


def age(created_at: datetime, today: date) -> int:
    """Days since a firm has applied."""
    return max((today - created_at.date()).days, 0)
