"""The same cells as tau-ARGUS holds back, or nearly as few, on tables that both protect (a development test).

tau-ARGUS looks for the cheapest pattern sub-table by sub-table; ours is decided for all tables at once. Primary cells
have to be the same. Where tau-ARGUS has a choice between patterns, so have we: then both have to protect, and ours may
not hold back much more.
"""

import numpy as np
import pytest

from scoring.cell_statistics import concentration, contributors
from scoring.disclosure import pattern
from scoring.dominance import Rules, is_dominated
from scoring.elimination import decide, follows
from scoring.lattices import Cells, Level, cells_of, classification, full_lattice
from scoring.waves import ground
from tests.scoring.countries import alone
from tests.scoring.tau_argus import Codes, held_back
from tests.scoring.test_elimination import COUNTRIES, MAGNITUDE1, SECTORS, held_back_second, magnitude1

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
SECTION = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3])
REGIONS = 6


def contributions() -> dict[str, list[object]]:
    sectors, countries = ([names[row[at]] for row in MAGNITUDE1] for at, names in enumerate((SECTORS, COUNTRIES)))
    return {"sector": [*sectors], "country": [*countries], "value": [row[3] for row in MAGNITUDE1]}


@pytest.mark.parametrize(("rules", "suppress"), [("P(10,1)", "MOD(1)"), ("FREQ(2,10)", "OPT(1)")])
def test_the_published_example_is_protected_cell_for_cell_as_by_tau_argus(rules: str, suppress: str) -> None:
    cells, values, names = magnitude1()
    held = concentration(cells.members(), contributors(cells, amounts=values))
    unsafe = is_dominated(held, 10) if rules.startswith("P") else held.n <= 1
    theirs = held_back(contributions(), "value", rules, suppress)
    primary = {"/".join(codes) for codes, kind in theirs.items() if kind == "primary"}
    assert primary == {names[cell] for cell in np.flatnonzero(unsafe)}
    assert {"/".join(codes) for codes in theirs} - primary == held_back_second(unsafe, cells, values, names)


def country(firms: int, seed: int) -> Cells:
    """Sixteen divisions in four sections by six regions, unevenly filled."""
    random = np.random.default_rng(seed)
    drawn = [random.choice(k, firms, p=(w := 1 / np.arange(1, k + 1)) / w.sum()) for k in (len(SECTION), REGIONS)]
    sides = [classification("division", len(SECTION), [Level("section", SECTION)]), classification("region", REGIONS)]
    return cells_of(full_lattice(sides), np.stack([random.permutation(len(SECTION))[drawn[0]], drawn[1]]))


def codes_of(cells: Cells) -> list[Codes]:
    """What tau-ARGUS calls each cell."""

    def code(place: int, level: str, group: int) -> str:
        return "Total" if level == "total" else f"{'r' if place else level[0]}{group:02}"

    levels = [[cells.lattice.level(table, place).name for place in range(2)] for table in cells.table.tolist()]
    groups = cells.codes.tolist()
    return [
        tuple(code(place, name, group) for place, (name, group) in enumerate(zip(names, at, strict=True)))
        for names, at in zip(levels, groups, strict=True)
    ]


@pytest.mark.parametrize("seed", range(3))
def test_nested_tables_have_the_same_unsafe_cells_and_hardly_more_are_held_back(seed: int) -> None:
    """As many firms as give about a third of the cells fewer than ten; tau-ARGUS by its modular method (HiTaS)."""
    cells = country(1_200, seed)
    names = codes_of(cells)
    leaf = cells.of_atom[cells.lattice.tables.index((0, 0))][cells.atom_of_firm]
    division, region = (list(column) for column in zip(*(names[cell] for cell in leaf), strict=True))
    microdata = {"industry": division, "region": region, "firms": [1] * len(division)}
    nested = [line for s in range(4) for line in (f"s{s:02}", *(f"@d{d:02}" for d in np.flatnonzero(s == SECTION)))]
    theirs = held_back(microdata, "firms", "FREQ(10,10)", "MOD(1)", industry=nested)

    members, at = cells.members(), ground(alone(1_200), cells)
    n = concentration(members, at.who).n
    small = np.flatnonzero(n < 10)
    assert {codes for codes, kind in theirs.items() if kind == "primary"} == {names[cell] for cell in small}
    order = np.array(sorted(np.flatnonzero(n >= 10), key=lambda c: (np.bincount(cells.table)[cells.table[c]], -n[c])))
    ours = int((~decide(members[order], members[small]).published).sum())
    shown = members[[cell for cell, name in enumerate(names) if name not in theirs]]
    assert not follows(members[small], shown).any(), "their pattern protects by our measure too"
    assert ours <= len(theirs) - len(small) + 2
    assert pattern(at, Rules()).shown.sum() <= len(order) - ours, "what is left of a total has to be safe besides"
