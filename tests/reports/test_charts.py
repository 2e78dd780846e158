"""Marks: where a score lies on its track, how long a bar is, and what tone a level has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.schema import Scale
from reports import charts

FIVE = Scale(min=0, max=5)
HUNDRED = Scale(min=0, max=100)
COLUMNS = ((0.0, 3.0), (3.0, 12.0), (12.0, 36.0))


def test_a_short_scale_is_labelled_at_every_whole_number_and_a_long_one_at_six() -> None:
    assert charts.ticks(FIVE) == (0, 1, 2, 3, 4, 5)
    assert charts.ticks(Scale(min=1, max=4)) == (1, 2, 3, 4)
    assert charts.ticks(HUNDRED) == (0, 20, 40, 60, 80, 100)
    assert len(charts.ticks(Scale(min=0, max=2.5))) == 6


@pytest.mark.parametrize(("score", "place"), [(0, 8), (1, 25), (2.5, 50), (5, 92)])
def test_a_score_lies_in_the_middle_of_its_ticks_column(score: float, place: int) -> None:
    # Six columns: the middle of the first is 100 / 12 = 8.3 per cent, of the last 91.7.
    assert charts.place(FIVE, score) == place


@given(st.floats(0, 100), st.floats(0, 100))
def test_a_higher_score_never_lies_before_a_lower_one(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= charts.place(HUNDRED, low) <= charts.place(HUNDRED, high) <= 100


@pytest.mark.parametrize(("score", "tone"), [(0, 0), (0.99, 0), (1, 1), (3.9, 3), (5, 5)])
def test_a_tone_is_reached_and_never_rounded_up_to(score: float, tone: int) -> None:
    assert charts.tone(FIVE, score) == tone


def test_a_level_is_not_lost_to_floating_point_noise() -> None:
    assert charts.tone(FIVE, 0.6 * 5) == 3
    assert charts.tone(Scale(min=0, max=1), 0.1 + 0.5) == 3


def test_a_bar_fills_its_track_for_the_largest_and_is_seen_for_the_smallest() -> None:
    assert charts.share(3.0, 3.0) == 100
    assert charts.share(0.001, 3.0) == charts.SHORTEST
    assert charts.share(0.0, 3.0) == 0
    assert charts.share(1.0, 0.0) == 0


def test_a_bar_over_months_fills_the_columns_of_its_phases() -> None:
    assert charts.span(0, 3, COLUMNS) == (0, 33)
    assert charts.span(3, 12, COLUMNS) == (33, 33)
    assert charts.span(12, 36, COLUMNS) == (67, 33)
    assert charts.span(0, 36, COLUMNS) == (0, 100)


@given(st.floats(0, 36), st.floats(0, 36))
def test_a_bar_never_leaves_its_track(one: float, other: float) -> None:
    start, length = charts.span(min(one, other), max(one, other), COLUMNS)
    assert start >= 0
    assert charts.SHORTEST <= length <= 100
    assert start + length <= 100
