"""Bradley-Terry with features: how much each feature adds to the odds that one of a pair goes before the other."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Array = NDArray[np.float64]
CONVERGED = 1e-10
MOST_STEPS = 100


def fit_pairs(
    differences: Array,
    shares: Array,
    weights: Array,
    centre: Array,
    penalty: float | Array = 0.0,
    start: Array | None = None,
) -> Array:
    """The coefficients b that make the pairs most likely, held towards `centre` by `penalty`.

    Maximises sum w [q ln p + (1 - q) ln(1 - p)] - sum penalty (b - centre)^2 / 2 with p = 1 / (1 + exp(-d b)), where
    a row d of `differences` is the features of the first of a pair less those of the second, q of `shares` how often
    the first went before the second (0 to 1), w of `weights` how much the pair counts. Newton's method (iteratively
    reweighted least squares) with halved steps; concave, so there is one answer whatever the start. With a column per
    contestant and no penalty it is Bradley & Terry (1952), Biometrika 39:324-345.

    Raises:
        ValueError: there is no answer, because without a penalty the pairs can be told apart perfectly or not at all.
    """
    held = np.broadcast_to(np.asarray(penalty, dtype=np.float64), centre.shape)
    found = centre.astype(np.float64) if start is None else start.astype(np.float64)
    value = _value(differences, shares, weights, found, centre, held)
    for _ in range(MOST_STEPS):
        chance = expit(differences @ found)
        slope = differences.T @ (weights * (shares - chance)) - held * (found - centre)
        curve = differences.T @ ((weights * chance * (1 - chance))[:, None] * differences) + np.diag(held)
        try:
            step = np.linalg.solve(curve, slope)
        except np.linalg.LinAlgError:
            break
        better = _value(differences, shares, weights, found + step, centre, held)
        while better < value - CONVERGED and np.abs(step).max() > CONVERGED:
            step = step / 2
            better = _value(differences, shares, weights, found + step, centre, held)
        found, value = found + step, better
        if np.abs(step).max() <= CONVERGED:
            return found
    raise ValueError("these pairs have no one answer without a penalty")


def _value(differences: Array, shares: Array, weights: Array, found: Array, centre: Array, held: Array) -> float:
    logits = differences @ found
    fit = weights @ (shares * logits - np.logaddexp(0.0, logits))
    return float(fit - held @ (found - centre) ** 2 / 2)
