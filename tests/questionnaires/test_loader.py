"""Definitions are found by id, version and path, and loaded whole or not at all."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from questionnaires.answers import parse_json, read_answers
from questionnaires.folders import DEFINITIONS, version_order
from questionnaires.loader import check_definition, list_definitions, load_definition, verify_published
from questionnaires.problems import InvalidDefinition, UnknownDefinition
from questionnaires.publishing import publish
from tests.questionnaires.mistakes import SOUND

CONTRACT = Path(__file__).parent / "contract"


def root_with(folder: Path, *versions: str) -> Path:
    """Definitions laid out as the shipped ones are."""
    for version in versions:
        place = folder / "small-workshop" / version
        shutil.copytree(SOUND, place)
        text = (place / "questionnaire.yaml").read_text()
        (place / "questionnaire.yaml").write_text(text.replace('version: "1.0.0"', f'version: "{version}"'))
    return folder


def test_the_example_of_the_format_loads_as_it_stands() -> None:
    definition = load_definition(CONTRACT / "questionnaire.yaml")
    questionnaire = definition.questionnaire
    assert questionnaire.reference == "example-foundry@1.0.0"
    assert list(questionnaire.questions) == [
        f"skills.{name}" for name in ("training", "languages", "share", "band", "rating", "services")
    ]
    assert {p.code for p in check_definition(CONTRACT).problems} == {"no-evidence"}


def test_the_answers_of_the_format_fit_its_questionnaire() -> None:
    data = parse_json((CONTRACT / "answers.json").read_bytes())
    answers = read_answers(load_definition(CONTRACT).questionnaire, data)
    assert answers.profile == {"sector": "manufacturing", "employees": 42}
    assert answers.answers == {
        "skills.training": 3,
        "skills.languages": ("ERP", "MES"),
        "skills.share": 4.2,
        "skills.band": "unknown",
        "skills.services": "not_applicable",
    }


def test_a_folder_brings_its_actions_examples_and_cases() -> None:
    definition = load_definition(SOUND)
    assert [action.id for action in definition.actions] == [
        "plan-training",
        "hire-trainer",
        "write-rules",
        "hold-drills",
    ]
    assert definition.basis == "Invented for the tests."
    assert definition.rates is not None
    assert len(definition.examples) == 2
    assert definition.cases["our-case"].title == "A workshop"
    assert "policy-c4i4-lab" in definition.cases  # the shared library comes with every definition


def test_the_fingerprint_is_that_of_the_bytes_one_file_after_the_other() -> None:
    names = ("questionnaire.yaml", "actions.yaml", "examples.yaml", "cases.yaml")
    assert (
        load_definition(SOUND).sha256 == hashlib.sha256(b"".join((SOUND / n).read_bytes() for n in names)).hexdigest()
    )


def test_a_single_file_of_another_name_stands_alone(tmp_path: Path) -> None:
    shutil.copytree(SOUND, tmp_path, dirs_exist_ok=True)
    (tmp_path / "questionnaire.yaml").rename(tmp_path / "mine.yaml")
    definition = load_definition(str(tmp_path / "mine.yaml"))
    assert definition.actions == ()
    assert definition.examples == ()


@pytest.mark.parametrize("name", ["questionnaire.yaml", "actions.yaml", "examples.yaml"])
def test_any_file_of_a_folder_means_the_folder(name: str) -> None:
    assert load_definition(SOUND / name).sha256 == load_definition(SOUND).sha256


def test_an_id_means_the_newest_version_and_a_version_means_itself(tmp_path: Path) -> None:
    root = root_with(tmp_path, "1.2.0", "1.10.0", "2.0.0-beta", "1.9")
    assert load_definition("small-workshop", root).questionnaire.version == "2.0.0-beta"
    assert load_definition("small-workshop@1.9", root).questionnaire.version == "1.9"
    assert [d.questionnaire.version for d in list_definitions(root)] == ["1.2.0", "1.9", "1.10.0", "2.0.0-beta"]


def test_an_id_means_the_newest_published_version_once_one_is_published(tmp_path: Path) -> None:
    root = root_with(tmp_path, "1.2.0", "1.10.0", "2.0.0")
    for version in ("1.2.0", "1.10.0"):
        main = root / "small-workshop" / version / "questionnaire.yaml"
        publish(main, f"small-workshop@{version}", load_definition(main).sha256)
    assert load_definition("small-workshop", root).questionnaire.version == "1.10.0"
    assert load_definition("small-workshop@2.0.0", root).questionnaire.version == "2.0.0"


def test_versions_have_the_order_of_semantic_versions() -> None:
    ordered = [
        "0",
        "0.9",
        "1.0.0-alpha",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.10",
        "1.0.0",
        "1.2",
        "1.10.0",
        "2",
        "2024.1",
    ]
    assert sorted(set(ordered), key=version_order) == ordered


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("small-workshp", "no questionnaire 'small-workshp' (did you mean 'small-workshop'?)"),
        ("small-workshp@1.0.0", "(did you mean 'small-workshop'?)"),
        ("small-workshop@9", "no version 9 of 'small-workshop'; its versions are 1.10.0, 1.9.0"),
        ("nothing-like-it", "no questionnaire 'nothing-like-it': give a path, or one of small-workshop"),
    ],
)
def test_a_near_miss_is_told_what_was_probably_meant(reference: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownDefinition) as refused:
        load_definition(reference, root_with(tmp_path, "1.9.0", "1.10.0"))
    assert says in str(refused.value)


def test_a_file_beside_it_that_cannot_be_read_is_not_passed_over(tmp_path: Path) -> None:
    folder = root_with(tmp_path, "1.0.0") / "small-workshop" / "1.0.0"
    (folder / "cases.yaml").unlink()
    (folder / "cases.yaml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match=r"cases\.yaml"):
        load_definition(folder)
    (folder / "cases.yaml").unlink()
    (folder / "cases.yaml").mkdir()
    with pytest.raises(IsADirectoryError, match=r"cases\.yaml"):
        load_definition(folder)


@pytest.mark.parametrize(
    "reference",
    [
        "nothing",
        "small-workshop@9.9.9",
        "no/such/file.yaml",
        "",
        "..",
        "a\0b",
        "x" * 5000,
        "/dev/null",
        "industry4-readiness@0",
    ],
)
def test_what_is_not_there_is_refused_in_one_line(reference: str, tmp_path: Path) -> None:
    root = root_with(tmp_path, "1.0.0")
    with pytest.raises(UnknownDefinition) as refused:
        load_definition(reference, root)
    assert "\n" not in str(refused.value)


def test_a_folder_without_a_questionnaire_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownDefinition, match=r"has no questionnaire\.yaml"):
        load_definition(tmp_path)


def test_a_laid_out_folder_is_named_as_its_file_says(tmp_path: Path) -> None:
    root = root_with(tmp_path, "1.0.0")
    (root / "small-workshop" / "1.0.0").rename(root / "small-workshop" / "1.1.0")
    with pytest.raises(InvalidDefinition) as refused:
        load_definition("small-workshop", root)
    assert [p.code for p in refused.value.problems] == ["folder-name"]


def test_all_problems_of_all_files_come_with_the_refusal(tmp_path: Path) -> None:
    shutil.copytree(SOUND, tmp_path, dirs_exist_ok=True)
    for name, old, new in (
        ("questionnaire.yaml", "cap: 2", "cap: 8"),
        ("actions.yaml", "enabler: skills", "enabler: luck"),
        ("examples.yaml", "training: 2", "training: 9"),
        ("cases.yaml", "country: MY", "country: my"),
    ):
        (tmp_path / name).write_text((tmp_path / name).read_text().replace(old, new))
    with pytest.raises(InvalidDefinition) as refused:
        load_definition(tmp_path)
    assert [(Path(p.file).name, p.code) for p in refused.value.problems] == [
        ("questionnaire.yaml", "cap-too-high"),
        ("actions.yaml", "not-allowed"),
        ("examples.yaml", "example-answers"),
        ("cases.yaml", "malformed-code"),
    ]


def test_shipped_definitions_are_read_once() -> None:
    first = load_definition("industry4-readiness")
    assert load_definition("industry4-readiness") is first
    assert load_definition(DEFINITIONS / "industry4-readiness" / first.questionnaire.version) is first


def test_shipped_definitions_and_cases_have_no_error_and_are_as_published() -> None:
    for definition in list_definitions():
        checked = check_definition(definition.questionnaire.reference)
        assert [p for p in checked.problems if p.severity == "error"] == []
    verify_published()


def test_a_bare_json_file_is_a_questionnaire_too(tmp_path: Path) -> None:
    sound = load_definition(SOUND).questionnaire
    path = tmp_path / "q.json"
    path.write_text(json.dumps(sound.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)))
    assert load_definition(path).questionnaire.questions.keys() == sound.questions.keys()
