"""Tables cut from a release: codes in their order, what is held back stays so, and what it does not hold is told."""

from pathlib import Path

import numpy as np
import pytest

from reports.release.cube import ABSENT, HELD_BACK, KEYS, NUMBERS, SHOWN, NoSuchTable
from tests.reports.release.sample import cells, sample, written


def test_a_table_of_one_side_has_the_total_first_and_every_figure_of_its_kind(tmp_path: Path) -> None:
    table = sample(tmp_path).table("size", figure="median")

    given = {cell["size"]: cell for cell in cells() if cell["wave"] == "2026" and cell["indicator"] == "overall"
             and all(cell[key] == "_T" for key in KEYS if key not in ("wave", "size", "indicator"))}  # fmt: skip
    assert table.rows == ("_T", "micro", "small", "medium", "large")
    assert table.columns == ("_T",)
    assert table.fixed["wave"] == "2026"
    for place, code in enumerate(table.rows):
        assert table.status[place, 0] == given[code]["status"]
        for name in ("p25", "p50", "p75"):
            assert table.figures[name][place, 0] == pytest.approx(given[code][name] or np.nan, nan_ok=True)


def test_every_table_says_of_each_cell_what_the_file_says(tmp_path: Path) -> None:
    cube = sample(tmp_path)
    given = {tuple(cell[key] for key in KEYS): cell for cell in cells()}

    table = cube.table("division", "region", indicator="D:process", wave="2025", size="small")

    assert table.rows == ("_T", "C", "C10", "C13", "G", "G46")
    assert table.columns == ("_T", "MY-01", "MY-10", "_U")
    for row, industry in enumerate(table.rows):
        for column, region in enumerate(table.columns):
            cell = given["2025", industry, "small", region, "_T", "_T", "D:process"]
            assert table.status[row, column] == cell["status"]
            assert table.n[row, column] == pytest.approx(cell["n"] or np.nan, nan_ok=True)
            assert table.values[row, column] == pytest.approx(cell["mean"] or np.nan, nan_ok=True)
    assert {SHOWN, HELD_BACK} == set(table.status.flat)


def test_a_crossing_without_firms_has_no_status(tmp_path: Path) -> None:
    table = sample(tmp_path).table("division", "size", region="_U", industry="G")

    assert table.rows == ("G", "G46")
    assert table.status[1, table.columns.index("micro")] == ABSENT


def test_a_side_may_be_called_by_its_column_and_a_name(tmp_path: Path) -> None:
    cube = sample(tmp_path)

    assert cube.table("industry:section").rows == cube.table("section").rows == ("_T", "C", "G")
    assert cube.table("indicator:dimension", "industry:section").rows == ("overall", "D:process", "D:technology")
    assert cube.table("wave", "size").rows == ("2025", "2026")
    assert cube.table("question", figure="shares").rows == ("Q:skills.training",)


@pytest.mark.parametrize(
    ("rows", "columns"), [("nonsense", ""), ("section", "division"), ("size:section", ""), ("size", "size"), ("", "")]
)
def test_sides_that_do_not_go_together_are_refused(tmp_path: Path, rows: str, columns: str) -> None:
    with pytest.raises(NoSuchTable):
        sample(tmp_path).table(rows, columns)


def test_a_crossing_that_has_its_totals_only_is_not_held(tmp_path: Path) -> None:
    cube = sample(tmp_path)

    assert cube.table("section", "size").is_held
    assert cube.table("ownership").is_held
    assert not cube.table("ownership", "size").is_held
    assert not cube.table("basis", region="MY-01").is_held
    assert cube.table("question", "section", figure="shares").is_held


def test_what_is_held_back_has_no_figure_even_where_a_file_has_one_by_mistake(tmp_path: Path) -> None:
    found = cells()
    wrong = next(
        cell
        for cell in found
        if cell["status"] == "C" and cell["wave"] == "2026" and cell["indicator"] == "overall"
        if cell["region"] != "_T" and cell["industry"] == cell["size"] == "_T"
    )
    wrong |= {"mean": 4.4, "n": 5, "low": 4.4, "high": 4.4}
    cube = written(tmp_path, found)

    table = cube.table("region")

    place = table.rows.index(wrong["region"])
    assert np.isnan([table.n[place, 0], *(values[place, 0] for values in table.figures.values())]).all()
    held_back = [cell for cell in cube.cells() if cell[len(KEYS)] == HELD_BACK]
    assert len(held_back) == sum(cell["status"] == "C" for cell in found)
    assert all(cell[len(KEYS) + 1 :] == (None,) * len(NUMBERS) for cell in held_back)


def test_every_cell_is_read_once_in_order(tmp_path: Path) -> None:
    found = [cell[: len(KEYS)] for cell in sample(tmp_path).cells()]

    assert found == sorted(tuple(cell[key] for key in KEYS) for cell in cells())
