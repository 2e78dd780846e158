"""What earlier workshops on one questionnaire and protocol teach about which gaps people put first."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import orjson
from numpy.typing import NDArray

from scoring.learning_features import RULE, columns_of, feature_table
from scoring.pairwise_logistic import fit_pairs
from scoring.past_workshops import GapFeatures, PastWorkshop, refuse_mixed, room_scores, times_shown

Array = NDArray[np.float64]
RULE_STRENGTH = 0.5  # illustrative: before any workshop, one standard deviation of gap x weight is e^0.5 in the odds
PENALTY = 10.0  # what holds each coefficient to the simple rule; chosen on made-up workshops (docs/method.md)
HALF_HEARD = 10  # illustrative: a workshop of this many people counts half of one with very many
DECIMALS = 6  # of what is stored, so that the last bits of a machine's arithmetic are never stored


@dataclass(frozen=True, slots=True)
class Model:
    """Coefficients by column of the feature table, in log odds of one person's choice between two gaps.

    `slope` turns them into log odds of the room's order of the two. `trained_on` is a hash of the workshops' ids.
    """

    instrument: str
    protocol: str
    workshops: int
    trained_on: str
    coefficients: Mapping[str, float]
    slope: float = 1.0


@dataclass(frozen=True, slots=True)
class Pairs:
    """Every pair of gaps of every workshop; `workshop` is the number of the workshop that a row is from."""

    columns: tuple[str, ...]
    differences: Array
    shares: Array
    weights: Array
    workshop: NDArray[np.intp]


def cold_start(instrument: str, protocol: str) -> Model:
    """The model before any workshop: the order of gap x weight."""
    return Model(instrument, protocol, 0, hash_of([]), {RULE: RULE_STRENGTH})


def fit(workshops: Sequence[PastWorkshop], instrument: str, protocol: str) -> Model:
    """Learn from the private first rounds of `workshops`, whatever their order; without any it is the cold start.

    Raises:
        MixedWorkshops: they are not all on this questionnaire and protocol version.
    """
    refuse_mixed([*workshops, PastWorkshop("", instrument, protocol, (), {}, 0)])
    if not workshops:
        return cold_start(instrument, protocol)
    ordered = sorted(workshops, key=lambda w: w.id)
    pairs = pairs_of(ordered)
    found = fitted(pairs, np.ones(len(pairs.weights), dtype=bool))
    named = dict(zip(pairs.columns, np.round(found, DECIMALS).tolist(), strict=True))
    return Model(instrument, protocol, len(ordered), hash_of([w.id for w in ordered]), named)


def pairs_of(workshops: Sequence[PastWorkshop]) -> Pairs:
    """All pairs of gaps that people compared, with one set of columns."""
    columns = columns_of(w.gaps for w in workshops)
    parts = [_pairs(w, columns) for w in workshops]
    numbers = np.repeat(np.arange(len(parts)), [len(weights) for _, _, weights in parts])
    differences, shares, weights = (np.concatenate([part[i] for part in parts]) for i in range(3))
    return Pairs(columns, differences, shares, weights, numbers)


def fitted(pairs: Pairs, used: NDArray[np.bool_], start: Array | None = None) -> Array:
    """One coefficient per column from the rows in use, held to the simple rule; a column that never differs stays 0."""
    centre = np.where(np.array(pairs.columns) == RULE, RULE_STRENGTH, 0.0)
    return fit_pairs(pairs.differences[used], pairs.shares[used], pairs.weights[used], centre, PENALTY, start)


def strengths(model: Model, gaps: Sequence[GapFeatures]) -> Array:
    """How strongly people would put each gap first, in log odds of one person's choice; only differences count."""
    columns = tuple(model.coefficients)
    found: Array = feature_table(gaps, columns) @ np.array([model.coefficients[name] for name in columns])
    return found


def _pairs(workshop: PastWorkshop, columns: Sequence[str]) -> tuple[Array, Array, Array]:
    """Feature differences, shares and weights of a workshop's pairs.

    The share that would put i before j comes from the two scores s (Lipovetsky & Conklin, 2014: the logit of the
    choice is ln((1 + s) / (1 - s))), each drawn in as by one more time shown without a tap. A pair counts by the times
    its two gaps were shown, n m / (n + m); all pairs of a workshop together count as its gaps less one, as an order
    of them does, times people / (people + 10): no room counts more because its list is long or its hall is full.
    """
    scores, shown = room_scores(workshop.first_round), times_shown(workshop.first_round)
    gaps = sorted(workshop.gaps, key=lambda gap: gap.id)
    table = feature_table(gaps, columns)
    rows = np.array([row for row, gap in enumerate(gaps) if gap.id in scores])
    times = np.array([shown[gaps[row].id] for row in rows], dtype=np.float64)
    logits = 2 * np.arctanh(np.array([scores[gaps[row].id] for row in rows]) * times / (times + 1))
    first, second = np.triu_indices(len(rows), 1)
    counts = times[first] * times[second] / (times[first] + times[second])
    worth = (len(rows) - 1) * workshop.people / (workshop.people + HALF_HEARD)
    shares = 1 / (1 + np.exp(logits[second] - logits[first]))
    return table[rows[first]] - table[rows[second]], shares, counts * worth / counts.sum()


def hash_of(ids: Sequence[str]) -> str:
    """SHA-256 of the workshops' ids, whatever their order."""
    return hashlib.sha256(orjson.dumps(sorted(ids))).hexdigest()
