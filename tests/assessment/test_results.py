"""One assessment, scored and planned: what is derived, what is assumed, and what is passed in as it was frozen."""

from dataclasses import replace
from typing import Any

import pytest

from assessment.results import make_result, wishes_for
from questionnaires.answers import Answers
from questionnaires.library import Definition, Rates
from scoring.currencies import NoRate, own_currency, rate_to
from scoring.gaps import ImpossibleTarget, Target
from scoring.planning import UnknownAction
from scoring.readiness import readiness
from scoring.roadmap import Roadmap, Wishes
from tests.scoring.building import build, dimension, question
from tests.scoring.planned import action

LEVELS = [f"Level {i}." for i in range(6)]
QUESTIONNAIRE = build([dimension(n, dimension(f"{n}.all", question(n, levels=LEVELS))) for n in ("people", "tools")])
RATES = Rates.model_validate({"base": "EUR", "as_of": "2026-11", "per": {"USD": 1.25, "MYR": 5.0}})
COSTS = {"micro": [1, 1], "small": [10, 10], "medium": [100, 100], "large": [1000, 1000]}
DEFINITION = Definition(
    QUESTIONNAIRE, (action("train", "people", cost=COSTS), action("network", "tools", cost=COSTS)), rates=RATES
)
ANSWERS = Answers({"size": "medium"}, {"people": 0, "tools": 1})


def planned(**given: Any) -> Roadmap:
    found = make_result(DEFINITION, ANSWERS, **given).roadmap
    assert isinstance(found, Roadmap)
    return found


def test_everything_is_derived_from_one_scoring() -> None:
    found = make_result(DEFINITION, ANSWERS)
    assert found.readiness.overall.score == pytest.approx(0.5)
    assert [gap.question for gap in found.gaps] == ["people", "tools"]
    assert [priority.gap.question for priority in found.priorities] == ["people", "tools"]
    assert found.weights is not None
    assert len(found.rules) > 1
    assert isinstance(found.roadmap, Roadmap)
    assert [each.action for each in found.roadmap.actions] == ["train"]
    assert found.roadmap.actions[0].cost_low == 100


def test_a_readiness_that_was_frozen_is_shown_as_it_stands() -> None:
    frozen = readiness(QUESTIONNAIRE, Answers({}, {"people": 4, "tools": 4}))
    found = make_result(DEFINITION, ANSWERS, scored=frozen)
    assert found.readiness is frozen
    assert isinstance(found.roadmap, Roadmap)
    assert found.roadmap.readiness_before == 4.0


def test_without_a_score_nothing_is_said_of_weights_and_rules() -> None:
    found = make_result(DEFINITION, Answers())
    assert (found.weights, found.rules, found.gaps) == (None, (), ())
    assert isinstance(found.roadmap, Roadmap)
    assert found.roadmap.actions == ()


def test_given_wishes_are_taken_as_they_are() -> None:
    wishes = Wishes(size="large", budget=0.0)
    found = make_result(DEFINITION, ANSWERS, wishes=wishes)
    assert found.wishes is wishes
    assert isinstance(found.roadmap, Roadmap)
    assert found.roadmap.actions == ()
    assert [each.cost_low for each in found.roadmap.left_out] == [1000.0]


def test_a_target_and_a_wish_for_what_there_is_not_are_refused() -> None:
    with pytest.raises(ImpossibleTarget):
        make_result(DEFINITION, ANSWERS, target=Target(levels={"nowhere": 1}))
    with pytest.raises(UnknownAction):
        make_result(DEFINITION, ANSWERS, wishes=Wishes(must=frozenset({"nowhere"})))


def test_a_definition_without_actions_has_an_empty_roadmap() -> None:
    found = make_result(Definition(QUESTIONNAIRE), ANSWERS)
    assert isinstance(found.roadmap, Roadmap)
    assert (found.roadmap.actions, found.wishes.currency) == ((), "USD")


def test_size_and_days_come_from_the_profile_and_are_marked_where_they_are_assumed() -> None:
    said = wishes_for(DEFINITION, {"employees": 100})
    assert (said.size, said.size_is_assumed, said.days_are_assumed) == ("medium", False, True)
    assert said.phase_days == (165.0, 495.0, 1320.0)  # 3 % of 100 people's 220 days, for 3, 9 and 24 months

    silent = wishes_for(DEFINITION, {})
    assert (silent.size, silent.size_is_assumed, silent.days_are_assumed) == ("small", True, True)


def test_days_that_the_firm_names_are_no_assumption() -> None:
    wishes = wishes_for(DEFINITION, {}, phase_days=(5.0, None, None), budget=100.0)
    assert (wishes.phase_days, wishes.days_are_assumed, wishes.budget) == ((5.0, None, None), False, 100.0)


def test_costs_are_told_in_another_currency_by_the_planning_rates() -> None:
    wishes = wishes_for(DEFINITION, {"size": "medium"}, currency="MYR")
    assert (wishes.currency, wishes.rate) == ("MYR", 4.0)
    assert planned(wishes=wishes).actions[0].cost_low == 400.0
    assert wishes_for(DEFINITION, {}, currency="EUR").rate == 0.8
    assert (wishes_for(DEFINITION, {}).currency, wishes_for(DEFINITION, {}).rate) == ("USD", 1.0)


def test_a_rate_that_is_given_goes_before_the_library_s() -> None:
    assert wishes_for(DEFINITION, {}, currency="MYR", rate=4.2).rate == 4.2
    assert wishes_for(DEFINITION, {}, currency="XOF", rate=600.0).rate == 600.0


def test_a_currency_without_a_rate_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(NoRate) as refusal:
        wishes_for(DEFINITION, {}, currency="XOF")
    assert str(refusal.value) == (
        "There is no planning rate from USD to XOF; choose one of EUR, MYR, USD, or give a rate."
    )
    with pytest.raises(NoRate, match="choose one of USD, or give a rate"):
        wishes_for(replace(DEFINITION, rates=None), {}, currency="EUR")


def test_rates_go_there_and_back() -> None:
    assert own_currency(DEFINITION) == "USD"
    assert rate_to(DEFINITION, "EUR") * rate_to(DEFINITION, "USD", "EUR") == pytest.approx(1.0)
