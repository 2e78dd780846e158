"""A release seen by some of its tables: the same secrets, bounded by the same sums, over fewer atoms."""

import numpy as np
import pytest

from scoring.disclosure import pattern
from scoring.dominance import Rules
from scoring.elimination import follows
from scoring.lattices import Lattice, cells_of, classification
from scoring.release_gate import audit, release
from scoring.release_views import view
from scoring.waves import Earlier, all_shown, ground
from tests.scoring.countries import alone

FIRMS = 400
RULES = Rules()
DEEP = ((0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1))
SINGLE = ((0, 1, 1), (1, 0, 1), (1, 1, 0), (1, 1, 1))


def cells(firms: int = FIRMS, seed: int = 3):  # type: ignore[no-untyped-def]
    """Eight industries by five regions, and three kinds of owners that stand alone."""
    random = np.random.default_rng(seed)
    drawn = [random.choice(k, firms, p=(w := 1 / np.arange(1, k + 1) ** 1.3) / w.sum()) for k in (8, 5, 3)]
    sides = tuple(classification(name, k) for name, k in (("industry", 8), ("region", 5), ("owner", 3)))
    tables = tuple(dict.fromkeys((*DEEP, *SINGLE)))
    return cells_of(Lattice(sides, tables), np.stack(drawn).astype(np.int64))


def test_a_view_holds_the_same_firms_in_fewer_atoms() -> None:
    whole = cells()
    at = ground(alone(FIRMS), whole)
    seen = view(at, alone(FIRMS), whole, (), DEEP)
    assert len(seen.of.units) < len(at.units)
    n = at.cells.members() @ at.units
    assert (seen.of.cells.members() @ seen.of.units == n[seen.cell]).all()


def test_secrets_of_a_view_are_those_of_the_release() -> None:
    whole = cells()
    at = ground(alone(FIRMS), whole)
    found = pattern(at, RULES)
    for tables in (DEEP, SINGLE):
        seen = view(at, alone(FIRMS), whole, (), tables)
        told, rows = seen.told(found.secrets)
        assert len(told) > 3
        assert (rows @ seen.of.units == found.secrets[told] @ at.units).all()
        exact = follows(found.secrets[told], all_shown(at, found.shown))
        assert not exact.any()
    owners = at.cells.members()[np.flatnonzero(at.cells.table == whole.lattice.tables.index((1, 1, 0)))]
    assert len(view(at, alone(FIRMS), whole, (), DEEP).told(owners)[0]) == 0


@pytest.mark.parametrize("seed", range(3))
def test_what_passes_view_by_view_passes_over_all_tables(seed: int) -> None:
    """The views leave out some tables when they bound; here the whole audit finds nothing that they have missed."""
    whole = cells(seed=seed)
    at = ground(alone(FIRMS), whole)
    views = [view(at, alone(FIRMS), whole, (), tables) for tables in (DEEP, SINGLE)]
    out = release(at, RULES, None, views)
    assert out.protection.narrowest >= RULES.width - 1e-4
    assert not audit(at, out.pattern, RULES).failed.any()


def test_a_view_knows_what_went_out_before() -> None:
    whole = cells()
    first = release(ground(alone(FIRMS), whole), RULES).pattern.shown
    earlier = Earlier(alone(FIRMS), whole, first)
    at = ground(alone(FIRMS), whole, [earlier])
    seen = view(at, alone(FIRMS), whole, [earlier], DEEP)
    assert seen.of.known.shape[0] == first[seen.cell].sum()
    again = release(at, RULES, None, [seen])
    assert (again.pattern.shown & first).sum() == first.sum()
