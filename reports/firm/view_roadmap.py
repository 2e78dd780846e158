"""What the report says of the roadmap: actions over three phases, quick wins, money, support and cases."""

from dataclasses import dataclass

from reports.firm.view_peers import OffersTable
from reports.firm.view_since import ProgressTable


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar over the months, in per cent of the track; `phase` (0 to 2) gives its tone."""

    start: int
    length: int
    phase: int


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One action in the table over time. `number` is how the report names it; `mark` is a word for a must."""

    id: str
    number: str
    title: str
    bar: Bar
    days: str
    cost: str
    mark: str


@dataclass(frozen=True, slots=True)
class PlanPhase:
    """One phase with its actions, what it sums up to, and the readiness at its end."""

    id: str
    title: str
    months: str
    rows: tuple[PlanRow, ...]
    empty: str  # said when nothing is planned in it
    total_label: str
    total_days: str
    total_cost: str
    readiness: str


@dataclass(frozen=True, slots=True)
class Detail:
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ActionBlock:
    """One action in full."""

    id: str
    number: str
    title: str
    when: str
    days: str
    cost: str
    goal: str
    why: tuple[str, ...]
    steps_label: str
    steps: tuple[str, ...]
    details: tuple[Detail, ...]  # measure, matching case


@dataclass(frozen=True, slots=True)
class BriefAction:
    """An action in a line or two: its goal, or when and for how much if the table over time leaves it out."""

    number: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class PlanSection:
    """The roadmap. When no plan meets the wishes, `refusal` says why and what would help, and the rest is empty."""

    id: str
    title: str
    intro: str
    refusal: tuple[str, ...]
    finding: str
    source: str
    heads: tuple[str, ...]  # action, one per phase, days, cost
    phases: tuple[PlanPhase, ...]
    not_charted: str  # said when the table over time leaves actions out
    blocks_title: str
    blocks: tuple[ActionBlock, ...]
    rest_title: str
    rest: tuple[BriefAction, ...]
    progress: ProgressTable | None = None  # where anything was said of the actions


@dataclass(frozen=True, slots=True)
class QuickWin:
    number: str
    title: str
    why: str
    gain: str
    when: str
    cost: str
    days: str


@dataclass(frozen=True, slots=True)
class QuickWinsSection:
    id: str
    title: str
    intro: str
    finding: str
    source: str
    heads: tuple[str, ...]
    rows: tuple[QuickWin, ...]


@dataclass(frozen=True, slots=True)
class PhaseMoney:
    title: str
    actions: str
    days: str
    cost: str
    planned: str  # the middle of each range, which counts against the budget
    budget: str
    readiness: str
    benefit: str


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    title: str
    reason: str
    cost: str
    gain: str


@dataclass(frozen=True, slots=True)
class FrontierRow:
    """What a budget buys; `share` is its readiness between today's and the best of the table, in per cent."""

    budget: str
    cost: str
    readiness: str
    share: int
    percent: str
    actions: str


@dataclass(frozen=True, slots=True)
class MoneySection:
    """Costs and benefits by phase, with what was assumed and what was left out."""

    id: str
    title: str
    finding: str
    source: str
    heads: tuple[str, ...]
    phases: tuple[PhaseMoney, ...]
    total: PhaseMoney
    benefits_title: str
    benefits: tuple[str, ...]
    assumptions_title: str
    assumptions: tuple[str, ...]
    more_title: str
    more: str  # what 10 % more budget would buy; empty without a budget
    left_out_title: str
    left_out_heads: tuple[str, ...]
    left_out: tuple[LeftOutRow, ...]
    left_out_more: str
    frontier_finding: str
    frontier_heads: tuple[str, ...]
    frontier: tuple[FrontierRow, ...]


@dataclass(frozen=True, slots=True)
class EnablerRow:
    """One of funding, infrastructure, regulation, skills and technology, and how far the plan leans on it."""

    id: str
    title: str
    count: str
    share: int
    actions: str
    ask: str


@dataclass(frozen=True, slots=True)
class CaseBlock:
    id: str
    title: str
    where: str
    problem: str
    done: tuple[str, ...]
    effects: tuple[str, ...]
    lesson: str
    fits: str  # why it is shown: shared technologies, actions


@dataclass(frozen=True, slots=True)
class SupportSection:
    """What the plan leans on from outside, and what others did in a like place."""

    id: str
    title: str
    intro: str
    hindered: str  # what the firm says stands in its way; "" where it did not say
    finding: str
    source: str
    heads: tuple[str, ...]
    enablers: tuple[EnablerRow, ...]
    cases_title: str
    cases_intro: str
    effects_label: str
    lesson_label: str
    cases: tuple[CaseBlock, ...]
    sources: tuple[str, ...]  # where the cases are told
    offers: OffersTable | None = None
