"""Estimates of what would be found: their intervals hold, few firms move little, and too few give none."""

import numpy as np
import pytest

from scoring.calibration_of_self import PULL, calibrate

SIZES = ["micro", "small", "medium", "large"]


def country(rng: np.random.Generator, n: int, *, skewed: bool = False) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Firms whose size moves how far they overrate themselves, with errors that grow with the score."""
    sizes = rng.choice(SIZES, n, p=[0.4, 0.3, 0.2, 0.1])
    own = rng.uniform(0.5, 4.5, n)
    step = np.array([{"micro": -0.6, "small": -0.3, "medium": 0.0, "large": 0.2}[size] for size in sizes])
    noise = rng.gamma(2, 0.25, n) - 0.5 if skewed else rng.normal(0, 0.2 + 0.1 * own)
    return own, np.clip(0.4 + 0.8 * own + step + noise, 0, 5), sizes.tolist()


@pytest.mark.parametrize(("n", "skewed"), [(30, False), (60, True), (200, False)])
def test_nineteen_firms_in_twenty_are_inside_their_interval(n: int, skewed: bool) -> None:
    rng = np.random.default_rng(21)
    inside = total = 0
    for _ in range(60):
        own, found, sizes = country(rng, n, skewed=skewed)
        learned = calibrate(own, found, sizes, (0, 5))
        assert learned is not None
        for score, truth, size in zip(*country(rng, 40, skewed=skewed), strict=True):
            estimate = learned.estimate(float(score), size)
            inside += estimate.low <= truth <= estimate.high
            total += 1

    assert 0.92 <= inside / total <= 0.99


def test_leaving_a_firm_out_by_formula_is_leaving_it_out() -> None:
    own, found, sizes = country(np.random.default_rng(2), 40)
    learned = calibrate(own, found, sizes, (0, 5))
    assert learned is not None
    row = np.array([1.0, 3.0, *[float(size == "small") for size in learned.sizes]])
    for firm in (0, 7, 39):
        rest = np.arange(40) != firm
        design = learned.design[rest]
        penalty = np.diag([0.0, 0.0, *[PULL] * len(learned.sizes)])
        weights = np.linalg.solve(design.T @ design + penalty, design.T @ found[rest])
        assert learned.left_out[firm] == pytest.approx(found[firm] - learned.design[firm] @ weights)
        moved = row @ learned.weights - learned.design[firm] @ learned.inverse @ row * learned.left_out[firm]
        assert moved == pytest.approx(row @ weights)


def test_a_class_of_few_firms_moves_less_than_its_own_mean_says() -> None:
    own = np.tile([1.0, 2.0, 3.0, 4.0], 25)
    found = own.copy()
    found[:4] -= 1
    learned = calibrate(own, found, ["rare"] * 4 + ["usual"] * 96, (0, 5))

    assert learned is not None
    step = learned.estimate(3, "usual").score - learned.estimate(3, "rare").score
    assert 0.3 < step < 0.7  # of 1
    # A class that nobody has verified is as a firm without any.
    assert learned.estimate(3, "unheard") == learned.estimate(3)


def test_fewer_than_thirty_give_no_estimate_and_none_leaves_the_scale() -> None:
    own, found, sizes = country(np.random.default_rng(4), 30)
    assert calibrate(own[:29], found[:29], sizes[:29], (0, 5)) is None
    assert calibrate(np.ones(40), np.ones(40), [""] * 40, (0, 5)) is None
    with_gap = np.where(np.arange(30) == 3, np.nan, found)
    assert calibrate(own, with_gap, sizes, (0, 5)) is None
    learned = calibrate(own, found, sizes, (0, 5))
    assert learned is not None
    estimate = learned.estimate(5.0, "large")
    assert 0 <= estimate.low <= estimate.score <= estimate.high <= 5
    assert estimate.n == 30
