"""A phone on which somebody answers, with a connection that comes and goes."""

import re
import time

import httpx2
from fastapi.testclient import TestClient
from playwright.sync_api import BrowserContext, Page

from app.database import Database
from assessment import access, assessments
from assessment.tables import Assessment, Firm
from tests import people
from tests.app.bad_network import BadNetwork
from tests.app.conftest import Live
from tests.factories import NOW, tiny

KEPT = "Kept on this device – not sent yet"
SAVED = re.compile(r"^Saved \d\d:\d\d")
COUNT_KEPT = """async () => {
  let count = 0;
  for (const name of await caches.keys()) {
    if (name.startsWith('pages')) count += (await (await caches.open(name)).keys()).length;
  }
  return count;
}"""
ARRIVES, NONE_GIVEN = "Training happens when a machine arrives.", "No training is given."  # levels 1 and 0


def started(live: Live, questionnaire: str = "tiny") -> str:
    """The path of a new assessment."""
    answer = httpx2.post(f"{live.address}/start/{questionnaire}", data={"firm": "A"}, headers={"origin": live.address})
    return answer.headers["location"].partition("?")[0]


def stored(live: Live, link: str) -> dict[str, object]:
    """What is answered there, by question id."""
    database: Database = live.app.state.database
    key = link.split("/")[2]
    with database.reader() as session:
        row = session.get_one(Assessment, int(key)) if key.isdecimal() else access.open_by_link(session, key)
        return dict(assessments.sheet_of(session, row).answers.answers)


def sign_in(live: Live, context: BrowserContext, email: str) -> int:
    """Sign a person in at this browser; returns their number."""
    client = TestClient(live.app, base_url=live.address)
    person = people.sign_in(client, live.app.state.database, email)
    context.add_cookies([{"name": "session", "value": client.cookies["session"], "url": live.address}])
    return person


def signed_in(live: Live, context: BrowserContext, email: str) -> str:
    """The same for a person with a firm; returns the path of an assessment of their firm."""
    database: Database = live.app.state.database
    firm = people.firm_of(database, sign_in(live, context, email))
    with database.transaction() as session:
        row, _ = assessments.start(session, session.get_one(Firm, firm), tiny().questionnaire, {}, NOW)
        return f"/a/{row.id}"


def lose(context: BrowserContext, network: BadNetwork) -> None:
    context.set_offline(True)
    network.go_down()


def regain(context: BrowserContext, network: BadNetwork) -> None:
    network.is_down = False
    context.set_offline(False)


def visit(page: Page, link: str) -> int:
    """Open the task list and wait until the device has kept what it needs; returns how many sections there are."""
    page.goto(link)
    sections = len(set(page.locator(".tasks a[href*='/sections/']").evaluate_all("all => all.map(a => a.href)")))
    end = time.monotonic() + 60
    while page.evaluate(COUNT_KEPT) < sections + 2:
        assert time.monotonic() < end
        page.wait_for_timeout(50)
    return sections


def at_skills(context: BrowserContext, link: str, *, is_kept: bool = True) -> Page:
    """The first section in a new tab; `is_kept` once the device has kept every page."""
    page = context.new_page()
    if is_kept:
        visit(page, link)
    page.goto(f"{link}/sections/skills")
    return page
