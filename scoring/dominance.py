"""When a sum gives a firm away: too few firms in it, or one or two that are nearly all of it.

The p% rule and the protection level are those of Hundepool et al., Statistical Disclosure Control (Wiley 2012), and of
the Handbook on Statistical Disclosure Control of the European Statistical System, chapter 4.2.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.cell_statistics import Concentration
from scoring.lattices import Array

FEWEST = 5  # no programme may show less


@dataclass(frozen=True, slots=True)
class Rules:
    """What a release may show. The parameters are secret: knowing p, one can bound what is held back.

    Attributes:
        threshold: the firms (groups of firms) that a shown cell holds at least, never below 5.
        p: by how many hundredths the second largest contributor may come near the largest, at the closest.
        median, quartiles, tails: the firms from which these are shown (tails: the 10th and the 90th percentile).
        base: what numbers of firms are rounded to.
        decimals: the decimals of scores.
        width: how many firms wide the interval that can be worked out for a cell held back is at least.
    """

    threshold: int = 10
    p: float = 10.0
    median: int = 10
    quartiles: int = 20
    tails: int = 50
    base: int = 5
    decimals: int = 1
    width: int = 5

    def __post_init__(self) -> None:
        if self.threshold < FEWEST:
            raise ValueError(f"a cell shows nothing below {FEWEST} firms, whatever the programme")
        if not 0 < self.p < 100:
            raise ValueError("p lies between 0 and 100 hundredths")


def is_dominated(held: Concentration, p: float) -> NDArray[np.bool_]:
    """The p% rule: the second largest can work out the largest to within p hundredths of it.

    That is so when what all others hold is less than p hundredths of the largest. An empty sum is not dominated.
    """
    return (held.total - held.first - held.second < p / 100 * held.first - _noise(held)) & (held.first > 0)


def protection_levels(held: Concentration, p: float) -> Array:
    """How far above and below its value a dominated sum has to stay uncertain; 0 for one that is not dominated."""
    return np.maximum(p / 100 * held.first - (held.total - held.first - held.second), 0.0)


def is_unsafe(held: Concentration, rules: Rules, weighted: bool) -> NDArray[np.bool_]:
    """Whether a set of firms must not be shown: too few firms, or (when `weighted`) dominated by one or two."""
    few = (held.n > 0) & (held.n < rules.threshold)
    return few | (is_dominated(held, rules.p) & (held.n > 0)) if weighted else few


def _noise(held: Concentration) -> Array:
    """What adding up many amounts may lose."""
    return 1e-9 * held.total
