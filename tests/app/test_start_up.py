"""A command waits for what it needs and for nothing else: which libraries the light ones leave alone."""

import json
import subprocess
import sys

import pytest

WEB = {"fastapi", "jinja2", "uvicorn"}
SOLVER = {"scipy", "highspy"}
PAPER = {"weasyprint", "xlsxwriter", "duckdb", "PIL"}
DATABASE = {"sqlalchemy", "alembic"}
RUN = """
import json, sys
from app.cli import main
main(sys.argv[1:], standalone_mode=False)
print(json.dumps(sorted(sys.modules)))
"""


@pytest.mark.parametrize(
    ("command", "left_alone"),
    [
        ("--help", WEB | SOLVER | PAPER | DATABASE | {"numpy", "pydantic", "yaml"}),
        ("questionnaire list", WEB | SOLVER | PAPER | DATABASE),
        ("score --help", WEB | SOLVER | PAPER | DATABASE),
        ("user --help", WEB | SOLVER | PAPER | {"alembic", "numpy"}),
        ("learn --help", WEB | PAPER | {"alembic"}),
        ("migrate --help", WEB | SOLVER | PAPER | {"numpy"}),
        ("import --help", WEB | PAPER | {"alembic"}),
    ],
)
def test_a_command_does_not_load_what_it_does_not_use(command: str, left_alone: set[str]) -> None:
    done = subprocess.run([sys.executable, "-c", RUN, *command.split()], capture_output=True, text=True, check=True)

    loaded = set(json.loads(done.stdout.splitlines()[-1]))

    assert "click" in loaded
    assert loaded & left_alone == set()
