"""Codes of earlier releases laid over those of today.

Industries, sizes and kinds of owners may be listed otherwise by now, in another order, with further ones, or without
some. A code that is still there is called by its place of today. One that is gone, as after a new scheme or where it
went to another section, comes behind them all: no firm has it any more, but what it told of the firms that had it is
known for ever. So releases of different lists are protected together like others, by who was in which cell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from assessment.release_making import Making
from assessment.release_units import BASIS_CODES, INDUSTRY_CODES, OWNERSHIP_CODES, SIZE_CODES, UNKNOWN
from scoring.lattices import Cells, Classification, Integers, Lattice, Table
from scoring.release_tables import DIVISION, EACH, INDUSTRY, SECTION, SIDES, classifications, some_cells

Codes = Mapping[str, tuple[str, ...]]  # of each side its leaves, in their order


def codes_of(making: Making) -> dict[str, tuple[str, ...]]:
    """The codes of today."""
    listed = (INDUSTRY_CODES, SIZE_CODES, making.regions, OWNERSHIP_CODES, BASIS_CODES)
    return dict(zip(SIDES, listed, strict=True))


def sections_of(industries: Sequence[str]) -> tuple[str, ...]:
    """The sections of such leaves as C10: their first letters, in the order in which they come."""
    return tuple(dict.fromkeys(map(_section, industries)))


def _section(industry: str) -> str:
    return industry if industry == UNKNOWN else industry[:1]


def sides_of(codes: Codes) -> tuple[Classification, ...]:
    """The sides of the tables by these codes."""
    sections = sections_of(codes[SIDES[INDUSTRY]])
    section_of = [sections.index(_section(code)) for code in codes[SIDES[INDUSTRY]]]
    return classifications(section_of, [len(codes[side]) for side in SIDES[INDUSTRY + 1 :]])


def with_gone(today: Codes, codes: Codes) -> dict[str, tuple[str, ...]]:
    """The codes of today, and behind them those that are gone."""
    return {side: tuple(dict.fromkeys((*now, *codes[side]))) for side, now in today.items()}


def laid_over(codes: Codes, today: Codes, leaves: Integers, tables: Sequence[Table]) -> Cells:
    """The cells of a release made with other codes: in the order that they had there, named by those of today."""
    cells = some_cells(Lattice(sides_of(codes), tuple(tables)), leaves)
    if codes == today:
        return cells
    together = with_gone(today, codes)
    level = np.array(cells.lattice.tables)[cells.table]
    named = cells.codes.copy()
    for place, side in enumerate(SIDES):
        moves = {DIVISION if place == INDUSTRY else EACH: _places(codes[side], together[side])}
        if place == INDUSTRY:
            moves[SECTION] = _places(sections_of(codes[side]), sections_of(together[side]))
        for number, move in moves.items():
            at = level[:, place] == number
            named[at, place] = move[cells.codes[at, place]]
    return replace(cells, lattice=Lattice(sides_of(together), cells.lattice.tables), codes=named)


def _places(codes: Sequence[str], together: Sequence[str]) -> Integers:
    place = {code: number for number, code in enumerate(together)}
    return np.array([place[code] for code in codes], dtype=np.int64)
