"""What an assessor would probably find at a firm that nobody has visited: an estimate from those that were verified.

The verified score is regressed on the self score, with a step for each size class that is drawn towards none, as if
five more firms of the class had none, so that few firms move little: partial pooling with a fixed weight, or a ridge
penalty on the steps only (Hoerl and Kennard 1970, Technometrics 12:55-67). The 95 % prediction interval is the
jackknife+ (Barber, Candès, Ramdas and Tibshirani 2021, Ann. Stat. 49:486-507): it leaves out each verified firm in turn
and asks for no normal errors. It holds for firms like those that were verified. Who is chosen for a visit is not drawn
by lot, so it is an estimate, and no finding.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FEWEST = 30  # verified firms
MISSED = 0.05  # share of firms outside their interval
PULL = 5.0  # firms that a step of no size at all counts for


@dataclass(frozen=True, slots=True)
class Estimate:
    """A verified score as it would probably be, from `n` firms that were verified."""

    score: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)  # no slots: arrays are held, and one is made a programme
class Calibration:
    """Fitted to firms that were verified."""

    sizes: tuple[str, ...]
    scale: tuple[float, float]
    design: Floats
    weights: Floats  # of the self score and of each step
    inverse: Floats  # of the penalised normal equations
    left_out: Floats  # residual of each firm as predicted by the others

    @property
    def n(self) -> int:
        return len(self.design)

    def estimate(self, score: float, size: str = "") -> Estimate:
        """For one firm by its self score; a size class that nobody verified, or none, has no step."""
        row = _rows(np.array([score]), [size], self.sizes)[0]
        centre = float(row @ self.weights)
        # What each firm's absence changes in the prediction, and in the prediction of itself.
        moved = centre - self.design @ (self.inverse @ row) * self.left_out
        spread = np.abs(self.left_out)
        above = int(np.ceil((1 - MISSED) * (self.n + 1)))
        low = np.sort(moved - spread)[max(self.n - above, 0)]
        high = np.sort(moved + spread)[min(above, self.n) - 1]
        low, centre, high = np.clip((low, centre, high), *self.scale)
        return Estimate(float(centre), float(low), float(high), self.n)


def calibrate(
    selfs: Sequence[float] | Floats,
    verified: Sequence[float] | Floats,
    sizes: Sequence[str],
    scale: tuple[float, float],
) -> Calibration | None:
    """Learn from verified firms; None for fewer than 30, and where all of them rate themselves alike."""
    own, found = np.asarray(selfs, float), np.asarray(verified, float)
    known = ~(np.isnan(own) | np.isnan(found))
    own, found = own[known], found[known]
    labels = [size for size, is_known in zip(sizes, known, strict=True) if is_known]
    if len(own) < FEWEST or np.ptp(own) == 0:
        return None
    classes = tuple(sorted({size for size in labels if size}))
    design = _rows(own, labels, classes)
    penalty = np.diag([0.0, 0.0, *[PULL] * len(classes)])
    inverse: Floats = np.linalg.inv(design.T @ design + penalty).astype(float)
    weights = inverse @ design.T @ found
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    # Leaving one firm out of a ridge with a fixed penalty needs no second fit.
    left_out = (found - design @ weights) / (1 - leverage)
    return Calibration(classes, scale, design, weights, inverse, left_out)


def _rows(scores: Floats, labels: Sequence[str], classes: tuple[str, ...]) -> Floats:
    steps = [[float(label == each) for each in classes] for label in labels]
    return np.column_stack([np.ones(len(scores)), scores, np.array(steps).reshape(len(scores), len(classes))])
