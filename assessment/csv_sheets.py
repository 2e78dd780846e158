"""Tables as CSV files that a spreadsheet opens without taking a text for a formula."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

MARK = b"\xef\xbb\xbf"  # by which spreadsheets know UTF-8
BATCH = 5_000  # rows that are written at a time
# What a spreadsheet takes for the beginning of a formula, also behind spaces and in its full-width form.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_text(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip(" \u00a0").startswith(FORMULA) else text


def cell(value: Any) -> Any:
    """A value as it stands in a cell: numbers stay numbers, lists and objects are JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    if isinstance(value, str):
        return safe_text(value)
    return safe_text(json.dumps(value, ensure_ascii=False, sort_keys=True))


def sheet(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """A CSV file in UTF-8, marked as such for spreadsheets."""
    return b"".join(sheet_parts(columns, rows))


def sheet_parts(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The same in parts: a large file is never in memory as a whole."""
    yield MARK
    yield from lines([[safe_text(name) for name in columns]])
    yield from lines([cell(row.get(name)) for name in columns] for row in rows)


def lines(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Rows as lines of CSV, some thousand of them at a time."""
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows(batch)
        yield text.getvalue().encode()
