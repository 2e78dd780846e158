"""`fourward import`: every problem by row and exit code 1; with --apply all of a file or nothing."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from app.cli import main
from app.database import Database
from assessment.tables import Assessment, Firm, ImportOrder, RegisterCount
from tests.assessment import programmes
from tests.factories import TINY_FOLDER


@pytest.fixture(autouse=True)
def chosen(database_url: str, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOURWARD_DATABASE_URL", database_url)
    monkeypatch.setenv("FOURWARD_DEFINITIONS", str(TINY_FOLDER))
    monkeypatch.setenv("FOURWARD_ARTIFACTS", str(tmp_path / "artifacts"))
    with database.transaction() as session:
        programmes.call(session, programmes.programme(session))


def run(file: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["import", "--programme", "1", *arguments, str(file)])


def firms(database: Database) -> list[str]:
    with database.reader() as session:
        return list(session.scalars(select(Firm.name)))


def test_problems_are_printed_by_row_and_nothing_is_stored(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "firms.csv"
    file.write_text("name,employees\nKilang Satu,12\nKilang Dua,many\n")
    for applies in ([], ["--apply"]):
        found = run(file, *applies)
        assert found.exit_code == 1
        assert found.output == (
            "row 3, column B (employees) [many]: Enter a whole number from 0 to 10000000.\n"
            "2 rows, 2 new firms, 0 assessments; problems: 1; nothing was stored\n"
        )
        assert firms(database) == []
    told = json.loads(run(file, "--json").output)
    assert (told["problems"], told["taken_in"], told["first_problems"][0]["code"]) == (1, False, "whole")


def test_a_file_without_problems_is_looked_at_and_taken_in_with_apply(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "firms.csv"
    file.write_text("name,assessed_on,machines.1\nKilang Satu,2024-03-25,2\n")
    looked = run(file)
    assert (looked.exit_code, looked.output) == (
        0,
        "1 rows, 1 new firms, 1 assessments; problems: 0; nothing was stored\n",
    )
    assert firms(database) == []
    taken = run(file, "--apply")
    assert (taken.exit_code, taken.output) == (0, "1 rows, 1 new firms, 1 assessments; taken in\n")
    assert firms(database) == ["Kilang Satu"]
    with database.reader() as session:
        assert session.scalars(select(Assessment.state)).all() == ["submitted"]
        order = session.scalars(select(ImportOrder)).one()
        assert (order.state, order.name, order.rows) == ("done", "firms.csv", 1)
    assert run(file, "--apply").exit_code == 1  # it is in already: each row is told


def test_the_register_is_replaced(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    file.write_text("isic,firms\nC,900\n")
    assert json.loads(run(file, "--kind", "register", "--apply", "--json").output)["taken_in"] is True
    with database.reader() as session:
        assert session.scalars(select(RegisterCount.firms)).all() == [900]


def test_what_cannot_be_read_ends_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "firms.csv"
    file.write_text('name\n"never closed\n')
    found = run(file)
    assert found.exit_code == 2
    assert "Row 2 cannot be read: a quotation mark stands in the wrong place." in found.output
    file.write_text("name\nX\n")
    missing = CliRunner().invoke(main, ["import", "--programme", "77", str(file)])
    assert missing.exit_code == 2
    assert "no such programme" in missing.output
