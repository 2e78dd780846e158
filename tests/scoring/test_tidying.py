"""A choice made tidy: one change at a time, each of them better."""

from hypothesis import given, settings

from scoring.plan_model import Limits, Task
from scoring.tidying import tidied
from tests.scoring.plan_oracle import all_plans
from tests.scoring.planned import candidate, limits, task, tasks


def test_what_adds_nothing_is_dropped_with_what_it_alone_needed() -> None:
    asked = task(candidate("a"), candidate("first", worth=0.0), candidate("useless", worth=0.0, needs=(("first",),)))
    assert tidied(asked, Limits(), {"a": 0, "first": 0, "useless": 1}) == {"a": 0}


def test_a_must_and_what_it_needs_stay_although_they_add_nothing() -> None:
    first = candidate("first", worth=0.0), candidate("must", worth=0.0, needs=(("first",),))
    asked = task(*first, must=frozenset({"must"}))
    assert tidied(asked, Limits(), {"first": 0, "must": 1}) == {"first": 0, "must": 1}


def test_what_still_fits_is_added_in_the_first_phase_that_has_room() -> None:
    asked = task(candidate("a"), candidate("b"), candidate("c", months=5))
    within = Limits(phase_budgets=(10.0, 20.0, 0.0))
    assert tidied(asked, within, {"a": 0}) == {"a": 0, "b": 1, "c": 1}


def test_what_could_end_earlier_does() -> None:
    assert tidied(task(candidate("a"), candidate("b", needs=(("a",),))), Limits(), {"a": 1, "b": 2}) == {"a": 0, "b": 0}


def test_the_cheaper_of_two_that_add_as_much_is_taken() -> None:
    asked = task(candidate("dear", cost=20), candidate("cheap", cost=15), candidate("cheapest", cost=10, months=40))
    assert tidied(asked, Limits(budget=30.0), {"dear": 1}) == {"cheap": 0}


def test_what_others_need_is_not_exchanged() -> None:
    asked = task(candidate("dear", cost=20), candidate("cheap", cost=15), candidate("next", needs=(("dear",),)))
    assert tidied(asked, Limits(budget=30.0), {"dear": 0, "next": 0}) == {"dear": 0, "next": 0}


@settings(max_examples=60, deadline=None)
@given(tasks(4), limits())
def test_any_choice_stays_possible_and_gets_no_worse(asked: Task, within: Limits) -> None:
    plans = all_plans(asked)
    allowed = plans.phase[plans.within(asked, within)]
    possible = [{n: int(at) for n, at in zip(plans.names, row, strict=True) if at < 3} for row in allowed]
    for plan in possible[:: max(len(possible) // 5, 1)]:
        better = tidied(asked, within, plan)
        assert better in possible
        assert asked.value(better) >= asked.value(plan) - 1e-9
        assert tidied(asked, within, better) == better
