"""`fourward report`, as someone at a command line uses it."""

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from page import ValidationProfile, validate_pdf_bytes
from pypdf import PdfReader

from app.cli import main

QUESTIONNAIRE = "industry4-readiness"
TINY = Path(__file__).parents[1] / "definitions" / "tiny" / "1.0.0"
FIRM = {
    "profile": {"sector": "manufacturing", "employees": 84},
    "answers": {
        "leadership.strategy": 1,
        "leadership.commitment": 2,
        "planning.orders": 0,
        "security.access": "unknown",
    },
}


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(FIRM))
    return file


def run(definition: str | Path, answers: Path, output: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["report", str(definition), str(answers), "-o", str(output), *options])


def text_of(output: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(output).pages)


def test_a_report_with_a_budget_in_another_currency(tmp_path: Path, answers: Path) -> None:
    output = tmp_path / "report.pdf"

    ran = run(QUESTIONNAIRE, answers, output, "--budget", "250000", "--currency", "MYR", "--firm", "Acme Foods",
              "--date", "2026-11-22")  # fmt: skip

    assert (ran.exit_code, ran.output) == (0, "")
    text = text_of(output)
    assert "Acme Foods" in text
    assert "November 22, 2026" in text
    assert "MYR" in text
    assert sorted(tmp_path.iterdir()) == [answers, output]


def test_the_archive_is_pdf_a_3_with_answers_and_scores_inside(tmp_path: Path, answers: Path) -> None:
    output = tmp_path / "report.pdf"

    ran = run(QUESTIONNAIRE, answers, output, "--archive", "--date", "2026-11-22")

    assert ran.exit_code == 0, ran.output
    content = output.read_bytes()
    found = validate_pdf_bytes(content, profile=ValidationProfile.PDF_A_3A).failures
    assert [str(failure.rule_id) for failure in found] == []
    inside = PdfReader(io.BytesIO(content)).attachments
    assert set(inside) == {"answers.json", "scores.json", "answers.csv"}
    assert json.loads(inside["answers.json"][0]) == FIRM


def test_a_questionnaire_without_actions_gives_the_same_bytes_twice(tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"answers": {"skills.training": 2, "machines.1": 1}}))
    made = []
    for name in ("one.pdf", "two.pdf"):
        assert run(TINY, answers, tmp_path / name, "--date", "2026-11-22").exit_code == 0
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]


def test_wishes_that_no_plan_meets_are_said_and_the_report_is_still_made(tmp_path: Path, answers: Path) -> None:
    output = tmp_path / "report.pdf"

    ran = run(QUESTIONNAIRE, answers, output, "--must", "write-digital-plan", "--staff-days", "1", "1", "1")

    assert ran.exit_code == 0
    assert "No roadmap meets all the wishes" in ran.output
    assert "No roadmap meets all the wishes" in " ".join(text_of(output).split())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--language", "xx"], "There is no language 'xx'"),
        (["--language", "zh"], "There are no reports in"),
        (["--budget", "a lot"], "write it plainly, as 250000"),
        (["--budget", "-5"], "is no number from 0"),
        (["--budget", "nan"], "is no number from 0"),
        (["--currency", "ringgit"], "three capital letters"),
        (["--currency", "XXX"], "There is no planning rate"),
        (["--rate", "0"], "a rate is above 0"),
        (["--country", "Malaysia"], "two capital letters"),
        (["--date", "22.11.2026"], "write it as 2026-11-22"),
        (["--size", "huge"], "is not a size"),
        (["--goal", "profit"], "is not an effect"),
        (["--must", "write-digital-plam"], "did you mean 'write-digital-plan'"),
        (["--must-not", "nothing-like-it"], "is not an action of this questionnaire"),
        (["--target", "leadership.stratgy=3"], "did you mean 'leadership.strategy'"),
        (["--target", "leadership.strategy"], "is no number"),
        (["--target", "leadership.strategy=2.5"], "a level is a whole number"),
        (["--target", "leadership.strategy=9"], "leadership.strategy"),
        (["--target", "people=99"], "scores go from 0 to"),
        (["--phase-budget", "1", "x", "-"], "--phase-budget (foundation)"),
        (["--firm", "A" * 201], "at most 200 characters"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_writes_nothing(
    tmp_path: Path, answers: Path, options: list[str], said: str
) -> None:
    output = tmp_path / "report.pdf"

    ran = run(QUESTIONNAIRE, answers, output, *options)

    assert ran.exit_code == 2
    assert said in ran.output
    assert len(ran.output.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == [answers]


def test_a_place_that_cannot_be_written_is_told_before_anything_is_computed(tmp_path: Path, answers: Path) -> None:
    ran = run(QUESTIONNAIRE, answers, tmp_path / "nowhere" / "report.pdf")

    assert ran.exit_code == 2
    assert "cannot be written" in ran.output
