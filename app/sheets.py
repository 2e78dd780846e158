"""Sheets that people send: known by their content, opened in a process of its own, read as a stream of rows."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson

from assessment.errors import N_, Invalid
from assessment.import_cells import Batch

# Run, never imported here: that would bring the reader of workbooks into every process.
SCRIPT = Path(__file__).with_name("sheet_reading.py")
PROBLEMS: Mapping[str, str] = {
    "old": N_("This is a workbook of an old kind, or one with a password. Save it as XLSX without a password."),
    "protected": N_("The workbook is protected by a password. Save it without one."),
    "packed": N_("Far more is packed into this workbook than a list of firms holds. Save the sheet as CSV instead."),
    "odd_xml": N_("The workbook holds what spreadsheets do not write. Save the sheet as CSV instead."),
    "no_sheet": N_("There is no sheet to read in this file."),
    "no_text": N_("This is neither a workbook (XLSX) nor text. Save it as XLSX, or as CSV in UTF-8."),
    "long_row": N_("Row %(row)d is too long to be one firm. Is there a quotation mark without its second half?"),
    "quotes": N_("Row %(row)d cannot be read: a quotation mark stands in the wrong place."),
    "many_rows": N_("The file has more than 2,000,000 rows. Send it in parts."),
    "many_columns": N_("Row %(row)d has more than 1,000 cells."),
    "damaged": N_("The file cannot be read: it is damaged, or it needs far more memory than a list of firms."),
    "gone": N_("The file is not here any more. Send it once more."),
    "empty": N_("There is nothing in this file."),
}


class UnreadableSheet(Invalid):
    """The file as a whole cannot be read; the message says why and what to do."""

    def __init__(self, problem: str, row: int = 0) -> None:
        self.problem = problem
        super().__init__(PROBLEMS.get(problem, PROBLEMS["damaged"]), row=row)


@dataclass(frozen=True, slots=True)
class Sheet:
    """An open sheet: how it was read, and its rows."""

    encoding: str  # utf-8 | utf-16 | cp1252; empty for a workbook
    delimiter: str  # empty for a workbook
    name: str  # of the workbook's sheet
    batches: Iterator[Batch]


def kind_of(path: Path) -> str:
    """xlsx or csv, by the content.

    Raises:
        UnreadableSheet: it is nothing that is read here.
    """
    with path.open("rb") as file:
        begin = file.read(8)
    if not begin:
        raise UnreadableSheet("empty")
    if begin.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableSheet("old")
    return "xlsx" if begin.startswith(b"PK\x03\x04") else "csv"


@contextmanager
def open_sheet(path: Path) -> Iterator[Sheet]:
    """Read a sheet in a process of its own, whose memory and time are bounded; rows come as they are asked for.

    Raises:
        UnreadableSheet: now, or while its rows are read.
    """
    command = [sys.executable, "-I", str(SCRIPT), kind_of(path), str(path)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603
    assert process.stdout is not None  # noqa: S101  it was asked for
    try:
        told = _next(process.stdout)
        yield Sheet(
            encoding=told.get("encoding", ""),
            delimiter=told.get("delimiter", ""),
            name=told.get("sheet", ""),
            batches=_batches(process.stdout),
        )
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def _batches(lines: IO[bytes]) -> Iterator[Batch]:
    while "end" not in (part := _next(lines)):
        yield Batch(part["numbers"], part["rows"])


def _next(lines: IO[bytes]) -> dict[str, Any]:
    line = lines.readline()
    if not line.endswith(b"\n"):
        raise UnreadableSheet("damaged")  # it has ended early: out of memory, out of time
    part: dict[str, Any] = orjson.loads(line)
    if "problem" in part:
        raise UnreadableSheet(part["problem"], part["row"])
    return part
