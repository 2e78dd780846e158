"""The choice of actions against every plan there is, and what must hold of any choice."""

import ctypes
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import proving
from scoring.choosing import Choice, NotFoundInTime, choose
from scoring.plan_model import CHEAPER, Limits, Task
from scoring.proving import GAP
from scoring.schedule import Schedule
from tests.scoring.plan_oracle import all_plans
from tests.scoring.planned import FACTORS, candidate, limits, task, tasks

FEW = settings(max_examples=60, deadline=None)
NOISE = 1e-9


def best_of(asked: Task, within: Limits) -> float | None:
    plans = all_plans(asked)
    kept = plans.within(asked, within)
    return float(plans.value[kept].max()) if kept.any() else None


def assert_is_best(choice: Choice | None, best: float | None, asked: Task) -> None:
    assert (choice is None) == (best is None)
    if choice is not None and best is not None:
        trace = 2 * CHEAPER * asked.whole
        assert choice.value <= best + NOISE
        assert choice.value >= best / (1 + GAP) - trace - NOISE
        assert best <= choice.value * (1 + choice.optimality_gap) + trace + NOISE


@FEW
@given(tasks(), limits())
def test_no_plan_of_all_that_there_are_is_better(asked: Task, within: Limits) -> None:
    assert_is_best(choose(asked, within), best_of(asked, within), asked)


@FEW
@given(tasks(), limits())
def test_a_choice_keeps_limits_needs_and_phases(asked: Task, within: Limits) -> None:
    choice = choose(asked, within)
    if choice is None:
        return
    assert asked.must <= set(choice.phase)
    for key, limit in within.given().items():
        assert asked.used(key, choice.phase) <= limit + 1e-6
    assert not Schedule(asked.timing, asked.candidates, choice.phase).late()


@FEW
@given(tasks(), limits())
def test_nothing_is_chosen_that_adds_nothing_and_that_nothing_needs(asked: Task, within: Limits) -> None:
    choice = choose(asked, within)
    for name in () if choice is None else choice.phase:
        fewer = {other: at for other, at in choice.phase.items() if other != name}
        is_needed = bool(Schedule(asked.timing, asked.candidates, fewer).late())
        assert name in asked.must or is_needed or asked.value(fewer) < choice.value - NOISE


@FEW
@given(tasks(), limits(), st.floats(1.0, 2.0))
def test_wider_limits_never_give_a_worse_plan(asked: Task, within: Limits, factor: float) -> None:
    wider = Limits(
        None if within.budget is None else within.budget * factor,
        tuple(None if limit is None else limit * factor for limit in within.phase_budgets),
        tuple(None if limit is None else limit * factor for limit in within.phase_days),
    )
    before, after = choose(asked, within), choose(asked, wider)
    if before is not None:
        assert after is not None
        assert after.value >= before.value * (1 - GAP) - 2 * CHEAPER * asked.whole - NOISE


@FEW
@given(tasks(), limits())
def test_the_same_wishes_give_the_same_plan(asked: Task, within: Limits) -> None:
    assert choose(asked, within) == choose(asked, within)


def hard(number: int = 40) -> tuple[Task, Limits]:
    """Actions whose costs follow their gains, each after one of those before it, and half of the money for all."""
    chance, found = random.Random(1), []
    for at in range(number):
        worth = chance.uniform(0.01, 0.05)
        found.append(
            candidate(
                f"a{at}", worth, cost=round(worth * 1000 * chance.uniform(0.5, 1.5) + 3, 2), days=chance.randint(1, 20),
                factor=chance.choice(FACTORS), needs=((f"a{chance.randrange(at)}",),) if at % 3 else (),
            )
        )  # fmt: skip
    money, days = sum(c.cost for c in found) / 2, sum(c.action.days for c in found)
    return task(*found, balance=0.25), Limits(money, (money / 4, money / 3, money / 2), (days / 8, days / 6, days / 4))


def test_a_search_that_ends_at_its_limit_says_how_far_off_the_plan_may_be_and_prints_nothing(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The same plan each time: nodes are counted, not seconds."""
    best = choose(*hard())
    monkeypatch.setattr(proving, "NODES", 1)
    monkeypatch.setattr(proving, "FIRST_NODES", 1)
    monkeypatch.setattr(proving, "NEAR", 0.0)
    found = choose(*hard())
    ctypes.CDLL(None).fflush(None)
    assert capfd.readouterr().out == ""
    assert best is not None
    assert found is not None
    assert best.optimality_gap <= GAP < found.optimality_gap
    assert found.value <= best.value <= found.value * (1 + found.optimality_gap) + 2 * CHEAPER * hard()[0].whole
    assert choose(*hard()) == found


def test_a_line_that_the_solver_prints_by_itself_is_not_on_standard_output(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    solve = proving.milp

    def talkative(*given: Any, **named: Any) -> Any:
        ctypes.CDLL(None).puts(b"HighsMipSolverData::transformNewIntegerFeasibleSolution tmpSolver.run();")
        return solve(*given, **named)

    monkeypatch.setattr(proving, "milp", talkative)
    assert choose(*hard(6)) is not None
    ctypes.CDLL(None).fflush(None)
    said = capfd.readouterr()
    assert said.out == ""
    assert "tmpSolver" in said.err


def test_a_search_that_ends_without_a_plan_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "WALL", 0.0)
    with pytest.raises(NotFoundInTime):
        choose(*hard())
