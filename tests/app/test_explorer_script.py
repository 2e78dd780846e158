"""The page of a release in a browser: each choice shows its table at once, and without JavaScript a button does."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.app.conftest import Live
from tests.app.release_pages import published_release

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def link(live: Live) -> str:
    return published_release(live.app.state.database, live.app.state.settings.artifacts)["release"]


@pytest.fixture
def desktop(browser: Browser, live: Live) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=live.address)
    context.set_default_timeout(45_000)
    return context


def test_a_choice_shows_its_table_and_address_and_keeps_the_focus(desktop: BrowserContext, link: str) -> None:
    page = desktop.new_page()
    page.goto(link)
    page.evaluate("document.body.dataset.same = 'yes'")
    expect(page.locator("#explorer.live")).to_be_attached()

    page.get_by_label("Rows", exact=True).focus()
    page.get_by_label("Rows", exact=True).select_option("size")

    expect(page.get_by_role("heading", level=1)).to_have_text("Overall readiness – Size")
    expect(page).to_have_url(re.compile(r"\?rows=size$"))
    expect(page.get_by_label("Rows", exact=True)).to_be_focused()
    expect(page.locator("#loaded")).to_have_text("Overall readiness – Size")
    assert page.locator("body").get_attribute("data-same") == "yes"
    page.get_by_label("Columns", exact=True).select_option("dimension")
    expect(page.locator("table.map")).to_be_visible()
    expect(page.get_by_label("Indicator", exact=True)).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overall readiness – Size")
    expect(page.get_by_label("Columns", exact=True)).to_have_value("")
    desktop.close()


def test_when_the_line_is_down_the_table_stays_and_it_is_said(desktop: BrowserContext, link: str) -> None:
    page = desktop.new_page()
    page.goto(link)
    expect(page.locator("#explorer.live")).to_be_attached()
    desktop.set_offline(True)

    page.get_by_label("Rows", exact=True).select_option("size")

    expect(page.get_by_text("The table could not be loaded. Try again.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overall readiness – Industry section")
    desktop.close()


def test_without_javascript_a_button_shows_the_table(plain: BrowserContext, link: str) -> None:
    page = plain.new_page()
    page.goto(link)

    page.get_by_label("Rows", exact=True).select_option("region")
    page.get_by_label("Order", exact=True).select_option("high")
    page.get_by_role("button", name="Show the table").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Overall readiness – Region")
    expect(page).to_have_url(re.compile(r"\?rows=region&sort=high$"))
    expect(page.get_by_label("Rows", exact=True)).to_have_value("region")


def test_the_heads_of_rows_stay_in_sight_on_a_phone(phone: BrowserContext, link: str) -> None:
    page = phone.new_page()
    page.goto(f"{link}?columns=dimension")
    box = page.locator(".scroll")
    head = page.locator("tbody th").first
    before = head.bounding_box()

    box.evaluate("element => element.scrollLeft = 300")

    assert box.evaluate("element => element.scrollLeft") == 300
    assert before is not None
    assert head.bounding_box() == pytest.approx(before, abs=12)
    expect(head).to_be_in_viewport()
