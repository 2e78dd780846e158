"""What comes first in a browser: readable from afar on the projector, within the width of a phone, easy to hit."""

import pytest
from playwright.sync_api import Browser

from assessment import priority_rounds, room_screen
from tests.app.conftest import DESKTOP, PHONE, Live
from tests.app.test_room_screens import LANGUAGES, OUTSIDE, PROJECTOR, SMALL_TEXT
from tests.assessment.priorities import as_listed, backwards, first_round, rate, room_with_levels, room_with_list
from tests.assessment.rooms import Room
from tests.factories import NOW

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
# What is pressed and lower than a thumb; a choice counts with its label.
TOO_LOW = """() =>
  [...document.querySelectorAll('main :is(button, select, summary, input:not([type=hidden]), a.button)')]
  .map((each) => each.closest('label') ?? each)
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 44)
  .map((each) => each.outerHTML.slice(0, 200))"""


def two_rounds(live: Live, gaps: int = 15) -> Room:
    """A room in which most is contested, rated once, and shown."""
    with live.app.state.database.transaction() as session:
        there = room_with_list(session, gaps=gaps, shortlist=15)
        first_round(session, there, lambda person, items: (as_listed if person <= 12 else backwards)(person, items))
        rate(session, there, lambda person, gap: (1 + (person + len(gap)) % 5, 3))
        room_screen.change_screen(session, there.workshop, NOW, page="priorities")
    return there


@pytest.mark.parametrize(("language", "scheme"), LANGUAGES)
def test_fifteen_gaps_can_be_read_on_the_projector(browser: Browser, live: Live, language: str, scheme: str) -> None:
    there = two_rounds(live)
    context = browser.new_context(base_url=live.address, viewport=PROJECTOR, color_scheme=scheme)  # type: ignore[arg-type]
    context.add_cookies([{"name": "language", "value": language, "url": live.address}])
    page = context.new_page()
    page.goto(f"/screen/{there.screen}")
    assert page.locator(".ranks tbody tr").count() >= 7
    assert page.evaluate(SMALL_TEXT) == []
    assert page.evaluate(OUTSIDE) == []
    context.close()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "laptop"])
@pytest.mark.parametrize(("language", "scheme"), LANGUAGES)
def test_the_pages_of_who_leads_fit_their_window_and_are_easy_to_hit(
    browser: Browser, live: Live, language: str, scheme: str, size: dict[str, int]
) -> None:
    there = two_rounds(live)
    with live.app.state.database.transaction() as session:
        early = room_with_levels(session)
        agreed = room_with_list(session)
        first_round(session, agreed)
        priority_rounds.settle(session, agreed.workshop, NOW)
    context = browser.new_context(base_url=live.address, viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    context.add_cookies([{"name": "language", "value": language, "url": live.address}])
    page = context.new_page()
    for path in (
        f"{early.chair}/gaps", f"{there.chair}/gaps", f"{there.chair}/priorities", f"{agreed.chair}/priorities",
        f"{there.chair}/robustness",
    ):  # fmt: skip
        reply = page.goto(f"/w/{path}")
        assert reply is not None
        assert reply.ok
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.evaluate(TOO_LOW) == [], path
    context.close()
