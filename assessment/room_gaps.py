"""The gaps of a room: where it stands below where it wants to be, and the short list that people put in order."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import room_levels, workshop_events
from assessment.errors import N_, Conflict, Invalid
from assessment.room_askings import askings_of, full_shares
from assessment.rounds import LEVELS, WorkshopNotRunning, list_rounds
from assessment.tables import Workshop, WorkshopEvent, WorkshopGap
from assessment.texts import clean_text
from assessment.workshop_rules import BOUNDS, WorkshopRules
from questionnaires.library import Definition
from questionnaires.schema import Questionnaire
from scoring.gap_features import gap_features
from scoring.gaps import Gap, Target, gaps_of_levels
from scoring.group_difference import group_difference

FEWEST, MOST = (int(bound) for bound in BOUNDS["shortlist"])
NOTE_CHARACTERS = 500
CHANGED, FIXED = "gap", "list"  # kinds of events
SAME = 12  # digits after the point in which two values must differ to be no tie


class ListStands(Conflict):
    """What people compare is not changed while they compare it, nor afterwards."""

    def __init__(self) -> None:
        super().__init__(N_("The list is fixed. It stays as it is, so that what people said of it stays true."))


class NoSuchGap(Invalid):
    """A gap is of a question that the room has settled, below its target."""

    def __init__(self) -> None:
        super().__init__(N_("This is no gap of the room now. Look at the list again."))


class ListTooShort(Invalid):
    """Two gaps at least can be compared, and eight where there are so many."""

    def __init__(self, least: int) -> None:
        super().__init__(N_("Put at least %(least)d gaps on the list."), least=least)


class ListTooLong(Invalid):
    """Beyond fifteen nobody compares with care."""

    def __init__(self) -> None:
        super().__init__(N_("Put at most %(most)d gaps on the list."), most=MOST)


class WhyMissing(Invalid):
    """Whoever departs from gap x weight says why."""

    def __init__(self, count: int) -> None:
        super().__init__(
            N_("Write a few words beside each gap that you took on or off (%(count)d without)."), count=count
        )


@dataclass(frozen=True, slots=True)
class RoomGap:
    """One gap; `size` in points of the scale, `value` = size x weight, `place` by it, from 1.

    `is_proposed` by the rule, `is_listed` as it stands; `note` says why they differ. `wanted` is the level that was
    chosen in the room, None for the next level of the ladder.
    """

    question: str
    dimension: str
    level: int
    target: int
    wanted: int | None
    size: float
    weight: float
    value: float
    place: int
    is_proposed: bool
    is_listed: bool
    note: str

    @property
    def needs_note(self) -> bool:
        return self.is_listed != self.is_proposed and not self.note


@dataclass(frozen=True, slots=True)
class ShortList:
    """All gaps of the room by gap x weight; `unsettled` counts questions without a settled level.

    `tied` are gaps beyond the proposal that are worth as much as its last.
    """

    gaps: tuple[RoomGap, ...]
    is_fixed: bool
    proposed: int
    unsettled: int
    tied: int

    @property
    def listed(self) -> tuple[RoomGap, ...]:
        return tuple(gap for gap in self.gaps if gap.is_listed)

    @property
    def least(self) -> int:
        """How many gaps the list needs: eight, or all where there are fewer."""
        return max(2, min(FEWEST, len(self.gaps)))


@dataclass(frozen=True, slots=True)
class Choice:
    """What who leads wants of one gap; None leaves it to gap x weight."""

    is_listed: bool | None = None
    wanted: int | None = None
    note: str = ""


def short_list(session: Session, workshop: Workshop, questionnaire: Questionnaire) -> ShortList:
    """The short list as it stands: fixed, or the best by gap x weight with what was changed by hand.

    The proposal holds `rules.shortlist` gaps, or all where there are fewer. Of gaps worth the same the lower level
    comes first, then the order of the questionnaire.
    """
    fixed = list_gaps(session, workshop.id)
    if fixed:
        return _as_fixed(workshop, questionnaire, fixed)
    settled = room_levels.settled(session, workshop.id)
    levels = {q: each.level for q, each in settled.items() if each.level is not None}
    chosen = _choices(session, workshop.id)
    found = _gaps(questionnaire, levels, {q: each.wanted for q, each in chosen.items()})
    return _proposal(workshop, found, chosen, len(set(workshop.questions) - set(settled)))


def list_gaps(session: Session, workshop_id: int) -> Sequence[WorkshopGap]:
    """The gaps as fixed, by place; none before the list is fixed."""
    query = select(WorkshopGap).where(WorkshopGap.workshop_id == workshop_id).order_by(WorkshopGap.place)
    return session.scalars(query).all()


def _gaps(questionnaire: Questionnaire, levels: Mapping[str, int], wanted: Mapping[str, int | None]) -> tuple[Gap, ...]:
    """Gaps to the level that the room chose where it is above today's, else to the next one."""
    above = {q: target for q, target in wanted.items() if target is not None and target > levels.get(q, target)}
    found = gaps_of_levels(questionnaire, levels, full_shares(questionnaire), Target(levels=above))
    return tuple(sorted(found, key=_worth))


def _worth(gap: Gap) -> tuple[float, float]:
    """By gap x weight; of gaps that are worth the same the lower level first."""
    return -round(gap.size * gap.weight, SAME), gap.score


def _proposal(workshop: Workshop, found: Sequence[Gap], chosen: Mapping[str, Choice], unsettled: int) -> ShortList:
    proposed = min(WorkshopRules.from_json(workshop.rules).shortlist, len(found))
    gaps = []
    for number, gap in enumerate(found):
        choice, is_proposed = chosen.get(gap.question, Choice()), number < proposed
        is_listed = is_proposed if choice.is_listed is None else choice.is_listed
        wanted = choice.wanted if choice.wanted == gap.target_level else None
        gaps.append(
            RoomGap(
                gap.question, gap.dimension, gap.level, gap.target_level, wanted, gap.size, gap.weight,
                round(gap.size * gap.weight, SAME),                number + 1, is_proposed, is_listed, choice.note,
            )
        )  # fmt: skip
    tied = sum(_worth(gap)[0] == _worth(found[proposed - 1])[0] for gap in found[proposed:]) if proposed else 0
    return ShortList(tuple(gaps), False, proposed, unsettled, tied)


def _as_fixed(workshop: Workshop, questionnaire: Questionnaire, rows: Sequence[WorkshopGap]) -> ShortList:
    proposed = min(WorkshopRules.from_json(workshop.rules).shortlist, len(rows))
    levels = {row.question_id: row.level for row in rows}
    sizes = {gap.question: gap.size for gap in _gaps(questionnaire, levels, {r.question_id: r.target for r in rows})}
    gaps = []
    for row in rows:
        size, dimension = sizes[row.question_id], questionnaire.dimension_of[row.question_id].id
        wanted = row.target if row.target > row.level + 1 else None
        gaps.append(
            RoomGap(
                row.question_id, dimension, row.level, row.target, wanted, size, row.weight,
                round(size * row.weight, SAME), row.place, row.place <= proposed, row.is_listed, row.note,
            )
        )  # fmt: skip
    return ShortList(tuple(gaps), True, proposed, 0, 0)


def _choices(session: Session, workshop_id: int) -> dict[str, Choice]:
    """What was changed by hand: the newest event on each gap counts."""
    query = select(WorkshopEvent.data).where(WorkshopEvent.workshop_id == workshop_id, WorkshopEvent.kind == CHANGED)
    found = session.scalars(query.order_by(WorkshopEvent.seq))
    return {data["question"]: Choice(data["listed"], data["wanted"], data["note"]) for data in found}


def change_list(
    session: Session, workshop: Workshop, questionnaire: Questionnaire, choices: Mapping[str, Choice], now: datetime
) -> ShortList:
    """Take gaps on or off and choose their targets; what is the same as before makes no event. Returns the list.

    The caller holds the workshop's row.

    Raises:
        WorkshopNotRunning
        ListStands
        NoSuchGap: of one that is not on the page, or a target that is not above today's level.
    """
    before = _changeable(session, workshop, questionnaire)
    known = {gap.question: gap for gap in before.gaps}
    changed = False
    for question, choice in choices.items():
        gap = known.get(question)
        if gap is None or not _fits(questionnaire, gap, choice):
            raise NoSuchGap
        note = clean_text(choice.note, NOTE_CHARACTERS)
        is_listed = gap.is_listed if choice.is_listed is None else choice.is_listed
        if (is_listed, choice.wanted, note) == (gap.is_listed, gap.wanted, gap.note):
            continue
        changed = True
        by_hand = None if is_listed == gap.is_proposed else is_listed  # else a new target would not move it
        data = {"question": question, "listed": by_hand, "wanted": choice.wanted, "note": note}
        workshop_events.note(session, workshop, CHANGED, now, **data)
    return short_list(session, workshop, questionnaire) if changed else before


def _changeable(session: Session, workshop: Workshop, questionnaire: Questionnaire) -> ShortList:
    if workshop.state != "running":
        raise WorkshopNotRunning
    found = short_list(session, workshop, questionnaire)
    if found.is_fixed:
        raise ListStands
    return found


def _fits(questionnaire: Questionnaire, gap: RoomGap, choice: Choice) -> bool:
    rungs = len(questionnaire.questions[gap.question].levels or ())
    return choice.wanted is None or gap.level < choice.wanted < rungs


def fix_list(session: Session, workshop: Workshop, definition: Definition, now: datetime) -> ShortList:
    """From here on the list stands: all gaps are kept with what is known of them before anybody compares them.

    The caller holds the workshop's row.

    Raises:
        WorkshopNotRunning
        ListStands: it was fixed before.
        ListTooShort, ListTooLong
        WhyMissing: something is on or off the list against gap x weight, without a word.
    """
    questionnaire = definition.questionnaire
    found = _changeable(session, workshop, questionnaire)
    if len(found.listed) < found.least:
        raise ListTooShort(found.least)
    if len(found.listed) > MOST:
        raise ListTooLong
    if missing := sum(gap.needs_note for gap in found.gaps):
        raise WhyMissing(missing)
    features = _features(session, workshop, definition, found)
    for gap in found.gaps:
        session.add(
            WorkshopGap(
                workshop_id=workshop.id,
                question_id=gap.question,
                level=gap.level,
                target=gap.target,
                weight=gap.weight,
                place=gap.place,
                is_listed=gap.is_listed,
                note=gap.note,
                features=features[gap.question],
            )
        )
    workshop_events.note(session, workshop, FIXED, now, gaps=[gap.question for gap in found.listed])
    return replace(found, is_fixed=True)


def _features(
    session: Session, workshop: Workshop, definition: Definition, found: ShortList
) -> dict[str, dict[str, Any]]:
    """What learning looks at; how far groups are apart and how many do not know, of the newest revealed asking."""
    questionnaire = definition.questionnaire
    askings = askings_of(workshop, questionnaire, list_rounds(session, workshop.id, LEVELS))
    features = {}
    for gap in found.gaps:
        votes = askings[gap.question][-1].votes if gap.question in askings else None
        apart = group_difference(votes) if votes else None
        unknown = votes.room.unknown_share if votes and votes.room else None
        factor = questionnaire.factor_of[gap.question].id
        whole = Gap(gap.question, gap.dimension, factor, gap.level, gap.target, 0.0, gap.size, gap.weight)
        features[gap.question] = asdict(gap_features(definition, whole, apart.difference if apart else None, unknown))
    return features
