"""Sheets of rows become an XLSX workbook; the only importer of XlsxWriter. Nothing in a cell is ever run."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.documents import NOT_IN_XML

Cell = str | int | float | bool | None
FORMATS = {"whole": "#,##0", "one": "#,##0.0", "two": "0.00", "share": "0%", "text": "@", "plain": "General"}
LONGEST_CELL = 32_767  # characters, by the format
LONGEST_NAME = 31  # of a sheet
HEADS = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DCE8F2", "bottom": 1}
NOT_SHOWN = {"font_color": "#4D5D6C", "italic": True}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, how its numbers are written (see FORMATS), and its width in characters."""

    head: str
    form: str = "plain"
    width: int = 12


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: rows under columns. `note` is marked wherever it stands in a cell: what may not be shown."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    frozen: int = 1  # columns that stay in sight
    note: str = ""


def workbook(sheets: Sequence[Sheet], *, title: str, day: str, is_rtl: bool = False) -> bytes:
    """The workbook; equal sheets and the same ISO day give equal bytes.

    Numbers are numbers; every text is text, whatever it begins with.

    Raises:
        ValueError: a row has another number of cells than its sheet has columns.
    """
    out = io.BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }  # fmt: skip
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": clean(title), "created": datetime.fromisoformat(day or "2000-01-01")})
    heads, notes = book.add_format(HEADS), book.add_format(NOT_SHOWN)
    forms = {
        name: book.add_format({"num_format": code, "valign": "top", "text_wrap": name == "text"})
        for name, code in FORMATS.items()
    }
    for sheet in sheets:
        _write(book.add_worksheet(_name(sheet.name)), sheet, heads, notes, forms, is_rtl)
    book.close()
    return out.getvalue()


def _write(
    page: Worksheet, sheet: Sheet, heads: Format, notes: Format, forms: dict[str, Format], is_rtl: bool
) -> None:  # fmt: skip
    if is_rtl:
        page.right_to_left()
    for number, column in enumerate(sheet.columns):
        page.set_column(number, number, column.width, forms[column.form])
        page.write_string(0, number, clean(column.head), heads)
    for place, row in enumerate(sheet.rows, 1):
        for number, (cell, column) in enumerate(zip(row, sheet.columns, strict=True)):
            _cell(page, place, number, cell, notes if sheet.note and cell == sheet.note else forms[column.form])
    page.freeze_panes(1, sheet.frozen)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)


def _cell(page: Worksheet, row: int, column: int, cell: Cell, form: Format) -> None:
    if cell is None or cell == "":
        page.write_blank(row, column, None, form)
    elif isinstance(cell, bool):
        page.write_boolean(row, column, cell, form)
    elif isinstance(cell, int | float):
        page.write_number(row, column, cell, form)
    else:
        page.write_string(row, column, clean(cell), form)


def clean(text: str) -> str:
    """What a cell can hold: no character that XML forbids, no more than Excel takes."""
    return NOT_IN_XML.sub("", text)[:LONGEST_CELL]


def _name(text: str) -> str:
    """A sheet's name without the characters that Excel forbids there."""
    kept = "".join(" " if character in "[]:*?/\\" else character for character in clean(text))
    return kept.strip(" '")[:LONGEST_NAME] or "-"
