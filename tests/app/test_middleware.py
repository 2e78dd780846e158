"""Who may send forms here, and what every answer tells the browser."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.main import create_app
from app.middleware import POLICY
from app.settings import Settings
from tests.app.walk import start
from tests.conftest import ORIGIN


@pytest.fixture
def silent(app: FastAPI) -> TestClient:
    """A browser that says neither where a form comes from nor anything else."""
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"sec-fetch-site": "none"}, 303),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": ORIGIN}, 403),
        ({"origin": ORIGIN}, 303),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://testserver.evil.example"}, 403),
        ({"origin": "https://partner.example", "sec-fetch-site": "cross-site"}, 303),
        ({}, 303),  # no cookie, so nobody to act for
    ],
)
def test_a_form_is_taken_from_our_own_pages_only(
    settings: Settings, database: object, headers: dict[str, str], status: int
) -> None:
    app = create_app(settings.model_copy(update={"trusted_origins": ("https://partner.example",)}))
    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.post("/start/tiny", data={"firm": "Acme"}, headers=headers, follow_redirects=False)

    assert answer.status_code == status


def test_an_old_browser_proves_itself_by_the_token_in_the_form(silent: TestClient) -> None:
    page = silent.get("/start/tiny").text
    token = page.partition('name="form_token" value="')[2].partition('"')[0]

    def send(**data: str) -> int:
        return silent.post("/start/tiny", data={"firm": "Acme", **data}, follow_redirects=False).status_code

    assert send() == 403
    assert send(form_token="x.y") == 403
    assert send(form_token=token[:-1] + ("0" if token[-1] != "0" else "1")) == 403
    assert send(form_token=token) == 303


def test_a_token_of_one_browser_is_no_use_to_another(app: FastAPI) -> None:
    first, second = TestClient(app), TestClient(app)
    token = first.get("/").text.partition('name="form_token" value="')[2].partition('"')[0]
    second.get("/")

    assert second.post("/start/tiny", data={"form_token": token}, follow_redirects=False).status_code == 403


def test_a_refused_form_is_a_page_that_says_what_to_do(client: TestClient) -> None:
    page = client.post("/language", data={"language": "fr"}, headers={"sec-fetch-site": "cross-site"})

    assert page.status_code == 403
    assert "send the form again" in page.text


@pytest.mark.parametrize("path", ["/", "/nothing", "/healthz", "/static/fourward.css", "/start/tiny"])
def test_every_answer_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers

    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_pages_are_not_kept_by_browsers_and_static_files_are(client: TestClient) -> None:
    page = client.get("/")
    style = page.text.partition('<link rel="stylesheet" href="')[2].partition('"')[0]

    assert page.headers["cache-control"] == "no-store"
    assert "immutable" in client.get(style).headers["cache-control"]
    assert client.get("/static/fourward.css").headers["cache-control"] == "no-cache"


def test_only_production_over_https_tells_browsers_to_stay_on_https(settings: Settings, database: object) -> None:
    app = create_app(settings.model_copy(update={"public_url": "https://testserver"}))
    with TestClient(app, base_url="https://testserver") as client:
        answer = client.get("/")

    assert "strict-transport-security" in answer.headers
    assert "__Host-visitor" in answer.headers["set-cookie"]
    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize("host", ["evil.example", "testserver@evil", "evil/?x=", "", "testserver.evil.example"])
def test_a_forged_host_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 400


def test_a_body_that_is_too_large_is_refused_declared_or_not(client: TestClient) -> None:
    visit = start(client)
    note = "x" * 10_000_000

    declared = visit.post("/sections/skills", {"shown": "skills.training", "note.skills.training": note})
    chunked = client.post(
        f"{visit.link}/sections/skills",
        content=(b"a=" + b"x" * 100_000 for _ in range(100)),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )

    assert (declared.status_code, chunked.status_code) == (413, 413)


def test_a_note_of_ten_thousand_characters_is_refused(client: TestClient) -> None:
    visit = start(client)

    sent = visit.post("/sections/skills", {"shown": "skills.training", "note.skills.training": "x" * 10_001})

    assert sent.status_code == 422


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b'{"a": 1}', 415),
        ("text/plain", b"a=1", 415),
        ("", b"a=1", 415),
        ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(2000)), 400),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken", 303),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.png"\r\n\r\n1\r\n--x--\r\n',
            400,
        ),
        ("application/x-www-form-urlencoded", b"shown=skills.training&note.skills.training=%00", 422),
        ("application/x-www-form-urlencoded", b"shown=skills.training&note.skills.training=%1b%5b2J", 422),
    ],
)
def test_a_body_that_is_no_form_of_ours_never_breaks_the_server(
    client: TestClient, kind: str, body: bytes, status: int
) -> None:
    visit = start(client)

    headers = {"content-type": kind} if kind else {}
    sent = client.post(f"{visit.link}/sections/skills", content=body, headers=headers, follow_redirects=False)

    assert sent.status_code == status


@pytest.mark.parametrize("body", [b"%ed%a0%80", b"%ff%fe", b"\xff\xfe", b"%f0%9f%8f%ad", b"%e2%80%ae", b"%", b"%u0041"])
def test_odd_bytes_in_a_note_are_stored_as_text_or_refused(client: TestClient, body: bytes) -> None:
    visit = start(client)

    sent = client.post(
        f"{visit.link}/sections/skills",
        content=b"shown=skills.training&note.skills.training=" + body,
        headers={"content-type": "application/x-www-form-urlencoded"},
        follow_redirects=False,
    )

    assert sent.status_code in (303, 422)
    assert visit.get("/sections/skills").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/static/..%2f..%2fetc/passwd",
        "/static/../settings.py",
        "//etc/passwd",
        "/static//etc/passwd",
        "/static/%2e%2e/settings.py",
        "/docs",
        "/openapi.json",
    ],
)
def test_nothing_outside_the_pages_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_methods_that_no_page_knows_are_refused(client: TestClient) -> None:
    assert client.request("TRACE", "/").status_code == 405
    assert client.delete("/").status_code == 405


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</title><svg onload=alert(1)>",
    "{{7*7}}",
    "{% raw %}",
    "%(firm)s",
    "'\"><b>",
    "\u202eEVIL\u202c",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_names_and_notes_are_shown_as_text(client: TestClient, text: str) -> None:
    visit = start(client, firm=text)
    visit.post(
        "/sections/skills", {"shown": ["skills.training"], "a.skills.training": "1", "note.skills.training": text}
    )

    for path in ("", "/profile", "/sections/skills", "/sections/skills/check", "/check"):
        page = visit.get(path)
        assert page.status_code == 200
        for tag in ("<script>", "<img", "<svg onload", "<b>"):
            assert tag not in page.text
        assert ">49<" not in page.text
