"""Agreement A and consensus Cns against published figures, and what must hold for any votes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.consensus import fullest_pair, tastle_wierman, two_camps, van_der_eijk

WORKED = [30, 40, 210, 130, 530, 50, 10]  # van der Eijk (2001), p. 331

counts = st.lists(st.integers(0, 12), min_size=2, max_size=10).filter(any)


def test_agreement_a_is_the_published_one() -> None:
    """The example of van der Eijk (2001, p. 331); its value to seven places: manual of the R package agrmt."""
    assert van_der_eijk(WORKED) == pytest.approx(0.6113333, abs=5e-8)


def test_layers_of_the_published_example_have_the_published_agreement() -> None:
    """First layer 7 of 7 levels, A = 0; second 6 of 7 side by side, A = 0.17 (van der Eijk 2001, p. 331)."""
    assert van_der_eijk([10] * 7) == 0
    assert van_der_eijk([20, 20, 20, 20, 20, 20, 0]) == pytest.approx(1 / 6)


def test_consensus_is_the_published_one() -> None:
    """The same votes in the manual of the R package agrmt, after Tastle & Wierman (2007)."""
    assert tastle_wierman(WORKED) == pytest.approx(0.7256876, abs=5e-8)


@pytest.mark.parametrize("levels", range(3, 11))
def test_the_three_marks_of_the_scales(levels: int) -> None:
    """1 for all alike, 0 spread evenly (A), -1 (A) or 0 (Cns) for half at either end: both papers."""
    same, even = [0] * (levels - 1) + [9], [4] * levels
    ends = [5] + [0] * (levels - 2) + [5]
    assert (van_der_eijk(same), tastle_wierman(same)) == (1, 1)
    assert van_der_eijk(even) == pytest.approx(0)
    assert van_der_eijk(ends) == pytest.approx(-1)
    assert tastle_wierman(ends) == pytest.approx(0)


def test_consensus_of_even_votes_on_five_levels_by_hand() -> None:
    """1 + (2 log2(1/2) + 2 log2(3/4) + log2(1)) / 5."""
    assert tastle_wierman([3, 3, 3, 3, 3]) == pytest.approx(0.433985, abs=5e-7)


def test_a_by_hand_where_the_hole_is_inside() -> None:
    """Levels 2 and 5 of six: TDU 2, TU 2, U = (8 - 10) / 16, A = U x 4/5."""
    assert van_der_eijk([0, 8, 0, 0, 8, 0]) == pytest.approx(-0.1)


def test_two_levels_go_from_half_and_half_to_all_alike() -> None:
    assert van_der_eijk([5, 5]) == 0
    assert van_der_eijk([4, 6]) == pytest.approx(0.2)
    assert van_der_eijk([0, 6]) == 1


def test_nothing_is_measured_without_votes_or_without_a_second_level() -> None:
    for nothing in ([0, 0, 0], [7], []):
        assert van_der_eijk(nothing) is None
        assert tastle_wierman(nothing) is None
        assert fullest_pair(nothing) is None
        assert not two_camps(nothing)


@given(counts)
def test_bounds_and_mirror(votes: list[int]) -> None:
    agreement, consensus = van_der_eijk(votes), tastle_wierman(votes)
    assert agreement is not None
    assert consensus is not None
    assert -1 - 1e-12 <= agreement <= 1 + 1e-12
    assert 0 <= consensus <= 1
    assert van_der_eijk(votes[::-1]) == pytest.approx(agreement)
    assert tastle_wierman(votes[::-1]) == pytest.approx(consensus, abs=1e-9)
    assert two_camps(votes[::-1]) == two_camps(votes)


@given(counts, st.integers(2, 5))
def test_twice_the_room_with_the_same_shares_agrees_as_much(votes: list[int], times: int) -> None:
    more = [times * count for count in votes]
    assert van_der_eijk(more) == pytest.approx(van_der_eijk(votes))
    assert tastle_wierman(more) == pytest.approx(tastle_wierman(votes))
    assert fullest_pair(more) == fullest_pair(votes)


@given(counts)
def test_only_a_room_of_one_mind_has_full_agreement(votes: list[int]) -> None:
    alike = sum(count > 0 for count in votes) == 1
    assert (van_der_eijk(votes) == 1) == alike
    assert (tastle_wierman(votes) == 1) == alike


@given(counts, st.data())
def test_one_more_vote_where_most_stand_never_lowers_agreement(votes: list[int], data: st.DataObject) -> None:
    fullest = data.draw(st.sampled_from([i for i, count in enumerate(votes) if count == max(votes)]))
    more = [count + (level == fullest) for level, count in enumerate(votes)]
    before, after = van_der_eijk(votes), van_der_eijk(more)
    assert before is not None
    assert after is not None
    assert after >= before - 1e-12


def test_the_fullest_pair_is_the_lowest_of_equals() -> None:
    assert fullest_pair([0, 3, 4, 1, 2]) == (1, 0.7)
    assert fullest_pair([2, 2, 0, 2, 2]) == (0, 0.5)
    assert fullest_pair([0, 0, 9]) == (1, 1.0)


@pytest.mark.parametrize(
    ("votes", "camps"),
    [
        ([7, 1, 1, 1, 1, 7], True),
        ([0, 8, 0, 0, 8, 0], True),
        ([0, 8, 0, 8, 0, 0], True),  # A is 0.35: the valley tells
        ([6, 1, 2, 1, 2, 8], True),  # no valley of 5 %: A tells
        ([3, 3, 4, 3, 3, 4], False),
        ([0, 2, 9, 6, 1, 0], False),
        ([0, 14, 0, 0, 5, 1], True),  # just three in ten above
        ([0, 15, 0, 0, 4, 1], False),  # fewer than three in ten on one side
        ([0, 10, 10, 0, 0, 0], False),
    ],
)
def test_camps_have_a_level_between_them_that_hardly_anybody_chose(votes: list[int], camps: bool) -> None:
    assert two_camps(votes) == camps
