"""Gaps under the areas of policy action: by a file that can be read, with its source, and cases that are published."""

import json

import pytest

from assessment.policy_reading import AREAS, FILE, FIRST, area_of, areas_file, first_step, read_policy
from questionnaires.library import Definition
from questionnaires.loader import load_definition


@pytest.fixture(scope="module")
def definition() -> Definition:
    return load_definition("industry4-readiness")


def test_every_gap_lies_in_one_area_and_the_order_stays(definition: Definition) -> None:
    gaps = list(definition.questionnaire.questions)[::3]
    reading = read_policy(definition, gaps)

    assert [area.id for area in reading.areas] == list(AREAS)
    assert sorted(q for area in reading.areas for q in area.gaps) == sorted(gaps)
    for area in reading.areas:
        assert [gaps.index(q) for q in area.gaps] == sorted(gaps.index(q) for q in area.gaps)
        assert sum(area.enablers.values()) == len(area.actions)


def test_enablers_are_placed_as_table_3_of_the_study_has_them(definition: Definition) -> None:
    """UNIDO (2019), Table 3: technology - framework conditions, funds - demand, qualified personnel - capabilities."""
    placed = {
        step.enabler: area_of("any", step)
        for question in definition.questionnaire.questions
        if (step := first_step(definition, question)) is not None and step.enabler is not None
    }
    expected = dict.fromkeys(("infrastructure", "regulation", "technology"), "framework")
    assert placed == {key: (expected | {"funding": "demand", "skills": "capabilities"})[key] for key in placed}


def test_the_file_places_each_enabler_once_and_says_where_from_or_that_it_is_ours() -> None:
    data = areas_file()
    enablers = [(name, told) for area in data["areas"].values() for name, told in area["enablers"].items()]

    assert sorted(name for name, _ in enablers) == sorted(FIRST)
    assert all(told["basis"] == "published" and told["why"] for _, told in enablers)
    assert "Table 3" in data["source"]
    assert data["dimensions"]["basis"] == "illustrative"
    assert json.loads(FILE.read_text()) == data


def test_questions_that_the_file_names_are_there_and_go_where_it_says(definition: Definition) -> None:
    for question, area in areas_file()["dimensions"]["questions"].items():
        assert question in definition.questionnaire.questions
        assert area_of(question, first_step(definition, question)) == area


def test_cases_of_an_area_are_published_policies_that_worked_in_it(definition: Definition) -> None:
    reading = read_policy(definition, [])

    assert {area.id: [case.id for case in area.cases] for area in reading.areas} == {
        "framework": ["policy-sino-german-cooperation"],
        "demand": ["policy-zhejiang-cloud", "policy-c4i4-lab", "policy-industry4wrd", "policy-ignite"],
        "capabilities": ["policy-penang-automation-cluster"],
    }
    assert all(case.source.title for area in reading.areas for case in area.cases)


def test_what_first_steps_help_is_their_mean_and_a_count(definition: Definition) -> None:
    gaps = ["leadership.awareness", "leadership.strategy"]
    steps = [step for q in gaps if (step := first_step(definition, q)) is not None]
    reading = read_policy(definition, gaps)

    assert [step.id for step in steps] == ["visit-a-connected-plant", "write-digital-plan"]
    assert reading.pillars["competitiveness"] == pytest.approx(sum(s.impact.competitiveness for s in steps) / 2)
    assert dict(reading.effects) == {"linkages": 1, "innovation": 1, "business_model": 1, "efficiency": 1}


def test_a_question_without_an_action_asks_for_capabilities(definition: Definition) -> None:
    assert area_of("unknown.question", None) == "capabilities"
    assert first_step(definition, "unknown.question") is None
