"""How few people change the first places: against every subset there is, and by what must hold."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from scoring.flip_bound import highest_ratios, nobody_overtakes
from scoring.flips import smallest_flip

Ints = NDArray[np.int64]
Room = tuple[Ints, Ints, Ints]


def exact_top(room: Room, leaving: tuple[int, ...], k: int) -> set[int]:
    """The first k with whoever is tied with the last, in fractions."""
    net, shown, block = (part.tolist() for part in room)
    stay = [person for person in range(len(net)) if person not in leaving]
    scores = []
    for item in range(len(net[0])):
        voices = []
        for b in set(block):
            seen = sum(shown[p][item] for p in stay if block[p] == b)
            if seen:
                voices.append(Fraction(sum(net[p][item] for p in stay if block[p] == b), seen))
        scores.append(sum(voices, Fraction(0)) / max(1, len(voices)))
    last = sorted(scores, reverse=True)[min(k, len(scores)) - 1]
    return {item for item, score in enumerate(scores) if score >= last}


def by_trying(room: Room, k: int) -> int | None:
    """The oracle: every subset, the smallest first."""
    people = len(room[0])
    before = exact_top(room, (), k)
    sizes = (
        size
        for size in range(1, people)
        for gone in combinations(range(people), size)
        if exact_top(room, gone, k) != before
    )
    return next(sizes, None)


@st.composite
def rooms(draw: st.DrawFn, people: int = 7) -> Room:
    n, m = draw(st.integers(1, people)), draw(st.integers(1, 4))
    cells = [[draw(st.tuples(st.integers(0, 3), st.integers(-3, 3))) for _ in range(m)] for _ in range(n)]
    shown = np.array([[seen for seen, _ in row] for row in cells], dtype=np.int64)
    net = np.array([[max(-seen, min(seen, won)) for seen, won in row] for row in cells], dtype=np.int64)
    return net, shown, np.array(draw(st.lists(st.integers(0, 1), min_size=n, max_size=n)), dtype=np.int64)


@given(rooms(), st.integers(1, 4))
@settings(max_examples=80, deadline=None)
def test_it_is_what_trying_every_subset_finds(room: Room, k: int) -> None:
    found = smallest_flip(*room, k)
    expected = by_trying(room, k)
    assert found.at_most == expected
    assert set(found.top) == exact_top(room, (), k)
    if expected is None:
        assert not found.exact
        assert (found.at_least, found.after) == (max(1, len(room[0])), found.top)
    else:
        assert found.exact
        assert len(found.leaving) == expected
        assert set(found.after) == exact_top(room, found.leaving, k) != set(found.top)


@st.composite
def full_rooms(draw: st.DrawFn) -> Room:
    """Two blocks of four and three people, everybody was shown everything: where the bound may judge."""
    m = draw(st.integers(2, 4))
    shown = np.array(draw(st.lists(st.integers(1, 4), min_size=7 * m, max_size=7 * m)), dtype=np.int64).reshape(7, m)
    leaning = np.array(draw(st.lists(st.integers(-2, 2), min_size=m, max_size=m)), dtype=np.int64)
    own = np.array(draw(st.lists(st.integers(-1, 1), min_size=7 * m, max_size=7 * m)), dtype=np.int64).reshape(7, m)
    return np.clip(leaning + own, -shown, shown), shown, np.array([0, 0, 0, 0, 1, 1, 1], dtype=np.int64)


@given(rooms() | full_rooms(), st.integers(1, 4))
@settings(max_examples=200, deadline=None)
def test_the_bound_never_denies_what_can_happen(room: Room, k: int) -> None:
    net, _, _ = room
    before = exact_top(room, (), k)
    top = np.array([item in before for item in range(net.shape[1])])
    for size in range(1, len(net)):
        if nobody_overtakes(*room, top, k, size):
            assert all(exact_top(room, gone, k) == before for gone in combinations(range(len(net)), size))


@given(rooms(), st.integers(1, 4))
@settings(max_examples=80, deadline=None)
def test_an_example_is_never_fewer_than_there_must_be_and_does_what_it_says(room: Room, k: int) -> None:
    """The greedy search alone, as for rooms too large to try all."""
    found = smallest_flip(*room, k, tried=0)
    expected = by_trying(room, k)
    assert expected is None or found.at_least <= expected
    if found.at_most is not None:
        assert expected is not None
        assert found.at_most >= expected
        assert len(found.leaving) == found.at_most
        assert set(found.after) == exact_top(room, found.leaving, k) != set(found.top)


def _choices(rng: np.random.Generator, people: int, items: int) -> Room:
    """Five screens of four for each, three blocks; people choose by a common order and their own mood."""
    worth = rng.normal(0, 1.5, items)
    net, shown = np.zeros((people, items), dtype=np.int64), np.zeros((people, items), dtype=np.int64)
    for person in range(people):
        for _ in range(5):
            screen = rng.choice(items, 4, replace=False)
            felt = worth[screen] + rng.gumbel(size=4)
            shown[person, screen] += 1
            net[person, screen[felt.argmax()]] += 1
            net[person, screen[felt.argmin()]] -= 1
    return net, shown, (np.arange(people) % 3).astype(np.int64)


@pytest.mark.parametrize(
    ("seed", "people", "items", "k"), [(26, 20, 6, 2), (18, 24, 7, 3), (21, 24, 7, 3), (0, 24, 7, 3)]
)
def test_nobody_leaves_in_vain_in_an_example(seed: int, people: int, items: int, k: int) -> None:
    room = _choices(np.random.default_rng(seed), people, items)
    found = smallest_flip(*room, k, tried=0)
    assert found.at_most is not None
    for person in found.leaving:
        fewer = tuple(each for each in found.leaving if each != person)
        assert exact_top(room, fewer, k) == set(found.top)


@given(full_rooms(), st.integers(0, 4))
@settings(max_examples=60, deadline=None)
def test_the_extreme_of_a_ratio_is_what_trying_every_subset_finds(room: Room, leaving: int) -> None:
    net, shown, _ = room
    found = highest_ratios(net, shown, leaving)
    for item in range(net.shape[1]):
        stays = [[p for p in range(7) if p not in gone] for gone in combinations(range(7), leaving)]
        assert found[item] == pytest.approx(max(net[stay, item].sum() / shown[stay, item].sum() for stay in stays))


def test_the_bound_does_not_judge_a_tie_over_the_end() -> None:
    """Two are tied for the one first place, a third is far behind; one person leaving parts the two."""
    net = np.array([[2, 0, -2], [0, 2, -2]] * 3)
    shown, block = np.full_like(net, 2), np.zeros(6, dtype=np.int64)
    assert not nobody_overtakes(net, shown, block, np.array([True, True, False]), 1, 1)
    assert smallest_flip(net, shown, block, 1).at_most == 1


def test_the_bound_judges_most_rooms_of_one_mind() -> None:
    net, shown, block = _one_mind(8, 5)
    top = np.array([True, True, False, False, False])
    assert [nobody_overtakes(net, shown, block, top, 2, size) for size in range(1, 8)] == [True] * 3 + [False] * 4


def test_the_noise_of_floats_breaks_no_tie() -> None:
    """Three blocks, 0.1 + 0.2 + 0 against 0.3 + 0 + 0: both are first."""
    net, shown = np.array([[1, 3], [2, 0], [0, 0]]), np.full((3, 2), 10)
    assert smallest_flip(net, shown, np.array([0, 1, 2]), 1).top == (0, 1)


def test_a_majority_of_one_is_undone_by_one() -> None:
    """Three put A first, two B: without one of the three it is even, and a tie is a change."""
    net = np.array([[1, -1]] * 3 + [[-1, 1]] * 2)
    found = smallest_flip(net, np.ones_like(net), np.zeros(5, dtype=np.int64), 1)
    assert (found.at_least, found.at_most, found.exact) == (1, 1, True)
    assert (found.top, found.after) == ((0,), (0, 1))
    assert found.leaving[0] in (0, 1, 2)


def test_a_lead_of_three_of_eleven_takes_three() -> None:
    net = np.array([[1, -1]] * 7 + [[-1, 1]] * 4)
    found = smallest_flip(net, np.ones_like(net), np.zeros(11, dtype=np.int64), 1)
    assert (found.at_least, found.at_most) == (3, 3)
    assert set(found.leaving) <= set(range(7))


def test_a_voice_of_a_small_block_weighs_more() -> None:
    """Block 0 of nine and block 1 of three: A leads by 9/9 - 1/3; with both who back A in block 1 gone it is even."""
    net = np.array([[1, -1]] * 9 + [[1, -1]] + [[-1, 1]] * 2)
    block = np.array([0] * 9 + [1] * 3)
    found = smallest_flip(net, np.ones_like(net), block, 1)
    assert (found.at_most, found.leaving, found.after) == (1, (9,), (0, 1))


def _one_mind(people: int, items: int) -> Room:
    net = np.tile(np.arange(items, 0, -1) - items // 2, (people, 1)).astype(np.int64)
    return net, np.full_like(net, items), (np.arange(people) % 2).astype(np.int64)


def test_nobody_changes_a_room_of_one_mind() -> None:
    found = smallest_flip(*_one_mind(8, 5), 2)
    assert (found.at_least, found.at_most, found.top, found.after) == (8, None, (0, 1), (0, 1))
    everything = smallest_flip(*_one_mind(8, 5), 5)
    assert (everything.at_least, everything.at_most) == (8, None)


def test_a_large_room_of_one_mind_is_known_up_to_half_of_it() -> None:
    """Up to 29 of 60 by the bound alone; 30 could empty a block, which the bound does not judge."""
    found = smallest_flip(*_one_mind(60, 6), 3)
    assert (found.at_least, found.at_most) == (30, None)


def test_an_empty_room_and_nonsense() -> None:
    nobody = np.zeros((0, 3), dtype=np.int64)
    found = smallest_flip(nobody, nobody, np.zeros(0, dtype=np.int64), 1)
    assert (found.at_most, found.top) == (None, (0, 1, 2))
    with pytest.raises(ValueError, match="one or more"):
        smallest_flip(*_one_mind(3, 3), 0)


@given(rooms(), st.integers(1, 3), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_people_and_items_does_not_matter(room: Room, k: int, random: object) -> None:
    net, shown, block = room
    assume(len(net) > 1)
    people, items = list(range(net.shape[0])), list(range(net.shape[1]))
    random.shuffle(people)  # type: ignore[attr-defined]
    random.shuffle(items)  # type: ignore[attr-defined]
    turned = net[np.ix_(people, items)], shown[np.ix_(people, items)], block[people]
    found, other = smallest_flip(*room, k), smallest_flip(*turned, k)
    assert (found.at_least, found.at_most) == (other.at_least, other.at_most)
    assert {items[item] for item in other.top} == set(found.top)
