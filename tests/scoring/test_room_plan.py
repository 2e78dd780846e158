"""What a room has chosen, in phases: weights from its order, needs, days, and how much of the gaps is closed."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.library import Action, Definition
from scoring.room_plan import AgreedGap, RoomPlan, Wanted, plan_room, weights_of
from tests.factories import tiny


def action(id: str, question: str, to: int, from_: int = 0, **more: Any) -> Action:
    return Action.model_validate(
        {
            "id": id, "title": id, "question": question, "from": from_, "to": to, "currency": "EUR",
            "cost": {"small": [100, 300], "large": [1000, 3000]}, "days": 10, "months": 2,
        } | more
    )  # fmt: skip


def library(*actions: Action) -> Definition:
    return Definition(tiny().questionnaire, actions)


def plan(definition: Definition, gaps: Sequence[AgreedGap], *chosen: str, **wanted: Any) -> RoomPlan:
    levels: dict[str, int] = wanted.pop("levels", {})
    return plan_room(definition, gaps, levels, Wanted(frozenset(chosen), **wanted))


TRAINING = AgreedGap("skills.training", 0, 3, 1)
FIRST, SECOND = AgreedGap("machines.1", 0, 2, 1), AgreedGap("machines.2", 0, 2, 2)


def test_weights_of_four_places_are_the_published_centroids() -> None:
    """Rank order centroids of four: .52, .27, .15, .06 (Barron and Barrett, 1996; the example in Chang, 2004)."""
    weights = weights_of([AgreedGap(str(place), 0, 1, place) for place in (3, 1, 4, 2)])

    assert {name: round(weight, 2) for name, weight in weights.items()} == {"1": 0.52, "2": 0.27, "3": 0.15, "4": 0.06}


def test_ties_share_the_mean_of_their_places() -> None:
    weights = weights_of([AgreedGap("a", 0, 1, 1), AgreedGap("b", 0, 1, 2), AgreedGap("c", 0, 1, 2)])

    assert weights["b"] == weights["c"] == pytest.approx((5 / 18 + 2 / 18) / 2)
    assert weights["a"] == pytest.approx(11 / 18)


@given(st.lists(st.integers(1, 8), max_size=12))
def test_weights_sum_to_one_and_respect_the_order(places: list[int]) -> None:
    weights = weights_of([AgreedGap(str(n), 0, 1, place) for n, place in enumerate(places)])

    assert sum(weights.values()) == pytest.approx(1 if places else 0)
    for one, first in enumerate(places):
        for other, second in enumerate(places):
            if first < second:
                assert weights[str(one)] > weights[str(other)]
            if first == second:
                assert weights[str(one)] == weights[str(other)]


def test_nothing_chosen_is_an_empty_plan() -> None:
    assert plan(library(action("a", "machines.1", 2)), [FIRST]) == RoomPlan()


def test_what_a_chosen_action_needs_comes_along_and_ends_first() -> None:
    there = library(
        action("learn", "skills.training", 1),
        action("teach", "skills.training", 3, 1, requires=["connect"]),
        action("connect", "machines.1", 1),
        action("unasked", "machines.2", 2),
    )
    found = plan(there, [TRAINING], "teach")
    steps = {step.action: step for step in found.steps}

    assert set(steps) == {"learn", "teach", "connect"}
    assert [steps[name].is_chosen for name in ("learn", "teach", "connect")] == [False, True, False]
    assert set(steps["teach"].requires) == {"learn", "connect"}
    assert steps["teach"].start >= max(steps["learn"].end, steps["connect"].end)
    assert steps["teach"].earliest == 4
    assert found.closed == pytest.approx(2 / 3)  # the step to the first level is not chosen yet


def test_what_the_room_has_settled_already_is_not_needed() -> None:
    there = library(action("teach", "skills.training", 3, requires=["connect"]), action("connect", "machines.1", 1))

    assert [s.action for s in plan(there, [TRAINING], "teach", levels={"machines.1": 1}).steps] == ["teach"]
    assert len(plan(there, [TRAINING], "teach", levels={"machines.1": 0}).steps) == 2


def test_of_two_ways_only_one_is_needed_and_the_cheaper_is_taken() -> None:
    there = library(
        action("dear", "skills.training", 1, cost={"small": [900, 900]}),
        action("cheap", "skills.training", 1, cost={"small": [10, 10]}),
        action("teach", "skills.training", 3, 1),
    )

    assert {step.action for step in plan(there, [TRAINING], "teach").steps} == {"cheap", "teach"}


def test_with_few_days_what_the_room_put_first_comes_first() -> None:
    actions = [action(name, name, 2, days=25, months=3) for name in ("machines.1", "machines.2")]
    for order in ((FIRST, SECOND), (AgreedGap("machines.1", 0, 2, 2), AgreedGap("machines.2", 0, 2, 1))):
        found = plan(library(*actions), order, "machines.1", "machines.2", days_a_year=100)
        phase = {step.action: step.phase for step in found.steps}
        first = min(order, key=lambda gap: gap.place).question

        assert not found.is_over_days
        assert sorted(phase.values()) == [0, 1]
        assert phase[first] == 0


def test_more_than_the_days_there_are_is_said_and_planned_all_the_same() -> None:
    found = plan(library(action("a", "machines.1", 2, days=500)), [FIRST], "a", days_a_year=10)

    assert found.is_over_days
    assert [step.action for step in found.steps] == ["a"]


def test_what_leads_no_further_or_has_no_way_is_named_and_left_out() -> None:
    there = library(action("low", "machines.1", 1), action("high", "skills.training", 3, 2))
    gaps = [AgreedGap("machines.1", 1, 2, 1), AgreedGap("skills.training", 0, 3, 2)]
    found = plan(there, gaps, "low", "high")

    assert (found.reached, found.lost, found.steps) == (("low",), ("high",), ())


def test_a_chain_longer_than_three_years_makes_the_last_phase_longer() -> None:
    there = library(action("a", "machines.1", 1, months=30), action("b", "machines.1", 2, 1, months=20))
    found = plan(there, [FIRST], "a", "b")

    assert found.months == 50
    assert [(step.action, step.start, step.end) for step in found.steps] == [("a", 0, 30), ("b", 30, 50)]


def test_a_question_with_a_condition_that_the_room_was_asked_counts() -> None:
    gap = AgreedGap("services.portal", 0, 1, 1)  # asked of firms in services only

    assert plan(library(action("open", "services.portal", 1)), [gap], "open").closed == pytest.approx(1)


def test_costs_follow_the_reach() -> None:
    there = library(action("a", "machines.1", 2))

    assert [(s.cost_low, s.cost_high) for s in plan(there, [FIRST], "a", size="large").steps] == [(1000, 3000)]
    assert [(s.cost_low, s.cost_high) for s in plan(there, [FIRST], "a", size="micro").steps] == [(100, 300)]
