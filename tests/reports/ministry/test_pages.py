"""The PDF for a ministry as a reader holds it, in every language."""

import io
from functools import lru_cache
from pathlib import Path

import pytest
from page import ValidationProfile, validate_pdf_bytes
from pypdf import PdfReader

from questionnaires.languages import LANGUAGES, is_offered
from reports import pdf
from reports.ministry.build import build_ministry_report
from reports.ministry.document import render_ministry_pdf
from reports.ministry.view import MinistryReport
from reports.pdf import Attachment
from reports.release.cube import Cube
from reports.wording import LOCALES
from tests.release_samples import sample_release
from tests.reports.ministry import made_up

OFFERED = [code for code, each in LANGUAGES.items() if is_offered(LOCALES, code) and not each.is_pseudo]


@lru_cache
def pdf_in(code: str, path: Path) -> bytes:
    manifest = made_up.manifest()
    report = build_ministry_report(Cube(path, manifest), manifest, code, made_up.definition())
    return render_ministry_pdf(report, day="2026-11-20")


@pytest.fixture(params=OFFERED)
def rendered(request: pytest.FixtureRequest, cube: Cube) -> tuple[str, bytes]:
    return request.param, pdf_in(request.param, cube.path)


def test_it_has_ten_to_twenty_pages(rendered: tuple[str, bytes]) -> None:
    assert 10 <= len(PdfReader(io.BytesIO(rendered[1])).pages) <= 20


def test_it_is_accessible_by_pdf_ua_1(rendered: tuple[str, bytes]) -> None:
    found = validate_pdf_bytes(rendered[1], profile=ValidationProfile.PDF_UA_1)
    assert [str(failure.rule_id) for failure in found.failures] == []
    reader = PdfReader(io.BytesIO(rendered[1]))
    assert str(reader.root_object["/Lang"]) == rendered[0]
    assert len(reader.outline) >= 12


def test_the_archive_is_pdf_a_3a_and_carries_its_cube(report: MinistryReport, cube: Cube) -> None:
    data = Attachment("cube.parquet", cube.path.read_bytes(), "The cells of the release")
    content = render_ministry_pdf(report, day="2026-11-20", archive=True, attachments=(data,))

    found = validate_pdf_bytes(content, profile=ValidationProfile.PDF_A_3A)
    assert [str(failure.rule_id) for failure in found.failures] == []
    assert PdfReader(io.BytesIO(content)).attachments["cube.parquet"] == [data.content]


def test_the_same_release_gives_the_same_bytes_in_another_process(cube: Cube) -> None:
    first = pdf_in("en", cube.path)
    pdf.close()
    pdf_in.cache_clear()

    assert pdf_in("en", cube.path) == first


def test_the_page_for_the_minister_is_one_page(cube: Cube) -> None:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf_in("en", cube.path))).pages]

    assert pages[2].startswith("All on one page")
    assert "firms assessed" in pages[2]
    assert "These firms came by themselves" in pages[2]
    assert not pages[3].startswith("All on one page")


def test_a_real_release_of_few_firms_becomes_a_report(tmp_path: Path) -> None:
    """Made and protected as any release; much of it is held back, and nothing of the report breaks on that."""
    path, manifest = sample_release(tmp_path, firms=150, waves=1)
    report = build_ministry_report(Cube(path, manifest), manifest, "en", made_up.definition())
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(render_ministry_pdf(report))).pages)

    assert "held back" in text
    assert "no business register was loaded" in text
