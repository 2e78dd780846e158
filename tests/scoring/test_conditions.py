"""Which questions are asked, and what happens to the answers of those that are not."""

from typing import Any

import pytest

from scoring.readiness import MissingAnswers, readiness
from tests.scoring.building import answer, build, dimension, question

FIELDS = [
    {"id": "sector", "text": "Sector", "choices": {"goods": "Goods", "services": "Services", "both": "Both"}},
    {"id": "staff", "text": "Staff", "number": {"min": 0}},
]


def asked(condition: dict[str, Any], answers: dict[str, Any] | None = None, **profile: Any) -> bool:
    questionnaire = build(
        [
            dimension(
                "d",
                question("ladder", levels=["none", "some", "all"]),
                question("tools", options={"of": ["ERP", "MES", "PLM", "CAD"]}),
                question("share"),
                question("target", applies_if=condition),
            )
        ],
        fields=FIELDS,
    )
    return "target" in readiness(questionnaire, answer(answers, **profile)).asked


def test_a_field_is_tested_by_choice_or_by_number() -> None:
    services = {"field": "sector", "in": ["services", "both"]}
    assert asked(services, sector="services")
    assert asked(services, sector="both")
    assert not asked(services, sector="goods")
    assert not asked(services)
    big = {"field": "staff", "at_least": 50}
    assert asked(big, staff=50)
    assert not asked(big, staff=49.9)
    assert not asked(big)
    between = {"field": "staff", "at_least": 10, "at_most": 50}
    assert [asked(between, staff=n) for n in (9, 10, 50, 51)] == [False, True, True, False]


def test_an_answer_is_tested_by_level_number_or_count() -> None:
    for id, at in (("ladder", 1), ("share", 1), ("tools", ["MES"])):
        condition = {"answer": id, "at_least": 1}
        assert asked(condition, {id: at})
        assert not asked({"answer": id, "at_least": 2}, {id: at})
        assert asked({"answer": id, "at_most": 1}, {id: at})
        assert not asked({"answer": id, "at_most": 0}, {id: at})


def test_options_are_tested_by_what_is_chosen() -> None:
    assert asked({"answer": "tools", "includes": "MES"}, {"tools": ["ERP", "MES"]})
    assert not asked({"answer": "tools", "includes": "MES"}, {"tools": ["ERP"]})
    either = {"answer": "tools", "in": ["MES", "CAD"]}
    assert asked(either, {"tools": ["CAD"]})
    assert not asked(either, {"tools": ["ERP", "PLM"]})
    assert not asked(either, {"tools": []})
    assert asked({"answer": "ladder", "in": ["some"]}, {"ladder": 1})
    assert not asked({"answer": "ladder", "in": ["some"]}, {"ladder": 2})


@pytest.mark.parametrize("word", ["unknown", "not_applicable", None])
def test_a_statement_on_what_is_not_answered_is_not_met_and_not_of_it_is(word: str | None) -> None:
    answers = {} if word is None else {"ladder": word, "tools": word}
    for statement in (
        {"answer": "ladder", "at_least": 0},
        {"answer": "ladder", "at_most": 9},
        {"answer": "tools", "at_most": 9},
        {"answer": "tools", "includes": "ERP"},
    ):
        assert not asked(statement, answers)
        assert asked({"not": statement}, answers)


def test_all_any_and_not_nest() -> None:
    condition = {
        "all": [
            {"any": [{"field": "sector", "in": ["services"]}, {"answer": "ladder", "at_least": 2}]},
            {"not": {"field": "staff", "at_most": 5}},
        ]
    }
    assert asked(condition, {"ladder": 2}, staff=6)
    assert asked(condition, sector="services")
    assert not asked(condition, {"ladder": 1}, staff=6)
    assert not asked(condition, {"ladder": 2}, staff=5)


def test_the_answer_to_a_question_that_does_not_apply_is_ignored_all_the_way() -> None:
    """third asks second, second asks first; the file lists them the other way round."""
    questionnaire = build(
        [
            dimension(
                "d",
                question("third", applies_if={"answer": "second", "at_least": 1}),
                question("second", applies_if={"answer": "first", "at_least": 1}),
                question("first"),
            )
        ]
    )
    every = readiness(questionnaire, answer({"first": 1, "second": 3, "third": 5}))
    assert every.overall.score == 3
    none = readiness(questionnaire, answer({"first": 0, "second": 3, "third": 5}))
    assert none.asked == {"first"}
    assert none.questions == {"third": None, "second": None, "first": 0}
    assert (none.overall.score, none.overall.coverage) == (0, 1)


def test_what_is_not_asked_is_neither_missing_nor_refused() -> None:
    questions = [question("a"), question("b", applies_if={"field": "sector", "in": ["services"]})]
    questionnaire = build([dimension("d", *questions)], fields=FIELDS, missing="refuse")
    assert readiness(questionnaire, answer({"a": 3}, sector="goods")).overall.score == 3
    assert readiness(questionnaire, answer({"a": 3, "b": "not_applicable"}, sector="services")).overall.score == 3
    with pytest.raises(MissingAnswers) as refused:
        readiness(questionnaire, answer({"a": "unknown"}, sector="services"))
    assert refused.value.questions == ("a", "b")
    assert str(refused.value) == "This questionnaire is scored once every question is answered; still open: a, b."


def test_a_refusal_names_the_first_questions_and_counts_the_others() -> None:
    questionnaire = build([dimension("d", *[question(f"q{i}") for i in range(10)])], missing="refuse")
    with pytest.raises(MissingAnswers, match=r"q0, q1, q2, q3, q4, q5, q6, q7 and 2 more\.$"):
        readiness(questionnaire, answer({}))


def test_lowest_scores_what_is_missing_at_the_bottom_but_never_what_does_not_apply() -> None:
    questions = [question("a"), question("b"), question("c"), question("e")]
    questionnaire = build([dimension("d", *questions)], missing="lowest", scale={"min": 1, "max": 5})
    found = readiness(questionnaire, answer({"a": 5, "b": "unknown", "c": "not_applicable"}))
    assert found.questions == {"a": 5, "b": 1, "c": None, "e": 1}
    assert found.overall.score == pytest.approx(7 / 3)
    assert found.overall.low == found.overall.score
    assert found.overall.high == 5
    assert found.overall.coverage == pytest.approx(1 / 3)
