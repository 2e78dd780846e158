"""Best-worst scores: counted by hand, against published numbers, and with equal voices for unequal groups."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.best_worst import Choice, ballot_counts, item_scores, mid_ranks, pairwise, shares, utilities
from tests.scoring.rooms import rooms

ITEMS = ("a", "b", "c", "d", "e")

# Lipovetsky and Conklin (2014), J. Choice Modelling 10, Table 6: 17 items; times shown, best, worst.
SHOWN = (7145, 7144, 7144, 7144, 7145, 7145, 7144, 7146, 8166, 7145, 7144, 7144, 7145, 7144, 7145, 7144, 7146)
BEST = (1733, 968, 5218, 2704, 2307, 692, 1816, 689, 2483, 1422, 362, 2589, 4158, 825, 829, 859, 966)
WORST = (1324, 2139, 113, 1010, 772, 3986, 1438, 2397, 1041, 1538, 4597, 966, 305, 2875, 2256, 2259, 1604)


def _choice(person: int, shown: str, best: str | None, worst: str | None, group: str = "industry") -> Choice:
    return Choice(person, group, tuple(shown), best, worst)


def _five(group: str, first: int, best: str, worst: str, shown: str = "abcd", people: int = 5) -> list[Choice]:
    return [_choice(first + n, shown, best, worst, group) for n in range(people)]


def test_a_screen_counts_for_what_was_shown_best_and_worst() -> None:
    counts = ballot_counts(
        ITEMS, [_choice(3, "abcd", "a", "d"), _choice(3, "abce", "a", "b"), _choice(9, "bcde", "b", "c")]
    )
    assert counts.people == (3, 9)
    assert counts.net.tolist() == [[2, -1, 0, -1, 0], [0, 1, -1, 0, 0]]
    assert counts.shown.tolist() == [[2, 2, 2, 1, 1], [0, 1, 1, 1, 1]]


def test_best_and_worst_of_four_settle_five_of_six_pairs() -> None:
    wins = ballot_counts(ITEMS, [_choice(1, "bdac", "a", "d")]).wins[0]
    assert sorted((ITEMS[i], ITEMS[j]) for i, j in np.argwhere(wins)) == [
        ("a", "b"), ("a", "c"), ("a", "d"), ("b", "d"), ("c", "d"),
    ]  # fmt: skip


def test_a_skipped_screen_counts_for_nothing_nor_does_who_skips_them_all() -> None:
    counts = ballot_counts(
        ITEMS, [_choice(1, "abcd", "a", "d"), _choice(1, "bcde", None, None), _choice(2, "abcd", None, None)]
    )
    assert counts.people == (1,)
    assert counts.shown.tolist() == [[1, 1, 1, 1, 0]]


@pytest.mark.parametrize(("best", "worst"), [("a", None), (None, "a"), ("a", "a"), ("a", "e"), ("e", "a")])
def test_half_a_choice_and_a_choice_of_what_was_not_shown_are_refused(best: str | None, worst: str | None) -> None:
    with pytest.raises(ValueError, match="two different items of the screen"):
        _choice(1, "abcd", best, worst)


def test_a_person_in_two_groups_and_an_unknown_item_are_refused() -> None:
    with pytest.raises(ValueError, match="two groups"):
        ballot_counts(ITEMS, [_choice(1, "abcd", "a", "d"), _choice(1, "abcd", "a", "d", "government")])
    with pytest.raises(ValueError, match="not on the list"):
        ballot_counts(ITEMS, [_choice(1, "abcx", "a", "b")])


def test_a_group_of_five_has_as_much_voice_as_one_of_fifteen() -> None:
    counts = ballot_counts(ITEMS, [*_five("industry", 0, "a", "b", people=15), *_five("government", 20, "b", "a")])
    scores = {each.item: each for each in item_scores(counts)}
    assert (scores["a"].score, scores["b"].score) == (0, 0)
    assert (scores["a"].pooled, scores["b"].pooled) == (0.5, -0.5)
    assert scores["a"].by_block == (-1.0, 1.0)  # government, industry
    assert scores["e"].by_block == (None, None)


def test_a_group_below_five_is_counted_with_the_largest_and_not_shown_alone() -> None:
    counts = ballot_counts(
        ITEMS, [*_five("industry", 0, "a", "b", people=6), *_five("government", 20, "b", "a", people=2)]
    )
    assert [block.groups for block in counts.blocks] == [("industry", "government")]
    assert item_scores(counts)[0].by_block == (0.5,)


def test_a_room_below_five_people_shows_no_block() -> None:
    counts = ballot_counts(ITEMS, _five("industry", 0, "a", "b", people=4))
    assert item_scores(counts)[0].by_block == (None,)


@pytest.mark.parametrize(("items", "marked"), [("abcdefg", {"a", "g"}), ("abcdg", set())])
def test_items_that_the_weight_of_groups_moves_by_three_ranks_are_marked(items: str, marked: set[str]) -> None:
    choices = [*_five("industry", 0, "a", "g", "abcg", 40), *_five("government", 50, "g", "a", "abcg")]
    scores = item_scores(ballot_counts(items, choices))
    middle = (len(items) + 1) / 2
    ends = {each.item: (each.rank, each.pooled_rank) for each in scores if each.item in "ag"}
    assert ends == {"a": (middle, 1.0), "g": (middle, len(items))}
    assert {each.item for each in scores if each.differs} == marked


def test_an_item_nobody_was_shown_and_an_empty_room_stand_in_the_middle() -> None:
    empty = item_scores(ballot_counts(ITEMS, []))
    assert [(each.score, each.rank) for each in empty] == [(0.0, 3.0)] * 5
    scores = item_scores(ballot_counts(ITEMS, _five("industry", 0, "a", "d")))
    assert scores[4].score == 0.0


def test_ties_share_the_mean_of_their_places() -> None:
    assert mid_ranks(np.array([0.5, 0.1 + 0.2, 0.3, -1.0])).tolist() == [1.0, 2.5, 2.5, 4.0]


def test_the_preference_of_a_pair_is_the_mean_of_the_blocks_that_compared_it() -> None:
    counts = ballot_counts(
        ITEMS, [*_five("industry", 0, "a", "b", people=15), *_five("government", 20, "b", "a", "abce")]
    )
    share, pooled = pairwise(counts), pairwise(counts, equal_blocks=False)
    assert share[0, 1] == 0.5
    assert pooled[0, 1] == 0.75
    assert share[0, 3] == 1.0  # only industry saw d
    assert share[3, 4] == 0.5  # nobody saw d and e together


@pytest.mark.parametrize(("shown", "best", "worst", "b"), [(7145, 1733, 1324, 0.115), (100, 40, 10, 0.619)])
def test_the_closed_form_utilities_are_the_published_ones(shown: int, best: int, worst: int, b: float) -> None:
    assert utilities(np.array([best - worst]), np.array([shown]), extra=0)[0] == pytest.approx(b, abs=0.0005)


def test_one_extra_showing_moves_the_utilities_of_a_large_survey_by_less_than_a_thousandth() -> None:
    net = np.array(BEST) - np.array(WORST)
    published, ours = utilities(net, np.array(SHOWN), extra=0), utilities(net, np.array(SHOWN))
    assert sum(BEST) == sum(WORST)
    assert np.abs(published - ours).max() < 0.001
    assert shares(ours).sum() == pytest.approx(1)
    assert np.argsort(-shares(ours)).tolist() == np.argsort(-net / np.array(SHOWN)).tolist()


def test_an_item_chosen_every_time_stays_finite_and_without_an_extra_showing_is_refused() -> None:
    net, shown = np.array([10, -10, 0, 0]), np.array([10, 10, 10, 0])
    kept = utilities(net, shown)
    assert kept == pytest.approx([np.log(21), -np.log(21), 0, 0])
    with pytest.raises(ValueError, match="extra"):
        utilities(net, shown, extra=0)


def test_leaving_people_out_is_the_room_counted_without_them() -> None:
    room = rooms(5, 20, 1)[0]
    stay = [choice for choice in room.choices if choice.person not in (0, 7)]
    without, anew = room.counts.without([0, 7]), ballot_counts(room.counts.items, stay)
    assert without.people == anew.people
    assert without.blocks == anew.blocks
    assert item_scores(without) == item_scores(anew)
    assert (pairwise(without) == pairwise(anew)).all()


@given(st.integers(0, 2**32 - 1))
def test_any_room_gives_scores_and_preferences_within_their_bounds(seed: int) -> None:
    rng = np.random.Generator(np.random.PCG64(seed))
    choices = []
    for person in range(int(rng.integers(0, 12))):
        for _ in range(int(rng.integers(0, 5))):
            shown = tuple(rng.permutation(list(ITEMS))[: rng.integers(2, 6)])
            taps = (shown[0], shown[-1]) if rng.random() < 0.9 else (None, None)
            choices.append(Choice(person, "ab"[person % 2], shown, *taps))
    counts = ballot_counts(ITEMS, choices)
    scores, share = item_scores(counts), pairwise(counts)
    assert counts.net.sum() == 0
    assert all(-1 <= each.score <= 1 and -1 <= each.pooled <= 1 for each in scores)
    assert sum(each.rank for each in scores) == 15
    assert share + share.T == pytest.approx(np.ones((5, 5)))
