"""Where a room stands, question by question: what its revealed rounds found, and the levels it has settled."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import workshop_events
from assessment.errors import N_, Invalid
from assessment.room_askings import Asking, askings_of, topics_of
from assessment.rounds import RoundsUsedUp, WorkshopNotRunning, list_rounds, open_round
from assessment.tables import Round, SettledLevel, Workshop
from assessment.texts import clean_text
from assessment.workshop_firms import firm_levels
from assessment.workshop_rules import WorkshopRules
from questionnaires.schema import Questionnaire
from scoring.agreement import AgreementRule
from scoring.discussion import DiscussionItem, discussion
from scoring.dispersion import Dispersion

How = Literal["votes", "room", "firms"]
NOTE_CHARACTERS = 1000


class QuestionNotAsked(Invalid):
    """A room settles what its workshop asks."""

    def __init__(self) -> None:
        super().__init__(N_("This workshop does not ask this question."))


class NoSuchLevel(Invalid):
    """A level is one of the question's ladder, or not known."""

    def __init__(self) -> None:
        super().__init__(N_("Choose one of the levels, or that it is not known."))


class NoteMissing(Invalid):
    """Whoever settles on something else than the votes say writes down why."""

    def __init__(self) -> None:
        super().__init__(N_("This is not what the votes suggest. Write down in a few words why."))


class NothingAgreed(Invalid):
    """Of what was ticked nothing is agreed by the rules."""

    def __init__(self) -> None:
        super().__init__(N_("Tick at least one question on which the room is agreed."))


class NothingTicked(Invalid):
    """What is asked again is what was shown already."""

    def __init__(self) -> None:
        super().__init__(N_("Tick at least one question that was shown already."))


@dataclass(frozen=True, slots=True)
class Settled:
    """The level that the room stands by; None is settled as not known."""

    level: int | None
    how: str  # votes | room | firms
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class QuestionLevels:
    """One question in the room: every asking that was shown, in order, and where it stands in the discussion."""

    question: str
    askings: tuple[Asking, ...]
    item: DiscussionItem | None  # of the newest asking; None before the first
    settled: Settled | None
    firms: Dispersion | None = None  # of the firms that were assessed, where they may be shown

    @property
    def newest(self) -> Asking | None:
        return self.askings[-1] if self.askings else None

    @property
    def suggested(self) -> int | None:
        """The median of the votes; None where nothing may be shown or nobody knew."""
        return self.item.agreement.level if self.item and self.item.agreement else None

    @property
    def of_firms(self) -> int | None:
        """The median of the firms that were assessed."""
        return self.firms.median if self.firms else None

    @property
    def prefilled(self) -> int | None:
        """What stands in the form that settles it: what the votes suggest, or else the firms."""
        return self.of_firms if self.suggested is None else self.suggested

    @property
    def is_agreed(self) -> bool:
        """By the rules that were fixed beforehand, on a level."""
        return self.suggested is not None and bool(self.item and self.item.agreement and self.item.agreement.reached)


@dataclass(frozen=True, slots=True)
class RoomLevels:
    """Every question of the workshop, in the order of the questionnaire."""

    questions: tuple[QuestionLevels, ...]

    @property
    def by_worth(self) -> tuple[QuestionLevels, ...]:
        """What is worth talking about first; then what is settled, then what nothing was shown of."""
        last = len(self.questions)
        return tuple(sorted(self.questions, key=lambda q: (q.settled is not None, q.item.rank if q.item else last + 1)))

    @property
    def agreed(self) -> tuple[QuestionLevels, ...]:
        """Agreed, and not settled yet."""
        return tuple(q for q in self.questions if q.is_agreed and q.settled is None)

    def of(self, question_id: str) -> QuestionLevels:
        """
        Raises:
            QuestionNotAsked
        """
        found = next((q for q in self.questions if q.question == question_id), None)
        if found is None:
            raise QuestionNotAsked
        return found


def levels_of(session: Session, workshop: Workshop, questionnaire: Questionnaire) -> RoomLevels:
    """Where the room stands: of rounds that were revealed, and of nothing else, in two to four statements."""
    askings = askings_of(workshop, questionnaire, list_rounds(session, workshop.id, "levels"))
    topics = topics_of(questionnaire, {q: found[-1].votes for q, found in askings.items()})
    items = {item.question: item for item in discussion(topics, rule_of(workshop))}
    known, firms = settled(session, workshop.id), firm_levels(session, workshop)
    return RoomLevels(
        tuple(
            QuestionLevels(q, tuple(askings.get(q, ())), items.get(q), known.get(q), firms.get(q))
            for q in workshop.questions
        )
    )


def rule_of(workshop: Workshop) -> AgreementRule:
    """When this room is agreed, as was fixed before it began."""
    return AgreementRule(least_agreement=WorkshopRules.from_json(workshop.rules).agreement)


def most_askings(workshop: Workshop) -> int:
    """How often one question may be asked, as was fixed before it began."""
    return WorkshopRules.from_json(workshop.rules).most_rounds


def settled(session: Session, workshop_id: int) -> dict[str, Settled]:
    """What the room has settled, by question."""
    query = select(SettledLevel).where(SettledLevel.workshop_id == workshop_id)
    return {row.question_id: Settled(row.level, row.how, row.note, row.settled_at) for row in session.scalars(query)}


def settle(
    session: Session,
    workshop: Workshop,
    questionnaire: Questionnaire,
    question_id: str,
    level: int | None,
    how: How,
    note: str,
    now: datetime,
) -> None:
    """Take down the level that the room stands by, None for not known; it may be changed until the workshop ends.

    The caller holds the workshop's row. `how` says what it rests on: votes or firms that were assessed, if it is their
    median, or what the room said, which is also how a level is recorded without any vote.

    Raises:
        WorkshopNotRunning
        QuestionNotAsked, NoSuchLevel
        NoteMissing: something else than the votes suggest.
    """
    if workshop.state != "running":
        raise WorkshopNotRunning
    found = levels_of(session, workshop, questionnaire).of(question_id)
    _check_level(questionnaire, question_id, level)
    note = clean_text(note, NOTE_CHARACTERS)
    if found.suggested is not None and level != found.suggested and not note:
        raise NoteMissing
    _write(session, workshop, found, level, _rests_on(found, level, how), note, now)


def _rests_on(found: QuestionLevels, level: int | None, said: How) -> How:
    """What the room said is taken at its word; votes and firms only where they have this median."""
    if said == "room" or level is None:
        return "room"
    if level == found.suggested and said == "votes":
        return "votes"
    return "firms" if level == found.of_firms else "room"


def settle_agreed(
    session: Session, workshop: Workshop, questionnaire: Questionnaire, chosen: Iterable[str], now: datetime
) -> int:
    """Settle those of the chosen questions on which the room is agreed, each on the median; returns how many.

    Raises:
        WorkshopNotRunning
        NothingAgreed: none of them is.
    """
    if workshop.state != "running":
        raise WorkshopNotRunning
    wanted = set(chosen)
    found = [q for q in levels_of(session, workshop, questionnaire).agreed if q.question in wanted]
    if not found:
        raise NothingAgreed
    for each in found:
        _write(session, workshop, each, each.suggested, "votes", "", now)
    return len(found)


def ask_again(
    session: Session, workshop: Workshop, questionnaire: Questionnaire, chosen: Iterable[str], now: datetime
) -> Round:
    """Open one round with those of the chosen questions that were shown already and are still to settle.

    Raises:
        WorkshopNotRunning, RoundUnderWay
        NothingTicked: none of them was shown, or all are settled.
        RoundsUsedUp: each was asked as often as the rules allow.
    """
    wanted, most = set(chosen), most_askings(workshop)
    shown = [q for q in levels_of(session, workshop, questionnaire).questions if q.question in wanted and q.askings]
    contested = [q for q in shown if q.settled is None]
    if not contested:
        raise NothingTicked
    left = [q for q in contested if len(q.askings) < most]
    if not left:
        raise RoundsUsedUp(most)
    attempt = 1 + max(len(q.askings) for q in left)
    return open_round(session, workshop, "levels", [q.question for q in left], now, attempt=attempt)


def _check_level(questionnaire: Questionnaire, question_id: str, level: int | None) -> None:
    levels = questionnaire.questions[question_id].levels or ()
    if level is not None and not 0 <= level < len(levels):
        raise NoSuchLevel


def _write(
    session: Session, workshop: Workshop, found: QuestionLevels, level: int | None, how: How, note: str, now: datetime
) -> None:
    row = session.scalars(
        select(SettledLevel).filter_by(workshop_id=workshop.id, question_id=found.question)
    ).one_or_none()
    if row is None:
        row = SettledLevel(workshop_id=workshop.id, question_id=found.question)
        session.add(row)
    row.round_id = found.newest.round_id if how == "votes" and found.newest else None
    row.level, row.how, row.note, row.settled_at = level, how, note, now
    workshop_events.note(session, workshop, "level", now, question=found.question, level=level, how=how)
