"""What is left of a shown total once its shown parts are taken off: a sum that anybody can work out.

A total and any finer table's cells in it are subtracted at once, for every pair of a coarser and a finer table, and for
all finer levels of one classification together. Whatever is left has to be as safe as a cell.
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
    in_shown = _in(cells, shown)
    rows = [_left(cells, coarse, in_shown, parts, signs) for coarse, parts in _subtractions(cells.lattice)]
    return without_repeats(vstack(rows, format="csr")) if rows else csr_array((0, cells.atoms), dtype=np.int64)


def _in(cells: Cells, shown: Mask) -> Mask:
    """For each table and atom, whether the atom's cell is shown."""
    return np.append(shown, False)[cells.of_atom]


def _subtractions(lattice: Lattice) -> Iterator[tuple[int, list[int]]]:
    """Each table with the tables whose cells are subtracted from it together."""
    tables = lattice.tables
    for coarse in range(len(tables)):
        finer = [fine for fine in range(len(tables)) if lattice.is_finer(fine, coarse)]
        yield from ((coarse, [fine]) for fine in finer)
        for place in range(len(lattice.classifications)):
            along = [fine for fine in finer if _differ_only_in(tables[fine], tables[coarse], place)]
            if len(along) > 1:
                yield coarse, along


def _differ_only_in(table: tuple[int, ...], other: tuple[int, ...], place: int) -> bool:
    return all(a == b for at, (a, b) in enumerate(zip(table, other, strict=True)) if at != place)


def _left(cells: Cells, coarse: int, in_shown: Mask, parts: list[int], signs: Integers) -> csr_array:
    whole = in_shown[coarse] & (signs != 0)
    taken = in_shown[parts].any(axis=0)
    cell = cells.of_atom[coarse]
    has_parts = np.zeros(cells.count, dtype=np.bool_)
    has_parts[cell[whole & taken]] = True
    left = np.flatnonzero(whole & ~taken & has_parts[cell])
    rows = np.unique(cell[left], return_inverse=True)[1]
    return csr_array((signs[left], (rows, left)), shape=(int(rows.max(initial=-1)) + 1, cells.atoms))


def without_repeats(rows: csr_array) -> csr_array:
    """Each row once, empty ones left out; rows of opposite signs are the same row."""
    rows = rows[np.diff(rows.indptr) > 0]
    mark = np.random.default_rng(0).integers(1, 2**62, rows.shape[1], dtype=np.int64)
    signature = rows @ mark  # sums modulo 2**64; two different rows have the same one as good as never
    return rows[np.sort(np.unique(np.maximum(signature, -signature), return_index=True)[1])]
