"""What the firm's report says, ready to be shown: the same frozen view feeds the results page and the PDF.

Every text is in the reader's language and every number is written out. A section that has nothing to say is None.
"""

from dataclasses import dataclass
from typing import Literal

from reports.firm.view_parts import Entry, Fact
from reports.firm.view_peers import PeersSection
from reports.firm.view_roadmap import MoneySection, PlanSection, QuickWinsSection, SupportSection
from reports.firm.view_scores import CertaintySection, FactorsSection, LevelText, PrioritiesSection, ProfileSection
from reports.firm.view_since import ComparisonSection, RoomsSection


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
class MethodSection:
    id: str
    title: str
    paragraphs: tuple[Fact, ...]  # label is the heading of the paragraph


AnswerState = Literal["answered", "unknown", "not_applicable", "unanswered"]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """`note` is what the firm wrote, `evidence` its files; `state` says whether there is an answer, or why not."""

    id: str
    question: str
    level: LevelText | None
    answer: str
    state: AnswerState
    note: str
    evidence: tuple[str, ...] = ()


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
    facts_title: str
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
    colon: str  # as this language writes it after a label
    between: str  # what stands between facts in one line
    cover: Cover
    reading: Reading
    missing: Missing | None
    summary: Summary | None
    profile: ProfileSection | None
    peers: PeersSection | None
    comparison: ComparisonSection | None
    factors: FactorsSection | None
    priorities: PrioritiesSection | None
    certainty: CertaintySection | None
    plan: PlanSection | None
    quick_wins: QuickWinsSection | None
    money: MoneySection | None
    support: SupportSection | None
    rooms: RoomsSection | None
    method: MethodSection
    annex: AnnexSection
