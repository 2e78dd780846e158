"""Rows out of a sheet that somebody sent, in a process of its own: `python -I app/sheet_reading.py xlsx|csv FILE`.

Writes lines of JSON: first what the sheet is, then batches of rows with their numbers as a spreadsheet shows them, last
how many there were or why reading stopped. A cell is a text, a number or null; a day is written as ISO day, yes and no
as TRUE and FALSE, a share in a cell that shows per cent as "25%". No formula is run: what the file says is its result.
"""

import codecs
import csv
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any

import openpyxl
import orjson

MEMORY_BYTES = 1_500_000_000
CPU_SECONDS = 3600
ROWS_AT_ONCE, BYTES_AT_ONCE = 4000, 4_000_000
MOST_ROWS = 2_000_000
MOST_COLUMNS = 1000
LONGEST_ROW = 1_000_000  # characters, over all its cells and lines
LONGEST_CELL = 1000  # what is longer is cut here; nothing that fits is as long
MOST_ENTRIES = 200  # files inside a workbook
LARGEST_SHEET = 3_000_000_000  # bytes unpacked; read as a stream
LARGEST_REST = 100_000_000  # bytes unpacked of all but the sheets; held in memory
MOST_PACKED, SMALL = 100, 1_000_000  # times smaller; of what is no small file
DELIMITERS = ",;\t"
SHEETS = re.compile(r"xl/worksheets/[^/]+\.xml")
DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([^"']+)""")
# How a workbook writes a character that XML cannot hold; half a character stays as it is written.
WRITTEN_OUT = re.compile(r"_x([0-9A-Ca-cEFef][0-9A-Fa-f]{3}|[Dd][0-7][0-9A-Fa-f]{2})_")

Cell = str | int | float | None


class Stop(Exception):
    """The file cannot be read, or not further."""

    def __init__(self, problem: str, row: int = 0) -> None:
        self.problem = problem
        self.row = row
        super().__init__(problem)


def limit_ourselves() -> None:
    """A file that wants more than this ends this process, and nothing else."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def check_workbook(path: str) -> None:
    """Look at what is inside before anything is opened: how much, how tightly packed, no XML that defines."""
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES:
            raise Stop("packed")
        if any(entry.flag_bits & 1 for entry in entries):
            raise Stop("protected")
        sheets = [entry for entry in entries if SHEETS.fullmatch(entry.filename)]
        if sum(e.file_size for e in sheets) > LARGEST_SHEET:
            raise Stop("packed")
        if sum(e.file_size for e in entries) - sum(e.file_size for e in sheets) > LARGEST_REST:
            raise Stop("packed")
        if any(e.file_size > SMALL and e.file_size > MOST_PACKED * max(e.compress_size, 1) for e in entries):
            raise Stop("packed")
        if not any(entry.filename == "xl/workbook.xml" for entry in entries):
            raise Stop("no_sheet")
        for entry in entries:
            if entry.filename.endswith((".xml", ".rels", ".vml")):
                with archive.open(entry) as file:
                    _refuse_definitions(file)


def _refuse_definitions(file: IO[bytes]) -> None:
    """No document type, and no encoding in which one could hide."""
    tail, is_first = b"", True
    while block := file.read(1 << 20):
        if is_first:
            begin = block[:200].removeprefix(codecs.BOM_UTF8)
            declared = DECLARED.match(begin)
            encoding = declared[1].lower() if declared else b"utf-8"
            if not begin.lstrip().startswith(b"<") or b"\0" in begin or encoding not in (b"utf-8", b"us-ascii"):
                raise Stop("odd_xml")
            is_first = False
        if b"<!DOCTYPE" in tail + block or b"<!ENTITY" in tail + block:
            raise Stop("odd_xml")
        tail = block[-16:]


def of_workbook(path: str) -> Iterator[Any]:
    """The rows of a workbook's first sheet that is shown."""
    check_workbook(path)
    # An open file: by a path openpyxl judges from how its name ends, and ours are named by their content.
    with open(path, "rb") as file:
        yield from _rows_of_workbook(file)


def _rows_of_workbook(file: IO[bytes]) -> Iterator[Any]:
    book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    sheet = next((s for s in book.worksheets if s.sheet_state == "visible"), None)
    if sheet is None:
        raise Stop("no_sheet")
    sheet.reset_dimensions()  # what it says of its own size need not be true
    percent = _percent_styles(book)
    yield {"sheet": sheet.title, "sheets": len(book.worksheets)}
    for row in sheet.iter_rows():
        yield [_plain(cell, percent) for cell in row]


def _percent_styles(book: Any) -> frozenset[int]:
    """The styles of cells whose numbers are shown per cent."""
    builtin = {9, 10}
    own = {164 + number for number, form in enumerate(book._number_formats) if "%" in form}
    return frozenset(n for n, style in enumerate(book._cell_styles) if style.numFmtId in builtin | own)


def _plain(cell: Any, percent: frozenset[int]) -> Cell:
    value = cell.value
    if value is None or type(value) is str:
        if value and "_x" in value:
            value = WRITTEN_OUT.sub(lambda found: chr(int(found[1], 16)), value)
        return value[: LONGEST_CELL + 1] if value else None
    if type(value) in (int, float):
        if percent and cell._style_id in percent:
            return f"{value * 100:.10g}%"
        return int(value) if type(value) is float and value.is_integer() and abs(value) < 1e15 else value
    if type(value) is bool:
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        value = value.date()
    return value.isoformat() if isinstance(value, date | datetime) else str(value)[:LONGEST_CELL]


def encoding_of(path: str) -> str:
    """UTF-8 with or without mark, UTF-16 with a mark, else Windows-1252; looks at the whole file."""
    with open(path, "rb") as file:
        begin = file.read(4)
        if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        decoder = codecs.getincrementaldecoder("utf-8")()
        file.seek(0)
        try:
            while block := file.read(1 << 20):
                if b"\0" in block:
                    raise Stop("no_text")
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


class Lines:
    """The lines of a text, none longer than a row may be, and no row either: its reader sets `taken` to 0."""

    def __init__(self, file: IO[str]) -> None:
        self.file = file
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        while line := self.file.readline(LONGEST_ROW + 1):
            self.taken += len(line)
            if self.taken > LONGEST_ROW:
                raise Stop("long_row")
            yield line


def delimiter_of(line: str) -> str:
    """The comma, semicolon or tab that parts the most cells; what stands in quotation marks does not count."""
    bare = re.sub('"[^"]*"?', "", line)
    return max(DELIMITERS, key=lambda each: (bare.count(each), -DELIMITERS.index(each)))


def of_text(path: str) -> Iterator[Any]:
    """The rows of a text whose cells are parted by commas, semicolons or tabs."""
    encoding = encoding_of(path)
    csv.field_size_limit(LONGEST_ROW)
    number = 0
    with open(path, encoding=encoding, newline="") as file:
        lines = Lines(file)
        first = file.readline(LONGEST_ROW + 1)
        named = re.fullmatch(r"sep=(.)\r?\n?", first)  # a word to spreadsheets, which do not show it
        delimiter = named[1] if named else delimiter_of(first)
        if delimiter not in DELIMITERS:
            raise Stop("no_text")
        if not named:
            file.seek(0)
        yield {"encoding": encoding.removesuffix("-sig"), "delimiter": delimiter}
        rows = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            for number, row in enumerate(rows, 1):  # noqa: B007  the number is told when the next row fails
                lines.taken = 0
                yield [cell[: LONGEST_CELL + 1] if cell else None for cell in row]
        except Stop as stop:
            raise Stop(stop.problem, number + 1) from stop
        except csv.Error as error:
            problem = "long_row" if "field larger" in str(error) else "quotes"
            raise Stop(problem, number + 1) from error
        except UnicodeDecodeError as error:
            raise Stop("no_text", number + 1) from error


def batches(parts: Iterator[Any]) -> Iterator[dict[str, Any]]:
    """What the sheet is, then its rows, many at once; rows without anything in them are left out."""
    yield next(parts)
    numbers: list[int] = []
    rows: list[list[Cell]] = []
    size = 0
    number = 0
    for number, row in enumerate(parts, 1):
        if number > MOST_ROWS:
            raise Stop("many_rows", number)
        while row and row[-1] is None:
            row.pop()
        if not row:
            continue
        if len(row) > MOST_COLUMNS:
            raise Stop("many_columns", number)
        numbers.append(number)
        rows.append(row)
        size += sum(len(cell) for cell in row if type(cell) is str)
        if len(rows) == ROWS_AT_ONCE or size > BYTES_AT_ONCE:
            yield {"numbers": numbers, "rows": rows}
            numbers, rows, size = [], [], 0
    if rows:
        yield {"numbers": numbers, "rows": rows}
    yield {"end": number}


def main() -> int:
    kind, path = sys.argv[1:3]
    limit_ourselves()
    out = sys.stdout.buffer
    try:
        for part in batches((of_workbook if kind == "xlsx" else of_text)(path)):
            out.write(orjson.dumps(part, option=orjson.OPT_APPEND_NEWLINE))
    except UnicodeDecodeError:
        out.write(orjson.dumps({"problem": "no_text", "row": 0}, option=orjson.OPT_APPEND_NEWLINE))
    except Stop as stop:
        out.write(orjson.dumps({"problem": stop.problem, "row": stop.row}, option=orjson.OPT_APPEND_NEWLINE))
    except BrokenPipeError:
        return 1  # whoever asked has stopped listening
    except Exception:
        # Any other end is the file's doing, inside a library that expected something else.
        out.write(orjson.dumps({"problem": "damaged", "row": 0}, option=orjson.OPT_APPEND_NEWLINE))
    out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
