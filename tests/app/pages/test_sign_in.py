"""Signing in by code and by password: what works, what is refused, and that nobody learns who has an account."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select, update

from app.database import Database, DatabaseBusy
from app.main import create_app
from app.pages.sign_in import CODES_BY_ADDRESS
from app.password_forms import BY_ADDRESS
from app.settings import Settings
from app.sign_in import MOST_WAITING, Turns
from assessment import users
from assessment.passwords import Hashing
from assessment.tables import AttemptCount, Mail, SignInCode, User, UserSession
from tests.apart import run_apart
from tests.app.walk import start
from tests.conftest import ORIGIN

EMAIL, PASSWORD = "aminah@firm.example", "three lamps over the harbour"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"demo": True})


def ask(client: TestClient, email: str = EMAIL, **more: str) -> Response:
    return client.post("/sign-in", data={"email": email, **more}, follow_redirects=False)


def code_of(database: Database, email: str = EMAIL) -> str:
    with database.reader() as session:
        query = select(Mail.body).where(Mail.recipient == email).order_by(Mail.id.desc()).limit(1)
        found = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", session.scalars(query).one())
    assert found
    return found[0]


def use(client: TestClient, code: str) -> Response:
    return client.post("/sign-in/code", data={"code": code}, follow_redirects=False)


def sign_in(client: TestClient, database: Database, email: str = EMAIL) -> Response:
    ask(client, email)
    return use(client, code_of(database, email))


def other_browser(app: FastAPI) -> TestClient:
    return TestClient(app, headers={"origin": ORIGIN}, raise_server_exceptions=False)


def with_password(database: Database, settings: Settings, email: str = EMAIL) -> None:
    hashing = Hashing(settings.password_memory_kib, settings.password_passes)
    with database.transaction() as session:
        user = users.register(session, email, datetime.now(UTC))
        user.password_hash = hashing.hash(PASSWORD)


def by_password(client: TestClient, email: str = EMAIL, password: str = PASSWORD, **more: str) -> Response:
    return client.post("/sign-in/password", data={"email": email, "password": password, **more}, follow_redirects=False)


def is_signed_in(client: TestClient) -> bool:
    return client.get("/account", follow_redirects=False).status_code == 200


def test_a_code_signs_in_and_the_first_one_makes_the_account(client: TestClient, database: Database) -> None:
    answer = ask(client, "Aminah@Firm.Example")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/code")
    assert EMAIL in client.get("/sign-in/code").text

    answer = use(client, code_of(database).lower().replace("-", " "))

    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert EMAIL in client.get("/account").text


def test_signing_in_leads_back_to_the_page_that_asked_for_it(client: TestClient, database: Database) -> None:
    sent_off = client.get("/account/password", follow_redirects=False)
    assert (sent_off.status_code, sent_off.headers["location"]) == (303, "/sign-in?next=%2Faccount%2Fpassword")
    assert 'name="next" value="/account/password"' in client.get(sent_off.headers["location"]).text

    ask(client, next="/account/password")

    assert use(client, code_of(database)).headers["location"] == "/account/password"


@pytest.mark.parametrize(
    "there",
    ["//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "https://evil.example", "/\tevil"],
)
@pytest.mark.parametrize("way", ["code", "password"])
def test_next_never_leads_to_another_site(
    client: TestClient, database: Database, settings: Settings, there: str, way: str
) -> None:
    assert 'name="next" value="/"' in client.get("/sign-in", params={"next": there}).text
    if way == "password":
        with_password(database, settings)
        assert by_password(client, next=there).headers["location"] == "/account"
        return
    ask(client, next=there)
    client.cookies.set("code", client.cookies["code"].partition("%2F")[0] + there.encode().hex())

    assert use(client, code_of(database)).headers["location"] == "/account"


def test_a_form_that_needs_a_person_is_refused_to_strangers(client: TestClient) -> None:
    assert client.post("/account", data={"name": "x"}).status_code == 403
    assert client.get("/a/1", follow_redirects=False).headers["location"] == "/sign-in?next=%2Fa%2F1"
    assert client.post("/a/1/submit", data={"x": ""}).status_code == 403


REFUSED = "This code does not fit"


def test_whatever_is_wrong_with_a_code_the_answer_is_the_same(app: FastAPI, database: Database) -> None:
    def refused(wrong: str) -> str:
        with other_browser(app) as browser, other_browser(app) as other:
            browser.get("/")
            ask(browser)
            code = code_of(database)
            for _ in range(5 if wrong == "sixth try" else 0):
                use(browser, "WRONG234")
            if wrong == "of another browser":
                ask(other)
                code = code_of(database)
            if wrong == "late":
                with database.transaction() as session:
                    session.execute(update(SignInCode).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
            answer = use(browser, "WRONG234" if wrong == "mistyped" else code)
            assert answer.status_code == 422
            assert "set-cookie" not in answer.headers
            # Past its time the page no longer says whom it waits for.
            return re.sub(r'name="form_token" value="[^"]+"|<p class="lead">.*?</p>', "", answer.text)

    pages = {refused(wrong) for wrong in ("mistyped", "sixth try", "of another browser", "late")}

    assert len(pages) == 1
    assert REFUSED in pages.pop()


def test_a_code_that_was_used_is_refused(app: FastAPI, client: TestClient, database: Database) -> None:
    ask(client)
    kept = client.cookies["code"]
    code = code_of(database)
    use(client, code)
    client.cookies.clear()
    client.cookies.set("code", kept)

    assert use(client, code).status_code == 422
    assert not is_signed_in(client)


def test_two_who_send_one_code_at_once_are_signed_in_once(app: FastAPI, client: TestClient, database: Database) -> None:
    ask(client)
    code, cookie = code_of(database), client.cookies["code"]

    def try_it(_: int) -> int:
        return client.post(
            "/sign-in/code", data={"code": code}, headers={"cookie": f"code={cookie}"}, follow_redirects=False
        ).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(try_it, range(4)))

    with database.reader() as session:
        assert len(session.scalars(select(UserSession.id)).all()) == 1
    assert sorted(answers)[0] == 303
    assert sorted(answers)[1:] == [422] * 3


def test_a_mail_program_that_opens_the_link_does_not_use_the_code_up(
    app: FastAPI, client: TestClient, database: Database
) -> None:
    ask(client)
    with database.reader() as session:
        link = re.search(r"http://testserver(/sign-in/link/\S+)", session.scalars(select(Mail.body)).one())
    assert link
    with other_browser(app) as scanner:
        for _ in range(9):
            page = scanner.get(link[1])
            assert page.status_code == 200
            assert "only in the browser where you asked" in page.text
            assert "<button" not in page.text.partition("<main")[2].partition("</main>")[0]
        assert scanner.head(link[1]).status_code in (200, 405)

    mine = client.get(link[1])
    assert 'action="/sign-in/code"' in mine.text
    assert use(client, code_of(database)).status_code == 303


def test_the_link_in_a_mail_leads_here_whatever_the_request_says(
    app: FastAPI, client: TestClient, database: Database
) -> None:
    for host in ("evil.example", "testserver@evil.example", "evil.example/?x="):
        assert client.post("/sign-in", data={"email": EMAIL}, headers={"host": host}).status_code == 400
    client.post(
        "/sign-in",
        data={"email": EMAIL},
        headers={
            "x-forwarded-host": "evil.example",
            "forwarded": "host=evil.example",
            "x-original-host": "evil.example",
        },
    )
    with database.reader() as session:
        (body,) = session.scalars(select(Mail.body))
    assert "http://testserver/sign-in/link/" in body
    assert "evil" not in body


@pytest.mark.parametrize("typed", ["", "aminah", "a@b", "aminah@firm.example\r\nBcc: all@firm.example"])
def test_what_is_no_address_is_said_beside_the_field(client: TestClient, database: Database, typed: str) -> None:
    answer = ask(client, typed)

    assert answer.status_code == 422
    assert "e-mail address in full" in answer.text
    with database.reader() as session:
        assert not session.scalars(select(Mail.id)).all()


def test_known_unknown_and_closed_addresses_get_the_same_answer(
    app: FastAPI, client: TestClient, database: Database
) -> None:
    sign_in(client, database, "known@firm.example")
    with database.transaction() as session:
        users.disable(session, users.register(session, "closed@firm.example", datetime.now(UTC)), datetime.now(UTC))
    seen = []
    for name in ("known", "unknown", "closed"):
        with other_browser(app) as browser:
            browser.get("/")
            asked = ask(browser, f"{name}@firm.example")
            page = browser.get("/sign-in/code")
            wrong = use(browser, "WRONG234")
            for answer in (page, wrong):
                answer.headers["content-length"] = ""
            texts = [
                re.sub(r'name="form_token" value="[^"]+"', "", a.text.replace(name, "…")) for a in (asked, page, wrong)
            ]
            cookies = re.sub(r"code=[^;]+", "", asked.headers.pop("set-cookie"))
            headers = [{k: v for k, v in a.headers.items() if k != "content-length"} for a in (asked, page, wrong)]
            seen.append(([a.status_code for a in (asked, page, wrong)], texts, headers, cookies))

    assert seen[0] == seen[1] == seen[2]


def test_a_closed_account_is_told_so_in_its_mailbox_and_no_code_opens_it(
    client: TestClient, database: Database
) -> None:
    with database.transaction() as session:
        users.disable(session, users.register(session, EMAIL, datetime.now(UTC)), datetime.now(UTC))
    ask(client)

    with database.reader() as session:
        (letter,) = session.scalars(select(Mail))
    assert "closed" in letter.subject
    assert not re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", letter.body)


def test_an_account_closed_after_the_mail_is_not_entered(client: TestClient, database: Database) -> None:
    sign_in(client, database)
    ask(client)
    with database.transaction() as session:
        users.disable(session, users.get(session, EMAIL), datetime.now(UTC))

    answer = use(client, code_of(database))

    assert answer.status_code == 422
    assert REFUSED in answer.text


def test_a_password_signs_in(client: TestClient, database: Database, settings: Settings) -> None:
    with_password(database, settings)

    answer = by_password(client, "AMINAH@firm.example")

    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert is_signed_in(client)


def test_a_hash_of_another_cost_is_made_anew_at_the_next_sign_in(
    client: TestClient, database: Database, settings: Settings
) -> None:
    with_password(database, settings.model_copy(update={"password_memory_kib": 24 * 1024}))

    assert by_password(client).status_code == 303

    with database.reader() as session:
        assert "m=19456," in str(users.get(session, EMAIL).password_hash)
    assert by_password(client).status_code == 303


def test_a_wrong_password_no_password_a_closed_account_and_nobody_look_alike(
    client: TestClient, database: Database, settings: Settings
) -> None:
    with_password(database, settings)
    with_password(database, settings, "closed@firm.example")
    with database.transaction() as session:
        users.register(session, "none@firm.example", datetime.now(UTC))
        users.disable(session, users.get(session, "closed@firm.example"), datetime.now(UTC))
    client.get("/")
    texts = set()
    for email, password in (
        (EMAIL, "wrong wrong wrong"), (EMAIL, ""), ("none@firm.example", PASSWORD), ("closed@firm.example", PASSWORD),
        ("nobody@firm.example", PASSWORD), ("nobody@firm.example", "nobody has this password"),
    ):  # fmt: skip
        answer = by_password(client, email, password)
        assert answer.status_code == 422
        texts.add(re.sub(r'name="form_token" value="[^"]+"', "", answer.text.replace(email, "…")))
    assert len(texts) == 1
    assert not is_signed_in(client)


def test_signing_in_gives_a_new_secret_and_never_takes_one_that_was_there(
    client: TestClient, database: Database
) -> None:
    fixed = "attacker-chose-this-secret-00000"
    client.cookies.set("session", fixed)
    sign_in(client, database)
    first = client.cookies.get("session", domain="testserver.local")
    assert first != fixed
    sign_in(client, database)
    second = client.cookies.get("session", domain="testserver.local")
    assert second != first

    for old in (fixed, str(first)):
        client.cookies.clear()
        client.cookies.set("session", old)
        assert not is_signed_in(client)


def test_a_cookie_is_worth_nothing_after_sign_out(client: TestClient, database: Database) -> None:
    sign_in(client, database)
    token = client.cookies["session"]

    answer = client.post("/sign-out", data={"x": ""}, follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/signed-out")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert "session" not in client.cookies
    client.cookies.set("session", token)
    assert not is_signed_in(client)
    assert "You are signed out" in client.get("/signed-out").text


def test_signing_out_twice_and_as_a_stranger_is_fine(client: TestClient) -> None:
    assert client.post("/sign-out", data={"x": ""}).status_code == 200


def test_cookies_are_tight(database: Database, settings: Settings) -> None:
    https = settings.model_copy(update={"public_url": "https://testserver"})
    app = create_app(https)
    with TestClient(app, base_url="https://testserver", headers={"origin": "https://testserver"}) as client:
        asked = ask(client)
        used = use(client, code_of(database))
    app.state.database.close()
    for answer, name in ((asked, "__Host-code"), (used, "__Host-session")):
        (cookie,) = [c for c in answer.headers.get_list("set-cookie") if c.startswith(f"{name}=") and '=""' not in c]
        attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "secure", "samesite=lax", "path=/"} <= attributes
        assert not [a for a in attributes if a.startswith("domain")]


@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-in/code", "/sign-in/password", "/sign-out", "/account", "/account/close"]
)
@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
        {"sec-fetch-site": "same-site", "origin": "http://evil.testserver"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
def test_forms_of_other_sites_are_refused(
    client: TestClient, database: Database, path: str, headers: dict[str, str]
) -> None:
    sign_in(client, database)
    answer = client.post(path, data={"email": EMAIL, "sure": "yes"}, headers=headers, follow_redirects=False)

    assert answer.status_code == 403
    assert is_signed_in(client)


def test_a_browser_that_says_nothing_needs_the_forms_token(
    app: FastAPI, client: TestClient, database: Database
) -> None:
    sign_in(client, database)
    page = client.get("/account").text
    del client.headers["origin"]

    assert client.post("/account", data={"name": "x"}).status_code == 403
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    assert token
    assert client.post("/account", data={"name": "x", "form_token": token[1]}).status_code == 200


def test_asking_too_often_is_refused_and_says_when_to_come_back(client: TestClient, database: Database) -> None:
    for _ in range(CODES_BY_ADDRESS.most):
        assert ask(client).status_code == 303

    answer = ask(client)

    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 900
    assert "tried too often" in answer.text
    assert ask(client, "other@firm.example").status_code == 303
    with database.reader() as session:
        assert len(session.scalars(select(Mail.id).where(Mail.recipient == EMAIL)).all()) == CODES_BY_ADDRESS.most


def test_guessing_passwords_is_slowed_down_even_with_the_right_one(
    client: TestClient, database: Database, settings: Settings
) -> None:
    with_password(database, settings)
    for _ in range(BY_ADDRESS.most):
        assert by_password(client, password="wrong wrong wrong").status_code == 422

    assert by_password(client).status_code == 429
    assert sign_in(client, database).status_code == 303, "a code still works"


def test_a_forged_forwarding_header_is_not_believed(client: TestClient, database: Database) -> None:
    for number in range(3):
        ask(client, f"n{number}@firm.example")
        client.headers["x-forwarded-for"] = f"203.0.{number}.7"

    with database.reader() as session:
        keys = session.scalars(select(AttemptCount.key).where(AttemptCount.key.startswith("code:network"))).all()
    assert len(keys) == 1


def test_the_outbox_is_of_the_demo_alone(client: TestClient, database: Database, settings: Settings) -> None:
    ask(client)
    assert code_of(database) in client.get("/outbox").text

    app = create_app(settings.model_copy(update={"demo": False}))
    with TestClient(app, headers={"origin": ORIGIN}) as real:
        assert real.get("/outbox").status_code == 404
        page = real.get("/sign-in")
        assert "sends no mail yet" in page.text
        assert "Sign in with a password" in page.text
        assert ask(real).status_code == 409
    app.state.database.close()


def test_the_mail_is_in_the_readers_language(client: TestClient, database: Database, settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"test_languages": True}))
    with TestClient(app, headers={"origin": ORIGIN}, cookies={"language": "qps"}) as real:
        ask(real)
    app.state.database.close()
    with database.reader() as session:
        (letter,) = session.scalars(select(Mail))
    assert "⟦" in letter.subject
    assert len(letter.subject.splitlines()) == 1


@pytest.mark.parametrize("way", ["page", "form"])
def test_a_visit_is_noted_once_in_five_minutes(client: TestClient, database: Database, way: str) -> None:
    def visit() -> None:
        if way == "page":
            client.get("/account")
        else:
            client.post("/account", data={"name": "A"}, follow_redirects=False)

    sign_in(client, database)
    with database.reader() as session:
        begun = session.scalars(select(UserSession.last_seen_at)).one()
    visit()
    with database.reader() as session:
        assert session.scalars(select(UserSession.last_seen_at)).one() == begun
    with database.transaction() as session:
        session.execute(update(UserSession).values(last_seen_at=begun - timedelta(minutes=6)))

    visit()

    with database.reader() as session:
        assert session.scalars(select(UserSession.last_seen_at)).one() >= begun


def test_who_is_signed_in_manages_what_they_start(client: TestClient, database: Database) -> None:
    sign_in(client, database)
    start(client)

    with database.reader() as session:
        (user,) = session.scalars(select(User))
        assert [f.role for f in users.firms_of(session, user.id)] == ["manager"]


def test_when_too_many_wait_for_a_hash_the_rest_are_told_to_come_back(settings: Settings) -> None:
    async def many() -> list[object]:
        turns = Turns(settings)
        return await asyncio.gather(*(turns.fits(None, "x") for _ in range(MOST_WAITING + 5)), return_exceptions=True)

    found = run_apart(many())

    assert found.count(False) == MOST_WAITING
    assert sum(isinstance(each, DatabaseBusy) for each in found) == 5
