"""What money buys: a frontier that only rises, and what a little more would add."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.choosing import choose
from scoring.frontier import PARTS, frontier_of, more_budget
from scoring.plan_model import Limits, Task
from scoring.roadmap import FrontierPoint, MoreBudget, Wishes
from tests.scoring.plan_oracle import all_plans
from tests.scoring.planned import candidate, task, tasks

FEW = settings(max_examples=30, deadline=None)


class Overall:
    """The overall score, linear in the points of the levels that are reached."""

    def __init__(self, asked: Task) -> None:
        self.asked = asked

    def __call__(self, names: tuple[str, ...]) -> float:
        found = {key: sources[0].steps[key[1]] for key, sources in self.asked.levels().items()}
        done = [self.asked.candidates[name] for name in names]
        return 1.0 + sum(
            worth
            for (q, level), worth in found.items()
            if any(c.action.question == q and level in c.steps for c in done)
        )


def frontier(asked: Task, wishes: Wishes) -> tuple[FrontierPoint, ...]:
    whole = choose(asked, Limits(phase_days=wishes.phase_days))
    return () if whole is None else frontier_of(asked, wishes, whole, Overall(asked))  # type: ignore[arg-type]


@FEW
@given(tasks(5), st.tuples(*[st.none() | st.integers(5, 40).map(float)] * 3))
def test_a_larger_budget_never_buys_less(asked: Task, days: tuple[float | None, float | None, float | None]) -> None:
    points = frontier(asked, Wishes(phase_days=days))
    for before, after in pairwise(points):
        assert before.budget < after.budget
        assert before.readiness <= after.readiness + 1e-9
    for point in points:
        assert point.cost <= point.budget + 1e-6
        assert point.cost == pytest.approx(sum(asked.candidates[name].cost for name in point.actions))
        assert point.readiness == pytest.approx(Overall(asked)(point.actions))


@FEW
@given(tasks(4))
def test_each_point_is_the_best_of_its_budget(asked: Task) -> None:
    points, plans, overall = frontier(asked, Wishes()), all_plans(asked), Overall(asked)
    for point in points[:-1]:
        kept = plans.phase[plans.within(asked, Limits(point.budget))] < 3
        best = max(overall(tuple(n for n, done in zip(plans.names, row, strict=True) if done)) for row in kept)
        assert best - 1e-3 <= point.readiness <= best + 1e-9


def test_the_points_go_from_nothing_to_the_whole_plan() -> None:
    asked = task(candidate("a", worth=0.3, cost=10), candidate("b", worth=0.2, cost=90), candidate("free", cost=0))
    points = frontier(asked, Wishes())
    assert [point.budget for point in points] == pytest.approx([part * 100 for part in PARTS])
    assert points[0].actions == ("free",)
    assert points[3].actions == ("a", "free")
    assert points[-1].actions == ("a", "b", "free")


def test_where_nothing_costs_money_there_is_no_frontier() -> None:
    assert frontier(task(candidate("a", cost=0)), Wishes()) == ()


def test_a_budget_too_small_for_the_must_dos_has_no_point() -> None:
    asked = task(candidate("a", cost=60), candidate("b", cost=40), must=frozenset({"a"}))
    assert [point.budget for point in frontier(asked, Wishes())] == [75.0, 100.0]


def more(asked: Task, wishes: Wishes) -> MoreBudget | None:
    choice = choose(asked, Limits(wishes.budget, wishes.phase_budgets, wishes.phase_days))
    assert choice is not None
    return more_budget(asked, wishes, choice, Overall(asked))  # type: ignore[arg-type]


def test_ten_percent_more_says_what_comes_in_and_what_goes() -> None:
    asked = task(candidate("a", worth=0.3, cost=100), candidate("b", worth=0.4, cost=110))
    found = more(asked, Wishes(budget=100.0))
    assert found is not None
    assert found.extra == pytest.approx(10.0)
    assert (found.readiness, found.added, found.dropped) == (pytest.approx(1.4), ("b",), ("a",))


def test_ten_percent_more_of_each_phase_is_ten_percent_of_their_sum() -> None:
    asked = task(candidate("a", cost=11), candidate("b", cost=11))
    found = more(asked, Wishes(phase_budgets=(10.0, 10.0, 0.0)))
    assert found is not None
    assert found.extra == pytest.approx(2.0)
    assert found.added == ("a", "b")


def test_where_ten_percent_more_brings_no_readiness_nothing_is_said() -> None:
    asked = task(candidate("a", cost=10), candidate("b", cost=50))
    assert more(asked, Wishes(budget=10.0)) is None
    sooner = task(candidate("a", cost=11))
    assert more(sooner, Wishes(phase_budgets=(10.0, 11.0, 0.0))) is None
