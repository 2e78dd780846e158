"""The choice of actions as a mixed-integer programme: what counts, what limits it, its columns and rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from scipy.sparse import coo_array

from scoring.candidates import Candidate
from scoring.orders import orders
from scoring.roadmap import PHASES
from scoring.schedule import Late, Timing

# Illustrative: what a point of readiness is worth when it comes in the second or third phase instead of the first.
WORTH_OF_PHASE = (1.0, 0.9, 0.8)
# Illustrative: the common stage lies this far on the way from the firm's score today to what all actions would give.
WAY_TO_STAGE = 1 / 3
CHEAPER = 1e-5  # of all that can be gained; decides between plans that are otherwise equal: the cheaper one
SCALE = 100.0  # the objective for all that can be gained, so that the solver's absolute tolerances are small beside it
LARGEST = 100.0  # the largest coefficient of a limit's row, for the same reason

LimitKind = Literal["budget", "phase_budget", "days"]
LimitKey = tuple[LimitKind, int]  # the phase of a budget for all phases is 0
Terms = dict[int, float]  # column -> coefficient
TIMING = Timing(tuple(float(p.start) for p in PHASES), tuple(float(p.end) for p in PHASES))


@dataclass(frozen=True, slots=True)
class Limits:
    """Money and staff days that the plan may use; None is no limit."""

    budget: float | None = None
    phase_budgets: tuple[float | None, ...] = (None, None, None)
    phase_days: tuple[float | None, ...] = (None, None, None)

    def given(self) -> dict[LimitKey, float]:
        """The limits that there are."""
        found: dict[LimitKey, float] = {} if self.budget is None else {("budget", 0): self.budget}
        found.update({("phase_budget", p): limit for p, limit in enumerate(self.phase_budgets) if limit is not None})
        found.update({("days", p): limit for p, limit in enumerate(self.phase_days) if limit is not None})
        return found


@dataclass(frozen=True, slots=True)
class Task:
    """What to choose from and what counts.

    `prices` (action -> cost in the objective) and `relaxed` (limits that may be passed, as little as can be) ask for
    the cheapest choice instead of the best plan.
    """

    candidates: Mapping[str, Candidate]
    shares: Mapping[str, float]  # factor -> its share in the overall score
    factors_before: Mapping[str, float]
    must: frozenset[str] = frozenset()
    balance: float = 0.0
    worth_of_phase: tuple[float, ...] = WORTH_OF_PHASE
    relaxed: frozenset[LimitKey] = frozenset()
    prices: Mapping[str, float] | None = None
    timing: Timing = TIMING

    def worth_by(self, phase: int) -> float:
        """What having a point by the end of this phase adds to having it by the end of the next one."""
        later = self.worth_of_phase[phase + 1] if phase + 1 < len(self.worth_of_phase) else 0.0
        return self.worth_of_phase[phase] - later

    def levels(self) -> dict[tuple[str, int], list[Candidate]]:
        """(question, level) that is worth something -> the actions that reach it."""
        found: dict[tuple[str, int], list[Candidate]] = {}
        for candidate in self.candidates.values():
            for level, worth in candidate.steps.items():
                if worth:
                    found.setdefault((candidate.action.question, level), []).append(candidate)
        return found

    @property
    def stage(self) -> float:
        """The score up to which the points of a factor count more, as the factors are to reach it together."""
        today = sum(self.shares[factor] * before for factor, before in self.factors_before.items())
        return today + WAY_TO_STAGE * sum(s[0].steps[level] for (_, level), s in self.levels().items())

    def value(self, phase: Mapping[str, int]) -> float:
        """What the plan maximises: points gained, by goal and phase, and again those below the common stage."""
        gained = 0.0
        factors = dict(self.factors_before)
        for (_, level), sources in self.levels().items():
            reached = [phase[source.id] for source in sources if source.id in phase]
            if reached:
                worth, pull = sources[0].steps[level], max(source.pull for source in sources)
                gained += worth * pull * self.worth_of_phase[min(reached)]
                if sources[0].factor in factors:
                    factors[sources[0].factor] += worth / self.shares[sources[0].factor]
        if not self.balance:
            return gained
        stage, before = self.stage, self.factors_before
        below = sum(self.shares[f] * max(min(after, stage) - before[f], 0.0) for f, after in factors.items())
        return gained + 2 * self.balance * below

    @property
    def whole(self) -> float:
        """All that can be gained, by goal."""
        return sum(s[0].steps[level] * max(c.pull for c in s) for (_, level), s in self.levels().items())

    def traces(self) -> dict[str, float]:
        """What each action costs in the choice: next to nothing, so that of two equal plans the cheaper is chosen."""
        total = sum(c.cost for c in self.candidates.values()) or 1.0
        most = CHEAPER * self.whole
        return {c.id: most * (c.cost / total + 1.0 / (100 * len(self.candidates))) for c in self.candidates.values()}

    def preference(self, phase: Mapping[str, int]) -> float:
        """`value` less the traces of the costs."""
        traces = self.traces()
        return self.value(phase) - sum(traces[name] for name in phase)

    def used(self, key: LimitKey, phase: Mapping[str, int]) -> float:
        """What a choice takes of one limit."""
        kind, at = key
        counted = (self.candidates[name] for name, where in phase.items() if kind == "budget" or where == at)
        return sum(c.action.days if kind == "days" else c.cost for c in counted)


@dataclass(slots=True)
class PlanModel:
    """Columns: done[a, p] (action a has ended by the end of phase p, binary), reached[q, l, p] where several actions
    of a question overlap, and for each factor the points below the common stage that it gains by the end.

    maximise sum over phases of the discount times points gained + 2 * balance * points below the common stage
    subject to: done by p implies done by p + 1; what an action needs ends in time; money and days of each phase.
    """

    task: Task
    limits: Limits
    phases: int = len(PHASES)
    cost: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    is_integer: list[bool] = field(default_factory=list)
    rows: list[tuple[Terms, float]] = field(default_factory=list)  # terms, upper side
    done: dict[tuple[str, int], int] = field(default_factory=dict)
    gained: dict[str, list[tuple[int, float]]] = field(default_factory=dict)  # factor -> columns of the last phase
    slack: dict[LimitKey, int] = field(default_factory=dict)
    scale: float = 1.0  # of the objective

    def build(self) -> "PlanModel":
        """All columns and rows."""
        self._add_actions()
        if self.task.prices is None and not self.task.relaxed:
            self._add_gains()
            self._add_balance()
            self._scale_and_prefer_cheaper()
        for name, price in (self.task.prices or {}).items():
            self.cost[self.done[name, self.phases - 1]] = price
        self._add_limits()
        return self

    def matrix(self) -> tuple[coo_array, list[float]]:
        """The rows, each at most its upper side."""
        entries = [(row, column, value) for row, (terms, _) in enumerate(self.rows) for column, value in terms.items()]
        rows, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
        matrix = coo_array((values, (rows, columns)), shape=(len(self.rows), len(self.cost)))
        return matrix, [upper for _, upper in self.rows]

    def keep_to(self, rows: Iterable[Late]) -> None:
        """No action has ended by a phase unless one of those beside it has."""
        for each in rows:
            others = {self.done[name, by]: -1.0 for name, by in each.unless.items()}
            self.rows.append(({**others, self.done[each.action, each.phase]: 1.0}, 0.0))

    def _column(self, cost: float, upper: float = np.inf, is_integer: bool = False) -> int:
        self.cost.append(cost)
        self.lower.append(0.0)
        self.upper.append(upper)
        self.is_integer.append(is_integer)
        return len(self.cost) - 1

    def _add_actions(self) -> None:
        known = orders(self.task.timing, self.task.candidates)
        for name in self.task.candidates:
            for phase in range(self.phases):
                is_possible = phase >= known.first_phase.get(name, self.phases)
                self.done[name, phase] = self._column(0.0, 1.0 if is_possible else 0.0, is_integer=True)
                if phase:
                    self.rows.append(({self.done[name, phase - 1]: 1.0, self.done[name, phase]: -1.0}, 0.0))
            if name in self.task.must:
                self.rows.append(({self.done[name, self.phases - 1]: -1.0}, -1.0))
        self.keep_to(known.rows)

    def _add_gains(self) -> None:
        """A level's worth is earned by the action that reaches it; by at most one where several do."""
        for (_, level), sources in self.task.levels().items():
            worth, pull = sources[0].steps[level], max(source.pull for source in sources)
            for phase in range(self.phases):
                columns = [self.done[source.id, phase] for source in sources]
                if len(columns) > 1:
                    reached = self._column(0.0, 1.0)
                    self.rows.append(({reached: 1.0, **dict.fromkeys(columns, -1.0)}, 0.0))
                    columns = [reached]
                self.cost[columns[0]] -= self.task.worth_by(phase) * worth * pull
            self.gained.setdefault(sources[0].factor, []).append((columns[0], worth))

    def _add_balance(self) -> None:
        """The points below the common stage that each factor gains by the end, with their part of the objective."""
        stage = self.task.stage
        for factor, before in self.task.factors_before.items():
            if not self.task.balance or before >= stage:
                continue
            share = self.task.shares[factor]
            below = self._column(-2 * self.task.balance * share, stage - before)
            terms: Terms = {below: 1.0}
            for column, worth in self.gained.get(factor, []):
                terms[column] = terms.get(column, 0.0) - worth / share
            self.rows.append((terms, 0.0))

    def _scale_and_prefer_cheaper(self) -> None:
        """Bring the objective to a size that suits the solver, and add a trace of the cost to it."""
        self.scale = SCALE / self.task.whole if self.task.whole else 1.0
        for name, trace in self.task.traces().items():
            self.cost[self.done[name, self.phases - 1]] += trace
        self.cost = [cost * self.scale for cost in self.cost]

    def _add_limits(self) -> None:
        for key, limit in self.limits.given().items():
            kind, phase = key
            last = self.phases - 1 if kind == "budget" else phase
            slack = {}
            if key in self.task.relaxed:
                self.slack[key] = self._column(0.0)
                slack = {self.slack[key]: -1.0}
            self._hold(kind, last, 0 if kind == "budget" else phase, limit, slack)
        for together in (("budget", "phase_budget"), ("days",)) if self.slack else ():
            self._ask_for_least([[column for key, column in self.slack.items() if key[0] == kind] for kind in together])
        if not self.task.relaxed:
            self._add_limits_so_far()

    def _add_limits_so_far(self) -> None:
        """What the first phases take together: this says nothing new, but proves faster, as nothing is subtracted."""
        both: tuple[tuple[LimitKind, tuple[float | None, ...]], ...] = (
            ("phase_budget", self.limits.phase_budgets),
            ("days", self.limits.phase_days),
        )
        for kind, limits in both:
            total = 0.0
            for phase, limit in enumerate(limits):
                if limit is None:
                    break
                total += limit
                if phase:
                    self._hold(kind, phase, 0, total, {})

    def _hold(self, kind: LimitKind, last: int, first: int, limit: float, slack: Terms) -> None:
        """What ends in the first to the last of these phases takes no more than the limit."""
        amounts = {c.id: c.action.days if kind == "days" else c.cost for c in self.task.candidates.values()}
        factor = LARGEST / (max(amounts.values(), default=0.0) or 1.0)
        terms: Terms = {self.done[name, last]: amount * factor for name, amount in amounts.items()}
        if first:
            terms.update({self.done[name, first - 1]: -amount * factor for name, amount in amounts.items()})
        self.rows.append(({**terms, **slack}, limit * factor))

    def _ask_for_least(self, sums: list[list[int]]) -> None:
        """What is missing is the largest of these sums: money for all phases is no other money than that for each."""
        missing = self._column(1.0)
        for slacks in sums:
            self.rows.append(({**dict.fromkeys(slacks, 1.0), missing: -1.0}, 0.0))
