"""Why an action is left out: every reason holds when it is tried."""

import pytest
from hypothesis import given, settings

from scoring.choosing import choose
from scoring.left_out import left_out
from scoring.plan_model import Limits, Task
from tests.scoring.plan_oracle import all_plans
from tests.scoring.planned import candidate, limits, task, tasks


def reasons(asked: Task, within: Limits, phase: dict[str, int], **kept_out: object) -> dict[str, str]:
    everything = {**asked.candidates, **kept_out}
    return {each.action: each.reason for each in left_out(everything, asked, within, phase, frozenset())}  # type: ignore[arg-type]


@settings(max_examples=80, deadline=None)
@given(tasks(5), limits())
def test_every_reason_is_true(asked: Task, within: Limits) -> None:
    choice = choose(asked, within)
    if choice is None:
        return
    plan, plans = dict(choice.phase), all_plans(asked)
    for name, reason in reasons(asked, within, plan).items():
        ever = (plans.phase[:, plans.names.index(name)] < 3).any()
        with_it = [{**plan, name: phase} for phase in range(3)]
        over = {
            kind: all(
                any(asked.used(k, p) > n + 1e-6 for k, n in within.given().items() if k[0] in kind) for p in with_it
            )
            for kind in (("budget", "phase_budget"), ("days",), ("budget", "phase_budget", "days"))
        }
        has_needs = all(any(o in plan for o in group) for group in asked.candidates[name].needs)
        levels = {level for level, worth in asked.candidates[name].steps.items() if worth}
        same = [
            asked.candidates[o]
            for o in plan
            if asked.candidates[o].action.question == asked.candidates[name].action.question
        ]
        adds = max(asked.value(each) for each in with_it) - asked.value(plan)
        is_reached = levels <= {level for other in same for level in other.steps}
        told = {
            "time": not ever or (has_needs and not over["budget", "phase_budget", "days"]),
            "little_gain": ever and (is_reached or adds < 1e-6),
            "prerequisite": ever and not has_needs,
            "budget": has_needs and over["budget", "phase_budget"],
            "days": has_needs and over["budget", "phase_budget", "days"] and not over["budget", "phase_budget"],
        }
        assert told[reason], (name, reason)


def test_what_is_excluded_or_waits_for_it_is_excluded() -> None:
    asked = task(candidate("a"))
    out = candidate("out", needs=(("gone",),))
    assert reasons(asked, Limits(), {"a": 0}, out=out) == {"out": "excluded"}


@pytest.mark.parametrize(
    ("within", "reason"),
    [
        (Limits(budget=15.0), "budget"),
        (Limits(phase_budgets=(15.0, 5.0, 5.0)), "budget"),
        (Limits(phase_days=(1.0, 0.0, 0.0)), "days"),
        (Limits(phase_budgets=(10.0, 10.0, 10.0), phase_days=(9.0, 0.0, 0.0)), "days"),
        (Limits(), "little_gain"),
    ],
)
def test_the_reason_is_what_no_phase_has_left(within: Limits, reason: str) -> None:
    asked = task(candidate("a"), candidate("b"))
    assert reasons(asked, within, {"a": 0}) == {"b": reason}


def test_what_needs_something_that_is_not_planned_waits_for_it() -> None:
    asked = task(candidate("a", cost=100), candidate("b", needs=(("a",),)))
    assert reasons(asked, Limits(budget=50.0), {}) == {"a": "budget", "b": "prerequisite"}


def test_what_can_never_end_is_a_matter_of_time_whatever_the_money() -> None:
    asked = task(candidate("a", months=20), candidate("b", months=20, needs=(("a",),)))
    assert reasons(asked, Limits(budget=0.0), {"a": 2}) == {"b": "time"}


def test_what_fits_only_where_it_comes_too_late_is_a_matter_of_time() -> None:
    asked = task(candidate("a", months=12), candidate("b", months=12, needs=(("a",),)))
    within = Limits(phase_budgets=(None, 20.0, 5.0))
    assert reasons(asked, within, {"a": 1}) == {"b": "time"}


def test_a_level_that_another_planned_action_reaches_adds_nothing() -> None:
    asked = task(candidate("a", question="q", levels=(1, 2)), candidate("b", question="q", levels=(2,)))
    assert reasons(asked, Limits(), {"a": 0}) == {"b": "little_gain"}


def test_the_most_helpful_comes_first_and_what_helps_nothing_is_not_told() -> None:
    asked = task(candidate("a", worth=0.1), candidate("b", worth=0.3), candidate("c", worth=0.0))
    assert list(reasons(asked, Limits(budget=0.0), {})) == ["b", "a"]
