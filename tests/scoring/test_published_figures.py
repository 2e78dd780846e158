"""What is shown of a cell: figures need enough firms behind them, and are rounded."""

import numpy as np
import pytest

from scoring.cell_statistics import Moments, concentration, contributors, moments
from scoring.dominance import Rules
from scoring.lattices import cells_of, classification, full_lattice
from scoring.published_figures import Figures, are_alike, figures, rounded_to
from tests.scoring.countries import country

EDGES = np.arange(0, 101) / 20  # scores of 0 to 5 on a grid of 0.05
RULES = Rules()


def of_one_cell(values: np.ndarray) -> Figures:
    lattice = full_lattice([classification("place", 1, total=False)])
    cells = cells_of(lattice, np.zeros((1, len(values)), dtype=np.int64))
    found = moments(cells, values, EDGES)
    return figures(found, np.array([len(values)]), EDGES, np.array([True]), RULES)


@pytest.mark.parametrize(
    ("n", "there"),
    [
        (9, [False, False, False, False, False]),
        (10, [False, False, True, False, False]),
        (19, [False, False, True, False, False]),
        (20, [False, True, True, True, False]),
        (49, [False, True, True, True, False]),
        (50, [True, True, True, True, True]),
    ],
)
def test_percentiles_need_enough_firms(n: int, there: list[bool]) -> None:
    found = of_one_cell(np.linspace(0, 5, n))
    assert (~np.isnan(found.percentiles[0])).tolist() == there
    assert np.isnan(found.mean[0]) == (n < 10)


def test_percentiles_are_those_of_the_firms() -> None:
    values = np.random.default_rng(1).integers(0, 101, 999) / 20
    expected = np.quantile(values, [0.1, 0.25, 0.5, 0.75, 0.9], method="inverted_cdf")
    assert of_one_cell(values).percentiles[0] == pytest.approx(expected)


def test_numbers_are_rounded() -> None:
    found = of_one_cell(np.tile([1.0, 2.0, 4.26], 4)[:11])
    assert found.n[0] == 10
    assert found.mean[0] == 2.3  # (4 x 1 + 4 x 2 + 3 x 4.26) / 11 = 2.2527
    assert rounded_to(np.array([12, 13, 10, 1]), 5).tolist() == [10, 15, 10, 0]
    assert (found.shares[0] % 1 == 0).all()


def test_a_mean_of_eleven_less_one_of_ten_tells_little_of_the_eleventh() -> None:
    """With one decimal the eleventh firm stays open to within (2 n - 1) 0.05 levels on either side: 1.05 for 11."""
    ten = np.linspace(1, 4, 10)
    for last in (0.0, 2.5, 5.0):
        before, after = of_one_cell(ten).mean[0], of_one_cell(np.append(ten, last)).mean[0]
        assert abs((11 * after - 10 * before) - last) <= 21 * 0.05 + 1e-9


def test_a_question_that_few_have_not_answered_is_not_shown() -> None:
    """12 of 15 answered: 3 did not; whoever knows another figure over all 15 would know of the three."""
    assert np.isnan(of_one_cell(np.append(np.tile([1.0, 3.0], 6), [np.nan] * 3)).mean[0])
    assert of_one_cell(np.append(np.tile([1.0, 3.0], 6), [np.nan] * 10)).mean[0] == 2.0


def test_shares_are_left_out_when_all_firms_are_alike() -> None:
    """Of 40 firms all at one level the distribution would tell everyone's; so would 28 of 29."""
    assert are_alike(np.array([[40, 0], [39, 1], [28, 1], [26, 3], [0, 0]])).tolist() == [
        True,
        False,
        True,
        False,
        False,
    ]
    found = of_one_cell(np.full(40, 3.0))
    assert np.isnan(found.shares).all()
    assert np.isnan(found.percentiles).all()
    assert np.isnan(found.deviation).all()
    assert found.mean[0] == 3.0


@pytest.mark.parametrize("end", [0.0, 5.0])
def test_a_mean_at_an_end_of_the_scale_is_not_shown(end: float) -> None:
    """Forty firms of mean 0 are forty firms at 0."""
    assert np.isnan(of_one_cell(np.full(40, end)).mean[0])


def test_a_cell_held_back_shows_nothing() -> None:
    cells = country(300, 0)
    found = moments(cells, np.random.default_rng(0).uniform(0, 5, 300), EDGES)
    shown = np.zeros(cells.count, dtype=np.bool_)
    out = figures(found, found.n, EDGES, shown, RULES)
    for column in (out.n, out.mean, out.deviation, out.percentiles, out.shares):
        assert np.isnan(column).all()


def test_moments_of_cells_are_those_of_their_firms_and_add_up_over_parts() -> None:
    cells, values = country(500, 3), np.random.default_rng(3).uniform(0, 5, 500)
    values[::7] = np.nan
    whole = moments(cells, values, EDGES)
    for cell in range(0, cells.count, 17):
        inside = values[cells.of_atom[cells.table[cell], cells.atom_of_firm] == cell]
        inside = inside[~np.isnan(inside)]
        assert whole.n[cell] == len(inside)
        assert whole.total[cell] == pytest.approx(inside.sum())
        assert whole.squares[cell] == pytest.approx((inside**2).sum())
        assert whole.bins[cell].sum() == len(inside)
    half = np.arange(500) % 2 == 0
    parts = [moments(cells, np.where(side, values, np.nan), EDGES) for side in (half, ~half)]
    both: Moments = parts[0] + parts[1]
    assert (both.n == whole.n).all()
    assert both.total == pytest.approx(whole.total)
    assert (both.bins == whole.bins).all()


@pytest.mark.parametrize("groups", [None, np.arange(400) % 150])
def test_the_largest_two_contributors_of_every_cell(groups: np.ndarray | None) -> None:
    cells, amounts = country(400, 6), np.random.default_rng(6).lognormal(0, 1, 400)
    found = concentration(cells.members(), contributors(cells, groups, amounts))
    owner = np.arange(400) if groups is None else groups
    for cell in range(cells.count):
        inside = cells.of_atom[cells.table[cell], cells.atom_of_firm] == cell
        held = np.sort([amounts[inside & (owner == o)].sum() for o in np.unique(owner[inside])])[::-1]
        assert found.n[cell] == len(held)
        assert (found.first[cell], found.total[cell]) == pytest.approx((held[0], held.sum()))
        assert found.second[cell] == pytest.approx(held[1] if len(held) > 1 else 0.0)


def test_the_largest_two_of_parts_are_merged() -> None:
    cells, amounts = country(400, 6), np.random.default_rng(6).lognormal(0, 1, 400)
    members, half = cells.members(), np.arange(400) % 2 == 0
    whole = concentration(members, contributors(cells, None, amounts))
    parts = [concentration(members, contributors(cells, None, np.where(s, amounts, 0.0))) for s in (half, ~half)]
    both = parts[0].merged(parts[1])
    assert both.first == pytest.approx(whole.first)
    assert both.second == pytest.approx(whole.second)
    assert both.total == pytest.approx(whole.total)


def test_cells_are_every_crossing_of_levels_that_holds_a_firm() -> None:
    cells = country(300, 2)
    names = {(int(t), *map(int, c)) for t, c in zip(cells.table, cells.codes, strict=True)}
    assert len(names) == cells.count
    assert len(cells.lattice.tables) == 4 * 3 * 2
    for table in range(len(cells.lattice.tables)):
        assert cells.members()[np.flatnonzero(cells.table == table)].sum() == cells.atoms
    with pytest.raises(ValueError, match="no leaf"):
        cells_of(cells.lattice, np.array([[8], [0], [0]]))
