"""What the projector and the control page show of a round: while it is open, only how many have voted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import room_screen, rounds
from assessment.room_screen import Screen
from assessment.round_levels import spread_of
from assessment.rounds import LEVELS
from assessment.tables import Round, SettledLevel, Workshop
from assessment.workshop_rules import WorkshopRules
from questionnaires.answers import NOT_APPLICABLE, UNKNOWN
from scoring.agreement import Agreement, AgreementRule, agreement
from scoring.dispersion import Dispersion, Hidden
from scoring.group_difference import group_difference

SHOWN = ("revealed", "discussed", "settled")


@dataclass(frozen=True, slots=True)
class Bar:
    """How many chose a level, or a word instead of one; `share` of the longest bar, 0 to 1."""

    answer: int | str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a round found on one question. `room` is None below five votes; then nothing else is shown either."""

    question: str
    room: Dispersion | None
    bars: tuple[Bar, ...]
    groups: Mapping[str, Dispersion]
    hidden: Mapping[str, Hidden]
    agreement: Agreement | None
    settled: int | None
    is_settled: bool


@dataclass(frozen=True, slots=True)
class RoundView:
    """The newest round."""

    number: int
    kind: str
    state: str
    attempt: int
    subjects: tuple[str, ...]
    question: str  # of levels, the one on the screen
    ends_at: datetime | None
    found: Found | None
    is_last_attempt: bool

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def is_shown(self) -> bool:
        return self.state in SHOWN

    @property
    def place(self) -> int:
        """Which of its questions is on the screen, from 1."""
        return self.subjects.index(self.question) + 1


def round_view(session: Session, workshop: Workshop, ladders: Mapping[str, int]) -> RoundView | None:
    """The newest round; None in the lobby. `ladders` says how many levels each question has."""
    asked = rounds.current(session, workshop.id)
    if asked is None:
        return None
    question = room_screen.question_shown(Screen.of(workshop), asked)
    rules = WorkshopRules.from_json(workshop.rules)
    found = None
    if asked.kind == LEVELS and asked.state in SHOWN:
        found = _found(session, workshop, asked, question, ladders[question], rules)
    return RoundView(
        number=asked.number,
        kind=asked.kind,
        state=asked.state,
        attempt=asked.attempt,
        subjects=tuple(asked.subjects),
        question=question,
        ends_at=rounds.ends_at(asked) if asked.state == "open" else None,
        found=found,
        is_last_attempt=asked.attempt >= rules.most_rounds,
    )


def _found(
    session: Session, workshop: Workshop, asked: Round, question: str, levels: int, rules: WorkshopRules
) -> Found | None:
    spread = spread_of(workshop, asked, question, levels)
    if spread is None:
        return None
    settled = session.execute(
        select(SettledLevel.level).where(SettledLevel.workshop_id == workshop.id, SettledLevel.question_id == question)
    ).one_or_none()
    room = spread.room
    standing = None
    if room is not None:
        standing = agreement(room, AgreementRule(least_agreement=rules.agreement), group_difference(spread))
    return Found(
        question=question,
        room=room,
        bars=_bars(room) if room else (),
        groups=spread.shown if room else {},
        hidden=spread.hidden,
        agreement=standing,
        settled=settled[0] if settled else None,
        is_settled=settled is not None,
    )


def _bars(room: Dispersion) -> tuple[Bar, ...]:
    counts: list[tuple[int | str, int]] = [*enumerate(room.counts), (UNKNOWN, room.unknown)]
    if room.not_applicable:
        counts.append((NOT_APPLICABLE, room.not_applicable))
    longest = max(count for _, count in counts) or 1
    return tuple(Bar(answer, count, count / longest) for answer, count in counts)
