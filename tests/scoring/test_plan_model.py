"""What a plan is worth, what it uses, and the programme that says the same."""

import numpy as np
import pytest
from hypothesis import given, settings

from scoring.candidates import Candidate
from scoring.plan_model import LARGEST, Limits, PlanModel, Task
from tests.scoring.plan_oracle import all_plans
from tests.scoring.planned import candidate, limits, task, tasks


def test_a_point_is_worth_less_the_later_it_comes() -> None:
    asked = task(candidate("a", worth=1.0), candidate("b", worth=2.0), candidate("c", worth=4.0))
    assert asked.value({"a": 0, "b": 1, "c": 2}) == pytest.approx(1.0 + 2 * 0.9 + 4 * 0.8)


def test_what_serves_the_goals_counts_more() -> None:
    assert task(candidate("a", worth=1.0, pull=1.5)).value({"a": 0}) == pytest.approx(1.5)


def test_a_level_that_two_actions_reach_counts_once_when_the_first_is_done() -> None:
    asked = task(
        candidate("a", worth=1.0, question="q", levels=(1, 2)), candidate("b", worth=1.0, question="q", levels=(2, 3))
    )
    assert asked.value({"a": 1, "b": 0}) == pytest.approx(2 * 1.0 + 0.9)


def test_points_below_the_common_stage_count_again() -> None:
    """Today's score is 1.5 and all actions give 0.75 more, so the common stage is 1.75: only people is below it."""
    asked = task(
        candidate("a", worth=0.5), candidate("b", worth=0.25, factor="process"),
        balance=0.25, factors_before={"people": 1.0, "process": 2.0},
    )  # fmt: skip
    assert asked.stage == pytest.approx(1.75)
    assert asked.value({"a": 0}) == pytest.approx(0.5 + 0.5 * 0.5 * (1.75 - 1.0))
    assert asked.value({"b": 0}) == pytest.approx(0.25)
    assert asked.value({"a": 2, "b": 2}) == pytest.approx(0.8 * 0.75 + 0.5 * 0.5 * 0.75)


def test_budgets_hold_the_middle_of_the_range_and_days_count_where_an_action_ends() -> None:
    found = Candidate(candidate("a", days=7).action, "people", {1: 1.0}, 10.0, 30.0, ())
    asked = task(found, candidate("b", cost=5.0, days=3))
    plan = {"a": 1, "b": 2}
    assert asked.used(("budget", 0), plan) == 25.0
    assert [asked.used(("phase_budget", phase), plan) for phase in range(3)] == [0.0, 20.0, 5.0]
    assert [asked.used(("days", phase), plan) for phase in range(3)] == [0, 7, 3]


def test_only_limits_that_are_given_are_limits() -> None:
    within = Limits(0.0, (None, 2.0, None), (3.0, None, None))
    assert within.given() == {("budget", 0): 0.0, ("phase_budget", 1): 2.0, ("days", 0): 3.0}
    assert Limits().given() == {}


def test_of_equal_plans_the_cheaper_is_preferred_and_then_the_one_with_fewer_actions() -> None:
    asked = task(candidate("a", cost=10), candidate("b", cost=9), candidate("free", worth=0.0, cost=0))
    assert asked.preference({"b": 0}) > asked.preference({"a": 0})
    assert asked.preference({"a": 0}) > asked.preference({"a": 0, "free": 0})
    assert asked.preference({"a": 0}) == pytest.approx(asked.value({"a": 0}), rel=1e-4)


@settings(max_examples=40, deadline=None)
@given(tasks(4), limits())
def test_the_programme_says_of_every_plan_what_the_task_says(asked: Task, within: Limits) -> None:
    """Each plan that can be done is a point of the programme, at the same value and within the same limits."""
    model, plans = PlanModel(asked, within).build(), all_plans(asked)
    matrix, upper = model.matrix()
    kept = plans.within(asked, within, slack=1e-9)
    for row in plans.phase[kept][:40]:
        plan = {name: int(at) for name, at in zip(plans.names, row, strict=True) if at < 3}
        x = point(model, asked, plan)
        assert (matrix @ x <= np.array(upper) + 1e-6).all()
        assert ((x >= np.array(model.lower)) & (x <= np.array(model.upper))).all()
        assert -float(np.dot(model.cost, x)) / model.scale == pytest.approx(asked.preference(plan), abs=1e-9)


def point(model: PlanModel, asked: Task, plan: dict[str, int]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The columns of a plan: what is done by when, and the others as large as the rows let them be."""
    x = np.zeros(len(model.cost))
    for (name, phase), column in model.done.items():
        x[column] = plan.get(name, 3) <= phase
    matrix = model.matrix()[0].tocsr()
    free = [column for column, integer in enumerate(model.is_integer) if not integer]
    for column in free:
        rows = [row for row, (terms, _) in enumerate(model.rows) if terms.get(column, 0.0) > 0]
        room = [(model.rows[row][1] - float((matrix @ x)[row])) / model.rows[row][0][column] for row in rows]
        x[column] = max(0.0, min([*room, model.upper[column]]))
    return x


def test_the_rows_of_limits_are_brought_to_one_size() -> None:
    asked = task(candidate("a", cost=5e8), candidate("b", cost=1e3))
    terms, upper = PlanModel(asked, Limits(budget=1e9)).build().rows[-1]
    assert max(terms.values()) == LARGEST
    assert upper == pytest.approx(2 * LARGEST)
