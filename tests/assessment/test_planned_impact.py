"""What planned actions would help: means over the library's actions of a kind, weighted by who plans it."""

import pytest

from assessment.planned_impact import kinds_of, together
from assessment.policy_reading import FIRST
from questionnaires.library import EFFECTS_OF, Definition
from questionnaires.loader import load_definition


@pytest.fixture(scope="module")
def definition() -> Definition:
    return load_definition("industry4-readiness")


def test_each_kind_has_the_area_that_answers_it_and_the_means_of_its_actions(definition: Definition) -> None:
    kinds = kinds_of(definition)
    assert [kind.enabler for kind in kinds] == list(FIRST)
    assert [kind.area for kind in kinds] == ["demand", "framework", "framework", "capabilities", "framework"]
    assert sum(kind.actions for kind in kinds) == sum(action.enabler is not None for action in definition.actions)
    skills = [action for action in definition.actions if action.enabler == "skills"]
    found = next(kind for kind in kinds if kind.enabler == "skills").helped
    assert found.pillars["social"] == pytest.approx(sum(a.impact.social for a in skills) / len(skills))
    assert found.effects["employment"] == sum("employment" in a.effects for a in skills) / len(skills)
    assert list(found.effects) == [effect for effects in EFFECTS_OF.values() for effect in effects]


def test_kinds_count_as_often_as_they_are_planned_and_not_where_nothing_is_told(definition: Definition) -> None:
    kinds = kinds_of(definition)
    by_need = {kind.enabler: kind.helped for kind in kinds}
    found = together(kinds, {"funding": 30.0, "skills": 10.0, "regulation": 0.0})
    assert found is not None
    for pillar in EFFECTS_OF:
        expected = 0.75 * by_need["funding"].pillars[pillar] + 0.25 * by_need["skills"].pillars[pillar]
        assert found.pillars[pillar] == pytest.approx(expected)
    assert found.effects["product"] == pytest.approx(
        0.75 * by_need["funding"].effects["product"] + 0.25 * by_need["skills"].effects["product"]
    )
    assert together(kinds, {"skills": 55.0}) == by_need["skills"]
    assert together(kinds, {}) is None
    assert together(kinds, {"skills": 0.0}) is None
