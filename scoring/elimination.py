"""Which cells may be published without any of some secret sums following from them, decided in whole numbers.

Cells are rows of zeros and ones over atoms. Whatever additive figure is published of cells, a secret row can be worked
out from published rows exactly when it lies in their span; so one pattern serves every figure of the release. After
Langsrud, "Secondary Cell Suppression by Gaussian Elimination: An Algorithm Suitable for Handling Issues with Zeros and
Singletons", Privacy in Statistical Databases 2024, doi 10.1007/978-3-031-69651-0_6: in the order of what is wanted
most, a cell is published unless what the published ones leave of it is a multiple of what they leave of a secret one.
All arithmetic is in integers without bound: nothing is lost to rounding.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import gcd

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

Row = dict[int, int]


@dataclass(frozen=True, slots=True)
class Decided:
    """Of each candidate whether it may be published; of each secret whether it follows from what is known already."""

    published: NDArray[np.bool_]
    lost: NDArray[np.bool_]


def decide(candidates: csr_array, secrets: csr_array, known: csr_array | None = None) -> Decided:
    """Publish candidates from first to last, each unless a secret would follow; `known` rows are out already."""
    if not secrets.shape[0]:
        return Decided(np.ones(candidates.shape[0], dtype=np.bool_), np.zeros(0, dtype=np.bool_))
    first = candidates[:0] if known is None else known
    system = _System(vstack([first, candidates, secrets], format="csr"))
    a, b, c = first.shape[0], candidates.shape[0], secrets.shape[0]
    system.secret = set(range(a + b, a + b + c))
    for row in range(a):
        system.take(row)
    lost = [row for row in sorted(system.secret) if not system.rows[row]]
    system.secret.difference_update(lost)
    published = np.array([system.take_unless_telling(a + row) for row in range(b)], dtype=np.bool_)
    gone = np.zeros(c, dtype=np.bool_)
    gone[np.array(lost, dtype=np.int64) - a - b] = True
    return Decided(published, gone)


def follows(secrets: csr_array, known: csr_array) -> NDArray[np.bool_]:
    """Of each secret row whether it can be worked out from the known rows."""
    return decide(known[:0], secrets, known).lost


class _System:
    """Rows under elimination, with the rows that each atom occurs in."""

    def __init__(self, matrix: csr_array) -> None:
        starts, atoms, values = matrix.indptr.tolist(), matrix.indices.tolist(), matrix.data.tolist()
        self.rows: list[Row] = [
            {a: v for a, v in zip(atoms[s:e], values[s:e], strict=True) if v} for s, e in pairwise(starts)
        ]
        self.within: list[set[int]] = [set() for _ in range(matrix.shape[1])]
        for number, row in enumerate(self.rows):
            for atom in row:
                self.within[atom].add(number)
        self.secret: set[int] = set()

    def take_unless_telling(self, number: int) -> bool:
        row = self.rows[number]
        if row and self._tells(row):
            self._leave(number)
            return False
        self.take(number)
        return True

    def _tells(self, row: Row) -> bool:
        """Whether a secret row is a multiple of this one."""
        rarest = min(row, key=lambda atom: len(self.within[atom]))
        size, value = len(row), row[rarest]
        for number in self.within[rarest] & self.secret:
            other = self.rows[number]
            if len(other) == size and _is_multiple(row, other, value, other[rarest]):
                return True
        return False

    def _leave(self, number: int) -> None:
        for atom in self.rows[number]:
            self.within[atom].discard(number)
        self.rows[number] = {}

    def take(self, number: int) -> None:
        """Take a row as known: clear one of its atoms from all other rows."""
        row = self.rows[number]
        if not row:
            return
        pivot = min(row, key=lambda atom: (abs(row[atom]) != 1, len(self.within[atom])))
        self._leave(number)
        for other in list(self.within[pivot]):
            self._clear(other, row, pivot)

    def _clear(self, number: int, row: Row, pivot: int) -> None:
        other, lead = self.rows[number], row[pivot]
        factor = other[pivot]
        if lead in (1, -1):
            factor *= lead
        else:
            shared = gcd(lead, factor)
            scale, factor = lead // shared, factor // shared
            for atom in other:
                other[atom] *= scale
        for atom, value in row.items():
            before = other.get(atom, 0)
            after = before - factor * value
            if after:
                other[atom] = after
                if not before:
                    self.within[atom].add(number)
            elif before:
                del other[atom]
                self.within[atom].discard(number)


def _is_multiple(row: Row, other: Row, value: int, same: int) -> bool:
    return all(atom in other and other[atom] * value == entry * same for atom, entry in row.items())


def rows_of(sets: Sequence[Iterable[int]], atoms: int) -> csr_array:
    """Sets of atoms as rows of ones."""
    members = [np.fromiter(s, dtype=np.int64) for s in sets]
    lengths = [len(m) for m in members]
    column = np.concatenate([np.empty(0, dtype=np.int64), *members])
    row = np.repeat(np.arange(len(members)), lengths)
    return csr_array((np.ones(len(column), dtype=np.int64), (row, column)), shape=(len(members), atoms))
