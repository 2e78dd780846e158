"""What the report says of the scores: profile, strengths and gaps, priorities, and how sure they are.

Marks are whole per cents of their track, counted from the side where reading starts; tones run from 0 to 5.
"""

from dataclasses import dataclass

from reports.firm.view_parts import Fact, Figure


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a track: where it starts and how long it is, in per cent."""

    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Track:
    """Marks of one row: dot today, ring target, line between them, band of what missing answers could change."""

    today: int | None = None
    target: int | None = None
    way: Stretch | None = None
    band: Stretch | None = None


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One dimension. `depth` counts from 0; without a score `today` says so in words and the track is empty."""

    id: str
    title: str
    depth: int
    track: Track
    today: str
    target: str
    interval: str
    coverage: str
    flag: str  # "low coverage", or empty
    tone: int | None


@dataclass(frozen=True, slots=True)
class ProfileSection:
    """The dumbbell table. Rows of depth 0 are factors; the last row is the whole."""

    id: str
    title: str
    intro: str
    figure: Figure
    heads: tuple[str, ...]  # dimension, today, target, interval, answered
    ticks: tuple[str, ...]
    rows: tuple[ProfileRow, ...]
    legend: tuple[Fact, ...]  # label is today | target | way | band


@dataclass(frozen=True, slots=True)
class LevelText:
    """One level: its number, its sentence, its tone."""

    number: str
    text: str
    tone: int


@dataclass(frozen=True, slots=True)
class StepRow:
    """One question: what is true today, and what the next level looks like."""

    id: str
    dimension: str
    question: str
    today: LevelText
    next: LevelText | None


@dataclass(frozen=True, slots=True)
class FactorBlock:
    """One factor: what it shows in two or three sentences, what to keep and what to raise next."""

    id: str
    title: str
    score: str
    tone: int | None
    sentences: tuple[str, ...]
    strengths: tuple[StepRow, ...]
    steps: tuple[StepRow, ...]


@dataclass(frozen=True, slots=True)
class FactorsSection:
    id: str
    title: str
    intro: str
    caption: str
    heads: tuple[str, ...]  # question, true today, next level
    strengths_title: str
    steps_title: str
    top: str  # said instead of a next level at the top of a ladder
    blocks: tuple[FactorBlock, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a priority, 0 to 100 per cent of its largest value."""

    value: str
    share: int


@dataclass(frozen=True, slots=True)
class PriorityRow:
    rank: str
    id: str
    question: str
    dimension: str
    today: str
    target: str
    way: str  # from today to the target, in one text
    terms: tuple[Term, ...]  # gap, weight, goals, ease
    value: Term
    actions: str


@dataclass(frozen=True, slots=True)
class PrioritiesSection:
    """What comes first, term by term. `more` says how many gaps are not in the table."""

    id: str
    title: str
    intro: str
    figure: Figure
    heads: tuple[str, ...]  # rank, question, from and to, one per term, priority
    rows: tuple[PriorityRow, ...]
    more: str
    formula: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShareRow:
    title: str
    value: str
    share: int
    note: str


@dataclass(frozen=True, slots=True)
class ShareTable:
    """Rows with a bar of their share, under a finding."""

    figure: Figure
    heads: tuple[str, ...]
    rows: tuple[ShareRow, ...]


@dataclass(frozen=True, slots=True)
class CertaintySection:
    """How sure the score is: against missing answers, against the weights, against the rule."""

    id: str
    title: str
    intro: str
    missing: tuple[str, ...]
    missing_title: str
    weights_title: str
    weights: ShareTable | None
    rules_title: str
    rules: ShareTable | None
