"""When within its phase each action runs: as soon as it can, and not more at once than the staff days allow."""

import heapq
from collections.abc import Iterator, Sequence
from math import ceil

from scoring.schedule import NOISE, Schedule

Times = dict[str, tuple[float, float]]  # action -> start and end, in months


def paced(schedule: Schedule, days: Sequence[float | None]) -> Times:
    """Start and end of each action of a choice that is not late.

    Each starts with its phase, or earlier only where what waits for it, or its own length, demands that; and later as
    long as its phase allows where the staff days of its months are used up. A phase's days (where there is no limit,
    those that its actions take) are spread evenly over its months, and so are an action's. Phase by phase, what
    cannot wait as long as it takes comes first, then what gains most for a day. A rule of thumb (serial scheduling by a
    priority), not an optimum.
    """
    load = _Load(schedule, days)
    latest = schedule.latest_ends()
    needs = {name: set(schedule.first_needs(name)) for name in schedule.phase}
    waiting: dict[str, list[str]] = {}
    for name, before in needs.items():
        for need in before:
            waiting.setdefault(need, []).append(name)
    rank = {name: (*load.priority(name, latest[name]), place) for place, name in enumerate(needs)}
    ready = [(rank[name], name) for name, before in needs.items() if not before]
    heapq.heapify(ready)
    times: Times = {}
    while ready:
        _, name = heapq.heappop(ready)
        ends = [times[need][1] for need in schedule.first_needs(name)]
        times[name] = load.place(name, ends, latest[name])
        for other in waiting.get(name, ()):
            needs[other].discard(name)
            if not needs[other]:
                heapq.heappush(ready, (rank[other], other))
    return times


class _Load:
    """The staff days that are asked for in each month, and how many there are."""

    def __init__(self, schedule: Schedule, days: Sequence[float | None]) -> None:
        self.schedule = schedule
        self.used = [0.0] * ceil(schedule.timing.ends[-1])
        self.most: list[float] = []
        for phase, (start, end) in enumerate(zip(schedule.timing.starts, schedule.timing.ends, strict=True)):
            here = (name for name, at in schedule.phase.items() if at == phase)
            limit = days[phase]
            given = sum(schedule.candidates[name].action.days for name in here) if limit is None else limit
            self.most += [given / (end - start)] * round(end - start)

    def priority(self, name: str, latest: float) -> tuple[int, bool, float]:
        """By phase; there what could start later than its phase by less than its length, then by gain for a day."""
        phase, months = self.schedule.phase[name], self.schedule.months(name)
        candidate = self.schedule.candidates[name]
        can_wait = latest - months - self.schedule.timing.starts[phase] >= months
        return phase, can_wait, -candidate.gain * candidate.pull / (candidate.action.days + 1.0)

    def place(self, name: str, ends: Sequence[float], latest: float) -> tuple[float, float]:
        """In the first months that have room for it, or else in those that are overrun least."""
        months = self.schedule.months(name)
        last = max(latest - months, *ends, 0.0)
        first = max([min(self.schedule.timing.starts[self.schedule.phase[name]], last), *ends])
        starts = [*(first + step for step in range(ceil(last - first - NOISE))), last]
        start = min(starts, key=lambda each: round(self._overrun(name, each), 6))
        for month, days in self._days(name, start):
            self.used[month] += days
        return start, start + months

    def _overrun(self, name: str, start: float) -> float:
        """How much more than its days the fullest of its months would be asked for, as a part of them."""
        full = ((self.used[month] + days, self.most[month]) for month, days in self._days(name, start) if days)
        return max((max(asked / most - 1.0, 0.0) if most else asked for asked, most in full), default=0.0)

    def _days(self, name: str, start: float) -> Iterator[tuple[int, float]]:
        """(month, days) of an action that starts then."""
        months, days = self.schedule.months(name), self.schedule.candidates[name].action.days
        final = len(self.used) - 1
        if months <= NOISE:
            yield min(int(start), final), days
            return
        for month in range(int(start), min(ceil(start + months - NOISE), final + 1)):
            part = min(start + months, month + 1.0) - max(start, float(month))
            yield month, days * part / months
