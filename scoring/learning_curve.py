"""How the learning grows with the number of workshops, beside the simple rule on the same held-out ones."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.learning_gate import seen_by
from scoring.learning_model import DECIMALS, fit
from scoring.past_workshops import PastWorkshop, refuse_mixed
from scoring.rank_agreement import tau_b

SIZES = (0, 1, 2, 3, 5, 10, 20, 40, 80, 160)
DRAWS = 10
SEED = 1958


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Mean Kendall tau-b on `tested` held-out workshops in all, after learning from `workshops` drawn ones."""

    workshops: int
    model_tau: float
    rule_tau: float
    tested: int


def learning_curve(
    workshops: Sequence[PastWorkshop], sizes: Sequence[int] = SIZES, draws: int = DRAWS, seed: int = SEED
) -> tuple[CurvePoint, ...]:
    """The mean tau of model and rule for each size that leaves a workshop to test on.

    Each draw puts the workshops in a new order, learns from the first `size` of them and tests on all the rest.

    Raises:
        MixedWorkshops: they are not all on one questionnaire and protocol version.
    """
    refuse_mixed(workshops)
    if not workshops:
        return ()
    ordered = sorted(workshops, key=lambda w: w.id)
    rng = np.random.Generator(np.random.PCG64(seed))
    orders = [rng.permutation(len(ordered)) for _ in range(draws)]
    return tuple(_point(ordered, orders, size) for size in sizes if size < len(ordered))


def _point(ordered: Sequence[PastWorkshop], orders: Sequence[NDArray[np.intp]], size: int) -> CurvePoint:
    taus = []
    for order in orders:
        model = fit([ordered[row] for row in order[:size]], ordered[0].instrument, ordered[0].protocol)
        seen = [seen_by(model, ordered[row]) for row in order[size:]]
        taus += [(tau_b(each.predicted, each.observed), tau_b(each.rule, each.observed)) for each in seen]
    model_tau, rule_tau = np.mean(taus, axis=0).tolist()
    return CurvePoint(size, round(model_tau, DECIMALS), round(rule_tau, DECIMALS), len(taus))
