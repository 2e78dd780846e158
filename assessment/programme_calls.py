"""Calls of a programme: from which day to which day firms can apply. Days are those of UTC."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessment.access import NUMBER
from assessment.errors import N_, Conflict, Invalid, NotFound
from assessment.tables import Programme, ProgrammeCall, ProgrammeCase, ProgrammeMember
from assessment.texts import clean_name

MOST_PLACES = 1_000_000
SOON, OPEN, CLOSED = "soon", "open", "closed"


class CallNotFound(NotFound):
    """No call has this number, or not in this programme, or its programme is not open."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such call. Choose one from the list of open calls."))


class CallHasCases(Conflict):
    """Firms have applied: what they applied to stays."""

    def __init__(self) -> None:
        super().__init__(
            N_("Firms have applied to this call, so it stays. Set its last day to an earlier one instead.")
        )


class InvalidCall(Invalid):
    """What is wrong with a call, by field."""

    def __init__(self, problems: dict[str, Invalid]) -> None:
        self.problems = problems
        first = next(iter(problems.values()))
        super().__init__(first.message, **first.values)


@dataclass(frozen=True, slots=True)
class CallPlan:
    """What an officer says of a call; both days are in it."""

    title: str
    opens_on: str  # ISO day
    closes_on: str
    places: int | None = None


@dataclass(frozen=True, slots=True)
class ListedCall:
    """A call, how many firms have applied, and how it stands today: soon | open | closed."""

    call: ProgrammeCall
    firms: int
    standing: str


def today_of(now: datetime) -> str:
    return now.date().isoformat()


def standing_of(call: ProgrammeCall, today: str) -> str:
    return SOON if today < call.opens_on else CLOSED if today > call.closes_on else OPEN


def checked(plan: CallPlan) -> CallPlan:
    """A plan as it is kept.

    Raises:
        InvalidCall: by field what does not fit.
    """
    problems: dict[str, Invalid] = {}
    title = ""
    try:
        title = clean_name(plan.title)
    except Invalid as refusal:
        problems["title"] = refusal
    if not title and not problems:
        problems["title"] = Invalid(N_("Enter a title that firms recognise the call by."))
    for name, day in (("opens_on", plan.opens_on), ("closes_on", plan.closes_on)):
        if not is_day(day):
            problems[name] = Invalid(N_("Write the day as year-month-day, such as 2026-11-22."))
    if not problems and plan.closes_on < plan.opens_on:
        problems["closes_on"] = Invalid(N_("The last day comes before the first. Choose a later one."))
    if plan.places is not None and not 1 <= plan.places <= MOST_PLACES:
        problems["places"] = Invalid(N_("Enter how many firms can be selected, or leave it open."))
    if problems:
        raise InvalidCall(problems)
    return CallPlan(title, plan.opens_on, plan.closes_on, plan.places)


def is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def add(session: Session, programme: Programme, plan: CallPlan, now: datetime) -> ProgrammeCall:
    """Raises InvalidCall when something in the plan does not fit."""
    call = ProgrammeCall(programme_id=programme.id, created_at=now)
    _set(call, checked(plan))
    session.add(call)
    session.flush()
    return call


def change(call: ProgrammeCall, plan: CallPlan) -> None:
    """Raises InvalidCall when something in the plan does not fit."""
    _set(call, checked(plan))


def _set(call: ProgrammeCall, plan: CallPlan) -> None:
    call.title, call.opens_on, call.closes_on, call.places = plan.title, plan.opens_on, plan.closes_on, plan.places


def remove(session: Session, call: ProgrammeCall) -> None:
    """Raises CallHasCases when firms have applied."""
    if has_cases(session, call):
        raise CallHasCases
    session.delete(call)
    session.flush()


def has_cases(session: Session, call: ProgrammeCall) -> bool:
    """Whether any firm has applied."""
    return session.scalar(select(ProgrammeCase.id).where(ProgrammeCase.call_id == call.id).limit(1)) is not None


def get(session: Session, programme: Programme, number: str) -> ProgrammeCall:
    """Raises CallNotFound when the programme has no such call."""
    found = session.get(ProgrammeCall, int(number)) if NUMBER.fullmatch(number) else None
    if found is None or found.programme_id != programme.id:
        raise CallNotFound
    return found


def list_calls(session: Session, programme_id: int, today: str) -> Sequence[ListedCall]:
    """The calls of a programme, the newest first."""
    firms = select(func.count()).where(ProgrammeCase.call_id == ProgrammeCall.id).scalar_subquery()
    query = select(ProgrammeCall, firms).where(ProgrammeCall.programme_id == programme_id)
    ordered = query.order_by(ProgrammeCall.opens_on.desc(), ProgrammeCall.id.desc())
    return [ListedCall(call, count, standing_of(call, today)) for call, count in session.execute(ordered)]


def open_calls(session: Session, today: str, country: str = "") -> Sequence[tuple[ProgrammeCall, Programme]]:
    """The calls that firms can apply to today, those that close first before the others."""
    query = (
        select(ProgrammeCall, Programme)
        .join(Programme, Programme.id == ProgrammeCall.programme_id)
        .where(Programme.state == OPEN, ProgrammeCall.opens_on <= today, ProgrammeCall.closes_on >= today)
        .order_by(ProgrammeCall.closes_on, ProgrammeCall.id)
    )
    if country:
        query = query.where(Programme.country == country)
    return [(call, programme) for call, programme in session.execute(query)]


def get_public(session: Session, number: str, user_id: int | None) -> tuple[ProgrammeCall, Programme]:
    """A call as everybody may read it: of an open or closed programme; drafts are for who is in the programme.

    Raises:
        CallNotFound: there is no such call.
    """
    query = select(ProgrammeCall, Programme).join(Programme, Programme.id == ProgrammeCall.programme_id)
    found = (
        session.execute(query.where(ProgrammeCall.id == int(number))).one_or_none()
        if NUMBER.fullmatch(number)
        else None
    )
    if found is None:
        raise CallNotFound
    call, programme = found
    if programme.state == "draft" and not _is_in(session, programme.id, user_id):
        raise CallNotFound
    return call, programme


def _is_in(session: Session, programme_id: int, user_id: int | None) -> bool:
    if user_id is None:
        return False
    query = select(ProgrammeMember.id).where(ProgrammeMember.programme_id == programme_id)
    return session.scalar(query.where(ProgrammeMember.user_id == user_id).limit(1)) is not None
