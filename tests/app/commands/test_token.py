"""`fourward user token`: tokens from the command line."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.database import Database
from assessment import api_tokens, users
from tests.factories import NOW

EMAIL = "aminah@firm.example"


@pytest.fixture(autouse=True)
def chosen(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOURWARD_DATABASE_URL", database_url)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["user", "token", *arguments])


def works(database: Database, token: str) -> bool:
    with database.reader() as session:
        return api_tokens.find_bearer(session, token, datetime.now(UTC)) is not None


def test_a_token_is_made_listed_and_ended(database: Database) -> None:
    with database.transaction() as session:
        users.register(session, EMAIL, NOW)

    token = run(
        "create", EMAIL, "--scope", "read", "--scope", "answer", "--days", "7", "--name", "import"
    ).output.strip()
    listed = run("list", EMAIL).output

    assert works(database, token)
    assert listed.split("\t")[:3] == ["1", "import", "read, answer"]
    assert "last used: never" in listed
    assert token.split("_", 2)[2] not in listed
    assert run("revoke", EMAIL, "1").output == "The token is ended.\n"
    assert not works(database, token)
    assert "over" in run("list", EMAIL).output


@pytest.mark.parametrize(
    "arguments",
    [("create", EMAIL), ("create", EMAIL, "--scope", "all"), ("create", EMAIL, "--scope", "read", "--days", "366")],
)
def test_what_no_token_can_be_is_refused(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_nobody_has_no_token(database: Database) -> None:
    assert "Nobody has signed in" in run("create", EMAIL, "--scope", "read").output
