"""What is left of a shown total once its shown parts are taken off: a sum that anybody can work out.

Parts are taken off table by table: the shown cells of one finer table, then, where some are held back, of one finer
than that (the large firms of a section off what the other sizes leave of all), down every such chain; at last those of
all finer tables. Whatever is left has to be as safe as a cell.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from scoring.lattices import Cells, Integers, Lattice

Mask = NDArray[np.bool_]


def remainders(cells: Cells, shown: Mask, signs: Integers) -> csr_array:
    """What is left of every shown cell that has shown parts, as rows of `signs` over atoms, none empty, none twice.

    `signs` is 1 for the atoms of a release. For what has changed between two releases it is 1 where firms joined, -1
    where they left and 0 elsewhere, and `shown` are the cells shown in both.
    """
    rows = [
        _rows(cells, coarse, left & some[cells.of_atom[coarse]], signs)
        for coarse, parts in _subtractions(cells.lattice)
        for left, some in [_take_off(cells, coarse, parts, shown, signs)]
    ]
    return without_repeats(vstack(rows, format="csr")) if rows else csr_array((0, cells.atoms), dtype=np.int64)


def shortest_rows(cells: Cells, shown: Mask, signs: Integers) -> csr_array:
    """The shown cells with shown parts taken off them: few atoms a row, and the same can be worked out from them.

    Nothing is lost: each row is its cell less cells of finer tables, whose own rows are there too.
    """
    rows = []
    for coarse in range(len(cells.lattice.tables)):
        left, _ = _take_off(cells, coarse, _finer(cells.lattice, coarse), shown, signs)
        rows.append(_rows(cells, coarse, left, signs))
    return without_repeats(vstack(rows, format="csr"))


def _subtractions(lattice: Lattice) -> Iterator[tuple[int, list[int]]]:
    """Each table with lists of tables whose cells are taken off it, the coarser first."""
    for coarse in range(len(lattice.tables)):
        finer = _finer(lattice, coarse)
        yield from ((coarse, chain) for chain in _chains(lattice, finer))
        if len(finer) > 1:
            yield coarse, finer


def _chains(lattice: Lattice, tables: list[int]) -> Iterator[list[int]]:
    """Lists of these tables, each finer than the one before it."""
    for first in tables:
        yield [first]
        finer = [fine for fine in tables if lattice.is_finer(fine, first)]
        yield from ([first, *chain] for chain in _chains(lattice, finer))


def _finer(lattice: Lattice, coarse: int) -> list[int]:
    finer = [fine for fine in range(len(lattice.tables)) if lattice.is_finer(fine, coarse)]
    places = range(len(lattice.classifications))
    return sorted(finer, key=lambda fine: np.prod([lattice.level(fine, place).groups for place in places]))


def _take_off(cells: Cells, coarse: int, parts: list[int], shown: Mask, signs: Integers) -> tuple[Mask, Mask]:
    """Of each atom whether it is left in its shown cell of the table; of each cell whether anything was taken off it.

    A part is taken off when all of it is still there.
    """
    cell, some = cells.of_atom[coarse], np.zeros(cells.count, dtype=np.bool_)
    left = np.append(shown, False)[cell] & (signs != 0)
    for fine in parts:
        part = cells.of_atom[fine]
        there = np.bincount(part[left & (part >= 0)], minlength=cells.count)
        whole = np.bincount(part[(signs != 0) & (part >= 0)], minlength=cells.count)
        taken = left & np.append(shown & (there == whole), False)[part]
        some[cell[taken]] = True
        left &= ~taken
    return left, some


def _rows(cells: Cells, coarse: int, left: Mask, signs: Integers) -> csr_array:
    at = np.flatnonzero(left)
    rows = np.unique(cells.of_atom[coarse, at], return_inverse=True)[1]
    return csr_array((signs[at], (rows, at)), shape=(int(rows.max(initial=-1)) + 1, cells.atoms))


def without_repeats(rows: csr_array) -> csr_array:
    """Each row once, empty ones left out; rows of opposite signs are the same row."""
    rows = rows[np.diff(rows.indptr) > 0]
    mark = np.random.default_rng(0).integers(1, 2**62, rows.shape[1], dtype=np.int64)
    signature = rows @ mark  # sums modulo 2**64; two different rows have the same one as good as never
    return rows[np.sort(np.unique(np.maximum(signature, -signature), return_index=True)[1])]
