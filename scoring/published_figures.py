"""What is shown of a cell that goes out: rounded numbers, and only figures that enough firms stand behind.

Percentiles are some firm's value, so they need more firms than a mean: a median 10, quartiles 20, the 10th and the 90th
percentile 50 (five firms beyond them); the smallest and the largest value are never shown. Percentiles come from the
histogram: the lower edge of the bin that holds them, on the bins' own grid.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.cell_statistics import Moments
from scoring.dominance import Rules
from scoring.lattices import Array, Integers
from scoring.rounding import stored

Mask = NDArray[np.bool_]
PERCENTILES = (10, 25, 50, 75, 90)
ALIKE, FEW = 0.9, 30  # in a cell of fewer firms than FEW, one level may hold this share at most; else not quite all


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one score, a row a cell; not-a-number is not shown.

    Attributes:
        n: firms with a value, rounded.
        mean, deviation: rounded; the deviation is that of the firms in the cell, not of a sample.
        percentiles: cells x (10, 25, 50, 75, 90).
        shares: cells x bins, whole hundredths.

    Where nearly all firms of a cell are alike, its deviation, percentiles and shares are left out: they would tell of
    each. So is a mean that is an end of the scale once rounded.
    """

    n: Array
    mean: Array
    deviation: Array
    percentiles: Array
    shares: Array


def figures(of: Moments, firms: Integers, edges: Array, shown: Mask, rules: Rules) -> Figures:
    """What is shown of the cells in `shown`, given how many firms (with a value or not) each cell holds.

    The bins go from the lowest to the highest value possible. Nothing of a cell is shown when fewer firms than the
    threshold, but some, have a value, or have none.
    """
    without = firms - of.n
    out = shown & (of.n >= rules.threshold) & ((without == 0) | (without >= rules.threshold))
    n = np.where(out, of.n, 1).astype(np.float64)
    varied = out & ~are_alike(of.bins)
    mean = stored(of.total / n, rules.decimals)
    inside = (mean > edges[0]) & (mean < edges[-1])
    spread = np.sqrt(np.maximum(of.squares / n - (of.total / n) ** 2, 0.0))
    return Figures(
        np.where(out, rounded_to(of.n, rules.base), np.nan),
        np.where(out & inside, mean, np.nan),
        np.where(varied, stored(spread, rules.decimals), np.nan),
        _percentiles(of, edges, varied, rules),
        np.where(varied[:, np.newaxis], np.round(100 * of.bins / n[:, np.newaxis]), np.nan),
    )


def rounded_to(n: Integers, base: int) -> Array:
    """Numbers of firms to the nearest multiple of the base, halves up: 12 is 10, 13 is 15."""
    return np.floor(n / base + 0.5) * base


def are_alike(bins: Integers) -> Mask:
    """Whether a cell's distribution tells of (nearly) everyone in it: all in one bin, or 90 % of fewer than 30."""
    n, most = bins.sum(axis=1), bins.max(axis=1, initial=0)
    alike: Mask = (n > 0) & ((most == n) | ((n < FEW) & (most > ALIKE * n)))
    return alike


def _percentiles(of: Moments, edges: Array, out: Mask, rules: Rules) -> Array:
    needed = {10: rules.tails, 25: rules.quartiles, 50: rules.median, 75: rules.quartiles, 90: rules.tails}
    below = of.bins.cumsum(axis=1)
    columns = []
    for percentile in PERCENTILES:
        rank = np.maximum(np.ceil(of.n * percentile / 100), 1)
        spot = np.minimum((below < rank[:, np.newaxis]).sum(axis=1), len(edges) - 1)
        columns.append(np.where(out & (of.n >= needed[percentile]), edges[spot], np.nan))
    return np.stack(columns, axis=1)
