"""The pages of a visit in a browser: usable by all, in both directions, on a phone and on the assessor's tablet."""

from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi.testclient import TestClient
from playwright.sync_api import Browser

from app.database import Database
from assessment import verifications
from assessment.case_states import ASSESSOR, FIRM, OFFICER
from assessment.tables import User
from tests import people
from tests.app.conftest import Live
from tests.app.test_every_page import TAGS
from tests.factories import tiny
from tests.visits import VISIT_DAY, Visited, many, opened, set_up, verify

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@dataclass(frozen=True)
class Look:
    """Where the pages are, and the sessions of those who may open them."""

    pages: tuple[tuple[str, str], ...]  # role, path
    cookies: dict[str, str]


@pytest.fixture(scope="module")
def look(live: Live) -> Look:
    database: Database = live.app.state.database
    with database.transaction() as session:
        going, done, programme = set_up(session, "going"), set_up(session, "done"), many(session, "all", 12, 5)
        link = verify(session, going, {"machines.1": 0, "skills.training": 1}, reason="")
        verify(session, done, {"skills.training": 1, "machines.1": 2, "skills.languages": ["ERP"]}, "Seen on the floor")
        verifications.hand_in(session, opened(session, done, ASSESSOR), tiny().questionnaire, VISIT_DAY)
    pages = (
        (ASSESSOR, f"/cases/{going.case}/visit"),
        (ASSESSOR, f"/a/{link}"),
        (ASSESSOR, f"/a/{link}/sections/skills"),
        ("done", f"/cases/{done.case}/findings"),
        (FIRM, f"/cases/{done.case}/findings"),
        (OFFICER, f"/programmes/{programme.programme}/verification"),
    )
    who: dict[str, tuple[Visited, str]] = {
        ASSESSOR: (going, ASSESSOR), "done": (done, ASSESSOR), FIRM: (done, FIRM), OFFICER: (programme, OFFICER),
    }  # fmt: skip
    cookies = {}
    for name, (there, role) in who.items():
        client = TestClient(live.app, base_url=live.address)
        with database.reader() as session:
            email = session.get_one(User, there.people[role]).email
        people.sign_in(client, database, email)
        cookies[name] = client.cookies["session"]
    return Look(pages, cookies)


@pytest.mark.parametrize("width", [320, 820])
@pytest.mark.parametrize("language", ["en", "ar", "qps"])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(
    browser: Browser, live: Live, look: Look, language: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 1180}, base_url=live.address)
    context.set_default_timeout(45_000)
    context.add_cookies([{"name": "language", "value": language, "url": live.address}])
    page = context.new_page()
    found = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
        for role, path in look.pages:
            context.add_cookies([{"name": "session", "value": look.cookies[role], "url": live.address}])
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            violations = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
            if violations:
                found[path, scheme] = [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in violations]
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                found[path, scheme, "width"] = [(str(wide), [])]
    context.close()
    assert not found
