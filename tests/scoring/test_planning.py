"""The roadmap of one firm, from its answers and wishes to what is told of every action."""

import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from questionnaires.answers import Answers
from questionnaires.library import Action, Definition
from questionnaires.loader import load_definition
from questionnaires.schema import Questionnaire
from scoring.gaps import Target
from scoring.planning import UnknownAction, plan_roadmap
from scoring.readiness import NodeScore, readiness
from scoring.roadmap import Infeasible, Roadmap, Wishes
from tests.scoring.building import build, dimension, question
from tests.scoring.planned import action

LEVELS = [f"Level {i}." for i in range(6)]
QUESTIONNAIRE = build(
    [
        dimension(name, dimension(f"{name}.all", question(name, levels=LEVELS)))
        for name in ("people", "process", "tools")
    ]
)
LIBRARY = (
    action("train", "people", 0, 2, days=10, months=2, cost={"small": [800, 1200]}),
    action("coach", "people", 2, 4, days=20, months=9, cost={"small": [2000, 4000]}),
    action("map", "process", 0, 2, days=5, months=1, cost={"small": [0, 0]}),
    action("standard", "process", 2, 3, days=15, months=4, cost={"small": [500, 1500]}, requires=["train"]),
    action("network", "tools", 0, 1, days=8, months=3, cost={"small": [4000, 6000]}),
    action("sensors", "tools", 1, 3, days=12, months=6, cost={"small": [8000, 12000]}, requires=["network", "map"]),
    action("predict", "tools", 3, 5, days=30, months=15, cost={"small": [15000, 25000]}, requires=["sensors", "coach"]),
)


def plan(
    wishes: Wishes | None = None, levels: dict[str, Any] | None = None, actions: tuple[Action, ...] = LIBRARY,
    questionnaire: Questionnaire = QUESTIONNAIRE,
) -> Roadmap | Infeasible:  # fmt: skip
    answers = Answers({}, {"people": 0, "process": 1, "tools": 0} if levels is None else levels)
    scored = readiness(questionnaire, answers)
    return plan_roadmap(Definition(questionnaire, actions), answers, scored, Target(), wishes or Wishes())


def roadmap(*given: Any, **named: Any) -> Roadmap:
    found = plan(*given, **named)
    assert isinstance(found, Roadmap)
    return found


def test_without_limits_everything_that_helps_is_done_in_order() -> None:
    found = roadmap()
    assert {each.action for each in found.actions} == {a.id for a in LIBRARY}
    assert found.left_out == ()
    assert (found.readiness_before, found.readiness_after) == pytest.approx((1 / 3, 4.0))
    assert found.factors_before == {"people": 0.0, "process": 1.0, "tools": 0.0}
    assert found.factors_after == {"people": 4.0, "process": 3.0, "tools": 5.0}
    assert found.optimality_gap <= 1e-4
    assert sum(each.gain for each in found.actions) == pytest.approx(found.readiness_after - found.readiness_before)


def test_every_action_says_what_comes_before_it_and_what_it_unlocks() -> None:
    by_name = {each.action: each for each in roadmap().actions}
    assert set(by_name["predict"].requires) == {"sensors", "coach"}
    assert by_name["predict"].unlocks == ()
    assert set(by_name["train"].unlocks) == {"coach", "standard"}
    assert (by_name["train"].start, by_name["train"].end, by_name["train"].phase) == (0.0, 2.0, 0)
    for each in by_name.values():
        for other in each.requires:
            assert by_name[other].end <= each.start + 1e-6
            assert each.action in by_name[other].unlocks


def test_phases_add_up_what_ends_in_them() -> None:
    found = roadmap(Wishes(phase_budgets=(1500.0, None, None)))
    for number, phase in enumerate(found.phases):
        here = [each for each in found.actions if each.phase == number]
        assert phase.cost_low == sum(each.cost_low for each in here)
        assert phase.planned == sum((each.cost_low + each.cost_high) / 2 for each in here)
        assert phase.days == sum(each.days for each in here)
    assert found.phases[0].budget == 1500.0
    assert found.phases[0].planned <= 1500.0
    scores = [found.readiness_before, *(phase.readiness for phase in found.phases)]
    assert scores == sorted(scores)
    assert found.phases[-1].readiness == found.readiness_after


def test_the_plan_is_in_the_order_of_its_phases_and_starts() -> None:
    found = roadmap()
    assert [(each.phase, each.start) for each in found.actions] == sorted((e.phase, e.start) for e in found.actions)


def test_a_must_is_in_and_an_exclusion_and_what_waits_for_it_is_out() -> None:
    found = roadmap(Wishes(budget=25000.0, must=frozenset({"network"}), must_not=frozenset({"coach"})))
    names = {each.action for each in found.actions}
    assert "network" in names
    assert not names & {"coach", "predict"}
    assert next(each for each in found.actions if each.action == "network").must
    assert {each.action: each.reason for each in found.left_out} == {"predict": "excluded", "coach": "excluded"}


def test_a_must_that_adds_nothing_is_done_all_the_same() -> None:
    found = roadmap(Wishes(must=frozenset({"network"})), levels={"people": 0, "process": 1})
    (network,) = (each for each in found.actions if each.action == "network")
    assert (network.gain, network.must) == (0.0, True)
    assert found.readiness_after == pytest.approx(sum(found.factors_after.values()) / 2)


def test_a_must_over_the_budget_says_how_much_is_missing() -> None:
    found = plan(Wishes(budget=4000.0, must=frozenset({"network"})))
    assert found == Infeasible("budget", ("network",), None, 1000.0, ("network",), {"budget.0": 1000.0})


def test_a_must_that_needs_what_is_excluded_says_what_to_allow() -> None:
    found = plan(Wishes(must=frozenset({"predict"}), must_not=frozenset({"train", "standard"})))
    assert found == Infeasible("excluded_prerequisite", ("predict",), drop=("train",))


@pytest.mark.parametrize("wishes", [Wishes(must=frozenset({"x"})), Wishes(must_not=frozenset({"x"}))])
def test_an_action_that_there_is_not_is_refused(wishes: Wishes) -> None:
    with pytest.raises(UnknownAction, match="no action 'x'"):
        plan(wishes)


def test_a_questionnaire_without_actions_has_an_empty_roadmap() -> None:
    found = roadmap(actions=())
    assert (found.actions, found.left_out, found.more, found.frontier) == ((), (), None, ())
    assert found.readiness_after == found.readiness_before == pytest.approx(1 / 3)
    assert roadmap(Wishes(budget=0.0), actions=()).actions == ()


def test_a_firm_without_a_single_answer_has_an_empty_roadmap() -> None:
    assert roadmap(levels={}).actions == ()


def test_questions_that_a_plan_would_open_stay_out_of_the_score_after_it() -> None:
    """`missing: refuse` would refuse the firm's own plan, were the question that it opens asked in it."""
    opens = {"answer": "people", "at_least": 1}
    later = question("later", levels=LEVELS, applies_if=opens)
    questionnaire = build(
        [dimension("people", dimension("skills", question("people", levels=LEVELS), later))], missing="refuse"
    )
    found = roadmap(levels={"people": 0}, actions=LIBRARY[:1], questionnaire=questionnaire)
    assert (found.readiness_before, found.readiness_after) == (0.0, 2.0)


def test_a_level_that_two_planned_actions_reach_is_gained_once() -> None:
    overlapping = action("a", "people", 0, 2), action("b", "people", 1, 3)
    found = roadmap(levels={"people": 0, "process": 5, "tools": 5}, actions=overlapping)
    assert [each.gain for each in found.actions] == pytest.approx([2 / 3, 1 / 3])
    assert found.readiness_after - found.readiness_before == pytest.approx(1.0)


def test_of_planned_alternatives_only_those_that_end_in_time_come_before() -> None:
    library = (
        action("slow", "people", 0, 4, months=30), action("quick", "people", 0, 2, months=1),
        action("then", "people", 2, 5, months=1),
    )  # fmt: skip
    found = roadmap(Wishes(must=frozenset({"slow", "quick"})), levels={"people": 0}, actions=library)
    by_name = {each.action: each for each in found.actions}
    assert by_name["then"].phase == 0
    assert by_name["then"].requires == ("quick",)
    assert (by_name["quick"].unlocks, by_name["slow"].unlocks) == (("then",), ())


def test_a_frozen_readiness_is_where_the_plan_starts() -> None:
    answers = Answers({}, {"people": 0, "process": 1, "tools": 0})
    frozen = replace(readiness(QUESTIONNAIRE, answers), overall=NodeScore(0.25, 0.25, 0.25, 1.0))
    found = plan_roadmap(Definition(QUESTIONNAIRE, LIBRARY), answers, frozen, Target(), Wishes())
    assert isinstance(found, Roadmap)
    assert found.readiness_before == 0.25


def test_costs_are_told_in_the_currency_that_is_wished() -> None:
    found = roadmap(Wishes(currency="MYR", rate=4.0))
    train = next(each for each in found.actions if each.action == "train")
    assert (train.cost_low, train.cost_high) == (3200.0, 4800.0)


def test_the_plan_does_not_hang_on_the_order_of_sets() -> None:
    """Python orders sets of texts anew in every process."""
    ask = (
        "from tests.scoring.test_planning import plan, Wishes\n"
        "print(plan(Wishes(budget=9000.0, phase_days=(20.0, 30.0, 30.0), must=frozenset({'train', 'map'}))))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", ask], env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1


def test_with_the_preference_the_factor_that_lags_rises_further_on_less_money_for_the_others() -> None:
    """The shipped questionnaire, a firm at level 3 of everything but technology, where it is at level 0."""
    definition = load_definition("industry4-readiness")
    questionnaire = definition.questionnaire
    lags = {id: questionnaire.factor_of[id].id == "technology" for id in questionnaire.questions}
    answers = Answers({"sector": "services", "employees": 30.0}, {id: 0 if low else 3 for id, low in lags.items()})
    scored = readiness(questionnaire, answers)
    after: dict[float, dict[str, float]] = {}
    for balance in (0.0, 0.25):
        found = plan_roadmap(definition, answers, scored, Target(), Wishes(budget=15_000, balance=balance))
        assert isinstance(found, Roadmap)
        after[balance] = dict(found.factors_after)
    assert after[0.25]["technology"] > after[0.0]["technology"] + 0.05
    assert after[0.25]["people"] + after[0.25]["process"] < after[0.0]["people"] + after[0.0]["process"]


def test_days_that_are_assumed_yield_to_the_must_dos_and_no_further_than_these_take() -> None:
    """`predict` and all that it needs take 85 days; 1 a phase is not enough, and the firm named no days."""
    wishes = Wishes(must=frozenset({"predict"}), phase_days=(1, 1, 1), days_are_assumed=True)
    found = roadmap(wishes)
    chain = {"predict", "sensors", "coach", "network", "map", "train"}
    assert {each.action for each in found.actions} == chain
    assert sum(phase.days for phase in found.phases) == pytest.approx(85)
    named = plan(replace(wishes, days_are_assumed=False))
    assert isinstance(named, Infeasible)
    assert named.reason == "days"


def test_days_that_are_assumed_are_never_what_stands_in_the_way() -> None:
    wishes = Wishes(must=frozenset({"predict"}), budget=100, phase_days=(1, 1, 1), days_are_assumed=True)
    found = plan(wishes)
    assert isinstance(found, Infeasible)
    assert found.reason == "budget"
    assert not any(name.startswith("days") for name in found.notes)
