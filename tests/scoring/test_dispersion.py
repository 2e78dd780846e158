"""The votes on one question, and what an attacker can work out of those that are hidden."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.dispersion import SMALLEST_GROUP, GroupDispersions, Vote, dispersion, dispersions, hidden_groups

LEVELS = 4
vote = st.sampled_from([0, 1, 2, 3, "unknown", "not_applicable"])
rooms = st.dictionaries(st.sampled_from("abcdef"), st.lists(vote, max_size=9), max_size=6)


def test_votes_are_counted_and_measured() -> None:
    found = dispersion([2, 2, 3, 1, 2, 5, "unknown", "unknown", "not_applicable"], 6)
    assert (found.counts, found.unknown, found.not_applicable) == ((0, 1, 3, 1, 0, 1), 2, 1)
    assert (found.rated, found.voted, found.unknown_share) == (6, 9, 0.25)
    assert (found.mean, found.median, found.quartiles, found.range) == (2.5, 2, (2, 3), (1, 5))
    assert (found.pair, found.pair_share, found.standing) == ((1, 2), 4 / 6, "several")


def test_the_median_of_an_even_number_is_the_lower_middle_vote() -> None:
    assert dispersion([1, 1, 4, 4], 6).median == 1
    assert dispersion([1, 4, 4, 4], 6).median == 4
    assert dispersion([0, 1, 2, 3], 6).quartiles == (0, 2)


def test_nobody_and_one_person_are_said() -> None:
    nobody = dispersion(["unknown", "not_applicable"], 6)
    assert (nobody.standing, nobody.rated, nobody.voted) == ("none", 0, 2)
    assert {nobody.mean, nobody.median, nobody.quartiles, nobody.range, nobody.agreement, nobody.pair} == {None}
    one = dispersion([3], 6)
    assert (one.standing, one.mean, one.median, one.quartiles, one.range) == ("one", 3, 3, (3, 3), (3, 3))
    assert {one.agreement, one.consensus, one.pair, one.pair_share} == {None}
    assert dispersion([], 6).unknown_share is None
    assert dispersion(["not_applicable"], 6).unknown_share is None


@pytest.mark.parametrize("strange", [-1, 6, "perhaps"])
def test_a_vote_off_the_ladder_is_refused(strange: Vote) -> None:
    with pytest.raises(ValueError, match="is no level"):
        dispersion([1, strange], 6)


@given(st.lists(vote, max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_votes_does_not_matter_and_every_vote_counts_once(votes: list[Vote], random: object) -> None:
    shuffled = list(votes)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found = dispersion(votes, LEVELS)
    assert dispersion(shuffled, LEVELS) == found
    assert found.voted == len(votes)
    rated = sorted(v for v in votes if isinstance(v, int))
    if rated:
        assert found.median == rated[(len(rated) - 1) // 2]
        assert found.quartiles is not None
        assert found.range == (rated[0], rated[-1])
        assert found.range[0] <= found.quartiles[0] <= rated[(len(rated) - 1) // 2] <= found.quartiles[1] <= rated[-1]


def test_a_small_group_takes_the_only_other_with_it_and_the_room_stays() -> None:
    found = dispersions({"industry": [1] * 8 + [2] * 4, "government": [3, 3, 4]}, 6)
    assert found.room is not None
    assert found.room.counts == (0, 8, 4, 2, 1, 0)
    assert found.shown == {}
    assert found.hidden == {"industry": "with_others", "government": "too_few"}


def test_of_three_groups_the_smaller_of_the_large_ones_goes_too() -> None:
    assert hidden_groups({"a": 20, "b": 8, "c": 3}) == {"b": "with_others", "c": "too_few"}
    assert hidden_groups({"a": 20, "b": 5, "c": 5, "d": 1}) == {"c": "with_others", "d": "too_few"}


def test_two_small_groups_hide_each_other_when_they_are_five_together() -> None:
    assert hidden_groups({"a": 20, "b": 3, "c": 2}) == {"b": "too_few", "c": "too_few"}
    assert hidden_groups({"a": 20, "b": 2, "c": 2}) == {"a": "with_others", "b": "too_few", "c": "too_few"}


def test_a_group_without_votes_hides_nothing_and_takes_nobody_with_it() -> None:
    assert hidden_groups({"a": 20, "b": 6, "c": 0}) == {"c": "no_votes"}
    assert hidden_groups({"a": 20, "b": 3, "c": 0}) == {"a": "with_others", "b": "too_few", "c": "no_votes"}


def test_a_room_of_four_shows_nothing_at_all() -> None:
    found = dispersions({"industry": [1, 2], "government": [3, 3]}, 6)
    assert (found.room, found.shown) == (None, {})
    assert dispersions({"industry": [1] * 5}, 6).room is not None


def test_groups_of_five_are_shown() -> None:
    found = dispersions({"industry": [1] * 5, "government": [3] * 5}, 6)
    assert list(found.shown) == ["industry", "government"]
    assert found.hidden == {}


def _cells(votes: list[Vote]) -> tuple[int, ...]:
    found = Counter(votes)
    return tuple(found[cell] for cell in (0, 1, 2, 3, "unknown", "not_applicable"))


def _lump(found: GroupDispersions) -> tuple[int, ...]:
    """What an attacker knows of all hidden groups together: the room less the groups that are shown."""
    assert found.room is not None
    room = (*found.room.counts, found.room.unknown, found.room.not_applicable)
    for each in found.shown.values():
        room = tuple(a - b for a, b in zip(room, (*each.counts, each.unknown, each.not_applicable), strict=True))
    return room


def _possible(lump: tuple[int, ...], size: int) -> set[tuple[int, ...]]:
    """Every vote of a group of this size that agrees with the lump; the attacker knows the sizes and this rule."""
    return {part for part in product(*(range(cell + 1) for cell in lump)) if sum(part) == size}


@given(rooms)
def test_an_attacker_who_knows_every_size_cannot_work_out_a_small_group(votes: dict[str, list[Vote]]) -> None:
    """By subtraction and by trying every assignment; only a lump all of one vote gives itself away."""
    found = dispersions(votes, LEVELS)
    small = [group for group, cast in votes.items() if 0 < len(cast) < SMALLEST_GROUP]
    assert not set(small) & set(found.shown)
    if found.room is None:
        assert sum(map(len, votes.values())) < SMALLEST_GROUP
        assert found.shown == {}
        return
    lump = _lump(found)
    if not small:
        assert sum(lump) == 0
        return
    assert sum(lump) >= SMALLEST_GROUP
    for group in small:
        possible = _possible(lump, len(votes[group]))
        assert _cells(votes[group]) in possible
        assert len(possible) > 1 or sum(cell > 0 for cell in lump) == 1


@given(rooms)
def test_no_more_is_hidden_than_must_be(votes: dict[str, list[Vote]]) -> None:
    people = {group: len(cast) for group, cast in votes.items()}
    hidden = hidden_groups(people)
    extra = [group for group, reason in hidden.items() if reason == "with_others"]
    small = [group for group, reason in hidden.items() if reason == "too_few"]
    assert len(extra) <= 1  # one group of five or more makes any lump large enough
    if extra:
        assert len(small) == 1 or sum(people[group] for group in small) < SMALLEST_GROUP
        assert all(people[extra[0]] <= people[group] for group in people if group not in hidden)
