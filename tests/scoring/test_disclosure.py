"""Which cells of a release go out: the rules on their own, and what holds of every pattern."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.bounds import Need, intervals
from scoring.cell_statistics import Concentration, concentration
from scoring.disclosure import pattern
from scoring.dominance import Rules, is_dominated, protection_levels
from scoring.elimination import follows
from scoring.lattices import Cells, Classification, Lattice, Level, cells_of, classification, full_lattice
from scoring.release_gate import MOST_REPAIRS, ReleaseRefused, audit, release
from scoring.remainders import remainders, shortest_rows
from scoring.waves import Earlier, Firms, all_shown, ground
from tests.scoring.countries import alone, country

RULES = Rules()


def held(total: float, first: float, second: float) -> Concentration:
    return Concentration(np.array([20]), np.array([total]), np.array([first]), np.array([second]))


@pytest.mark.parametrize(
    ("total", "first", "second", "dominated"),
    [(100_000, 50_000, 49_000, True), (110_000, 52_000, 50_000, False), (56_600, 47_600, 8_002, True)],
)
def test_the_p_rule_of_the_handbook(total: float, first: float, second: float, dominated: bool) -> None:
    """Handbook on Statistical Disclosure Control, chapter 4.2: the rest is 2 %, 15.38 % and 2.1 % of the first."""
    assert is_dominated(held(total, first, second), 10).tolist() == [dominated]


def test_protection_levels_of_the_published_example() -> None:
    """tau-ARGUS on `magnitude1` with p = 10: two companies each, so a tenth of the larger; alone a tenth of itself."""
    values = [(96.6, 43.2, 9.7), (75.9, 24.5, 7.6), (25.7, 3.4, 2.6), (21.6, 2.0, 2.2), (16.8, 0.0, 1.7), (8.4, 0, 0.8)]
    found = [round(float(protection_levels(held(a + b, a, b), 10)[0]), 1) for a, b, _ in values]
    assert found == [level for *_, level in values]


def test_no_programme_may_go_below_five_firms() -> None:
    with pytest.raises(ValueError, match="nothing below 5"):
        Rules(threshold=4)


def seen(cells: Cells, shown: np.ndarray) -> dict[tuple[int, ...], bool]:
    return {(int(t), *map(int, c)): bool(s) for t, c, s in zip(cells.table, cells.codes, shown, strict=True)}


def test_the_only_small_region_takes_another_one_with_it() -> None:
    """Regions of 30, 20 and 4 firms: the 4 are held back, hence one more; the remainder of 24 is safe."""
    lattice = full_lattice([classification("region", 3)])
    cells = cells_of(lattice, np.repeat([0, 1, 2], [30, 20, 4])[np.newaxis])
    out = pattern(ground(alone(54), cells), RULES)
    assert seen(cells, out.shown) == {(0, 0): True, (1, 0): True, (1, 1): False, (1, 2): False}


def test_two_small_regions_that_together_are_too_few_take_a_third() -> None:
    """Regions of 30, 20, 4 and 3: elimination alone would show 30 and 20, and with them the sum over 7 firms."""
    lattice = full_lattice([classification("region", 4)])
    cells = cells_of(lattice, np.repeat([0, 1, 2, 3], [30, 20, 4, 3])[np.newaxis])
    out = pattern(ground(alone(57), cells), RULES)
    assert seen(cells, out.shown) == {(0, 0): True, (1, 0): True, (1, 1): False, (1, 2): False, (1, 3): False}
    assert out.rounds == 2


def test_firms_of_one_group_count_once() -> None:
    lattice = full_lattice([classification("region", 2)])
    cells = cells_of(lattice, np.repeat([0, 1], [40, 12])[np.newaxis])
    separate = pattern(ground(alone(52), cells), RULES).shown
    grouped = Firms(np.arange(52), np.concatenate([np.arange(40), np.full(12, 99)]))
    assert separate.all()
    assert seen(cells, pattern(ground(grouped, cells), RULES).shown) == {(0, 0): True, (1, 0): False, (1, 1): False}


def test_a_region_with_one_giant_is_held_back_when_firms_are_weighted() -> None:
    lattice = full_lattice([classification("region", 3)])
    cells = cells_of(lattice, np.repeat([0, 1, 2], [30, 30, 30])[np.newaxis])
    amounts = np.ones(90)
    amounts[0] = 10_000.0
    weighted = Firms(np.arange(90), np.arange(90), amounts)
    assert pattern(ground(alone(90), cells), RULES).shown.all()
    assert not pattern(ground(weighted, cells), RULES).shown[1]


def test_bands_that_overlap_do_not_give_away_what_lies_between() -> None:
    """Handbook on Statistical Disclosure Control: hours below 20 (6 firms more here) and below 25 leave 20 to 24."""
    bands = classification("hours", 4)
    linked = Classification("hours", (*bands.levels[:1], *_two_bandings(), bands.levels[-1]))
    full = full_lattice([linked])
    lattice = Lattice(full.classifications, tuple(t for t in full.tables if t != (0,)))
    cells = cells_of(lattice, np.repeat([0, 1, 2, 3], [20, 1, 30, 25])[np.newaxis])
    out = pattern(ground(alone(76), cells), RULES)
    rows = cells.members()[np.flatnonzero(out.shown)]
    between = cells_of(full, np.repeat([0, 1, 2, 3], [20, 1, 30, 25])[np.newaxis]).members()
    only = between[[row for row in range(between.shape[0]) if between[[row]].sum() == 1 and between[row, 1]]]
    assert not follows(only, rows).any()
    assert follows(only, cells.members()).all()


def _two_bandings() -> tuple[Level, Level]:
    return Level("from 20", np.array([0, 1, 1, 2])), Level("from 25", np.array([0, 0, 1, 2]))


countries = st.builds(country, st.integers(20, 260), st.integers(0, 10**6))


@settings(max_examples=25, deadline=None)
@given(countries)
def test_what_holds_of_every_pattern(cells: Cells) -> None:
    """No secret follows; no shown cell is small; nothing left of a total is too small; short rows say the same."""
    at = ground(alone(len(cells.atom_of_firm)), cells)
    out = pattern(at, RULES)
    members = cells.members()
    shown = members[np.flatnonzero(out.shown)]
    n = concentration(members, at.who).n
    assert (n[out.shown] >= RULES.threshold).all()
    assert not follows(members[np.flatnonzero(n < RULES.threshold)], shown).any()
    assert not follows(members[np.flatnonzero(~out.shown)], shown).any(), "held back is held back, also at second hand"
    left = concentration(remainders(cells, out.shown, np.ones(cells.atoms, dtype=np.int64)), at.who).n
    assert (left >= RULES.threshold).all()
    short = shortest_rows(cells, out.shown, np.ones(cells.atoms, dtype=np.int64))
    assert follows(shown, short).all()
    assert follows(short, shown).all()


@settings(max_examples=5, deadline=None)
@given(countries)
def test_no_cell_held_back_is_bounded_closer_than_the_width(cells: Cells) -> None:
    at = ground(alone(len(cells.atom_of_firm)), cells)
    out = release(at, RULES)
    small = cells.members()[np.flatnonzero(out.pattern.unsafe)]
    asked = np.full(small.shape[0], 1e9)
    true = intervals(all_shown(at, out.pattern.shown), small, at.units.astype(float), Need(asked, asked, asked))
    assert (true.highest - true.lowest >= RULES.width - 1e-4).all()


def test_dominated_sums_stay_uncertain_beyond_the_protection_level() -> None:
    cells = country(300, 4)
    amounts = np.random.default_rng(2).lognormal(0, 2, 300)
    at = ground(Firms(np.arange(300), np.arange(300), amounts), cells)
    out = release(at, RULES)
    members = cells.members()
    size = concentration(members, at.who)
    unsafe = np.flatnonzero(is_dominated(size, RULES.p))
    level = protection_levels(size, RULES.p)[unsafe]
    asked = np.full(len(unsafe), 1e9)
    true = intervals(all_shown(at, out.pattern.shown), members[unsafe], at.who.total, Need(asked, asked, asked))
    assert len(unsafe) > 20
    assert (true.value - true.lowest >= level - 1e-3).all()
    assert (true.highest - true.value >= level - 1e-3).all()


def test_a_release_without_second_hand_protection_does_not_pass_the_gate() -> None:
    cells = country(300, 1)
    at = ground(alone(300), cells)
    good = release(at, RULES).pattern
    bare = type(good)(~good.unsafe, good.secrets, good.unsafe, good.lost, 1)
    found = audit(at, bare, RULES)
    assert found.told > 0
    assert found.reasons
    assert not audit(at, good, RULES).reasons


def test_a_release_that_cannot_be_made_safe_is_refused() -> None:
    """So wide an interval is asked for that no country of 60 firms has it."""
    with pytest.raises(ReleaseRefused, match="bounded"):
        release(ground(alone(60), country(60, 1)), Rules(width=10**6))
    assert MOST_REPAIRS > 0


def test_an_unchanged_release_goes_out_again_unchanged() -> None:
    cells, firms = country(200, 3), alone(200)
    first = release(ground(firms, cells), RULES).pattern.shown
    again = release(ground(firms, cells, [Earlier(firms, cells, first)]), RULES).pattern.shown
    assert (first & again).sum() == first.sum()


def test_totals_add_up_as_shown() -> None:
    cells = country(300, 5)
    shown = pattern(ground(alone(300), cells), RULES).shown
    n = cells.members() @ np.bincount(cells.atom_of_firm)
    for coarse in range(len(cells.lattice.tables)):
        for fine in range(len(cells.lattice.tables)):
            if cells.lattice.is_finer(fine, coarse):
                pairs = np.unique(cells.of_atom[[coarse, fine]], axis=1)
                for total in np.unique(pairs[0][shown[pairs[0]]]):
                    parts = pairs[1][pairs[0] == total]
                    if shown[parts].all():
                        assert n[parts].sum() == n[total]
