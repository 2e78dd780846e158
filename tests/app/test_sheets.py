"""Sheets as people send them: every common way of writing one is read, and what is meant to hurt is refused."""

import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from app import sheet_reading
from app.sheets import PROBLEMS, UnreadableSheet, open_sheet


def read(path: Path) -> tuple[str, str, dict[int, list[Any]]]:
    """How a file was read, and its rows by their numbers."""
    with open_sheet(path) as sheet:
        rows = {n: list(row) for batch in sheet.batches for n, row in zip(batch.numbers, batch.rows, strict=True)}
        return sheet.encoding or sheet.name, sheet.delimiter, rows


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableSheet) as refused:
        read(path)
    assert refused.value.message in PROBLEMS.values()
    assert str(refused.value)
    return refused.value.problem


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sheet"


@pytest.mark.parametrize(
    ("content", "encoding", "delimiter"),
    [
        ("name;founded\r\nSociété; 1998\r\n".encode(), "utf-8", ";"),
        ("name,founded\nSociété, 1998\n".encode("utf-8-sig"), "utf-8", ","),
        ("name\tfounded\rSociété\t 1998\r".encode("cp1252"), "cp1252", "\t"),
        ("name;founded\nSociété; 1998\n".encode("utf-16"), "utf-16", ";"),
        ("sep=;\nname;founded\nSociété; 1998".encode(), "utf-8", ";"),
    ],
)
def test_text_is_read_as_spreadsheets_write_it(file: Path, content: bytes, encoding: str, delimiter: str) -> None:
    file.write_bytes(content)
    assert read(file) == (encoding, delimiter, {1: ["name", "founded"], 2: ["Société", " 1998"]})


def test_rows_have_the_numbers_of_a_spreadsheet(file: Path) -> None:
    file.write_text('name,about\n\n"Kilang","two\nlines, ""quoted"""\n,,\nlast,\n')
    assert read(file)[2] == {1: ["name", "about"], 3: ["Kilang", 'two\nlines, "quoted"'], 5: ["last"]}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook", "old"),
        (b"name\0,founded\n", "no_text"),
        (b"\x81\x8d\x8f,\xff\n", "no_text"),
        (b'name\n"never closed\nx\n', "quotes"),
        (b'name\n"closed" too early"\n', "quotes"),
        (b"name\n" + b"x" * 1_100_000, "long_row"),
        (b'name\n"' + b"line\n" * 300_000, "long_row"),
        (b"name\n" + b"," * 1200 + b"x\n", "many_columns"),
        (b"PK\x03\x04 is no archive", "damaged"),
    ],
)
def test_what_cannot_be_read_is_told_plainly(file: Path, content: bytes, problem: str) -> None:
    file.write_bytes(content)
    assert refusal(file) == problem


def test_a_row_of_a_hundred_megabytes_is_refused_without_being_held(file: Path) -> None:
    with file.open("wb") as out:
        out.write(b"name\n")
        for _ in range(100):
            out.write(b"a," * 500_000)
    assert refusal(file) == "long_row"


def workbook(file: Path, rows: list[list[Any]], percent: tuple[int, int] | None = None) -> Path:
    book = xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("Firms")
    share = book.add_format({"num_format": "0.0%"})
    for place, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(place, column, value, *([share] if (place, column) == percent else []))
    book.close()
    return file


def test_cells_of_a_workbook_keep_what_they_mean(file: Path) -> None:
    day = datetime.datetime(2024, 3, 25)  # noqa: DTZ001  a workbook knows no zones
    path = workbook(file, [["a", "b", "c", "d", "e"], [], [day, True, 0.125, 12.0, "0123"], [None, 7.25]], (2, 2))
    name, _, rows = read(path)
    assert name == "Firms"
    assert rows == {1: ["a", "b", "c", "d", "e"], 3: ["2024-03-25", "TRUE", "12.5%", 12, "0123"], 4: [None, 7.25]}


def test_no_formula_is_run_and_none_comes_through(file: Path) -> None:
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    sheet.write_formula(0, 0, "=1+1", None, 2)
    sheet.write_formula(0, 1, '=WEBSERVICE("http://127.0.0.1/")', None, "#REF!")
    book.close()
    assert read(file)[2] == {1: [2, "#REF!"]}


def packed(file: Path, **more: bytes) -> Path:
    """A good workbook, with entries put in or in the place of others."""
    made = workbook(file, [["name"], ["Kilang"]]).read_bytes()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in more:
                new.writestr(entry.filename, old.read(entry))
        for name, content in more.items():
            new.writestr(name, content)
    return file


def sheet_xml(file: Path) -> bytes:
    with zipfile.ZipFile(workbook(file, [["name"], ["Kilang"]])) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def test_a_workbook_that_unpacks_to_far_more_is_not_opened(file: Path) -> None:
    assert refusal(packed(file, **{"xl/sharedStrings.xml": b" " * 60_000_000})) == "packed"
    assert refusal(packed(file, **{f"x{n}.xml": b"<x/>" for n in range(250)})) == "packed"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp037"])
def test_xml_that_defines_anything_is_refused_in_whatever_encoding(file: Path, encoding: str) -> None:
    body = sheet_xml(file).decode().partition("?>")[2]
    laughs = '<!DOCTYPE x [<!ENTITY a "ha">]>'
    text = f'<?xml version="1.0" encoding="{encoding}"?>{" " * 2_000_000 if encoding == "utf-8" else ""}{laughs}{body}'
    assert refusal(packed(file, **{"xl/worksheets/sheet1.xml": text.encode(encoding)})) in ("odd_xml", "packed")
    hidden = f'<?xml version="1.0" encoding="{encoding}"?>{laughs}{body}'
    assert refusal(packed(file, **{"xl/worksheets/sheet1.xml": hidden.encode(encoding)})) == "odd_xml"


def test_a_cell_far_to_the_right_or_below_costs_no_more_than_its_row(file: Path) -> None:
    far = sheet_xml(file).replace(b'r="A2"', b'r="XFD2"')
    assert refusal(packed(file, **{"xl/worksheets/sheet1.xml": far})) == "many_columns"
    deep = sheet_xml(file).replace(b'<row r="2"', b'<row r="9999999"').replace(b'r="A2"', b'r="A9999999"')
    assert refusal(packed(file, **{"xl/worksheets/sheet1.xml": deep})) == "many_rows"


def test_what_a_file_takes_beyond_its_bounds_ends_its_reader_alone(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("name\nKilang\n")
    monkeypatch.setattr("app.sheets.SCRIPT", Path(sheet_reading.__file__).with_name("no-such-script.py"))
    assert refusal(file) == "damaged"
