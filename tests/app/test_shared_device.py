"""A device with several tabs, languages and people: it shows and sends what is theirs, and forgets when told."""

import time

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.app.bad_network import BadNetwork
from tests.app.conftest import Live
from tests.app.phones import (
    ARRIVES,
    COUNT_KEPT,
    KEPT,
    NONE_GIVEN,
    SAVED,
    at_skills,
    lose,
    regain,
    sign_in,
    signed_in,
    started,
    stored,
    visit,
)

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def stay(page: Page) -> Locator:
    """Think again when the device asks what becomes of the one answer that is unsent; returns the dialog."""
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Answers that are on this device only: 1")
    dialog.get_by_role("button", name="Stay").click()
    return dialog


def test_two_tabs_show_each_others_answers_and_send_each_once(mobile: BrowserContext, live: Live) -> None:
    link = started(live)
    one, other = mobile.new_page(), mobile.new_page()
    one.goto(f"{link}/sections/skills")
    other.goto(f"{link}/sections/skills")
    one.get_by_text(ARRIVES).click()
    expect(other.get_by_role("radio").nth(1)).to_be_checked()
    expect(other.get_by_role("status")).to_have_text(SAVED)
    other.get_by_text(NONE_GIVEN).click()
    expect(one.get_by_role("radio").nth(0)).to_be_checked()
    expect(one.get_by_role("status")).to_have_text(SAVED)

    expect(one.locator(".matter")).to_have_count(0)
    stop = time.monotonic() + 10  # both lines said "saved" before this answer was given
    while stored(live, link) != {"skills.training": 0} and time.monotonic() < stop:
        one.wait_for_timeout(50)
    assert stored(live, link) == {"skills.training": 0}


def test_without_a_store_answers_go_straight_to_the_service_and_the_page_says_so(
    mobile: BrowserContext, live: Live
) -> None:
    link = started(live)
    page = mobile.new_page()
    page.add_init_script("Object.defineProperty(window, 'indexedDB', { get() { throw new Error('private') } })")
    page.goto(f"{link}/sections/skills")
    expect(page.get_by_text("This browser keeps nothing on the device")).to_be_visible()
    page.get_by_text(ARRIVES).click()

    expect(page.get_by_role("status")).to_have_text(SAVED)
    assert stored(live, link) == {"skills.training": 1}


def test_clearing_the_device_asks_while_answers_are_unsent_and_leaves_nothing(
    mobile: BrowserContext, live: Live, network: BadNetwork
) -> None:
    link = started(live)
    page = at_skills(mobile, link)
    lose(mobile, network)
    page.get_by_text(ARRIVES).click()
    expect(page.get_by_role("status")).to_have_text(KEPT)
    page.goto(link)
    page.get_by_role("button", name="Clear this device").click()
    dialog = stay(page)
    assert page.evaluate(COUNT_KEPT)

    page.get_by_role("button", name="Clear this device").click()
    dialog.get_by_role("button", name="Send them, then clear").click()
    expect(dialog.get_by_role("status")).to_contain_text("Waiting for a connection")
    regain(mobile, network)
    page.wait_for_url(f"{network.address}/")
    assert stored(live, link) == {"skills.training": 1}
    assert page.evaluate(COUNT_KEPT) == 0
    lose(mobile, network)
    with pytest.raises(Exception, match="ERR_"):
        page.goto(f"{link}/sections/skills")


def test_signing_out_asks_while_answers_are_unsent_and_sends_them_first_when_told(
    mobile: BrowserContext, live: Live, network: BadNetwork
) -> None:
    link = signed_in(live, mobile, "wan@firm.example")
    page = at_skills(mobile, link)
    account = mobile.new_page()
    account.goto("/account")
    lose(mobile, network)
    page.get_by_text(ARRIVES).click()
    expect(page.get_by_role("status")).to_have_text(KEPT)
    account.get_by_role("button", name="Sign out").click()
    dialog = stay(account)
    account.get_by_role("button", name="Sign out").click()
    dialog.get_by_role("button", name="Send them, then sign out").click()
    expect(dialog.get_by_role("status")).to_contain_text("Waiting for a connection")
    regain(mobile, network)

    account.wait_for_url("**/signed-out")
    assert stored(live, link) == {"skills.training": 1}
    assert account.evaluate(COUNT_KEPT) == 0


def test_what_one_person_kept_is_neither_shown_nor_sent_as_the_next_one_on_the_device(
    mobile: BrowserContext, live: Live, network: BadNetwork
) -> None:
    link = signed_in(live, mobile, "siti@firm.example")
    page = at_skills(mobile, link)
    lose(mobile, network)
    page.get_by_text(ARRIVES).click()
    expect(page.get_by_role("status")).to_have_text(KEPT)
    page.close()
    time.sleep(1)  # what the closing page tried to send, as who still was signed in, has failed by now
    regain(mobile, network)

    other = signed_in(live, mobile, "omar@firm.example")
    page = at_skills(mobile, other)
    expect(page.locator(":checked")).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text("")
    lose(mobile, network)
    page.goto(f"{link}/sections/skills")
    expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
    regain(mobile, network)
    assert stored(live, link) == stored(live, other) == {}

    sign_in(live, mobile, "siti@firm.example")
    page.goto(f"{link}/sections/skills")
    expect(page.get_by_role("status")).to_have_text(SAVED)
    assert stored(live, link) == {"skills.training": 1}


def test_a_session_that_ends_keeps_the_answers_and_says_where_to_sign_in_again(
    mobile: BrowserContext, live: Live
) -> None:
    link = signed_in(live, mobile, "lina@firm.example")
    page = at_skills(mobile, link, is_kept=False)
    mobile.clear_cookies(name="session")
    page.get_by_text(ARRIVES).click()

    again = page.get_by_role("link", name="Kept on this device. Sign in again to send it.")
    expect(again).to_have_attribute("href", f"/sign-in?next={link}/sections/skills")
    assert stored(live, link) == {}


def test_pages_kept_in_one_language_go_when_another_is_chosen(
    mobile: BrowserContext, live: Live, network: BadNetwork
) -> None:
    link = started(live)
    page = mobile.new_page()
    visit(page, link)
    page.get_by_role("button", name="العربية").click()
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    page.wait_for_timeout(1500)
    names = page.evaluate("caches.keys()")
    assert [name.split(" ")[2] for name in names if name.startswith("pages")] == ["ar"]

    lose(mobile, network)
    page.goto(f"{link}/sections/skills")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")


def test_a_submitted_assessment_leaves_the_device(mobile: BrowserContext, live: Live, network: BadNetwork) -> None:
    link = started(live)
    page = at_skills(mobile, link)
    page.get_by_text(ARRIVES).click()
    expect(page.get_by_role("status")).to_have_text(SAVED)
    page.goto(f"{link}/check")
    page.get_by_role("button", name="Submit and see the results").click()
    page.wait_for_url("**/results")
    page.wait_for_timeout(500)

    lose(mobile, network)
    page.goto(f"{link}/sections/skills")
    expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
