"""Where marks lie on the tracks of a workshop's charts, in whole per cents."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from reports import charts
from reports.workshop.view import Mark

TONES = 6  # as many groups as a workshop may have


def level_place(level: float, levels: int) -> int:
    """A level from 0 on, every level in the middle of its column."""
    return round(100 * (0.5 + level) / levels)


def rank_place(rank: float, ranks: int) -> int:
    """A rank from 1 on, every rank in the middle of its column."""
    return round(100 * (rank - 0.5) / ranks)


def rank_bar(bar: Mapping[str, Any], ranks: int) -> Mark:
    """A dot at the room's rank, on a bar over all the columns from its better to its worse end."""
    start, end = round(100 * (bar["low"] - 1) / ranks), round(100 * bar["high"] / ranks)
    return Mark(rank_place(bar["rank"], ranks), 0, start, max(charts.SHORTEST, end - start))


def score_place(score: float) -> int:
    """A best-worst score from -1 to 1, on a track with five ticks."""
    return round(100 * (0.1 + 0.8 * (score + 1) / 2))


def interval(place: int, low: int, high: int, tone: int) -> Mark:
    """A group's dot with its interval."""
    return Mark(place, tone % TONES, low, max(charts.SHORTEST, high - low))


def months_after(start: str, end: str) -> float:
    """Months of thirty and a half days between two ISO days."""
    return (date.fromisoformat(end) - date.fromisoformat(start)).days / 30.4375


def on_columns(month: float, columns: Sequence[tuple[float, float]]) -> int:
    """Where a month lies when stretches of months have columns of equal width."""
    return charts.span(month, month, columns)[0]
