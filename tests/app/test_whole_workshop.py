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


class Room:
    """One workshop: who leads it, who is in it on phones of both kinds, and the projector."""

    def __init__(self, browser: Browser, servers: tuple[Server, Server], laptops: tuple[str, str]) -> None:
        self.browser, self.servers, self.laptops = browser, servers, laptops
        self.leader = Facilitator(browser, servers[0], laptops[0])
        self.path, code = self._plan()
        self.number = int(self.path.rpartition("/")[2])
        contexts = [browser.new_context(base_url=servers[n % 2].address, **MOBILE) for n in range(REAL)]
        self.phones = [join(context, code, n) for n, context in enumerate(contexts)]
        self.light = [Light(servers[n % 2], code, n) for n in range(REAL, PEOPLE)]
        wall = browser.new_context(base_url=servers[1].address, viewport={"width": 1280, "height": 720})
        wall.add_cookies([{"name": "session", "value": laptops[1], "url": servers[1].address}])
        self.screen = wall.new_page()

    def _plan(self) -> tuple[str, str]:
        """A workshop on the small questionnaire, started; its address and its code."""
        page = self.leader.opens("/workshops/new/tiny")
        page.get_by_label("Name of the workshop").fill("Harbour round")
        for part in page.locator("input[name=part]").all()[2:]:
            part.uncheck()
        page.get_by_role("button", name="Save the plan").click()
        path = page.url.removeprefix(self.leader.page.url.partition("/w/")[0])
        page.get_by_role("button", name="Start").click()
        code = page.locator("text=/Code/").locator("b").last.inner_text()
        return path, code

    def opens(self, part: str) -> Page:
        return self.leader.opens(f"{self.path}/{part}")

    def counts(self, kind: str, people: int) -> None:
        expect(self.leader.page.locator(f"[data-count={kind}]").first).to_have_text(str(people), timeout=PATIENCE)

    def everybody_votes(self, level: int) -> None:
        for phone in self.phones:
            tap_through(phone, level)
        for each in self.light:
            each.vote(level)

    def reveals(self) -> None:
        self.opens("control")
        self.leader.press("reveal", "discuss")

    def close(self) -> None:
        for context in (*(phone.context for phone in self.phones), self.leader.context, self.screen.context):
            context.close()
        for each in self.light:
            each.client.close()


def first_round(room: Room, database: Database) -> None:
    """At everybody's own pace. The laptop is lost after the first votes, and two phones lose their connection."""
    room.opens("control")
    room.counts("present", PEOPLE)
    room.leader.page.locator("#pace-all").click()
    expect(room.leader.page.locator("#pace-all[aria-current]")).to_be_visible()
    room.leader.press("ask", "close")
    early, late = room.light[: len(room.light) // 2], room.light[len(room.light) // 2 :]
    for each in early:
        each.vote(level=each.number % 3)
    room.counts("voted", len(early))
    room.leader.context.close()
    for phone in room.phones[:OFFLINE]:
        expect(phone.locator("#votes")).to_be_visible(timeout=PATIENCE)
        phone.context.set_offline(True)
    for n, phone in enumerate(room.phones):
        tap_through(phone, n % 3)
    for each in late:
        each.vote(level=each.number % 3)
    assert len(votes_in(database, room.number)) == PEOPLE - OFFLINE

    room.leader = Facilitator(room.browser, room.servers[0], room.laptops[1])
    room.opens("control")
    room.counts("voted", PEOPLE - OFFLINE)
    assert "middle answer" not in room.leader.page.content()
    for phone in room.phones[:OFFLINE]:
        phone.context.set_offline(False)
    room.counts("voted", PEOPLE)
    with database.reader() as session:
        asked = len(session.get_one(Workshop, room.number).questions)
    assert asked > 2
    assert set(votes_in(database, room.number).values()) == {asked}


def second_round(room: Room, database: Database) -> None:
    """They see how far apart they are, talk, and are of one mind."""
    room.screen.goto(f"{room.path}/screen")
    before = room.screen.content()
    room.leader.press("reveal", "discuss")
    for phone in room.phones:
        expect(phone.get_by_role("heading", name="Look at the screen")).to_be_visible(timeout=PATIENCE)
    expect(room.screen.locator("body")).to_contain_text(re.compile("Range"), timeout=PATIENCE)
    assert "Range" not in before
    room.leader.press("again", "close")
    room.everybody_votes(1)
    room.leader.press("reveal", "discuss")
    room.opens("agreed").locator("main form button.button").last.click()
    with database.reader() as session:
        assert {s.level for s in room_levels.settled(session, room.number).values()} == {1}


def priorities(room: Room, database: Database) -> None:
    """What comes first: alone with the phone, then how urgent and how feasible."""
    room.opens("gaps").locator("button[value=fix]").click()
    room.opens("priorities").locator("button[value=ask]").click()
    room.everybody_votes(0)
    room.reveals()
    page = room.opens("priorities")
    assert "Round one: what each person chose alone" in page.content()
    if page.locator("button[value=rate]").count():
        page.locator("button[value=rate]").click()
        room.everybody_votes(0)
        assert set(votes_in(database, room.number)) == set(range(1, PEOPLE + 1))
        room.reveals()
        page = room.opens("priorities")
    page.locator("button[value=settle]").click()
    with database.reader() as session:
        assert [g for g in room_gaps.list_gaps(session, room.number) if g.agreed_place]


def roadmap_signed_off(room: Room, database: Database) -> None:
    page = room.opens("roadmap")
    page.locator("input[name=title]").first.evaluate("field => { field.closest('details').open = true; }")
    page.locator("input[name=title]").first.fill("Train two line leaders")
    page.locator("input[name=title]").first.press("Enter")
    expect(page.locator("main")).to_contain_text("Train two line leaders")
    page = room.opens("roadmap/sign-off")
    for group in GROUPS:
        page.locator(f"input[name=groups][value={group}]").check()
    page.get_by_role("button", name="Sign off").click()
    with database.reader() as session:
        assert session.get_one(Workshop, room.number).signed_off is not None
        assert [r.attempt for r in rounds.list_rounds(session, room.number, "levels")] == [1, 2]


def test_a_room_goes_through_two_rounds_and_leaves_with_a_roadmap(
    browser: Browser, servers: tuple[Server, Server], server_settings: Settings, database: Database
) -> None:
    account = TestClient(create_app(server_settings), base_url=ORIGIN)
    laptops = []
    for _ in range(2):
        people.sign_in(account, database)
        laptops.append(account.cookies["session"])
    room = Room(browser, servers, (laptops[0], laptops[1]))
    for step in (first_round, second_round, priorities, roadmap_signed_off):
        step(room, database)
    room.close()
