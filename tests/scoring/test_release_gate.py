"""What the gate holds back of a second release: only what is new in it, since what went out before is known anyway."""

import numpy as np
import pytest

from scoring.dominance import Rules
from scoring.elimination import follows
from scoring.lattices import cells_of, full_lattice
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
