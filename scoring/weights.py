"""Weights from comparisons in pairs: the Analytic Hierarchy Process (AHP), three ways, and how consistent it is.

A comparison matrix says in row i, column j how many times as important i is as j (Saaty's scale: 1 equal, 3
moderately, 5 strongly, 7 very strongly, 9 extremely; reciprocals the other way round). Weights sum to 1.
Source: Saaty (1980), The Analytic Hierarchy Process; Saaty (2008), Int. J. Services Sciences 1(1), 83-98.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from questionnaires.problems import Refused

Array = NDArray[np.float64]
Matrix = Sequence[Sequence[float]]

# Mean consistency index of random reciprocal matrices of order 1, 2, 3 ...: Saaty (1980), p. 21.
RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
LARGEST = len(RANDOM_INDEX)
TOLERANCE = 0.01  # how far a(i,j) * a(j,i) may be from 1: 1/3 may be written 0.333


class InvalidComparisons(Refused):
    """A matrix that does not compare in pairs; the message says which entry and why."""


@dataclass(frozen=True, slots=True)
class Consistency:
    """How well comparisons agree with each other.

    `index` is (largest eigenvalue - n) / (n - 1), `ratio` the index over that of random comparisons: 0 is fully
    consistent, and above 0.1 Saaty advises to compare again. Two or fewer things are always consistent.
    """

    largest_eigenvalue: float
    index: float
    ratio: float


def principal_eigenvector(comparisons: Matrix) -> tuple[float, ...]:
    """Saaty's own weights: the eigenvector of the largest eigenvalue, divided by its sum.

    Raises:
        InvalidComparisons: the matrix is not square, positive and reciprocal, or too large.
    """
    return _shares(_principal(_read(comparisons))[1])


def geometric_means(comparisons: Matrix) -> tuple[float, ...]:
    """The geometric mean of each row, divided by their sum (Crawford & Williams 1985).

    Raises:
        InvalidComparisons: the matrix is not square, positive and reciprocal, or too large.
    """
    return _shares(np.exp(np.log(_read(comparisons)).mean(axis=1)))


def normalised_columns(comparisons: Matrix) -> tuple[float, ...]:
    """Each column divided by its sum, then the mean of each row: the approximation for pencil and paper.

    Raises:
        InvalidComparisons: the matrix is not square, positive and reciprocal, or too large.
    """
    matrix = _read(comparisons)
    return _shares((matrix / matrix.sum(axis=0)).mean(axis=1))


def consistency(comparisons: Matrix) -> Consistency:
    """The consistency index and ratio of Saaty (1980).

    Raises:
        InvalidComparisons: the matrix is not square, positive and reciprocal, or too large.
    """
    matrix = _read(comparisons)
    n = len(matrix)
    largest = max(_principal(matrix)[0], float(n))  # it is n or more; less is noise
    index = (largest - n) / (n - 1) if n > 1 else 0.0
    random = RANDOM_INDEX[n - 1]
    return Consistency(largest, index, index / random if random else 0.0)


def _principal(matrix: Array) -> tuple[float, Array]:
    values, vectors = np.linalg.eig(matrix)
    first = int(np.argmax(values.real))
    return float(values[first].real), np.abs(vectors[:, first].real)


def _shares(weights: Array) -> tuple[float, ...]:
    return tuple((weights / weights.sum()).tolist())


def _read(comparisons: Matrix) -> Array:
    n = len(comparisons)
    if n == 0 or any(len(row) != n for row in comparisons):
        raise InvalidComparisons("comparisons in pairs need as many columns as rows, and at least one")
    if n > LARGEST:
        raise InvalidComparisons(f"at most {LARGEST} things can be compared in pairs; group them first")
    matrix = np.array(comparisons, dtype=np.float64)
    for i in range(n):
        for j in range(n):
            if not 0 < matrix[i, j] < np.inf:
                raise InvalidComparisons(f"row {i + 1}, column {j + 1}: {matrix[i, j]:g} is not a positive number")
            if abs(matrix[i, j] * matrix[j, i] - 1) > TOLERANCE:
                raise InvalidComparisons(
                    f"row {i + 1}, column {j + 1}: {matrix[i, j]:g} and {matrix[j, i]:g} are not reciprocal"
                )
    return matrix
