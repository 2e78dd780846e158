"""How fast things may be done for one assessment: so many a minute, in this process; a restart forgives."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

from assessment.errors import N_, TooMany

REMEMBERED = 10_000  # assessments


class PlansTooFast(TooMany):
    """Plans are worked out by a solver, which others need too."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            N_("Too many plans were asked for at once. Wait %(seconds)d seconds, then ask again."),
            retry_after,
            seconds=retry_after,
        )


class SavesTooFast(TooMany):
    """More saves in a minute than people make: a device that sends save after save without end is told to wait."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            N_("Too many answers at once. What was saved is safe; the others are sent later."), retry_after
        )


class Pace:
    """At most `most` in a stretch of `seconds`, counted for each from their first; what was refused is not counted."""

    def __init__(
        self,
        most: int,
        refusal: Callable[[int], TooMany],
        seconds: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.most, self.refusal, self.seconds, self.clock = most, refusal, seconds, clock
        self._lock = threading.Lock()
        self._stretches: OrderedDict[Hashable, tuple[float, int]] = OrderedDict()  # since when, and how many

    def count(self, who: Hashable, number: int = 1) -> None:
        """Count what is about to be done.

        Raises:
            TooMany: it is too much for this stretch.
        """
        with self._lock:
            now = self.clock()
            since, done = self._stretches.get(who, (now, 0))
            if now - since >= self.seconds:
                del self._stretches[who]  # the new one goes behind the others
                since, done = now, 0
            if done + number > self.most:
                raise self.refusal(max(1, round(since + self.seconds - now)))
            self._stretches[who] = since, done + number
            while len(self._stretches) > REMEMBERED:
                self._stretches.popitem(last=False)
