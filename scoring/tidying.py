"""A choice that the solver calls good enough, made tidy: nothing useless in it, nothing left out that still fits."""

from collections.abc import Mapping

from scoring.candidates import Candidate
from scoring.plan_model import LARGEST, LimitKey, LimitKind, Limits, Task
from scoring.schedule import Schedule

ENOUGH = 1e-10  # of all that can be gained; less is no improvement
TOLERANCE = 1e-6 / LARGEST  # of the largest amount; what the solver takes as within a limit


def tidied(task: Task, limits: Limits, phase: Mapping[str, int]) -> dict[str, int]:
    """The same choice with every single change that makes it better, as long as there is one.

    The solver stops within its gap of the best, where an action that adds nothing could still be in the plan, or one
    that fits be left out. A change drops an action, adds one, ends one in an earlier phase, or puts a cheaper action in
    the place of another that adds as much.
    """
    now, changed = _Tidy(task, limits, dict(phase)), True
    while changed:
        changed = any([now.drop(), now.add_or_hasten(), now.cheapen()])
    return {name: now.phase[name] for name in task.candidates if name in now.phase}


def noise(task: Task) -> dict[LimitKind, float]:
    """How far a choice may be over a limit and still counts as within it."""
    money = TOLERANCE * max((c.cost for c in task.candidates.values()), default=0.0)
    days = TOLERANCE * max((c.action.days for c in task.candidates.values()), default=0.0)
    return {"budget": money, "phase_budget": money, "days": days}


class _Tidy:
    def __init__(self, task: Task, limits: Limits, phase: dict[str, int]) -> None:
        self.task, self.limits, self.phase = task, limits.given(), phase
        self.preference = task.preference(phase)
        self.least = ENOUGH * task.whole
        self.noise = noise(task)
        self.room = self._room(phase)

    def drop(self) -> bool:
        """The dearest first."""
        chosen = [self.task.candidates[name] for name in self.phase if name not in self.task.must]
        found = False
        for candidate in sorted(chosen, key=lambda c: -c.cost):
            found |= self._take({name: at for name, at in self.phase.items() if name != candidate.id})
        return found

    def add_or_hasten(self) -> bool:
        """The most useful first, each in the first phase that has room for it."""
        found = False
        useful = [c for c in self.task.candidates.values() if c.gain]
        for candidate in sorted(useful, key=lambda c: -c.gain * c.pull):
            for phase in range(self.phase.get(candidate.id, len(self.task.timing.ends))):
                if self._has_room(candidate, phase) and self._take({**self.phase, candidate.id: phase}):
                    found = True
                    break
        return found

    def cheapen(self) -> bool:
        """The dearest first, each for the cheapest of those that add as much to the same factor."""
        alike: dict[tuple[str, float], list[Candidate]] = {}
        for candidate in sorted(self.task.candidates.values(), key=lambda c: c.cost):
            alike.setdefault((candidate.factor, round(candidate.gain * candidate.pull, 9)), []).append(candidate)
        found = False
        for same in alike.values():
            for dear in [c for c in reversed(same) if c.id in self.phase and c.id not in self.task.must]:
                rest = {name: at for name, at in self.phase.items() if name != dear.id}
                cheaper = (c for c in same if c.cost < dear.cost and c.id not in self.phase)
                found |= any(self._take({**rest, c.id: self.phase[dear.id]}) for c in cheaper)
        return found

    def _take(self, phase: dict[str, int]) -> bool:
        """Take this choice if it is better and can be done."""
        preference = self.task.preference(phase)
        if preference <= self.preference + self.least:
            return False
        room = self._room(phase)
        if any(left < 0 for left in room.values()) or Schedule(self.task.timing, self.task.candidates, phase).late():
            return False
        self.phase, self.preference, self.room = phase, preference, room
        return True

    def _room(self, phase: Mapping[str, int]) -> dict[LimitKey, float]:
        """What is left of each limit."""
        return {key: limit + self.noise[key[0]] - self.task.used(key, phase) for key, limit in self.limits.items()}

    def _has_room(self, candidate: Candidate, phase: int) -> bool:
        moved = candidate.id in self.phase
        return all(
            self.task.used(key, {candidate.id: phase}) <= left or (moved and key[0] == "budget")
            for key, left in self.room.items()
        )
