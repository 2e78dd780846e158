"""Every way to plan a handful of actions, tried one by one: slow, plain, and with nothing of the roadmap's own code."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from scoring.candidates import Candidate
from scoring.plan_model import Limits, Task

NEVER = 3
STARTS, ENDS = np.array([0.0, 3.0, 12.0]), np.array([3.0, 12.0, 36.0])
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Plans:
    """All plans that can be put in time; `phase` has a row for each, a column for each action (3: not done)."""

    names: tuple[str, ...]
    phase: NDArray[np.int64]
    value: NDArray[np.float64]

    def within(self, task: Task, limits: Limits, slack: float = TOLERANCE) -> NDArray[np.bool_]:
        """Which of them keep all limits and hold all must-dos."""
        costs = np.array([task.candidates[n].cost for n in self.names])
        days = np.array([task.candidates[n].action.days for n in self.names])
        kept = np.ones(len(self.phase), dtype=bool)
        if limits.budget is not None:
            kept &= ((self.phase != NEVER) @ costs) <= limits.budget + slack
        for phase in range(3):
            money, most_days = limits.phase_budgets[phase], limits.phase_days[phase]
            if money is not None:
                kept &= ((self.phase == phase) @ costs) <= money + slack
            if most_days is not None:
                kept &= ((self.phase == phase) @ days) <= most_days + slack
        for column, name in enumerate(self.names):
            if name in task.must:
                kept &= self.phase[:, column] != NEVER
        return kept


def all_plans(task: Task) -> Plans:
    """Every assignment of phases in which each action can end in its phase, after all that it needs."""
    names = tuple(task.candidates)
    phase = np.array(list(product(range(4), repeat=len(names))), dtype=np.int64).reshape(-1, len(names))
    phase = phase[_can_be_put_in_time(names, task.candidates, phase)]
    return Plans(names, phase, _values(names, task, phase))


def _can_be_put_in_time(
    names: tuple[str, ...], candidates: Mapping[str, Candidate], phase: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """From no end at all down to what the needs allow, as often as there are actions."""
    starts, ends = np.append(STARTS, 0.0), np.append(ENDS, np.inf)
    end = np.full(phase.shape, np.inf)
    for _ in range(len(names)):
        for column, name in enumerate(names):
            months = candidates[name].action.months
            start = np.maximum(0.0, starts[phase[:, column]] - months)
            for group in candidates[name].needs:
                first = [np.full(len(phase), np.inf)]
                first += [
                    np.where(phase[:, at] == NEVER, np.inf, end[:, at]) for at, o in enumerate(names) if o in group
                ]
                start = np.maximum(start, np.min(first, axis=0))
            end[:, column] = start + months
    in_time: NDArray[np.bool_] = ((end <= ends[phase] + TOLERANCE) & np.isfinite(end)) | (phase == NEVER)
    return in_time.all(axis=1)


def _values(names: tuple[str, ...], task: Task, phase: NDArray[np.int64]) -> NDArray[np.float64]:
    """Gains by goal and phase + 2 b * points that the factors gain below a third of the way to everything."""
    worth_of = np.append(np.array(task.worth_of_phase), 0.0)
    value = np.zeros(len(phase))
    factors = {f: np.full(len(phase), before) for f, before in task.factors_before.items()}
    levels = {(c.action.question, level) for c in task.candidates.values() for level in c.steps}
    for question, level in sorted(levels):
        reaching = [at for at, n in enumerate(names) if _reaches(task.candidates[n], question, level)]
        sources = [task.candidates[names[at]] for at in reaching]
        worth, pull = sources[0].steps[level], max(c.pull for c in sources)
        first = phase[:, reaching].min(axis=1)
        value += worth * pull * worth_of[first]
        factors[sources[0].factor] = factors[sources[0].factor] + np.where(
            first < NEVER, worth / task.shares[sources[0].factor], 0.0
        )
    worth_of_all = sum(
        next(c.steps[level] for c in task.candidates.values() if _reaches(c, question, level))
        for question, level in levels
    )
    stage = sum(task.shares[f] * before for f, before in task.factors_before.items()) + worth_of_all / 3
    for f, before in task.factors_before.items():
        value += 2 * task.balance * task.shares[f] * np.maximum(np.minimum(factors[f], stage) - before, 0.0)
    return value


def _reaches(candidate: Candidate, question: str, level: int) -> bool:
    return candidate.action.question == question and level in candidate.steps
