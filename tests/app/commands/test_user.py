"""`fourward user`: accounts from the command line."""

from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.database import Database
from assessment import firms, roles, sessions, users
from tests.factories import NOW

EMAIL = "aminah@firm.example"


@pytest.fixture(autouse=True)
def chosen(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOURWARD_DATABASE_URL", database_url)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["user", *arguments])


def signed_in(database: Database) -> str:
    with database.transaction() as session:
        return sessions.start(session, users.register(session, EMAIL, NOW).id, NOW, "", "")[0]


def still_signed_in(database: Database, token: str) -> bool:
    with database.reader() as session:
        return sessions.find_signed_in(session, token, NOW + timedelta(minutes=1)) is not None


def test_an_account_is_made_once(database: Database) -> None:
    assert run("create", "Aminah@Firm.example", "--name", "Aminah").output == f"{EMAIL} can sign in.\n"
    again = run("create", EMAIL)

    assert (again.exit_code, again.output) == (2, f"Error: {EMAIL} has an account already.\n")
    with database.reader() as session:
        assert users.get(session, EMAIL).name == "Aminah"


@pytest.mark.parametrize(
    "command", [("create", "nobody"), ("disable", EMAIL), ("end-sessions", EMAIL), ("role", EMAIL, "admin")]
)
def test_what_cannot_be_is_one_line_and_exit_code_2(command: tuple[str, ...]) -> None:
    result = run(*command)

    assert result.exit_code == 2
    assert len(result.output.splitlines()) == 1


def test_an_account_is_closed_and_opened(database: Database) -> None:
    token = signed_in(database)

    assert run("disable", EMAIL).exit_code == 0
    assert not still_signed_in(database, token)
    assert run("enable", EMAIL).exit_code == 0
    with database.reader() as session:
        assert not users.is_disabled(session, EMAIL)


def test_sessions_are_ended(database: Database) -> None:
    token = signed_in(database)

    assert run("end-sessions", EMAIL).exit_code == 0
    assert not still_signed_in(database, token)


def test_a_role_is_given_and_taken_and_holds_at_once(database: Database) -> None:
    token = signed_in(database)
    with database.transaction() as session:
        firm = firms.register(session, "Acme", "MY", NOW).id

    assert run("role", EMAIL, "officer").output == f"{EMAIL}: officer\n"
    assert not still_signed_in(database, token)
    assert run("role", EMAIL, "manager", "--firm", str(firm)).output == f"{EMAIL}: officer, manager of firm {firm}\n"
    assert run("role", EMAIL, "officer", "--remove").output == f"{EMAIL}: manager of firm {firm}\n"
    assert run("role", EMAIL, "manager", "--firm", str(firm), "--remove").output == f"{EMAIL}: no role\n"
    with database.reader() as session:
        assert not roles.has_manager(session, firm)


@pytest.mark.parametrize("arguments", [("manager",), ("admin", "--firm", "1"), ("manager", "--firm", "99"), ("king",)])
def test_a_role_that_does_not_fit_is_refused(database: Database, arguments: tuple[str, ...]) -> None:
    signed_in(database)

    assert run("role", EMAIL, *arguments).exit_code == 2
