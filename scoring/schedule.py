"""When an action can start and end: phases, durations, and what has to end before it starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoring.candidates import Candidate

NOISE = 1e-6  # months


@dataclass(frozen=True, slots=True)
class Timing:
    """The phases' starts and ends, in months. An action belongs to the phase in which it ends.

    It starts with its phase or later, and earlier only where what waits for it, or its own length, demands that.
    """

    starts: tuple[float, ...]
    ends: tuple[float, ...]

    def fits(self, months: float, phase: int) -> bool:
        """Whether something of this length can end by the end of the phase."""
        return months <= self.ends[phase] + NOISE

    def release(self, months: float, phase: int) -> float:
        """The earliest start of something of this length that does not end before the phase begins."""
        return max(0.0, self.starts[phase] - months)

    def latest_phase(self, needed_months: float, months: float, phase: int) -> int | None:
        """The last phase in which a need may end so that an action of `months` can still end in `phase`."""
        for earlier in range(phase, -1, -1):
            need_ends = self.release(needed_months, earlier) + needed_months
            start = max(need_ends, self.release(months, phase))
            if self.fits(needed_months, earlier) and start + months <= self.ends[phase] + NOISE:
                return earlier
        return None


@dataclass(slots=True)
class Schedule:
    """Start and end (months) of every chosen action, given the phase in which each ends."""

    timing: Timing
    chosen: Mapping[str, Candidate]
    phase: Mapping[str, int]
    earliest: dict[str, float] = field(default_factory=dict)  # end
    held_up_by: dict[str, str | None] = field(default_factory=dict)
    latest: dict[str, float] = field(default_factory=dict)  # end
    times: dict[str, tuple[float, float]] = field(default_factory=dict)

    def late_chains(self) -> list[tuple[str, list[str]]]:
        """Actions that cannot end in their phase, each with the chain of needs that makes it late, nearest first."""
        late = [name for name in self.phase if self._earliest(name) > self.timing.ends[self.phase[name]] + NOISE]
        return [(name, self._chain(name)) for name in late]

    def fill(self) -> dict[str, tuple[float, float]]:
        """The times of a choice without late chains: not before its phase, unless others would be late."""
        waiting: dict[str, list[str]] = {name: [] for name in self.phase}
        for name in self.phase:
            self._earliest(name)
        for name in self.phase:
            for need in self._needs(name):
                waiting[need].append(name)
        for name in self.phase:
            self._latest(name, waiting)
        for name in self.phase:
            self._place(name)
        return self.times

    def _months(self, name: str) -> float:
        return self.chosen[name].action.months

    def _needs(self, name: str) -> list[str]:
        """One action of each group of needs: the one that can end first."""
        groups = ([other for other in group if other in self.phase] for group in self.chosen[name].needs)
        return [min(group, key=self._earliest) for group in groups]

    def _earliest(self, name: str) -> float:
        if name not in self.earliest:
            start, cause = self.timing.release(self._months(name), self.phase[name]), None
            for need in self._needs(name):
                if self._earliest(need) > start + NOISE:
                    start, cause = self._earliest(need), need
            self.earliest[name] = start + self._months(name)
            self.held_up_by[name] = cause
        return self.earliest[name]

    def _latest(self, name: str, waiting: Mapping[str, list[str]]) -> float:
        if name not in self.latest:
            starts = (self._latest(other, waiting) - self._months(other) for other in waiting[name])
            self.latest[name] = min(self.timing.ends[self.phase[name]], *starts, float("inf"))
        return self.latest[name]

    def _place(self, name: str) -> float:
        if name not in self.times:
            preferred = min(self.timing.starts[self.phase[name]], self.latest[name] - self._months(name))
            start = max([preferred, *(self._place(need) for need in self._needs(name))])
            self.times[name] = (start, start + self._months(name))
        return self.times[name][1]

    def _chain(self, name: str) -> list[str]:
        chain: list[str] = []
        before = self.held_up_by[name]
        while before is not None:
            chain.append(before)
            before = self.held_up_by[before]
        return chain
