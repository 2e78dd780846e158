"""The shipped workshop questionnaire on quality infrastructure keeps what is promised of it."""

import itertools
from collections import Counter
from functools import cache

import pytest

from questionnaires.library import SIZES
from questionnaires.loader import load_definition
from questionnaires.schema import Question

DEFINITION = load_definition("qi4tf@1.0.0")
QUESTIONNAIRE = DEFINITION.questionnaire
SECTIONS = {
    "government": {"gov.food_safety": 14, "gov.sps": 13, "gov.laboratories": 14, "gov.customs": 11},
    "industry": {
        "ind.operators": 12, "ind.haccp": 10, "ind.cooperatives": 7, "ind.trade_bodies": 6, "ind.trade_fairs": 6,
    },
}  # fmt: skip
LONGEST_CHAIN = 84  # months from the first of the actions that an action rests on to its own end


def test_it_asks_everybody_93_questions_with_six_choices() -> None:
    # UNIDO (2020), QI4TF: 93 questions, 6 possible choices each. How many a section has is our own.
    assert len(QUESTIONNAIRE.questions) == 93
    assert all(len(question.levels or ()) == 6 for question in QUESTIONNAIRE.questions.values())
    assert all(question.applies_if is None for question in QUESTIONNAIRE.questions.values())


def test_government_has_four_sections_and_industry_five() -> None:
    parts = {
        part.id: {section.id: len(section.questions) for section in part.dimensions}
        for part in QUESTIONNAIRE.dimensions
    }
    assert parts == SECTIONS
    assert [sum(sections.values()) for sections in parts.values()] == [52, 41]


def test_it_is_for_rooms_and_each_question_names_who_can_know() -> None:
    assert QUESTIONNAIRE.asked_in == ("workshop",)
    assert set(QUESTIONNAIRE.groups) == {"industry", "government"}
    for part in QUESTIONNAIRE.dimensions:
        for question in (q for section in part.dimensions for q in section.questions):
            assert part.id in QUESTIONNAIRE.groups_of[question.id], question.id


def test_industry_and_government_meet_on_questions_of_every_part() -> None:
    both = Counter(
        QUESTIONNAIRE.factor_of[name].id for name, groups in QUESTIONNAIRE.groups_of.items() if len(groups) == 2
    )
    assert both["government"] >= 20
    assert both["industry"] >= 6


def test_the_first_pass_is_a_third_and_reaches_every_section() -> None:
    core = [q for q in QUESTIONNAIRE.questions.values() if q.core]
    assert 28 <= len(core) <= 34
    assert {QUESTIONNAIRE.dimension_of[q.id].id for q in core} == {s for part in SECTIONS.values() for s in part}


@pytest.mark.parametrize("question", QUESTIONNAIRE.questions.values(), ids=lambda q: q.id)
def test_a_question_has_levels_of_its_own_in_few_words(question: Question) -> None:
    texts = [level.text for level in question.levels or ()]
    assert len(set(texts)) == 6
    assert all(len(text.split()) <= 25 for text in (question.text, *texts))
    assert question.help
    assert question.evidence


def test_no_two_questions_share_a_text_or_a_descriptor() -> None:
    questions = QUESTIONNAIRE.questions.values()
    assert len({q.text for q in questions}) == 93
    assert max(Counter(level.text for q in questions for level in q.levels or ()).values()) == 1


def test_weights_are_equal_and_said_to_be_illustrative() -> None:
    nodes = [*QUESTIONNAIRE.dimensions, *(section for part in QUESTIONNAIRE.dimensions for section in part.dimensions)]
    assert {node.weight for node in nodes} == {q.weight for q in QUESTIONNAIRE.questions.values()} == {1}
    assert QUESTIONNAIRE.source.basis == "illustrative"
    assert "structure" in (QUESTIONNAIRE.source.note or "")


def test_the_profiles_are_five_one_for_each_whole_level() -> None:
    assert [(b.title, b.from_) for b in QUESTIONNAIRE.profiles.bins] == [
        ("Informal", 0), ("Emerging", 1), ("Organised", 2), ("Reliable", 3), ("Recognised", 4)
    ]  # fmt: skip


def test_the_facilitator_states_three_facts_of_which_one_is_the_reach() -> None:
    fields = {field.id: field for field in QUESTIONNAIRE.fields}
    assert list(fields) == ["goods", "market", "size"]
    assert tuple(fields["size"].choices or ()) == SIZES


def test_the_library_has_actions_for_every_question_in_ladders_without_gaps() -> None:
    assert len(DEFINITION.actions) >= 70
    for question in QUESTIONNAIRE.questions.values():
        ladder = sorted((a.from_, a.to) for a in DEFINITION.actions if a.question == question.id)
        assert ladder, question.id
        assert (ladder[0][0], ladder[-1][1]) == (0, 5), question.id
        assert all(before[1] == after[0] for before, after in itertools.pairwise(ladder)), question.id


def test_no_two_actions_share_a_title_a_goal_a_measure_or_a_step() -> None:
    actions = DEFINITION.actions
    for texts in ([a.title for a in actions], [a.goal for a in actions], [a.measure for a in actions]):
        assert len(set(texts)) == len(texts)
    steps = [step for a in actions for step in a.steps]
    assert len(set(steps)) == len(steps)


def test_every_action_can_be_costed_checked_and_explained() -> None:
    for action in DEFINITION.actions:
        assert set(action.cost) == {"micro", "small", "medium", "large"}, action.id
        assert action.enabler, action.id
        assert 3 <= len(action.steps) <= 5, action.id
        assert action.measure, action.id
        assert action.days > 0, action.id
        assert 0 < action.months <= 36, action.id
        helped = {pillar for pillar, strength in action.impact.model_dump().items() if strength}
        assert bool(helped) == bool(action.effects), action.id


def test_a_wider_reach_never_costs_less() -> None:
    for action in DEFINITION.actions:
        for narrow, wide in itertools.pairwise(SIZES):
            assert action.cost[narrow][0] <= action.cost[wide][0], action.id
            assert action.cost[narrow][1] <= action.cost[wide][1], action.id


def test_what_an_action_rests_on_fits_into_seven_years() -> None:
    @cache
    def months(action: str) -> float:
        own = DEFINITION.action[action]
        return own.months + max(map(months, own.requires), default=0)

    assert max(months(action.id) for action in DEFINITION.actions) <= LONGEST_CHAIN


def test_prerequisites_cross_the_sections_and_the_two_parts() -> None:
    section, part, action = QUESTIONNAIRE.dimension_of, QUESTIONNAIRE.factor_of, DEFINITION.action
    pairs = [(a.question, action[need].question) for a in DEFINITION.actions for need in a.requires]
    assert sum(section[one] is not section[other] for one, other in pairs) >= 45
    assert sum(part[one] is not part[other] for one, other in pairs) >= 12


def test_the_three_pilots_are_told_and_used() -> None:
    pilots = {case.country for case in DEFINITION.cases.values() if case.id.startswith("pilot-")}
    assert pilots == {"ZA", "MW", "TZ"}
    used = {case for a in DEFINITION.actions for case in a.cases}
    assert used == {case.id for case in DEFINITION.cases.values() if case.id.startswith("pilot-")}
