"""PDFs: valid, the same bytes for the same input, and made where nothing can be reached."""

import io
import json
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from page import ValidationProfile, validate_pdf_bytes
from pypdf import PdfReader

from reports import pdf
from reports.pdf import Attachment, MissingFont, RenderFailed, check_fonts, render_pdf

PAGE = """<html lang="en" dir="ltr"><head><title>A report</title></head><body><main><h1>Readiness</h1>
<p>See <a href="#t">the table</a>. النتيجة جيدة. 评估</p>
<table id="t"><caption>Scores</caption><thead><tr><th scope="col">Dimension</th><th scope="col">Score</th></tr></thead>
<tbody><tr><th scope="row">Skills</th><td>2.0</td></tr></tbody></table>{}</main></body></html>"""


@pytest.fixture
def style(tmp_path: Path) -> Path:
    file = tmp_path / "report.css"
    file.write_text("body { font-family: 'Noto Sans', 'Noto Sans Arabic', 'Noto Sans CJK SC' }")
    return file


@pytest.fixture(scope="module", autouse=True)
def worker_ends_with_the_module() -> Iterator[None]:
    yield
    pdf.close()


def failures(content: bytes, profile: ValidationProfile) -> list[str]:
    return [str(failure.rule_id) for failure in validate_pdf_bytes(content, profile=profile).failures]


def test_a_report_is_accessible_by_pdf_ua_1(style: Path) -> None:
    content = render_pdf(PAGE.format(""), style, day="2026-11-22")

    assert failures(content, ValidationProfile.PDF_UA_1) == []


def test_header_cells_name_their_scope_and_links_print(style: Path) -> None:
    with pikepdf.open(io.BytesIO(render_pdf(PAGE.format(""), style))) as document:
        scopes = [
            str(obj["/A"]["/Scope"])
            for obj in document.objects
            if isinstance(obj, pikepdf.Dictionary) and obj.get("/S") == "/TH"
        ]
        flags = [annotation["/F"] for page in document.pages for annotation in page.get("/Annots", [])]
    assert sorted(scopes) == ["/Column", "/Column", "/Row"]
    assert flags == [4]


def test_the_archive_is_pdf_a_3a_and_carries_its_data(style: Path) -> None:
    data = Attachment("scores.json", json.dumps({"overall": 2.0}).encode(), "All scores")

    content = render_pdf(PAGE.format(""), style, day="2026-11-22", archive=True, attachments=[data])

    assert failures(content, ValidationProfile.PDF_A_3A) == []
    assert PdfReader(io.BytesIO(content)).attachments["scores.json"] == [data.content]
    with pikepdf.open(io.BytesIO(content)) as document:
        specification = document.attachments["scores.json"]
        assert specification.description == "All scores"
        assert specification.relationship == pikepdf.Name.Data


@pytest.mark.parametrize("archive", [False, True])
def test_the_same_input_gives_the_same_bytes_in_another_process(style: Path, archive: bool) -> None:
    first = render_pdf(PAGE.format(""), style, day="2026-11-22", archive=archive)
    pdf.close()
    second = render_pdf(PAGE.format(""), style, day="2026-11-22", archive=archive)

    assert first == second


def test_letters_come_from_the_fonts_we_bring_along(style: Path) -> None:
    reader = PdfReader(io.BytesIO(render_pdf(PAGE.format(""), style)))
    names = {str(f.get_object()["/BaseFont"]) for f in reader.pages[0]["/Resources"]["/Font"].values()}
    assert any("Noto-Sans-Arabic" in name or "NotoSansArabic" in name for name in names), names
    assert "评估" in reader.pages[0].extract_text()


@pytest.mark.parametrize(
    "wish",
    [
        '<img src="{canary}/a.png"/>',
        '<link rel="attachment" href="{canary}/b"/>',
        '<link rel="stylesheet" href="{canary}/c.css"/>',
        '<style>@import url("{canary}/d.css"); p {{ background: url("{canary}/e.png") }}</style>',
        '<p style="background: url({canary}/f.png)">x</p>',
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="{canary}/g.png"/></svg>',
        '<object data="{canary}/h.svg"></object>',
        '<img src="file://{secret}"/>',
        '<link rel="attachment" href="file://{secret}"/>',
    ],
)
def test_a_report_reaches_no_file_and_no_address(style: Path, tmp_path: Path, wish: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the-secret-words")
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.5)
        address = f"http://127.0.0.1:{canary.getsockname()[1]}"
        try:
            content = render_pdf(PAGE.format(wish.format(canary=address, secret=secret)), style)
        except RenderFailed as refusal:
            assert "fetch nothing" in str(refusal)  # noqa: PT017 - a render without the wish is as good
        else:
            assert b"the-secret-words" not in content
        with pytest.raises(TimeoutError):
            canary.accept()


@pytest.mark.parametrize(
    "bomb",
    [
        "<div>" * 5000 + "</div>" * 5000,
        '<table><tr><td colspan="1000000000">x</td></tr></table>',
        "&undefined;",
        "<p>never closed",
    ],
)
def test_a_report_that_cannot_be_laid_out_is_refused_and_the_next_one_is_made(style: Path, bomb: str) -> None:
    with pytest.raises(RenderFailed):
        render_pdf(PAGE.format(bomb), style)

    assert render_pdf(PAGE.format(""), style).startswith(b"%PDF")


def test_a_report_that_takes_too_long_is_ended(style: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 1.0)
    endless = "<p>" + "word " * 150_000 + "</p>"
    with pytest.raises(RenderFailed, match="too much time"):
        render_pdf(PAGE.format(endless), style)

    monkeypatch.undo()
    assert render_pdf(PAGE.format(""), style).startswith(b"%PDF")


def test_a_report_of_megabytes_is_refused_before_it_is_tried(style: Path) -> None:
    with pytest.raises(RenderFailed, match="too long"):
        render_pdf(PAGE.format("x" * 4_000_001), style)


def test_a_killed_worker_costs_one_report_and_no_more(style: Path) -> None:
    render_pdf(PAGE.format(""), style)
    process = pdf._renderer.process
    assert process is not None
    os.kill(process.pid, 9)
    process.wait()

    assert render_pdf(PAGE.format(""), style).startswith(b"%PDF")


def test_reports_asked_for_at_once_do_not_mix(style: Path) -> None:
    made: dict[int, str] = {}

    def make(number: int) -> None:
        content = render_pdf(PAGE.format(f"<p>number-{number}</p>"), style)
        made[number] = PdfReader(io.BytesIO(content)).pages[0].extract_text()

    threads = [threading.Thread(target=make, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(f"number-{n}" in made[n] for n in range(6))


def test_a_language_without_letters_is_refused_with_the_package_that_has_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fonts.conf").write_text(f"<fontconfig><dir>{pdf.FONTS}</dir></fontconfig>")
    monkeypatch.setattr(pdf, "FONTS", tmp_path)
    check_fonts.cache_clear()

    with pytest.raises(MissingFont, match="fonts-noto-cjk"):
        check_fonts("zh")
    for code in ("en", "fr", "ar"):
        check_fonts(code)
    check_fonts.cache_clear()


def test_a_machine_that_cannot_list_its_fonts_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    check_fonts.cache_clear()

    with pytest.raises(MissingFont, match="install fontconfig"):
        check_fonts("en")
    check_fonts.cache_clear()
