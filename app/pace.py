"""How often a costly thing may be worked out for one assessment: so often a minute, in this process."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from assessment.errors import N_, TooMany

REMEMBERED = 1000  # assessments


class TooOften(TooMany):
    """Plans are worked out by a solver, which others need too."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            N_("Too many plans were asked for at once. Wait %(seconds)d seconds, then ask again."),
            retry_after,
            seconds=retry_after,
        )


class Pace:
    """At most `most` within `seconds`, counted for each name."""

    def __init__(self, most: int, seconds: float = 60.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self.seconds, self.clock = most, seconds, clock
        self._lock = threading.Lock()
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def take(self, name: str) -> None:
        """Count one.

        Raises:
            TooOften: it would be one too many; it is not counted.
        """
        with self._lock:
            now = self.clock()
            times = self._times.setdefault(name, deque())
            self._times.move_to_end(name)
            while times and times[0] <= now - self.seconds:
                times.popleft()
            if len(times) >= self.most:
                raise TooOften(max(1, round(times[0] + self.seconds - now)))
            times.append(now)
            while len(self._times) > REMEMBERED:
                self._times.popitem(last=False)
