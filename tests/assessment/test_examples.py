"""Examples are scored as a firm's answers are."""

from dataclasses import replace
from pathlib import Path

from assessment.examples import Missed, missed_expectations
from questionnaires.library import Definition, Example
from questionnaires.loader import list_definitions, load_definition

SOUND = load_definition(Path(__file__).parents[1] / "questionnaires" / "sound")


def with_expectation(missing: str = "exclude", **expect: float | str | None) -> Definition:
    questionnaire = SOUND.questionnaire.model_copy(update={"missing": missing})
    example = Example(name="One", answers={"training": 1}, expect=expect)
    return replace(SOUND, questionnaire=questionnaire, examples=(example,))


def test_every_shipped_example_comes_out_as_its_author_computed_it() -> None:
    definitions = list_definitions()
    assert all(definition.examples for definition in definitions)
    assert [missed for definition in definitions for missed in missed_expectations(definition)] == []


def test_half_a_hundredth_is_near_enough() -> None:
    assert missed_expectations(with_expectation(overall=2.505, people=2.495)) == ()
    assert [m.key for m in missed_expectations(with_expectation(overall=2.506, people=2.494))] == ["overall", "people"]


def test_null_means_without_score() -> None:
    assert missed_expectations(with_expectation(plant=None, systems=None)) == ()
    assert [m.key for m in missed_expectations(with_expectation(people=None, plant=0))] == ["people", "plant"]


def test_a_questionnaire_that_refuses_gaps_has_no_scores() -> None:
    assert missed_expectations(with_expectation("refuse", overall=None, profile=None)) == ()
    missed = missed_expectations(with_expectation("refuse", overall=2.5, people=2.5))
    assert missed[0] == Missed(0, "overall", missed[0].message)
    assert "still open" in missed[0].message
