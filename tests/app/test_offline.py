"""Answers given without a connection arrive, all of them, whatever happens in between."""

import os
import re
import signal
import struct
import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from app.database import Database
from app.opened_sections import every_section
from assessment import access, conflicts, respondents
from assessment.access import Access
from tests.app.bad_network import BadNetwork
from tests.app.conftest import CHROMIUM, FLAGS, MOBILE, Live
from tests.app.phones import ARRIVES, KEPT, NONE_GIVEN, SAVED, at_skills, lose, regain, started, stored, visit
from tests.factories import NOW, save_answers, tiny

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TOKEN = re.compile(r'name="form_token" value="[^"]*"')


def answer_elsewhere(live: Live, link: str, name: str, **values: object) -> None:
    """A colleague with a link of her own answers too."""
    database: Database = live.app.state.database
    given = {q.replace("__", "."): v for q, v in values.items()}
    with database.transaction() as session:
        row = access.open_by_link(session, link.split("/")[2])
        questionnaire = live.app.state.shelf.get(f"{row.questionnaire_id}@{row.questionnaire_version}").questionnaire
        offered = [s.id for s in every_section(questionnaire)]
        colleague, _ = respondents.ask(session, row, name, offered, offered, NOW)
        save_answers(session, row, questionnaire, given, who=Access(row, colleague))


def open_differences(live: Live, link: str) -> int:
    database: Database = live.app.state.database
    with database.reader() as session:
        return len(conflicts.list_open(session, access.open_by_link(session, link.split("/")[2])))


def answer_on(page: Page, wanted: int) -> dict[str, int]:
    """Answer questions by level, section after section, as the pages lead."""
    given: dict[str, int] = {}
    while len(given) < wanted:
        question = page.locator("fieldset.question:visible")
        name = question.get_attribute("id")
        assert name is not None
        name = name.removeprefix("q-")
        if question.locator("input[type=radio]").count():
            level = len(given) % 4
            question.locator("label.card").nth(level).click()
            given[name] = level
        before = page.url
        is_last = page.get_by_role("button", name="Save and continue").is_visible()
        page.locator(".bar button:visible").last.click()
        if is_last and len(given) < wanted:
            page.wait_for_url(re.compile(f"^(?!{re.escape(before)}$)"))
            page.locator("form.steps").wait_for()
    return given


def wait_until_stored(live: Live, link: str, given: dict[str, int], seconds: float) -> float:
    begun = time.monotonic()
    while not given.items() <= stored(live, link).items():
        assert time.monotonic() - begun < seconds, (len(given), len(stored(live, link)))
        time.sleep(0.05)
    return time.monotonic() - begun


@pytest.mark.parametrize(("delay", "cuts"), [(0.0, 0.0), (0.4, 0.05)], ids=["plain", "800 ms, 5 % cut"])
def test_twenty_answers_given_offline_arrive_within_ten_seconds_of_reconnecting(
    mobile: BrowserContext, live: Live, network: BadNetwork, delay: float, cuts: float
) -> None:
    link = started(live, "industry4-readiness")
    network.delay, network.cuts = delay, cuts
    page = mobile.new_page()
    visit(page, link)
    lose(mobile, network)
    page.locator(".tasks a[href*='/sections/']").first.click()
    page.locator("form.steps").wait_for()
    given = answer_on(page, 20)
    expect(page.get_by_role("status")).to_have_text(KEPT)
    page.close()
    assert stored(live, link) == {}

    again = mobile.new_page()
    again.goto(link)
    expect(again.get_by_role("status")).to_have_text(KEPT)
    regain(mobile, network)

    wait_until_stored(live, link, given, 10)
    expect(again.get_by_role("status")).to_have_text(SAVED)


def main_process(profile: Path) -> int:
    """The browser that runs on a profile: the one among its processes that is nobody's helper."""
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = file.read_bytes().split(b"\0")
        except OSError:
            continue
        if f"--user-data-dir={profile}".encode() in words and not any(w.startswith(b"--type=") for w in words):
            return int(file.parent.name)
    raise AssertionError("no browser runs on this profile")


def test_a_browser_that_is_killed_offline_comes_back_with_every_answer(
    browser: Browser, live: Live, network: BadNetwork, tmp_path: Path
) -> None:
    def launch() -> BrowserContext:
        return browser.browser_type.launch_persistent_context(
            tmp_path / "profile", executable_path=CHROMIUM, args=FLAGS, base_url=network.address, **MOBILE
        )

    link = started(live, "industry4-readiness")
    context = launch()
    page = context.new_page()
    visit(page, link)
    lose(context, network)
    page.locator(".tasks a[href*='/sections/']").first.click()
    page.locator("form.steps").wait_for()
    first = page.url
    given = answer_on(page, 20)
    expect(page.get_by_role("status")).to_have_text(KEPT)
    os.kill(main_process(tmp_path / "profile"), signal.SIGKILL)

    context = launch()
    page = context.new_page()
    page.goto(first)
    expect(page.locator("#save")).to_have_text(KEPT)
    assert page.locator("fieldset.question :checked").count() == page.locator("fieldset.question").count()
    network.is_down = False
    page.evaluate("dispatchEvent(new Event('online'))")

    wait_until_stored(live, link, given, 10)
    context.close()


def test_a_reload_offline_shows_what_was_chosen_even_after_it_was_saved(
    mobile: BrowserContext, live: Live, network: BadNetwork
) -> None:
    link = started(live)
    page = at_skills(mobile, link)
    page.get_by_text(ARRIVES).click()
    expect(page.get_by_role("status")).to_have_text(SAVED)
    lose(mobile, network)
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("MES").click()
    page.get_by_text("Add a note or evidence (optional)").locator("visible=true").click()
    page.locator("textarea:visible").fill("seen in the hall")
    expect(page.get_by_role("status")).to_have_text(KEPT)
    page.wait_for_timeout(1500)
    page.reload()

    expect(page.locator("fieldset.question :checked")).to_have_count(2)
    expect(page.get_by_label(ARRIVES)).to_be_checked()
    expect(page.locator("textarea").nth(1)).to_have_value("seen in the hall")
    regain(mobile, network)
    expect(page.get_by_role("status")).to_have_text(SAVED)
    assert stored(live, link) == {"skills.training": 1, "skills.languages": ("MES",)}


def test_offline_the_last_button_leads_to_the_next_section_and_from_the_last_to_the_task_list(
    mobile: BrowserContext, live: Live, network: BadNetwork
) -> None:
    link = started(live)
    page = mobile.new_page()
    visit(page, link)
    page.goto(f"{link}/sections/machines~1")
    lose(mobile, network)
    for _ in range(page.locator("fieldset.question").count()):
        page.locator(".bar button:visible").last.click()
    page.wait_for_url("**/sections/machines~2")

    page.goto(f"{link}/sections/machines~2/check")
    expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
    expect(page.get_by_role("link", name="Back to your sections")).to_have_attribute("href", link)
    page.get_by_role("link", name="Back to your sections").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your assessment")


def test_a_page_that_is_not_shown_within_four_seconds_is_shown_as_it_was_kept(
    mobile: BrowserContext, live: Live, network: BadNetwork
) -> None:
    link = started(live)
    page = mobile.new_page()
    visit(page, link)
    network.delay = 8
    begun = time.monotonic()
    page.goto(f"{link}/sections/skills", wait_until="commit")

    assert time.monotonic() - begun < 6
    expect(page.get_by_role("heading", level=1)).to_have_text("Skills")


def test_two_answers_to_one_question_are_shown_and_settled(mobile: BrowserContext, live: Live) -> None:
    link = started(live)
    page = at_skills(mobile, link, is_kept=False)
    answer_elsewhere(live, link, "Amina", skills__training=3)
    page.get_by_text(ARRIVES).click()
    matter = page.locator(".matter:visible")
    said = "^\u2068Amina\u2069 answered at .*: \u20683\u2069. Yours: \u20681\u2069. Which one stays"
    expect(matter).to_contain_text(re.compile(said))
    expect(page.get_by_role("status")).to_have_text("One of your answers needs a decision")

    matter.get_by_role("button", name="Use mine").click()
    expect(matter).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text(SAVED)
    assert stored(live, link) == {"skills.training": 1}
    assert not open_differences(live, link)

    answer_elsewhere(live, link, "Omar", skills__training=2)
    page.get_by_text(NONE_GIVEN).click()
    matter.get_by_role("button", name="Keep theirs").click()
    expect(matter).to_have_count(0)
    expect(page.get_by_role("radio").nth(2)).to_be_checked()
    expect(page.get_by_role("status")).to_have_text(SAVED)
    page.reload()
    expect(page.get_by_text("Two answers differ")).to_have_count(0)
    assert stored(live, link) == {"skills.training": 2}


def test_an_answer_that_does_not_fit_is_shown_at_its_question_and_holds_up_no_other(
    mobile: BrowserContext, live: Live, network: BadNetwork
) -> None:
    link = started(live)
    page = at_skills(mobile, link)
    lose(mobile, network)
    for _ in range(2):
        page.get_by_role("button", name="Continue").click()
    page.locator("input.number").fill("250")
    page.get_by_role("button", name="Back", exact=True).click()
    page.get_by_text("CAD").click()
    regain(mobile, network)
    expect(page.get_by_role("status")).to_have_text("One of your answers needs a decision")
    assert stored(live, link) == {"skills.languages": ("CAD",)}

    page.reload()
    page.get_by_role("link", name="One of your answers needs a decision").click()
    matter = page.locator(".matter:visible")
    expect(matter).to_contain_text("This answer was not taken")
    matter.get_by_role("button", name="Leave it out").click()
    expect(page.locator("input.number")).to_have_value("")
    expect(page.get_by_role("status")).to_have_text(re.compile("^(Saved.*)?$"))


def test_a_service_that_is_away_gets_the_answers_when_it_is_back(mobile: BrowserContext, live: Live) -> None:
    link = started(live)
    page = mobile.new_page()
    replies: list[Route] = []

    def refuse(route: Route) -> None:
        replies.append(route)
        route.fulfill(status=503, headers={"retry-after": "1"}, body="")

    page.route("**/answers:batch", refuse)
    page.goto(f"{link}/sections/skills")
    page.get_by_text(ARRIVES).click()
    expect(page.get_by_role("status")).to_have_text(KEPT)
    page.wait_for_timeout(1500)
    page.unroute("**/answers:batch")

    expect(page.get_by_role("status")).to_have_text(SAVED)
    assert 1 <= len(replies) <= 3
    assert stored(live, link) == {"skills.training": 1}


def test_no_more_than_the_pages_of_answering_is_ever_kept(live: Live) -> None:
    client = TestClient(live.app, base_url=live.address)
    link = started(live)
    marked = {
        path: "fourward-keep" in client.get(path, follow_redirects=False).headers
        for path in (link, f"{link}/sections/skills", "/offline", "/", "/help", f"{link}/check", f"{link}/results")
    }

    assert [path for path, is_marked in marked.items() if is_marked] == [link, f"{link}/sections/skills", "/offline"]
    assert {client.get(path).headers["cache-control"] for path in marked} == {"no-store"}


def test_pages_that_come_together_are_those_that_come_one_by_one(live: Live) -> None:
    client = TestClient(live.app, base_url=live.address)
    link = started(live)
    together = client.get(f"{link}/pages", params={"of": "skills,machines~1,skills"})
    every = client.get(f"{link}/pages").json()

    def alone(path: str) -> str:
        return TOKEN.sub("", client.get(path).text)

    assert "fourward-keep" in together.headers
    assert list(together.json()) == [f"{link}/sections/skills", f"{link}/sections/machines~1"]
    assert {path: TOKEN.sub("", text) for path, text in every.items()} == {path: alone(path) for path in every}
    assert len(every) == len(every_section(tiny().questionnaire))
    assert client.get(f"{link}/pages", params={"of": "skills,nothing"}).status_code == 404


def test_the_manifest_names_icons_of_the_sizes_that_phones_ask_for(live: Live) -> None:
    client = TestClient(live.app, base_url=live.address)
    manifest = client.get("/manifest.webmanifest").json()

    assert (manifest["id"], manifest["start_url"], manifest["name"]) == ("/", "/", "Fourward")
    assert [(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]] == [
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    ]
    for icon in manifest["icons"]:
        content = client.get(icon["src"]).content
        assert "{}x{}".format(*struct.unpack(">II", content[16:24])) == icon["sizes"]
