"""What travels to a phone on a slow line: sizes as they are sent, which is packed."""

import gzip
import re

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, BrowserContext, Request

from app.files import script
from app.opened_sections import every_section
from app.templating import STATIC, TEMPLATES
from tests.app.bad_network import BadNetwork
from tests.app.conftest import PHONE, Live
from tests.app.phones import started, visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
KILOBYTE = 1024


def packed(content: bytes | str) -> int:
    return len(gzip.compress(content.encode() if isinstance(content, str) else content, 6))


def test_the_style_weighs_at_most_8_kilobytes() -> None:
    assert packed((STATIC / "fourward.css").read_bytes()) <= 8 * KILOBYTE


def loaded_by(name: str) -> set[str]:
    """A script and those it imports."""
    found = {name}
    for other in re.findall(r"import\('\./([\w-]+\.js)'", (STATIC / name).read_text()):
        found |= loaded_by(other)
    return found


def test_the_scripts_of_each_page_weigh_at_most_8_kilobytes_together() -> None:
    base = {"device.js", "sw.js"}
    pages = {
        template.name: set().union(base, *map(loaded_by, re.findall(r"""([\w-]+\.js)['"]\)""", template.read_text())))
        for template in TEMPLATES.glob("*.html")
    }
    weights = {name: sum(packed(script(each)) for each in scripts) for name, scripts in pages.items()}

    assert {file.name for file in STATIC.glob("*.js")} == set().union(*pages.values())
    assert {name: weight for name, weight in weights.items() if weight > 8 * KILOBYTE} == {}
    assert pages["seat.html"] >= base | {"room.js"}
    assert weights["section.html"] > weights["base.html"] > 2 * KILOBYTE


def test_only_the_page_of_evidence_loads_what_makes_pictures_smaller() -> None:
    needing = {file.name for file in TEMPLATES.glob("*.html") if "'evidence.js'" in file.read_text()}

    assert needing == {"evidence.html"}


def sizes_of(phone: BrowserContext, path: str) -> dict[str, int]:
    """What a visit fetches for the page itself; the worker fetches the rest in the background afterwards."""
    page = phone.new_page()
    found: list[Request] = []
    page.on("requestfinished", lambda request: found.append(request))
    page.goto(path, wait_until="networkidle")
    sizes = {r.url: r.sizes()["responseBodySize"] for r in found}
    page.close()
    return sizes


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_first_visit_of_a_section_and_each_later_one_are_light(browser: Browser, live: Live, language: str) -> None:
    # Without the worker nothing is kept: every later visit is fetched whole, but for the files that browsers keep.
    context = browser.new_context(base_url=live.address, viewport=PHONE, service_workers="block")
    context.add_cookies([{"name": "language", "value": language, "url": live.address}])
    link = started(live, "industry4-readiness")
    first = sizes_of(context, f"{link}/sections/process.operations")
    later = sizes_of(context, f"{link}/sections/technology.connectivity")
    context.close()

    worker = packed(script("sw.js"))
    assert len(first) + 1 <= 7, first
    assert sum(first.values()) + worker <= 35 * KILOBYTE, first
    page = next(size for url, size in later.items() if "/sections/" in url)
    assert 0 < page <= 12 * KILOBYTE


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_whole_questionnaire_fits_into_90_kilobytes_for_working_offline(
    browser: Browser, live: Live, language: str
) -> None:
    # Every byte that reaches a browser that knew nothing: headers, the page it opened, the files, and all that is kept.
    link = started(live, "industry4-readiness")
    with BadNetwork(live.address) as network:
        phone = browser.new_context(base_url=network.address, viewport=PHONE)
        phone.add_cookies([{"name": "language", "value": language, "url": network.address}])
        page = phone.new_page()
        # A firm that serves others is asked every question there is.
        TestClient(live.app, base_url=live.address).post(f"{link}/profile", data={"p.sector": "services"})
        sections = visit(page, link)
        assert page.locator("html").get_attribute("lang") == language
        phone.close()

    every = every_section(live.app.state.shelf.newest_of("industry4-readiness").questionnaire)
    assert sections == len(every) == 24
    assert network.carried <= 90 * KILOBYTE
