"""Demand that firms of a programme share: the same gap, industry and place, enough of them to be worth a call together.

The idea is that of the C4i4 Lab in Pune: what several firms need is put to providers at once, so that the cost is
shared. Officers see how many firms there are, and no names. A firm is named once its managers have said yes, and for as
long as they do not take it back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.access import MANAGER, NUMBER
from assessment.errors import N_, Conflict, Invalid, NotFound
from assessment.tables import DemandFirm, Firm, Outcome, Programme, Role, SharedDemand, User
from assessment.texts import clean_note
from questionnaires.library import SIZES, Action, Definition
from scoring.columns import TOP

ASKING, CALLED, CLOSED = "asking", "called", "closed"
YES, NO = "yes", "no"
By = Literal["country", "region"]
MOST_GROUPS = 60


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
class Group:
    """Firms of one industry (and region, where it is not "") whose gap the same action closes.

    `firms` counts groups of enterprises; `low` and `high` are what it costs them together, those of unknown size left
    out, in the action's currency.
    """

    action: Action
    section: str
    region: str
    firms: int
    low: float
    high: float


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


@dataclass(frozen=True, slots=True)
class _Standing:
    """The newest outcome of each firm of a programme as columns."""

    firm: NDArray[np.int64]
    group: NDArray[np.int64]
    section: NDArray[np.str_]
    region: NDArray[np.str_]
    size: NDArray[np.str_]
    levels: NDArray[np.uint8]  # firms x questions


def find(session: Session, programme: Programme, definition: Definition, by: By = "country") -> list[Group]:
    """Groups that reach the programme's threshold, the largest first; the rest is not told at all."""
    standing = _standing(session, programme)
    if standing is None:
        return []
    found = []
    for action in definition.actions:
        lacks = _lacking(definition, action, standing)
        if max(high for _, high in action.cost.values()) == 0 or not lacks.any():
            continue
        regions = standing.region if by == "region" else np.full(len(standing.firm), "")
        for section, region in sorted({*zip(standing.section[lacks].tolist(), regions[lacks].tolist(), strict=True)}):
            inside = lacks & (standing.section == section) & (regions == region)
            group = _group(action, section, region, standing, inside)
            if section and (by == "country" or region) and group.firms >= programme.threshold:
                found.append(group)
    found.sort(key=lambda each: (-each.firms, each.action.id, each.section, each.region))
    return found[:MOST_GROUPS]


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

    Raises:
        TooFewShare: they are fewer than the programme's threshold.
        AskedAlready: this group is being asked.
    """
    standing, known = _standing(session, programme), definition.action.get(action)
    if standing is None or known is None or not section:
        raise TooFewShare
    inside = _lacking(definition, known, standing) & (standing.section == section)
    if region:
        inside &= standing.region == region
    if _group(known, section, region, standing, inside).firms < programme.threshold:
        raise TooFewShare
    if any((e.action_id, e.isic_section, e.region) == (action, section, region) for e in _open(session, programme)):
        raise AskedAlready
    demand = SharedDemand(programme_id=programme.id, action_id=action, isic_section=section, region=region)
    demand.text, demand.state, demand.created_at = clean_note(text), ASKING, now
    session.add(demand)
    session.flush()
    numbers = standing.firm[inside].tolist()
    session.add_all(DemandFirm(demand_id=demand.id, firm_id=number) for number in numbers)
    session.flush()
    return _letters(session, demand)


def list_answered(session: Session, programme: Programme) -> list[Answered]:
    """What has been asked in a programme, newest first. Only firms that say yes are named."""
    query = (
        select(SharedDemand, DemandFirm.says, Firm.name)
        .outerjoin(DemandFirm, DemandFirm.demand_id == SharedDemand.id)
        .outerjoin(Firm, Firm.id == DemandFirm.firm_id)
        .where(SharedDemand.programme_id == programme.id)
        .order_by(SharedDemand.id.desc(), Firm.name)
    )
    demands: dict[int, SharedDemand] = {}
    firms: dict[int, int] = {}
    names: dict[int, list[str]] = {}
    for demand, says, name in session.execute(query):
        demands[demand.id] = demand
        firms[demand.id] = firms.get(demand.id, 0) + (says is not None)
        if says == YES:
            names.setdefault(demand.id, []).append(name)
    return [Answered(each, firms[number], tuple(names.get(number, ()))) for number, each in demands.items()]


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
    others: dict[int, int] = {}
    for number in session.scalars(select(DemandFirm.demand_id).where(DemandFirm.demand_id.in_(numbers))):
        others[number] = others.get(number, 0) + 1
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


def _letters(session: Session, demand: SharedDemand) -> list[Letter]:
    query = (
        select(Firm.id, Firm.name, User.email, User.language)
        .join(Role, Role.firm_id == Firm.id)
        .join(User, User.id == Role.user_id)
        .join(DemandFirm, DemandFirm.firm_id == Firm.id)
        .where(DemandFirm.demand_id == demand.id, Role.role == MANAGER, User.disabled_at.is_(None))
        .order_by(Firm.id, User.email)
    )
    return [Letter(*row) for row in session.execute(query)]


def _open(session: Session, programme: Programme) -> Sequence[SharedDemand]:
    query = select(SharedDemand).where(SharedDemand.programme_id == programme.id, SharedDemand.state == ASKING)
    return session.scalars(query).all()


def _standing(session: Session, programme: Programme) -> _Standing | None:
    """The newest outcome of each firm, by the programme's own questionnaire version; the verified one of a year."""
    query = (
        select(Outcome.firm_id, Outcome.group_id, Outcome.isic_section, Outcome.region, Outcome.size, Outcome.levels)
        .where(
            Outcome.programme_id == programme.id,
            Outcome.questionnaire == f"{programme.questionnaire_id}@{programme.questionnaire_version}",
        )
        .order_by(Outcome.wave, Outcome.is_verified, Outcome.assessment_id)
    )
    newest = {row[0]: row for row in session.execute(query)}
    if not newest:
        return None
    firm, group, section, region, size, levels = zip(*newest.values(), strict=True)
    table = np.frombuffer(b"".join(levels), dtype=np.uint8).reshape(len(firm), -1)
    return _Standing(np.array(firm), np.array(group), np.array(section), np.array(region), np.array(size), table)


def _lacking(definition: Definition, action: Action, standing: _Standing) -> NDArray[np.bool_]:
    """The firms whose level is in reach of the action: at its start or above, and below where it leads."""
    place = list(definition.questionnaire.questions).index(action.question)
    levels = standing.levels[:, place]
    found: NDArray[np.bool_] = (levels <= TOP) & (levels >= action.from_) & (levels < action.to)
    return found


def _group(action: Action, section: str, region: str, standing: _Standing, inside: NDArray[np.bool_]) -> Group:
    sizes = standing.size[inside]
    counts = {size: int((sizes == size).sum()) for size in SIZES if size in action.cost}
    low, high = (sum(counts[size] * action.cost[size][end] for size in counts) for end in (0, 1))
    firms = len(np.unique(standing.group[inside]))
    return Group(action, section, region, firms, float(low), float(high))
