"""The shipped questionnaire keeps what is promised of it."""

import itertools
from collections import Counter

import pytest

from questionnaires.loader import load_definition
from questionnaires.schema import Question

DEFINITION = load_definition("industry4-readiness@1.0.0")
QUESTIONNAIRE = DEFINITION.questionnaire
FOR_SERVICES = [q for q in QUESTIONNAIRE.questions.values() if q.applies_if is not None]
FOR_ALL = [q for q in QUESTIONNAIRE.questions.values() if q.applies_if is None]
TABLE_1 = {
    "internet_of_things", "big_data_analytics", "advanced_robotics", "machine_learning", "cloud_computing",
    "artificial_intelligence", "additive_manufacturing", "cad_cam",
}  # fmt: skip
# UNIDO (2019), Table 1: eight rows, nine technologies when CAD and CAM count as two.
INDUSTRY4WRD = {
    "additive_manufacturing", "artificial_intelligence", "big_data_analytics", "advanced_materials", "cybersecurity",
    "simulation", "augmented_reality", "advanced_robotics", "system_integration", "internet_of_things",
    "cloud_computing",
}  # fmt: skip


def test_people_process_and_technology_have_at_least_twelve_dimensions() -> None:
    assert [factor.id for factor in QUESTIONNAIRE.dimensions] == ["people", "process", "technology"]
    assert sum(len(factor.dimensions) for factor in QUESTIONNAIRE.dimensions) >= 12


def test_it_asks_sixty_questions_of_every_firm_and_twelve_more_of_services() -> None:
    assert 55 <= len(FOR_ALL) <= 65
    assert len(FOR_SERVICES) == 12


def test_the_first_pass_has_about_28_questions_and_reaches_every_dimension() -> None:
    core = [q for q in FOR_ALL if q.core]
    assert 26 <= len(core) <= 30
    dimensions = {QUESTIONNAIRE.dimension_of[q.id].id for q in FOR_ALL}
    assert {QUESTIONNAIRE.dimension_of[q.id].id for q in core} == dimensions


@pytest.mark.parametrize("question", QUESTIONNAIRE.questions.values(), ids=lambda q: q.id)
def test_a_question_has_six_levels_of_its_own_in_few_words(question: Question) -> None:
    texts = [level.text for level in question.levels or ()]
    assert len(texts) == len(set(texts)) == 6
    assert all(len(text.split()) <= 25 for text in (question.text, *texts))
    assert question.help
    assert question.evidence


def test_no_two_questions_share_a_descriptor() -> None:
    texts = Counter(level.text for q in QUESTIONNAIRE.questions.values() for level in q.levels or ())
    assert max(texts.values()) == 1


def test_it_asks_about_every_technology_of_the_study_and_of_industry4wrd() -> None:
    asked = {t for q in FOR_ALL for t in q.technologies}
    assert asked >= TABLE_1 | INDUSTRY4WRD


def test_the_profiles_are_the_five_published_names() -> None:
    assert [b.title for b in QUESTIONNAIRE.profiles.bins] == [
        "Conventional", "Newcomer", "Learner", "Experienced", "Leader"
    ]  # fmt: skip
    assert QUESTIONNAIRE.source.basis == "illustrative"


def test_the_library_has_actions_for_every_question_in_ladders_without_gaps() -> None:
    assert len(DEFINITION.actions) >= 110
    for question in QUESTIONNAIRE.questions.values():
        ladder = sorted((a.from_, a.to) for a in DEFINITION.actions if a.question == question.id)
        assert ladder, question.id
        assert ladder[0][0] == 0
        assert all(before[1] == after[0] for before, after in itertools.pairwise(ladder)), question.id


def test_every_action_can_be_costed_checked_and_explained() -> None:
    for action in DEFINITION.actions:
        assert set(action.cost) == {"micro", "small", "medium", "large"}, action.id
        assert action.enabler, action.id
        assert action.steps, action.id
        assert action.measure, action.id
        assert action.days > 0, action.id
        assert action.months <= 36, action.id
        helped = {pillar for pillar, strength in action.impact.model_dump().items() if strength}
        assert bool(helped) == bool(action.effects), action.id


def test_prerequisites_cross_the_factors() -> None:
    action = DEFINITION.action
    crossing = [
        (a.id, need)
        for a in DEFINITION.actions
        for need in a.requires
        if QUESTIONNAIRE.factor_of[a.question] is not QUESTIONNAIRE.factor_of[action[need].question]
    ]
    assert len(crossing) >= 45


def test_ten_firms_and_six_programmes_are_told_and_used() -> None:
    assert Counter(case.kind for case in DEFINITION.cases.values()) == {"firm": 10, "policy": 6}
    assert {case for a in DEFINITION.actions for case in a.cases} == set(DEFINITION.cases)
    assert all(case.effects and case.source.year == 2019 for case in DEFINITION.cases.values())
