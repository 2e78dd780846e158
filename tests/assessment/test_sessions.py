"""A session ends when it is ended, when its time is over, and when nobody has come for long; then it opens nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.database import Database
from assessment import access, roles, sessions, users
from assessment.sessions import Lengths, SignedIn
from assessment.tables import UserSession
from tests.factories import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def user_id(database: Database) -> int:
    with database.transaction() as session:
        return users.register(session, "aminah@firm.example", NOW, "Aminah").id


def start(database: Database, user_id: int, browser: str = "Firefox, Linux") -> str:
    with database.transaction() as session:
        return sessions.start(session, user_id, NOW, browser, "203.0.113.*")[0]


def find(database: Database, token: str, after: timedelta = timedelta(0)) -> SignedIn | None:
    with database.reader() as session:
        return sessions.find_signed_in(session, token, NOW + after)


def seen(database: Database, session_id: int, after: timedelta) -> None:
    with database.transaction() as session:
        sessions.note_seen(session, session_id, NOW + after)


def test_a_session_is_found_by_its_secret_which_is_not_stored(database: Database, user_id: int) -> None:
    token = start(database, user_id)

    found = find(database, token)

    assert found is not None
    assert (found.user_id, found.email, found.name) == (user_id, "aminah@firm.example", "Aminah")
    with database.reader() as session:
        assert session.scalars(select(UserSession.token_sha256)).one() == access.token_sha256(token)
    assert find(database, access.new_token()) is None


@pytest.mark.parametrize(("name", "called"), [("Aminah", "Aminah"), ("", "bao@firm.example")])
def test_who_has_given_no_name_is_called_by_their_address(database: Database, name: str, called: str) -> None:
    with database.transaction() as session:
        number = users.register(session, "bao@firm.example", NOW, name).id

    found = find(database, start(database, number))

    assert found is not None
    assert found.called == called


def test_without_a_visit_it_ends_after_twelve_hours_and_with_visits_after_fourteen_days(
    database: Database, user_id: int
) -> None:
    token = start(database, user_id)
    assert find(database, token, 12 * HOUR - timedelta(seconds=1)) is not None
    assert find(database, token, 12 * HOUR) is None
    found = find(database, token)
    assert found is not None

    seen(database, found.session_id, 14 * DAY - HOUR)

    assert find(database, token, 14 * DAY - timedelta(seconds=1)) is not None
    assert find(database, token, 14 * DAY) is None


def test_who_sees_many_firms_is_signed_out_after_one_hour_without_a_visit_and_twelve_in_all(
    database: Database, user_id: int
) -> None:
    with database.transaction() as session:
        roles.grant(session, user_id, roles.OFFICER, None, NOW)
    token = start(database, user_id)
    found = find(database, token, HOUR - timedelta(seconds=1))
    assert found is not None
    assert find(database, token, HOUR) is None

    seen(database, found.session_id, 12 * HOUR - timedelta(minutes=1))

    assert find(database, token, 12 * HOUR) is None


def test_a_clock_that_goes_back_opens_nothing_that_was_over(database: Database, user_id: int) -> None:
    token = start(database, user_id)
    found = find(database, token)
    assert found is not None
    with database.transaction() as session:
        sessions.end(session, user_id, found.session_id, NOW)
    seen(database, found.session_id, HOUR)

    assert find(database, token, -HOUR) is None


def test_a_visit_never_counts_backwards(database: Database, user_id: int) -> None:
    token = start(database, user_id)
    found = find(database, token)
    assert found is not None
    seen(database, found.session_id, HOUR)
    seen(database, found.session_id, timedelta(minutes=1))

    again = find(database, token, HOUR)

    assert again is not None
    assert again.last_seen_at == NOW + HOUR


def test_a_person_lists_and_ends_sessions_one_by_one_and_all_others(database: Database, user_id: int) -> None:
    here, phone, office = (start(database, user_id, b) for b in ("here", "phone", "office"))
    with database.reader() as session:
        open_ones = {s.browser: s for s in sessions.list_open(session, user_id, NOW)}
    assert set(open_ones) == {"here", "phone", "office"}
    assert open_ones["phone"].network == "203.0.113.*"

    with database.transaction() as session:
        sessions.end(session, user_id, open_ones["phone"].id, NOW)
    assert find(database, phone) is None
    assert find(database, office) is not None

    with database.transaction() as session:
        sessions.end_all(session, user_id, NOW, but=open_ones["here"].id)
    assert find(database, office) is None
    assert find(database, here) is not None


def test_nobody_ends_the_session_of_somebody_else(database: Database, user_id: int) -> None:
    token = start(database, user_id)
    found = find(database, token)
    assert found is not None
    with database.transaction() as session:
        other = users.register(session, "other@firm.example", NOW)
        sessions.end(session, other.id, found.session_id, NOW)
        sessions.end_all(session, other.id, NOW)

    assert find(database, token) is not None


def test_a_closed_account_is_signed_out_at_once(database: Database, user_id: int) -> None:
    token = start(database, user_id)
    with database.transaction() as session:
        users.disable(session, users.get_by_id(session, user_id), NOW)
    assert find(database, token) is None

    with database.transaction() as session:
        users.enable(users.get_by_id(session, user_id))
    assert find(database, token) is None, "its sessions stay ended"


def test_a_new_password_ends_every_other_session(database: Database, user_id: int) -> None:
    here, other = start(database, user_id), start(database, user_id)
    found = find(database, here)
    assert found is not None
    with database.transaction() as session:
        users.set_password_hash(session, user_id, "x", NOW, but=found.session_id)

    assert find(database, here) is not None
    assert find(database, other) is None


def test_lengths_are_a_choice(database: Database, user_id: int) -> None:
    token = start(database, user_id)
    with database.reader() as session:
        short = Lengths(idle=timedelta(minutes=1))
        assert sessions.find_signed_in(session, token, NOW + timedelta(minutes=1), short) is None
