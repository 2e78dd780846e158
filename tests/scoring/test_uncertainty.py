"""How far a score and its word move with the weights, with the rule, and with one answer."""

import pytest

from scoring.readiness import MissingAnswers, readiness
from scoring.uncertainty import OneLevel, one_level, rule_comparison, weight_sensitivity
from tests.scoring.building import answer, build, dimension, question

BINS = {"bins": [{"id": "low", "title": "Low", "from": 0}, {"id": "high", "title": "High", "from": 2.5}]}
PAIR = [dimension("d", question("a", weight=1), question("b", weight=1))]


def test_the_interval_of_two_weights_is_the_one_known_exactly() -> None:
    """Scores 0 and 5, weights u and v uniform in [0.8, 1.2]: the score is 5 v / (u + v), so v = r u at r = s / (5 - s).

    For r < 1 the chance of less is a triangle of the square of u and v: (1.2 r - 0.8)^2 / (2 r) of 0.16.
    """
    questionnaire = build(PAIR, profiles=BINS)
    found = weight_sensitivity(questionnaire, answer({"a": 0, "b": 5}), draws=200_000)
    assert found is not None
    ratio = found.low / (5 - found.low)
    below = (1.2 * ratio - 0.8) ** 2 / (2 * ratio * 0.16)
    assert below == pytest.approx(0.05, abs=0.002)
    assert found.low + found.high == pytest.approx(5, abs=0.01)
    assert found.labels["high"] == pytest.approx(0.5, abs=0.005)
    assert found.labels["low"] + found.labels["high"] == 1


def test_weights_of_dimensions_move_too_and_each_on_its_own() -> None:
    questionnaire = build([dimension("d", question("a")), dimension("e", question("b"))], profiles=BINS)
    found = weight_sensitivity(questionnaire, answer({"a": 0, "b": 5}))
    assert found is not None
    assert found.low < 2.4
    assert found.high > 2.6


def test_weights_do_not_matter_where_every_answer_is_the_same_or_the_error_is_none() -> None:
    questionnaire = build(PAIR, profiles=BINS)
    same = weight_sensitivity(questionnaire, answer({"a": 3, "b": 3}))
    assert same is not None
    assert (same.low, same.high, same.labels) == (3, 3, {"low": 0.0, "high": 1.0})
    none = weight_sensitivity(questionnaire, answer({"a": 1, "b": 2}), error=0)
    assert none is not None
    assert (none.low, none.high) == (1.5, 1.5)


def test_a_larger_error_widens_the_interval_around_the_score() -> None:
    questionnaire = build([dimension("d", *[question(f"q{i}", weight=1 + i) for i in range(6)])], profiles=BINS)
    answers = answer({f"q{i}": i for i in range(6)})
    score = readiness(questionnaire, answers).overall.score
    widths = []
    for error in (0.05, 0.2, 0.5):
        found = weight_sensitivity(questionnaire, answers, error)
        assert found is not None
        assert score is not None
        assert found.low < score < found.high
        assert (found.error, found.draws) == (error, 2000)
        widths.append(found.high - found.low)
    assert widths == sorted(widths)
    assert widths[0] < widths[1] < widths[2]


def test_the_same_seed_gives_the_same_draws_and_another_seed_others() -> None:
    questionnaire, answers = build(PAIR, profiles=BINS), answer({"a": 1, "b": 4})
    assert weight_sensitivity(questionnaire, answers) == weight_sensitivity(questionnaire, answers)
    assert weight_sensitivity(questionnaire, answers) != weight_sensitivity(questionnaire, answers, seed=1)


def test_labels_follow_the_stored_score_and_missing_answers_stay_missing() -> None:
    questionnaire = build([dimension("d", question("a"), question("b"), question("c"))], profiles=BINS, round=0)
    found = weight_sensitivity(questionnaire, answer({"a": 2.4, "b": 2.6}))
    assert found is not None
    assert set(found.labels.values()) <= {found.labels["low"], found.labels["high"]}
    assert (found.low, found.high) in ((2.0, 3.0), (3.0, 3.0))
    assert found.labels["high"] == pytest.approx(0.5, abs=0.05)  # 2.5 or more is stored as 3


def test_no_score_has_no_sensitivity_and_refuse_refuses() -> None:
    assert weight_sensitivity(build(PAIR, profiles=BINS), answer({})) is None
    with pytest.raises(MissingAnswers):
        weight_sensitivity(build(PAIR, missing="refuse"), answer({"a": 1}))
    with pytest.raises(MissingAnswers):
        rule_comparison(build(PAIR, missing="refuse"), answer({"a": 1}))


@pytest.mark.parametrize(("error", "draws"), [(1.0, 10), (-0.1, 10), (0.2, 0)])
def test_nonsense_is_refused(error: float, draws: int) -> None:
    with pytest.raises(ValueError, match="the error of a weight"):
        weight_sensitivity(build(PAIR), answer({"a": 1, "b": 1}), error, draws)


def test_three_rules_stand_side_by_side_at_every_node() -> None:
    questionnaire = build(
        [dimension("d", question("a"), question("b"), aggregate="maximum"), dimension("e", question("c"), weight=3)],
        aggregate="sum",
        profiles=BINS,
    )
    mean, geometric, minimum = rule_comparison(questionnaire, answer({"a": 1, "b": 4, "c": 4}))
    assert (mean.rule, mean.score) == ("mean", (2.5 + 12) / 4)
    assert (geometric.rule, geometric.score) == ("geometric", pytest.approx((2 * 4**3) ** 0.25))
    assert (minimum.rule, minimum.score) == ("minimum", 1)
    assert [r.profile.id for r in (mean, geometric, minimum) if r.profile] == ["high", "high", "low"]


def test_rules_without_any_answer_have_no_score() -> None:
    for rule in rule_comparison(build(PAIR), answer({})):
        assert rule.score is None
        assert rule.profile is None


def test_a_rule_other_than_gate_counts_questions_that_name_no_gate() -> None:
    questionnaire = build([dimension("d", question("a", gate=1), question("b"), aggregate="gate")])
    assert rule_comparison(questionnaire, answer({"a": 5, "b": 1}))[0].score == 3


def test_one_level_more_or_less() -> None:
    questionnaire = build(
        [
            dimension(
                "d",
                question("ladder", levels=["a", "b", "c", "d", "e", "f"]),
                question("top", levels=["a", "b"]),
                question("share", number={"min": 0, "max": 100, "bands": [(0, 0), (20, 2), (50, 5)]}),
                question("raw"),
                question("open", levels=["a", "b"]),
            )
        ]
    )
    found = one_level(questionnaire, answer({"ladder": 3, "top": 1, "share": 10, "raw": 1, "open": "unknown"}))
    assert found == (
        OneLevel("ladder", 2.0, 2.5),
        OneLevel("top", 1.0, None),
        OneLevel("share", None, (3 + 5 + 2 + 1) / 4),
    )
    assert one_level(questionnaire, answer({})) == ()
