"""How the scores of questions become the score of a dimension: mean, geometric, minimum, maximum, sum, gate.

Every rule takes the children's scores as an array whose first axis is the children in the order of the file (the
other axes are variants and firms) and their weights, broadcastable to it. Not-a-number is "no score": such a child
and a child of weight 0 do not count, the others' weights renormalise, and without any the result has no score.
Sums run over the children one after the other, never pairwise, so one firm alone and the same firm among
thousands get the same bits.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from questionnaires.schema import Rule, Scale

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Aggregate = Callable[[Array, Array, Scale], Array]

NOISE = 1e-9  # of the scale's length; what floating point may add to a score that a person computes exactly


def mean(scores: Array, weights: Array, scale: Scale) -> Array:
    """sum(w * s) / sum(w) over the children with a score: the importance-weighted mean of Schumacher et al. (2016)."""
    counted = _counted(scores, weights)
    kept = np.where(counted, weights, 0.0)
    averages = in_order(kept * np.where(counted, scores, 0.0)) / in_order(kept)
    return _within_children(averages, scores, counted)


def geometric(scores: Array, weights: Array, scale: Scale) -> Array:
    """exp(sum(w * ln s) / sum(w)); 0 as soon as one counted child is 0, so nothing makes up for a blank."""
    counted = _counted(scores, weights)
    kept = np.where(counted, weights, 0.0)
    positive = counted & (scores > 0)
    logs = _each(math.log, np.where(positive, scores, 1.0))
    averages = _each(math.exp, in_order(kept * logs) / in_order(kept))
    averages = _within_children(averages, scores, counted)
    return np.where((counted & ~positive).any(axis=0), 0.0, averages)


def minimum(scores: Array, weights: Array, scale: Scale) -> Array:
    """The lowest child's score: a dimension is as ready as its weakest field (IMPULS 2015)."""
    return _lowest(scores, _counted(scores, weights))


def maximum(scores: Array, weights: Array, scale: Scale) -> Array:
    """The highest child's score."""
    return _highest(scores, _counted(scores, weights))


def total(scores: Array, weights: Array, scale: Scale) -> Array:
    """sum(w * s), scaled up by sum(all w) / sum(w with a score), held inside the scale.

    So a missing child leaves room for what the others earn on average instead of counting as nothing.
    """
    counted = _counted(scores, weights)
    kept = np.where(counted, weights, 0.0)
    points = in_order(kept * np.where(counted, scores, 0.0))
    everything = in_order(np.broadcast_to(weights, scores.shape))
    return np.clip(points * (everything / in_order(kept)), scale.min, scale.max)


AGGREGATES: Mapping[Rule, Aggregate] = {
    "mean": mean,
    "geometric": geometric,
    "minimum": minimum,
    "maximum": maximum,
    "sum": total,
    "gate": minimum,
}
"""The rule of each name. `gate` is about questions; over dimensions it is their minimum, as no area leaps ahead."""


@dataclass(frozen=True, slots=True)
class GateLevel:
    """One level of a gate: its value on the scale, and the criteria (child rows) that it asks to be met."""

    value: float
    criteria: tuple[int, ...]


def gate(scores: Array, met_at: Array, levels: Sequence[GateLevel], scale: Scale) -> Array:
    """The highest level n such that all levels up to n are met; scale.min when not even the lowest is.

    A level is met when every answered criterion of it scores at least `met_at`. A level without any answered
    criterion takes the state of the next level that has one; with none above it, it is not met. This is the
    staged rule and its treatment of missing values in IMPULS (2015), figures 2 and 3.
    """
    answered = ~np.isnan(scores)
    passed = scores >= met_at - NOISE * (scale.max - scale.min)
    state = np.zeros(scores.shape[1:], dtype=np.bool_)
    states: list[Mask] = []
    for level in reversed(levels):
        rows = list(level.criteria)
        state = np.where(answered[rows].any(axis=0), (passed | ~answered)[rows].all(axis=0), state)
        states.append(state)
    reached = np.full(scores.shape[1:], scale.min)
    climbing = np.ones(scores.shape[1:], dtype=np.bool_)
    for level, state in zip(levels, reversed(states), strict=True):
        climbing = climbing & state
        reached = np.where(climbing, min(max(level.value, scale.min), scale.max), reached)
    criteria = [row for level in levels for row in level.criteria]
    return np.where(answered[criteria].any(axis=0), reached, np.nan)


def in_order(terms: Array) -> Array:
    """The sum over the first axis, one term after the other whatever the shape (np.sum may add in pairs)."""
    running: Array = terms[0].copy()
    for term in terms[1:]:
        running += term
    return running


def _counted(scores: Array, weights: Array) -> Mask:
    return ~np.isnan(scores) & (weights > 0)


def _lowest(scores: Array, counted: Mask) -> Array:
    lowest: Array = np.fmin.reduce(np.where(counted, scores, np.nan), axis=0)
    return lowest


def _highest(scores: Array, counted: Mask) -> Array:
    highest: Array = np.fmax.reduce(np.where(counted, scores, np.nan), axis=0)
    return highest


def _within_children(averages: Array, scores: Array, counted: Mask) -> Array:
    """An average never leaves the range of what it averages, not even by the noise of floating point."""
    own = np.where(counted, scores, np.nan)
    return np.clip(averages, np.fmin.reduce(own, axis=0), np.fmax.reduce(own, axis=0))


def _each(function: Callable[[float], float], values: Array) -> Array:
    """A function of the C library on every element: numpy's own may give other bits for other array lengths."""
    flat = [value if math.isnan(value) else function(value) for value in values.ravel().tolist()]
    return np.array(flat, dtype=np.float64).reshape(values.shape)
