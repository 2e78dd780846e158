"""What an answer is worth: even levels, named scores, capped options, lines and bands."""

import math

import numpy as np
import pytest

from questionnaires.schema import NumberAnswer, Scale
from scoring.ladders import level_scores, number_scores
from scoring.readiness import level_of, readiness, score_with
from tests.scoring.building import answer, build, dimension, question

FIVE = Scale(min=0, max=5)
LINE = [[0, 0], [1, 1], [2.5, 2], [7.5, 3], [10, 4], [100, 5]]


def scores_of(scale: dict[str, float] | None = None, **kind: object) -> tuple[float, ...]:
    questionnaire = build([dimension("d", question("q", **kind))], scale=scale or {"min": 0, "max": 5})
    return level_scores(questionnaire, questionnaire.questions["q"])


def test_levels_share_the_scale_evenly() -> None:
    assert scores_of(levels=["a", "b", "c", "d", "e", "f"]) == (0, 1, 2, 3, 4, 5)
    assert scores_of(levels=["a", "b", "c", "d"]) == pytest.approx((0, 5 / 3, 10 / 3, 5))
    assert scores_of({"min": 1, "max": 5}, levels=["a", "b", "c"]) == (1, 3, 5)
    assert scores_of({"min": 0, "max": 100}, levels=["a", "b", "c", "d"])[-1] == 100


def test_a_level_that_names_its_score_keeps_it_and_the_others_stay_where_they_were() -> None:
    assert scores_of(levels=["a", "b", {"text": "c", "score": 3.5}, "d", "e", "f"]) == (0, 1, 3.5, 3, 4, 5)
    assert scores_of(levels=["a", {"text": "b", "score": 0}])[1] == 0


def test_a_score_outside_the_scale_is_held_at_its_end() -> None:
    assert scores_of(levels=[{"text": "a", "score": -1}, {"text": "b", "score": 9}]) == (0, 5)


def test_options_count_up_to_their_cap() -> None:
    of = ["ERP", "MES", "PLM", "CAD"]
    assert scores_of(options={"of": of}) == (0, 1.25, 2.5, 3.75, 5)
    assert scores_of(options={"of": of, "cap": 3}) == pytest.approx((0, 5 / 3, 10 / 3, 5, 5))
    assert scores_of(options={"of": of, "cap": 9}) == (0, 1.25, 2.5, 3.75, 5)
    assert scores_of({"min": 1, "max": 5}, options={"of": of, "cap": 1}) == (1, 5, 5, 5, 5)


@pytest.mark.parametrize(
    ("value", "score"),
    [(0, 0), (1, 1), (1.75, 1.5), (2.5, 2), (7.5, 3), (10, 4), (55, 4.5), (100, 5), (-3, 0), (999, 5)],
)  # fmt: skip
def test_a_line_runs_straight_between_its_points_and_level_beyond_its_ends(value: float, score: float) -> None:
    number = NumberAnswer.model_validate({"min": 0, "max": 100, "score": [tuple(p) for p in LINE]})
    assert number_scores(number, FIVE, np.array([value], dtype=float))[0] == pytest.approx(score)


def test_a_line_may_fall() -> None:
    number = NumberAnswer.model_validate({"min": 0, "max": 10, "score": [(2, 5), (4, 0)]})
    assert number_scores(number, FIVE, np.array([0.0, 2.0, 3.0, 4.0, 9.0])).tolist() == [5, 5, 2.5, 0, 0]


@pytest.mark.parametrize(("value", "score"), [(0, 0), (19.999, 0), (20, 2), (49, 2), (50, 5), (100, 5)])
def test_a_band_counts_from_its_value_on(value: float, score: float) -> None:
    number = NumberAnswer.model_validate({"min": 0, "max": 100, "bands": [(0, 0), (20, 2), (50, 5)]})
    assert number_scores(number, FIVE, np.array([value], dtype=float))[0] == score


def test_below_the_first_band_is_the_bottom_of_the_scale() -> None:
    number = NumberAnswer.model_validate({"min": 0, "max": 100, "bands": [(10, 4)]})
    assert number_scores(number, Scale(min=1, max=5), np.array([9.0, 10.0])).tolist() == [1, 4]


def test_a_number_without_points_or_bands_is_the_score_held_inside_the_scale() -> None:
    number = NumberAnswer.model_validate({"min": 0, "max": 100})
    assert number_scores(number, FIVE, np.array([3.25, 7.0])).tolist() == [3.25, 5]


def test_no_answer_has_no_score_whatever_the_rule() -> None:
    for rule in ({}, {"score": [(0, 0), (100, 5)]}, {"bands": [(0, 0), (20, 2)]}):
        number = NumberAnswer.model_validate({"min": 0, "max": 100, **rule})
        assert math.isnan(number_scores(number, FIVE, np.array([np.nan]))[0])


def test_the_levels_of_a_number_are_its_points_or_bands() -> None:
    assert scores_of(number={"min": 0, "max": 100, "score": [tuple(p) for p in LINE]}) == (0, 1, 2, 3, 4, 5)
    assert scores_of(number={"min": 0, "max": 100, "bands": [(0, 0), (20, 2), (50, 5)]}) == (0, 2, 5)
    assert scores_of(number={"min": 0, "max": 5}) == ()


def test_what_if_asks_for_a_level_of_any_kind_of_question() -> None:
    questionnaire = build(
        [
            dimension(
                "d",
                question("ladder", levels=["a", "b", "c", "d", "e", "f"]),
                question("tools", options={"of": ["ERP", "MES", "PLM", "CAD"]}),
                question("share", number={"min": 0, "max": 100, "bands": [(0, 0), (20, 2), (50, 5)]}),
            )
        ]
    )
    today = answer({"ladder": 1, "tools": ["PLM"], "share": 25})
    assert readiness(questionnaire, today).questions == {"ladder": 1, "tools": 1.25, "share": 2}
    then = score_with(questionnaire, today, {"ladder": 4, "tools": 3, "share": 2})
    assert then.questions == {"ladder": 4, "tools": 3.75, "share": 5}
    assert then.overall.score == 4.25
    assert score_with(questionnaire, today, {}).questions == readiness(questionnaire, today).questions
    for beyond in ({"ladder": 6}, {"ladder": -1}, {"tools": 5}, {"share": 3}):
        with pytest.raises(ValueError, match="has no level"):
            score_with(questionnaire, today, beyond)


def test_an_answer_stands_at_a_level() -> None:
    questionnaire = build(
        [
            dimension(
                "d",
                question("ladder", levels=["a", "b"]),
                question("tools", options={"of": ["ERP", "MES"]}),
                question("share", number={"min": 0, "max": 100, "bands": [(10, 0), (20, 2), (50, 5)]}),
                question("raw"),
            )
        ]
    )
    asked = questionnaire.questions
    assert level_of(asked["ladder"], 1) == 1
    assert level_of(asked["tools"], ("MES", "ERP")) == 2
    assert [level_of(asked["share"], v) for v in (0, 10, 19, 20, 50, 100)] == [0, 0, 0, 1, 2, 2]
    assert level_of(asked["raw"], 3.3) is None
    assert level_of(asked["ladder"], "unknown") is None
    assert level_of(asked["ladder"], None) is None
