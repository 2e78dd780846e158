"""Which actions, and when: the plan that closes the most weighted gap within budget and staff days."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from questionnaires.library import Effect, Size


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the roadmap, in months from its start."""

    id: str
    start: int
    end: int


PHASES = (Phase("quick_wins", 0, 3), Phase("foundation", 3, 12), Phase("transformation", 12, 36))


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the firm allows and wants of its roadmap; money in `currency`, None is no limit.

    `budget` is for all phases together, `phase_budgets` and `phase_days` (own staff days) per phase.
    `rate` is units of `currency` for one unit of the actions' own currency. `balance` (0 to 1) is how much it
    counts that people, process and technology rise together (acatech's consistency).
    """

    size: Size = "small"
    budget: float | None = None
    phase_budgets: tuple[float | None, ...] = (None, None, None)
    phase_days: tuple[float | None, ...] = (None, None, None)
    must: frozenset[str] = frozenset()
    must_not: frozenset[str] = frozenset()
    goals: tuple[Effect, ...] = ()
    balance: float = 0.25
    currency: str = "USD"
    rate: float = 1.0
    size_is_assumed: bool = False
    days_are_assumed: bool = False


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """One action of the roadmap, timed. Money in the wishes' currency, months from the start."""

    action: str
    phase: int
    start: float
    end: float
    cost_low: float
    cost_high: float
    days: float
    gain: float  # points of the overall score that it adds when it is done
    must: bool
    requires: tuple[str, ...]  # planned actions that come before it
    unlocks: tuple[str, ...]  # planned actions that need it


LeftOutReason = Literal["budget", "days", "time", "prerequisite", "excluded", "little_gain"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An action that would close a gap and is not in the plan, and why."""

    action: str
    reason: LeftOutReason
    cost_low: float
    cost_high: float
    gain: float


@dataclass(frozen=True, slots=True)
class PhaseTotal:
    """What one phase asks for; `planned` is the cost that is held against the budget."""

    cost_low: float
    cost_high: float
    planned: float
    days: float
    budget: float | None
    readiness: float  # overall score when the phase is done


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """The best overall score that a total budget buys."""

    budget: float
    cost: float
    readiness: float
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoreBudget:
    """What 10 % more budget would buy."""

    extra: float
    readiness: float
    added: tuple[str, ...]
    dropped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Roadmap:
    """The plan, what it leaves out, and how good it provably is (`optimality_gap`, relative, 0 = proven best)."""

    actions: tuple[PlannedAction, ...]
    left_out: tuple[LeftOut, ...]
    phases: tuple[PhaseTotal, ...]
    readiness_before: float
    readiness_after: float
    factors_before: Mapping[str, float]
    factors_after: Mapping[str, float]
    optimality_gap: float
    more: MoreBudget | None = None
    frontier: tuple[FrontierPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class Infeasible:
    """Why no plan meets the wishes, and the smallest change that makes one possible (money, days or must-dos)."""

    reason: Literal["budget", "phase_budget", "days", "excluded_prerequisite", "time"]
    actions: tuple[str, ...]  # the must-dos concerned, with what they need
    phase: int | None = None
    missing: float = 0.0  # money or days that are short
    drop: tuple[str, ...] = ()  # must-dos (or exclusions) to give up instead
    notes: Mapping[str, float] = field(default_factory=dict)
