"""The roadmap of a room in a browser: on the projector whole and readable from afar, and for owners on a phone."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from assessment import action_owners, room_actions, room_sign_off, workshop_access
from assessment.roadmap_screen import ACTIONS_A_PAGE, OBJECTIONS_A_PAGE, turn_to
from assessment.room_actions import Entered
from assessment.tables import WorkshopGap
from questionnaires.loader import load_definition
from tests.app.conftest import Live
from tests.app.streams import now
from tests.app.test_room_screens import LANGUAGES, PROJECTOR, is_readable
from tests.assessment.rooms import Room, room

pytestmark = pytest.mark.browser
DEFINITION = load_definition("qi4tf")
LONG = "Bring the ministries, agencies and associations of this value chain together " * 3
ACTIONS = max(DEFINITION.actions, key=lambda action: len(action.title)), *DEFINITION.actions[:4]


@pytest.fixture
def there(live: Live) -> Room:
    """A roadmap with the longest texts that can be entered."""
    questions = sorted({action.question for action in ACTIONS})
    with live.app.state.database.transaction() as session:
        found = room(session, {"industry": 1}, DEFINITION.questionnaire)
        row = found.workshop
        for place, question in enumerate(questions, 1):
            session.add(
                WorkshopGap(
                    workshop_id=row.id, question_id=question, level=0, target=5, weight=1.0, place=place,
                    is_listed=True, agreed_place=place,
                )
            )  # fmt: skip
        session.flush()
        entered = Entered(title=LONG[:200], owner=LONG[:200], due="2028-09-30", group_id="government")
        for action in ACTIONS:
            room_actions.take_on(session, row, DEFINITION, action.id, entered, now())
        for _ in range(ACTIONS_A_PAGE):
            room_actions.write_own(session, row, questions[0], entered, now())
        for question in ("", *questions)[: OBJECTIONS_A_PAGE + 1]:
            text = LONG * 4
            room_sign_off.record_dissent(session, row, "government", text[:1000], question, None, now())
        room_sign_off.sign_off(session, row, DEFINITION, ["industry", "government"], "", now())
    return found


@pytest.mark.parametrize(("language", "colours"), LANGUAGES)
def test_every_page_on_the_projector_fits_and_is_readable_from_afar(
    browser: Browser, live: Live, there: Room, language: str, colours: str
) -> None:
    wanted: Any = {"viewport": PROJECTOR, "color_scheme": colours}
    context = browser.new_context(base_url=live.address, **wanted)
    context.add_cookies([{"name": "language", "value": language, "url": live.address}])
    screen = context.new_page()
    for part in (1, 2, 3, 4):
        with live.app.state.database.transaction() as session:
            turn_to(session, workshop_access.open_chair(session, there.chair, for_change=True), part, now())
        screen.goto(f"/screen/{there.screen}")
        is_readable(screen)
        assert screen.locator(".actions tbody tr").count() == (ACTIONS_A_PAGE, 5, 0, 0)[part - 1]
        expect(screen.locator(".settled")).to_be_visible()
    context.close()


@pytest.mark.parametrize("kind", ["phone", "plain"])
def test_an_owner_tells_progress_on_a_phone_with_and_without_scripts(
    request: pytest.FixtureRequest, live: Live, there: Room, kind: str
) -> None:
    context: BrowserContext = request.getfixturevalue(kind)
    with live.app.state.database.transaction() as session:
        row = workshop_access.open_chair(session, there.chair, for_change=True)
        number = room_actions.list_actions(session, row.id)[0].id
        secret = action_owners.make_link(session, row, number, now())
    page = context.new_page()
    page.goto(f"/o/{secret}")
    page.get_by_text("Started", exact=True).click()
    page.get_by_label(re.compile("What to tell the others")).fill("The first draft is out.")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Thank you, it is saved.")).to_be_visible()
    expect(page.get_by_text("The first draft is out.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") is True
