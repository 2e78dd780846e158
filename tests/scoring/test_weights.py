"""Weights from comparisons in pairs, against Saaty's printed example."""

import pytest

from scoring.weights import (
    InvalidComparisons,
    consistency,
    geometric_means,
    normalised_columns,
    principal_eigenvector,
)

METHODS = (principal_eigenvector, geometric_means, normalised_columns)


def reciprocal(*upper: list[float]) -> list[list[float]]:
    """A comparison matrix from what stands right of its diagonal."""
    n = len(upper) + 1
    matrix = [[1.0] * n for _ in range(n)]
    for i, row in enumerate(upper):
        for j, value in enumerate(row, i + 1):
            matrix[i][j], matrix[j][i] = value, 1 / value
    return matrix


# Which drink is consumed more in the United States? Coffee, wine, tea, beer, sodas, milk, water:
# Saaty (2008), Decision making with the analytic hierarchy process, Int. J. Services Sciences 1(1), table 2.
DRINKS = reciprocal(
    [9, 5, 2, 1, 1, 1 / 2],
    [1 / 3, 1 / 9, 1 / 9, 1 / 9, 1 / 9],
    [1 / 3, 1 / 4, 1 / 3, 1 / 9],
    [1 / 2, 1, 1 / 3],
    [2, 1 / 2],
    [1 / 3],
)


def test_the_eigenvector_gives_the_printed_priorities_of_saatys_drinks() -> None:
    assert principal_eigenvector(DRINKS) == pytest.approx([0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327], abs=0.0005)


def test_the_consistency_ratio_is_the_printed_one_of_saatys_drinks() -> None:
    found = consistency(DRINKS)
    assert found.ratio == pytest.approx(0.022, abs=0.0005)
    assert found.index == pytest.approx(found.ratio * 1.32)
    assert found.index == pytest.approx((found.largest_eigenvalue - 7) / 6)


def test_the_eigenvector_reproduces_the_printed_priorities_of_saatys_house() -> None:
    """Saaty (1990), How to make a decision, Eur. J. Oper. Res. 48, 9-26: eight criteria for buying a house.

    Printed: the priorities, a largest eigenvalue of 9.669 and a consistency ratio of 0.169 (above what Saaty advises).
    """
    house = reciprocal(
        [5, 3, 7, 6, 6, 1 / 3, 1 / 4],
        [1 / 3, 5, 3, 3, 1 / 5, 1 / 7],
        [6, 3, 4, 6, 1 / 5],
        [1 / 3, 1 / 4, 1 / 7, 1 / 8],
        [1 / 2, 1 / 5, 1 / 6],
        [1 / 5, 1 / 6],
        [1 / 2],
    )
    printed = [0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333]
    assert principal_eigenvector(house) == pytest.approx(printed, abs=0.0005)
    assert consistency(house).largest_eigenvalue == pytest.approx(9.669, abs=0.0005)
    assert consistency(house).ratio == pytest.approx(0.169, abs=0.0005)


def test_the_two_approximations_by_hand() -> None:
    """No printed example of these two was found; three things compared 3, 5, 3 can be done by hand.

    Rows' products are 15, 1 and 1/15; columns' sums 23/15, 13/3 and 9.
    """
    matrix = reciprocal([3, 5], [3])
    roots = [15 ** (1 / 3), 1, 15 ** (-1 / 3)]
    assert geometric_means(matrix) == pytest.approx([r / sum(roots) for r in roots])
    shares = [(15 / 23 + 9 / 13 + 5 / 9) / 3, (5 / 23 + 3 / 13 + 3 / 9) / 3, (3 / 23 + 1 / 13 + 1 / 9) / 3]
    assert normalised_columns(matrix) == pytest.approx(shares)


@pytest.mark.parametrize("method", METHODS)
def test_consistent_comparisons_give_back_the_weights_they_were_made_from(method: object) -> None:
    weights = [0.5, 0.3, 0.15, 0.05]
    matrix = [[a / b for b in weights] for a in weights]
    assert callable(method)
    assert method(matrix) == pytest.approx(weights)
    found = consistency(matrix)
    assert found.largest_eigenvalue == pytest.approx(4)
    assert found.index == pytest.approx(0, abs=1e-12)
    assert found.index >= 0
    assert found.ratio >= 0


@pytest.mark.parametrize("method", METHODS)
def test_weights_sum_to_one_and_stay_near_each_other(method: object) -> None:
    assert callable(method)
    found = method(DRINKS)
    assert sum(found) == pytest.approx(1)
    assert found == pytest.approx(principal_eigenvector(DRINKS), abs=0.02)


def test_one_or_two_things_are_always_consistent() -> None:
    assert consistency([[1]]).ratio == 0
    assert consistency(reciprocal([9])).ratio == 0
    assert principal_eigenvector([[1]]) == (1.0,)
    assert principal_eigenvector(reciprocal([4])) == pytest.approx([0.8, 0.2])


def test_going_round_in_a_circle_is_inconsistent() -> None:
    assert consistency(reciprocal([3, 1 / 3], [3])).ratio > 1


@pytest.mark.parametrize(
    ("matrix", "says"),
    [
        ([], "as many columns as rows"),
        ([[1, 2]], "as many columns as rows"),
        ([[1, 2], [0.4, 1]], "row 1, column 2: 2 and 0.4 are not reciprocal"),
        ([[2, 2], [0.5, 1]], "row 1, column 1: 2 and 2 are not reciprocal"),
        ([[1, -2], [-0.5, 1]], "row 1, column 2: -2 is not a positive number"),
        ([[1, 0], [0, 1]], "row 1, column 2: 0 is not a positive number"),
        ([[1, float("nan")], [1, 1]], "row 1, column 2: nan is not a positive number"),
        ([[1, float("inf")], [1, 1]], "row 1, column 2: inf is not a positive number"),
        ([[1.0] * 16] * 16, "at most 15 things"),
    ],
)
def test_what_does_not_compare_in_pairs_is_refused(matrix: list[list[float]], says: str) -> None:
    for method in (*METHODS, consistency):
        with pytest.raises(InvalidComparisons, match=says):
            method(matrix)


def test_a_reciprocal_may_be_written_with_three_digits() -> None:
    assert principal_eigenvector([[1, 3], [0.333, 1]]) == pytest.approx([0.75, 0.25], abs=0.001)
