"""Stored scores and their words: rounding as on paper, edges free of floating-point noise."""

import math

import numpy as np
import pytest

from questionnaires.schema import Profiles, Scale
from scoring.readiness import readiness
from scoring.rounding import profile_rows, stored
from tests.scoring.building import answer, build, dimension, question


@pytest.mark.parametrize(
    ("score", "decimals", "expected"),
    [
        (2.675, 2, 2.68), (1.005, 2, 1.01), (0.285, 2, 0.29), (2.5, 0, 3), (3.5, 0, 4), (-2.5, 0, -3), (-0.4, 0, 0),
        (2.4999, 0, 2), (2.67499, 2, 2.67), (2.6750001, 2, 2.68), (1.15, 1, 1.2), (4.35, 1, 4.4), (99.995, 2, 100),
        (0.1 + 0.2, 1, 0.3), (1.4499999999999997, 1, 1.5), (0.125, 2, 0.13), (5.0, 2, 5.0), (1 / 3, 9, 0.333333333),
    ],
)  # fmt: skip
def test_half_is_rounded_away_from_zero_on_the_decimal_figure(score: float, decimals: int, expected: float) -> None:
    found = stored(np.array([score]), decimals)[0]
    assert found == expected
    assert math.copysign(1, found) == 1 or expected < 0


def test_without_decimals_nothing_moves_and_no_score_stays_none() -> None:
    scores = np.array([1 / 3, np.nan])
    assert stored(scores, None) is scores
    assert math.isnan(stored(np.array([np.nan, 2.675]), 2)[0])


def words(closed: str, *scores: float) -> list[int]:
    bins = [{"id": f"b{e}", "title": "b", "from": e} for e in (0, 2, 3)]
    profiles = Profiles.model_validate({"closed": closed, "bins": bins})
    return profile_rows(profiles, Scale(min=0, max=5), np.array(scores)).tolist()


def test_closed_lower_an_edge_belongs_to_the_bin_that_starts_there() -> None:
    assert words("lower", 0, 1.99, 2, 2.99, 3, 5) == [0, 0, 1, 1, 2, 2]


def test_closed_upper_an_edge_belongs_to_the_bin_that_ends_there() -> None:
    assert words("upper", 0, 0.01, 2, 2.01, 3, 3.01, 5) == [0, 0, 0, 1, 1, 2, 2]


def test_floating_point_noise_never_moves_a_score_over_an_edge() -> None:
    assert words("lower", 2 - 1e-12, 2 + 1e-12, 2 - 1e-6) == [1, 1, 0]
    assert words("upper", 2 - 1e-12, 2 + 1e-12, 2 + 1e-6) == [0, 0, 1]


def test_no_score_has_no_word() -> None:
    assert words("lower", math.nan) == [-1]


def test_the_word_is_that_of_the_stored_score_and_parents_use_unrounded_children() -> None:
    bins = [{"id": "low", "title": "Low", "from": 0}, {"id": "high", "title": "High", "from": 2}]
    questionnaire = build(
        [dimension("d", question("a"), question("b")), dimension("e", question("c"))],
        round=1,
        profiles={"bins": bins},
    )
    found = readiness(questionnaire, answer({"a": 1.85, "b": 1.87, "c": 1.96}))
    assert (found.nodes["d"].score, found.nodes["e"].score) == (1.9, 2.0)
    assert found.overall.score == 1.9  # (1.86 + 1.96) / 2 = 1.91; from the rounded children it would be 2.0
    assert found.questions == {"a": 1.9, "b": 1.9, "c": 2.0}
    assert found.profile is not None
    assert found.profile.id == "low"
    raised = readiness(questionnaire, answer({"a": 1.96, "b": 1.96, "c": 1.96}))
    assert raised.profile is not None
    assert raised.profile.id == "high"  # 1.96 is stored as 2.0
    partly = readiness(questionnaire, answer({"a": 1.93, "c": 2.04}))
    assert (partly.nodes["d"].low, partly.nodes["d"].high) == (1.0, 3.5)
