"""Somebody with every shown cell of every release, a computer, and the wish to know one firm's value.

Written apart from the code under test: floating-point linear algebra over single firms (each firm is an unknown, no
atoms), differences of any two shown cells, and linear programmes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from scoring.lattices import Cells, Integers
from scoring.waves import Earlier

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


def firm_rows(ids: Integers, cells: Cells, shown: Mask, everyone: Integers) -> Array:
    """One row of ones over all firms for each shown cell."""
    column = np.searchsorted(everyone, ids)
    rows = np.zeros((cells.count, len(everyone)))
    for of_table in cells.of_atom:
        rows[of_table[cells.atom_of_firm], column] = 1
    return rows[shown]


@dataclass(frozen=True, slots=True)
class Attacker:
    """Knows the sum (or the mean and the number, which is the same) over the firms of each row."""

    rows: Array
    values: Array

    def firms_that_follow(self) -> set[int]:
        """Firms whose own value is a combination of shown sums: their unit vector is in the row space."""
        _, singular, base = np.linalg.svd(self.rows, full_matrices=False)
        base = base[singular > 1e-9 * singular.max()]
        inside = (base**2).sum(axis=0)
        found = set(np.flatnonzero(inside > 1 - 1e-7).tolist())
        for firm in found:
            solved = np.linalg.lstsq(self.rows.T, np.eye(len(self.values))[firm], rcond=None)[0]
            assert abs(solved @ (self.rows @ self.values) - self.values[firm]) < 1e-4
        return found

    def small_groups(self, threshold: int) -> int:
        """How many differences of two shown cells are sums over 1 to threshold - 1 firms."""
        found = 0
        for row in self.rows:
            apart = np.abs(self.rows - row).sum(axis=1)
            found += int(((apart > 0) & (apart < threshold)).sum())
        return found // 2

    def narrowest(self, groups: Array, most: float) -> float:
        """The narrowest interval that programmes find for a sum over any of these groups of firms."""
        sums, width = self.rows @ self.values, np.inf
        for group in groups:
            low, high = (
                linprog(sign * group, A_eq=self.rows, b_eq=sums, bounds=(0, most), method="highs").fun
                for sign in (1, -1)
            )
            if low is not None and high is not None:
                width = min(width, -high - low)
        return float(width)


def knowing(releases: list[Earlier], values: dict[int, float]) -> Attacker:
    everyone = np.unique(np.concatenate([r.firms.ids for r in releases]))
    rows = [firm_rows(r.firms.ids, r.cells, r.shown, everyone) for r in releases]
    return Attacker(np.unique(np.concatenate(rows), axis=0), np.array([values[int(id)] for id in everyone]))
