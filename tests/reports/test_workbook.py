"""Workbooks: numbers are numbers, texts are never run, and equal sheets are equal bytes."""

import io
import zipfile

import openpyxl
import pytest

from reports.workbook import Column, Sheet, workbook

COLUMNS = (Column("Text", "text", 30), Column("Whole", "whole"), Column("Share", "share"), Column("Yes", "plain"))
HARMFUL = ('=HYPERLINK("http://x","y")', "+1", "-1+1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0")


def sheet(*rows: tuple[str | int | float | bool | None, ...], name: str = "One", note: str = "") -> Sheet:
    return Sheet(name, COLUMNS, rows, note=note)


def test_numbers_are_numbers_with_formats_and_heads_stay_in_sight() -> None:
    content = workbook([sheet(("a", 12, 0.25, True), ("b", 1200, 1.0, False))], title="T", day="2026-11-22")

    page = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [cell.value for cell in page[2]] == ["a", 12, 0.25, True]
    assert [cell.data_type for cell in page[2]] == ["s", "n", "n", "b"]
    assert page["C2"].number_format == "0%"
    assert page["B3"].number_format == "#,##0"
    assert page.freeze_panes == "B2"
    assert page.auto_filter.ref == "A1:D3"
    assert page.column_dimensions["A"].width == pytest.approx(30.7, abs=0.1)
    assert not page.sheet_view.rightToLeft


@pytest.mark.parametrize("text", HARMFUL)
def test_a_text_that_looks_like_a_formula_stays_a_text(text: str) -> None:
    content = workbook([sheet((text, None, None, None))], title=text, day="2026-11-22")

    cell = openpyxl.load_workbook(io.BytesIO(content)).active["A2"]
    assert (cell.value, cell.data_type) == (text, "s")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not [name for name in parts.namelist() if b"<f>" in parts.read(name)]
        assert not [name for name in parts.namelist() if "rels" in name and b"http://x" in parts.read(name)]


def test_what_xml_forbids_is_left_out_and_what_is_too_long_is_cut() -> None:
    content = workbook([sheet(("a\x00b\x0b\ud800c", 1, 0.0, None), ("x" * 40_000, 1, 0.0, None))], title="\x01", day="")

    page = openpyxl.load_workbook(io.BytesIO(content)).active
    assert page["A2"].value == "abc"
    assert len(page["A3"].value) == 32_767


def test_sheets_run_from_right_to_left_where_the_language_does() -> None:
    page = openpyxl.load_workbook(io.BytesIO(workbook([sheet()], title="T", day="", is_rtl=True))).active

    assert page.sheet_view.rightToLeft


def test_a_sheets_name_is_one_that_spreadsheets_take() -> None:
    names = ["[a]:b*c?d/e\\f", "'", "x" * 60]
    found = openpyxl.load_workbook(
        io.BytesIO(workbook([sheet(name=name) for name in names], title="T", day=""))
    ).sheetnames

    assert found == ["a  b c d e f", "-", "x" * 31]


def test_the_same_sheets_and_day_are_the_same_bytes() -> None:
    first, again = (workbook([sheet(("a", 1, 0.5, None))], title="T", day="2026-11-22") for _ in range(2))

    assert first == again
    assert first != workbook([sheet(("a", 1, 0.5, None))], title="T", day="2026-11-23")


def test_what_is_not_shown_is_marked() -> None:
    content = workbook([sheet(("hidden", None, None, None), ("a", 1, 1.0, None), note="hidden")], title="T", day="")

    page = openpyxl.load_workbook(io.BytesIO(content)).active
    assert page["A2"].font.italic
    assert not page["A3"].font.italic


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        workbook([sheet(("a", 1))], title="T", day="")
