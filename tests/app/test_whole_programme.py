"""The whole funnel of a programme by four people in browsers of their own: officer, firm, assessor and committee.

The firm is on a phone without JavaScript, the assessor on a tablet that loses its connection in the hall.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import func, select

from app.database import Database
from assessment import roles, users
from assessment.case_states import FUNNEL
from assessment.tables import Assessment, CaseEvent, Outcome, ProgrammeCase
from tests.app.bad_network import BadNetwork
from tests.app.conftest import DESKTOP, MOBILE, Live
from tests.app.phones import KEPT, SAVED, lose, regain, sign_in, visit
from tests.app.test_visit_offline import TABLET

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(600)]
PEOPLE = {name: f"{name}@funnel.example" for name in ("officer", "firm", "assessor", "committee", "stranger")}


@pytest.fixture
def four(browser: Browser, live: Live, network: BadNetwork) -> Iterator[dict[str, BrowserContext]]:
    """A browser for each of them; and one for somebody who has no part in it."""
    database: Database = live.app.state.database
    now = datetime.now(UTC)
    with database.transaction() as session:
        for email in PEOPLE.values():
            users.register(session, email, now)
        officer = users.register(session, PEOPLE["officer"], now)
        roles.grant(session, officer.id, roles.OFFICER, None, now)
    shapes = {
        "officer": {"viewport": DESKTOP, "base_url": live.address},
        "firm": {**MOBILE, "base_url": live.address, "java_script_enabled": False},
        "assessor": {**TABLET, "base_url": network.address},
        "committee": {"viewport": DESKTOP, "base_url": live.address},
        "stranger": {"viewport": DESKTOP, "base_url": live.address},
    }
    with ExitStack() as opened:
        contexts = {name: opened.enter_context(browser.new_context(**shape)) for name, shape in shapes.items()}
        for name, context in contexts.items():
            context.set_default_timeout(45_000)
            sign_in(live, context, PEOPLE[name])
        yield contexts


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f'[name="{name}"]').fill(value)


def programme_opened_by(page: Page, today: datetime) -> str:
    """The officer sets up the programme, its people and a call; returns the programme's path."""
    page.goto("/programmes")
    page.get_by_role("link", name="Open a programme").first.click()
    fill(page, name="Funnel 2027")
    page.locator('select[name="country"]').select_option("MY")
    page.locator('input[name="questionnaire"][value^="tiny@"]').check()
    press(page, "Go on to the set-up")
    path = re.sub(r"^.*(/programmes/\d+).*$", r"\1", page.url)
    page.locator('input[name="low.employees"]').fill("10")
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.goto(f"{path}/members")
    fill(page, name="Institute of Standards")
    press(page, "Add the body")
    for role in ("assessor", "committee"):
        page.goto(f"{path}/members")
        fill(page, email=PEOPLE[role])
        page.locator('select[name="body"]').select_option(index=1 if role == "assessor" else 0)
        page.locator(f'input[name="role"][value="{role}"]').check()
        press(page, "Add the person")
        expect(page.get_by_role("rowheader", name=PEOPLE[role])).to_be_visible()
    page.goto(f"{path}/calls")
    days = ((today + timedelta(days=shift)).date().isoformat() for shift in (-1, 30))
    fill(page, title="Funnel call", opens_on=next(days), closes_on=next(days), places="1")
    press(page, "Add the call")
    page.goto(path)
    press(page, "Open the programme")
    return path


def applied(page: Page) -> str:
    """The firm registers and applies; returns the path of its case."""
    page.goto("/firms/new")
    fill(page, name="Kilang Harapan")
    page.locator('select[name="country"]').select_option("MY")
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.goto("/calls")
    page.get_by_role("link", name="Funnel call").click()
    page.get_by_role("link", name="Apply for Kilang Harapan").click()
    fill(page, **{"p.employees": "8"})
    press(page, "Only check whether we may take part")
    expect(page.get_by_role("heading", name="As you say it now, your firm may not take part")).to_be_visible()
    fill(page, **{"p.employees": "64"})
    press(page, "Apply")
    page.get_by_role("link", name=re.compile("case", re.IGNORECASE)).first.click()
    return re.sub(r"^.*(/cases/\d+).*$", r"\1", page.url)


def assessed(page: Page, case: str) -> None:
    """The firm answers its questions by plain forms, and submits."""
    page.goto(case)
    press(page, "Start the assessment")
    page.goto(case)
    page.get_by_role("link", name="Go on with the assessment").click()
    home = page.url.partition("?")[0].rstrip("/")
    page.goto(f"{home}/sections/skills")
    page.locator('input[name="a.skills.training"][value="3"]').check()
    page.locator("details:has(textarea[name='note.skills.training']) summary").click()
    page.locator("textarea[name='note.skills.training']").fill("A plan hangs in the canteen")
    press(page, "Save and continue")
    page.goto(f"{home}/check")
    press(page, "Submit and see the results")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Check")


def verified(page: Page, context: BrowserContext, network: BadNetwork, case: str) -> None:
    """The assessor finds another level than the firm, without a connection, and hands in once it is back."""
    page.goto(case)
    page.get_by_role("link", name="Go to the visit").click()
    press(page, "Start the visit")
    page.get_by_role("heading", name="Your visit").wait_for()
    visit(page, "/" + "/".join(page.url.split("/")[3:5]))
    lose(context, network)
    page.locator(".tasks a[href$='/sections/skills']").click()
    training: Locator = page.locator("fieldset[id='q-skills.training']")
    expect(training).to_contain_text("A plan hangs in the canteen")
    training.get_by_label("Training happens when a machine arrives.").check()
    training.get_by_label("Reason").fill("The plan is of 2019 and nobody was trained by it")
    page.locator("h1").click()
    expect(page.locator("#save")).to_have_text(KEPT)
    regain(context, network)
    expect(page.locator("#save")).to_have_text(SAVED)
    page.goto(f"{case}/visit")
    press(page, "Hand in the findings")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Findings")


def test_a_firm_goes_the_whole_way_from_the_call_to_its_second_assessment(
    four: dict[str, BrowserContext], live: Live, network: BadNetwork
) -> None:
    pages = {name: context.new_page() for name, context in four.items()}
    officer, firm, committee = pages["officer"], pages["firm"], pages["committee"]
    path = programme_opened_by(officer, datetime.now(UTC))
    case = applied(firm)

    officer.goto(f"{path}/cases")
    officer.get_by_role("link", name="Kilang Harapan").click()
    press(officer, "Select it")
    assessed(firm, case)
    officer.goto(case)
    officer.locator('select[name="assessor"]').select_option(label=PEOPLE["assessor"])
    fill(officer, visit_on=datetime.now(UTC).date().isoformat())
    press(officer, "Assign")
    committee.goto(case)
    expect(committee.get_by_role("button", name="Endorse the report")).to_have_count(0)

    verified(pages["assessor"], four["assessor"], network, case)
    firm.goto(f"{case}/findings")
    expect(firm.get_by_text("The plan is of 2019 and nobody was trained by it")).to_be_visible()
    fill(firm, **{"r.": "A new plan is being written."})
    press(firm, "Send the response")
    committee.goto(f"{case}/findings")
    expect(committee.get_by_text("A new plan is being written.")).to_be_visible()
    committee.goto(case)
    press(committee, "Endorse the report")

    for what in ("Support is applied for", "The action is done"):
        firm.goto(case)
        fill(firm, action="Write a training plan")
        press(firm, what)
    firm.goto(case)
    firm.get_by_role("link", name="Assess the firm again").click()
    press(firm, "Start the new assessment")
    again = firm.url.partition("?")[0].rstrip("/")
    home = re.sub(r"^(.*/a/[^/]+).*$", r"\1", again)
    firm.goto(f"{home}/sections/skills")
    firm.locator('input[name="a.skills.training"][value="2"]').check()
    press(firm, "Save and continue")
    firm.goto(f"{home}/check")
    press(firm, "Submit and see the results")

    number = int(case.rpartition("/")[2])
    database: Database = live.app.state.database
    with database.reader() as session:
        row = session.get_one(ProgrammeCase, number)
        query = select(CaseEvent.state).where(CaseEvent.case_id == number).order_by(CaseEvent.number)
        passed = list(dict.fromkeys(session.scalars(query)))
        kept = select(func.count()).select_from(Outcome).where(Outcome.programme_id == row.programme_id)
        found = session.get_one(Assessment, row.verification_id)
        assert (row.state, passed) == ("reassessed", list(FUNNEL))
        assert found.frozen is not None
        assert found.frozen["answers"]["skills.training"] == 1
        assert session.scalar(kept) == 3  # as it said, as it was found, and as it said again
    pages["stranger"].goto(case)
    expect(pages["stranger"].get_by_role("heading", level=1)).not_to_contain_text("Kilang")
    officer.goto(path)
    expect(officer.locator("main")).to_contain_text("Assessed again")
