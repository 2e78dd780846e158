"""The PDF as a reader holds it: pages, contents, running heads, bookmarks, accessible, in every language."""

import io
import re
from collections.abc import Callable
from functools import lru_cache

import pytest
from page import ValidationProfile, validate_pdf_bytes
from pypdf import PdfReader

from assessment.results import Result, make_result, wishes_for
from questionnaires.answers import Answers, AnswerValue
from questionnaires.languages import LANGUAGES, is_offered
from questionnaires.loader import load_definition
from reports.firm.build import build_firm_report
from reports.firm.document import render_firm_pdf
from reports.wording import LOCALES
from tests.factories import tiny
from tests.reports.sample import sample_result
from tests.scoring.building import answer

Level = Callable[[int, int], AnswerValue]  # the place of a question and the number of its levels -> an answer
OFFERED = [code for code, each in LANGUAGES.items() if is_offered(LOCALES, code) and not each.is_pseudo]


@lru_cache
def pdf_in(code: str) -> bytes:
    result = sample_result()
    return render_firm_pdf(build_firm_report(result, code), day=result.facts.assessed_on)


@pytest.fixture(params=OFFERED)
def rendered(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    return request.param, pdf_in(request.param)


def test_the_report_has_twelve_to_sixteen_pages(rendered: tuple[str, bytes]) -> None:
    assert 12 <= len(PdfReader(io.BytesIO(rendered[1])).pages) <= 16


def without_budget(sector: str, level: Level) -> Result:
    """A firm that answers every question it is asked, and gave no limit of money: the longest roadmaps."""
    definition = load_definition("industry4-readiness")
    given: dict[str, AnswerValue] = {
        name: level(place, len(each.levels))
        for place, (name, each) in enumerate(definition.questionnaire.questions.items())
        if each.levels is not None and (each.applies_if is None or sector == "services")
    }
    answers = Answers({"sector": sector, "employees": 84.0}, given)
    return make_result(definition, answers, wishes=wishes_for(definition, answers.profile, currency="MYR"))


@pytest.mark.parametrize(
    ("sector", "level"),
    [
        ("services", lambda place, levels: 0),
        ("services", lambda place, levels: place * 7 % levels),
        ("manufacturing", lambda place, levels: place * 7 % levels if place % 2 else "unknown"),
        ("manufacturing", lambda place, levels: levels - 1 - (place % 4 == 0)),
    ],
    ids=["lowest", "mixed", "half-unknown", "high"],
)
def test_without_a_budget_the_report_has_twelve_to_sixteen_pages_too(sector: str, level: Level) -> None:
    result = without_budget(sector, level)
    for code in OFFERED:
        content = render_firm_pdf(build_firm_report(result, code), day="2026-11-22")
        assert 12 <= len(PdfReader(io.BytesIO(content)).pages) <= 16, code


def test_the_report_is_accessible_by_pdf_ua_1(rendered: tuple[str, bytes]) -> None:
    found = validate_pdf_bytes(rendered[1], profile=ValidationProfile.PDF_UA_1)
    assert [str(failure.rule_id) for failure in found.failures] == []


def test_no_letter_is_missing_from_the_fonts(rendered: tuple[str, bytes]) -> None:
    code, content = rendered
    pages = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert "\ufffd" not in pages
    assert len(re.findall("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff]", pages)) > (5000 if code == "ar" else -1)


def test_every_section_is_bookmarked_on_the_page_that_the_contents_name(result: Result) -> None:
    report = build_firm_report(result, "en")
    reader = PdfReader(io.BytesIO(pdf_in("en")))
    marked = {
        str(each.title): reader.get_destination_page_number(each)
        for each in reader.outline
        if not isinstance(each, list)
    }
    contents = reader.pages[1].extract_text()
    for entry in report.reading.contents:
        page = marked[entry.title]
        assert page is not None
        assert re.search(rf"{re.escape(entry.title)}[ .]+{page + 1}\b", contents), entry.title
        assert entry.title in reader.pages[page].extract_text()


def test_the_pages_name_the_firm_and_count_themselves() -> None:
    reader = PdfReader(io.BytesIO(pdf_in("en")))
    for number, page in enumerate(reader.pages[1:], 2):
        text = page.extract_text()
        assert "Sample Foods Sdn Bhd" in text
        assert f"{number} / {len(reader.pages)}" in text


def test_the_same_result_gives_the_same_bytes() -> None:
    result = make_result(tiny(), answer({"skills.training": 1}))
    once, again = (render_firm_pdf(build_firm_report(result, "en"), day="2026-11-22") for _ in range(2))
    assert once == again
