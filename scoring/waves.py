"""Releases one after another: what went out before stays known, so a new one is judged together with all of them.

A unit is one assessment (or one firm of a wave): what never changes once it is in a release. Atoms are split so that
the units of one atom were in the same cells of every release; the shown cells of earlier ones are rows like others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from scoring.cell_statistics import Contributors, concentration, contributors
from scoring.dominance import Rules, is_unsafe
from scoring.lattices import Array, Cells, Integers
from scoring.remainders import remainders, shortest_rows, without_repeats

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Firms:
    """The units of a release as columns: number, enterprise group, and contribution (None: each counts the same)."""

    ids: Integers
    groups: Integers
    amounts: Array | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier release: its units, its cells, and which of them went out."""

    firms: Firms
    cells: Cells
    shown: Mask


@dataclass(frozen=True, slots=True)
class Ground:
    """A release together with those before it, over the same atoms.

    Attributes:
        cells: the cells of the release; its atoms are split by earlier releases, of_atom is -1 where no unit is in it.
        who: who contributes to the atoms.
        known: rows of all cells shown before, over atoms.
        known_short: rows that say the same with fewer atoms.
        units: how many units each atom has.
        changes: for each earlier release, of every atom 1 where its units joined since, -1 where they left, else 0.
        before: for each earlier release, the row in `known` of each cell of this release that was shown then, or -1.
        past: each earlier release over these atoms.
    """

    cells: Cells
    who: Contributors
    known: csr_array
    known_short: csr_array
    units: Integers
    changes: tuple[Integers, ...]
    before: tuple[Integers, ...]
    past: tuple["Past", ...] = ()


@dataclass(frozen=True, slots=True)
class Past:
    """The cells of an earlier release over the common atoms, and which of them went out."""

    cells: Cells
    shown: Mask


def ground(firms: Firms, cells: Cells, earlier: Sequence[Earlier] = ()) -> Ground:
    """Lay a release and those before it over common atoms.

    Raises:
        ValueError: a unit is in a release twice, or some releases count contributions and others do not.
    """
    releases = [(firms, cells), *((e.firms, e.cells) for e in earlier)]
    if any(len(np.unique(f.ids)) != len(f.ids) or len(f.ids) != len(c.atom_of_firm) for f, c in releases):
        raise ValueError("every unit is in a release once, and its columns are of one length")
    ids = np.unique(np.concatenate([f.ids for f, _ in releases]))
    atoms = np.full((len(releases), len(ids)), -1, dtype=np.int64)
    for row, (f, c) in enumerate(releases):
        atoms[row, np.searchsorted(ids, f.ids)] = c.atom_of_firm
    joint, of_unit = _joint(atoms)
    laid = _laid(cells, joint[0], of_unit)
    none = csr_array((0, joint.shape[1]), dtype=np.int64)
    known = [_spread(e.cells.members()[np.flatnonzero(e.shown)], joint[row]) for row, e in enumerate(earlier, 1)]
    short = [_spread(_short(e), joint[row]) for row, e in enumerate(earlier, 1)]
    present = [(at >= 0).astype(np.int64) for at in joint]
    return Ground(
        laid,
        _who(laid, ids, [f for f, _ in releases]),
        csr_array(vstack([none, *known])),
        csr_array(vstack([none, *short])),
        np.bincount(laid.atom_of_firm, minlength=joint.shape[1]),
        tuple(present[0] - then for then in present[1:]),
        _same_cells(cells, earlier),
        tuple(Past(_laid(e.cells, joint[row], of_unit), e.shown) for row, e in enumerate(earlier, 1)),
    )


def _laid(cells: Cells, atom: Integers, of_unit: Integers) -> Cells:
    """Cells over common atoms, each of which is one of their own or none."""
    of_atom = np.where(atom >= 0, cells.of_atom[:, atom], -1)
    return Cells(cells.lattice, cells.table, cells.codes, of_atom, of_unit)


def _joint(atoms: Integers) -> tuple[Integers, Integers]:
    """The atoms of all releases that some unit is in, in their order, and which each unit is in (releases x units)."""
    of_unit = np.zeros(atoms.shape[1], dtype=np.int64)
    for row in atoms:
        number = of_unit * (int(row.max(initial=-1)) + 2) + row + 1
        _, first, of_unit = np.unique(number, return_index=True, return_inverse=True)
    return atoms[:, first], of_unit


def _short(release: Earlier) -> csr_array:
    return shortest_rows(release.cells, release.shown, np.ones(release.cells.atoms, dtype=np.int64))


def _spread(rows: csr_array, atom: Integers) -> csr_array:
    """Rows over an earlier release's atoms as rows over the split ones."""
    at = np.flatnonzero(atom >= 0)
    ones = np.ones(len(at), dtype=np.int64)
    return csr_array(rows @ csr_array((ones, (atom[at], at)), shape=(rows.shape[1], len(atom))))


def _who(cells: Cells, ids: Integers, releases: Sequence[Firms]) -> Contributors:
    """Contributors of all units; what an earlier release said of a unit counts when the unit is gone since."""
    groups, amounts = np.zeros(len(ids), dtype=np.int64), np.zeros(len(ids))
    if len({f.amounts is None for f in releases}) > 1:
        raise ValueError("either all releases count contributions or none does")
    for f in reversed(releases):
        at = np.searchsorted(ids, f.ids)
        groups[at] = f.groups
        amounts[at] = 1.0 if f.amounts is None else f.amounts
    return contributors(cells, groups, None if releases[0].amounts is None else amounts)


def _same_cells(cells: Cells, earlier: Sequence[Earlier]) -> tuple[Integers, ...]:
    names, found, start = _names(cells), [], 0
    for release in earlier:
        shown = np.flatnonzero(release.shown)
        rows = {name: start + row for row, name in enumerate(_names(release.cells, shown))}
        found.append(np.array([rows.get(name, -1) for name in names], dtype=np.int64))
        start += len(shown)
    return tuple(found)


def _names(cells: Cells, some: Integers | None = None) -> list[tuple[object, ...]]:
    """What each cell is called across releases: its levels and groups, by name and number."""
    tables = _table_names(cells)
    chosen = np.arange(cells.count) if some is None else some
    codes = cells.codes[chosen].tolist()
    return [(tables[t], *c) for t, c in zip(cells.table[chosen].tolist(), codes, strict=True)]


def _table_names(cells: Cells) -> list[tuple[object, ...]]:
    lattice = cells.lattice
    return [
        tuple((c.name, lattice.level(row, place).name) for place, c in enumerate(lattice.classifications))
        for row in range(len(lattice.tables))
    ]


def _with_those_gone(cells: Cells, past: Cells) -> Cells:
    """The cells of a release with those who were in an earlier one only: each in the cells of that name, if any."""
    named = {name: cell for cell, name in enumerate(_names(cells))}
    now = np.array([*(named.get(name, -1) for name in _names(past)), -1], dtype=np.int64)
    then = {name: row for row, name in enumerate(_table_names(past))}
    none = np.full(cells.atoms, -1, dtype=np.int64)
    gone = [past.of_atom[then[name]] if name in then else none for name in _table_names(cells)]
    of_atom = np.where(cells.of_atom >= 0, cells.of_atom, now[np.stack(gone)])
    return Cells(cells.lattice, cells.table, cells.codes, of_atom, cells.atom_of_firm)


FEW_TIMES = 4  # how many times the threshold of units are looked at for groups of firms that are too few


def all_shown(of: Ground, shown: Mask) -> csr_array:
    """Everything anybody knows once these cells are out, as rows with few atoms each."""
    present = np.where(of.cells.of_atom[0] >= 0, 1, 0)
    return without_repeats(csr_array(vstack([shortest_rows(of.cells, shown, present), of.known_short])))


def small_differences(of: Ground, may_show: Mask, rules: Rules) -> csr_array:
    """Differences of two cells, of this or any earlier release, that are unsafe: too few firms make them up.

    Rows of the one cell minus the other: whoever knows both sums knows that of the few. It covers the same cell before
    and after (it goes out again only when enough firms have changed), and bands that overlap without nesting.
    """
    members = of.cells.members()
    own = members[np.flatnonzero(may_show)]
    every = vstack([own, of.known], format="csr")
    n_own, n_every = own @ of.units, every @ of.units
    shared = csr_array(every.multiply(of.units[np.newaxis, :]) @ own.T).tocoo()
    apart = n_every[shared.row] + n_own[shared.col] - 2 * shared.data
    near = (apart > 0) & (apart < FEW_TIMES * rules.threshold) & (shared.row > shared.col)
    again = [np.flatnonzero(may_show & (before >= 0)) for before in of.before]
    changes = [of.known[before[at]] - members[at] for before, at in zip(of.before, again, strict=True)]
    differences = csr_array(vstack([every[shared.row[near]] - own[shared.col[near]], *changes]))
    differences.eliminate_zeros()
    return differences[is_unsafe(concentration(abs(differences), of.who), rules, of.who.amount is not None)]


def changed_remainders(of: Ground, shown: Mask, rules: Rules) -> csr_array:
    """What is left of a total's change once the changes of its shown parts are taken off, where too few are left."""
    weighted = of.who.amount is not None
    found = [csr_array((0, of.cells.atoms), dtype=np.int64)]
    for signs, before, past in zip(of.changes, of.before, of.past, strict=True):
        rows = remainders(_with_those_gone(of.cells, past.cells), shown & (before >= 0), signs)
        found.append(rows[is_unsafe(concentration(abs(rows), of.who), rules, weighted)])
    return vstack(found, format="csr")


def past_secrets(of: Ground, rules: Rules) -> csr_array:
    """Unsafe cells of earlier releases, and unsafe differences of a cell between two of them, if one is held back.

    Who was in a cell then, or has come or gone between, stays a secret, whatever the cell holds today.
    """
    weighted = of.who.amount is not None
    found = [csr_array((0, of.cells.atoms), dtype=np.int64)]
    for at, past in enumerate(of.past):
        found.append(past.cells.members()[np.flatnonzero(~past.shown)])
        found += [_held_apart(past, other) for other in of.past[:at]]
    rows = csr_array(vstack(found, format="csr"))
    rows.eliminate_zeros()
    return rows[is_unsafe(concentration(abs(rows), of.who), rules, weighted)]


def _held_apart(one: Past, other: Past) -> csr_array:
    """The differences of cells of one name, of which one is held back at least."""
    place = {name: cell for cell, name in enumerate(_names(other.cells))}
    same = np.array([place.get(name, -1) for name in _names(one.cells)], dtype=np.int64)
    at = np.flatnonzero((same >= 0) & ~(one.shown & np.append(other.shown, False)[same]))
    return csr_array(one.cells.members()[at] - other.cells.members()[same[at]])


def past_remainders(of: Ground, shown: Mask, rules: Rules) -> csr_array:
    """What is left of an earlier release's totals once parts shown then, and since as they were, are taken off them."""
    weighted = of.who.amount is not None
    found = [csr_array((0, of.cells.atoms), dtype=np.int64)]
    mark = np.random.default_rng(0).integers(1, 2**62, of.cells.atoms, dtype=np.int64)  # sums of it are a row's name
    since = np.concatenate([of.cells.members()[np.flatnonzero(shown)] @ mark, of.known @ mark])
    for past in of.past:
        told = past.shown | np.isin(past.cells.members() @ mark, since)
        rows = remainders(past.cells, told, np.where(past.cells.of_atom[0] >= 0, 1, 0))
        found.append(rows[is_unsafe(concentration(rows, of.who), rules, weighted)])
    return vstack(found, format="csr")
