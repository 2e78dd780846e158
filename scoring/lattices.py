"""The cells of a release: every crossing of nested classifications, with all margins, over firms as columns of codes.

A firm is a column entry: for each classification the number of its leaf (its ISIC division, its region). An atom is a
crossing of leaves that some firm is in. A table takes one level of each classification; a cell is one crossing of such
levels, and holds whole atoms. Hierarchies that share a classification (divisions by section and by technology class)
are levels of the same classification, so that linked tables are in one lattice and protected together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Integers = NDArray[np.int64]
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a classification: the group, from 0, that each leaf falls in."""

    name: str
    of_leaf: Integers

    @property
    def groups(self) -> int:
        return int(self.of_leaf.max()) + 1


@dataclass(frozen=True, slots=True)
class Classification:
    """A classification with its levels, from the finest to the coarsest. What is not stated is a leaf of its own."""

    name: str
    levels: tuple[Level, ...]


def classification(name: str, leaves: int, levels: Sequence[Level] = (), total: bool = True) -> Classification:
    """A classification of so many leaves: the leaves themselves, what groups them, and the total of all."""
    finest = Level(name, np.arange(leaves))
    every = (Level("total", np.zeros(leaves, dtype=np.int64)),) if total else ()
    return Classification(name, (finest, *levels, *every))


Table = tuple[int, ...]  # for each classification, the index of the level taken


@dataclass(frozen=True, slots=True)
class Lattice:
    """The tables of a release over shared classifications."""

    classifications: tuple[Classification, ...]
    tables: tuple[Table, ...]

    def level(self, table: int, place: int) -> Level:
        return self.classifications[place].levels[self.tables[table][place]]

    def is_finer(self, table: int, other: int) -> bool:
        """Whether every cell of a table lies in one cell of the other."""
        places = range(len(self.classifications))
        return table != other and all(_nests(self.level(table, p), self.level(other, p)) for p in places)


def full_lattice(classifications: Sequence[Classification]) -> Lattice:
    """Every crossing of levels, the coarsest first."""
    tables = product(*(range(len(c.levels) - 1, -1, -1) for c in classifications))
    return Lattice(tuple(classifications), tuple(tables))


def _nests(fine: Level, coarse: Level) -> bool:
    return _are_nested(*(level.of_leaf.astype(np.int64).tobytes() for level in (fine, coarse)))


@lru_cache(maxsize=1024)  # every pair of tables asks it of the same few levels
def _are_nested(fine: bytes, coarse: bytes) -> bool:
    of_leaf = np.stack([np.frombuffer(level, dtype=np.int64) for level in (fine, coarse)])
    return bool(np.unique(of_leaf, axis=1).shape[1] == of_leaf[0].max() + 1)


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a lattice that hold at least one firm.

    Attributes:
        table: of each cell the index of its table.
        codes: of each cell the group at its table's level, for each classification (cells x classifications).
        of_atom: of each atom the cell it lies in, for each table (tables x atoms); -1 for none.
        atom_of_firm: of each firm its atom.
    """

    lattice: Lattice
    table: Integers
    codes: Integers
    of_atom: Integers
    atom_of_firm: Integers

    @property
    def count(self) -> int:
        return len(self.table)

    @property
    def atoms(self) -> int:
        return int(self.of_atom.shape[1])

    def members(self) -> csr_array:
        """Which atoms each cell holds, as ones (cells x atoms)."""
        table, atom = np.nonzero(self.of_atom >= 0)
        ones = np.ones(len(atom), dtype=np.int64)
        return csr_array((ones, (self.of_atom[table, atom], atom)), shape=(self.count, self.atoms))


def cells_of(lattice: Lattice, leaves: Integers) -> Cells:
    """The cells that hold these firms, given the leaf of each for each classification (classifications x firms).

    Raises:
        ValueError: a code is no leaf of its classification.
    """
    sizes = [len(c.levels[0].of_leaf) for c in lattice.classifications]
    if leaves.size and ((leaves < 0) | (leaves >= np.array(sizes)[:, np.newaxis])).any():
        raise ValueError("a firm has a code that is no leaf of its classification")
    keys, atom_of_firm = np.unique(np.ravel_multi_index(tuple(leaves), sizes), return_inverse=True)
    leaf = np.stack(np.unravel_index(keys, sizes)).astype(np.int64)
    tables, codes, of_atom, count = [], [], [], 0
    for row in range(len(lattice.tables)):
        levels = [lattice.level(row, place) for place in range(len(sizes))]
        grid = [level.groups for level in levels]
        groups = tuple(level.of_leaf[leaf[place]] for place, level in enumerate(levels))
        crossings, of_this = np.unique(np.ravel_multi_index(groups, grid), return_inverse=True)
        tables.append(np.full(len(crossings), row))
        codes.append(np.stack(np.unravel_index(crossings, grid), axis=1))
        of_atom.append(of_this + count)
        count += len(crossings)
    return Cells(lattice, np.concatenate(tables), np.concatenate(codes), np.stack(of_atom), atom_of_firm)
