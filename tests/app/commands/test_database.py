"""The commands that care for the database, as an operator runs them."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.database import Database, sqlite
from app.upgrade import is_ready


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOURWARD_DATABASE_URL", f"sqlite:///{tmp_path}/data/fourward.db")
    monkeypatch.setenv("FOURWARD_ARTIFACTS", str(tmp_path / "artifacts"))
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_a_new_installation_is_migrated_backed_up_and_restored(operator: Path) -> None:
    migrated = run("migrate")
    assert migrated.exit_code == 0, migrated.output
    assert is_ready(Database(f"sqlite:///{operator}/data/fourward.db"))
    assert "up to date" in run("migrate").output

    assert run("backup", str(operator / "b.db")).exit_code == 0
    assert "What was there before is at" in run("restore", str(operator / "b.db")).output
    assert run("doctor").exit_code == 0


def test_migrations_and_tables_are_in_step(operator: Path) -> None:
    checked = run("migrate", "--check")

    assert checked.exit_code == 0, checked.output
    assert not (operator / "data").exists()


def test_what_cannot_be_done_is_one_line_and_exit_code_2(operator: Path) -> None:
    for words in (("backup", f"{operator}/b.db"), ("restore", f"{operator}/nothing.db"), ("doctor",)):
        answer = run(*words)
        assert answer.exit_code == 2
        assert "Traceback" not in answer.output


def test_a_setting_that_cannot_be_used_is_named(operator: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOURWARD_PORT", "eighty")

    answer = run("serve")

    assert answer.exit_code == 2
    assert "FOURWARD_PORT" in answer.output


def test_a_server_on_a_database_that_is_not_migrated_says_what_to_run(operator: Path) -> None:
    answer = run("serve")

    assert answer.exit_code == 2
    assert "fourward migrate" in answer.output


def test_doctor_says_which_sqlite_it_is_and_how_it_is_kept(operator: Path) -> None:
    run("migrate")

    assert f"SQLite {sqlite.sqlite_version}" in run("doctor").output
