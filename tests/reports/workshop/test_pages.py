"""The PDF of a workshop of forty people as a reader holds it, in every language: pages, contents, nobody told apart."""

import io
import re
import subprocess
from functools import lru_cache

import pytest
from page import ValidationProfile, validate_pdf_bytes
from pypdf import PdfReader

from questionnaires.languages import LANGUAGES, is_offered
from questionnaires.loader import load_definition
from reports import pdf
from reports.pdf import Attachment
from reports.wording import LOCALES
from reports.workshop.build import build_workshop_report
from reports.workshop.document import render_workshop_pdf
from tests.assessment.whole_workshops import forty

OFFERED = [code for code, each in LANGUAGES.items() if is_offered(LOCALES, code) and not each.is_pseudo]


@lru_cache
def pdf_in(code: str) -> bytes:
    return render_workshop_pdf(build_workshop_report(forty(), load_definition("qi4tf"), code), day="2026-11-20")


def text_of(content: bytes) -> str:
    run = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return run.stdout.decode()


@pytest.fixture(params=OFFERED)
def rendered(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    return request.param, pdf_in(request.param)


def test_the_report_has_ten_to_fourteen_pages(rendered: tuple[str, bytes]) -> None:
    assert 10 <= len(PdfReader(io.BytesIO(rendered[1])).pages) <= 14


def test_the_report_is_accessible_by_pdf_ua_1(rendered: tuple[str, bytes]) -> None:
    found = validate_pdf_bytes(rendered[1], profile=ValidationProfile.PDF_UA_1)
    assert [str(failure.rule_id) for failure in found.failures] == []
    reader = PdfReader(io.BytesIO(rendered[1]))
    assert str(reader.root_object["/Lang"]) == rendered[0]
    assert len(reader.outline) >= 9


def test_the_archive_is_pdf_a_3a_and_carries_its_record() -> None:
    report = build_workshop_report(forty(), load_definition("qi4tf"), "en")
    data = Attachment("record.json", b"{}", "The record of the workshop")
    content = render_workshop_pdf(report, day="2026-11-20", archive=True, attachments=(data,))

    found = validate_pdf_bytes(content, profile=ValidationProfile.PDF_A_3A)
    assert [str(failure.rule_id) for failure in found.failures] == []
    assert PdfReader(io.BytesIO(content)).attachments["record.json"] == [b"{}"]


def test_the_same_record_gives_the_same_bytes_in_another_process() -> None:
    first = pdf_in("en")
    pdf.close()
    pdf_in.cache_clear()

    assert pdf_in("en") == first


def test_a_small_group_is_named_only_where_it_is_said_why_it_is_not_shown() -> None:
    lines = [line for line in text_of(pdf_in("en")).splitlines() if "Research" in line]

    allowed = ("fewer than five", "Industry and Research", "Not shown by itself", "Research\n")
    strange = [line for line in lines if not any(each in f"{line.rstrip()}\n" for each in allowed)]
    assert lines
    assert not strange
    assert not [line for line in lines if re.search(r"Research\W*\s\d", line) and "Industry and" not in line]


def test_what_a_small_group_does_not_go_along_with_stands_without_its_name() -> None:
    text = text_of(pdf_in("en"))
    before = text.partition("We would begin with calibration.")[0].splitlines()

    assert "A group of fewer than five people, on the roadmap as a whole" in "\n".join(before[-4:])
    assert "Industry, on " in text


def test_no_nickname_and_no_address_is_printed(rendered: tuple[str, bytes]) -> None:
    text = text_of(rendered[1])

    assert "Nick" not in text
    assert "@" not in text


def test_the_page_for_the_minister_says_what_who_and_by_when() -> None:
    page = " ".join(PdfReader(io.BytesIO(pdf_in("en"))).pages[2].extract_text().split())
    record = forty()
    first = record["priorities"]["agreed"][0]["question"]
    action = next(each for each in record["roadmap"]["actions"] if each["question"] == first)

    assert f"First of all: {load_definition('qi4tf').questionnaire.questions[first].text}" in page
    assert action["owner"] in page
    assert "How sure is that?" in page
    assert "Where groups differ" in page
    assert "Who does not go along" in page
    assert "The asking ended after round" in page
