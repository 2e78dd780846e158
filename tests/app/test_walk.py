"""The walk that matters: on a phone, from the first page to the report in one's hands; with and without JavaScript."""

import re
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.jobs import Worker
from app.report_job import KIND, Drawing, ReportWork
from reports import pdf
from tests.app.conftest import Live

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def make_ordered_reports(live: Live) -> None:
    state = live.app.state
    work = ReportWork(state.database, state.settings, Drawing(state.shelf))
    worker = Worker(state.database, {KIND: work}, timedelta(seconds=60))
    while worker.work_once():
        pass
    pdf.close()


def start(page: Page, questionnaire: str) -> None:
    page.goto("/")
    page.locator(f'a[href="/start/{questionnaire}"]').click()
    page.locator('input[name="firm"]').fill("Usine Atlas")
    page.locator('select[name="country"]').select_option("MA")
    page.locator('input[name="p.employees"]').fill("64")
    page.locator("main form button").click()


def answer_what_is_in_view(page: Page, level: int) -> None:
    question = page.locator("fieldset.question:visible").first
    question.locator("label.card").nth(level).click()
    expect(page.locator("#save")).not_to_have_text("")


def report_text(file: Path) -> str:
    reader = pypdf.PdfReader(file)
    assert len(reader.pages) >= 8
    return "".join(found.extract_text() for found in reader.pages)


def test_a_phone_answers_the_core_questions_submits_and_takes_the_report_home(
    phone: BrowserContext, live: Live, tmp_path: Path
) -> None:
    page = phone.new_page()
    start(page, "industry4-readiness")
    expect(page.get_by_role("heading", name="Keep your return link")).to_be_visible()
    page.get_by_role("link", name="Start with the first section").click()
    answered = 0
    while "/sections/" in page.url:
        if page.url.endswith("/check"):
            page.locator("main .buttons a.button").first.click()
            continue
        while page.locator("fieldset.question:visible").count():
            answer_what_is_in_view(page, answered % 4)
            answered += 1
            is_last = page.get_by_role("button", name="Save and continue").is_visible()
            page.locator(".bar .button:not(.second)").click()
            if is_last:
                page.wait_for_url("**/check")
    assert 26 <= answered <= 30
    expect(page.get_by_text(f"{answered} of 62 questions answered, not submitted yet")).to_be_visible()

    page.get_by_role("link", name="Check and submit").click()
    page.get_by_role("button", name="Submit and see the results").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Usine Atlas stands at")
    page.get_by_role("button", name=re.compile("^English.*order the report")).click()
    expect(page.get_by_text("Waiting for its turn").first).to_be_visible()
    make_ordered_reports(live)
    expect(page.get_by_text("The report is ready")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the report (PDF)").click()

    assert download.value.suggested_filename.startswith("Fourward-Usine-Atlas-")
    assert "Usine Atlas" in report_text(Path(download.value.path()))


def test_the_same_walk_needs_no_javascript(plain: BrowserContext, live: Live, tmp_path: Path) -> None:
    page = plain.new_page()
    start(page, "tiny")
    page.get_by_role("link", name="Start with the first section").click()
    page.get_by_label("A yearly plan covers the main tools.").check()
    page.get_by_label("MES").check()
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("link", name="Next: Technology").click()
    page.locator("fieldset").first.get_by_label("Some are.").check()
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("link", name="See your first profile").click()
    page.get_by_role("link", name="Check and submit").click()
    page.get_by_role("button", name="Submit and see the results").click()
    page.get_by_role("button", name=re.compile("^English.*order the report")).click()
    make_ordered_reports(live)
    expect(page.get_by_text("The report is ready")).to_be_visible()
    file = page.get_by_role("link", name="Download the report (PDF)").get_attribute("href")

    answer = plain.request.get(f"{live.address}{file}")
    assert answer.body().startswith(b"%PDF")


def test_arabic_from_the_first_page_to_the_results(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/")
    page.get_by_role("button", name="العربية").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    start(page, "industry4-readiness")
    page.get_by_role("link", name="ابدأ بالقسم الأول").click()
    answer_what_is_in_view(page, 2)
    expect(page.locator("#save")).to_contain_text("حفظ")

    card, digit = page.locator("label.card").first.bounding_box(), page.locator(".digit").first.bounding_box()
    assert card is not None
    assert digit is not None
    assert digit["x"] > card["x"] + card["width"] / 2
