"""How sure a mean is: intervals under the assumption that the firms of a cell are like the rest of their cell.

Firms that came by themselves are no random sample: there is no margin of sampling error (AAPOR, guidance on reporting
precision for nonprobability samples, 2016). What is given is a model-based precision, and it is called so.
"""

from math import sqrt

import numpy as np
from scipy.special import stdtrit

from scoring.dominance import Rules
from scoring.lattices import Array

CONFIDENCE = 0.95
WIDE = 0.2  # of the scale in all (half a level either side on 0 to 5): a wider interval is marked as unsure
FEW = 30  # so is a mean of fewer (effective) firms


def fewest_behind(n: Array, rules: Rules) -> Array:
    """The smallest number of firms that is shown as this one."""
    return np.maximum(n - rules.base // 2, rules.threshold)


def published_intervals(n: Array, mean: Array, deviation: Array, scale: tuple[float, float], rules: Rules) -> Array:
    """The 95 % intervals of shown means (2 x cells), made of shown figures alone, so that they tell nothing more.

    Student's t with the smallest number of firms that is shown as n and the largest deviation that is shown as this
    one; ends are rounded outwards to the scores' decimals and stay on the scale. Not-a-number where a figure is not
    shown. Rounding outwards makes up for the mean being rounded: by simulation they cover the mean of the country they
    were drawn from in 95 % of cases or more, for 10 to 2,000 firms.
    """
    unit = 10.0**-rules.decimals
    firms = fewest_behind(np.where(np.isnan(n), rules.threshold, n), rules)
    spread = (deviation + unit / 2) * np.sqrt(firms / (firms - 1))
    half = stdtrit(firms - 1, (1 + CONFIDENCE) / 2) * spread / np.sqrt(firms)
    low = np.floor((mean - half) / unit + 1e-9) * unit
    high = np.ceil((mean + half) / unit - 1e-9) * unit
    shown = ~(np.isnan(n) | np.isnan(mean) | np.isnan(deviation))
    ends = np.round(np.clip(np.stack([low, high]), *scale), rules.decimals)
    return np.where(shown, ends, np.nan)


def mean_interval(values: Array, weights: Array | None = None) -> tuple[float, float, float]:
    """The (weighted) mean with its 95 % interval, by linearization; without weights Student's.

    Taylor linearization of a ratio of sums, with n / (n - 1): Lohr, Sampling (2010), chapter 9.1. Fitting to margins
    makes means surer than this says, where the margins matter; that gain is not counted.

    Raises:
        ValueError: two firms are needed.
    """
    n = len(values)
    if n < 2:
        raise ValueError("an interval needs two firms")
    w = np.ones(n) if weights is None else weights
    total = float(w.sum())
    mean = float((w * values).sum() / total)
    variance = float((w**2 * (values - mean) ** 2).sum()) / total**2 * n / (n - 1)
    half = float(stdtrit(n - 1, (1 + CONFIDENCE) / 2)) * sqrt(variance)
    return mean, mean - half, mean + half


def is_unsure(n: float, low: float, high: float, scale: tuple[float, float]) -> bool:
    """Whether a mean is marked as unsure: few firms, or an interval wider than a fifth of the scale."""
    return n < FEW or high - low > WIDE * (scale[1] - scale[0])
