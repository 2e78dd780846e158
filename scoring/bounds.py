"""Between which values a secret sum lies for somebody who knows all that is shown: linear programmes.

Feasibility intervals as in the Handbook on Statistical Disclosure Control, chapter 4: every amount is zero or more, and
whatever agrees with the shown sums is possible. The intervals are at first widened by single solutions that agree with
the shown sums, each of which moves many secrets at once (found, they prove what they show); only secrets for which that
is not enough get two programmes of their own. In the former no atom of an unsettled secret moves further than is asked
of it: otherwise the programme would move a few of them as far as they go, and the others not at all.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import block_array, csr_array
from scipy.sparse.csgraph import connected_components

from scoring.lattices import Array, Integers

Mask = NDArray[np.bool_]
SWEEPS = 6  # pairs of programmes per part that move all secrets not yet settled
LARGE = 12_000  # atoms of a part beyond which programmes over all of it take minutes each, where it has many rows
FEW = 1_000  # rows of a part up to which programmes over all of it take a second each, however many its atoms
AROUND = (400, 2_500)  # atoms moved at once in a part that is large
SHORT = 60  # atoms of a row that still says who is near whom
TOLERANCE = 1e-6  # of the largest amount: what the solver may be off by


@dataclass(frozen=True, slots=True)
class Intervals:
    """Of each secret its value, and an interval that it cannot be bounded closer than; `exact` where no wider one is.

    A secret that was settled early has a wider interval in truth.
    """

    value: Array
    lowest: Array
    highest: Array
    exact: Mask


@dataclass(frozen=True, slots=True)
class Need:
    """How far below and above its value, and how wide in all, each secret has to stay uncertain."""

    below: Array
    above: Array
    width: Array

    def met(self, found: Intervals, slack: float) -> Mask:
        low, high = found.value - found.lowest + slack, found.highest - found.value + slack
        return (low >= self.below) & (high >= self.above) & (low + high >= self.width)


def intervals(
    shown: csr_array, secrets: csr_array, amounts: Array, need: Need, most: Array | None = None, seed: int = 0
) -> Intervals:
    """Bound the secrets, given shown rows over atoms and the true amount of each atom; no atom exceeds `most`.

    Where nothing limits an atom, twice the sum of all is taken: somebody knows at least the size of the whole.
    """
    limit = np.full(len(amounts), 2 * amounts.sum() + 1) if most is None else most
    free = _not_told(shown)
    value = np.asarray(secrets @ amounts, dtype=np.float64)
    found = Intervals(value, value.copy(), value.copy(), np.zeros(len(value), dtype=np.bool_))
    random = np.random.default_rng(seed)
    parts = [_Part(rows, atoms, shown, secrets, amounts, limit) for rows, atoms in _parts(shown, free)]

    def block(atoms: Integers) -> _Part:
        rows = np.unique(shown[:, atoms].nonzero()[0]).astype(np.int64)
        return _Part(rows, atoms, shown, secrets, amounts, limit)

    whole = np.ones(len(value), dtype=np.bool_)
    for part in parts:
        if not len(part.touched):
            continue
        around = len(part.atoms) > LARGE and len(part.sums) > FEW
        below, above = _sweep_large(part, block, found, need, random) if around else part.sweep(found, need, random)
        found.lowest[part.touched] -= below
        found.highest[part.touched] += above
        whole[part.touched] &= not around
    for secret in np.flatnonzero(~need.met(found, slack_of(amounts)) & whole):
        _bound(int(secret), parts, found)
    return found


def slack_of(amounts: Array) -> float:
    """What the solver may be off by in an interval over these amounts."""
    return TOLERANCE * max(1.0, float(amounts.max(initial=0.0)))


def binding(shown: csr_array, secret: csr_array, amounts: Array) -> Integers:
    """The shown rows without which a secret could be larger: those with a price in the programme that makes it largest.

    Where there are many atoms and rows only those near the secret move.
    """
    rows, near = shown, abs(secret).sum(axis=0) > 0
    if len(amounts) > AROUND[1] and shown.shape[0] > FEW:
        short = shown[np.diff(shown.indptr) <= SHORT]
        for _ in range(2):
            near = near | (short.T @ ((short @ near.astype(np.int64)) > 0).astype(np.int64) > 0)
    else:
        near = np.ones(len(amounts), dtype=np.bool_)
    atoms = np.flatnonzero(near)
    rows = shown[:, atoms]
    at = np.flatnonzero(np.diff(rows.indptr) > 0)
    goal: Any = -secret[:, atoms].toarray().ravel()
    equations: Any = rows[at]
    sides: Any = np.stack([-amounts[atoms], np.full(len(atoms), np.inf)], axis=1)
    solved = linprog(goal, A_eq=equations, b_eq=np.zeros(len(at)), bounds=sides, method="highs")
    if solved.x is None:
        return np.empty(0, dtype=np.int64)
    return at[np.abs(np.asarray(solved.eqlin.marginals)) > TOLERANCE]


def _not_told(shown: csr_array) -> Mask:
    """Atoms that no chain of rows with one atom left in each gives away."""
    free = np.ones(shown.shape[1], dtype=np.bool_)
    pattern = abs(shown).sign()
    while True:
        single = np.flatnonzero(pattern @ free.astype(np.int64) == 1)
        told = free & ((pattern[single].sum(axis=0) if len(single) else 0) > 0)
        if not told.any():
            return free
        free &= ~told


def _parts(shown: csr_array, free: Mask) -> Iterator[tuple[Integers, Integers]]:
    """Rows and free atoms that hang together; parts bound each other in no way."""
    atoms = np.flatnonzero(free)
    left = abs(shown[:, atoms]).sign()
    both: Any = [[None, left], [left.T, None]]
    _, labels = connected_components(block_array(both), directed=False)
    rows, columns = labels[: left.shape[0]], labels[left.shape[0] :]
    by_row, by_column = np.argsort(rows, kind="stable"), np.argsort(columns, kind="stable")
    for label in np.unique(columns):
        at = [np.searchsorted(sorted_, [label, label + 1]) for sorted_ in (rows[by_row], columns[by_column])]
        yield by_row[slice(*at[0])], atoms[by_column[slice(*at[1])]]


class _Part:
    """One part of the system, with what each secret has in it."""

    def __init__(
        self, rows: Integers, atoms: Integers, shown: csr_array, secrets: csr_array, amounts: Array, limit: Array
    ) -> None:
        self.atoms = atoms
        self.equations: Any = shown[rows][:, atoms]
        self.here = secrets[:, atoms]
        self.touched = np.flatnonzero(np.diff(self.here.indptr))
        self.here = self.here[self.touched].astype(np.float64)
        self.amounts = amounts[atoms]
        self.sums = self.equations @ self.amounts
        self.sides = np.stack([np.zeros(len(atoms)), np.maximum(limit[atoms], self.amounts)], axis=1)
        self.scale = max(1.0, float(np.median(self.amounts)))

    def solve(self, goal: Array, sides: Array) -> Array:
        """Amounts that agree with everything shown and make the goal smallest; the true ones where none are found.

        Solved is for the distance from the true amounts, so that a system with a solution is never taken for one
        without: scaled sums of thousands of rows do not always agree with scaled sides to the last digit.
        """
        if not self.equations.shape[0]:
            return np.where(goal > 0, sides[:, 0], np.where(goal < 0, sides[:, 1], self.amounts))
        sides_: Any = (sides - self.amounts[:, np.newaxis]) / self.scale
        solved = linprog(goal, A_eq=self.equations, b_eq=np.zeros(len(self.sums)), bounds=sides_, method="highs")
        if solved.x is None:
            return self.amounts
        at = np.clip(self.amounts + np.asarray(solved.x) * self.scale, sides[:, 0], sides[:, 1])
        off = np.abs(self.equations @ at - self.sums).max()
        return at if off <= TOLERANCE * max(1.0, float(self.amounts.max())) else self.amounts

    def sweep(self, found: Intervals, need: Need, random: np.random.Generator) -> tuple[Array, Array]:
        """How far below and above their values solutions take this part's secrets, moving the unsettled ones."""
        true, mine = self.here @ self.amounts, self.touched
        low, high = true.copy(), true.copy()
        for turn in range(SWEEPS if len(mine) else 0):
            open_ = _unsettled(found, need, mine, true - low, high - true)
            if not open_.any():
                break
            weights = open_ * (1.0 if turn == 0 else random.choice([-1.0, 1.0], len(mine)))
            near = self.nearby(open_, need)
            for sign in (1.0, -1.0):
                at = self.here @ self.solve(sign * (self.here.T @ weights), near)
                low, high = np.minimum(low, at), np.maximum(high, at)
        return true - low, high - true

    def nearby(self, open_: Mask, need: Need) -> Array:
        """Sides of the atoms, those of unsettled secrets as far from the truth as is asked of one of these."""
        rows = self.here[np.flatnonzero(open_)].tocoo()
        far = np.maximum(need.width, np.maximum(need.below, need.above))[self.touched[open_]]
        reach = np.full(len(self.atoms), -np.inf)
        np.maximum.at(reach, rows.col, far[rows.row])
        at = np.flatnonzero(np.isfinite(reach))
        sides = self.sides.copy()
        sides[at, 0] = np.maximum(sides[at, 0], self.amounts[at] - reach[at])
        sides[at, 1] = np.minimum(sides[at, 1], self.amounts[at] + reach[at])
        return sides

    def around(self, spot: int, most: int, random: np.random.Generator) -> Integers:
        """About so many atoms around those of a secret: what shares short rows with them, ring by ring."""
        rows = self.equations.sign()
        short = np.diff(rows.indptr) <= SHORT
        near = np.zeros(len(self.atoms), dtype=np.bool_)
        near[self.here.indices[self.here.indptr[spot] : self.here.indptr[spot + 1]]] = True
        while near.sum() < most:
            ring = np.flatnonzero((abs(rows).T @ ((abs(rows) @ near > 0) & short) > 0) & ~near)
            if not len(ring):
                break
            room = most - int(near.sum())
            near[ring if len(ring) <= room else random.choice(ring, room, replace=False)] = True
        return self.atoms[near]


def _sweep_large(
    part: _Part, make: Callable[[Integers], _Part], found: Intervals, need: Need, random: np.random.Generator
) -> tuple[Array, Array]:
    """As `sweep`, part by part: atoms around an unsettled secret move while all others stay as they are.

    What is found so is possible in the whole part too; a secret it does not settle counts as not protected.
    """
    below, above = np.zeros(len(part.touched)), np.zeros(len(part.touched))
    for most in AROUND:
        tried = np.zeros(len(part.touched), dtype=np.bool_)
        while True:
            open_ = np.flatnonzero(_unsettled(found, need, part.touched, below, above) & ~tried)
            if not len(open_):
                break
            tried[open_[0]] = True
            block = make(part.around(int(open_[0]), most, random))
            down, up = block.sweep(found, need, random)
            at = np.searchsorted(part.touched, block.touched)
            below[at], above[at] = np.maximum(below[at], down), np.maximum(above[at], up)
    return below, above


def _unsettled(found: Intervals, need: Need, mine: Integers, below: Array, above: Array) -> Mask:
    low = found.value[mine] - found.lowest[mine] + below
    high = found.highest[mine] - found.value[mine] + above
    return (low < need.below[mine]) | (high < need.above[mine]) | (low + high < need.width[mine])


def _bound(secret: int, parts: list[_Part], found: Intervals) -> None:
    """The true interval of one secret: the sum of its intervals in the parts it has something in."""
    found.lowest[secret] = found.highest[secret] = found.value[secret]
    for part in parts:
        spot = int(np.searchsorted(part.touched, secret))
        if spot < len(part.touched) and part.touched[spot] == secret:
            goal = part.here[[spot]].toarray().ravel()
            true = float(goal @ part.amounts)
            found.lowest[secret] += min(0.0, float(goal @ part.solve(goal, part.sides)) - true)
            found.highest[secret] += max(0.0, float(goal @ part.solve(-goal, part.sides)) - true)
    found.exact[secret] = True
