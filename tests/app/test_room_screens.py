"""Control and projector in a browser: keys, what is on the screen when, and that all of it can be read from afar."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.database import Database
from assessment import room_screen, rounds, votes, workshop_access
from questionnaires.loader import load_definition
from tests.app.conftest import DESKTOP, Live
from tests.app.streams import now
from tests.assessment.rooms import Room, room, vote

pytestmark = pytest.mark.browser
PROJECTOR = {"width": 1280, "height": 720}
LANGUAGES = [("en", "light"), ("ar", "dark"), ("qps", "light"), ("qps-rtl", "dark")]
SMALL_TEXT = """() => [...document.querySelectorAll('body *')].filter((each) =>
  each.checkVisibility() && [...each.childNodes].some((part) => part.nodeType === 3 && part.data.trim())
  && parseFloat(getComputedStyle(each).fontSize) < 24).map((each) => each.outerHTML)"""
# Whatever sticks out of the window: the page itself never scrolls, so that it would be cut off.
OUTSIDE = """() => [...document.querySelectorAll('main *')].filter((each) => {
  const { top, bottom, left, right } = each.getBoundingClientRect();
  return each.checkVisibility() && (top < -1 || left < -1 || bottom > innerHeight + 1 || right > innerWidth + 1);
}).map((each) => each.outerHTML.slice(0, 200))"""


@dataclass
class Hall:
    """A room with a control page and a projector."""

    there: Room
    database: Database
    control: Page
    screen: Page

    def press(self, key: str) -> None:
        """Press a key and wait until the page has the state after it."""
        seen = self.control.locator("#control").get_attribute("data-seq")
        expect(self.control.locator("html[data-follows]")).to_be_attached()
        self.control.keyboard.press(key)
        expect(self.control.locator(f'#control:not([data-seq="{seen}"])')).to_be_attached()
        self.shown()

    def shown(self) -> None:
        """Wait until the projector shows what the control page shows."""
        seq = self.control.locator("#control").get_attribute("data-seq")
        expect(self.screen.locator(f'#main[data-seq="{seq}"]')).to_be_attached()

    def vote(self, value: Callable[[int], object]) -> None:
        """Everybody answers all that they are asked in the round."""
        with self.database.transaction() as session:
            workshop = workshop_access.open_chair(session, self.there.chair)
            asked = rounds.current(session, workshop.id)
            assert asked is not None
            said = [
                (person, subject, value(person))
                for person, seat in enumerate(self.there.seats, 1)
                for subject in votes.subjects_for(asked, seat, self.there.questionnaire)
            ]
            vote(session, self.there, asked.number, said, now())


@contextmanager
def hall(browser: Browser, live: Live, there: Room, language: str = "en", colours: str = "light") -> Iterator[Hall]:
    contexts: list[BrowserContext] = []

    def opened(path: str, size: dict[str, int]) -> Page:
        context = browser.new_context(viewport=size, base_url=live.address, color_scheme=colours)
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "language", "value": language, "url": live.address}])
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    try:
        control = opened(f"/w/{there.chair}/control", DESKTOP)
        yield Hall(there, live.app.state.database, control, opened(f"/screen/{there.screen}", PROJECTOR))
    finally:
        for context in contexts:
            context.close()


@pytest.fixture
def there(live: Live) -> Room:
    """Sixteen people and the longest of our questionnaires' texts."""
    asked = load_definition("industry4-readiness").questionnaire
    agenda = ({"title": "Welcome", "minutes": 10}, {"title": "Where are the gaps?", "minutes": 30})
    with live.app.state.database.transaction() as session:
        return room(session, {"industry": 9, "government": 7}, asked, agenda=agenda)


def is_readable(screen: Page) -> None:
    assert screen.evaluate("document.documentElement.scrollHeight") <= PROJECTOR["height"]
    assert screen.evaluate("document.documentElement.scrollWidth") <= PROJECTOR["width"]
    assert screen.evaluate(OUTSIDE) == []
    assert screen.evaluate(SMALL_TEXT) == []


@pytest.mark.parametrize(("language", "colours"), LANGUAGES)
def test_all_that_the_projector_shows_fits_and_is_readable_from_afar(
    browser: Browser, live: Live, there: Room, language: str, colours: str
) -> None:
    with hall(browser, live, there, language, colours) as found:
        is_readable(found.screen)
        height = found.screen.locator(".door .qr").bounding_box()
        assert height is not None
        assert height["height"] >= PROJECTOR["height"] / 4
        assert found.screen.locator(".door .qr").evaluate("each => getComputedStyle(each).backgroundColor") == (
            "rgb(255, 255, 255)"
        )
        found.press("ArrowRight")
        is_readable(found.screen)
        small = found.screen.locator(".small-door .qr").bounding_box()
        assert small is not None
        assert PROJECTOR["height"] * 0.15 <= small["height"] <= PROJECTOR["height"] * 0.2
        found.press("d")
        is_readable(found.screen)
        found.vote(lambda person: [1, 2, 2, 3, "unknown", "not_applicable", 0, 4][person % 8])
        found.press("Space")
        is_readable(found.screen)
        found.press("d")
        is_readable(found.screen)
        found.press("j")
        is_readable(found.screen)


def test_the_longest_question_of_each_questionnaire_fits_with_its_levels(browser: Browser, live: Live) -> None:
    for name in ("industry4-readiness", "qi4tf"):
        asked = load_definition(name).questionnaire
        longest = max(
            (q for q in asked.questions.values() if q.levels),
            key=lambda q: len(q.text) + sum(len(level.text) for level in q.levels or ()),
        )
        database: Database = live.app.state.database
        with database.transaction() as session:
            there = room(session, {"industry": 6, "government": 5}, asked, questions=[longest.id])
        with hall(browser, live, there) as found:
            found.press("ArrowRight")
            found.press("d")
            is_readable(found.screen)
            found.vote(lambda person: person % 4)
            found.press("Space")
            is_readable(found.screen)
            found.press("d")
            is_readable(found.screen)


def test_keys_lead_a_question_from_asking_to_the_next(browser: Browser, live: Live, there: Room) -> None:
    with hall(browser, live, there) as found:
        found.press("ArrowRight")
        first = found.control.locator("#now").inner_text()
        expect(found.screen.locator("h1")).to_have_text(first)
        found.vote(lambda person: 2 if person < 10 else 3)
        expect(found.screen.locator(".count")).to_have_text("16 of 16 have answered")
        expect(found.control.locator(".counter")).to_contain_text("16 of 16 have answered")
        assert found.screen.locator(".bars").count() == 0
        found.press("t")
        expect(found.screen.locator(".time")).to_contain_text(":")
        found.press("Space")
        expect(found.screen.locator(".lead")).to_contain_text("Range 2–3")
        assert found.screen.locator(".bars .n").all_inner_texts() == ["0", "0", "9", "7", "0", "0", "0"]
        assert found.screen.locator(".groups .n").all_inner_texts() == ["2.0", "3.0"]
        found.press("Space")
        expect(found.screen.locator(".settled")).to_have_text("Talk about it")
        found.press("a")
        expect(found.screen.locator(".round")).to_contain_text("round 2")
        found.vote(lambda person: 2)
        found.press("c")
        found.press("o")
        found.press("Space")
        found.press("s")
        expect(found.screen.locator(".settled")).to_have_text("Settled: level 2")
        found.press("ArrowRight")
        expect(found.screen.locator("h1")).not_to_have_text(first)
        found.control.keyboard.press("?")
        expect(found.control.locator("#keys dl")).to_be_visible()


def test_a_reload_another_device_and_a_page_that_comes_late_show_the_same(
    browser: Browser, live: Live, there: Room
) -> None:
    with hall(browser, live, there) as found:
        found.press("ArrowRight")
        found.press("d")
        found.press("n")
        shown = (found.screen.locator("main").inner_text(), found.control.locator("#control").inner_text())
        found.screen.reload()
        found.control.reload()
        assert (found.screen.locator("main").inner_text(), found.control.locator("#control").inner_text()) == shown
        with hall(browser, live, there) as other:
            assert other.control.locator("#control").inner_text() == shown[1]


def test_who_leads_goes_on_from_another_device_by_a_new_link(browser: Browser, live: Live, there: Room) -> None:
    with hall(browser, live, there) as found:
        found.press("ArrowRight")
        found.control.get_by_role("button", name="Lead from another device").click()
        link = found.control.locator("#link").input_value()
        assert found.control.locator(".qr svg").count() == 1
        assert httpx2.get(f"{live.address}/w/{there.chair}/control").status_code == 404
        found.control.goto(f"{link}/control")
        found.press("Space")
        expect(found.screen.locator(".lead")).to_contain_text("Fewer than five answers")


def test_a_section_is_asked_at_everybodys_pace_and_shown_question_by_question(
    browser: Browser, live: Live, there: Room
) -> None:
    with hall(browser, live, there) as found:
        seen = found.control.locator("#control").get_attribute("data-seq")
        found.control.locator("#pace-part").click()
        expect(found.control.locator(f'#control:not([data-seq="{seen}"])')).to_be_attached()
        found.press("ArrowRight")
        expect(found.screen.locator("main")).to_contain_text("questions on your phone")
        is_readable(found.screen)
        found.vote(lambda person: person % 3)
        found.press("Space")
        first = found.screen.locator("h1").inner_text()
        found.press("ArrowRight")
        expect(found.screen.locator(".round")).to_contain_text("Question 2 of")
        found.press("ArrowLeft")
        expect(found.screen.locator("h1")).to_have_text(first)


def test_a_press_on_a_page_out_of_date_does_nothing_and_shows_how_it_is_now(
    browser: Browser, live: Live, there: Room
) -> None:
    with (
        hall(browser, live, there) as found,
        browser.new_context(base_url=live.address, java_script_enabled=False) as old,
    ):
        page = old.new_page()
        page.goto(f"/w/{there.chair}/control")
        found.press("ArrowRight")
        page.locator("#do-ask").click()
        expect(page.get_by_role("alert")).to_contain_text("moved on")
        expect(page.locator("#do-reveal")).to_be_visible()
        page.locator("#do-reveal").click()
        expect(page.get_by_role("alert")).to_have_count(0)
        expect(page.locator("#do-settle")).to_be_visible()
        found.screen.wait_for_selector(".lead")


def test_without_a_connection_the_projector_says_so_and_catches_up(browser: Browser, live: Live, there: Room) -> None:
    with hall(browser, live, there) as found:
        found.screen.clock.install()
        found.screen.reload()
        found.screen.context.set_offline(True)
        found.screen.clock.run_for(30_000)
        expect(found.screen.locator("#lost")).to_be_visible()
        with found.database.transaction() as session:
            held = workshop_access.open_chair(session, there.chair, for_change=True)
            rounds.open_round(session, held, "levels", held.questions[:1], now())
            room_screen.change_screen(session, held, now(), descriptors=True)
        found.screen.context.set_offline(False)
        found.screen.clock.run_for(30_000)
        expect(found.screen.locator(".descriptors")).to_be_visible()
        expect(found.screen.locator("#lost")).to_be_hidden()


def test_where_streams_do_not_come_through_pages_look_by_themselves(browser: Browser, live: Live, there: Room) -> None:
    with hall(browser, live, there) as found:
        for page in (found.screen, found.control):
            page.route("**/stream", lambda route: route.abort())
            page.clock.install()
            page.reload()
        with found.database.transaction() as session:
            held = workshop_access.open_chair(session, there.chair, for_change=True)
            rounds.open_round(session, held, "levels", held.questions[:1], now())
        for page in (found.screen, found.control):
            page.clock.run_for(16_000)
        expect(found.screen.locator(".count")).to_contain_text("of 16")
        expect(found.control.locator("#do-reveal")).to_be_visible()
        expect(found.screen.locator("#lost")).to_be_hidden()


def test_markup_in_names_is_text_on_the_screen(browser: Browser, live: Live) -> None:
    with live.app.state.database.transaction() as session:
        there = room(session, name="<img src=x onerror=alert(1)>")
    with hall(browser, live, there) as found:
        expect(found.screen.locator("header")).to_contain_text("<img src=x onerror=alert(1)>")
        assert found.screen.locator("img").count() == 0


def test_a_group_of_fewer_than_five_is_not_shown_nor_the_one_it_could_be_worked_out_from(
    browser: Browser, live: Live
) -> None:
    with live.app.state.database.transaction() as session:
        there = room(session, {"industry": 9, "government": 4})
    with hall(browser, live, there) as found:
        found.press("ArrowRight")
        found.vote(lambda person: 0 if person > 9 else 2)
        found.press("Space")
        expect(found.screen.locator(".groups")).to_have_text("Groups of fewer than five are not shown.")
        is_readable(found.screen)
