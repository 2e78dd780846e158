"""A whole workshop in two rounds with 24 pages: phones that lose their connection, a facilitator who loses the laptop.

Six phones are real pages, eighteen are light clients that send what the page's script sends. On PostgreSQL the room is
served by two processes: the facilitator and half of the phones at one, the other half and the projector at the other.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.database import Database
from app.main import create_app
from app.settings import Settings
from assessment import room_gaps, room_levels, rounds
from assessment.tables import Participant, Vote, Workshop
from tests import people
from tests.app.conftest import MOBILE
from tests.app.ports import free_port
from tests.app.serving import Server, serving
from tests.conftest import ORIGIN

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(600)]
PEOPLE, REAL, OFFLINE = 24, 6, 2
GROUPS = ("industry", "government")
PATIENCE = 30_000  # milliseconds for what should take one


@pytest.fixture
def servers(server_settings: Settings, tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    """Two processes on PostgreSQL; on SQLite, where one serves, the same twice."""
    with ExitStack() as running:
        first = running.enter_context(serving(server_settings, tmp_path / "first.log"))
        if server_settings.database_url.startswith("sqlite"):
            yield first, first
            return
        port = free_port()
        other = server_settings.model_copy(update={"port": port, "public_url": f"http://127.0.0.1:{port}"})
        yield first, running.enter_context(serving(other, tmp_path / "second.log"))


@pytest.fixture
def database(server_settings: Settings) -> Iterator[Database]:
    opened = Database(server_settings.database_url)
    yield opened
    opened.close()


class Light:
    """A phone without a browser: it reads its page and sends what the script would send."""

    def __init__(self, server: Server, code: str, number: int) -> None:
        self.number = number
        self.client = httpx2.Client(
            base_url=server.address, follow_redirects=True, headers={"origin": server.address}, timeout=30
        )
        shown = self.client.post("/j", data={"code": code})
        sent = {"p": shown.url.params["p"], "group": GROUPS[number % 2]}
        self.path = self.client.post(shown.url.path, data=sent).url.path

    def vote(self, level: int) -> None:
        page = self.client.get(self.path).text
        number = re.search(r'name="round" value="(\d+)"', page)
        assert number, "nothing is open"
        subjects = re.findall(r'data-subject="([^"]+)"', page)
        votes = [{"round": int(number[1]), "subject": s, "value": self.value(page, s, level)} for s in subjects]
        reply = self.client.post(f"{self.path}/votes", json=votes)
        assert {each["status"] for each in reply.json()["results"]} == {"saved"}

    def value(self, page: str, subject: str, level: int) -> Any:
        gaps = re.findall(rf'name="best\.{re.escape(subject)}" value="([^"]+)"', page)
        if gaps:
            return {"best": sorted(gaps)[0], "worst": sorted(gaps)[-1]}
        if f'name="urgency.{subject}"' in page:
            return {"urgency": 1 + self.number % 5, "feasibility": 3}
        return min(level, len(re.findall(rf'name="a\.{re.escape(subject)}" value="\d+"', page)) - 1)


def join(phone: BrowserContext, code: str, number: int) -> Page:
    page = phone.new_page()
    page.goto("/j")
    page.get_by_label("The code on the screen").fill(code.lower())
    page.get_by_role("button", name="Go on").click()
    page.locator(f"input[value={GROUPS[number % 2]}]").check()
    page.get_by_role("button", name="Take a seat").click()
    expect(page.get_by_role("heading", name="You are in")).to_be_visible()
    return page


def tap_through(page: Page, level: int) -> None:
    """Answer all that is asked, a tap at a time."""
    form = page.locator("#votes")
    expect(form).to_be_visible(timeout=PATIENCE)
    count = page.locator("fieldset.question").count()
    for index in range(count):
        here = page.locator("fieldset.question").nth(index)
        expect(here).to_be_visible()
        if form.get_attribute("data-kind") == "levels":
            offered = here.locator("b.digit").count()
            here.locator("label.card").nth(min(level, offered - 1)).click()
        elif form.get_attribute("data-kind") == "rating":
            for scale in here.locator(".scale").all():
                scale.locator("label").nth(3).click()
        else:
            here.locator("tbody tr").nth(0).locator("label").first.click()
            here.locator("tbody tr").nth(1).locator("label").last.click()
    expect(page.locator("#finished")).to_be_visible()


def votes_in(database: Database, workshop: int) -> dict[int, int]:
    """How many votes each person has in the newest round."""
    with database.reader() as session:
        asked = rounds.current(session, workshop)
        assert asked is not None
        query = select(Participant.number, func.count()).join(Vote, Vote.participant_id == Participant.id)
        return dict(session.execute(query.where(Vote.round_id == asked.id).group_by(Participant.number)).all())


class Facilitator:
    """A laptop on which somebody leads the workshop; lost, another takes over."""

    def __init__(self, browser: Browser, server: Server, session: str) -> None:
        self.context = browser.new_context(base_url=server.address, viewport={"width": 1280, "height": 800})
        self.context.set_default_timeout(PATIENCE)
        self.context.add_cookies([{"name": "session", "value": session, "url": server.address}])
        self.page = self.context.new_page()

    def press(self, do: str, then: str) -> None:
        """Press a button, and wait for the one that comes with what it does."""
        self.page.locator(f"#do-{do}").click()
        expect(self.page.locator(f"#do-{then}")).to_be_visible(timeout=PATIENCE)

    def opens(self, path: str) -> Page:
        self.page.goto(path)
        return self.page


def plan(leader: Facilitator) -> tuple[str, str]:
    """A workshop on the small questionnaire, started; its address and its code."""
    page = leader.opens("/workshops/new/tiny")
    page.get_by_label("Name of the workshop").fill("Harbour round")
    for part in page.locator("input[name=part]").all()[2:]:
        part.uncheck()
    page.get_by_role("button", name="Save the plan").click()
    path = page.url.removeprefix(leader.page.url.partition("/w/")[0])
    page.get_by_role("button", name="Start").click()
    code = page.locator("text=/Code/").locator("b").last.inner_text()
    return path, code


def test_a_room_goes_through_two_rounds_and_leaves_with_a_roadmap(
    browser: Browser, servers: tuple[Server, Server], server_settings: Settings, database: Database
) -> None:
    first, second = servers
    account = TestClient(create_app(server_settings), base_url=ORIGIN)
    laptops = []
    for _ in range(2):
        people.sign_in(account, database)
        laptops.append(account.cookies["session"])
    leader = Facilitator(browser, first, laptops[0])
    path, code = plan(leader)
    workshop = int(path.rpartition("/")[2])

    contexts = [browser.new_context(base_url=servers[n % 2].address, **MOBILE) for n in range(REAL)]
    phones = [join(context, code, n) for n, context in enumerate(contexts)]
    light = [Light(servers[n % 2], code, n) for n in range(REAL, PEOPLE)]
    screen = browser.new_context(base_url=second.address, viewport={"width": 1280, "height": 720}).new_page()
    leader.opens(f"{path}/control")
    expect(leader.page.locator("[data-count=present]").first).to_have_text(str(PEOPLE), timeout=PATIENCE)

    # Round one, at everybody's own pace. The first votes are in when the laptop is gone.
    leader.page.locator("#pace-all").click()
    expect(leader.page.locator("#pace-all[aria-current]")).to_be_visible()
    leader.press("ask", "close")
    for each in light[: len(light) // 2]:
        each.vote(level=each.number % 3)
    expect(leader.page.locator("[data-count=voted]").first).to_have_text("9", timeout=PATIENCE)
    leader.context.close()
    # Meanwhile two phones lose their connection, and answer all the same.
    for phone in phones[:OFFLINE]:
        expect(phone.locator("#votes")).to_be_visible(timeout=PATIENCE)
        phone.context.set_offline(True)
    for n, phone in enumerate(phones):
        tap_through(phone, n % 3)
    for each in light[len(light) // 2 :]:
        each.vote(level=each.number % 3)
    found = votes_in(database, workshop)
    assert len(found) == PEOPLE - OFFLINE
    leader = Facilitator(browser, first, laptops[1])
    leader.opens(f"{path}/control")
    expect(leader.page.locator("[data-count=voted]").first).to_have_text(str(PEOPLE - OFFLINE), timeout=PATIENCE)
    assert "middle answer" not in leader.page.content()
    for phone in phones[:OFFLINE]:
        phone.context.set_offline(False)
    expect(leader.page.locator("[data-count=voted]").first).to_have_text(str(PEOPLE), timeout=PATIENCE)
    with database.reader() as session:
        asked = len(session.get_one(Workshop, workshop).questions)
    assert asked > 2
    assert set(votes_in(database, workshop).values()) == {asked}

    screen.context.add_cookies([{"name": "session", "value": laptops[1], "url": second.address}])
    screen.goto(f"{path}/screen")
    before = screen.content()
    leader.press("reveal", "discuss")
    for phone in phones:
        expect(phone.get_by_role("heading", name="Look at the screen")).to_be_visible(timeout=PATIENCE)
    expect(screen.locator("body")).to_contain_text(re.compile("Range"), timeout=PATIENCE)
    assert "Range" not in before

    # Round two: they have talked, and are of one mind.
    leader.press("again", "close")
    for phone in phones:
        tap_through(phone, 1)
    for each in light:
        each.vote(level=1)
    leader.press("reveal", "discuss")
    leader.opens(f"{path}/agreed").locator("main form button.button").last.click()
    with database.reader() as session:
        assert {s.level for s in room_levels.settled(session, workshop).values()} == {1}

    # What comes first: alone with the phone, then how urgent and how feasible.
    leader.opens(f"{path}/gaps").locator("button[value=fix]").click()
    leader.opens(f"{path}/priorities").locator("button[value=ask]").click()
    for phone in phones:
        tap_through(phone, 0)
    for each in light:
        each.vote(0)
    leader.opens(f"{path}/control")
    leader.press("reveal", "discuss")
    page = leader.opens(f"{path}/priorities")
    assert "Round one: what each person chose alone" in page.content()
    if page.locator("button[value=rate]").count():
        page.locator("button[value=rate]").click()
        for phone in phones:
            tap_through(phone, 0)
        for each in light:
            each.vote(0)
        assert set(votes_in(database, workshop)) == set(range(1, PEOPLE + 1))
        leader.opens(f"{path}/control")
        leader.press("reveal", "discuss")
        page = leader.opens(f"{path}/priorities")
    page.locator("button[value=settle]").click()
    with database.reader() as session:
        assert [g for g in room_gaps.list_gaps(session, workshop) if g.agreed_place]

    # The roadmap, signed off.
    page = leader.opens(f"{path}/roadmap")
    page.locator("input[name=title]").first.evaluate("field => { field.closest('details').open = true; }")
    page.locator("input[name=title]").first.fill("Train two line leaders")
    page.locator("input[name=title]").first.press("Enter")
    expect(page.locator("main")).to_contain_text("Train two line leaders")
    page = leader.opens(f"{path}/roadmap/sign-off")
    for group in GROUPS:
        page.locator(f"input[name=groups][value={group}]").check()
    page.get_by_role("button", name="Sign off").click()
    with database.reader() as session:
        assert session.get_one(Workshop, workshop).signed_off is not None
        numbers = [r.attempt for r in rounds.list_rounds(session, workshop, "levels")]
        assert numbers == [1, 2]
    for context in (*contexts, leader.context, screen.context):
        context.close()
    for each in light:
        each.client.close()
