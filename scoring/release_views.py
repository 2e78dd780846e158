"""A release seen by some of its tables only: with fewer atoms, since what only the others tell apart is one.

Programmes over the atoms of all tables take minutes each where a few tables of other sides (ownership) split each atom
of the many crossed ones. Seen by the crossed tables alone there are few atoms again, and by the single sides few rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from scoring.lattices import Cells, Integers, Lattice, Table
from scoring.waves import Earlier, Firms, Ground, ground

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class View:
    """A release and those before it by some tables: of each of its cells, and of each atom of the release, which."""

    of: Ground
    cell: Integers
    atom: Integers

    def told(self, secrets: csr_array) -> tuple[Integers, csr_array]:
        """Which rows over the release's atoms are sums over whole atoms of the view, and these as such."""
        every = len(self.atom)
        together = csr_array((np.ones(every), (np.arange(every), self.atom)), shape=(every, len(self.of.units)))
        share = csr_array((secrets @ together) @ csr_array(_diagonal(1 / np.bincount(self.atom))))
        off = abs(csr_array(share @ together.T) - secrets)
        at = np.flatnonzero(off.max(axis=1).toarray().ravel() < 1e-9)
        rows = share[at]
        rows.data = np.round(rows.data)
        rows.eliminate_zeros()
        return at, csr_array(rows.astype(np.int64))


def view(of: Ground, firms: Firms, cells: Cells, earlier: Sequence[Earlier], tables: Sequence[Table]) -> View:
    """The release that `of` lays over common atoms, by these tables of it and of those before."""
    narrow, kept = _narrowed(cells, tables)
    before = []
    for release in earlier:
        seen, chosen = _narrowed(release.cells, tables)
        before.append(Earlier(release.firms, seen, release.shown[chosen]))
    laid = ground(firms, narrow, before)
    atom = np.zeros(len(of.units), dtype=np.int64)
    atom[of.cells.atom_of_firm] = laid.cells.atom_of_firm
    return View(laid, kept, atom)


def _narrowed(cells: Cells, tables: Sequence[Table]) -> tuple[Cells, Integers]:
    """Cells of some tables only, and which these are; atoms that no such table tells apart are one."""
    wanted = set(tables)
    rows = np.array([row for row, table in enumerate(cells.lattice.tables) if table in wanted], dtype=np.int64)
    kept = np.flatnonzero(np.isin(cells.table, rows))
    number = np.full(cells.count, -1, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    of_atom, merged = np.unique(number[cells.of_atom[rows]], axis=1, return_inverse=True)
    lattice = Lattice(cells.lattice.classifications, tuple(cells.lattice.tables[row] for row in rows))
    table = np.searchsorted(rows, cells.table[kept])
    return Cells(lattice, table, cells.codes[kept], of_atom, merged.ravel()[cells.atom_of_firm]), kept


def _diagonal(values: NDArray[np.float64]) -> csr_array:
    at = np.arange(len(values))
    return csr_array((values, (at, at)), shape=(len(values), len(values)))
