"""Why no plan fits: the amount that is missing is exact, and the must-dos to give up are the fewest."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import assume, given, settings

from scoring.choosing import choose
from scoring.impossible import excluded_need, explain, without_excluded
from scoring.plan_model import LimitKey, Limits, Task
from scoring.roadmap import Infeasible
from tests.scoring.plan_oracle import Plans, all_plans
from tests.scoring.planned import candidate, limits, task, tasks

FEW = settings(max_examples=60, deadline=None)


def larger(within: Limits, notes: dict[str, float], part: float = 1.0) -> Limits:
    """The limits with a part of what the notes name added."""
    budget, money, days = within.budget, list(within.phase_budgets), list(within.phase_days)
    for key, amount in notes.items():
        kind, phase = key.split(".")
        if kind == "budget":
            budget = (budget or 0.0) + amount * part
        else:
            row = money if kind == "phase_budget" else days
            row[int(phase)] = (row[int(phase)] or 0.0) + amount * part
    return Limits(budget, tuple(money), tuple(days))


def can_be_done(asked: Task, within: Limits, plans: Plans) -> bool:
    return bool(plans.within(asked, within).any())


def impossible(asked: Task, within: Limits, plans: Plans) -> Infeasible:
    assume(not can_be_done(asked, within, plans))
    return explain(asked, within)


@FEW
@given(tasks(5, musts=1), limits())
def test_with_what_is_missing_there_is_a_plan_and_with_less_there_is_none(asked: Task, within: Limits) -> None:
    plans = all_plans(asked)
    found = impossible(asked, within, plans)
    if found.reason == "time":
        assert not can_be_done(asked, Limits(), plans)
        return
    notes = dict(found.notes)
    assert can_be_done(asked, larger(within, notes), plans)
    assert choose(asked, larger(within, notes)) is not None
    if len(notes) == 1:
        assert not can_be_done(asked, larger(within, notes, part=0.99), plans)


@FEW
@given(tasks(5, musts=1), limits())
def test_the_amount_is_the_least_that_any_plan_lacks(asked: Task, within: Limits) -> None:
    plans = all_plans(asked)
    found = impossible(asked, within, plans)
    for kind in ("money", "days"):
        lacking = [sum_of(short, kind) for short in shorts(asked, within, plans) if only(short, kind)]
        if lacking:
            assert (found.reason == "days") == (kind == "days")
            assert found.missing == pytest.approx(min(lacking))
            return
    assert found.reason == "time" or len({key.split(".")[0] == "days" for key in found.notes}) == 2


def shorts(asked: Task, within: Limits, plans: Plans) -> Iterator[dict[LimitKey, float]]:
    """What each plan with all must-dos lacks."""
    for row in plans.phase[plans.within(asked, Limits())]:
        chosen = [(asked.candidates[name], at) for name, at in zip(plans.names, row, strict=True) if at != 3]
        used = {
            (kind, phase): sum(
                c.action.days if kind == "days" else c.cost for c, at in chosen if kind == "budget" or at == phase
            )
            for kind, phase in within.given()
        }
        yield {key: max(used[key] - limit, 0.0) for key, limit in within.given().items()}


def only(short: dict[LimitKey, float], kind: str) -> bool:
    return all((key[0] == "days") == (kind == "days") for key, amount in short.items() if amount)


def sum_of(short: dict[LimitKey, float], kind: str) -> float:
    """Of money, what is missing in all phases is covered by what is missing in each."""
    phases = sum(amount for key, amount in short.items() if key[0] == ("days" if kind == "days" else "phase_budget"))
    return max(phases, short.get(("budget", 0), 0.0) if kind == "money" else 0.0)


@FEW
@given(tasks(5, musts=1), limits())
def test_the_must_dos_to_give_up_are_the_fewest(asked: Task, within: Limits) -> None:
    plans = all_plans(asked)
    found = impossible(asked, within, plans)
    fewest = next(
        number
        for number in range(len(asked.must) + 1)
        for dropped in combinations(sorted(asked.must), number)
        if can_be_done(replace(asked, must=asked.must - set(dropped)), within, plans)
    )
    assert len(found.drop) == fewest
    assert set(found.drop) <= asked.must
    assert can_be_done(replace(asked, must=asked.must - set(found.drop)), within, plans)


def test_the_sum_of_what_two_phases_lack_is_named_with_each_of_them() -> None:
    asked = task(
        candidate("first", cost=10, months=1), candidate("second", cost=30, months=12, needs=(("first",),)),
        must=frozenset({"first", "second"}),
    )  # fmt: skip
    roomy = explain(asked, Limits(phase_budgets=(4.0, 10.0, 5.0)))
    assert (roomy.reason, roomy.phase, roomy.missing) == ("phase_budget", 2, 25.0)

    tight = explain(asked, Limits(phase_budgets=(4.0, 8.0, 5.0)))
    assert (tight.reason, tight.phase, tight.missing) == ("phase_budget", None, 27.0)
    assert tight.notes == {"phase_budget.1": 2.0, "phase_budget.2": 25.0}


def test_money_that_is_short_in_all_and_in_a_phase_is_counted_once() -> None:
    asked = task(candidate("dear", cost=100, months=20), must=frozenset({"dear"}))
    found = explain(asked, Limits(budget=70.0, phase_budgets=(0.0, 0.0, 40.0)))
    assert (found.reason, found.phase, found.missing) == ("phase_budget", 2, 60.0)
    assert found.notes == {"budget.0": 30.0, "phase_budget.2": 60.0}
    assert found.drop == ("dear",)


def test_a_chain_longer_than_the_roadmap_is_a_matter_of_time() -> None:
    asked = task(
        candidate("a", months=20), candidate("b", months=20, needs=(("a",),)), candidate("c"), must=frozenset("bc")
    )
    assert explain(asked, Limits()) == Infeasible("time", ("a", "b", "c"), drop=("b",))


def test_what_waits_for_an_exclusion_is_not_allowed_either() -> None:
    found = [candidate("a"), candidate("b", needs=(("a", "c"),)), candidate("c"), candidate("d", needs=(("b",),))]
    everything = {c.id: c for c in found}
    assert list(without_excluded(everything, {"a"})) == ["b", "c", "d"]
    assert list(without_excluded(everything, {"a", "c"})) == []


def test_a_circle_that_an_exclusion_closes_is_not_allowed() -> None:
    found = [candidate("a"), candidate("b", needs=(("a", "c"),)), candidate("c", needs=(("b",),))]
    assert list(without_excluded({c.id: c for c in found}, {"a"})) == []


def test_the_fewest_exclusions_are_to_be_given_up() -> None:
    found = [
        candidate("x"), candidate("y"), candidate("z"),
        candidate("must", needs=(("x", "y"), ("y", "z"))), candidate("other", needs=(("z",),)),
    ]  # fmt: skip
    everything = {c.id: c for c in found}
    refusal = excluded_need(everything, frozenset({"must"}), {"x", "y", "z"})
    assert refusal == Infeasible("excluded_prerequisite", ("must",), drop=("y",))


def test_a_must_that_is_excluded_itself_is_to_be_allowed() -> None:
    everything = {c.id: c for c in [candidate("a"), candidate("b")]}
    assert excluded_need(everything, frozenset("ab"), {"b"}) == Infeasible("excluded_prerequisite", ("b",), drop=("b",))
