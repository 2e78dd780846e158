"""How fast one assessment may be saved: a device that sends save after save without end is told to wait."""

import time
from collections import Counter

from assessment.errors import N_, TooMany

WINDOW = 60.0  # seconds


class SavesTooFast(TooMany):
    """More saves in a minute than people make."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            N_("Too many answers at once. What was saved is safe; the others are sent later."), retry_after
        )


class SaveRate:
    """Counts saves by assessment, minute by minute, in memory: a restart forgives, and no save pays for a row."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._begun = 0.0
        self._saves: Counter[int] = Counter()

    def count(self, assessment_id: int, saves: int, now: float | None = None) -> None:
        """Count saves that are about to be made.

        Raises:
            SavesTooFast: it is too many for this minute.
        """
        now = time.monotonic() if now is None else now
        if now - self._begun >= WINDOW:
            self._begun = now
            self._saves.clear()
        self._saves[assessment_id] += saves
        if self._saves[assessment_id] > self.most:
            raise SavesTooFast(max(1, round(self._begun + WINDOW - now)))
