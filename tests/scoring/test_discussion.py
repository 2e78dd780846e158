"""What a room talks about first, and the reason that is given for it."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.agreement import AgreementRule
from scoring.discussion import Code, Topic, discussion
from scoring.dispersion import GroupDispersions, Vote, dispersions, of_counts

votes = st.lists(st.integers(0, 8), min_size=6, max_size=6)


def room(counts: list[int], unknown: int = 0) -> GroupDispersions:
    return GroupDispersions(of_counts(counts, unknown), {}, {})


def codes(votes: GroupDispersions) -> list[Code]:
    return [reason.code for reason in discussion([Topic("q", votes, 1, 1)])[0].reasons]


@pytest.mark.parametrize(
    ("votes", "reasons"),
    [
        (room([0, 1, 9, 6, 0, 0]), []),
        (room([7, 1, 1, 1, 1, 7]), ["camps"]),
        (room([4, 4, 4, 4, 4, 4]), ["no_view"]),
        (room([2, 5, 4, 6, 1, 0]), ["scattered"]),
        (room([0, 1, 9, 6, 0, 0], unknown=12), ["many_unknown"]),
        (room([0, 0, 2, 0, 0, 0], unknown=12), ["many_unknown", "too_few_votes"]),
        (room([0, 0, 0, 1, 0, 0], unknown=1), ["many_unknown", "too_few_votes"]),
        (dispersions({"a": [1] * 8 + [2] * 4, "b": [4] * 8}, 6), ["camps", "groups_differ"]),
        (dispersions({"a": [1, 2], "b": [4]}, 6), ["too_few_votes"]),
    ],
)
def test_every_item_says_why(votes: GroupDispersions, reasons: list[Code]) -> None:
    assert codes(votes) == reasons


def test_reasons_carry_their_figures() -> None:
    split: dict[str, list[Vote]] = {"a": [1] * 10, "b": [4] * 10, "c": ["unknown"] * 12}
    item = discussion([Topic("q", dispersions(split, 6), 1, 1)])[0]
    found = {reason.code: reason for reason in item.reasons}
    assert found["camps"].figure == pytest.approx(-0.1)
    assert (found["groups_differ"].figure, found["groups_differ"].groups) == (3, ("b", "a"))
    assert found["many_unknown"].figure == 12 / 32
    assert item.difference is not None
    assert item.agreement is not None
    assert item.agreement.level == 1


def test_the_terms_by_hand() -> None:
    camps, agreed = Topic("camps", room([5, 0, 0, 0, 0, 5]), 2, 0.1), Topic("agreed", room([10, 0, 0, 0, 0, 0]), 4, 0.2)
    half = Topic("half", room([0, 0, 10, 0, 0, 0], unknown=10), 4, 0.2)
    first, second, third = discussion([agreed, half, camps])
    assert (first.question, second.question, third.question) == ("camps", "half", "agreed")
    assert (first.spread_term, first.importance, first.disagreement) == (1, 0.25, 1)
    assert first.worth == pytest.approx(0.25 + 0.75 * 0.25)
    assert (second.unknown_term, second.worth) == (0.25, 0.25)
    assert (third.worth, third.rank) == (0, 3)


def test_half_of_a_difference_counts_as_found_and_half_as_sure() -> None:
    item = discussion([Topic("q", dispersions({"a": [4] * 6, "b": [2] * 6}, 6), 1, 1)])[0]
    assert item.difference is not None
    assert 1 < item.difference.interval[0] < 2
    assert item.difference_term == pytest.approx((2 + item.difference.interval[0]) / 2 / 5)
    unsure = discussion([Topic("q", dispersions({"a": [0, 0, 5, 5, 5], "b": [0, 0, 0, 5, 5]}, 6), 1, 1)])[0]
    assert unsure.difference_term == pytest.approx(1 / 2 / 5)


def test_a_room_that_may_not_be_shown_comes_last_and_says_so() -> None:
    hidden = Topic("hidden", dispersions({"a": [0, 5]}, 6), 5, 1)
    first, last = discussion([hidden, Topic("agreed", room([9, 0, 0, 0, 0, 0]), 0, 0)])
    assert (first.question, last.question, last.rank, last.worth) == ("agreed", "hidden", 2, 0)
    assert last.agreement is None


def test_ties_stay_in_the_order_given_and_nothing_is_no_list() -> None:
    same = [Topic(name, room([5, 0, 0, 0, 0, 5]), 1, 1) for name in "cab"]
    assert [item.question for item in discussion(same)] == ["c", "a", "b"]
    assert discussion([]) == ()


def test_a_disagreement_without_a_gap_is_worth_a_quarter() -> None:
    gap, none = discussion([Topic("none", room([5, 0, 0, 5]), 0, 1), Topic("gap", room([5, 0, 0, 5]), 1, 1)])
    assert (gap.question, gap.worth, none.worth) == ("gap", 1, 0.25)
    assert discussion([Topic("none", room([5, 0, 0, 5]), 0, 1)])[0].worth == 0.25


def test_the_rule_decides_what_counts_as_agreed() -> None:
    strict = AgreementRule(least_agreement=1)
    topic = Topic("q", room([0, 1, 9, 6, 0, 0]), 1, 1)
    assert [reason.code for reason in discussion([topic], strict)[0].reasons] == ["scattered"]


@pytest.mark.parametrize(("gap", "weight"), [(-1, 1), (1, -0.1)])
def test_a_gap_or_weight_below_nothing_is_refused(gap: float, weight: float) -> None:
    with pytest.raises(ValueError, match="not below 0"):
        discussion([Topic("q", room([1, 1]), gap, weight)])


topics = st.lists(st.tuples(votes, votes, st.integers(0, 8), st.floats(0, 5), st.floats(0, 1)), min_size=1, max_size=6)


def build(rows: list[tuple[list[int], list[int], int, float, float]]) -> list[Topic]:
    made = []
    for place, (first, second, unknown, gap, weight) in enumerate(rows):
        cast: list[list[Vote]] = [
            [level for level, count in enumerate(counts) for _ in range(count)] for counts in (first, second)
        ]
        groups = dispersions({"a": [*cast[0], *["unknown"] * unknown], "b": cast[1]}, 6)  # type: ignore[list-item]
        made.append(Topic(f"q{place}", groups, gap, weight))
    return made


@given(topics)
def test_terms_keep_their_bounds_and_the_order_is_by_worth(
    rows: list[tuple[list[int], list[int], int, float, float]],
) -> None:
    items = discussion(build(rows))
    assert [item.rank for item in items] == list(range(1, len(rows) + 1))
    for item in items:
        terms = (
            item.worth,
            item.disagreement,
            item.spread_term,
            item.difference_term,
            item.unknown_term,
            item.importance,
        )
        assert all(-1e-12 <= term <= 1 + 1e-12 for term in terms)
        assert item.worth <= item.disagreement + 1e-12
        assert item.disagreement >= max(item.spread_term, item.difference_term, item.unknown_term) - 1e-12
    shown = [item.worth for item in items if item.agreement is not None]
    assert all(later <= earlier + 1e-11 for earlier, later in pairwise(shown))


@given(topics, st.floats(1, 4))
def test_more_weight_never_sends_a_question_back(
    rows: list[tuple[list[int], list[int], int, float, float]], times: float
) -> None:
    made = build(rows)
    before = {item.question: item.rank for item in discussion(made)}
    heavier = [replace(made[0], weight=made[0].weight * times), *made[1:]]
    after = {item.question: item.rank for item in discussion(heavier)}
    assert after["q0"] <= before["q0"]


@given(votes, votes)
def test_a_mirrored_ladder_is_worth_as_much(first: list[int], second: list[int]) -> None:
    straight = discussion(build([(first, second, 2, 1, 1)]))[0]
    mirrored = discussion(build([(first[::-1], second[::-1], 2, 1, 1)]))[0]
    assert mirrored.worth == pytest.approx(straight.worth)
