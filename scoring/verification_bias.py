"""How far firms see themselves from what assessors find: bias and spread with intervals, trend, and agreement.

A difference is verified less self, so a bias below 0 says that firms overrate themselves.

- Bias: the mean difference with Student's t interval; the spread is the standard deviation of the differences, after
  Bland and Altman (1986), Lancet 327:307-310. Its interval is Miller's jackknife of the log variance (1968, Ann. Math.
  Stat. 39:567-582), which unlike the chi-square interval does not ask for normal differences.
- Trend: do the advanced differ from the others? Differences fall with the self score by mere regression to the mean,
  so they are held against the average of both scores (Oldham 1962, J. Chronic Dis. 15:969-977), which is free of it
  where both scores are equally unsure.
- Agreement: shares, and Cohen's weighted kappa (1968, Psychol. Bull. 70:213-220), by default with quadratic weights.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Floats = NDArray[np.float64]
G = TypeVar("G", bound=Hashable)
CONFIDENCE = 0.95
FEWEST = 3  # differences behind an interval


@dataclass(frozen=True, slots=True)
class Bias:
    """Mean difference and standard deviation of the differences, each with a 95 % interval.

    The spread's interval is None where it cannot be told: all but one of the differences are the same.
    """

    n: int
    mean: float
    low: float
    high: float
    spread: float
    spread_low: float | None
    spread_high: float | None

    @property
    def says(self) -> str:
        """over: they overrate themselves; under: they underrate themselves; empty where the interval holds 0."""
        return "over" if self.high < 0 else "under" if self.low > 0 else ""


@dataclass(frozen=True, slots=True)
class Trend:
    """By how much the difference changes with each point of the average of both scores, with a 95 % interval."""

    n: int
    slope: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Agreement:
    """Levels that are the same, and at most one apart; kappa is None where all say one level."""

    n: int
    exact: float
    within_one: float
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Grouped:
    """Bias by group, for groups that are large enough; `held_back` groups are not shown."""

    shown: Mapping[str, Bias]
    held_back: int


def bias(differences: Sequence[float] | Floats) -> Bias | None:
    """Bias and spread of some differences; None for fewer than three."""
    values = np.asarray(differences, float)
    values = values[~np.isnan(values)]
    n = len(values)
    if n < FEWEST:
        return None
    mean, spread = float(values.mean()), float(values.std(ddof=1))
    half = _quantile(n - 1) * spread / n**0.5
    low, high = _spread_interval(values)
    return Bias(n, mean, mean - half, mean + half, spread, low, high)


def _spread_interval(values: Floats) -> tuple[float | None, float | None]:
    n = len(values)
    squares = ((values - values.mean()) ** 2).sum()
    # Each variance without one of the values, by the sum of squares that it takes away.
    without = (squares - (values - values.mean()) ** 2 * n / (n - 1)) / (n - 2)
    if without.min() <= squares * 1e-12:
        return None, None
    pseudo = n * np.log(squares / (n - 1)) - (n - 1) * np.log(without)
    half = _quantile(n - 1) * pseudo.std(ddof=1) / n**0.5
    low, high = np.exp((pseudo.mean() + np.array([-half, half])) / 2)
    return float(low), float(high)


def trend(selfs: Sequence[float] | Floats, verified: Sequence[float] | Floats) -> Trend | None:
    """How the difference changes with how advanced firms are; None without enough of them, or where all are alike."""
    own, found = np.asarray(selfs, float), np.asarray(verified, float)
    both = ~(np.isnan(own) | np.isnan(found))
    average, difference = (own + found)[both] / 2, (found - own)[both]
    n, around = len(average), average - average.mean() if len(average) else average
    if n < FEWEST + 1 or not around.any():
        return None
    slope = float(around @ difference / (around @ around))
    left = difference - difference.mean() - slope * around
    half = _quantile(n - 2) * float((left @ left / (n - 2) / (around @ around)) ** 0.5)
    return Trend(n, slope, slope - half, slope + half)


def grouped(differences: Floats, labels: Sequence[str], least: int) -> Grouped:
    """Bias by label, for groups of at least `least`. An empty label belongs to no group.

    Where what is held back is smaller than `least` in all, the total less what is shown would tell it: the smallest
    group that could be shown is held back with it.
    """
    values, names = np.asarray(differences, float), np.asarray(labels, dtype=object)
    known = ~np.isnan(values) & (names != "")
    sizes = {str(name): int((known & (names == name)).sum()) for name in sorted(set(names[known]))}
    shown = [name for name, size in sizes.items() if size >= least]
    # Values without a group are in the total, too, and hide what is held back with them.
    rest = int((~np.isnan(values)).sum()) - sum(sizes[name] for name in shown)
    if 0 < rest < least and shown:
        shown.remove(min(shown, key=lambda name: sizes[name]))
    found = {name: bias(values[known & (names == name)]) for name in shown}
    kept = {name: each for name, each in found.items() if each is not None}
    return Grouped(kept, len(sizes) - len(kept))


def agreement(table: NDArray[np.int64]) -> Agreement | None:
    """Agreement on a ladder: rows are the firms' levels, columns the assessors'; None without any."""
    n = int(table.sum())
    if n == 0:
        return None
    rows, columns = np.indices(table.shape)
    apart = np.abs(rows - columns)
    exact, near = table[apart == 0].sum() / n, table[apart <= 1].sum() / n
    return Agreement(n, float(exact), float(near), weighted_kappa(table))


def weighted_kappa(table: NDArray[np.float64] | NDArray[np.int64], weights: Floats | None = None) -> float | None:
    """Cohen's weighted kappa of a square table of counts or shares; `weights` are of disagreement, 0 where both agree.

    None where chance alone would leave no disagreement.
    """
    shares = np.asarray(table, float) / table.sum()
    if weights is None:
        rows, columns = np.indices(shares.shape)
        weights = ((rows - columns) ** 2).astype(float)
    by_chance = float((weights * np.outer(shares.sum(axis=1), shares.sum(axis=0))).sum())
    return None if by_chance == 0 else 1 - float((weights * shares).sum()) / by_chance


def _quantile(degrees: int) -> float:
    return float(stdtrit(degrees, 0.5 + CONFIDENCE / 2))
