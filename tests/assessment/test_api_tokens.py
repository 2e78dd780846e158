"""Tokens: made once, found by their secret alone, and ended in every way a session is."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.database import Database
from assessment import api_tokens, closed_accounts, users
from assessment.api_tokens import SCOPES, TOKEN, ScopesMissing, TokenNotFound, TooManyTokens
from assessment.errors import Invalid
from assessment.tables import ApiToken
from tests.factories import NOW

LATER = NOW + timedelta(days=29)


def made(database: Database, email: str = "aisha@example.org", days: int = 30) -> tuple[int, int, str]:
    """The person's number, the token's, and the token."""
    with database.transaction() as session:
        person = users.register(session, email, NOW)
        return (person.id, *api_tokens.make(session, person.id, " a  program ", ("read", "answer"), days, NOW))


def works(database: Database, token: str, hours: float = 1) -> bool:
    with database.reader() as session:
        return api_tokens.find_bearer(session, token, NOW + timedelta(hours=hours)) is not None


def test_a_token_is_found_with_its_person_and_scopes_and_is_not_stored(database: Database) -> None:
    user_id, number, token = made(database)

    with database.reader() as session:
        found = api_tokens.find_bearer(session, token, LATER)
        assert found is not None
        assert (found.user_id, found.token_id, found.email) == (user_id, number, "aisha@example.org")
        assert found.scopes == {"read", "answer"}
        row = session.scalars(select(ApiToken)).one()
        assert (row.name, row.scopes) == ("a program", ["read", "answer"])
        assert token.split("_", 2)[2] not in str(vars(row))
    assert TOKEN.fullmatch(token)


@pytest.mark.parametrize(
    "change", ["fw_9_{secret}", "fw_{number}_{other}", "{secret}", "fw_{number}_", "fw_99999999999_{secret}"]
)
def test_another_token_is_nobodys(database: Database, change: str) -> None:
    _, number, token = made(database)
    secret = token.split("_", 2)[2]

    assert not works(database, change.format(number=number, secret=secret, other="x" * 43))


def test_a_token_is_over_when_its_days_are(database: Database) -> None:
    _, _, token = made(database, days=1)

    assert works(database, token, 23.9)
    assert not works(database, token, 24)


def test_a_token_is_ended_by_its_owner_only(database: Database) -> None:
    user_id, number, token = made(database)
    other, _, _ = made(database, "omar@example.org")

    with pytest.raises(TokenNotFound), database.transaction() as session:
        api_tokens.revoke(session, other, number, NOW)
    assert works(database, token)
    with database.transaction() as session:
        api_tokens.revoke(session, user_id, number, NOW)
    assert not works(database, token)
    with pytest.raises(TokenNotFound), database.transaction() as session:
        api_tokens.revoke(session, user_id, 2**40, NOW)


@pytest.mark.parametrize("new", ["hash", None])
def test_tokens_end_with_a_changed_password(database: Database, new: str | None) -> None:
    user_id, _, token = made(database)

    with database.transaction() as session:
        users.set_password_hash(session, user_id, new, NOW, but=0)

    assert not works(database, token)


def test_tokens_end_with_the_account_and_stay_ended(database: Database) -> None:
    _, _, token = made(database)
    closed_id, _, closed = made(database, "omar@example.org")

    with database.transaction() as session:
        users.disable(session, users.get(session, "aisha@example.org"), NOW)
        closed_accounts.close(session, closed_id)
    assert not works(database, token)
    assert not works(database, closed)
    with database.transaction() as session:
        users.enable(users.get(session, "aisha@example.org"))
    assert not works(database, token)


@pytest.mark.parametrize(("scopes", "days"), [((), 30), (("read", "admin"), 30), (SCOPES, 0), (SCOPES, 366)])
def test_a_token_for_nothing_or_for_too_long_is_refused(database: Database, scopes: tuple[str, ...], days: int) -> None:
    user_id = made(database)[0]
    with pytest.raises(Invalid) as refusal, database.transaction() as session:
        api_tokens.make(session, user_id, "", scopes, days, NOW)
    assert isinstance(refusal.value, ScopesMissing) == (days == 30)


def test_twenty_tokens_work_at_once(database: Database) -> None:
    user_id = made(database)[0]
    with database.transaction() as session:
        for _ in range(19):
            api_tokens.make(session, user_id, "", ("read",), 1, NOW)

    with pytest.raises(TooManyTokens), database.transaction() as session:
        api_tokens.make(session, user_id, "", ("read",), 1, NOW)
    with database.transaction() as session:
        api_tokens.make(session, user_id, "", ("read",), 1, NOW + timedelta(days=2))
