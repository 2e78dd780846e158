"""What earlier workshops would say about a new list of gaps: chances, never a bare rank, each with its reasons."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from scoring.learning_features import KINDS, feature_of, feature_table
from scoring.learning_model import Model
from scoring.past_workshops import GapFeatures

Array = NDArray[np.float64]
DRAWS = 4000  # a chance is then off by less than 0.016, 19 times in 20
SEED = 2026
TOLD = 3  # terms that explain a gap in one line
SAME = 9  # decimals beyond which two strengths are the same


@dataclass(frozen=True, slots=True)
class Term:
    """What one feature adds to a gap's strength, in log odds against the list's average gap.

    `value` is the section or enabler itself, None for a number. A section or enabler that no earlier workshop had
    adds 0.
    """

    feature: str
    contribution: float
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One gap as earlier workshops would place it; tied gaps share a place. The terms sum to the strength exactly.

    `strength` in log odds of the room's order, `expected_place` the mean of the places it may take, `in_top` the
    chance to be among the first k. `terms` are all of them, the largest first, whatever its sign.
    """

    gap: str
    place: int
    strength: float
    expected_place: float
    in_top: float
    terms: tuple[Term, ...]

    @property
    def reasons(self) -> tuple[Term, ...]:
        """The three largest terms that add or take something."""
        return tuple(term for term in self.terms if term.contribution)[:TOLD]


@dataclass(frozen=True, slots=True)
class Prediction:
    """The suggestions in their expected order, ties by id."""

    suggestions: tuple[Suggestion, ...]
    k: int
    draws: int
    seed: int

    def chance(self, first: str, second: str) -> float:
        """The chance that a room puts `first` before `second`; KeyError for a gap that is not on the list."""
        strength = {each.gap: each.strength for each in self.suggestions}
        return float(expit(strength[first] - strength[second]))


def predict(model: Model, gaps: Sequence[GapFeatures], k: int = 5, draws: int = DRAWS, seed: int = SEED) -> Prediction:
    """What the model says about these gaps, whatever order they come in.

    The chance that i goes before j is 1 / (1 + exp(-(strength i - strength j))). The chance to be in the first k is
    counted over orders drawn from the Plackett-Luce model (Luce, 1959; Plackett, 1975), the one whose pairs have
    exactly these chances: strength plus a Gumbel draw, sorted (Yellott, 1977).
    """
    if not gaps:
        return Prediction((), k, draws, seed)
    ordered = sorted(gaps, key=lambda gap: gap.id)
    columns = tuple(model.coefficients)
    parts = feature_table(ordered, columns) * np.array([model.coefficients[name] for name in columns])
    plain = np.round(parts.sum(axis=1), SAME)  # the order stands even where the slope is 0
    strength = model.slope * parts.sum(axis=1)
    before = expit(strength[:, None] - strength[None, :])
    expected = 0.5 + before.sum(axis=0)  # 1 + what goes before it; its own half is taken off
    in_top = _in_top(strength, k, draws, seed)
    places = 1 + (plain[None, :] > plain[:, None]).sum(axis=1)
    found = [
        Suggestion(
            gap.id,
            int(places[row]),
            float(strength[row]),
            float(expected[row]),
            float(in_top[row]),
            _terms(gap, columns, (model.slope * parts[row]).tolist()),
        )
        for row, gap in enumerate(ordered)
    ]
    return Prediction(tuple(sorted(found, key=lambda each: (each.place, each.gap))), k, draws, seed)


def _in_top(strength: Array, k: int, draws: int, seed: int) -> Array:
    rng = np.random.Generator(np.random.PCG64(seed))
    drawn = strength + rng.gumbel(size=(draws, len(strength)))
    first = np.argsort(-drawn, axis=1, kind="stable")[:, :k]
    shares: Array = np.bincount(first.ravel(), minlength=len(strength)) / draws
    return shares


def _terms(gap: GapFeatures, columns: Sequence[str], parts: Sequence[float]) -> tuple[Term, ...]:
    """The columns of a section or enabler are one term."""
    sums: dict[str, float] = {}
    for column, part in zip(columns, parts, strict=True):
        sums[feature_of(column)] = sums.get(feature_of(column), 0.0) + part
    terms = (Term(feature, part, KINDS[feature](gap) if feature in KINDS else None) for feature, part in sums.items())
    return tuple(sorted(terms, key=lambda term: (-abs(term.contribution), term.feature)))
