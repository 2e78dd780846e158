"""How closely an attacker with a solver can bound what is held back, on lattices made at random: never too closely.

The programmes are written here from single atoms, apart from `scoring.bounds`, which the gate uses.
"""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from scoring.cell_statistics import concentration, moments
from scoring.dominance import Rules, is_dominated, protection_levels
from scoring.lattices import Cells, Classification, Level, cells_of, classification, full_lattice
from scoring.published_figures import figures
from scoring.release_gate import release
from scoring.waves import Firms, ground
from tests.scoring.countries import alone

RULES = Rules()
EDGES = np.arange(6.0)


@st.composite
def lattices(draw: st.DrawFn) -> Cells:
    """One nested classification and one or two flat ones, and some dozens of firms unevenly spread over them."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    divisions = draw(st.integers(3, 6))
    section = np.sort(np.concatenate([[0, 1], random.integers(0, 2, divisions - 2)]))
    sides: list[Classification] = [classification("sector", divisions, [Level("section", section)])]
    sides += [classification(name, draw(st.integers(2, 3))) for name in draw(st.sampled_from(["r", "rs"]))]
    firms = draw(st.integers(30, 160))
    leaves = [random.choice(n, firms, p=(w := 1 / np.arange(1, n + 1) ** draw(st.floats(0.3, 1.8))) / w.sum())
              for n in (len(side.levels[0].of_leaf) for side in sides)]  # fmt: skip
    return cells_of(full_lattice(sides), np.stack(leaves).astype(np.int64))


def bounds(rows: np.ndarray, goal: np.ndarray, amounts: np.ndarray) -> tuple[float, float]:
    """The least and the most that a sum can be, given the sums of the rows; no amount is below zero."""
    most = 2 * amounts.sum() + 1
    if not len(rows):
        return 0.0, most
    found = [
        linprog(sign * goal, A_eq=rows, b_eq=rows @ amounts, bounds=(0, most), method="highs") for sign in (1.0, -1.0)
    ]
    assert all(each.x is not None for each in found)
    return float(found[0].fun), float(-found[1].fun)


quick = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(lattices())
def test_the_number_of_firms_of_a_small_cell_stays_open(cells: Cells) -> None:
    at = ground(alone(len(cells.atom_of_firm)), cells)
    shown = release(at, RULES).pattern.shown
    members = cells.members().toarray().astype(np.float64)
    units = at.units.astype(np.float64)
    small = np.flatnonzero((members @ units < RULES.threshold) & (members @ units > 0))
    assert not shown[small].any()
    for cell in small[:: max(1, len(small) // 8)]:
        low, high = bounds(members[shown], members[cell], units)
        assert high - low >= RULES.width - 1e-4


@quick
@given(lattices(), st.integers(0, 2**32), st.floats(0.5, 2.5))
def test_a_dominated_sum_stays_open_beyond_its_protection_level(cells: Cells, seed: int, skew: float) -> None:
    count = len(cells.atom_of_firm)
    amounts = np.random.default_rng(seed).lognormal(0, skew, count)
    at = ground(Firms(np.arange(count), np.arange(count), amounts), cells)
    shown = release(at, RULES).pattern.shown
    members, total = cells.members(), np.bincount(cells.atom_of_firm, amounts)
    held = concentration(members, at.who)
    unsafe = np.flatnonzero(is_dominated(held, RULES.p))
    level = protection_levels(held, RULES.p)
    dense = members.toarray().astype(np.float64)
    assert not shown[unsafe].any()
    for cell in unsafe[:: max(1, len(unsafe) // 8)]:
        low, high = bounds(dense[shown], dense[cell], total)
        value, slack = float(held.total[cell]), 1e-5 * float(total.max()) + 1e-6
        assert value - low >= min(level[cell], value) - slack
        assert high - value >= level[cell] - slack


@quick
@given(lattices(), st.integers(0, 2**32))
def test_published_totals_are_their_published_parts_to_within_rounding(cells: Cells, seed: int) -> None:
    """Numbers of firms to within half the base for each figure; before rounding numbers and sums agree exactly."""
    count = len(cells.atom_of_firm)
    at = ground(alone(count), cells)
    shown = release(at, RULES).pattern.shown
    values = np.random.default_rng(seed).uniform(0, 5, count)
    of = moments(cells, values, EDGES)
    told = figures(of, of.n, EDGES, shown, RULES)
    for coarse in range(len(cells.lattice.tables)):
        for fine in range(len(cells.lattice.tables)):
            if not cells.lattice.is_finer(fine, coarse):
                continue
            pairs = np.unique(cells.of_atom[[coarse, fine]], axis=1)
            for whole in np.unique(pairs[0]):
                parts = pairs[1][pairs[0] == whole]
                assert of.n[parts].sum() == of.n[whole]
                assert np.isclose(of.total[parts].sum(), of.total[whole])
                if shown[whole] and shown[parts].all():
                    assert abs(told.n[parts].sum() - told.n[whole]) <= RULES.base / 2 * (len(parts) + 1)
