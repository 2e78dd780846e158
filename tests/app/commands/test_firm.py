"""The commands for firms, as an operator runs them."""

import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.database import Database
from app.settings import Settings
from assessment import firms
from tests.everything import dumped, files_in, fill
from tests.factories import NOW


@pytest.fixture
def firm(sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("FOURWARD_DATABASE_URL", f"sqlite:///{sqlite_database.file}")
    monkeypatch.setenv("FOURWARD_ARTIFACTS", str(tmp_path / "artifacts"))
    with sqlite_database.transaction() as session:
        return fill(session, "Zq7x", Settings(artifacts=tmp_path / "artifacts").artifacts)


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["firm", *words])


def test_a_firm_is_found_exported_and_erased(firm: int, sqlite_database: Database, tmp_path: Path) -> None:
    assert run("find", "zq7x w").output == f"{firm}\tZq7x Works\tMY\tZq7x-77\n"
    assert run("find", "%").output == ""
    exported = run("export", str(firm), "-o", str(tmp_path / "f.zip"))
    assert exported.exit_code == 0, exported.output
    assert "firm.json" in zipfile.ZipFile(tmp_path / "f.zip").namelist()
    wrong = run("erase", str(firm), "--name", "Another")
    assert wrong.exit_code == 2
    assert "not the name" in wrong.output
    erased = run("erase", str(firm), "--name", "Zq7x Works")
    assert erased.output == "Erased: 1 assessments, 2 files and reports.\n"
    assert not files_in(tmp_path / "artifacts")
    with sqlite_database.reader() as session:
        assert "Zq7x Works" not in dumped(session)


@pytest.mark.parametrize("number", ["999", "0", "x", "-1", str(2**63)])
def test_a_number_of_no_firm_is_refused_in_words_and_leaves_no_file(firm: int, tmp_path: Path, number: str) -> None:
    for words in (("export", "-o", str(tmp_path / "f.zip"), "--", number), ("erase", "--name", "x", "--", number)):
        answer = run(*words)
        assert answer.exit_code == 2, answer.output
        assert "No firm has this number" in answer.output
    assert not (tmp_path / "f.zip").exists()


def test_firms_that_are_probably_one_are_listed(firm: int, sqlite_database: Database) -> None:
    assert run("duplicates").output == ""
    with sqlite_database.transaction() as session:
        firms.register(session, "ZQ7X Works Ltd", "MY", NOW)
    assert run("duplicates").output.splitlines()[0] == "same name:"


def test_of_many_firms_the_first_are_listed_and_it_is_told_that_there_are_more(
    firm: int, sqlite_database: Database
) -> None:
    with sqlite_database.transaction() as session:
        for number in range(120):
            firms.register(session, f"Kilang {number:03d}", "MY", NOW)
    found = run("find", "kilang")
    assert found.stdout.count("\n") == 100
    assert "Kilang 099" in found.stdout
    assert "There are more than 100" in found.stderr
    whole = run("find", "--most", "500")
    assert (whole.stdout.count("\n") > 120, whole.stderr) == (True, "")
