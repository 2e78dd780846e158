"""A published version never changes, and the service notices when one did."""

import json
import shutil
from pathlib import Path

import pytest

from questionnaires.loader import load_definition, verify_published
from questionnaires.problems import InvalidDefinition
from questionnaires.publishing import publish, read_record
from tests.questionnaires.mistakes import SOUND
from tests.questionnaires.test_loader import root_with

REFERENCE = "small-workshop@1.0.0"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root_with(tmp_path, "1.0.0")
    main = tmp_path / "small-workshop" / "1.0.0" / "questionnaire.yaml"
    publish(main, REFERENCE, load_definition(main).sha256)
    return tmp_path


def codes(refused: pytest.ExceptionInfo[InvalidDefinition]) -> list[str]:
    return [p.code for p in refused.value.problems]


def test_the_record_of_a_laid_out_version_is_at_the_root(root: Path) -> None:
    assert list(json.loads((root / "published.json").read_text())) == [REFERENCE]
    verify_published(root)


def test_the_record_of_any_other_folder_is_beside_the_file(tmp_path: Path) -> None:
    shutil.copytree(SOUND, tmp_path / "mine")
    definition = load_definition(tmp_path / "mine")
    publish(tmp_path / "mine" / "questionnaire.yaml", REFERENCE, definition.sha256)
    assert read_record(tmp_path / "mine") == {REFERENCE: definition.sha256}


@pytest.mark.parametrize("name", ["questionnaire.yaml", "actions.yaml", "examples.yaml", "cases.yaml"])
def test_any_change_under_a_published_version_is_refused(root: Path, name: str) -> None:
    path = root / "small-workshop" / "1.0.0" / name
    path.write_text(path.read_text() + "# a harmless remark\n")
    for load in (
        lambda: load_definition("small-workshop", root),
        lambda: load_definition(path.parent),
        lambda: verify_published(root),
    ):
        with pytest.raises(InvalidDefinition, match="give them a new version") as refused:
            load()
        assert codes(refused) == ["published-changed"]


def test_a_new_version_of_changed_files_is_welcome(root: Path) -> None:
    folder = root / "small-workshop" / "1.0.1"
    shutil.copytree(root / "small-workshop" / "1.0.0", folder)
    path = folder / "questionnaire.yaml"
    path.write_text(path.read_text().replace('"1.0.0"', '"1.0.1"'))
    assert load_definition("small-workshop@1.0.1", root).questionnaire.version == "1.0.1"
    verify_published(root)


def test_publishing_the_same_twice_changes_nothing(root: Path) -> None:
    before = (root / "published.json").read_bytes()
    main = root / "small-workshop" / "1.0.0" / "questionnaire.yaml"
    publish(main, REFERENCE, load_definition(main).sha256)
    assert (root / "published.json").read_bytes() == before


def test_other_files_cannot_be_published_under_the_same_version(root: Path) -> None:
    with pytest.raises(InvalidDefinition) as refused:
        publish(root / "small-workshop" / "1.0.0" / "questionnaire.yaml", REFERENCE, "0" * 64)
    assert codes(refused) == ["published-changed"]


def test_a_published_version_that_went_away_is_noticed(root: Path) -> None:
    shutil.rmtree(root / "small-workshop")
    with pytest.raises(InvalidDefinition) as refused:
        verify_published(root)
    assert codes(refused) == ["published-gone"]


@pytest.mark.parametrize("record", ["{", "[]", '{"a": 1}', "[" * 5000])
def test_a_record_that_cannot_be_read_is_refused_not_forgotten(root: Path, record: str) -> None:
    (root / "published.json").write_text(record)
    with pytest.raises(InvalidDefinition) as refused:
        verify_published(root)
    assert codes(refused) == ["published-record"]
    with pytest.raises(InvalidDefinition):
        load_definition("small-workshop", root)


def test_a_record_that_is_no_file_is_refused_and_nothing_is_left_beside_it(root: Path) -> None:
    record = root / "published.json"
    record.unlink()
    record.mkdir()
    main = root / "small-workshop" / "1.0.0" / "questionnaire.yaml"
    with pytest.raises(InvalidDefinition) as refused:
        load_definition(main)
    assert codes(refused) == ["published-record"]
    with pytest.raises(InvalidDefinition):
        publish(main, REFERENCE, "0" * 64)
    assert sorted(path.name for path in root.iterdir()) == ["published.json", "small-workshop"]
