"""The figures of a release: what is shown of each cell for one score, or for one question with levels.

The interval of a mean is worked out from the number of firms, the mean and the deviation as they are shown, and from
nothing else: it says no more than they do.
"""

from dataclasses import dataclass, fields

import numpy as np

from scoring.cell_statistics import Moments, moments
from scoring.dominance import Rules
from scoring.lattices import Array, Cells
from scoring.mean_precision import published_intervals
from scoring.published_figures import PERCENTILES, Mask, figures

SHARES = 6  # bins of a distribution, or levels of a question


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of each cell, not-a-number for what is not; `held_back` where nothing is.

    Attributes:
        percentiles: cells x (10, 25, 50, 75, 90).
        shares: cells x 6, whole hundredths of the cell's firms with a value.
    """

    held_back: Mask
    n: Array
    mean: Array
    low: Array
    high: Array
    deviation: Array
    percentiles: Array
    shares: Array

    def spread(self, there: Mask) -> "Told":
        """The same over more cells: what is told of those `there`, in their order, and nothing of the others."""
        wide = nothing_told(len(there))
        for each in fields(self):
            getattr(wide, each.name)[there] = getattr(self, each.name)
        return wide


def nothing_told(count: int) -> Told:
    """So many cells that are held back."""
    n, mean, low, high, deviation = (np.full(count, np.nan) for _ in range(5))
    percentiles, shares = (np.full((count, wide), np.nan) for wide in (len(PERCENTILES), SHARES))
    return Told(np.ones(count, dtype=np.bool_), n, mean, low, high, deviation, percentiles, shares)


def told_of_scores(cells: Cells, scores: Array, shown: Mask, scale: tuple[float, float], rules: Rules) -> Told:
    """What is told of a score on a scale: percentiles on its grid of decimals, shares in fifths and the very top."""
    low, high = scale
    grid = round((high - low) * 10**rules.decimals)
    fine = low + (high - low) * np.arange(grid + 1) / grid
    of = moments(cells, scores, fine - (high - low) / grid * 1e-6)  # a score on an edge lies in the bin above it
    starts = np.round(np.arange(SHARES) * grid / (SHARES - 1)).astype(np.int64)
    coarse = Moments(of.n, of.total, of.squares, np.add.reduceat(of.bins, starts, axis=1))
    exact = figures(of, of.n, fine, shown, rules)
    shares = figures(coarse, of.n, fine[starts], shown, rules).shares
    return _told(exact.n, exact.mean, exact.deviation, exact.percentiles, shares, scale, rules)


def told_of_levels(cells: Cells, levels: Array, tops: int, shown: Mask, rules: Rules) -> Told:
    """What is told of a question whose levels go from 0 to `tops`; shares only where these are six or fewer."""
    edges = np.arange(tops + 1, dtype=np.float64)
    of = moments(cells, levels, edges)
    found = figures(of, of.n, edges, shown, rules)
    return _told(found.n, found.mean, found.deviation, found.percentiles, found.shares, (0.0, float(tops)), rules)


def told_of_groups(cells: Cells, groups: Array, count: int, shown: Mask, rules: Rules) -> Told:
    """What is told of a word that firms fall under, such as a profile: the shares and nothing else."""
    edges = np.arange(max(count, 2), dtype=np.float64)
    of = moments(cells, groups, edges)
    found = figures(of, of.n, edges, shown, rules)
    none = np.full(cells.count, np.nan)
    return _told(found.n, none, none, np.full((cells.count, 5), np.nan), found.shares, (0.0, 1.0), rules)


def _told(
    n: Array, mean: Array, deviation: Array, percentiles: Array, shares: Array, scale: tuple[float, float], rules: Rules
) -> Told:
    low, high = published_intervals(n, mean, deviation, scale, rules)
    padded = np.full((len(n), SHARES), np.nan)
    if shares.shape[1] <= SHARES:
        padded[:, : shares.shape[1]] = shares
    return Told(
        np.isnan(n),
        n,
        mean,
        low,
        high,
        deviation,
        percentiles,
        padded,
    )
