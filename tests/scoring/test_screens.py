"""Best-worst screens: balanced for a person and over a room, and unchanged by whoever comes later."""

from collections import Counter
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.screens import screens_for

SIZES = range(5, 16)


def _items(n: int) -> list[str]:
    return [f"item-{number}" for number in range(n)]


def _room(n: int, people: int, seed: int = 7) -> list[tuple[tuple[str, ...], ...]]:
    return [screens_for(_items(n), person, seed) for person in range(people)]


def _spread(counts: Counter[str], n: int) -> int:
    each = [counts[item] for item in _items(n)]
    return max(each) - min(each)


@pytest.mark.parametrize("n", SIZES)
def test_each_person_sees_five_different_screens_of_four_different_items(n: int) -> None:
    for screens in _room(n, 20):
        assert [len(set(screen)) for screen in screens] == [4] * 5
        assert len({frozenset(screen) for screen in screens}) == 5


@pytest.mark.parametrize("n", SIZES)
def test_each_person_sees_each_item_equally_often_or_once_more(n: int) -> None:
    for screens in _room(n, 40):
        assert _spread(Counter(item for screen in screens for item in screen), n) <= 1


@pytest.mark.parametrize("n", SIZES)
def test_after_every_person_the_room_has_seen_each_item_equally_often_or_once_more(n: int) -> None:
    seen: Counter[str] = Counter()
    for screens in _room(n, 60):
        seen.update(item for screen in screens for item in screen)
        assert _spread(seen, n) <= 1


@pytest.mark.parametrize("people", [20, 40, 60])
@pytest.mark.parametrize("n", SIZES)
def test_every_item_stands_in_every_place_nearly_equally_often(n: int, people: int) -> None:
    for place in range(4):
        stood = Counter(screen[place] for screens in _room(n, people) for screen in screens)
        assert _spread(stood, n) <= 2


@pytest.mark.parametrize("people", [20, 40, 60])
@pytest.mark.parametrize("n", SIZES)
def test_every_two_items_meet_nearly_equally_often(n: int, people: int) -> None:
    met = Counter(
        frozenset(pair) for screens in _room(n, people) for screen in screens for pair in combinations(screen, 2)
    )
    expected = people * 5 * 6 / (n * (n - 1) / 2)
    for pair in combinations(_items(n), 2):
        assert abs(met[frozenset(pair)] - expected) <= 4, (pair, expected)


@pytest.mark.parametrize("n", SIZES)
def test_after_as_many_people_as_items_every_place_on_every_screen_has_shown_every_item(n: int) -> None:
    for screen in range(5):
        for place in range(4):
            assert {screens[screen][place] for screens in _room(n, n)} == set(_items(n))


def test_five_items_are_a_balanced_incomplete_block_design_for_every_person() -> None:
    for screens in _room(5, 12):
        met = Counter(frozenset(pair) for screen in screens for pair in combinations(screen, 2))
        assert set(met.values()) == {3}


def test_the_same_person_is_always_shown_the_same_whatever_the_order_of_the_list() -> None:
    assert screens_for(_items(13), 17, 7) == screens_for(_items(13)[::-1], 17, 7)
    assert screens_for(["a", "b", "c", "d", "e", "f"], 3, 2026) == (
        ("a", "f", "e", "b"), ("e", "b", "d", "c"), ("b", "c", "f", "a"), ("f", "e", "c", "d"), ("d", "a", "b", "e"),
    )  # fmt: skip


def test_another_seed_and_another_round_of_people_are_shown_other_screens() -> None:
    assert screens_for(_items(13), 3, 7) != screens_for(_items(13), 3, 8)
    everyone = _room(13, 60)
    assert len(set(everyone)) == 60
    assert all(one != other for one, other in pairwise(everyone))


@pytest.mark.parametrize(("n", "sizes"), [(0, []), (1, []), (2, [2]), (3, [2, 2, 2]), (4, [3, 3, 3, 3])])
def test_a_short_list_gets_smaller_screens_and_none_twice(n: int, sizes: list[int]) -> None:
    screens = screens_for(_items(n), 5, 7)
    assert [len(screen) for screen in screens] == sizes
    assert len({frozenset(screen) for screen in screens}) == len(screens)


@settings(deadline=None, max_examples=40)  # a design is searched for once
@given(st.integers(2, 16), st.integers(0, 200), st.integers(), st.integers(1, 7), st.integers(2, 5))
def test_any_shape_is_balanced_for_each_person_and_asks_nothing_twice(
    n: int, person: int, seed: int, screens: int, size: int
) -> None:
    shown = screens_for(_items(n), person, seed, screens, size)
    assert all(len(set(screen)) == len(screen) for screen in shown)
    assert len({frozenset(screen) for screen in shown}) == len(shown)
    assert _spread(Counter(item for screen in shown for item in screen), n) <= 1


@pytest.mark.parametrize(
    "wrong", [{"items": ["a", "a"]}, {"person": -1}, {"screens": 0}, {"size": 1}], ids=lambda w: next(iter(w))
)
def test_an_impossible_room_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"twice|numbered"):
        screens_for(**{"items": ["a", "b", "c"], "person": 0, "seed": 1, **wrong})  # type: ignore[arg-type]
