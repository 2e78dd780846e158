"""A questionnaire is cut into pages of at most eight questions; each question that applies is on one of them."""

from hypothesis import given
from hypothesis import strategies as st

from assessment import sections
from assessment.sections import MOST_QUESTIONS, Progress
from questionnaires.answers import Answers
from questionnaires.loader import load_definition
from tests.factories import tiny


def test_a_dimension_is_a_section_and_a_long_one_is_even_parts() -> None:
    found = sections.sections(tiny().questionnaire)

    assert [(s.id, len(s.questions), s.part, s.parts) for s in found] == [
        ("skills", 4, 1, 1),
        ("machines~1", 4, 1, 2),
        ("machines~2", 5, 2, 2),
        ("services", 1, 1, 1),
    ]


def test_the_first_pass_holds_the_core_questions_factor_by_factor() -> None:
    found = sections.core_sections(tiny().questionnaire)

    assert [(s.id, [q.id for q in s.questions]) for s in found] == [
        ("~people", ["skills.training", "skills.languages"]),
        ("~technology", ["machines.1"]),
    ]


def test_the_shipped_questionnaire_has_every_question_on_one_page_of_eight_at_most() -> None:
    questionnaire = load_definition("industry4-readiness").questionnaire
    pages = sections.sections(questionnaire)

    assert [q.id for s in pages for q in s.questions] == list(questionnaire.questions)
    assert max(len(s.questions) for s in (*pages, *sections.core_sections(questionnaire))) <= MOST_QUESTIONS
    assert len({s.id for s in (*pages, *sections.core_sections(questionnaire))}) == len(pages) + len(
        sections.core_sections(questionnaire)
    )


@given(st.integers(0, 200))
def test_parts_are_even_and_complete(count: int) -> None:
    question = tiny().questionnaire.questions["machines.1"]
    chunks = sections._chunks([question] * count)

    sizes = [len(questions) for _, _, questions in chunks]
    assert sum(sizes) == count
    assert all(0 < size <= MOST_QUESTIONS for size in sizes)
    assert not sizes or max(sizes) - min(sizes) <= 1


def test_a_question_applies_once_its_condition_is_met_by_an_answer_or_a_field() -> None:
    questionnaire = tiny().questionnaire

    nothing = sections.applicable(questionnaire, Answers())
    planned = sections.applicable(questionnaire, Answers({"sector": "services"}, {"skills.training": 2}))

    assert not {"skills.mentors", "services.portal"} & nothing
    assert {"skills.mentors", "services.portal"} <= planned
    assert "skills.training" in sections.applicable(questionnaire, Answers({}, {"skills.training": "not_applicable"}))


def test_progress_counts_only_questions_that_apply() -> None:
    questions = tiny().questionnaire.questions.values()
    asked = sections.applicable(tiny().questionnaire, Answers())

    assert sections.progress(questions, asked, {"skills.training", "skills.mentors"}) == Progress(1, 12)
