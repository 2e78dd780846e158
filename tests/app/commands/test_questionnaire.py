"""`fourward questionnaire`, as an author uses it."""

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from app.cli import main

SOUND = Path(__file__).parents[2] / "questionnaires" / "sound"
LINE = re.compile(r"^(?P<file>[^:]+):(?P<line>\d+) (?P<code>[a-z-]+) (?P<message>.+)$")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["questionnaire", *map(str, arguments)])


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A copy of the sound definition that a test may change."""
    return Path(shutil.copytree(SOUND, tmp_path / "mine"))


def change(folder: Path, old: str, new: str, file: str = "questionnaire.yaml") -> None:
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new))


def test_list_names_every_questionnaire_for_people_and_for_programs() -> None:
    assert "industry4-readiness@1.0.0  Industry 4.0 readiness of a firm: 74 questions" in run("list").stdout
    rows = json.loads(run("list", "--json").stdout)
    row = next(row for row in rows if row["id"] == "industry4-readiness")
    assert (row["version"], row["questions"], row["language"]) == ("1.0.0", 74, "en")
    assert row["core_minutes"] <= 15


def test_show_tells_what_is_asked_how_it_weighs_and_how_long_it_takes() -> None:
    told = run("show", SOUND).stdout
    assert "Small workshop check  (small-workshop@1.0.0, en)" in told
    assert "7, about 4 min" in told
    assert "67%  People  (2 questions, 1 core)" in told
    assert "50%  Safety  (2 questions, gate)" in told
    assert "How are operators trained?" not in told
    assert "2  All are trained." in run("show", SOUND, "--questions").stdout


def test_show_of_a_broken_or_absent_definition_is_one_line_and_exit_code_2(mine: Path) -> None:
    change(mine, "cap: 2", "cap: 9")
    for shown in (run("show", mine), run("show", "nothing"), run("show", "industry4-readiness@9")):
        assert shown.exit_code == 2
        assert shown.stdout == ""
        assert len(shown.stderr.splitlines()) == 1
        assert "Traceback" not in shown.stderr


@pytest.mark.parametrize("option", [(), ("--actions",), ("--examples",), ("--cases",)])
def test_schema_prints_a_json_schema(option: tuple[str, ...]) -> None:
    Draft202012Validator.check_schema(json.loads(run("schema", *option).stdout))


def test_check_is_silent_and_content_with_a_sound_definition() -> None:
    checked = run("check", SOUND)
    assert (checked.exit_code, checked.stdout) == (0, "")
    assert checked.stderr == "1 checked: 0 errors, 0 warnings\n"


def test_check_tells_every_problem_with_file_line_and_code(mine: Path) -> None:
    change(mine, "cap: 2", "cap: 9")
    change(mine, "enabler: skills", "enabler: luck", "actions.yaml")
    checked = run("check", mine)
    assert checked.exit_code == 1
    told = [m.groupdict() for line in checked.stdout.splitlines() if (m := LINE.match(line))]
    assert len(told) == len(checked.stdout.splitlines()) == 2
    assert [(Path(t["file"]).name, t["code"]) for t in told] == [
        ("questionnaire.yaml", "cap-too-high"),
        ("actions.yaml", "not-allowed"),
    ]


def test_check_lets_warnings_pass(mine: Path) -> None:
    change(mine, "        evidence: Training plan\n", "")
    checked = run("check", mine)
    assert checked.exit_code == 0
    assert " no-evidence warning: " in checked.stdout
    assert "0 errors, 1 warning\n" in checked.stderr


def test_check_scores_the_examples_and_tells_every_miss_on_its_line(mine: Path) -> None:
    change(mine, "people: 5.0", "people: 4.99", "examples.yaml")  # 0.01 off
    change(mine, "profile: leader", "profile: learner", "examples.yaml")
    change(mine, "people: 2.5", "people: 2.504", "examples.yaml")  # rounded, and near enough
    change(mine, "machines: 4", "machines: null", "examples.yaml")
    checked = run("check", mine)
    assert checked.exit_code == 1
    told = [m.groupdict() for line in checked.stdout.splitlines() if (m := LINE.match(line))]
    assert [(t["line"], t["code"]) for t in told] == [("4", "example-missed")] * 2 + [("9", "example-missed")]
    assert "expects people 4.99, but it is 5" in checked.stdout
    assert "expects profile learner, but it is leader" in checked.stdout
    assert "expects machines without score, but it is 4" in checked.stdout


def test_check_looks_at_all_paths_and_ends_with_2_for_one_that_is_not_there(mine: Path, tmp_path: Path) -> None:
    change(mine, "cap: 2", "cap: 9")
    checked = run("check", tmp_path / "nowhere", mine)
    assert checked.exit_code == 2
    assert "cap-too-high" in checked.stdout
    assert "nowhere" in checked.stderr


def test_check_takes_an_id_too() -> None:
    assert run("check", "industry4-readiness").exit_code == 0


def test_publish_freezes_a_version_and_a_second_time_changes_nothing(mine: Path) -> None:
    assert run("publish", mine).exit_code == 0
    assert list(json.loads((mine / "published.json").read_text())) == ["small-workshop@1.0.0"]
    assert run("publish", mine).exit_code == 0
    change(mine, "title: People", "title: Persons")
    for refused in (run("publish", mine), run("check", mine)):
        assert refused.exit_code == 1
        assert "small-workshop@1.0.0 is published and these files have changed since" in refused.stdout


def test_check_tells_of_a_list_of_published_versions_that_cannot_be_read(mine: Path) -> None:
    (mine / "published.json").write_text("{")
    checked = run("check", mine)
    assert checked.exit_code == 1
    assert "published-record" in checked.stdout


def test_publish_refuses_errors_and_missed_examples_but_not_warnings(mine: Path) -> None:
    change(mine, "        evidence: Training plan\n", "")
    change(mine, "people: 2.5", "people: 2.6", "examples.yaml")
    refused = run("publish", mine)
    assert refused.exit_code == 1
    assert "example-missed" in refused.stdout
    assert not (mine / "published.json").exists()
    change(mine, "people: 2.6", "people: 2.5", "examples.yaml")
    assert run("publish", mine).exit_code == 0


def test_publish_of_nothing_is_one_line(tmp_path: Path) -> None:
    refused = run("publish", tmp_path)
    assert refused.exit_code == 2
    assert len(refused.stderr.splitlines()) == 1
