"""How well one order of gaps agrees with another, ties included."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
SAME = 9  # decimals beyond which two scores are the same


def tau_b(one: Sequence[float], other: Sequence[float]) -> float:
    """Kendall's tau-b: 1 the same order, -1 the reverse, 0 no agreement; ties count as in Kendall (1945).

    An order in which all is tied says nothing and agrees with nothing: 0.
    """
    first, second = _signs(one), _signs(other)
    untied = np.sqrt(float((first**2).sum()) * float((second**2).sum()))
    return float((first * second).sum() / untied) if untied else 0.0


def ndcg(scores: Sequence[float], gains: Sequence[float], k: int) -> float:
    """How much of the best possible gain the first k of an order hold, 0 to 1, the first place counting most.

    Discounted cumulative gain: gain / log2(place + 1), summed (Jarvelin & Kekalainen, 2002, ACM TOIS 20:422-446), over
    that of the best order; gains are not below 0. Tied gaps share the gain of their places (McSherry & Najork, 2008).
    Without any gain there is nothing to miss: 1.
    """
    best = _discounted(gains, gains, k)
    return _discounted(scores, gains, k) / best if best else 1.0


def beaten(scores: Sequence[float]) -> list[float]:
    """The share of the others that each one goes before, a tie counting half: 0 to 1."""
    others = max(len(scores) - 1, 1)
    found: list[float] = (((_signs(scores) + 1).sum(axis=1) - 1) / 2 / others).tolist()
    return found


def _signs(scores: Sequence[float]) -> Array:
    values = np.asarray(scores, dtype=np.float64)
    differences: Array = np.sign(np.round(values[:, None] - values[None, :], SAME))
    return differences


def _discounted(scores: Sequence[float], gains: Sequence[float], k: int) -> float:
    """The discounted gain of the first k places, the tied taking the mean over the places they share."""
    discounts = np.where(np.arange(len(scores)) < k, 1 / np.log2(np.arange(len(scores)) + 2), 0.0)
    _, tied = np.unique(-np.round(scores, SAME), return_inverse=True)
    sizes = np.bincount(tied)
    ends = np.cumsum(sizes)
    sums = np.concatenate([[0.0], np.cumsum(discounts)])
    mean = (sums[ends] - sums[ends - sizes]) / sizes
    return float(mean[tied] @ np.asarray(gains, dtype=np.float64))
