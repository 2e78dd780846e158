"""Weights that make the firms of a programme add up to the business register, margin by margin (raking).

Iterative proportional fitting: Deming and Stephan, On a least squares adjustment of a sampled frequency table, Annals
of Mathematical Statistics 11 (1940) 427-444. The design effect of unequal weights is Kish's, Weighting for unequal p_i,
Journal of Official Statistics 8 (1992) 183-200. Weights mend what the margins explain, and nothing else: firms that
came by themselves may differ from the rest of their cell.

Firms in the same groups of all margins have the same weight, so a row may stand for all of them: `base` says for how
many, and the weights are then those of rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.lattices import Array, Integers

TRIM = (0.3, 3.0)  # of the mean weight: lower and higher weights are cut there
LEAST = 5  # firms of a group of a margin; smaller groups are joined
CLOSE = 1e-10  # of a margin's total: how near the sums come to it
MOST_SWEEPS = 1000
MOST_TRIMS = 20


@dataclass(frozen=True, slots=True)
class Margin:
    """One classification of the firms, with the register's number of firms in each group.

    Attributes:
        of_firm: of each firm the group, from 0.
        targets: of each group how many firms the register has.
    """

    of_firm: Integers
    targets: Array


@dataclass(frozen=True, slots=True)
class Raked:
    """The weight of each firm; `sweeps` over the margins; `missed` by how much a margin's group is missed at most.

    `missed` is a share of the group's target; it is above nothing only where weights were cut.
    """

    weights: Array
    sweeps: int
    missed: float


class CannotRake(Exception):
    """A group of the register holds no firm, or two margins have not one total."""


def rake(margins: Sequence[Margin], base: Array | None = None) -> Raked:
    """Fit the weights to every margin in turn until all are met.

    Raises:
        CannotRake: a group with a target has no firm, or the margins' totals differ.
    """
    firms = len(margins[0].of_firm)
    weights = np.ones(firms) if base is None else base.astype(np.float64)
    total = float(margins[0].targets.sum())
    for margin in margins:
        held = np.bincount(margin.of_firm, weights, minlength=len(margin.targets))
        if ((held <= 0) & (margin.targets > 0)).any() or not np.isclose(margin.targets.sum(), total):
            raise CannotRake
    for sweep in range(1, MOST_SWEEPS + 1):
        for margin in margins:
            held = np.bincount(margin.of_firm, weights, minlength=len(margin.targets))
            factor = np.divide(margin.targets, held, out=np.ones_like(held), where=held > 0)
            weights = weights * factor[margin.of_firm]
        missed = _missed(margins, weights)
        if missed < CLOSE:
            return Raked(weights, sweep, missed)
    return Raked(weights, MOST_SWEEPS, missed)


def rake_trimmed(margins: Sequence[Margin], base: Array | None = None, trim: tuple[float, float] = TRIM) -> Raked:
    """Fit, cut what is out of bounds, and fit again; the last step is a cut, so that every firm's weight is in bounds.

    Bounds are parts of the mean weight: the register's firms for each firm in the programme.

    Raises:
        CannotRake
    """
    rows = np.ones(len(margins[0].of_firm)) if base is None else base.astype(np.float64)
    mean = float(margins[0].targets.sum() / rows.sum())
    weights, sweeps = rows, 0
    for _ in range(MOST_TRIMS):
        raked = rake(margins, weights)
        sweeps += raked.sweeps
        weights = np.clip(raked.weights, trim[0] * mean * rows, trim[1] * mean * rows)
        if np.array_equal(weights, raked.weights):
            break
    return Raked(weights, sweeps, _missed(margins, weights))


def _missed(margins: Sequence[Margin], weights: Array) -> float:
    worst = 0.0
    for margin in margins:
        held = np.bincount(margin.of_firm, weights, minlength=len(margin.targets))
        wanted = margin.targets > 0
        off = np.abs(held[wanted] - margin.targets[wanted]) / margin.targets[wanted]
        worst = max(worst, float(off.max(initial=0.0)))
    return worst


def collapsed(margin: Margin, least: int = LEAST) -> Margin:
    """The margin with groups of fewer firms joined to one, and that one to the next smallest while it is too small.

    Groups that hold no firm are left out with their target: nobody stands for them, which `unmet` tells.
    """
    n = np.bincount(margin.of_firm, minlength=len(margin.targets))
    joined = np.arange(len(n))
    order = [int(g) for g in np.lexsort((np.arange(len(n)), n)) if n[g] > 0]
    together: list[int] = []
    for group in order:
        if n[group] >= least and (not together or n[together].sum() >= least):
            break
        together.append(group)
    if together:
        joined[together] = together[0]
    kept = np.unique(joined[order])
    of_group = np.searchsorted(kept, joined)
    targets = np.zeros(len(kept))
    np.add.at(targets, of_group[order], margin.targets[order])
    return Margin(of_group[margin.of_firm], targets)


def unmet(margin: Margin) -> Integers:
    """The groups that the register has and no firm is in."""
    n = np.bincount(margin.of_firm, minlength=len(margin.targets))
    return np.flatnonzero((n == 0) & (margin.targets > 0))


def kish_deff(weights: Array) -> float:
    """How much unequal weights widen the variance: n times the sum of squares over the square of the sum."""
    return float(len(weights) * (weights**2).sum() / weights.sum() ** 2)


def effective_n(weights: Array) -> float:
    """How many firms of equal weight would tell as much."""
    return float(weights.sum() ** 2 / (weights**2).sum())
