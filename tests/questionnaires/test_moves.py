"""From an earlier version to a newer one: every answer has a place, or a reason why not."""

import shutil
from pathlib import Path

import pytest

from questionnaires.answers import AnswerValue
from questionnaires.checks import CHECKS
from questionnaires.loader import check_definition, load_definition
from questionnaires.moves import Step, moved, steps
from questionnaires.problems import InvalidDefinition

FOLDER = Path(__file__).parents[1] / "app" / "definitions" / "moving"
EARLIER, LATER = (load_definition(FOLDER / version) for version in ("1.0.0", "1.1.0"))


def found() -> dict[str, Step]:
    assert LATER.moves is not None
    return {step.old.id: step for step in steps(EARLIER.questionnaire, LATER.questionnaire, LATER.moves)}


def test_every_question_of_the_earlier_version_has_its_fate() -> None:
    assert {name: (step.fate, step.new.id if step.new else None) for name, step in found().items()} == {
        "people.kept": ("kept", "people.kept"),
        "people.courses": ("kept", "people.training"),
        "people.reworded": ("changed", "people.reworded"),
        "people.posters": ("left", None),
        "plant.control": ("changed", "plant.control"),
        "plant.tools": ("changed", "plant.tools"),
        "plant.share": ("kept", "plant.share"),
    }
    assert found()["people.posters"].reason == "Posters say little about what people can do."


@pytest.mark.parametrize(
    ("question", "value", "after", "left"),
    [
        ("people.kept", 2, 2, None),
        ("people.kept", "not_applicable", "not_applicable", None),
        ("people.courses", 1, 1, None),
        ("people.posters", 1, None, 1),
        ("people.posters", "unknown", None, "unknown"),
        ("plant.control", 0, 0, None),
        ("plant.control", 2, 1, None),
        ("plant.control", 3, "unknown", 3),
        ("plant.control", "unknown", "unknown", None),
        ("plant.tools", ("ERP", "MES"), ("ERP", "MES"), None),
        ("plant.tools", ("ERP", "PLM"), ("ERP",), ("PLM",)),
        ("plant.tools", ("PLM",), None, ("PLM",)),
        ("plant.tools", (), (), None),
        ("plant.share", 40.0, 40.0, None),
        ("plant.share", 80.0, None, 80.0),
    ],
)
def test_an_answer_goes_where_the_map_says_and_what_has_no_place_is_left(
    question: str, value: AnswerValue, after: AnswerValue | None, left: AnswerValue | None
) -> None:
    result = moved(found()[question], value)

    assert (result.value, result.left) == (after, left)


MISTAKES = [
    ("move-from", 'from: "1.0.0"', 'from: "0.9.0"'),
    ("move-from", 'from: "1.0.0"', 'from: "1.1.0"'),
    ("move-unknown", "people.courses: people.training", "people.course: people.training"),
    ("move-unknown", "people.courses: people.training", "people.courses: people.trainings"),
    ("move-unknown", "  plant.control: [0", "  plant.controls: [0, 0]\n  plant.control: [0"),
    ("move-missing", "  people.courses: people.training\n", ""),
    ("move-missing", "  plant.tools: plant.tools\n", ""),
    ("move-missing", "  plant.control: [0, 1, 1, unknown]\n", "  people.kept: [0, 1, 2]\n"),
    ("move-kind", "plant.tools: plant.tools", "plant.tools: plant.fresh"),
    ("move-levels", "[0, 1, 1, unknown]", "[0, 1, 1]"),
    ("move-levels", "[0, 1, 1, unknown]", "[0, 1, 2, unknown]"),
    ("move-levels", "  plant.control: [0", "  plant.tools: [0, 1, 1]\n  plant.control: [0"),
    ("move-levels", "people.courses: people.training", "people.courses: people.kept\n  people.kept: people.training"),
    ("move-reason", "  people.posters: Posters say", "  people.courses: Posters say"),
    ("move-twice", "people.courses: people.training", "people.courses: people.reworded"),
    ("wrong-type", "people.posters: null", "people.posters: [a]"),
    ("unknown-key", "reason:", "reasons:"),
    ("missing-key", 'from: "1.0.0"\n', ""),
]


@pytest.mark.parametrize(("code", "old", "new"), MISTAKES, ids=[f"{m[0]}: {m[2][:40]!r}" for m in MISTAKES])
def test_a_mistake_in_the_map_is_told_by_its_code_and_the_version_refused(
    tmp_path: Path, code: str, old: str, new: str
) -> None:
    shutil.copytree(FOLDER, tmp_path / "moving")
    file = tmp_path / "moving" / "1.1.0" / "moves.yaml"
    assert file.read_text().count(old) == 1
    file.write_text(file.read_text().replace(old, new))

    problems = check_definition(file.parent).problems
    assert code in {p.code for p in problems if p.file.endswith("moves.yaml")}, [str(p) for p in problems]
    with pytest.raises(InvalidDefinition):
        load_definition(file.parent)


def test_every_check_of_a_map_has_a_mistake_here() -> None:
    assert {code for code in CHECKS if code.startswith("move-")} <= {code for code, _, _ in MISTAKES}


def test_a_map_from_another_questionnaire_is_refused(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "moving")
    main = tmp_path / "moving" / "1.0.0" / "questionnaire.yaml"
    main.write_text(main.read_text().replace("id: moving", "id: other"))

    assert "move-from" in {p.code for p in check_definition(tmp_path / "moving" / "1.1.0").problems}


def test_a_map_changes_the_fingerprint_of_its_version(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "moving")
    (tmp_path / "moving" / "1.1.0" / "moves.yaml").unlink()
    without = load_definition(tmp_path / "moving" / "1.1.0")

    assert without.moves is None
    assert without.sha256 != LATER.sha256
