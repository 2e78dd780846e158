"""What the gate holds back of a second release: only what is new in it, since what went out before is known anyway."""

from dataclasses import replace

import numpy as np
import pytest

from scoring.dominance import Rules
from scoring.elimination import follows
from scoring.lattices import cells_of, classification, full_lattice
from scoring.release_gate import audit, release
from scoring.waves import Earlier, Firms, ground
from tests.scoring.countries import alone, classifications, country, leaves

FIRMS = 400
GONE = 12
RULES = Rules()


@pytest.mark.parametrize("seed", [0, 1])
def test_nothing_is_held_back_that_follows_from_what_went_out_before(seed: int) -> None:
    """Held back instead, known cells help no secret: of one country hardly a cell was left, the other was refused."""
    before = country(FIRMS, seed)
    first = release(ground(alone(FIRMS), before), RULES).pattern.shown
    stay = np.sort(np.random.default_rng(seed).permutation(FIRMS)[GONE:])
    cells = cells_of(full_lattice(classifications()), leaves(FIRMS, seed)[:, stay])
    at = ground(Firms(stay, stay), cells, [Earlier(alone(FIRMS), before, first)])
    out = release(at, RULES)
    known = follows(at.cells.members(), at.known)
    assert out.repairs > 0
    assert out.pattern.shown[known].all()
    assert not out.pattern.lost.any()
    assert not audit(at, out.pattern, RULES).failed.any()


def test_a_release_that_adds_nothing_to_what_earlier_ones_bound_too_closely_is_not_refused() -> None:
    """Regions of 30, 12, 3 and 1, the first two and the total told: each of the last is one of 4, for ever."""
    lattice = full_lattice([classification("region", 4)])
    then = np.repeat([0, 1, 2, 3], [30, 12, 3, 1])
    was = cells_of(lattice, then[np.newaxis])
    past = Earlier(alone(len(then)), was, np.array([True, True, True, False, False]))
    now = np.concatenate([then, np.full(20, 0)])
    at = ground(alone(len(now)), cells_of(lattice, now[np.newaxis]), [past])
    out = release(at, RULES)
    assert out.pattern.shown.tolist() == [True, True, True, False, False]
    assert out.protection.narrowest == pytest.approx(4)
    closer = replace(out.pattern, shown=np.ones(5, dtype=np.bool_))
    assert audit(at, closer, RULES).failed.any()


def test_in_a_first_release_and_among_newcomers_whatever_is_bounded_too_closely_fails() -> None:
    """The same regions: with nothing told before, or of other firms, the sums of 4 are this release's own."""
    lattice = full_lattice([classification("region", 4)])
    now = np.repeat([0, 1, 2, 3], [30, 12, 3, 1])
    cells = cells_of(lattice, now[np.newaxis])
    others = Firms(np.arange(1000, 1030), np.arange(1000, 1030))
    then = cells_of(lattice, np.zeros((1, 30), dtype=np.int64))
    earlier = Earlier(others, then, np.ones(then.count, dtype=np.bool_))
    for past in ([], [earlier]):
        at = ground(alone(len(now)), cells, past)
        shown, none = np.array([True, True, True, False, False]), np.zeros(2, dtype=np.bool_)
        told = replace(release(at, RULES).pattern, shown=shown, secrets=at.cells.members()[3:], lost=none)
        assert audit(at, told, RULES).failed.all()
