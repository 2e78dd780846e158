"""Blocks: five people stand alone, fewer never do, and nobody is left out."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.blocks import Block, blocks_of


def _blocks(**people: int) -> dict[tuple[str, ...], int]:
    return {b.groups: b.people for b in blocks_of([name for name, n in people.items() for _ in range(n)])}


@pytest.mark.parametrize(
    ("people", "blocks"),
    [
        ({"government": 8, "industry": 12}, {("government",): 8, ("industry",): 12}),
        ({"government": 5, "industry": 5}, {("government",): 5, ("industry",): 5}),
        ({"academia": 3, "finance": 2, "industry": 9}, {("academia", "finance"): 5, ("industry",): 9}),
        ({"academia": 4, "government": 8, "industry": 12}, {("government",): 8, ("industry", "academia"): 16}),
        ({"academia": 1, "finance": 2, "industry": 9}, {("industry", "academia", "finance"): 12}),
        ({"academia": 4, "b": 9, "a": 9}, {("a", "academia"): 13, ("b",): 9}),
        ({"government": 4, "industry": 4}, {("government", "industry"): 8}),
        ({"government": 1, "industry": 2}, {("government", "industry"): 3}),
        ({}, {}),
    ],
)
def test_small_groups_stand_together_or_with_the_largest(
    people: dict[str, int], blocks: dict[tuple[str, ...], int]
) -> None:
    assert _blocks(**people) == blocks


def test_only_a_room_below_five_people_has_a_block_that_is_not_shown() -> None:
    assert not Block(("industry",), 4).shown
    assert Block(("industry",), 5).shown


@given(st.lists(st.sampled_from("abcdefg"), max_size=60))
def test_everybody_is_in_one_block_and_no_block_of_a_larger_room_is_below_five(groups: list[str]) -> None:
    blocks = blocks_of(groups)
    people = Counter(groups)
    assert sorted(name for block in blocks for name in block.groups) == sorted(people)
    assert all(block.people == sum(people[name] for name in block.groups) for block in blocks)
    assert len(groups) < 5 or all(block.shown for block in blocks)
    assert blocks_of(groups[::-1]) == blocks
