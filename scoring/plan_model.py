"""The choice of actions as a mixed-integer programme, solved by HiGHS: which ones, and in which phase they end."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from scoring.candidates import Candidate
from scoring.roadmap import PHASES
from scoring.schedule import Schedule, Timing

GAP = 1e-4  # relative; a plan this close to the proven bound counts as the best
SECONDS = 20.0  # then the best plan so far is taken, and its gap is said
# Illustrative: what a point of readiness is worth when it comes in the second or third phase instead of the first.
WORTH_OF_PHASE = (1.0, 0.9, 0.8)
CHEAPER = 1e-4  # decides between plans that are otherwise equal: the cheaper one, then the one with fewer actions

SMALL = 1e-6  # money or days; less than this is nothing

Terms = dict[int, float]  # column -> coefficient


@dataclass(frozen=True, slots=True)
class Limits:
    """Money and staff days that the plan may use; None is no limit."""

    budget: float | None = None
    phase_budgets: tuple[float | None, ...] = (None, None, None)
    phase_days: tuple[float | None, ...] = (None, None, None)


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen actions with the phase each ends in, and how far from the proven bound the plan may be."""

    phase: Mapping[str, int]
    objective: float
    optimality_gap: float
    missing: Mapping[tuple[str, int], float] = field(default_factory=dict)  # (limit, phase) -> how much too small


TIMING = Timing(tuple(float(p.start) for p in PHASES), tuple(float(p.end) for p in PHASES))


@dataclass(frozen=True, slots=True)
class Task:
    """What to choose from and what counts. `relaxed` ("money", "days"): ask how much more of it the must-dos need,
    instead of what is best; `wanted`: keep as many of these as can be, instead.
    """

    candidates: Mapping[str, Candidate]
    shares: Mapping[str, float]  # factor -> its share in the overall score
    factors_before: Mapping[str, float]
    must: frozenset[str] = frozenset()
    balance: float = 0.0
    worth_of_phase: tuple[float, ...] = WORTH_OF_PHASE
    relaxed: frozenset[str] = frozenset()
    wanted: frozenset[str] = frozenset()
    timing: Timing = TIMING

    def solve(self, limits: Limits) -> Choice | None:
        """The best choice within the limits; None where the must-dos do not fit them."""
        if not self.candidates:
            return Choice({}, 0.0, 0.0)
        return PlanModel(self, limits).build().solve()


@dataclass(slots=True)
class PlanModel:
    """Columns: done[a, p] (action a has ended by the end of phase p, binary), reached[q, l, p] where several actions
    of a question overlap, and the lowest factor at the end.

    maximise sum over phases of the discount times (1 - balance) * points gained + balance * score of the lowest factor
    subject to: done by p implies done by p + 1; what an action needs ends in time; money and days of each phase.
    """

    task: Task
    limits: Limits
    phases: int = len(PHASES)
    cost: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    is_integer: list[bool] = field(default_factory=list)
    rows: list[tuple[Terms, float, float]] = field(default_factory=list)
    done: dict[tuple[str, int], int] = field(default_factory=dict)
    gained: dict[str, list[list[tuple[int, float]]]] = field(default_factory=dict)  # factor -> phase -> terms
    slack: dict[tuple[str, int], int] = field(default_factory=dict)

    def build(self) -> "PlanModel":
        """All columns and rows; timing rules that pairs of actions already show are rows from the start."""
        for candidate in self.task.candidates.values():
            self._add_action(candidate)
        for candidate in self.task.candidates.values():
            self._add_needs(candidate)
        self._add_gains()
        self._add_balance()
        if self.task.relaxed or self.task.wanted:
            self.cost = [0.0] * len(self.cost)
            for name in self.task.wanted:
                self.cost[self.done[name, self.phases - 1]] = -1.0
        self._add_limits()
        return self

    def column(self, cost: float, upper: float, is_integer: bool = False, lower: float = 0.0) -> int:
        self.cost.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.is_integer.append(is_integer)
        return len(self.cost) - 1

    def row(self, terms: Terms, upper: float) -> None:
        self.rows.append((terms, -np.inf, upper))

    def _add_action(self, candidate: Candidate) -> None:
        total = sum(c.cost for c in self.task.candidates.values()) or 1.0
        for phase in range(self.phases):
            fits = self.task.timing.fits(candidate.action.months, phase)
            is_last = phase == self.phases - 1
            tie = CHEAPER * (candidate.cost / total + 1.0 / (100 * len(self.task.candidates))) if is_last else 0.0
            column = self.column(tie, 1.0 if fits else 0.0, is_integer=True)
            if is_last and candidate.id in self.task.must:
                self.lower[column] = 1.0
            self.done[candidate.id, phase] = column
            if phase:
                self.row({self.done[candidate.id, phase - 1]: 1.0, column: -1.0}, 0.0)

    def _add_needs(self, candidate: Candidate) -> None:
        for group in candidate.needs:
            options = [self.task.candidates[name] for name in group if name in self.task.candidates]
            for phase in range(self.phases):
                terms: Terms = {self.done[candidate.id, phase]: 1.0}
                for option in options:
                    latest = self.task.timing.latest_phase(option.action.months, candidate.action.months, phase)
                    if latest is not None:
                        terms[self.done[option.id, latest]] = -1.0
                self.row(terms, 0.0)

    def _add_gains(self) -> None:
        """A level's worth is earned by the action that reaches it; by at most one where several do."""
        reaching: dict[tuple[str, int], list[Candidate]] = {}
        for candidate in self.task.candidates.values():
            for level, worth in candidate.steps.items():
                if worth:
                    reaching.setdefault((candidate.action.question, level), []).append(candidate)
        for (_, level), sources in reaching.items():
            worth = sources[0].steps[level]
            for phase in range(self.phases):
                columns = [self.done[source.id, phase] for source in sources]
                if len(columns) > 1:
                    reached = self.column(0.0, 1.0)
                    self.row({reached: 1.0, **dict.fromkeys(columns, -1.0)}, 0.0)
                    columns = [reached]
                pull = max(source.pull for source in sources)
                self.cost[columns[0]] -= (1 - self.task.balance) * self._worth_of(phase) * worth * pull
                terms = self.gained.setdefault(sources[0].factor, [[] for _ in range(self.phases)])
                terms[phase].append((columns[0], worth))

    def _worth_of(self, phase: int) -> float:
        """What having it by the end of this phase adds to having it by the end of the next one."""
        later = self.task.worth_of_phase[phase + 1] if phase + 1 < self.phases else 0.0
        return self.task.worth_of_phase[phase] - later

    def _add_balance(self) -> None:
        """The lowest factor's score at the end of the roadmap, pushed up by its part of the objective."""
        if not self.task.balance or not self.task.factors_before:
            return
        lowest = self.column(-self.task.balance * self.task.worth_of_phase[-1], np.inf, lower=-np.inf)
        for factor, before in self.task.factors_before.items():
            terms: Terms = {lowest: 1.0}
            for column, worth in self.gained.get(factor, [[]])[-1]:
                terms[column] = terms.get(column, 0.0) - worth / self.task.shares[factor]
            self.row(terms, before)

    def _add_limits(self) -> None:
        if self.limits.budget is not None:
            whole = {self.done[c.id, self.phases - 1]: c.cost for c in self.task.candidates.values()}
            self._add_limit("budget", 0, whole, self.limits.budget)
        for phase, (money, days) in enumerate(zip(self.limits.phase_budgets, self.limits.phase_days, strict=True)):
            if money is not None:
                costs = {c.id: c.cost for c in self.task.candidates.values()}
                self._add_limit("phase_budget", phase, self._used(costs, phase), money)
            if days is not None:
                efforts = {c.id: c.action.days for c in self.task.candidates.values()}
                self._add_limit("days", phase, self._used(efforts, phase), days)

    def _used(self, amounts: Mapping[str, float], phase: int) -> Terms:
        """What the actions that end in this phase use."""
        terms: Terms = {self.done[name, phase]: amount for name, amount in amounts.items()}
        if phase:
            terms.update({self.done[name, phase - 1]: -amount for name, amount in amounts.items()})
        return terms

    def _add_limit(self, kind: str, phase: int, terms: Terms, limit: float) -> None:
        if ("days" if kind == "days" else "money") in self.task.relaxed:
            self.slack[kind, phase] = self.column(1.0, np.inf)
            terms[self.slack[kind, phase]] = -1.0
        self.row(terms, limit)

    def solve(self) -> Choice | None:
        """The best choice that can really be scheduled; None where there is none.

        Chains of three and more actions may not fit a phase although each pair does: the chain is forbidden and the
        programme solved again, until what it chooses fits.
        """
        while True:
            result = milp(
                np.array(self.cost),
                integrality=np.array(self.is_integer, dtype=np.int8),
                bounds=Bounds(np.array(self.lower), np.array(self.upper)),
                constraints=self._constraints(),
                options={"mip_rel_gap": GAP, "time_limit": SECONDS},
            )
            if result.x is None:
                return None
            phase = self._phases(result.x)
            late = Schedule(self.task.timing, self.task.candidates, phase).late_chains()
            if not late:
                missing = {key: float(result.x[c]) for key, c in self.slack.items() if result.x[c] > SMALL}
                return Choice(phase, -float(result.fun), max(float(result.mip_gap or 0.0), 0.0), missing)
            for last, chain in late:
                terms: Terms = {self.done[last, phase[last]]: 1.0}
                for name in chain:
                    if phase[name] > 0:
                        column = self.done[name, phase[name] - 1]
                        terms[column] = terms.get(column, 0.0) - 1.0
                self.row(terms, 0.0)

    def _phases(self, x: NDArray[np.float64]) -> dict[str, int]:
        found: dict[str, int] = {}
        for name in self.task.candidates:
            done = [x[self.done[name, phase]] > 0.5 for phase in range(self.phases)]
            if any(done):
                found[name] = done.index(True)
        return found

    def _constraints(self) -> LinearConstraint:
        size = [(row, column, value) for row, (terms, _, _) in enumerate(self.rows) for column, value in terms.items()]
        rows, columns, values = zip(*size, strict=True) if size else ((), (), ())
        matrix = coo_array((values, (rows, columns)), shape=(len(self.rows), len(self.cost))).tocsr()
        return LinearConstraint(matrix, [low for _, low, _ in self.rows], [high for _, _, high in self.rows])
