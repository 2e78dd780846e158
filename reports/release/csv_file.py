"""A release as CSV: an observation a row, codes beside their names, and no text that a spreadsheet would run."""

from collections.abc import Iterator, Sequence
from typing import Any

from assessment.csv_sheets import MARK, lines, safe_text
from reports.release.cube import COLUMNS, FIGURES, GROUPS, KEYS, SHARES, SIDES, Cube, CubeTable
from reports.release.labels import Labels

NAMED = (*GROUPS, "indicator")


def heads() -> tuple[str, ...]:
    """The columns of the file: those of the cube, and the name of a code behind it."""
    found: list[str] = []
    for name in COLUMNS:
        found += [name, f"{name}_name"] if name in NAMED else [name]
    return tuple(found)


def csv_parts(cube: Cube, labels: Labels, *, marked: bool = True) -> Iterator[bytes]:
    """The file in parts, with a mark for spreadsheets at its beginning where it is `marked`."""
    if marked:
        yield MARK
    yield from lines([heads()])
    yield from lines(_row(cell, labels) for cell in cube.cells())


def table_csv(table: CubeTable, labels: Labels, indicator: str = "overall") -> bytes:
    """One table as people look at it, an observation a row: its sides, whether a cell is shown, and its figures."""
    sides = [table.row_side, *([table.column_side] if table.column_side else [])]
    figures = FIGURES[table.figure]
    if table.figure == "shares":
        figures = SHARES[: labels.level_count(indicator)]
    told = [name for name in table.fixed if name not in {SIDES[side] for side in sides}]
    first = [SIDES[side] for side in sides] + told
    columns = [head for name in first for head in ((name, f"{name}_name") if name in NAMED else (name,))]
    names = [name for name in figures if name != "n"]
    rows: list[Sequence[Any]] = [(*columns, "status", "n", *names)]
    for row, row_code in enumerate(table.rows):
        for column, column_code in enumerate(table.columns):
            if table.status[row, column]:
                codes = [row_code, *([column_code] if table.column_side else []), *(table.fixed[name] for name in told)]
                values = (_told(table.n[row, column]), *(_told(table.figures[name][row, column]) for name in names))
                rows.append((*_named(first, codes, labels), str(table.status[row, column]), *values))
    return b"".join((MARK, *lines(rows)))


def _row(cell: Sequence[Any], labels: Labels) -> Sequence[Any]:
    return (*_named(KEYS, cell[: len(KEYS)], labels), *cell[len(KEYS) :])


def _named(columns: Sequence[str], codes: Sequence[str], labels: Labels) -> list[str]:
    found: list[str] = []
    for name, code in zip(columns, codes, strict=True):
        found.append(safe_text(code))
        if name in NAMED:
            found.append(safe_text(labels.of(name, code)))
    return found


def _told(value: float) -> float | int | None:
    if value != value:
        return None
    return int(value) if value == int(value) and value >= 10 else float(value)
