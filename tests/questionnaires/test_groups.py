"""Which groups of a workshop are asked a question."""

from pathlib import Path

from questionnaires.loader import load_definition

SOUND = Path(__file__).parent / "sound"


def test_a_question_is_for_its_own_groups_or_those_of_its_dimension_or_for_all() -> None:
    groups = load_definition(SOUND).questionnaire.groups_of

    assert groups["training"] == ("industry",)
    assert groups["trainers"] == groups["systems"] == ("industry", "government")


def test_without_groups_nobody_is_named() -> None:
    questionnaire = load_definition("industry4-readiness").questionnaire

    assert set(questionnaire.groups_of.values()) == {()}
    assert questionnaire.asked_in == ("firm", "workshop")
