"""Which actions a firm can choose from: steps, needs, costs, and what strangers' libraries leave out."""

from typing import Any

import pytest

from questionnaires.answers import Answers
from questionnaires.library import Action, Definition, Rates
from scoring.candidates import Candidate, OutOfReach, candidates, cost_range, goal_term
from scoring.currencies import NoRate
from scoring.gaps import Target
from scoring.readiness import readiness
from tests.scoring.building import build, dimension, question
from tests.scoring.planned import action

LEVELS = [f"Level {i}." for i in range(6)]
SERVICES = {"field": "sector", "in": ["services"]}
QUESTIONNAIRE = build(
    [
        dimension("people", dimension("skills", question("a", levels=LEVELS), question("b", levels=LEVELS, weight=3))),
        dimension("tools", dimension("machines", question("c", levels=LEVELS, applies_if=SERVICES)), weight=0.5),
        dimension("plans", dimension("strategy", question("d", levels=LEVELS)), weight=0.5),
    ],
    fields=[{"id": "sector", "text": "Sector", "choices": {"goods": "Goods", "services": "Services"}}],
)


def found(
    *actions: Action, answers: dict[str, Any] | None = None, target: Target | None = None, sector: str = "goods",
    rates: Rates | None = None, **given: Any,
) -> dict[str, Candidate]:  # fmt: skip
    said = Answers({"sector": sector}, {"a": 0, "b": 0, "c": 0, "d": 0} if answers is None else answers)
    definition = Definition(QUESTIONNAIRE, actions, rates=rates)
    scored = readiness(QUESTIONNAIRE, said)
    return candidates(definition, said, scored, target or Target(), "small", **given)


def test_a_step_is_worth_its_share_of_the_overall_score() -> None:
    # people 1, plans 0.5 of 1.5; a has 1 of 4 in its dimension: 2/3 * 1/4 of one level, which is one point.
    (a,) = found(action("a1", "a", 0, 2)).values()
    assert a.steps == pytest.approx({1: 1 / 6, 2: 1 / 6})
    assert a.gain == pytest.approx(1 / 3)
    assert a.factor == "people"


def test_only_levels_above_today_s_count() -> None:
    (a,) = found(action("a1", "a", 0, 4), answers={"a": 2, "b": 0, "d": 0}).values()
    assert list(a.steps) == [3, 4]
    assert found(action("a1", "a", 0, 4), answers={"a": 4}) == {}


def test_open_questions_do_not_thin_out_what_the_others_are_worth() -> None:
    (a,) = found(action("a1", "a", 0, 1), answers={"a": 0, "d": "unknown"}).values()
    assert a.steps == pytest.approx({1: 1.0})


def test_a_target_ends_the_worth_of_the_ladder() -> None:
    low, high = action("low", "a", 0, 2), action("high", "a", 2, 4)
    assert list(found(low, high)) == ["low", "high"]
    assert list(found(low, high, target=Target(levels={"a": 2}))) == ["low"]
    assert found(low, target=Target(levels={"a": 1}))["low"].steps == pytest.approx({1: 1 / 6, 2: 0.0})
    assert list(found(low, high, target=Target(scores={"people": 2.5}))) == ["low", "high"]
    assert found(low, high, target=Target(levels={"a": 0})) == {}


def test_a_higher_step_needs_one_that_leads_up_to_it() -> None:
    both = action("one", "a", 0, 2), action("other", "a", 0, 3), action("next", "a", 2, 4)
    assert found(*both)["next"].needs == (("one", "other"),)
    assert found(*both, answers={"a": 2})["next"].needs == ()


def test_a_hole_in_the_ladder_keeps_the_steps_above_it_out() -> None:
    assert list(found(action("low", "a", 0, 1), action("high", "a", 2, 4), action("b1", "b"))) == ["low", "b1"]
    waiting = action("waits", "b", 0, 1, requires=["high"])
    assert list(found(action("high", "a", 2, 4), waiting)) == []


def test_named_needs_count_once_and_only_while_they_are_to_be_done() -> None:
    first, step = action("first", "b", 0, 2), action("step", "a", 0, 1)
    both = action("then", "a", 1, 3, requires=["first", "step", "then", "nowhere"])
    assert found(first, step, both)["then"].needs == (("first",), ("step",))
    assert found(first, step, both, answers={"a": 0, "b": 2})["then"].needs == (("step",),)


def test_a_need_for_an_open_question_is_done_from_the_start_and_adds_nothing() -> None:
    ladder = action("b1", "b", 0, 1), action("b2", "b", 1, 2)
    chosen = found(*ladder, action("then", "a", requires=["b2"]), answers={"a": 0})
    assert list(chosen) == ["b1", "b2", "then"]
    assert chosen["b2"].needs == (("b1",),)
    assert chosen["b1"].gain == chosen["b2"].gain == 0.0


def test_a_need_for_a_question_that_does_not_apply_is_no_need() -> None:
    then = action("then", "a", requires=["c1"])
    assert found(action("c1", "c"), then)["then"].needs == ()
    assert found(action("c1", "c"), then, sector="services")["then"].needs == (("c1",),)
    assert (
        found(action("c1", "c"), then, answers={"a": 0, "c": "not_applicable"}, sector="services")["then"].needs == ()
    )


def test_an_open_question_s_own_actions_are_no_candidates_unless_they_are_a_must() -> None:
    assert found(action("b1", "b"), answers={"a": 0}) == {}
    assert list(found(action("b1", "b"), answers={"a": 0}, must={"b1"})) == ["b1"]


def test_a_must_beyond_the_target_stays_with_its_needs() -> None:
    low, high = action("low", "a", 0, 2), action("high", "a", 2, 4)
    assert list(found(low, high, target=Target(levels={"a": 0}), must={"high"})) == ["low", "high"]


def test_a_must_that_no_action_leads_up_to_is_refused_in_words() -> None:
    with pytest.raises(OutOfReach, match=r"'high' starts from level 2 of 'a'; the firm is at 0"):
        found(action("high", "a", 2, 4), must={"high"})


def test_a_must_that_is_already_done_asks_for_nothing() -> None:
    assert found(action("a1", "a"), answers={"a": 3}, must={"a1"}) == {}


def test_actions_that_require_each_other_are_never_possible() -> None:
    ring = action("x", "a", requires=["y"]), action("y", "b", requires=["x"])
    assert found(*ring) == {}


def test_a_question_that_there_is_not_is_passed_over() -> None:
    assert found(action("lost", "nowhere")) == {}


@pytest.mark.parametrize(
    ("size", "cost"), [("micro", (1, 2)), ("small", (5, 6)), ("medium", (5, 6)), ("large", (5, 6))]
)
def test_a_size_without_a_cost_takes_that_of_the_next_larger_or_the_largest(size: Any, cost: Any) -> None:
    given = action("a1", cost={"micro": [1, 2], "medium": [5, 6]})
    assert cost_range(given, size, 1.0) == cost


def test_costs_in_several_currencies_go_through_the_planning_rates() -> None:
    rates = Rates.model_validate({"base": "EUR", "as_of": "2026-11", "per": {"USD": 1.25, "MYR": 5.0}})
    actions = action("a1", "a", currency="USD"), action("b1", "b", currency="MYR"), action("d1", "d", currency="EUR")
    costs = {c.id: c.cost for c in found(*actions, rates=rates, rate=2.0).values()}
    assert costs == pytest.approx({"a1": 20.0, "b1": 10 / 5 * 1.25 * 2, "d1": 10 * 1.25 * 2})


def test_costs_in_a_currency_without_a_rate_are_not_added_up() -> None:
    with pytest.raises(NoRate, match="no planning rate from MYR to USD"):
        found(action("a1", "a", currency="USD"), action("b1", "b", currency="MYR"))


def test_goals_raise_what_serves_them() -> None:
    assert goal_term(("efficiency",), ()) == 1.0
    assert goal_term(("efficiency", "product"), ("efficiency", "innovation")) == 1.5
    (a,) = found(action("a1", "a", effects=["efficiency"]), goals=("efficiency",)).values()
    assert a.pull == 2.0
