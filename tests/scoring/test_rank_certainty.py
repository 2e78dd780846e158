"""Rank bars and chances: what holds in any room, and what a room of one mind and a split room give."""

import numpy as np
import pytest

from scoring.best_worst import BallotCounts, Choice, ballot_counts, item_scores
from scoring.rank_certainty import bars, drawn_scores, rank_certainty, reliability, top_chances
from scoring.screens import screens_for
from tests.scoring.rooms import KINDS, population, room_of, rooms

ITEMS = tuple("abcdefghij")


def _room(people: int, orders: dict[str, str]) -> BallotCounts:
    """People of each group in turn, each answering without error by the order of their group."""
    groups = list(orders)
    choices = []
    for person in range(people):
        group = groups[person % len(groups)]
        for shown in screens_for(ITEMS, person, 3):
            ranked = sorted(shown, key=orders[group].index)
            choices.append(Choice(person, group, shown, ranked[0], ranked[-1]))
    return ballot_counts(ITEMS, choices)


def test_a_room_of_one_mind_is_sure_of_its_first_and_its_last() -> None:
    found = rank_certainty(_room(60, {"industry": "abcdefghij"}), 3)
    assert [bar.item for bar in found.bars if bar.low == bar.high == bar.rank][:1] == ["a"]
    assert [round(bar.top, 3) for bar in found.bars[:2] + found.bars[-2:]] == [1, 1, 0, 0]
    assert found.ahead[0, 9] == 1
    assert found.contested() == ()


def test_a_room_split_into_opposite_halves_is_sure_of_nothing() -> None:
    found = rank_certainty(_room(40, {"industry": "abcdefghij", "government": "jihgfedcba"}), 5)
    assert len(found.contested()) >= 8
    assert np.mean([bar.high - bar.low for bar in found.bars]) > 4


def test_chances_add_up_and_bars_hold_the_rank() -> None:
    for room in rooms(11, 20, 8):
        for k in (1, 4):
            found = rank_certainty(room.counts, k, draws=300)
            m = len(found.bars)
            assert sum(bar.top for bar in found.bars) == pytest.approx(k)
            assert found.ahead + found.ahead.T == pytest.approx(np.ones((m, m)))
            assert all(1 <= bar.low <= bar.rank <= bar.high <= m for bar in found.bars)
            assert tuple(bar.rank for bar in found.bars) == tuple(each.rank for each in item_scores(room.counts))


def test_the_same_seed_gives_the_same_bars_and_another_seed_others() -> None:
    counts = rooms(12, 20, 1)[0].counts
    first = rank_certainty(counts, 3)
    assert first.bars == rank_certainty(counts, 3).bars
    assert first.bars != rank_certainty(counts, 3, seed=2).bars


def test_a_larger_k_never_lowers_a_chance() -> None:
    counts = rooms(13, 40, 1)[0].counts
    chances = np.array([[bar.top for bar in rank_certainty(counts, k).bars] for k in range(1, len(counts.items) + 1)])
    assert (np.diff(chances, axis=0) >= 0).all()
    assert chances[-1] == pytest.approx(1)


def test_ties_across_the_border_share_the_places_inside_it() -> None:
    score = np.array([[0.9, 0.2, 0.2, 0.2, -0.5]])
    assert top_chances(score, 2)[:4] == pytest.approx([1, 1 / 3, 1 / 3, 1 / 3])
    assert top_chances(score, 4).tolist() == [1, 1, 1, 1, 0]


def test_bars_end_at_ranks_that_were_drawn() -> None:
    low, high = bars(np.arange(1, 11, dtype=float)[:, None], 0.9)
    assert (low[0], high[0]) == (1, 10)
    low, high = bars(np.repeat(np.arange(1, 11, dtype=float), 10)[:, None], 0.7)
    assert (low[0], high[0]) == (2, 9)


def test_the_spread_of_the_draws_is_that_of_the_rooms_that_might_have_come() -> None:
    """In groups of five: with n instead of n - 1 people drawn it would come out a tenth too small."""
    rng = np.random.Generator(np.random.PCG64(4))
    everyone = population(rng, KINDS[1], 5, 2)
    many = [room_of(rng, everyone, 10, (0.5, 0.5), 1).counts for _ in range(300)]
    scores = np.array([[each.score for each in item_scores(counts)] for counts in many])
    drawn = np.mean([drawn_scores(counts, 400, 1).var(axis=0) for counts in many], axis=0)
    assert np.sqrt(drawn.mean() / scores.var(axis=0, ddof=1).mean()) == pytest.approx(1, abs=0.05)


def test_what_is_luck_is_told_by_the_draws() -> None:
    seen = np.array([0.6, 0.2, -0.2, -0.6])  # variance 0.8 / 3
    assert reliability(seen, np.stack([seen, seen])) == 1
    assert reliability(seen, np.stack([seen + 0.2, seen - 0.2])) == pytest.approx(1 - 0.04 / (0.8 / 3))
    assert reliability(seen, np.stack([seen + 2, seen - 2])) == 0.05
    assert reliability(np.zeros(4), np.zeros((2, 4))) == 0.05


def test_a_room_that_answers_at_random_leaves_its_first_item_open() -> None:
    """Somebody is always first: 20 people who tap at random must not be told that it is settled."""
    rng = np.random.Generator(np.random.PCG64(3))
    sure = 0
    for seed in range(20):
        choices = []
        for person in range(20):
            for shown in screens_for(ITEMS, person, seed):
                best, worst = rng.permutation(shown)[:2].tolist()
                choices.append(Choice(person, "industry", shown, best, worst))
        found = rank_certainty(ballot_counts(ITEMS, choices), 3, draws=400)
        sure += max(bar.top for bar in found.bars) > 0.9
    assert sure <= 6


def test_draws_are_made_within_groups() -> None:
    """Two groups of opposite minds, each of one mind: no draw changes a group's share, so no draw differs."""
    items = tuple("abcd")
    choices = [Choice(n, "xy"[n % 2], items, *(("a", "d") if n % 2 else ("d", "a"))) for n in range(20)]
    assert np.ptp(drawn_scores(ballot_counts(items, choices), 200, 1)) == 0


@pytest.mark.parametrize("people", [0, 1, 4])
def test_below_five_people_nothing_is_said(people: int) -> None:
    found = rank_certainty(_room(people, {"industry": "abcdefghij"}), 3)
    assert {(bar.low, bar.high, bar.top) for bar in found.bars} == {(1.0, 10.0, 0.3)}
    assert set(found.contested()) == set(ITEMS)
    assert (found.ahead == 0.5).all()


@pytest.mark.parametrize("wrong", [{"k": 0}, {"k": 11}, {"draws": 0}, {"level": 1.0}], ids=str)
def test_impossible_questions_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="k is from 1"):
        rank_certainty(_room(5, {"industry": "abcdefghij"}), **{"k": 3, **wrong})  # type: ignore[arg-type]
