"""Somebody with every published table, the means to filter them in every way, and a register of the firms.

Written apart from the code under test: it reads the files as anybody can, and knows besides which firm is of which
industry, size, region, owner and basis, in each release: more than any outsider knows. Each firm's value is an
unknown, every shown cell of every release a sum of unknowns. It takes differences of what filters give, looks for what
follows from all sums together, and bounds numbers of firms from the rounded ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]

SIDES = ("industry", "size", "region", "ownership", "basis")
ALL = "_T"


@dataclass(frozen=True)
class Register:
    """Who is in a release, by number, and of what kind; industries are divisions such as C10."""

    ids: Integers
    codes: Mapping[str, NDArray[np.str_]]

    def at(self, side: str, code: str) -> Mask:
        """The firms that a code of a side takes in."""
        mine = self.codes[side]
        if code == ALL:
            return np.ones(len(self.ids), dtype=np.bool_)
        return np.char.startswith(mine, code) if side == "industry" and len(code) == 1 else mine == code


@dataclass(frozen=True)
class Published:
    """The shown cells of one release, wave and indicator, with their codes and figures, and who is in the release."""

    register: Register
    cells: tuple[tuple[str, ...], ...]
    n: Array
    mean: Array


def read(path: Path, register: Register, wave: str, indicator: str) -> Published:
    """What a file shows, read as any reader of Parquet does it."""
    columns = ", ".join((*SIDES, "n", "mean"))
    rows = duckdb.sql(
        f"SELECT {columns} FROM read_parquet('{path}') "  # noqa: S608  our own names
        f"WHERE wave = '{wave}' AND indicator = '{indicator}' AND status = 'F'"
    ).fetchall()
    numbers = np.array([row[5:] for row in rows], dtype=np.float64).reshape(-1, 2)
    return Published(register, tuple(tuple(row[:5]) for row in rows), numbers[:, 0], numbers[:, 1])


class Attacker:
    """All releases laid over the units that nothing tells apart (atoms)."""

    def __init__(self, releases: Sequence[Published]) -> None:
        self.releases = releases
        self.ids = np.unique(np.concatenate([r.register.ids for r in releases]))
        by_firm = vstack([_members(r, self.ids) for r in releases], format="csr")
        mark = np.random.default_rng(0).integers(1, 2**40, by_firm.shape[0])
        self.atom_of_firm = np.unique(by_firm.T @ mark, return_inverse=True)[1]
        self.units = np.bincount(self.atom_of_firm)
        first = np.unique(self.atom_of_firm, return_index=True)[1]
        self.rows = csr_array(by_firm[:, first])
        self.place = {
            (number, cell): row
            for row, (number, cell) in enumerate((n, cell) for n, r in enumerate(releases) for cell in r.cells)
        }
        self.sums = np.concatenate([r.n * r.mean for r in releases])
        self.n = np.concatenate([r.n for r in releases])

    def small_differences(self, combinations: int, threshold: int, seed: int = 0) -> Integers:
        """Filter in so many ways, take off one and two narrower (or later) tables, and count whom that leaves.

        A filter names a code or all for each side. The first taken off is the same with one more side named (or as it
        stands in another release), the second a neighbour of the first. Gives the sizes of groups that are too few.
        """
        random = np.random.default_rng(seed)
        filters, options = self._filters(combinations, random)
        first, second = self._narrower(filters, options, random), self._narrower(filters, options, random)
        found = [self._sizes(self._rows_at(filters) - self._rows_at(first), self._known(filters, first))]
        both = self._rows_at(filters) - self._rows_at(first) - self._rows_at(second)
        found.append(self._sizes(both, self._known(filters, first, second)))
        sizes = np.concatenate(found)
        few: Integers = sizes[(sizes > 0) & (sizes < threshold)]
        return few

    def every_pair(self, threshold: int) -> int:
        """How many differences of any two shown cells, of whatever releases, are of fewer firms than the threshold."""
        found, size = 0, self.rows @ self.units
        weighted = csr_array(self.rows.multiply(self.units[np.newaxis, :])).T.tocsr()
        for start in range(0, self.rows.shape[0], 1_000):
            part = slice(start, start + 1_000)
            shared = (self.rows[part] @ weighted).toarray()
            apart = size[part, np.newaxis] + size[np.newaxis, :] - 2 * shared
            found += int(((apart > 0) & (apart < threshold)).sum())
        return found // 2

    def groups_that_follow(self, threshold: int) -> Integers:
        """The atoms of fewer firms than the threshold whose sum is a combination of shown sums."""
        _, singular, base = np.linalg.svd(self.rows.toarray().astype(np.float64), full_matrices=False)
        base = base[singular > 1e-9 * singular.max()]
        inside = (base**2).sum(axis=0)
        found: Integers = np.flatnonzero((inside > 1 - 1e-7) & (self.units < threshold))
        return found

    def values(self) -> Array:
        """The mean of each atom, from the figures as they are shown; right for those that follow."""
        solved = np.linalg.lstsq(self.rows.toarray().astype(np.float64), self.sums, rcond=None)[0]
        return np.asarray(solved / self.units)

    def firms_of(self, atom: int) -> Integers:
        found: Integers = self.ids[self.atom_of_firm == atom]
        return found

    def _filters(self, combinations: int, random: np.random.Generator) -> tuple[Any, dict[str, list[str]]]:
        options = {
            side: sorted({ALL, *(cell[at] for r in self.releases for cell in r.cells)}) for at, side in enumerate(SIDES)
        }
        shown = [*self.place]
        drawn = random.integers(0, len(shown), combinations)
        filters = []
        for which in drawn.tolist():
            number, cell = shown[which]
            side = int(random.integers(0, len(SIDES)))
            code = options[SIDES[side]][int(random.integers(0, len(options[SIDES[side]])))]
            filters.append((number, (*cell[:side], code, *cell[side + 1 :]) if random.random() < 0.5 else cell))
        return filters, options

    def _narrower(self, filters: Any, options: dict[str, list[str]], random: np.random.Generator) -> Any:
        found = []
        sides, draws, other = (random.random(len(filters)) for _ in range(3))
        for (number, cell), side_draw, draw, elsewhere in zip(filters, sides, draws, other, strict=True):
            if len(self.releases) > 1 and elsewhere < 0.3:
                found.append(((number + 1) % len(self.releases), cell))
                continue
            side = int(side_draw * len(SIDES))
            codes = options[SIDES[side]]
            found.append((number, (*cell[:side], codes[int(draw * len(codes))], *cell[side + 1 :])))
        return found

    def _rows_at(self, filters: Any) -> csr_array:
        """What filters give: a row of a shown cell, or nothing."""
        at = self._place_of(filters)
        there = csr_array((np.ones((at >= 0).sum()), (np.flatnonzero(at >= 0), at[at >= 0])), (len(at), len(self.n)))
        return csr_array(there @ self.rows)

    def _known(self, *filters: Any) -> Mask:
        known: Mask = np.logical_and.reduce([self._place_of(each) >= 0 for each in filters])
        return known

    def _place_of(self, filters: Any) -> Integers:
        return np.array([self.place.get(each, -1) for each in filters], dtype=np.int64)

    def _sizes(self, rows: csr_array, known: Mask) -> Integers:
        rows.eliminate_zeros()
        sizes: Integers = (abs(rows).sign() @ self.units)[known].astype(np.int64)
        return sizes


def narrowest(of: Published, groups: Sequence[tuple[str, ...]], base: float) -> float:
    """The narrowest interval that programmes find for the number of firms in any of these cells of one release.

    Unknown is how many firms each crossing holds that any firm is in. A shown number is off by half the base at the
    most (0: exact).
    """
    register = of.register
    crossing = np.unique(np.stack([*register.codes.values()]), axis=1, return_inverse=True)[1].ravel()
    first = np.unique(crossing, return_index=True)[1]
    asked = Published(register, tuple(groups), of.n, of.mean)
    rows, goals = (_members(each, register.ids)[:, first] for each in (of, asked))
    sides, spare, width = vstack([rows, -rows]), base / 2, np.inf
    for goal in goals.toarray():
        ends = [
            linprog(sign * goal, A_ub=sides, b_ub=np.concatenate([of.n + spare, spare - of.n]), method="highs")
            for sign in (1.0, -1.0)
        ]
        if all(end.x is not None for end in ends):
            width = min(width, -ends[1].fun - ends[0].fun)
    return float(width)


def _members(of: Published, ids: Integers) -> csr_array:
    """Ones where a shown cell holds a firm (cells x firms of all releases)."""
    register = of.register
    column = np.searchsorted(ids, register.ids)
    held = {side: {} for side in SIDES}  # type: dict[str, dict[str, Mask]]
    rows, columns = [], []
    for row, cell in enumerate(of.cells):
        inside = np.ones(len(register.ids), dtype=np.bool_)
        for side, code in zip(SIDES, cell, strict=True):
            if code not in held[side]:
                held[side][code] = register.at(side, code)
            inside &= held[side][code]
        members = column[inside]
        rows.append(np.full(len(members), row))
        columns.append(members)
    at = (np.concatenate(rows), np.concatenate(columns))
    return csr_array((np.ones(len(at[0]), dtype=np.int64), at), shape=(len(of.cells), len(ids)))
