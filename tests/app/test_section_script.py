"""The script of a section page: one question in view on a phone, each answer saved by itself, keys, and clearing."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, expect

from app.database import Database
from assessment import access, assessments
from tests.app.conftest import DESKTOP, Live

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def section(phone: BrowserContext) -> Iterator[Page]:
    page = phone.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: note(problems, message))
    open_section(page, "skills")
    yield page
    assert not problems


def note(problems: list[str], message: ConsoleMessage) -> None:
    if message.type == "error" and "Failed to load resource" not in message.text:
        problems.append(message.text)


def open_section(page: Page, section: str) -> None:
    page.goto("/start/tiny")
    page.get_by_role("button", name="Start").click()
    page.goto(re.sub(r"\?.*", "", page.url) + f"/sections/{section}")


def stored(live: Live, page: Page) -> dict[str, object]:
    token = page.url.split("/")[4]
    database: Database = live.app.state.database
    with database.reader() as session:
        return dict(assessments.sheet_of(session, access.open_by_link(session, token)).answers.answers)


def test_a_phone_shows_one_question_at_a_time_and_walks_without_loading(section: Page) -> None:
    requests: list[Request] = []
    section.on("request", lambda request: requests.append(request) if "/static/" not in request.url else None)

    expect(section.locator("fieldset:visible")).to_have_count(1)
    expect(section.get_by_text("Question 1 of 3")).to_be_visible()
    section.get_by_role("button", name="Continue").click()

    expect(section.get_by_text("Question 2 of 3")).to_be_visible()
    expect(section.locator("fieldset:visible legend")).to_be_focused()
    section.get_by_role("button", name="Back", exact=True).click()
    expect(section.get_by_text("Question 1 of 3")).to_be_visible()
    assert not requests


def test_each_answer_is_saved_by_itself_and_the_page_says_so(section: Page, live: Live) -> None:
    expect(section.get_by_role("status")).to_have_text("")
    section.get_by_text("Training happens when a machine arrives.").click()

    expect(section.get_by_role("status")).to_have_text(re.compile(r"^Saved \d\d:\d\d"))
    assert stored(live, section) == {"skills.training": 1}


def test_what_could_not_be_sent_is_kept_and_goes_when_it_can(section: Page, live: Live) -> None:
    section.route("**/answers:batch", lambda route: route.abort())
    section.get_by_text("Training happens when a machine arrives.").click()
    expect(section.get_by_role("status")).to_have_text("Kept on this device – not sent yet")
    section.unroute("**/answers:batch")

    expect(section.get_by_role("status")).to_have_text(re.compile("^Saved"))
    assert stored(live, section) == {"skills.training": 1}


def test_a_note_is_saved_after_a_rest_and_when_one_leaves_it(section: Page, live: Live) -> None:
    section.get_by_text("Add a note or evidence (optional)").first.click()
    section.get_by_label("Note: How are operators").fill("see the plan")
    expect(section.get_by_role("status")).to_have_text(re.compile("^Saved"))

    section.reload()
    expect(section.get_by_label("Note: How are operators")).to_have_value("see the plan")


def test_an_answer_can_be_cleared_at_once(section: Page, live: Live) -> None:
    expect(section.get_by_role("button", name="Clear answer").first).to_be_hidden()
    section.get_by_text("No training is given.").click()
    section.get_by_role("button", name="Clear answer").first.click()

    expect(section.locator("fieldset:visible :checked")).to_have_count(0)
    expect(section.get_by_role("status")).to_have_text(re.compile("^Saved"))
    section.wait_for_timeout(200)
    assert stored(live, section) == {}


def test_words_and_options_exclude_each_other(section: Page, live: Live) -> None:
    section.get_by_role("button", name="Continue").click()
    section.get_by_text("MES").click()
    section.locator("fieldset:visible").get_by_text("I do not know").click()
    expect(section.get_by_label("MES")).not_to_be_checked()
    section.get_by_text("CAD").click()

    expect(section.locator("fieldset:visible").get_by_label("I do not know")).not_to_be_checked()
    expect(section.get_by_role("status")).to_have_text(re.compile("^Saved"))
    section.wait_for_timeout(200)
    assert stored(live, section) == {"skills.languages": ("CAD",)}


def test_digits_choose_a_level_and_enter_goes_on(section: Page) -> None:
    section.get_by_role("radio").first.focus()
    section.keyboard.press("2")
    expect(section.get_by_role("radio").nth(2)).to_be_checked()

    section.keyboard.press("Enter")
    expect(section.get_by_text("Question 2 of 3")).to_be_visible()


def test_one_comes_back_to_the_first_open_question(section: Page) -> None:
    section.get_by_text("Training happens when a machine arrives.").click()
    expect(section.get_by_role("status")).to_have_text(re.compile("^Saved"))
    section.reload()

    expect(section.get_by_text("Question 2 of 3")).to_be_visible()


def test_the_last_question_leads_to_the_check_page(section: Page) -> None:
    for _ in range(2):
        section.get_by_role("button", name="Continue").click()
    section.get_by_role("button", name="Save and continue").click()

    expect(section.get_by_role("heading", level=1)).to_have_text("Check your answers: Skills")


def test_a_wide_screen_shows_the_section_whole(phone: BrowserContext, live: Live) -> None:
    assert phone.browser is not None
    context = phone.browser.new_context(viewport=DESKTOP, base_url=live.address)
    page = context.new_page()
    open_section(page, "machines~2")

    expect(page.locator("fieldset:visible")).to_have_count(5)
    context.close()


def test_targets_are_at_least_48_pixels_high(section: Page) -> None:
    heights = section.locator("label.card:visible, button:visible, summary:visible, nav a:visible").evaluate_all(
        "found => found.map(e => [e.textContent.trim(), e.getBoundingClientRect().height])"
    )

    assert len(heights) >= 8
    assert not [h for h in heights if h[1] < 44]
    cards = section.locator("label.card:visible, .bar button:visible").evaluate_all(
        "found => found.map(e => e.getBoundingClientRect().height)"
    )
    assert min(cards) >= 48
