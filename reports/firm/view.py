"""What the firm's report says, ready to be shown: the same frozen view feeds the results page and the PDF.

Every text is in the reader's language and every number is written out. A section that has nothing to say is None.
Marks are whole per cents of their track, counted from the side where reading starts; tones run from 0 to 5.
"""

from dataclasses import dataclass
from typing import Literal

from reports.firm.view_roadmap import MoneySection, PlanSection, QuickWinsSection, SupportSection


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what it says."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the contents; `id` is the section's anchor."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Cover:
    """The first page. `score` is empty when nothing is answered."""

    kicker: str
    title: str
    firm: str
    score: str
    score_label: str
    profile: str
    profile_summary: str
    facts: tuple[Fact, ...]
    confidential: str
    machine_translation: str  # empty where people have reviewed the texts


@dataclass(frozen=True, slots=True)
class ProfileStep:
    """One word for the overall score, from where to where it goes; `here` is a word if the firm stands in it."""

    title: str
    scores: str
    summary: str
    tone: int
    here: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Contents, and how to read the report."""

    id: str
    title: str
    contents: tuple[Entry, ...]
    how_title: str
    how: tuple[str, ...]
    profiles_title: str
    profiles_heads: tuple[str, ...]
    profiles: tuple[ProfileStep, ...]


@dataclass(frozen=True, slots=True)
class KeyNumber:
    value: str
    label: str
    note: str


@dataclass(frozen=True, slots=True)
class Point:
    """One strength, gap or action: what it is, its number, and a sentence more."""

    text: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Points:
    title: str
    points: tuple[Point, ...]
    empty: str  # said instead when there are none


@dataclass(frozen=True, slots=True)
class Summary:
    """All on one page: the finding, three numbers, strengths, gaps, and what to do in 90 days."""

    id: str
    title: str
    headline: str
    finding: str
    numbers: tuple[KeyNumber, ...]
    strengths: Points
    gaps: Points
    first_steps: Points
    note: str  # how far the score can be trusted, in one sentence


@dataclass(frozen=True, slots=True)
class Missing:
    """Shown instead of all results when nothing has been answered."""

    id: str
    title: str
    text: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]
    next_step: str


@dataclass(frozen=True, slots=True)
class Figure:
    """Finding and source of a table that is a chart: the title says what it shows, the source where it comes from."""

    finding: str
    source: str


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
    strengths_heads: tuple[str, ...]
    strengths_caption: str
    steps_heads: tuple[str, ...]
    steps_caption: str
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


@dataclass(frozen=True, slots=True)
class MethodSection:
    id: str
    title: str
    paragraphs: tuple[Fact, ...]  # label is the heading of the paragraph


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """`note` is what the firm wrote; `state` is empty, or says that there is no answer and why."""

    id: str
    question: str
    level: LevelText | None
    answer: str
    state: Literal["answered", "unknown", "not_applicable", "unanswered"]
    note: str


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    title: str
    rows: tuple[AnswerRow, ...]


@dataclass(frozen=True, slots=True)
class AnnexSection:
    id: str
    title: str
    intro: str
    caption: str
    heads: tuple[str, ...]
    facts: tuple[Fact, ...]  # what the firm said of itself
    groups: tuple[AnswerGroup, ...]
    not_asked: str


@dataclass(frozen=True, slots=True)
class FirmReport:
    """The whole report; sections that do not apply are None."""

    language: str
    direction: Literal["ltr", "rtl"]
    title: str
    running_head: str
    cover: Cover
    reading: Reading
    missing: Missing | None
    summary: Summary | None
    profile: ProfileSection | None
    factors: FactorsSection | None
    priorities: PrioritiesSection | None
    certainty: CertaintySection | None
    plan: PlanSection | None
    quick_wins: QuickWinsSection | None
    money: MoneySection | None
    support: SupportSection | None
    method: MethodSection
    annex: AnnexSection
