"""How far the chances that the learning gives can be believed: calibrated and checked on held-out workshops."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from scoring.learning_gate import HeldOut
from scoring.learning_model import DECIMALS
from scoring.pairwise_logistic import fit_pairs

Array = NDArray[np.float64]
UNCALIBRATED = 1.0
HOLD = 0.1  # illustrative: holds the slope to 1 while there is next to nothing to learn it from
EDGES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class ChanceBin:
    """Pairs whose likelier order was given a chance between `low` and `high`: the mean of it, and how often it came."""

    low: float
    high: float
    pairs: int
    predicted: float
    observed: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """How the chances of pairs held on workshops that took no part in them. `brier`: 0 is perfect, 0.25 a coin's."""

    workshops: int
    brier: float
    bins: tuple[ChanceBin, ...]


def calibrated_slope(held: Sequence[HeldOut]) -> float:
    """The one factor on strengths that makes pair chances come true on held-out workshops; never below 0.

    Platt scaling (1999) without intercept, as the order of a pair has none: a logistic regression of the room's order
    on the difference in strength. Every workshop counts as its gaps less one; 1 without any workshop.
    """
    if not held:
        return UNCALIBRATED
    parts = [_pairs(each) for each in held]
    return _slope(parts)


def reliability(held: Sequence[HeldOut]) -> Reliability | None:
    """The chances checked: each workshop's with a slope from the others; None below three workshops."""
    if len(held) < 3:
        return None
    parts = [_pairs(each) for each in held]
    chances, outcomes = [], []
    for number, (differences, came, _) in enumerate(parts):
        slope = _slope([*parts[:number], *parts[number + 1 :]])
        favoured = differences >= 0
        chances.append(expit(slope * np.abs(differences)))
        outcomes.append(np.where(favoured, came, 1 - came))
    chance, outcome = np.concatenate(chances), np.concatenate(outcomes)
    brier = round(float(((chance - outcome) ** 2).mean()), DECIMALS)
    numbers = np.clip(np.searchsorted(EDGES, chance, side="right") - 1, 0, len(EDGES) - 2)
    bins = [
        ChanceBin(EDGES[n], EDGES[n + 1], int(of.sum()), *(round(float(x[of].mean()), 4) for x in (chance, outcome)))
        for n in range(len(EDGES) - 1)
        if (of := numbers == n).any()
    ]
    return Reliability(len(held), brier, tuple(bins))


def _pairs(held: HeldOut) -> tuple[Array, Array, Array]:
    """Differences in strength, whether the first went before the second (a tie is a half), and the pairs' weights."""
    first, second = np.triu_indices(len(held.gaps), 1)
    predicted, observed = np.array(held.predicted), np.round(held.observed, 9)
    came = (np.sign(observed[first] - observed[second]) + 1) / 2
    return predicted[first] - predicted[second], came, np.full(len(first), (len(held.gaps) - 1) / len(first))


def _slope(parts: Sequence[tuple[Array, Array, Array]]) -> float:
    differences, came, weights = (np.concatenate([part[i] for part in parts]) for i in range(3))
    found = fit_pairs(differences[:, None], came, weights, np.array([UNCALIBRATED]), HOLD)
    return max(round(float(found[0]), DECIMALS), 0.0)
