"""Whether what earlier workshops teach may be shown: it must beat gap x weight on workshops that it has not seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scoring.learning_features import rule_score
from scoring.learning_model import DECIMALS, Model, fitted, pairs_of, strengths
from scoring.past_workshops import PastWorkshop, refuse_mixed, room_scores
from scoring.rank_agreement import beaten, ndcg, tau_b

Array = NDArray[np.float64]
Reason = Literal["too_few", "does_not_beat", "beats"]

# Below ten the bootstrap of a mean is too sure of itself, and so is the gate (docs/method.md has the figures).
MINIMUM_WORKSHOPS = 10
CONFIDENCE = 0.9
RESAMPLES = 2000
SEED = 1938  # the year of Kendall's tau; any number does


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A workshop as the model saw it that learned from all others; gaps by id, only those that people compared."""

    workshop: str
    gaps: tuple[str, ...]
    predicted: tuple[float, ...]
    rule: tuple[float, ...]
    observed: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Margin:
    """A measure's mean over workshops for the model and for gap x weight, and their difference with its interval."""

    model: float
    rule: float
    difference: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether the model may be shown, why, and on what figures.

    `too_few`: `workshops` of at least `minimum`. `does_not_beat`: the lower bound of the difference in tau is not
    above 0. `beats`: it is. `tau` and `ndcg` (of the first `k`) are None below two workshops.
    """

    reason: Reason
    workshops: int
    minimum: int
    k: int
    tau: Margin | None = None
    ndcg: Margin | None = None

    @property
    def open(self) -> bool:
        return self.reason == "beats"


def held_out(workshops: Sequence[PastWorkshop]) -> tuple[HeldOut, ...]:
    """Every workshop predicted from all the others, by id; nothing below two workshops.

    Raises:
        MixedWorkshops: they are not all on one questionnaire and protocol version.
    """
    refuse_mixed(workshops)
    if len(workshops) < 2:
        return ()
    ordered = sorted(workshops, key=lambda w: w.id)
    pairs = pairs_of(ordered)
    start = fitted(pairs, np.ones(len(pairs.weights), dtype=bool))
    found = []
    for number, workshop in enumerate(ordered):
        others = np.round(fitted(pairs, pairs.workshop != number, start), DECIMALS)
        named = dict(zip(pairs.columns, others.tolist(), strict=True))
        found.append(seen_by(Model(workshop.instrument, workshop.protocol, len(ordered) - 1, "", named), workshop))
    return tuple(found)


def seen_by(model: Model, workshop: PastWorkshop) -> HeldOut:
    """What the model and the simple rule say of a workshop, beside what its people said."""
    scores = room_scores(workshop.first_round)
    gaps = sorted(workshop.gaps, key=lambda gap: gap.id)
    rows = [row for row, gap in enumerate(gaps) if gap.id in scores]
    predicted = strengths(model, gaps).tolist()
    return HeldOut(
        workshop.id,
        tuple(gaps[row].id for row in rows),
        tuple(predicted[row] for row in rows),
        tuple(rule_score(gaps[row]) for row in rows),
        tuple(scores[gaps[row].id] for row in rows),
    )


def judge(held: Sequence[HeldOut], k: int = 5, minimum: int = MINIMUM_WORKSHOPS) -> Gate:
    """Compare model and gap x weight on held-out workshops, every workshop counting the same.

    Kendall's tau-b decides; NDCG of the first `k`, gaining for each gap the share of the others that it went before,
    is told beside it. The interval is the 5th to 95th percentile of the mean difference over 2,000 draws of workshops
    with replacement (Efron & Tibshirani, 1993, ch. 13), the same workshops for both, from a fixed seed.
    """
    if len(held) < 2:
        return Gate("too_few", len(held), minimum, k)
    tau = _margin([(tau_b(h.predicted, h.observed), tau_b(h.rule, h.observed)) for h in held])
    gains = [beaten(h.observed) for h in held]
    first = _margin([(ndcg(h.predicted, g, k), ndcg(h.rule, g, k)) for h, g in zip(held, gains, strict=True)])
    reason: Reason = "beats" if tau.low > 0 else "does_not_beat"
    return Gate("too_few" if len(held) < minimum else reason, len(held), minimum, k, tau, first)


def _margin(measured: Sequence[tuple[float, float]]) -> Margin:
    both = np.array(measured)
    differences = both[:, 0] - both[:, 1]
    rng = np.random.Generator(np.random.PCG64(SEED))
    means = differences[rng.integers(0, len(both), (RESAMPLES, len(both)))].mean(axis=1)
    low, high = np.percentile(means, [50 * (1 - CONFIDENCE), 50 * (1 + CONFIDENCE)]).tolist()
    model, rule = both.mean(axis=0).tolist()
    figures = (model, rule, float(differences.mean()), low, high)
    return Margin(*(round(figure, DECIMALS) + 0.0 for figure in figures))
