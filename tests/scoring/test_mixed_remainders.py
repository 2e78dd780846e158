"""What is left of a total when parts of several tables are taken off it together is as safe as a cell."""

import numpy as np
import pytest

from scoring.disclosure import pattern
from scoring.dominance import Rules
from scoring.lattices import Cells, Integers, cells_of
from scoring.release_tables import SINGLE, classifications, some_cells, wave_lattice
from scoring.waves import ground
from tests.scoring.countries import alone

RULES = Rules()
LATTICE = wave_lattice(classifications((0, 0, 1, 1, 2), (5, 4, 3, 2)), 100)


def left_of(cells: Cells, shown: Integers, seed: int = 0, tries: int = 200) -> list[int]:
    """How many firms are left of a shown cell, less shown cells inside what is left, drawn in any order."""
    members = cells.members()[shown].toarray().astype(bool)
    units = np.bincount(cells.atom_of_firm, minlength=cells.atoms)
    random = np.random.default_rng(seed)
    found = []
    for whole in members:
        parts = members[(members <= whole).all(axis=1) & (members != whole).any(axis=1)]
        for _ in range(tries):
            left = whole.copy()
            for part in random.permutation(parts):
                if (part <= left).all():
                    left &= ~part
                    found.append(int(units[left].sum()))
    return found


def programme(seed: int) -> Cells:
    """Few firms: most are small, and of a few the size or the region is not known."""
    random = np.random.default_rng(seed)
    firms = int(random.choice([60, 120, 180, 300]))
    shares = ((0.4, 0.2, 0.2, 0.1, 0.1), (0.4, 0.35, 0.15, 0.08, 0.02), (0.5, 0.3, 0.18, 0.02))
    leaves = [random.choice(len(p), firms, p=p) for p in (*shares, (0.8, 0.1, 0.1), (0.9, 0.1))]
    return some_cells(LATTICE, np.stack(leaves), SINGLE)


def test_large_firms_of_one_section_off_what_the_other_sizes_leave() -> None:
    """Of 3 firms the size is not known, so the 20 large ones are held back too; 15 of these are of one section."""
    firms = {(0, 0): 40, (0, 1): 30, (0, 2): 12, (0, 3): 15, (0, 4): 3, (2, 0): 40, (2, 1): 30, (2, 2): 30, (2, 3): 5}
    leaves = np.repeat([[*key, 0, 0, 0] for key in firms], list(firms.values()), axis=0).T
    cells = cells_of(LATTICE, leaves)
    out = pattern(ground(alone(leaves.shape[1]), cells), RULES)
    left = [n for n in left_of(cells, np.flatnonzero(out.shown)) if n]
    assert min(left) >= RULES.threshold
    assert out.shown.sum() > 5


@pytest.mark.parametrize("seed", range(12))
def test_no_mixture_of_shown_cells_leaves_few_of_another(seed: int) -> None:
    cells = programme(seed)
    out = pattern(ground(alone(len(cells.atom_of_firm)), cells), RULES)
    assert [n for n in left_of(cells, np.flatnonzero(out.shown)) if 0 < n < RULES.threshold] == []
