"""Bradley-Terry with features, against published worked examples."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from scoring.pairwise_logistic import fit_pairs

Array = NDArray[np.float64]
Wins = Mapping[tuple[int, int], tuple[int, int]]  # (i, j) -> (times i went before j, times j before i)


def abilities(wins: Wins, contestants: int, penalty: float = 0.0) -> Array:
    """The logarithms of the strengths, the first being 0."""
    differences = np.zeros((len(wins), contestants))
    for row, (i, j) in enumerate(wins):
        differences[row, i], differences[row, j] = 1, -1
    counts = np.array([sum(each) for each in wins.values()], dtype=np.float64)
    shares = np.array([first for first, _ in wins.values()]) / counts
    found = fit_pairs(differences[:, 1:], shares, counts, np.zeros(contestants - 1), penalty)
    return np.concatenate([[0.0], found])


def test_the_citations_of_four_journals_give_the_published_abilities() -> None:
    """Stigler (1994), Statistical Science 9:94-108, fitted in Turner & Firth (2012), J. Stat. Softw. 48(9), sec. 2.1.

    Biometrika 0, Communications in Statistics -2.9491, JASA -0.4796, JRSS-B 0.2690.
    """
    cited: Wins = {
        (0, 1): (730, 33), (0, 2): (498, 320), (0, 3): (221, 284),
        (1, 2): (68, 813), (1, 3): (17, 276), (2, 3): (142, 325),
    }  # fmt: skip
    assert abilities(cited, 4).tolist() == pytest.approx([0, -2.9491, -0.4796, 0.2690], abs=5e-5)


def test_four_teams_have_the_strengths_of_the_encyclopedia() -> None:
    """Wikipedia, "Bradley-Terry model", worked example: A 0.640, B 1.043, C 0.660, D 2.270, geometric mean 1."""
    played: Wins = {(0, 1): (2, 3), (0, 3): (1, 4), (1, 2): (5, 3), (2, 3): (1, 3)}
    found = abilities(played, 4)
    assert np.exp(found - found.mean()).tolist() == pytest.approx([0.640, 1.043, 0.660, 2.270], abs=5e-4)


def test_what_the_pairs_cannot_tell_is_refused_without_a_penalty_and_stays_at_the_centre_with_one() -> None:
    nothing = np.zeros((1, 1))
    one = np.ones(1)
    with pytest.raises(ValueError, match="no one answer"):
        fit_pairs(nothing, one, one, np.zeros(1))
    with pytest.raises(ValueError, match="no one answer"):  # always before: the best coefficient is without end
        fit_pairs(np.ones((1, 1)), one, one, np.zeros(1))
    assert fit_pairs(nothing, one, one, np.array([0.7]), 1.0).tolist() == [0.7]


@given(st.integers(0, 10_000), st.floats(0.1, 20), st.floats(-1, 1))
def test_the_answer_is_where_the_gradient_is_nought_whatever_the_start(
    seed: int, penalty: float, centre: float
) -> None:
    rng = np.random.default_rng(seed)
    differences, shares, weights = rng.normal(0, 3, (12, 3)), rng.uniform(0, 1, 12), rng.uniform(0, 5, 12)
    around = np.full(3, centre)
    found = fit_pairs(differences, shares, weights, around, penalty)
    chance = 1 / (1 + np.exp(-differences @ found))
    gradient = differences.T @ (weights * (shares - chance)) - penalty * (found - around)
    assert gradient.tolist() == pytest.approx([0, 0, 0], abs=1e-6)
    elsewhere = fit_pairs(differences, shares, weights, around, penalty, start=rng.normal(0, 3, 3))
    assert elsewhere.tolist() == pytest.approx(found.tolist(), abs=1e-8)


def test_a_heavier_penalty_holds_closer() -> None:
    played: Wins = {(0, 1): (2, 3), (0, 3): (1, 4), (1, 2): (5, 3), (2, 3): (1, 3)}
    sizes = [float(np.abs(abilities(played, 4, penalty)).sum()) for penalty in (0.0, 1.0, 10.0, 1000.0)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < 0.02
