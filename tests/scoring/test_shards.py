"""Parts of a country counted apart, on machines of their own, are added up: the statistics are those of the whole."""

from functools import reduce

import numpy as np
import pytest

from scoring.cell_statistics import Concentration, Moments, concentration, contributors, moments
from scoring.dominance import Rules
from scoring.lattices import Cells, Integers, cells_of
from scoring.published_figures import figures
from scoring.release_tables import classifications, names_of, wave_lattice

FIRMS, SHARDS = 3_000, 4
SECTION_OF = (0, 0, 1, 1, 2, 2)
EDGES = np.arange(0.0, 5.05, 0.1)
LATTICE = wave_lattice(classifications(SECTION_OF, (4, 3, 3, 2)), FIRMS)


@pytest.fixture
def firms() -> tuple[Integers, np.ndarray, np.ndarray]:
    """Where each firm is, its score (some have none) and its weight."""
    random = np.random.default_rng(8)
    leaves = np.stack([random.choice(n, FIRMS, p=(w := 1 / np.arange(1, n + 1)) / w.sum()) for n in (6, 4, 3, 3, 2)])
    scores = np.round(random.uniform(0, 5, FIRMS), 2)
    scores[random.random(FIRMS) < 0.05] = np.nan
    return leaves, scores, random.lognormal(0, 1.5, FIRMS)


def in_order(of: Moments, cells: Cells, names: Integers) -> Moments:
    """The moments of a shard in the order of the whole; a cell that it has no firm in counts nothing."""
    at = np.searchsorted(names, names_of(cells))

    def spread(values: np.ndarray) -> np.ndarray:
        whole = np.zeros((len(names), *values.shape[1:]), dtype=values.dtype)
        whole[at] = values
        return whole

    return Moments(spread(of.n), spread(of.total), spread(of.squares), spread(of.bins))


def test_sums_of_shards_are_the_sums_of_the_whole(firms: tuple[Integers, np.ndarray, np.ndarray]) -> None:
    leaves, scores, _ = firms
    whole = cells_of(LATTICE, leaves)
    order = np.argsort(names_of(whole))
    names = names_of(whole)[order]
    shard = np.arange(FIRMS) % SHARDS
    parts = []
    for number in range(SHARDS):
        cells = cells_of(LATTICE, leaves[:, shard == number])
        parts.append(in_order(moments(cells, scores[shard == number], EDGES), cells, names))
    added, once = reduce(Moments.__add__, parts), in_order(moments(whole, scores, EDGES), whole, names)
    assert (added.n == once.n).all()
    assert (added.bins == once.bins).all()
    assert np.allclose(added.total, once.total)
    assert np.allclose(added.squares, once.squares)

    everything = np.ones(len(names), dtype=np.bool_)
    one, other = (figures(of, of.n, EDGES, everything, Rules()) for of in (added, once))
    for name in ("n", "mean", "deviation", "percentiles", "shares"):
        assert np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True), name


def test_the_largest_two_of_shards_are_the_largest_two_of_the_whole(
    firms: tuple[Integers, np.ndarray, np.ndarray],
) -> None:
    """So dominance is judged after merging; a group of firms is in one shard only."""
    leaves, _, amounts = firms
    whole = cells_of(LATTICE, leaves)
    order = np.argsort(names_of(whole))
    names = names_of(whole)[order]
    groups = np.arange(FIRMS) // 3
    shard = groups % SHARDS

    def held(some: np.ndarray) -> Concentration:
        cells = cells_of(LATTICE, leaves[:, some])
        of = concentration(cells.members(), contributors(cells, groups[some], amounts[some]))
        at, empty = np.searchsorted(names, names_of(cells)), [np.zeros(len(names)) for _ in range(4)]
        for column, values in zip(empty, (of.n, of.total, of.first, of.second), strict=True):
            column[at] = values
        return Concentration(empty[0].astype(np.int64), *empty[1:])

    merged = reduce(Concentration.merged, [held(shard == number) for number in range(SHARDS)])
    once = held(np.ones(FIRMS, dtype=np.bool_))
    assert (merged.n == once.n).all()
    for name in ("total", "first", "second"):
        assert np.allclose(getattr(merged, name), getattr(once, name)), name
