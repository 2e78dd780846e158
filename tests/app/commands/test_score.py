"""`fourward score`, as someone at a command line or a program uses it."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from questionnaires.answers import MAX_BYTES
from questionnaires.loader import load_definition

TINY = Path(__file__).parents[1] / "definitions" / "tiny" / "1.0.0"
FIRM: dict[str, Any] = {
    "profile": {"sector": "manufacturing", "employees": 42},
    "answers": {"skills.training": 3, "skills.languages": ["ERP"], "skills.share": "unknown"},
}


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["score", *map(str, arguments)])


def written(path: Path, content: object) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def lines(path: Path, *firms: object) -> Path:
    return written(path, "".join(f"{json.dumps(firm)}\n" for firm in firms))


def test_json_is_the_object_of_the_contract(tmp_path: Path) -> None:
    ran = run(TINY, written(tmp_path / "firm.json", FIRM), "--json")
    assert ran.exit_code == 0
    found = json.loads(ran.stdout)
    assert list(found) == ["questionnaire", "version", "overall", "nodes", "questions"]
    assert (found["questionnaire"], found["version"]) == ("tiny", "1.0.0")
    assert list(found["overall"]) == ["score", "low", "high", "coverage", "profile"]
    questionnaire = load_definition(TINY).questionnaire
    assert list(found["nodes"]) == list(questionnaire.nodes)
    assert all(list(node) == ["score", "low", "high", "coverage"] for node in found["nodes"].values())
    assert list(found["questions"]) == list(questionnaire.questions)
    assert found["questions"]["skills.training"] == 5
    assert found["questions"]["skills.languages"] == pytest.approx(5 / 3)
    assert found["questions"]["skills.share"] is None


def test_people_read_a_word_an_interval_and_how_much_is_answered(tmp_path: Path) -> None:
    told = run(TINY, written(tmp_path / "firm.json", FIRM)).stdout
    assert told.startswith("Tiny readiness check (tiny@1.0.0)\n\nLearner: 3.33 on a scale from 0 to 5\n")
    assert "% of the weight is answered; the missing answers can make it anything between " in told
    assert "\nPeople" in told
    assert "\n  Skills" in told
    assert "100%" not in told


def test_people_read_scores_rounded_as_on_paper(tmp_path: Path) -> None:
    firm = {"answers": {"skills.share": 7.8125}}  # worth 3.125, which Python alone prints as 3.12
    told = run(TINY, written(tmp_path / "firm.json", firm)).stdout
    assert "\n\nLearner: 3.13 on a scale" in told
    assert re.search("^  Skills +3[.]13 ", told, re.MULTILINE)


def test_columns_stand_in_line_on_any_scale(tmp_path: Path) -> None:
    text = (TINY / "questionnaire.yaml").read_text().replace("scale: {min: 0, max: 5}", "scale: {min: 0, max: 100}")
    answers = {"skills.training": 3, "skills.languages": ["ERP", "MES", "PLM"], "machines.1": "unknown"}
    firm = written(tmp_path / "firm.json", {"answers": {**answers, "skills.mentors": 1, "machines.2": 0}})
    told = run(written(tmp_path / "q.yaml", text), firm).stdout
    table = told.partition("\n\n")[2].partition("\n\n")[2].splitlines()
    assert any("100.00" in line for line in table)
    assert len({len(line) for line in table if not line.endswith("not asked")}) == 1


def test_people_are_told_when_all_or_nothing_is_answered(tmp_path: Path) -> None:
    nothing = run("industry4-readiness", written(tmp_path / "none.json", {})).stdout
    assert "No score: no question that counts is answered." in nothing
    assert "not asked" in nothing
    questions = load_definition("industry4-readiness").questionnaire.questions
    every = {"profile": {"sector": "manufacturing"}, "answers": dict.fromkeys(questions, 2)}
    told = run("industry4-readiness", written(tmp_path / "all.json", every)).stdout
    assert "Learner: 2.00 on a scale from 0 to 5\nEvery question that counts is answered.\n" in told
    every["answers"][next(iter(questions))] = "unknown"
    told = run("industry4-readiness", written(tmp_path / "most.json", every)).stdout
    assert "\n98% of the weight is answered" in told


def test_many_firms_give_one_line_each_in_their_order_the_same_as_alone(tmp_path: Path) -> None:
    firms = [{"answers": {"skills.training": level}} for level in (3, 0, 2)]
    ran = run(TINY, lines(tmp_path / "firms.jsonl", *firms))
    assert ran.exit_code == 0
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [one["questions"]["skills.training"] for one in found] == pytest.approx([5, 0, 10 / 3])
    for one, firm in zip(found, firms, strict=True):
        assert json.loads(run(TINY, written(tmp_path / "one.json", firm), "--json").stdout) == one


def test_a_file_of_many_firms_is_known_by_its_ending_in_any_case(tmp_path: Path) -> None:
    assert len(run(TINY, lines(tmp_path / "FIRMS.JSONL", FIRM, FIRM)).stdout.splitlines()) == 2


def test_output_goes_to_a_file_that_is_complete_or_absent(tmp_path: Path) -> None:
    firms = lines(tmp_path / "firms.jsonl", FIRM, FIRM)
    target = tmp_path / "scores.jsonl"
    assert run(TINY, firms, "-o", target).stdout == ""
    assert target.read_text() == run(TINY, firms).stdout
    assert run(TINY, written(tmp_path / "firm.json", FIRM), "--json", "-o", tmp_path / "one.json").exit_code == 0
    assert json.loads((tmp_path / "one.json").read_text())["overall"]["profile"] == "learner"
    before = sorted(tmp_path.iterdir())
    bad = lines(firms, *[FIRM] * 1500, {"answers": {"skills.training": 9}})
    assert run(TINY, bad, "-o", tmp_path / "new.jsonl").exit_code == 2
    assert run(TINY, bad, "-o", target).exit_code == 2
    assert sorted(tmp_path.iterdir()) == before
    assert len(target.read_text().splitlines()) == 2


BAD: list[tuple[str, str, str]] = [
    ("firm.json", "{", "firm.json: this is not JSON"),
    ("firm.json", "", "firm.json: this is not JSON"),
    ("firm.json", "[]", "firm.json: answers are an object"),
    ("firm.json", '{"answers": {"skills.training": 4}}', "firm.json: skills.training: level 4 is not offered"),
    ("firm.json", '{"answers": {"skills.training": true}}', "skills.training: true is not a level"),
    ("firm.json", '{"answers": {"skills.trainin": 1}}', "(did you mean "),
    ("firm.json", '{"profile": {"sector": "x"}, "answers": {"skills.training": 9}}', "skills.training: level 9"),
    ("firm.json", '{"answers": {"skills.training": 1, "skills.training": 2}}', "given twice"),
    ("firm.json", " " * (MAX_BYTES + 1), "larger than 2 MB"),
    ("firms.jsonl", '{}\n{"answers": {"skills.training": 4}}\n', "firms.jsonl line 2: skills.training: level 4 is not"),
    ("firms.jsonl", "{}\n\n{}\n", "firms.jsonl line 2: this line is empty"),
    ("firms.jsonl", "{}\n{}\n{", "firms.jsonl line 3: this is not JSON"),
    ("firms.jsonl", '{}\n{"answers":\n{}\n', "firms.jsonl line 2: this is not JSON: Expecting value at column 12"),
    ("firms.jsonl", "{}\n{" + " " * MAX_BYTES + "}", "firms.jsonl line 2: it is larger than 2 MB"),
    ("firms.jsonl", "{}\n" * 3000 + "7", "firms.jsonl line 3001: answers are an object"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "says"), BAD, ids=[said for _, _, said in BAD])
def test_bad_input_is_one_line_and_exit_code_2_and_nothing_else(
    tmp_path: Path, name: str, content: str, says: str
) -> None:
    ran = run(TINY, written(tmp_path / name, content))
    assert ran.exit_code == 2
    assert ran.stdout == ""
    assert len(ran.stderr.splitlines()) == 1
    assert says in ran.stderr
    assert ran.exception is None or isinstance(ran.exception, SystemExit)


@pytest.mark.parametrize(
    ("definition", "answers", "output", "says"),
    [
        ("nothing", "firm.json", None, "there is no questionnaire 'nothing'"),
        ("tiny@9", "firm.json", None, "there is no questionnaire"),
        (TINY, "absent.json", None, "absent.json: No such file"),
        (TINY, "absent.jsonl", None, "absent.jsonl: No such file"),
        (TINY, ".", None, "Is a directory"),
        (TINY, "firm.json", "no/such/folder.json", "no/such/folder.json cannot be written: No such file"),
        (TINY, "firm.json", ".", "cannot be written: Is a directory"),
    ],
)
def test_what_is_not_there_is_said(
    tmp_path: Path, definition: str | Path, answers: str, output: str | None, says: str
) -> None:
    written(tmp_path / "firm.json", FIRM)
    before = sorted(tmp_path.iterdir())
    ran = run(definition, tmp_path / answers, *(() if output is None else ("-o", tmp_path / output)))
    assert ran.exit_code == 2
    assert ran.stdout == ""
    assert len(ran.stderr.splitlines()) == 1
    assert says in ran.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_a_questionnaire_that_allows_nothing_missing_refuses_in_a_sentence(tmp_path: Path) -> None:
    text = (TINY / "questionnaire.yaml").read_text().replace("scale:", "missing: refuse\nscale:", 1)
    strict = written(tmp_path / "questionnaire.yaml", text)
    for answers in (written(tmp_path / "firm.json", FIRM), lines(tmp_path / "firms.jsonl", FIRM)):
        ran = run(strict, answers)
        assert ran.exit_code == 2
        assert "still open: skills.share" in ran.stderr


def test_a_pipe_is_scored_as_it_comes_and_a_reader_may_stop(tmp_path: Path) -> None:
    firms = lines(tmp_path / "firms.jsonl", *[FIRM] * 5000)
    command = f"'{sys.executable}' -m app score '{TINY}' '{firms}' | head -n 1"
    ran = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)  # noqa: S602  our own words
    assert len(ran.stdout.splitlines()) == 1
    assert ran.stderr == ""
    pipe = tmp_path / "pipe.jsonl"
    command = (
        f"mkfifo '{pipe}' && (cat '{firms}' > '{pipe}' &) && '{sys.executable}' -m app score '{TINY}' '{pipe}' | wc -l"
    )
    ran = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)  # noqa: S602  our own words
    assert ran.stdout.strip() == "5000"
