"""The account: who a person is, their firms, where they are signed in, their password, and the way out."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select, update

from app.database import Database
from assessment import access, roles, users
from assessment.passwords import Hashing
from assessment.tables import Respondent, Role, User, UserSession
from tests.app.walk import finished, start
from tests.conftest import ORIGIN
from tests.people import firm_of, sign_in

PASSWORD = "three lamps over the harbour"
PHONE = "Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0 Mobile Safari/537.36"


def post(client: TestClient, path: str, **data: str) -> Response:
    return client.post(path, data=data or {"x": ""}, follow_redirects=False)


def opened_long_ago(database: Database) -> None:
    with database.transaction() as session:
        session.execute(update(UserSession).values(created_at=datetime.now(UTC) - timedelta(minutes=16)))


@pytest.fixture
def second(app: FastAPI) -> TestClient:
    """The same person's other browser."""
    return TestClient(app, headers={"origin": ORIGIN}, raise_server_exceptions=False)


def test_a_name_and_a_language_are_kept(client: TestClient, database: Database) -> None:
    sign_in(client, database)

    answer = post(client, "/account", name="  Aminah   binti Yusof ", language="fr")

    assert answer.headers["location"] == "/account?saved=1"
    page = client.get("/account")
    assert 'value="Aminah binti Yusof"' in page.text
    assert '<html lang="fr"' in page.text


@pytest.mark.parametrize("name", ["a\0b", "x" * 201])
def test_a_name_that_cannot_be_kept_is_said_beside_the_field(client: TestClient, database: Database, name: str) -> None:
    sign_in(client, database)

    answer = post(client, "/account", name=name)

    assert answer.status_code == 422
    assert 'id="name-problem"' in answer.text


def test_fields_that_the_form_does_not_have_change_nothing(client: TestClient, database: Database) -> None:
    user_id = sign_in(client, database)
    post(client, "/account", name="A", language="xx", email="admin@firm.example", role="admin", password_hash="x")

    with database.reader() as session:
        user = session.get_one(User, user_id)
        assert (user.email, user.language, user.password_hash) == ("aisha@example.org", "", None)
        assert session.scalars(select(Role)).all() == []


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{{7*7}}", "{% raw %}", "%(email)s", "'\"><b>"])
def test_a_name_is_shown_as_text(client: TestClient, database: Database, name: str) -> None:
    sign_in(client, database)
    post(client, "/account", name=name)

    page = client.get("/account").text
    assert (
        name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;").replace("'", "&#39;")
        in page
    )
    assert "<script>alert" not in page


def test_sessions_are_listed_and_ended(client: TestClient, second: TestClient, database: Database) -> None:
    sign_in(client, database)
    sign_in(second, database)
    with database.transaction() as session:
        session.execute(
            update(UserSession).where(UserSession.id == 2).values(browser="Firefox, iPhone", network="198.51.100.*")
        )
    page = client.get("/account").text
    assert "Firefox, iPhone" in page
    assert "198.51.100.*" in page
    number = re.search(r'action="/account/sessions/(\d+)/end"', page)
    assert number

    post(client, f"/account/sessions/{number[1]}/end")

    assert second.get("/account", follow_redirects=False).status_code == 303
    assert client.get("/account", follow_redirects=False).status_code == 200


def test_all_other_sessions_end_at_once(client: TestClient, second: TestClient, database: Database) -> None:
    sign_in(second, database)
    sign_in(client, database)

    post(client, "/account/sessions/end")

    assert second.get("/account", follow_redirects=False).status_code == 303
    assert client.get("/account", follow_redirects=False).status_code == 200


def test_nobody_ends_a_strangers_session(client: TestClient, second: TestClient, database: Database) -> None:
    sign_in(second, database, "other@example.org")
    sign_in(client, database)
    for number in range(1, 9):
        if number != 2:
            post(client, f"/account/sessions/{number}/end")

    assert second.get("/account", follow_redirects=False).status_code == 200


def test_a_password_is_set_changed_and_removed(client: TestClient, second: TestClient, database: Database) -> None:
    user_id = sign_in(client, database)
    sign_in(second, database)

    assert post(client, "/account/password", password=PASSWORD).status_code == 303

    with database.reader() as session:
        kept = session.get_one(User, user_id).password_hash
    assert kept is not None
    assert Hashing(19 * 1024, 2).fits(kept, PASSWORD)
    assert second.get("/account", follow_redirects=False).status_code == 303, "signed out everywhere else"
    assert client.get("/account").status_code == 200
    assert post(client, "/account/password/remove").status_code == 303
    with database.reader() as session:
        assert session.get_one(User, user_id).password_hash is None


@pytest.mark.parametrize(
    ("password", "words"),
    [("short", "12 characters or more"), ("x" * 129, "128 characters"), ("qwertyuiop123", "among the first"),
     ("aisha-example-aisha", "among the first")],
)  # fmt: skip
def test_a_password_that_is_easily_guessed_is_refused(
    client: TestClient, database: Database, password: str, words: str
) -> None:
    sign_in(client, database)

    answer = post(client, "/account/password", password=password)

    assert answer.status_code == 422
    assert words in answer.text
    assert password not in answer.text


def test_on_a_screen_left_open_the_present_password_is_asked_for(client: TestClient, database: Database) -> None:
    user_id = sign_in(client, database)
    post(client, "/account/password", password=PASSWORD)
    opened_long_ago(database)
    assert 'name="current"' in client.get("/account/password").text

    refused = post(client, "/account/password", password="seven kites above a market", current="not this one at all")
    assert refused.status_code == 422
    assert "not your present password" in refused.text
    assert post(client, "/account/password/remove").status_code == 409
    assert post(client, "/account/password", password="seven kites above a market", current=PASSWORD).status_code == 303
    with database.reader() as session:
        assert Hashing(19 * 1024, 2).fits(session.get_one(User, user_id).password_hash, "seven kites above a market")


def test_on_a_screen_left_open_no_first_password_is_set(client: TestClient, database: Database) -> None:
    sign_in(client, database)
    opened_long_ago(database)

    assert "Sign out, sign in again" in client.get("/account/password").text
    assert post(client, "/account/password", password=PASSWORD).status_code == 422


def test_a_stranger_sets_no_password(client: TestClient) -> None:
    assert post(client, "/account/password", password=PASSWORD).status_code == 403


def test_closing_asks_twice_and_erases(client: TestClient, database: Database) -> None:
    user_id = sign_in(client, database)
    firm_of(database, user_id, name="Kilang")
    page = client.get("/account/close").text
    assert "Nobody else manages" in page
    assert "Kilang" in page
    assert post(client, "/account/close").status_code == 422

    answer = post(client, "/account/close", sure="yes")

    assert answer.headers["location"] == "/signed-out?closed=1"
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert "Your account is closed" in client.get("/signed-out?closed=1").text
    assert client.get("/account", follow_redirects=False).status_code == 303
    with database.reader() as session:
        assert session.scalars(select(User)).all() == []


def test_a_screen_left_open_closes_nothing(client: TestClient, database: Database) -> None:
    sign_in(client, database)
    opened_long_ago(database)

    assert post(client, "/account/close", sure="yes").status_code == 409
    assert client.get("/account").status_code == 200


def test_an_assessment_that_was_started_without_an_account_is_kept(client: TestClient, database: Database) -> None:
    visit = start(client)
    assert "Keep this in my account" not in visit.get().text
    user_id = sign_in(client, database)
    assert "Keep this in my account" in visit.get().text

    answer = visit.post("/keep")

    number = re.fullmatch(r"/a/(\d+)\?kept=1", answer.headers["location"])
    assert number
    assert client.get(f"/a/{number[1]}").status_code == 200
    assert "Keep this in my account" not in visit.get().text
    assert f'href="/a/{number[1]}"' in client.get("/account").text
    with database.reader() as session:
        assert [f.role for f in users.firms_of(session, user_id)] == ["manager"]


def test_a_submitted_assessment_is_kept_as_well(client: TestClient, database: Database) -> None:
    visit = finished(client)
    sign_in(client, database)
    assert "Keep this in my account" in visit.get("/results").text

    assert visit.post("/keep").status_code == 303
    assert "Submitted" in client.get("/account").text


def test_a_firm_in_somebody_elses_account_is_not_taken(
    client: TestClient, second: TestClient, database: Database
) -> None:
    visit = start(client)
    sign_in(client, database)
    visit.post("/keep")
    sign_in(second, database, "other@example.org")

    assert "Keep this in my account" not in second.get(visit.link).text
    assert post(second, f"{visit.link}/keep").status_code == 409
    assert second.get("/a/1").status_code == 404


def test_a_stranger_and_a_colleague_keep_nothing(client: TestClient, database: Database) -> None:
    visit = start(client)
    assert visit.post("/keep").status_code == 403
    user_id = sign_in(client, database)
    token = "colleague-link-00000000000000000"
    with database.transaction() as session:
        session.add(
            Respondent(
                assessment_id=1,
                name="Ben",
                token_sha256=access.token_sha256(token),
                sections=["skills"],
                created_at=datetime.now(UTC),
            )
        )

    assert post(client, f"/a/{token}/keep").status_code == 403
    with database.reader() as session:
        assert not roles.holds(session, user_id, roles.MANAGER, 1)


def test_the_browser_is_named_and_only_the_first_part_of_its_address_kept(app: FastAPI, database: Database) -> None:
    with database.transaction() as session:
        users.register(session, "aisha@example.org", datetime.now(UTC)).password_hash = Hashing(19 * 1024, 2).hash(
            PASSWORD
        )
    headers = {"origin": ORIGIN, "user-agent": PHONE}
    with TestClient(app, headers=headers, client=("203.0.113.77", 5000)) as phone:
        phone.post("/sign-in/password", data={"email": "aisha@example.org", "password": PASSWORD})

    with database.reader() as session:
        found = session.scalars(select(UserSession)).one()
    assert (found.browser, found.network) == ("Chrome, Android", "203.0.113.*")
