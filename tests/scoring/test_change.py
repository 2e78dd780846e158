"""A change of a score, and the worst-case bounds that say whether missing answers alone could explain it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.change import change, may_be_chance
from scoring.readiness import NodeScore

# A score in its interval, in sixteenths: exact, so that intervals also touch.
BOUNDS = st.tuples(*[st.integers(0, 80).map(lambda n: n / 16)] * 3).map(sorted).map(tuple)
NONE = NodeScore(None, None, None, 0.0)


def sure(score: float) -> NodeScore:
    return NodeScore(score, score, score, 1.0)


def test_without_one_of_the_two_scores_there_is_no_change_to_speak_of() -> None:
    assert change(sure(2.0), sure(3.5)) == 1.5
    assert change(NONE, sure(2.0)) is None
    assert change(sure(2.0), NONE) is None
    assert not may_be_chance(NONE, sure(2.0))


@pytest.mark.parametrize(
    ("then", "now", "chance"),
    [
        (sure(2.0), NodeScore(3.0, 1.5, 4.0, 0.5), True),
        (sure(2.0), NodeScore(3.0, 2.0, 4.0, 0.5), True),  # they touch: no change is not ruled out
        (sure(2.0), NodeScore(3.0, 2.1, 4.0, 0.5), False),
        (sure(2.0), sure(3.0), False),
        (sure(2.0), sure(2.0), False),
        (NodeScore(2.0, 1.0, 3.0, 0.5), NodeScore(2.0 + 1e-12, 1.0, 3.0, 0.5), False),
        (NodeScore(2.0, None, None, 1.0), NodeScore(3.0, 1.5, 4.0, 0.5), True),
    ],
)
def test_a_change_may_be_chance_where_the_intervals_overlap(then: NodeScore, now: NodeScore, chance: bool) -> None:
    assert may_be_chance(then, now) is chance
    assert may_be_chance(now, then) is chance


@given(BOUNDS, BOUNDS)
def test_it_may_be_chance_just_where_one_true_score_fits_both_times(
    then: tuple[float, float, float], now: tuple[float, float, float]
) -> None:
    (low, score, high), (low_now, score_now, high_now) = then, now
    fits_both = max(low, low_now) <= min(high, high_now)

    found = may_be_chance(NodeScore(score, low, high, 0.5), NodeScore(score_now, low_now, high_now, 0.5))
    assert found == (fits_both and score != score_now)
