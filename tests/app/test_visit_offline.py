"""An assessor's tablet works for a day without a connection, loses nothing when it is killed, and forgets when told."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, expect

from app.database import Database
from assessment import assessments, verifications
from assessment.case_states import ASSESSOR
from assessment.tables import Assessment, ProgrammeCase, User
from tests.app.bad_network import BadNetwork
from tests.app.conftest import CHROMIUM, FLAGS, Live
from tests.app.phones import KEPT, SAVED, lose, regain, sign_in, visit
from tests.app.test_offline import main_process
from tests.factories import NOW
from tests.visits import Visited, set_up

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TABLET: Any = {"viewport": {"width": 820, "height": 1180}, "has_touch": True, "is_mobile": True}
PATHS_KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    if (name.startsWith('pages')) for (const each of await (await caches.open(name)).keys()) found.push(new URL(each.url).pathname);
  }
  return found;
}"""  # noqa: E501
IS_KEPT = """(text) => new Promise((done) => {
  const opened = indexedDB.open('fourward', 1);
  opened.onsuccess = () => {
    const all = opened.result.transaction('answers').objectStore('answers').getAll();
    all.onsuccess = () => { opened.result.close(); done(JSON.stringify(all.result).includes(text)); };
  };
})"""
WAIT_UNTIL_GONE = """async (link) => {
  for (;;) {
    let left = 0;
    for (const name of await caches.keys()) {
      if (name.startsWith('pages')) for (const each of await (await caches.open(name)).keys()) left += each.url.includes(link);
    }
    if (!left) return true;
    await new Promise((done) => setTimeout(done, 50));
  }
}"""  # noqa: E501


def there_is(live: Live, mark: str) -> Visited:
    database: Database = live.app.state.database
    with database.transaction() as session:
        return set_up(session, mark)


def signed_in_as(live: Live, context: BrowserContext, there: Visited, role: str) -> None:
    database: Database = live.app.state.database
    with database.reader() as session:
        email = session.get_one(User, there.people[role]).email
    sign_in(live, context, email)


def begun(page: Page, there: Visited) -> str:
    """Start the visit and wait until the tablet has kept every section; returns the path of its list."""
    page.goto(f"/cases/{there.case}/visit")
    page.get_by_role("button", name="Start the visit").click()
    page.get_by_role("heading", name="Your visit").wait_for()
    link = "/" + "/".join(page.url.split("/")[3:5])
    visit(page, link)
    return link


def found(live: Live, there: Visited) -> tuple[dict[str, object], dict[str, str]]:
    """What is stored of the visit: answers and reasons."""
    database: Database = live.app.state.database
    with database.reader() as session:
        number = session.get_one(ProgrammeCase, there.case).verification_id
        sheet = assessments.sheet_of(session, session.get_one(Assessment, number))
    return dict(sheet.answers.answers), dict(sheet.notes)


def question(page: Page, name: str) -> Locator:
    return page.locator(f"fieldset[id='q-{name}']")


def said(question: Locator) -> Locator:
    return question.get_by_role("group", name="What the firm says")


def test_a_section_is_verified_with_reasons_without_a_connection_and_outlives_a_kill(
    browser: Browser, live: Live, network: BadNetwork, tmp_path: Path
) -> None:
    def launch() -> BrowserContext:
        context = browser.browser_type.launch_persistent_context(
            tmp_path / "profile", executable_path=CHROMIUM, args=FLAGS, base_url=network.address, **TABLET
        )
        context.set_default_timeout(45_000)
        signed_in_as(live, context, there, ASSESSOR)
        return context

    there = there_is(live, "kill")
    context = launch()
    page = context.new_page()
    link = begun(page, there)
    lose(context, network)
    page.locator(".tasks a[href$='/sections/skills']").click()
    training, languages = question(page, "skills.training"), question(page, "skills.languages")
    expect(said(training)).to_contain_text("Needs are reviewed each quarter.")
    expect(training.get_by_text("as we see it")).to_be_visible()

    languages.get_by_role("button", name="As the firm says").click()
    expect(languages.get_by_label("MES")).to_be_checked()
    expect(languages.locator(".why")).to_be_hidden()
    training.get_by_label("No training is given.").check()
    expect(training.locator(".why")).to_be_visible()
    training.get_by_label("Reason").fill("Nobody could show a plan")
    expect(training.locator(".why")).to_be_hidden()
    page.locator("h1").click()
    expect(page.locator("#save")).to_have_text(KEPT)
    page.wait_for_function(IS_KEPT, arg="Nobody could show a plan")  # the line said so before, of the level
    os.kill(main_process(tmp_path / "profile"), signal.SIGKILL)
    assert found(live, there) == ({}, {})

    context = launch()
    context.set_offline(True)
    page = context.new_page()
    page.goto(f"{link}/sections/skills")
    expect(page.locator("#save")).to_have_text(KEPT)
    training, languages = question(page, "skills.training"), question(page, "skills.languages")
    expect(training.get_by_label("No training is given.")).to_be_checked()
    expect(training.get_by_label("Reason")).to_have_value("Nobody could show a plan")
    expect(training.locator(".why")).to_be_hidden()
    expect(languages.get_by_label("MES")).to_be_checked()
    # Another section opens as well, with what the firm says there.
    page.goto(f"{link}/sections/machines~1")
    expect(said(question(page, "machines.2"))).to_contain_text("I do not know")
    regain(context, network)
    expect(page.locator("#save")).to_have_text(SAVED)

    answers, reasons = found(live, there)
    assert answers == {"skills.training": 0, "skills.languages": ("MES",)}
    assert reasons == {"skills.training": "Nobody could show a plan"}
    context.close()


@pytest.fixture
def tablet(browser: Browser, network: BadNetwork) -> Any:
    context = browser.new_context(base_url=network.address, **TABLET)
    context.set_default_timeout(45_000)
    yield context
    context.close()


def test_the_reason_is_asked_for_only_while_the_assessor_differs(tablet: BrowserContext, live: Live) -> None:
    there = there_is(live, "why")
    signed_in_as(live, tablet, there, ASSESSOR)
    page = tablet.new_page()
    link = begun(page, there)
    page.goto(f"{link}/sections/skills")
    training, share = question(page, "skills.training"), question(page, "skills.share")
    training.get_by_label("No training is given.").check()
    expect(training.locator(".why")).to_be_visible()
    training.get_by_label("Needs are reviewed each quarter.").check()
    expect(training.locator(".why")).to_be_hidden()
    training.get_by_label("I do not know").check()
    expect(training.locator(".why")).to_be_visible()
    training.get_by_role("button", name="As the firm says").click()
    expect(training.get_by_label("Needs are reviewed each quarter.")).to_be_checked()
    expect(training.locator(".why")).to_be_hidden()
    # The firm has said nothing here: nothing to take over, nothing to differ from.
    expect(said(share).get_by_text("Not answered")).to_be_visible()
    expect(share.get_by_role("button", name="As the firm says")).to_have_count(0)
    share.locator("input.number").fill("10")
    expect(share.locator(".why")).to_be_hidden()
    expect(page.locator("#save")).to_have_text(SAVED)


@pytest.mark.parametrize("end", ["handed in", "given to another"])
def test_a_tablet_forgets_the_visit_once_its_link_has_ended(
    tablet: BrowserContext, live: Live, network: BadNetwork, end: str
) -> None:
    there = there_is(live, end.replace(" ", "-"))
    signed_in_as(live, tablet, there, ASSESSOR)
    page = tablet.new_page()
    link = begun(page, there)
    page.goto(f"{link}/sections/machines~1")
    question(page, "machines.1").get_by_role("button", name="As the firm says").click()
    expect(page.locator("#save")).to_have_text(SAVED)
    assert len([path for path in page.evaluate(PATHS_KEPT) if path.startswith(link)]) > 4
    if end == "handed in":
        page.goto(f"/cases/{there.case}/visit")
        page.get_by_role("button", name="Hand in the findings").click()
        page.get_by_role("heading", name="Question by question").wait_for()
    else:
        database: Database = live.app.state.database
        with database.transaction() as session:
            number = session.get_one(ProgrammeCase, there.case).verification_id
            verifications.end_links(session, number, NOW)
    page.goto(f"{link}/sections/machines~1")
    assert page.evaluate(WAIT_UNTIL_GONE, link)
    lose(tablet, network)
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("No connection")


def test_signing_out_leaves_nothing_of_the_visit_on_a_tablet(
    tablet: BrowserContext, live: Live, network: BadNetwork
) -> None:
    there = there_is(live, "out")
    signed_in_as(live, tablet, there, ASSESSOR)
    page = tablet.new_page()
    link = begun(page, there)
    page.goto("/account")
    page.get_by_role("button", name="Sign out", exact=True).first.click()
    page.wait_for_url("**/signed-out")
    assert page.evaluate(WAIT_UNTIL_GONE, link)
    lose(tablet, network)
    # Not even the page that says there is no connection.
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(link)
