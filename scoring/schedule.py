"""When an action can start and end: phases, durations, and what has to end before it starts."""

import heapq
from collections.abc import Collection, Mapping
from dataclasses import dataclass

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

    def last_phase(self, months: float, by: float) -> int | None:
        """The last phase in which something of this length may end to have ended by this month."""
        fitting = (
            phase
            for phase in reversed(range(len(self.ends)))
            if self.fits(months, phase) and self.release(months, phase) + months <= by + NOISE
        )
        return next(fitting, None)


@dataclass(frozen=True, slots=True)
class Late:
    """What a timetable has shown: `action` cannot have ended by the end of `phase` unless one of `unless` has (each
    by the end of the phase beside it).
    """

    action: str
    phase: int
    unless: Mapping[str, int]


def earliest_ends(
    candidates: Mapping[str, Candidate], names: Collection[str], release: Mapping[str, float]
) -> dict[str, float]:
    """The earliest end of each action that can end at all, the first to end first: every need ends before it starts.

    Of a group of needs the alternative that ends first counts. Actions that wait for each other in a circle never end.
    Knuth (1977), A generalization of Dijkstra's algorithm.
    """
    waiting: dict[str, list[tuple[str, int]]] = {}
    unmet: dict[str, set[int]] = {}
    ready: list[tuple[float, int, str]] = []
    place = {name: position for position, name in enumerate(names)}
    for name in names:
        unmet[name] = set(range(len(candidates[name].needs)))
        for group, options in enumerate(candidates[name].needs):
            for option in options:
                waiting.setdefault(option, []).append((name, group))
        if not unmet[name]:
            heapq.heappush(ready, (release[name] + candidates[name].action.months, place[name], name))
    ends: dict[str, float] = {}
    while ready:
        end, _, name = heapq.heappop(ready)
        ends[name] = end
        for other, group in waiting.get(name, ()):
            if group in unmet[other]:
                unmet[other].remove(group)
                if not unmet[other]:
                    start = max(release[other], end)
                    heapq.heappush(ready, (start + candidates[other].action.months, place[other], other))
    return ends


class Schedule:
    """The chosen actions in time, given the phase in which each ends."""

    def __init__(self, timing: Timing, candidates: Mapping[str, Candidate], phase: Mapping[str, int]) -> None:
        self.timing, self.candidates, self.phase = timing, candidates, phase
        release = {name: timing.release(self.months(name), at) for name, at in phase.items()}
        self.earliest = earliest_ends(candidates, phase, release)
        self.order = {name: position for position, name in enumerate(self.earliest)}

    def late(self) -> list[Late]:
        """Why the actions cannot end in their phases; nothing if they can."""
        if stuck := [name for name in self.phase if name not in self.earliest]:
            return self._stuck(stuck)
        ends = self.timing.ends
        return [self._late(name) for name, end in self.earliest.items() if end > ends[self.phase[name]] + NOISE]

    def latest_ends(self) -> dict[str, float]:
        """The latest end of each action with which it and all that wait for it still end in their phases."""
        latest: dict[str, float] = {}
        for name in reversed(self.earliest):
            latest[name] = min(latest.get(name, float("inf")), self.timing.ends[self.phase[name]])
            for need in self.first_needs(name):
                latest[need] = min(latest.get(need, float("inf")), latest[name] - self.months(name))
        return latest

    def first_needs(self, name: str) -> list[str]:
        """One action of each group of needs: the one that can end first."""
        return [self._first(group) for group in self.candidates[name].needs]

    def months(self, name: str) -> float:
        return self.candidates[name].action.months

    def _first(self, group: tuple[str, ...]) -> str:
        """The alternative that can end first, of those chosen."""
        return min((other for other in group if other in self.order), key=self.order.__getitem__)

    def _late(self, late: str) -> Late:
        """Back from the late action along what holds it up, to all that are held up by nothing but their phase.

        Each in `open` cannot end by the time beside it: its phase begins too late for that, or the needs of one group
        all end too late, which are then looked at in turn.
        """
        unless: dict[str, int] = {}
        shown: dict[str, float] = {}
        open_ = [(late, self.timing.ends[self.phase[late]])]
        while open_:
            name, by = open_.pop()
            if shown.get(name, -1.0) >= by:
                continue
            shown[name] = by
            in_time = self.timing.last_phase(self.months(name), by)
            if in_time is None:
                continue
            if in_time < self.phase.get(name, len(self.timing.ends)) or not self.candidates[name].needs:
                unless[name] = max(in_time, unless.get(name, 0))
            else:
                group = max(self.candidates[name].needs, key=lambda group: self.order[self._first(group)])
                open_ += [(option, by - self.months(name)) for option in group if option in self.candidates]
        return Late(late, self.phase[late], unless)

    def _stuck(self, stuck: list[str]) -> list[Late]:
        """Those that wait for each other in a circle need something outside it."""
        last = len(self.timing.ends) - 1
        groups = (group for name in stuck for group in self.candidates[name].needs)
        circular = [group for group in groups if not any(option in self.order for option in group)]
        outside = {o: last for group in circular for o in group if o in self.candidates and o not in stuck}
        return [Late(name, last, outside) for name in stuck]
