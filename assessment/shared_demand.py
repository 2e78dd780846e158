"""Demand that firms of a programme share: the same gap, industry and place, enough of them to be worth a call together.

The idea is that of the C4i4 Lab in Pune: what several firms need is put to providers at once, so that the cost is
shared. Officers see how many firms there are, and no names. A firm is named once its managers have said yes, and for as
long as they do not take it back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from sqlalchemy import and_, func, insert, select
from sqlalchemy.orm import Session, aliased

from assessment import demand_standing, job_queue, programme_figures
from assessment.access import MANAGER, NUMBER
from assessment.demand_rows import Page, Sought, packed, page_of, rows_of, unpacked
from assessment.demand_standing import By, Group, Standing
from assessment.errors import N_, Conflict, Invalid, NotFound
from assessment.tables import DemandFirm, Firm, Programme, Role, SharedDemand, User
from assessment.texts import clean_note
from questionnaires.library import Definition

JOB = "shared_demand"  # its key is the demand's number
ASKING, CALLED, CLOSED = "asking", "called", "closed"
YES, NO = "yes", "no"
EVERY = Sought()


class DemandNotFound(NotFound):
    """There is none of this number, or it is not this person's to see: one answer for both."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such shared demand. Choose one from the list."))


class TooFewShare(Invalid):
    """Fewer firms than the programme's threshold share it: asking would tell who they are."""

    def __init__(self) -> None:
        super().__init__(N_("Too few firms share this demand by now. Choose another group."))


class AskedAlready(Conflict):
    """The same firms would get the same mail twice."""

    def __init__(self) -> None:
        super().__init__(N_("These firms were asked already. See what they have answered."))


class DemandOver(Conflict):
    """What is settled with providers no longer changes here."""

    def __init__(self) -> None:
        super().__init__(N_("This is over: the officers have closed it. Write to them if something has changed."))


@dataclass(frozen=True, slots=True)
class Found:
    """Groups that share a demand, a page of them, as they stood at `as_of`; None: as they stand now.

    Of a large programme they are what was last worked out: nothing yet where `is_known` is False.
    """

    page: Page
    as_of: datetime | None = None
    is_known: bool = True
    is_asked: bool = False  # to be worked out anew

    @property
    def groups(self) -> Sequence[Group]:
        return self.page.groups


@dataclass(frozen=True, slots=True)
class Answered:
    """A shared demand as an officer sees it: how many were asked and said yes, and the names of these only."""

    demand: SharedDemand
    firms: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A shared demand as a firm sees it: what it is about, how many are asked, and what the firm has said."""

    demand: SharedDemand
    programme: str
    questionnaire: str
    firms: int
    says: str


@dataclass(frozen=True, slots=True)
class Letter:
    """Whom to write to: a manager of a firm that is asked, with the language they read."""

    firm_id: int
    firm: str
    email: str
    language: str


def find(
    session: Session, programme: Programme, definition: Definition, by: By = "country", sought: Sought = EVERY
) -> Found:
    """Groups that reach the programme's threshold, the largest first; the rest is not told at all."""
    if not programme_figures.is_large(session, programme.id):
        standing = demand_standing.read_few(session, programme)
        groups = demand_standing.groups(definition, standing, by, programme.threshold) if standing else []
        return Found(page_of(definition, rows_of(groups), sought, programme.threshold))
    kept = programme_figures.find(session, programme.id)
    # A threshold that was raised since holds from now on.
    told = page_of(definition, unpacked(kept.demand.get(by, ())), sought, programme.threshold)
    return Found(told, kept.as_of, kept.as_of is not None, kept.is_asked)


def group(
    session: Session, programme: Programme, definition: Definition, action: str, section: str, region: str
) -> Group:
    """One group, as long as it is large enough to be told of.

    Raises:
        TooFewShare: it is not.
    """
    sought = Sought(action, section, region)
    found = find(session, programme, definition, "region" if region else "country", sought).groups if section else ()
    if len(found) != 1 or not action:
        raise TooFewShare
    return found[0]


def work_out(session: Session, programme: Programme, definition: Definition) -> dict[str, str]:
    """The groups of a programme, by country and region, to be kept."""
    standing = demand_standing.read(session, programme)
    if standing is None:
        return {}
    return {
        by: packed(rows_of(demand_standing.groups(definition, standing, by, programme.threshold)))
        for by in get_args(By)
    }


def ask(
    session: Session,
    programme: Programme,
    definition: Definition,
    action: str,
    section: str,
    region: str,
    text: str,
    now: datetime,
) -> list[Letter]:
    """Ask the firms of a group whether they join a call; returns whom to write to.

    The firms of a large programme are found, asked and written to by a worker, as they stand when it does.

    Raises:
        TooFewShare: they are fewer than the programme's threshold.
        AskedAlready: this group is being asked.
    """
    group(session, programme, definition, action, section, region)
    if any((e.action_id, e.isic_section, e.region) == (action, section, region) for e in _open(session, programme)):
        raise AskedAlready
    demand = SharedDemand(programme_id=programme.id, action_id=action, isic_section=section, region=region)
    demand.text, demand.state, demand.created_at = clean_note(text), ASKING, now
    session.add(demand)
    session.flush()
    if programme_figures.is_large(session, programme.id):
        job_queue.enqueue(session, JOB, str(demand.id), now)
        return []
    return invite(
        session, demand, _members(demand, programme, definition, demand_standing.read_few(session, programme))
    )


def members(session: Session, demand_id: int, definition: Definition) -> list[int]:
    """The firms that a demand is about, as they stand now; none where they are too few by now."""
    demand = session.get_one(SharedDemand, demand_id)
    programme = session.get_one(Programme, demand.programme_id)
    return _members(demand, programme, definition, demand_standing.read(session, programme))


def _members(
    demand: SharedDemand, programme: Programme, definition: Definition, standing: Standing | None
) -> list[int]:
    known = definition.action.get(demand.action_id)
    if standing is None or known is None:
        return []
    found = demand_standing.members(definition, standing, known, demand.isic_section, demand.region)
    numbers, firms = found
    return numbers if firms >= programme.threshold else []


def invite(session: Session, demand: SharedDemand, numbers: Sequence[int]) -> list[Letter]:
    """Ask those of these firms that were not asked yet; returns whom to write to."""
    there = select(DemandFirm.firm_id).where(DemandFirm.demand_id == demand.id, DemandFirm.firm_id.in_(numbers))
    new = sorted({*numbers} - {*session.scalars(there)})
    if not new:
        return []
    session.execute(insert(DemandFirm), [{"demand_id": demand.id, "firm_id": number} for number in new])
    return _letters(session, new)


def open_one(session: Session, demand_id: int) -> tuple[SharedDemand, Programme] | None:
    """A demand that firms are still asked about, with its programme."""
    demand = session.get(SharedDemand, demand_id)
    if demand is None or demand.state != ASKING:
        return None
    return demand, session.get_one(Programme, demand.programme_id)


def list_answered(session: Session, programme: Programme) -> list[Answered]:
    """What has been asked in a programme, newest first. Only firms that say yes are named."""
    row = aliased(DemandFirm)
    asked = select(func.count()).where(row.demand_id == SharedDemand.id).scalar_subquery()
    said_yes = and_(DemandFirm.demand_id == SharedDemand.id, DemandFirm.says == YES)
    query = (
        select(SharedDemand, asked, Firm.name)
        .outerjoin(DemandFirm, said_yes)
        .outerjoin(Firm, Firm.id == DemandFirm.firm_id)
        .where(SharedDemand.programme_id == programme.id)
        .order_by(SharedDemand.id.desc(), Firm.name)
    )
    found: dict[int, tuple[SharedDemand, int, list[str]]] = {}
    for demand, firms, name in session.execute(query):
        found.setdefault(demand.id, (demand, firms, []))[2].extend([] if name is None else [name])
    return [Answered(demand, firms, tuple(names)) for demand, firms, names in found.values()]


def close(session: Session, programme: Programme, number: str, state: str) -> None:
    """The call has gone out, or comes to nothing; firms no longer answer.

    Raises:
        DemandNotFound
    """
    demand = session.get(SharedDemand, int(number)) if NUMBER.fullmatch(number) else None
    if demand is None or demand.programme_id != programme.id or state not in (CALLED, CLOSED):
        raise DemandNotFound
    demand.state = state


def list_asked(session: Session, firm: Firm) -> list[Asked]:
    """What a firm is asked to join, newest first; of the others it sees how many they are."""
    query = (
        select(SharedDemand, Programme, DemandFirm.says)
        .join(DemandFirm, DemandFirm.demand_id == SharedDemand.id)
        .join(Programme, Programme.id == SharedDemand.programme_id)
        .where(DemandFirm.firm_id == firm.id)
        .order_by(SharedDemand.id.desc())
    )
    found = session.execute(query).all()
    numbers = [demand.id for demand, _, _ in found]
    counts = select(DemandFirm.demand_id, func.count()).where(DemandFirm.demand_id.in_(numbers))
    others = {row[0]: row[1] for row in session.execute(counts.group_by(DemandFirm.demand_id))}
    return [
        Asked(demand, of.name, f"{of.questionnaire_id}@{of.questionnaire_version}", others[demand.id], says)
        for demand, of, says in found
    ]


def answer(session: Session, firm: Firm, number: str, says: str, now: datetime) -> None:
    """A firm says yes or no, as often as it likes while the demand is open; "" takes back what it said.

    Raises:
        DemandNotFound: the firm was not asked.
        DemandOver: it is closed. A yes can still be taken back.
    """
    query = (
        select(DemandFirm, SharedDemand)
        .join(SharedDemand, SharedDemand.id == DemandFirm.demand_id)
        .where(DemandFirm.firm_id == firm.id, DemandFirm.demand_id == (int(number) if NUMBER.fullmatch(number) else 0))
        .with_for_update(of=DemandFirm)
    )
    found = session.execute(query).one_or_none()
    if found is None or says not in (YES, NO, ""):
        raise DemandNotFound
    row, demand = found
    if demand.state != ASKING and says == YES:
        raise DemandOver
    row.says, row.said_at = says, now


def _letters(session: Session, firms: Sequence[int]) -> list[Letter]:
    query = (
        select(Firm.id, Firm.name, User.email, User.language)
        .join(Role, Role.firm_id == Firm.id)
        .join(User, User.id == Role.user_id)
        .where(Firm.id.in_(firms), Role.role == MANAGER, User.disabled_at.is_(None))
        .order_by(Firm.id, User.email)
    )
    return [Letter(*row) for row in session.execute(query)]


def _open(session: Session, programme: Programme) -> Sequence[SharedDemand]:
    query = select(SharedDemand).where(SharedDemand.programme_id == programme.id, SharedDemand.state == ASKING)
    return session.scalars(query).all()
