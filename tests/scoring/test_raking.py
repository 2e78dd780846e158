"""Weights by margins: the published figures, and what holds of every country."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.raking import (
    CannotRake,
    Margin,
    collapsed,
    effective_n,
    kish_deff,
    rake,
    rake_trimmed,
    unmet,
)

# R package survey (Lumley, Analysis of complex survey samples, 2004), data set apiclus1: schools by type (E, H, M) and
# whether the target was met (No, Yes); population totals of its documentation. Weights by rake(), tolerance 1e-12.
COUNTS = np.array([[12, 132], [3, 11], [8, 17]])
TYPE, MET = np.array([4421.0, 755.0, 1018.0]), np.array([1072.0, 5122.0])
WEIGHTS = np.array([[39.83923625, 29.87067549], [67.12552924, 50.32940112], [49.06907216, 36.79102487]])
TOTALS = np.array([[478.0708349, 3942.9291649], [201.3765877, 553.6234123], [392.5525773, 625.4474228]])


def schools() -> list[Margin]:
    kind, met = (np.repeat(codes.ravel(), COUNTS.ravel()) for codes in np.indices(COUNTS.shape))
    return [Margin(kind, TYPE), Margin(met, MET)]


def test_the_weights_of_the_survey_package() -> None:
    margins = schools()
    raked = rake(margins, np.full(183, 6194 / 183))

    table = np.zeros(COUNTS.shape)
    np.add.at(table, (margins[0].of_firm, margins[1].of_firm), raked.weights)
    np.testing.assert_allclose(table, TOTALS, rtol=1e-8)
    np.testing.assert_allclose(table / COUNTS, WEIGHTS, rtol=1e-8)


def test_the_design_effect_of_the_survey_package() -> None:
    weights = rake(schools()).weights

    assert kish_deff(weights) == pytest.approx(1.051656696, rel=1e-9)
    assert effective_n(weights) == pytest.approx(174.0111586, rel=1e-9)


def test_what_the_weights_start_from_changes_nothing_when_all_start_alike() -> None:
    np.testing.assert_allclose(rake(schools()).weights, rake(schools(), np.full(183, 7.0)).weights, rtol=1e-8)


def test_a_group_without_a_firm_cannot_be_met() -> None:
    margin = Margin(np.array([0, 0, 2]), np.array([5.0, 3.0, 2.0]))

    assert unmet(margin).tolist() == [1]
    with pytest.raises(CannotRake):
        rake([margin])


def test_margins_of_two_totals_are_refused() -> None:
    of_firm = np.array([0, 1])
    with pytest.raises(CannotRake):
        rake([Margin(of_firm, np.array([5.0, 5.0])), Margin(of_firm, np.array([5.0, 6.0]))])


def test_groups_of_too_few_firms_are_joined_and_their_targets_with_them() -> None:
    of_firm = np.repeat([0, 1, 2, 4], [2, 1, 9, 20])
    joined = collapsed(Margin(of_firm, np.array([10.0, 20.0, 30.0, 40.0, 50.0])))

    assert np.bincount(joined.of_firm).tolist() == [12, 20]  # 2 and 1 are still too few, so the nine come along
    assert joined.targets.tolist() == [60.0, 50.0]  # the group of 40 that holds no firm is left out


def test_groups_that_are_large_enough_stay_as_they_are() -> None:
    of_firm = np.repeat([0, 1], [5, 6])
    joined = collapsed(Margin(of_firm, np.array([10.0, 20.0])))

    assert joined.of_firm.tolist() == of_firm.tolist()
    assert joined.targets.tolist() == [10.0, 20.0]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(20, 300))
def test_cut_weights_are_in_bounds_and_add_up_to_the_margins_otherwise(seed: int, firms: int) -> None:
    random = np.random.default_rng(seed)
    targets = [random.integers(1, 1000, groups).astype(float) for groups in (4, 3)]
    targets[1] *= targets[0].sum() / targets[1].sum()
    margins = []
    for wanted in targets:
        at_random = random.integers(0, len(wanted), firms)
        at_random[: len(wanted)] = np.arange(len(wanted))
        margins.append(Margin(at_random, wanted))
    raked = rake_trimmed(margins)

    mean = targets[0].sum() / firms
    assert raked.weights.min() >= 0.3 * mean - 1e-9
    assert raked.weights.max() <= 3 * mean + 1e-9
    if raked.missed < 1e-9:
        for margin in margins:
            held = np.bincount(margin.of_firm, raked.weights)
            np.testing.assert_allclose(held, margin.targets, rtol=1e-8)
    assert effective_n(raked.weights) <= firms + 1e-9


def test_a_lone_firm_in_a_large_group_is_cut_and_the_miss_is_told() -> None:
    margin = Margin(np.repeat([0, 1], [1, 99]), np.array([900.0, 100.0]))
    raked = rake_trimmed([margin])

    assert raked.weights[0] == pytest.approx(30)  # three times a thousand by a hundred
    assert raked.weights[1:] == pytest.approx(3.0)  # and three tenths of it
    assert raked.missed == pytest.approx(1.97)


def test_firms_of_the_same_groups_can_be_one_row() -> None:
    counts, margins = COUNTS.ravel().astype(float), schools()
    rows = [Margin(codes.ravel(), m.targets) for codes, m in zip(np.indices(COUNTS.shape), margins, strict=True)]

    np.testing.assert_allclose(rake_trimmed(rows, counts).weights / counts, WEIGHTS.ravel(), rtol=1e-8)
