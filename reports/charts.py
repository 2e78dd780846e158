"""The table is the chart: numbers become marks in table cells, as whole per cents of their track."""

from collections.abc import Sequence

from questionnaires.schema import Scale

TONES = 5  # the darkest tone; the palest is 0
SHORTEST = 2  # per cent that a bar needs to be seen
WIDEST_TICKS = 7


def ticks(scale: Scale) -> tuple[float, ...]:
    """Where the axis is labelled: every whole number of a short scale, else six values over the scale."""
    length = scale.max - scale.min
    if length == int(length) and 1 <= length < WIDEST_TICKS:
        return tuple(scale.min + step for step in range(int(length) + 1))
    return tuple(scale.min + length * step / 5 for step in range(6))


def place(scale: Scale, score: float) -> int:
    """Where a score lies on its track, 0 to 100; every tick is in the middle of its column."""
    columns = len(ticks(scale))
    share = (score - scale.min) / (scale.max - scale.min)
    return round(100 * (0.5 + share * (columns - 1)) / columns)


def tone(scale: Scale, score: float) -> int:
    """The tone of a score, 0 to 5: a tone is reached, never rounded up to."""
    share = (score - scale.min) / (scale.max - scale.min)
    return min(TONES, max(0, int(share * TONES + 1e-9)))


def share(value: float, largest: float) -> int:
    """A bar's length, 0 to 100, when the largest fills its track; what is above nothing can be seen."""
    if largest <= 0 or value <= 0:
        return 0
    return max(SHORTEST, min(100, round(100 * value / largest)))


def span(start: float, end: float, columns: Sequence[tuple[float, float]]) -> tuple[int, int]:
    """Where a bar over months starts and how long it is, when stretches of months have columns of equal width."""
    first, last = _on(start, columns), _on(end, columns)
    length = max(SHORTEST, round(100 * (last - first)))
    return min(round(100 * first), 100 - length), length


def _on(month: float, columns: Sequence[tuple[float, float]]) -> float:
    for position, (start, end) in enumerate(columns):
        if month <= end:
            return (position + max(0.0, month - start) / (end - start)) / len(columns)
    return 1.0
