"""Readiness against a naive oracle, alone and among many, and the rules of the format one by one."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.answers import Answers
from questionnaires.schema import Questionnaire
from scoring.evaluation import evaluate
from scoring.plan import plan_of
from scoring.readiness import NodeScore, Readiness, effective_weights, readiness, readiness_of
from scoring.sheets import sheet_of
from tests.scoring.building import build, dimension, question
from tests.scoring.oracle import Oracle
from tests.scoring.strategies import answers_to, questionnaires


@st.composite
def firms(draw: st.DrawFn, most: int = 1) -> tuple[Questionnaire, list[Answers]]:
    questionnaire = draw(questionnaires())
    return questionnaire, draw(st.lists(answers_to(questionnaire), min_size=1, max_size=most))


def assert_close(found: NodeScore, expected: tuple[float | None, float | None, float | None, float]) -> None:
    for mine, other in zip((found.score, found.low, found.high, found.coverage), expected, strict=True):
        assert (mine is None) == (other is None), (found, expected)
        assert mine is None or other is None or math.isclose(mine, other, abs_tol=1e-9), (found, expected)


@settings(max_examples=80, deadline=None)
@given(firms())
def test_readiness_agrees_with_the_naive_oracle(case: tuple[Questionnaire, list[Answers]]) -> None:
    questionnaire, [answers] = case
    found, oracle = readiness(questionnaire, answers), Oracle(questionnaire, answers)
    assert_close(found.overall, oracle.node_scores(questionnaire))
    for id, node in questionnaire.nodes.items():
        assert_close(found.nodes[id], oracle.node_scores(node))
    for id, asked in questionnaire.questions.items():
        expected = oracle.stored(oracle.question(asked, "as is"))
        assert (found.questions[id] is None) == (expected is None)
        assert expected is None or math.isclose(found.questions[id] or 0.0, expected, abs_tol=1e-9)
    assert found.asked == {id for id in questionnaire.questions if oracle.asked(id)}
    assert (found.profile.id if found.profile else None) == oracle.profile()


@settings(max_examples=30, deadline=None)
@given(firms(most=9))
def test_a_firm_scores_the_same_to_the_last_bit_alone_and_among_others(
    case: tuple[Questionnaire, list[Answers]],
) -> None:
    questionnaire, group = case
    plan = plan_of(questionnaire)
    together = evaluate(plan, sheet_of(plan, group))
    for row, answers in enumerate(group):
        assert readiness_of(plan, together, row) == readiness(questionnaire, answers)


@settings(max_examples=30, deadline=None)
@given(firms())
def test_every_score_lies_between_its_bounds_and_within_the_scale(case: tuple[Questionnaire, list[Answers]]) -> None:
    questionnaire, [answers] = case
    found = readiness(questionnaire, answers)
    for node in (found.overall, *found.nodes.values()):
        assert 0 <= node.coverage <= 1
        if node.score is None:
            assert node.low is None
            assert node.high is None
        else:
            assert node.low is not None
            assert node.high is not None
            assert questionnaire.scale.min <= node.low <= node.score <= node.high <= questionnaire.scale.max


@settings(max_examples=25, deadline=None)
@given(firms())
def test_effective_weights_are_the_shares_of_the_asked_questions(case: tuple[Questionnaire, list[Answers]]) -> None:
    questionnaire, [answers] = case
    weights = effective_weights(questionnaire, answers)
    found: Readiness = readiness(questionnaire, answers)
    assert weights.keys() == found.asked
    assert all(share >= 0 for share in weights.values())
    assert math.isclose(sum(weights.values()), 1.0) or not any(weights.values())
    for id in found.asked:
        if questionnaire.questions[id].weight == 0:
            assert weights[id] == 0


def test_a_thousand_equal_firms_get_the_bits_of_one() -> None:
    rng = np.random.default_rng(4)
    from_many = [
        Answers(answers={f"q{i}": float(v) for i, v in enumerate(row)}) for row in rng.uniform(0, 5, (1000, 9))
    ]
    for rule in ("mean", "geometric", "sum"):
        questions = [question(f"q{i}", weight=0.1 + i / 7) for i in range(9)]
        questionnaire = build([dimension("d", *questions, aggregate=rule)])
        plan = plan_of(questionnaire)
        scores = evaluate(plan, sheet_of(plan, from_many))
        for row in range(0, 1000, 37):
            assert readiness_of(plan, scores, row) == readiness(questionnaire, from_many[row])
