"""What a definition tells of a gap before anybody votes."""

import pytest

from questionnaires.library import Definition
from questionnaires.loader import load_definition
from scoring.currencies import NoRate
from scoring.gap_features import gap_features
from scoring.gaps import Gap
from scoring.past_workshops import GapFeatures
from tests.scoring.planned import action
from tests.scoring.test_gaps import QUESTIONNAIRE

ACTIONS = (
    action("far", "c", days=3),
    action("near", "c", days=3, requires=["far"]),
    action("first", "a", 0, 1, days=10, requires=["near"], cost={"small": [900, 1100]}, enabler="skills"),
    action("second", "a", 1, 3, days=30, requires=["first"], cost={"small": [80, 120], "large": [80, 120]}),
    action("above", "a", 3, 4, days=500, cost={"small": [0, 0]}),
)
DEFINITION = Definition(QUESTIONNAIRE, ACTIONS)
GAP = Gap("a", "skills", "people", 0, 3, 0.0, 5.0, 0.25)


def test_days_are_of_all_closing_actions_cost_and_enabler_of_the_cheapest_and_what_must_come_first_is_counted() -> None:
    found = gap_features(DEFINITION, GAP, difference=1.5, unknown=0.2)
    assert found == GapFeatures("a", 3, 0.25, 1.5, 0.2, "skills", days=40, cost=4, enabler=None, dependencies=2)


def test_the_way_left_decides_which_actions_count() -> None:
    found = gap_features(DEFINITION, Gap("a", "skills", "people", 0, 1, 0.0, 1.0, 0.25))
    assert (found.size, found.days, found.cost, found.enabler, found.dependencies) == (1, 10, 6, "skills", 2)


def test_without_an_action_only_the_gap_is_known() -> None:
    found = gap_features(DEFINITION, Gap("b", "skills", "people", 0, 2, 0.0, 2.0, 0.5))
    assert found == GapFeatures("b", 2, 0.5, section="skills")


def test_costs_in_two_currencies_need_a_rate() -> None:
    mixed = (*ACTIONS[:3], action("second", "a", 1, 3, currency="EUR"))
    with pytest.raises(NoRate):
        gap_features(Definition(QUESTIONNAIRE, mixed), GAP)


@pytest.mark.parametrize("name", ["qi4tf", "industry4-readiness"])
def test_every_gap_of_a_shipped_questionnaire_has_features_that_differ(name: str) -> None:
    definition = load_definition(name)
    questions = [q for q in definition.questionnaire.questions.values() if q.levels]
    found = [
        gap_features(definition, Gap(q.id, definition.questionnaire.dimension_of[q.id].id, "", 0, 2, 0.0, 2.0, 0.01))
        for q in questions
    ]
    known = [each for each in found if each.days is not None]
    assert len(known) > len(found) / 2
    for feature in ("days", "cost", "enabler", "dependencies", "section"):
        assert len({getattr(each, feature) for each in known}) > 2, feature
