"""Intervals that can be worked out for what is held back, on published instances."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from scoring import bounds
from scoring.bounds import Intervals, Need, intervals
from scoring.disclosure import pattern
from scoring.dominance import Rules
from scoring.lattices import Array
from scoring.waves import all_shown, ground
from tests.scoring.countries import alone, country
from tests.scoring.test_elimination import magnitude1

ALWAYS_OPEN = 1e9  # a need that nothing meets: every secret gets its true interval


def true_intervals(shown: np.ndarray, secrets: np.ndarray, amounts: np.ndarray) -> Intervals:
    asked = np.full(len(secrets), ALWAYS_OPEN)
    return intervals(csr_array(shown), csr_array(secrets), amounts, Need(asked, asked, asked))


def test_the_intervals_of_the_handbooks_example_3() -> None:
    """Geurts 1992, in the Handbook on Statistical Disclosure Control: three rows, two columns, four cells held back.

    Row totals 7, 3, 6 with 3 and 3 shown in row 3; column totals 9 and 7. Intervals [3, 6], [1, 4], [0, 3], [0, 3].
    """
    amounts = np.array([5.0, 2.0, 1.0, 2.0])
    shown = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1]])
    found = true_intervals(shown, np.eye(4, dtype=np.int64), amounts)
    assert found.lowest == pytest.approx([3, 1, 0, 0])
    assert found.highest == pytest.approx([6, 4, 3, 3])
    assert found.exact.all()


def test_the_intervals_of_the_norwegian_packages_example() -> None:
    """`magnitude1` with n <= 1: Entertainment/Iceland in [8.4, 26.0], Industry/Spain in [0, 17.6]."""
    cells, values, names = magnitude1()
    members, by_atom = cells.members(), np.bincount(cells.atom_of_firm, values)
    hidden = {
        "Entertainment/Iceland", "Industry/Spain",
        "Entertainment/Portugal", "Governmental/Portugal", "Governmental/Spain", "Industry/Iceland",
    }  # fmt: skip
    shown = members[[cell for cell, name in enumerate(names) if name not in hidden]]
    primary = members[[names.index("Entertainment/Iceland"), names.index("Industry/Spain")]]
    found = true_intervals(shown.toarray(), primary.toarray(), by_atom)
    assert found.lowest == pytest.approx([8.4, 0.0])
    assert found.highest == pytest.approx([26.0, 17.6])


def test_a_quick_answer_never_claims_more_uncertainty_than_there_is() -> None:
    random = np.random.default_rng(5)
    for _ in range(20):
        amounts = random.integers(0, 9, 8).astype(float)
        shown, secrets = random.integers(0, 2, (4, 8)), np.eye(8, dtype=np.int64)
        true = true_intervals(shown, secrets, amounts)
        some = np.full(8, 1.0)
        quick = intervals(csr_array(shown), csr_array(secrets), amounts, Need(0 * some, 0 * some, some))
        assert (quick.lowest >= true.lowest - 1e-6).all()
        assert (quick.highest <= true.highest + 1e-6).all()
        wide = true.highest - true.lowest >= 1 + 1e-6
        assert (quick.highest - quick.lowest >= 1 - 1e-6)[wide].all()


def test_a_sum_that_nothing_touches_stays_open_up_to_twice_the_whole() -> None:
    found = true_intervals(np.array([[1, 0]]), np.array([[0, 1], [1, 0]]), np.array([4.0, 5.0]))
    assert (found.lowest[0], found.highest[0]) == (0.0, 19.0)
    assert found.lowest[1] == found.highest[1] == 4.0


def test_a_large_part_is_never_said_to_be_more_uncertain_than_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """With only some atoms moved at once, intervals lie inside the true ones; nearly all secrets are settled so."""
    cells = country(300, 1)
    at = ground(alone(300), cells)
    out = pattern(at, Rules())
    shown, units = all_shown(at, out.shown), at.units.astype(float)
    asked = np.full(out.secrets.shape[0], 5.0)
    need = Need(0 * asked, 0 * asked, asked)
    true = intervals(shown, out.secrets, units, Need(asked * 1e9, asked * 1e9, asked))
    monkeypatch.setattr(bounds, "LARGE", 5)
    monkeypatch.setattr(bounds, "FEW", 0)
    monkeypatch.setattr(bounds, "AROUND", (20, 60))
    found = intervals(shown, out.secrets, units, need)
    assert (found.lowest >= true.lowest - 1e-6).all()
    assert (found.highest <= true.highest + 1e-6).all()
    assert not found.exact.any()
    wide = true.highest - true.lowest >= 5 + 1e-6
    assert need.met(found, 1e-6)[wide].mean() > 0.9


def test_many_secrets_under_few_sums_are_settled_by_few_programmes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Single sides of a large country: a corner of what agrees with few sums has hardly an atom above zero.

    So with programmes that let every atom move as far as it can, small secrets are hardly ever seen larger.
    """
    solved: list[int] = []
    solve = bounds._Part.solve

    def counted(part: bounds._Part, goal: Array, sides: Array) -> Array:
        solved.append(len(goal))
        return solve(part, goal, sides)

    monkeypatch.setattr(bounds._Part, "solve", counted)
    monkeypatch.setattr(bounds, "LARGE", 100)
    sides = np.indices((12, 12, 12)).reshape(3, -1)
    shown = csr_array(np.concatenate([(side == np.arange(12)[:, np.newaxis]).astype(np.int64) for side in sides]))
    units = np.random.default_rng(0).integers(1, 5, sides.shape[1]).astype(float)
    asked = np.full(300, 5.0)
    need = Need(0 * asked, 0 * asked, asked)
    found = intervals(shown, csr_array(np.eye(300, sides.shape[1], dtype=np.int64)), units, need)
    assert need.met(found, 1e-6).all()
    assert len(solved) <= 2 * bounds.SWEEPS
    assert (found.lowest >= 0).all()
