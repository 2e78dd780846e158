"""Priorities: the product of terms that a reader can work out by hand."""

import pytest

from questionnaires.library import Action, Definition
from scoring.gaps import Gap
from scoring.priorities import closing_actions, priorities
from tests.scoring.test_gaps import QUESTIONNAIRE


def _action(name: str, question: str, start: int, end: int, days: float, effects: tuple[str, ...] = ()) -> Action:
    return Action.model_validate(
        {
            "id": name, "title": name, "question": question, "from": start, "to": end, "days": days, "months": 1,
            "cost": {"small": [0, 1]}, "currency": "USD", "effects": effects,
        }
    )  # fmt: skip


ACTIONS = (
    _action("b-second", "b", 1, 3, 40, ("product",)),
    _action("a-first", "a", 0, 1, 60, ("efficiency",)),
    _action("b-first", "b", 0, 1, 20, ("efficiency",)),
)
DEFINITION = Definition(QUESTIONNAIRE, ACTIONS)
A = Gap("a", "skills", "people", 0, 1, 0.0, 1.0, 0.25)
B = Gap("b", "skills", "people", 0, 2, 0.0, 2.0, 0.5)
C = Gap("c", "tools", "tools", 0, 3, 0.0, 3.0, 0.25)


def test_the_value_is_the_product_of_its_terms() -> None:
    by_question = {p.gap.question: p for p in priorities(DEFINITION, [A, B, C], goals=("efficiency", "product"))}

    a, b, c = by_question["a"], by_question["b"], by_question["c"]
    assert (a.gap_term, a.weight_term, a.goal_term, a.effort_term) == pytest.approx((1 / 3, 0.5, 1.5, 0.5))
    assert (b.gap_term, b.weight_term, b.goal_term, b.effort_term) == pytest.approx((2 / 3, 1.0, 2.0, 0.5))
    assert (c.gap_term, c.weight_term, c.goal_term, c.effort_term) == pytest.approx((1.0, 0.5, 1.0, 0.5))
    assert b.value == pytest.approx(2 / 3)
    assert [b.rank, c.rank, a.rank] == [1, 2, 3]


def test_without_goals_the_goal_term_is_one() -> None:
    assert {p.goal_term for p in priorities(DEFINITION, [A, B, C])} == {1.0}


def test_the_actions_of_a_gap_stop_at_its_target_and_start_at_today() -> None:
    assert [a.id for a in closing_actions(DEFINITION, B)] == ["b-first", "b-second"]
    today_one = Gap("b", "skills", "people", 1, 2, 1.0, 2.0, 0.5)
    assert [a.id for a in closing_actions(DEFINITION, today_one)] == ["b-second"]


def test_equal_values_stay_in_the_order_given() -> None:
    twin = Gap("d", "tools", "tools", 0, 3, 0.0, 3.0, 0.25)
    ranks = {p.gap.question: p.rank for p in priorities(DEFINITION, [twin, C])}
    assert ranks == {"d": 1, "c": 2}


def test_no_gaps_give_no_priorities() -> None:
    assert priorities(DEFINITION, []) == ()
