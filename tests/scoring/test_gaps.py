"""Gaps: from today's level to the target, weighted, and never for what is unknown."""

import pytest

from questionnaires.answers import Answers
from questionnaires.schema import Questionnaire
from scoring.gaps import ImpossibleTarget, Target, gaps, unanswered
from scoring.readiness import readiness

LADDER = ["none", "some", "most", "all"]  # scores 0, 1, 2, 3


def _question(name: str, **more: object) -> dict[str, object]:
    return {"id": name, "text": name, "levels": LADDER, **more}


QUESTIONNAIRE = Questionnaire.model_validate(
    {
        "id": "two-factors", "version": "1.0.0", "title": "t", "summary": "s", "language": "en",
        "source": {"name": "n", "licence": "CC0-1.0", "basis": "illustrative"},
        "scale": {"min": 0, "max": 3},
        "profiles": {"bins": [{"id": "low", "title": "Low", "from": 0}]},
        "dimensions": [
            {"id": "people", "title": "P", "weight": 3, "dimensions": [
                {"id": "skills", "title": "S", "questions": [_question("a"), _question("b")]}]},
            {"id": "tools", "title": "T", "weight": 1, "questions": [
                _question("c"), _question("d", applies_if={"answer": "c", "at_least": 2}),
                {"id": "e", "text": "e", "weight": 0, "number": {"min": 0, "max": 3}}]},
        ],
    }
)  # fmt: skip


def _gaps(given: dict[str, int | str], target: Target | None = None) -> dict[str, tuple[int, int, float]]:
    answers = Answers({}, given)  # type: ignore[arg-type]
    found = gaps(QUESTIONNAIRE, answers, readiness(QUESTIONNAIRE, answers), target or Target())
    return {gap.question: (gap.level, gap.target_level, round(gap.weight, 6)) for gap in found}


def test_the_next_level_is_the_target_when_none_is_given() -> None:
    assert _gaps({"a": 0, "b": 2, "c": 3}) == {"a": (0, 1, 0.375), "b": (2, 3, 0.375)}


def test_the_largest_weighted_gap_comes_first_and_ties_stay_in_order() -> None:
    target = Target(levels={"b": 3})
    assert list(_gaps({"a": 1, "b": 0, "c": 1}, target)) == ["b", "a", "c"]
    assert list(_gaps({"a": 1, "b": 1, "c": 1})) == ["a", "b", "c"]


def test_unknown_not_applicable_and_absent_answers_are_no_gap() -> None:
    assert _gaps({"a": "unknown", "b": "not_applicable"}) == {}


def test_a_question_that_is_not_asked_has_no_gap_whatever_was_answered() -> None:
    assert "d" not in _gaps({"c": 1, "d": 0})
    assert "d" in _gaps({"c": 2, "d": 0})


def test_the_nearest_score_above_a_question_is_its_target() -> None:
    target = Target(scores={"people": 3.0, "skills": 1.5})
    assert _gaps({"a": 0, "b": 2}, target) == {"a": (0, 2, 0.375)}


def test_a_chosen_level_goes_before_a_dimension_s_score_and_never_below_today() -> None:
    target = Target(levels={"a": 1, "b": 1}, scores={"people": 3.0})
    assert _gaps({"a": 0, "b": 2}, target) == {"a": (0, 1, 0.375)}


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (Target(levels={"z": 1}), "'z', which is no question"),
        (Target(levels={"e": 1}), "'e', which is no question with levels"),
        (Target(levels={"a": 4}), "choose one from 0 to 3"),
        (Target(scores={"z": 1.0}), "'z', which is no dimension"),
        (Target(scores={"people": 99.0}), "scores go from 0 to 3"),
        (Target(scores={"people": float("nan")}), "scores go from 0 to 3"),
    ],
)
def test_an_impossible_target_is_refused_in_words(target: Target, words: str) -> None:
    with pytest.raises(ImpossibleTarget, match=words):
        _gaps({"a": 0}, target)


def test_what_is_unanswered_is_listed_apart() -> None:
    answers = Answers({}, {"a": 1, "b": "unknown", "c": 0})
    assert unanswered(QUESTIONNAIRE, readiness(QUESTIONNAIRE, answers)) == ("b", "e")
