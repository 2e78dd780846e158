"""The cells of one wave, as the report reads them from the release's file."""

import numpy as np

from reports.columns_file import read_columns
from reports.ministry.cells import HELD, cells_of
from reports.release.cube import COLUMNS, KEYS, Cube


def columns_of(read: dict[str, list[object]]) -> dict[str, np.ndarray]:
    """Columns as they were read, as they are written."""
    text = {*KEYS, "status"}
    return {
        name: np.array(values) if name in text else np.array([np.nan if v is None else v for v in values], dtype=float)
        for name, values in read.items()
    }


def test_cells_are_those_of_the_file_and_of_one_wave(cube: Cube) -> None:
    read = read_columns(cube.path, COLUMNS, {"wave": ["2026"]})
    found = cells_of(cube, "2026")

    assert len(found) == len(read["n"])
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in zip(*read.values(), strict=True)]
    for row in rows[::97]:
        cell = found[tuple(str(row[name]) for name in KEYS if name != "wave")]
        assert cell == HELD if row["status"] == "C" else (cell.n, cell.mean) == (row["n"], row["mean"])


def test_a_held_back_cell_has_no_figure_at_all(cube: Cube) -> None:
    held = [cell for cell in cells_of(cube, "2026").values() if not cell.is_shown]

    assert held
    assert all(cell == HELD for cell in held)
