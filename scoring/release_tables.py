"""The tables of a release: by industry, size, region, ownership, and whether an assessor has looked.

One lattice a wave, so that all tables of the wave are protected together. Where a wave has many firms, industry (two
levels), size and region are crossed in every way; ownership, and who has looked, stand alone. Where it has few, three
ways crossed would hold nearly everything back, so only single sides are shown, and sections by size.
"""

from collections.abc import Sequence

import numpy as np

from scoring.lattices import Cells, Classification, Integers, Lattice, Level, Table, cells_of, classification

SIDES = ("industry", "size", "region", "ownership", "basis")
INDUSTRY, SIZE, REGION, OWNERSHIP, BASIS = range(len(SIDES))
DIVISION, SECTION, ALL_INDUSTRIES = range(3)  # levels of the industry
EACH, ALL = range(2)  # levels of every other side
DEEP_FROM = 2_000  # firms of a wave from which industry, size and region are crossed
TOTAL: Table = (ALL_INDUSTRIES, ALL, ALL, ALL, ALL)
SINGLE: tuple[Table, ...] = (
    TOTAL,
    (SECTION, ALL, ALL, ALL, ALL),
    (DIVISION, ALL, ALL, ALL, ALL),
    (ALL_INDUSTRIES, EACH, ALL, ALL, ALL),
    (ALL_INDUSTRIES, ALL, EACH, ALL, ALL),
    (ALL_INDUSTRIES, ALL, ALL, EACH, ALL),
    (ALL_INDUSTRIES, ALL, ALL, ALL, EACH),
    (SECTION, EACH, ALL, ALL, ALL),
)
# Where a question is yes or no: by one side at a time; and what is laid under it, since it is told of the same firms.
ONE_WAY: tuple[Table, ...] = (
    TOTAL,
    (SECTION, ALL, ALL, ALL, ALL),
    (ALL_INDUSTRIES, EACH, ALL, ALL, ALL),
    (ALL_INDUSTRIES, ALL, EACH, ALL, ALL),
)
CROSSED: tuple[Table, ...] = (*ONE_WAY, (SECTION, EACH, ALL, ALL, ALL))
DEEP: tuple[Table, ...] = tuple(
    (industry, size, region, ALL, ALL)
    for industry in (ALL_INDUSTRIES, SECTION, DIVISION)
    for size in (ALL, EACH)
    for region in (ALL, EACH)
)


def classifications(section_of: Sequence[int], leaves: Sequence[int]) -> tuple[Classification, ...]:
    """The sides; `section_of` names the section of each leaf of the industry, `leaves` counts those of the others."""
    sections = Level("section", np.array(section_of, dtype=np.int64))
    industry = classification(SIDES[INDUSTRY], len(section_of), [sections])
    return (industry, *(classification(name, n) for name, n in zip(SIDES[1:], leaves, strict=True)))


def wave_lattice(sides: tuple[Classification, ...], firms: int) -> Lattice:
    """The tables of a wave of so many firms."""
    return Lattice(sides, tuple(dict.fromkeys((*SINGLE, *DEEP))) if firms >= DEEP_FROM else SINGLE)


def some_cells(lattice: Lattice, leaves: Integers, tables: Sequence[Table] | None = None) -> Cells:
    """The cells that hold these firms, of these tables only where they are named."""
    return cells_of(lattice if tables is None else Lattice(lattice.classifications, tuple(tables)), leaves)


def merged(cells: Cells) -> Cells:
    """The same cells over fewer atoms: those that no table of theirs tells apart are one."""
    of_atom, atom = np.unique(cells.of_atom, axis=1, return_inverse=True)
    return Cells(cells.lattice, cells.table, cells.codes, of_atom, atom.ravel()[cells.atom_of_firm])


def views_of(tables: Sequence[Table]) -> tuple[tuple[Table, ...], ...]:
    """By which of these tables the audit looks at a wave; all at once where there are single sides only."""
    if not set(tables) - set(SINGLE):
        return ()
    return tuple(t for t in tables if t in DEEP), tuple(t for t in tables if t in SINGLE)


def names_of(cells: Cells) -> Integers:
    """A number for each cell, the same in every lattice over the same sides: its table's levels and its groups."""
    tables = np.array(cells.lattice.tables, dtype=np.int64)[cells.table]
    bases = [len(side.levels) for side in cells.lattice.classifications]
    bases += [len(side.levels[0].of_leaf) + 1 for side in cells.lattice.classifications]
    name = np.zeros(cells.count, dtype=np.int64)
    for base, column in zip(bases, np.concatenate([tables, cells.codes], axis=1).T, strict=True):
        name = name * base + column
    return name


def are_among(cells: Cells, names: Integers) -> np.ndarray:
    """Of each cell whether it is one of these."""
    return np.isin(names_of(cells), names)
