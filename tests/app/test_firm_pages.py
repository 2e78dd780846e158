"""The pages of a firm in a browser: usable by all, on a small screen, and from the keyboard."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, BrowserContext

from app.database import Database
from tests.app.conftest import PHONE, Live
from tests.app.test_every_page import TAGS
from tests.people import firm_of, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PAGES = ("/firms", "/firms/new", "", "/particulars", "/erase", "start")


@pytest.fixture(scope="module")
def signed_in(live: Live) -> tuple[str, int]:
    """The secret of a person's session, and their firm."""
    client = TestClient(live.app, base_url=live.address, headers={"origin": live.address})
    database: Database = live.app.state.database
    person = sign_in(client, database, "browser@example.org")
    firm = firm_of(database, person, name="Kilang" * 30, employees=60, turnover=12e6, turnover_currency="USD")
    client.post("/start/tiny", data={"firm_id": str(firm)})
    return client.cookies["session"], firm


def address(firm: int, page: str) -> str:
    if page == "start":
        return f"/start/tiny?firm={firm}"
    return page if page.startswith("/firms") else f"/firms/{firm}{page}"


@pytest.fixture
def visitor(browser: Browser, live: Live, signed_in: tuple[str, int]) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 320, "height": PHONE["height"]}, base_url=live.address)
    context.set_default_timeout(45_000)
    context.add_cookies([{"name": "session", "value": signed_in[0], "url": live.address}])
    yield context
    context.close()


@pytest.mark.parametrize("language", ["en", "ar", "qps"])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(
    visitor: BrowserContext, live: Live, signed_in: tuple[str, int], language: str
) -> None:
    visitor.add_cookies([{"name": "language", "value": language, "url": live.address}])
    page = visitor.new_page()
    found = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for place in PAGES:
            answer = page.goto(address(signed_in[1], place))
            assert answer is not None
            assert answer.status == 200
            violations = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
            if violations:
                found[place, scheme] = [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in violations]
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > 320:
                found[place, scheme, "width"] = [(str(width), [])]
    assert not found


def test_enter_saves_the_form_and_does_not_ask_for_regions(visitor: BrowserContext, signed_in: tuple[str, int]) -> None:
    page = visitor.new_page()
    page.goto("/firms/new")
    page.fill("#f-name", "Typed and entered")
    page.press("#f-name", "Enter")
    page.wait_for_url(re.compile(r"/firms/\d+$"))
    assert page.text_content("h1") == "Typed and entered"
