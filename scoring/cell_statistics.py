"""What is counted of each cell: sums that add up over parts of a country, and how much the largest contributors hold.

Everything is set-based over columns of firms. Sums, squares and histograms of a cell are those of its atoms together,
so parts counted apart are added. The largest two contributors of two parts are the largest two of four, as long as no
group of firms is in both parts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from scoring.lattices import Array, Cells, Integers

LARGEST = 2  # contributors of an atom that can be among the largest two of a set
MOST_ENTRIES = 4_000_000  # entries of a product held in memory at once, about


@dataclass(frozen=True, slots=True)
class Moments:
    """Of each cell: how many firms have a value, the sum of their values, of the squares, and how many in each bin."""

    n: Integers
    total: Array
    squares: Array
    bins: Integers

    def __add__(self, other: "Moments") -> "Moments":
        return Moments(self.n + other.n, self.total + other.total, self.squares + other.squares, self.bins + other.bins)


def moments(cells: Cells, values: Array, edges: Array) -> Moments:
    """The moments of one figure over the cells; not-a-number is no value. `edges` are the lower edges of the bins.

    A value below the first edge counts in the first bin.
    """
    has = ~np.isnan(values)
    atom, value, size = cells.atom_of_firm[has], values[has], len(edges)
    spot = np.clip(np.searchsorted(edges, value, side="right") - 1, 0, size - 1)
    bins = np.bincount(atom * size + spot, minlength=cells.atoms * size).reshape(cells.atoms, size)
    members = cells.members()
    total = np.bincount(atom, value, minlength=cells.atoms)
    squares = np.bincount(atom, value * value, minlength=cells.atoms)
    by_cell = members @ bins
    return Moments(by_cell.sum(axis=1), members @ total, members @ squares, by_cell)


@dataclass(frozen=True, slots=True)
class Contributors:
    """Who contributes to which atom, and how much, as far as it can matter for the largest two of any set of atoms.

    Attributes:
        alone: of each atom how many groups of firms are in no other.
        shared: the groups that are in several atoms, as ones (atoms x groups).
        total: what all contribute to each atom.
        amount: what the shared groups and the largest two of the others contribute (atoms x groups); None when every
            firm counts the same.
    """

    alone: Integers
    shared: csr_array
    total: Array
    amount: csr_array | None


def contributors(cells: Cells, groups: Integers | None = None, amounts: Array | None = None) -> Contributors:
    """The contributors of the atoms; `groups` numbers the enterprise group of each firm, `amounts` its contribution.

    Without `groups` every firm is a group of its own.

    Raises:
        ValueError: an amount is below zero or not a number: the rule of dominance has no meaning for it.
    """
    if amounts is not None and not (amounts >= 0).all():
        raise ValueError("contributions are numbers of zero or more")
    firms = len(cells.atom_of_firm)
    owner = np.arange(firms) if groups is None else np.unique(groups, return_inverse=True)[1]
    given = np.ones(firms) if amounts is None else amounts
    pairs, spot = np.unique(cells.atom_of_firm * (firms + 1) + owner, return_inverse=True)
    atom, group = pairs // (firms + 1), pairs % (firms + 1)
    amount = np.bincount(spot, given, minlength=len(pairs)).astype(np.float64)
    in_several = np.bincount(group, minlength=firms)[group] > 1
    shape = (cells.atoms, firms)
    several = np.ones(int(in_several.sum()), dtype=np.int64)
    whole = None
    if amounts is not None:
        kept = _largest(atom, amount, in_several)
        whole = csr_array((amount[kept], (atom[kept], group[kept])), shape=shape)
    return Contributors(
        np.bincount(atom[~in_several], minlength=cells.atoms),
        csr_array((several, (atom[in_several], group[in_several])), shape=shape),
        np.bincount(atom, amount, minlength=cells.atoms).astype(np.float64),
        whole,
    )


def _largest(atom: Integers, amount: Array, in_several: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of each pair of atom and group whether it can be among the largest of a set."""
    order = np.lexsort((-amount, in_several, atom))
    place = np.arange(len(order)) - np.searchsorted(atom[order], atom[order], side="left")
    kept = in_several.copy()
    kept[order] |= place < LARGEST
    return kept


@dataclass(frozen=True, slots=True)
class Concentration:
    """Of each set of atoms: how many groups of firms, what they contribute, and the largest two contributions."""

    n: Integers
    total: Array
    first: Array
    second: Array

    def merged(self, other: "Concentration") -> "Concentration":
        """Two parts of a country together, no group of firms being in both."""
        largest = np.sort(np.stack([self.first, self.second, other.first, other.second]), axis=0)
        return Concentration(self.n + other.n, self.total + other.total, largest[3], largest[2])


def concentration(sets: csr_array, who: Contributors) -> Concentration:
    """How concentrated each set of atoms is (rows of ones over atoms), groups in several atoms counted once."""
    load = np.cumsum(np.diff(sets.indptr).astype(np.int64))
    part = load // MOST_ENTRIES
    pieces = [_concentration(sets[part == number], who) for number in np.unique(part)]
    if not pieces:
        pieces = [Concentration(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0), np.empty(0))]
    return Concentration(
        np.concatenate([p.n for p in pieces]),
        np.concatenate([p.total for p in pieces]),
        np.concatenate([p.first for p in pieces]),
        np.concatenate([p.second for p in pieces]),
    )


def _concentration(sets: csr_array, who: Contributors) -> Concentration:
    n = sets @ who.alone + np.diff((sets @ who.shared).indptr)
    total = sets @ who.total
    if who.amount is None:
        return Concentration(n, total, np.minimum(n, 1.0), (n > 1) * 1.0)
    held = csr_array(sets @ who.amount)
    counts = np.diff(held.indptr).astype(np.int64)
    row = np.repeat(np.arange(len(n)), counts)
    amounts = held.data[np.lexsort((-held.data, row))]
    starts = held.indptr[:-1].astype(np.int64)
    return Concentration(n, total, _at(amounts, starts, counts > 0), _at(amounts, starts + 1, counts > 1))


def _at(amounts: Array, places: Integers, there: NDArray[np.bool_]) -> Array:
    found = np.zeros(len(places))
    found[there] = amounts[places[there]]
    return found
