"""What is stored of a score: its decimals, and the word (profile) that it falls under."""

import numpy as np
from numpy.typing import NDArray

from questionnaires.rounding import on_paper
from questionnaires.schema import Profiles, Scale
from scoring.aggregation import NOISE

Array = NDArray[np.float64]


def stored(scores: Array, decimals: int | None) -> Array:
    """Scores rounded half away from zero (2.675 to two decimals is 2.68, as on paper); None leaves them as they are.

    What floating point added beyond the twelfth digit is taken off first. Not-a-number stays so.
    """
    if decimals is None:
        return scores
    unit = 10.0**decimals
    shifted = np.abs(scores) * unit
    whole = np.floor(shifted + 0.5)
    near_half = np.abs(shifted - np.floor(shifted) - 0.5) < NOISE * (1 + shifted)
    if near_half.any():
        whole[near_half] = [float(on_paper(score, decimals)) * unit for score in np.abs(scores[near_half]).tolist()]
        whole = np.round(whole)
    return np.copysign(whole / unit, scores) + 0.0  # + 0.0: no score is ever "-0"


def profile_rows(profiles: Profiles, scale: Scale, scores: Array) -> NDArray[np.intp]:
    """The index of the bin of each stored score, -1 for no score.

    Closed lower: a score on an edge belongs to the bin that starts there; closed upper: to the one that ends there.
    A score that misses an edge by floating-point noise only is on it.
    """
    edges = np.array([b.from_ for b in profiles.bins], dtype=np.float64).reshape(-1, 1)
    noise = NOISE * (scale.max - scale.min)
    passed = scores >= edges - noise if profiles.closed == "lower" else scores > edges + noise
    rows = np.maximum(passed.sum(axis=0) - 1, 0)
    return np.where(np.isnan(scores), -1, rows)
