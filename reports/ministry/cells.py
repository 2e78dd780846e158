"""The cells of one wave that the report for a ministry tells of, read once from the release's file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports.columns_file import read_columns
from reports.release.cube import ALL, COLUMNS, GROUPS, SHARES, SHOWN, Cube, as_rounded

Place = tuple[str, ...]  # a code of each of GROUPS, then the indicator
SIDES = ("industry", "size", "region", "basis")


@dataclass(frozen=True, slots=True)
class Cell:
    """One indicator of one cell; every figure is None where the cell is held back, or that figure is."""

    is_shown: bool
    n: int | None
    mean: float | None
    low: float | None
    high: float | None
    sd: float | None
    p25: float | None
    p50: float | None
    p75: float | None
    shares: tuple[float, ...]  # whole per cents by level; empty where they are not told

    @property
    def has_interval(self) -> bool:
        return self.mean is not None and self.low is not None and self.high is not None


HELD = Cell(False, None, None, None, None, None, None, None, None, ())


def cells_of(cube: Cube, wave: str) -> dict[Place, Cell]:
    """One-way cells of a wave, along each of SIDES, for every indicator."""
    found: dict[Place, Cell] = {}
    for side in SIDES:
        where = {"wave": [wave], **{group: [ALL] for group in GROUPS if group != side}}
        read = read_columns(cube.path, COLUMNS, where)
        columns = [as_rounded(name, values) for name, values in read.items()]
        for values in zip(*columns, strict=True):
            row = dict(zip(read, values, strict=True))
            found[(*(str(row[group]) for group in GROUPS), str(row["indicator"]))] = _cell(row)
    return found


def _cell(row: Mapping[str, Any]) -> Cell:
    """What is not shown is dropped here, whatever the file may hold."""
    if row["status"] != SHOWN:
        return HELD
    shares = tuple(float(row[name]) for name in SHARES if row[name] is not None)
    n = None if row["n"] is None else int(row["n"])
    mean, low, high, sd, p25, p50, p75 = (row[name] for name in ("mean", "low", "high", "sd", "p25", "p50", "p75"))
    return Cell(True, n, mean, low, high, sd, p25, p50, p75, shares)
