"""The six rules, by hand."""

import math

import pytest

from questionnaires.answers import Answers
from scoring.readiness import NodeScore, readiness
from tests.scoring.building import answer, build, dimension, question

NO, YES = 0, 5


def node(rule: str, answers: dict[str, object], weights: tuple[float, ...] = (1, 1, 1), **given: object) -> NodeScore:
    """The score of one dimension of raw questions a, b, c ... with these weights."""
    questions = [question(id, weight=w) for id, w in zip("abcdefgh", weights, strict=False)]
    questionnaire = build([dimension("d", *questions, aggregate=rule)], **given)
    return readiness(questionnaire, answer(answers)).nodes["d"]


def test_a_mean_weighs_its_children() -> None:
    assert node("mean", {"a": 1, "b": 2, "c": 5}, (1, 2, 1)).score == 2.5
    assert node("mean", {"a": 1, "b": 2, "c": 5}, (30, 0, 10)).score == 2


def test_weights_renormalise_over_the_children_that_have_a_score() -> None:
    assert node("mean", {"a": 1, "c": 5}, (1, 2, 3)).score == 4
    assert node("geometric", {"a": 4, "c": 1}, (1, 2, 1)).score == 2


def test_a_geometric_mean_is_weighted_and_nothing_makes_up_for_a_blank() -> None:
    assert node("geometric", {"a": 1, "b": 4, "c": 4}, (2, 1, 1)).score == pytest.approx(2)
    assert node("geometric", {"a": 0, "b": 5, "c": 5}).score == 0
    assert node("geometric", {"a": 0, "b": 3, "c": 3}, (0, 1, 1)).score == 3


def test_the_mean_of_equal_scores_is_that_score_to_the_last_bit() -> None:
    for rule in ("mean", "geometric"):
        assert node(rule, {"a": 3, "b": 3, "c": 3}, (0.1, 0.7, 0.3)).score == 3
        assert node(rule, {"a": 0.7, "b": 0.7, "c": 0.7}, (0.1, 0.7, 0.3)).score == 0.7


def test_minimum_and_maximum_leave_out_children_without_weight() -> None:
    assert node("minimum", {"a": 0, "b": 2, "c": 3}, (0, 1, 1)).score == 2
    assert node("maximum", {"a": 5, "b": 2, "c": 3}, (0, 1, 1)).score == 3
    assert node("minimum", {"b": 2, "c": 3}).score == 2
    assert node("maximum", {"b": 2, "c": 3}).score == 3


def test_a_sum_adds_points_and_a_missing_child_leaves_its_room() -> None:
    assert node("sum", {"a": 1, "b": 2, "c": 3}, (0.5, 0.25, 0.25)).score == 1.75
    assert node("sum", {"a": 1, "b": 2}, (0.5, 0.25, 0.25)).score == pytest.approx((0.5 + 0.5) / 0.75)
    assert node("sum", {"a": 3, "b": 2, "c": 3}).score == 5
    assert node("sum", {"a": 0, "b": 0, "c": 0}, scale={"min": 1, "max": 5}).score == 3
    assert node("sum", {"a": 1, "b": 1, "c": 1}, (0.1, 0.1, 0.1), scale={"min": 1, "max": 5}).score == 1


@pytest.mark.parametrize("rule", ["mean", "geometric", "minimum", "maximum", "sum", "gate"])
def test_a_node_none_of_whose_questions_count_has_no_score(rule: str) -> None:
    questions = [question("a", weight=0, gate=1), question("b", gate=1)]
    for answers in (answer({}), answer({"b": "unknown"}), answer({"b": "not_applicable"}), answer({"a": 3})):
        found = readiness(build([dimension("d", *questions, aggregate=rule)]), answers)
        assert found.nodes["d"] == NodeScore(None, None, None, 0.0)
        assert found.overall == NodeScore(None, None, None, 0.0)
        assert found.profile is None


def test_weight_zero_is_shown_but_not_counted() -> None:
    questionnaire = build(
        [dimension("d", question("a"), question("b", weight=0)), dimension("shown", question("c"), weight=0)]
    )
    found = readiness(questionnaire, answer({"a": 2, "b": 5, "c": 4}))
    assert found.questions == {"a": 2, "b": 5, "c": 4}
    assert found.nodes["d"].score == 2
    assert found.nodes["shown"].score == 4
    assert found.overall.score == 2


def test_the_interval_gives_missing_answers_the_ends_of_the_scale_and_spares_what_does_not_apply() -> None:
    assert node("mean", {"a": 4, "b": 2}) == NodeScore(3, 2, 11 / 3, 2 / 3)
    assert node("mean", {"a": 4, "b": 2, "c": "unknown"}) == NodeScore(3, 2, 11 / 3, 2 / 3)
    assert node("mean", {"a": 4, "b": 2, "c": "not_applicable"}) == NodeScore(3, 3, 3, 1)
    assert node("minimum", {"a": 4, "b": 2}) == NodeScore(2, 0, 2, 2 / 3)
    assert node("maximum", {"a": 4, "b": 2}) == NodeScore(4, 4, 5, 2 / 3)
    assert node("geometric", {"a": 4, "b": 2}) == NodeScore(
        pytest.approx(8**0.5), 0, pytest.approx(40 ** (1 / 3)), 2 / 3
    )
    assert node("sum", {"a": 1, "b": 0.5}) == NodeScore(2.25, 1.5, 5, 2 / 3)


def test_a_dimension_without_answers_widens_the_interval_above_it() -> None:
    questionnaire = build([dimension("d", question("a")), dimension("e", question("b"))])
    found = readiness(questionnaire, answer({"a": 4}))
    assert found.nodes["e"] == NodeScore(None, None, None, 0)
    assert found.overall == NodeScore(4, 2, 4.5, 0.5)


def test_coverage_is_weight_answered_over_weight_asked_from_the_questions_up() -> None:
    questionnaire = build(
        [
            dimension("d", question("a", weight=3), question("b"), question("zero", weight=0), weight=2),
            dimension("e", question("c", weight=9), question("f", weight=1), weight=1),
            dimension("gone", question("g"), weight=50),
        ]
    )
    found = readiness(questionnaire, answer({"a": 1, "c": "unknown", "f": 1, "g": "not_applicable"}))
    assert found.nodes["d"].coverage == 0.75
    assert found.nodes["e"].coverage == 0.1
    assert found.nodes["gone"].coverage == 0
    assert found.overall.coverage == pytest.approx((2 * 0.75 + 0.1) / 3)


def gate(answers: str, **given: object) -> NodeScore:
    """One criterion for each of the levels 0, 1, 2 ...: Y met, N not met, ? missing, - does not apply."""
    word = {"Y": YES, "N": NO, "?": "unknown", "-": "not_applicable"}
    questions = [question(f"c{i}", gate=i, **given) for i in range(len(answers))]
    read = Answers(answers={f"c{i}": word[a] for i, a in enumerate(answers)})  # type: ignore[misc]
    return readiness(build([dimension("d", *questions, aggregate="gate")]), read).nodes["d"]


@pytest.mark.parametrize(("answers", "level"), [("YYNNNN", 1), ("Y?YNNN", 2), ("Y?NNNN", 0)])
def test_a_gate_gives_the_three_printed_cases_of_impuls(answers: str, level: int) -> None:
    """Lichtblau et al. (2015), IMPULS Industrie 4.0-Readiness, figures 2 and 3: firms A, B and C."""
    assert gate(answers).score == level


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ("NYYYYY", 0), ("YNYYYY", 0), ("YYYYYY", 5), ("YYYYY?", 4), ("YY???Y", 5), ("YY???N", 1), ("?YNNNN", 1),
        ("??NNNN", 0), ("Y-YNNN", 2), ("Y-NNNN", 0), ("?????Y", 5), ("NNNNNY", 0),
    ],
)  # fmt: skip
def test_a_gate_cannot_be_leapt_over(answers: str, level: int) -> None:
    assert gate(answers).score == level


def test_the_interval_of_a_gate_has_missing_criteria_not_met_and_met() -> None:
    assert gate("Y?YNNN") == NodeScore(2, 0, 2, 5 / 6)
    assert gate("YY????") == NodeScore(1, 1, 5, 2 / 6)
    assert gate("Y?NNNN") == NodeScore(0, 0, 1, 5 / 6)


def test_every_answered_criterion_of_a_gate_level_has_to_be_met_at_its_mark() -> None:
    questions = [
        question("a", gate=1, met_at=3),
        question("b", gate=1),
        question("c", gate=1),
        question("d", gate=4, met_at=0),
        question("note", weight=0, gate=1),
        question("aside"),
    ]
    questionnaire = build([dimension("n", *questions, aggregate="gate")])

    def level(**answers: object) -> float | None:
        return readiness(questionnaire, answer(answers)).nodes["n"].score

    assert level(a=3, b=5, d=0) == 4
    assert level(a=2.99, b=5, d=0) == 0
    assert level(a=3, b=4.99, d=0) == 0
    assert level(a=3, b=5, c=0, d=0) == 0
    assert level(a=3, b=5, c=5) == 1
    assert level(a=3, note=0, aside=0) == 1
    assert level(note=5, aside=5) is None


def test_floating_point_noise_does_not_fail_a_criterion() -> None:
    gated = build([dimension("d", question("a", gate=1, met_at=0.1 + 0.2), aggregate="gate")])
    assert readiness(gated, answer({"a": 0.3})).nodes["d"].score == 1
    assert readiness(gated, answer({"a": 0.3 - 1e-6})).nodes["d"].score == 0


def test_a_gate_that_starts_above_the_bottom_of_the_scale_falls_to_it() -> None:
    questions = [question("a", gate=2), question("b", gate=4)]
    questionnaire = build([dimension("d", *questions, aggregate="gate")], scale={"min": 1, "max": 5})
    assert readiness(questionnaire, answer({"a": 1, "b": 5})).nodes["d"].score == 1
    assert readiness(questionnaire, answer({"a": 5, "b": 1})).nodes["d"].score == 2


def test_a_gate_over_dimensions_is_their_minimum() -> None:
    questionnaire = build(
        [dimension("d", question("a", gate=3)), dimension("e", question("b", gate=2))], aggregate="gate"
    )
    assert readiness(questionnaire, answer({"a": 5, "b": 5})).overall.score == 2


def test_the_rule_of_a_node_comes_before_the_rule_of_the_questionnaire() -> None:
    questionnaire = build(
        [dimension("d", question("a"), question("b")), dimension("e", question("c"), question("f"), aggregate="mean")],
        aggregate="minimum",
    )
    found = readiness(questionnaire, answer({"a": 1, "b": 5, "c": 2, "f": 4}))
    assert (found.nodes["d"].score, found.nodes["e"].score, found.overall.score) == (1, 3, 1)


def test_a_deep_tree_is_scored_from_the_leaves_up() -> None:
    questionnaire = build(
        [
            dimension(
                "top",
                dimension("left", dimension("leaf", question("a"), question("b"), aggregate="minimum"), weight=3),
                dimension("right", question("c"), weight=1),
            ),
            dimension("side", question("e"), weight=2),
        ]
    )
    found = readiness(questionnaire, answer({"a": 1, "b": 4, "c": 5, "e": 5}))
    assert found.nodes["leaf"].score == found.nodes["left"].score == 1
    assert found.nodes["top"].score == 2
    assert found.overall.score == 4
    assert list(found.nodes) == ["top", "left", "leaf", "right", "side"]
    assert not math.isnan(found.overall.coverage)
