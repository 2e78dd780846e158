"""What travels to a phone on a slow line: sizes as they are sent, which is packed."""

import gzip
import re

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, BrowserContext, Request

from app.files import script
from app.main import create_app
from app.pages.offline import FILES
from app.templating import STATIC
from tests.app.conftest import PHONE, Live
from tests.app.test_offline import started

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
KILOBYTE = 1024


def packed(content: bytes | str) -> int:
    return len(gzip.compress(content.encode() if isinstance(content, str) else content, 6))


def test_the_style_weighs_at_most_8_kilobytes() -> None:
    assert packed((STATIC / "fourward.css").read_bytes()) <= 8 * KILOBYTE


def test_all_scripts_that_somebody_who_answers_can_meet_weigh_at_most_8_kilobytes_together() -> None:
    scripts = {file.name: packed(script(file.name)) for file in STATIC.glob("*.js")}

    assert {"device.js", "section.js", "sw.js"} <= set(scripts)
    assert sum(scripts.values()) <= 8 * KILOBYTE, scripts


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


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_whole_questionnaire_fits_into_90_kilobytes_for_working_offline(live: Live, language: str) -> None:
    # As an operator runs it: without the languages that only tests see.
    settings = live.app.state.settings.model_copy(update={"test_languages": False, "demo": False})
    client = TestClient(create_app(settings), base_url=live.address, cookies={"language": language})
    link = started(live, "industry4-readiness")
    tasks = client.get(link).text
    sections = sorted(set(re.findall(rf'href="({link}/sections/[^"]+)"', tasks)))
    pages = {path: packed(client.get(path).content) for path in [link, "/offline", "/sw.js", *sections]}
    files = {name: packed(script(name) if name.endswith(".js") else (STATIC / name).read_bytes()) for name in FILES}

    assert f'lang="{language}"' in tasks
    assert len(sections) >= 13
    # The first pass asks again what the topics ask; a device keeps both, and the questionnaire is in either.
    core = sum(size for path, size in pages.items() if "/sections/~" in path)
    whole = sum(pages.values()) + sum(files.values())
    assert whole - core <= 90 * KILOBYTE, (pages, files)
    assert whole <= 100 * KILOBYTE, (pages, files)
