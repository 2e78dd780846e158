"""An attacker tries to recover a firm from all that is shown: fails, and succeeds with the protection switched off."""

import numpy as np
import pytest

from scoring.cell_statistics import concentration
from scoring.disclosure import pattern
from scoring.dominance import Rules
from scoring.lattices import cells_of, full_lattice
from scoring.release_gate import release
from scoring.waves import Earlier, Firms, ground
from tests.scoring.attacker import Attacker, knowing
from tests.scoring.countries import alone, classifications, country, leaves

FIRMS = 400
RULES = Rules()


def scores(ids: range, seed: int = 9) -> dict[int, float]:
    drawn = np.random.default_rng(seed).uniform(0, 5, len(ids))
    return dict(zip(ids, drawn.tolist(), strict=True))


@pytest.mark.parametrize("seed", range(4))
def test_nobody_follows_from_one_release(seed: int) -> None:
    cells, firms = country(FIRMS, seed), alone(FIRMS)
    out = release(ground(firms, cells), RULES).pattern
    attacker = knowing([Earlier(firms, cells, out.shown)], scores(range(FIRMS)))
    assert out.shown.sum() > 30
    assert attacker.firms_that_follow() == set()
    assert attacker.small_groups(RULES.threshold) == 0


@pytest.mark.parametrize("seed", range(4))
def test_firms_follow_when_only_small_cells_are_held_back(seed: int) -> None:
    """The threshold alone: the attack that must succeed, so that the test above can fail."""
    cells, firms = country(FIRMS, seed), alone(FIRMS)
    at = ground(firms, cells)
    safe = concentration(at.cells.members(), at.who).n >= RULES.threshold
    attacker = knowing([Earlier(firms, cells, safe)], scores(range(FIRMS)))
    assert attacker.firms_that_follow() or attacker.small_groups(RULES.threshold)
    everything = knowing([Earlier(firms, cells, np.ones(cells.count, dtype=np.bool_))], scores(range(FIRMS)))
    assert len(everything.firms_that_follow()) > 10


def two_waves(newcomers: int) -> tuple[Earlier, Firms, np.ndarray]:
    """A release of 400 firms, and the same firms with some newcomers in one cell of it."""
    first = leaves(FIRMS, 1)
    cells = cells_of(full_lattice(classifications()), first)
    out = release(ground(alone(FIRMS), cells), RULES).pattern.shown
    second = np.concatenate([first, np.zeros((3, newcomers), dtype=np.int64)], axis=1)
    return Earlier(alone(FIRMS), cells, out), alone(FIRMS + newcomers), second


def test_a_newcomer_does_not_follow_from_two_waves() -> None:
    earlier, firms, after = two_waves(newcomers=1)
    cells = cells_of(full_lattice(classifications()), after)
    at = ground(firms, cells, [earlier])
    out = release(at, RULES).pattern.shown
    attacker = knowing([earlier, Earlier(firms, cells, out)], scores(range(FIRMS + 1)))
    assert attacker.firms_that_follow() == set()
    assert attacker.small_groups(RULES.threshold) == 0
    changed = cells.of_atom[:, cells.atom_of_firm[-1]]
    assert (at.before[0][changed] >= 0).any()
    assert not (out & (at.before[0] >= 0))[changed].any(), "a cell that one firm has joined does not go out again"
    assert out.sum() > 30


def test_the_newcomer_follows_when_the_second_wave_forgets_the_first() -> None:
    earlier, firms, after = two_waves(newcomers=1)
    cells = cells_of(full_lattice(classifications()), after)
    out = release(ground(firms, cells), RULES).pattern.shown
    attacker = knowing([earlier, Earlier(firms, cells, out)], scores(range(FIRMS + 1)))
    assert FIRMS in attacker.firms_that_follow()


@pytest.mark.parametrize(("newcomers", "goes_out"), [(9, False), (10, True)])
def test_a_total_goes_out_again_once_ten_firms_have_changed(newcomers: int, goes_out: bool) -> None:
    earlier, firms, after = two_waves(newcomers)
    cells = cells_of(full_lattice(classifications()), after)
    out = pattern(ground(firms, cells, [earlier]), RULES).shown
    total = int(np.argmax(cells.members().sum(axis=1)))
    assert bool(out[total]) is goes_out


def test_membership_stays_open() -> None:
    """Whoever knows every number of firms still cannot tell a small cell's to within the width."""
    cells, firms = country(150, 2), alone(150)
    out = release(ground(firms, cells), RULES).pattern
    members, units = cells.members(), np.bincount(cells.atom_of_firm)
    rows = members[np.flatnonzero(out.shown)].toarray().astype(float)
    small = members[np.flatnonzero(members @ units < RULES.threshold)].toarray().astype(float)
    assert Attacker(rows, units.astype(float)).narrowest(small, most=150) >= RULES.width - 1e-6
    bare = members[np.flatnonzero(members @ units >= RULES.threshold)].toarray().astype(float)
    assert Attacker(bare, units.astype(float)).narrowest(small, most=150) < RULES.width
