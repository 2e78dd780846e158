"""The command line as a whole: its help is true, and a command brings along only what it needs."""

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from app.cli import COMMANDS, main

TINY = Path(__file__).parent / "definitions" / "tiny" / "1.0.0"
HEAVY = ["fastapi", "starlette", "scipy", "sqlalchemy", "weasyprint"]
TELL = (
    "import sys\nfrom app.cli import main\nmain(sys.argv[1:], standalone_mode=False)\n"
    f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
)


def heavy_after(*arguments: str | Path) -> str:
    """Runs the command in an interpreter of its own; says which of the heavy libraries it imported."""
    ran = subprocess.run([sys.executable, "-c", TELL, *map(str, arguments)], capture_output=True, text=True, check=True)
    return ran.stderr.splitlines()[-1]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_line_of_the_help_is_the_beginning_of_what_the_command_says_itself(name: str) -> None:
    command = main.get_command(click.Context(main), name)

    assert command is not None
    assert command.name == name
    assert " ".join((command.help or "").split()).startswith(COMMANDS[name][1].rstrip("."))


def test_the_help_lists_all_commands() -> None:
    told = CliRunner().invoke(main, ["--help"]).output

    assert [line.split()[0] for line in told.split("Commands:")[1].strip().splitlines()] == list(COMMANDS)


def test_a_mistyped_command_is_told_what_was_meant() -> None:
    ran = CliRunner().invoke(main, ["scroe"])

    assert ran.exit_code == 2
    assert "'score'" in ran.output


def test_checking_a_questionnaire_waits_neither_for_the_service_nor_for_the_solver() -> None:
    assert heavy_after("questionnaire", "check", TINY) == "[]"


def test_scoring_waits_neither_for_the_service_nor_for_the_solver(tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"answers": {"skills.training": 2}}))

    assert heavy_after("score", TINY, answers) == "[]"


def test_the_report_needs_the_solver_so_that_these_tests_would_see_it(tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"answers": {"skills.training": 2}}))

    assert "scipy" in heavy_after("report", TINY, answers, "-o", tmp_path / "report.pdf")
