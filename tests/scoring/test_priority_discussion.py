"""What to talk about after round one: open places first, the more so where groups differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.best_worst import ItemScore
from scoring.priority_discussion import disagreements
from scoring.rank_certainty import RankBar

CHANCES = st.floats(0, 1)
SCORES = st.none() | st.floats(-1, 1)


def score(item: str, *by_block: float | None) -> ItemScore:
    return ItemScore(item, 0.0, 1.0, 0.0, 1.0, by_block)


def bar(item: str, top: float) -> RankBar:
    return RankBar(item, 1.0, 1.0, 2.0, top)


def test_an_even_chance_with_groups_at_opposite_ends_is_worth_most_and_a_settled_place_nothing() -> None:
    found = disagreements(
        [score("settled", 1, -1), score("open", 0.2, 0.2), score("both", 1, -1)],
        [bar("settled", 1.0), bar("open", 0.5), bar("both", 0.5)],
    )
    assert [(each.item, each.turn, each.worth) for each in found] == [
        ("both", 1, 1.0),
        ("open", 2, 0.5),
        ("settled", 3, 0.0),
    ]


def test_the_difference_is_that_of_the_blocks_farthest_apart_and_unshown_ones_have_no_part() -> None:
    found = disagreements([score("a", 0.5, None, -0.25, 0.0)], [bar("a", 0.5)])
    assert (found[0].difference, found[0].difference_term) == (0.75, 0.375)
    assert disagreements([score("a", 0.5, None)], [bar("a", 0.5)])[0].difference is None


def test_equal_worth_keeps_the_order_given() -> None:
    items = ["b", "a", "c"]
    found = disagreements([score(item, 0.0) for item in items], [bar(item, 0.3) for item in items])
    assert [each.item for each in found] == items


@given(st.lists(st.tuples(CHANCES, st.lists(SCORES, max_size=4)), max_size=8))
def test_terms_lie_between_0_and_1_and_more_difference_never_makes_it_worth_less(
    gaps: list[tuple[float, list[float | None]]],
) -> None:
    scores = [score(str(n), *by_block) for n, (_, by_block) in enumerate(gaps)]
    bars = [bar(str(n), top) for n, (top, _) in enumerate(gaps)]
    found = {each.item: each for each in disagreements(scores, bars)}
    assert sorted(each.turn for each in found.values()) == list(range(1, len(gaps) + 1))
    wider = [score(each.item, *each.by_block, 1.0, -1.0) for each in scores]
    for each in disagreements(wider, bars):
        before = found[each.item]
        assert 0 <= before.open_term <= 1
        assert 0 <= before.difference_term <= 1
        assert before.worth <= each.worth + 1e-12 <= 1 + 1e-9


def test_an_item_without_its_bar_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        disagreements([score("a")], [])
