"""A later release does not tell what an earlier one held back, of the firms that were in it then."""

import numpy as np
from scipy.sparse import csr_array, vstack

from scoring.disclosure import Pattern, pattern
from scoring.dominance import Rules
from scoring.elimination import follows, rows_of
from scoring.lattices import Cells, cells_of, classification, full_lattice
from scoring.release_gate import ReleaseRefused, release
from scoring.waves import Earlier, Firms, Ground, ground
from tests.scoring.countries import alone

RULES = Rules()
LATTICE = full_lattice([classification("region", 4)])


def cells(region: np.ndarray) -> Cells:
    return cells_of(LATTICE, region[np.newaxis])


def first_of(region: np.ndarray) -> Earlier:
    firms = Firms(np.arange(len(region)), np.arange(len(region)))
    return Earlier(firms, cells(region), pattern(ground(firms, cells(region)), RULES).shown)


def known_after(of: Ground, out: Pattern) -> csr_array:
    return csr_array(vstack([of.cells.members()[np.flatnonzero(out.shown)], of.known]))


def test_a_region_that_has_grown_does_not_tell_who_was_in_it_before() -> None:
    """Regions of 30, 12 and 5: then ten come to the 5. To tell the 12 now would leave the 5 of the total of then."""
    then = np.repeat([0, 1, 2], [30, 12, 5])
    first = first_of(then)
    assert first.shown.tolist() == [True, True, False, False]
    now = np.concatenate([then, np.full(10, 2)])
    of = ground(alone(57), cells(now), [first])
    out = pattern(of, RULES)
    old = rows_of([{int(of.cells.atom_of_firm[firm]) for firm in np.flatnonzero(then == 2)}], of.cells.atoms)
    assert not follows(old, known_after(of, out)).any()
    assert follows(old, csr_array(vstack([of.cells.members(), of.known]))).all(), "all cells of today would tell"


def test_what_is_left_of_a_total_of_then_is_not_told_by_parts_of_today() -> None:
    """Two regions of 6 and 3 were held back, with one of 12: the 9 together are too few as well."""
    then = np.repeat([0, 1, 2, 3], [30, 12, 6, 3])
    first = first_of(then)
    now = np.concatenate([then, np.full(10, 2), np.full(10, 3)])
    of = ground(alone(len(now)), cells(now), [first])
    out = pattern(of, RULES)
    few = {int(of.cells.atom_of_firm[firm]) for firm in np.flatnonzero(then >= 2)}
    assert not follows(rows_of([few], of.cells.atoms), known_after(of, out)).any()


def test_the_few_who_have_gone_from_regions_held_back_are_not_what_the_other_changes_leave() -> None:
    """Of regions of 40, 30, 8 and 7 the first loses ten and the third two: the total less the first has the two."""
    then = np.repeat([0, 1, 2, 3], [40, 30, 8, 7])
    first = first_of(then)
    assert first.shown.tolist() == [True, True, True, False, False]
    kept = np.ones(len(then), dtype=np.bool_)
    kept[[*range(10), 70, 71]] = False
    of = ground(Firms(np.flatnonzero(kept), np.flatnonzero(kept)), cells(then[kept]), [first])
    out = pattern(of, RULES)
    two = rows_of([{int(of.cells.atom_of_firm[firm]) for firm in (70, 71)}], of.cells.atoms)
    assert two @ of.units == [2]
    assert not follows(two, known_after(of, out)).any()
    assert follows(two, csr_array(vstack([of.cells.members(), of.known]))).all(), "all cells of today would tell"


def test_three_releases_of_made_up_regions_tell_of_nobody_who_was_held_back() -> None:
    random = np.random.default_rng(4)
    looked_at = 0
    for _ in range(12):
        region = random.choice(4, 70, p=(0.6, 0.2, 0.12, 0.08))
        known: list[Earlier] = []
        try:
            for _ in range(3):
                of = ground(alone(len(region)), cells(region), known)
                known.append(Earlier(alone(len(region)), cells(region), release(of, RULES).pattern.shown))
                region = np.concatenate([region, np.full(12, random.integers(1, 4))])
        except ReleaseRefused:
            continue
        of = ground(alone(len(region)), cells(region), known)
        for past in of.past:
            held = past.cells.members()[np.flatnonzero(~past.shown)]
            small = held[(held @ of.units) < RULES.threshold]
            looked_at += small.shape[0]
            assert not follows(small, of.known).any()
    assert looked_at > 10
