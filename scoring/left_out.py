"""Why an action that would help is not in the plan."""

from collections.abc import Mapping

from scoring.candidates import Candidate
from scoring.orders import orders
from scoring.plan_model import LimitKind, Limits, Task
from scoring.roadmap import LeftOut, LeftOutReason
from scoring.schedule import Schedule
from scoring.tidying import noise


def left_out(
    everything: Mapping[str, Candidate], task: Task, limits: Limits, phase: Mapping[str, int], unwanted: frozenset[str]
) -> tuple[LeftOut, ...]:
    """The helpful actions that are not planned, the most helpful first, each with the first reason that holds.

    `excluded`: it, or what it cannot do without, must not be done. `time`: it cannot end within the phases, whatever
    else is done. `little_gain`: others in the plan reach its levels. `prerequisite`: what it needs is not in the plan.
    `budget`, `days`: no phase has that much left of it. `time` again: where money and days are left, it would come too
    late or too early. What is left then would fit, and adds too little to be worth its cost.
    """
    reasons = _Reasons(task, limits, phase)
    found = [
        LeftOut(c.id, reasons.reason(c), c.cost_low, c.cost_high, c.gain)
        for c in everything.values()
        if c.id not in phase and (c.gain > 0 or c.id in unwanted)
    ]
    return tuple(sorted(found, key=lambda each: -round(each.gain, 12)))


class _Reasons:
    """What the plan leaves of money and staff days, and whether one action more fits."""

    def __init__(self, task: Task, limits: Limits, phase: Mapping[str, int]) -> None:
        self.task, self.phase, self.limits = task, phase, limits.given()
        self.noise = noise(task)
        self.phases = range(len(task.timing.ends))
        self.first_phase = orders(task.timing, task.candidates).first_phase
        planned = (task.candidates[name] for name in phase)
        self.reached = {(c.action.question, level) for c in planned for level in c.steps}

    def reason(self, candidate: Candidate) -> LeftOutReason:
        if candidate.id not in self.task.candidates:
            return "excluded"
        if candidate.id not in self.first_phase:
            return "time"
        if all((candidate.action.question, level) in self.reached for level, worth in candidate.steps.items() if worth):
            return "little_gain"
        if any(not any(name in self.phase for name in group) for group in candidate.needs):
            return "prerequisite"
        affordable = [p for p in self.phases if self._has(candidate, p, "phase_budget")]
        if not affordable or not self._has(candidate, 0, "budget"):
            return "budget"
        with_both = [p for p in affordable if self._has(candidate, p, "days")]
        if not with_both:
            return "days"
        return "little_gain" if any(self._is_in_time(candidate, p) for p in with_both) else "time"

    def _has(self, candidate: Candidate, phase: int, kind: LimitKind) -> bool:
        key = (kind, 0 if kind == "budget" else phase)
        if key not in self.limits:
            return True
        return self.task.used(key, {**self.phase, candidate.id: phase}) <= self.limits[key] + self.noise[kind]

    def _is_in_time(self, candidate: Candidate, phase: int) -> bool:
        return not Schedule(self.task.timing, self.task.candidates, {**self.phase, candidate.id: phase}).late()
