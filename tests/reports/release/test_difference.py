"""What has changed between two releases: every cell is told by what happened to it, and rounding is no change."""

import csv
import io
import json
from pathlib import Path

from reports.release.cube import KEYS
from reports.release.difference import (
    FIGURE,
    GONE,
    NEW,
    NOW_HELD_BACK,
    NOW_SHOWN,
    differences,
    differences_csv,
    differences_json,
)
from reports.release.labels import Labels
from tests.reports.release.sample import Cell, cells, sample, written


def shown(found: list[Cell], *without: Cell) -> Cell:
    return next(cell for cell in found if cell["status"] == "F" and cell["mean"] and cell not in without)


def test_each_kind_of_change_is_told_once(tmp_path: Path) -> None:
    before, after = cells(), cells()
    gone = after.pop(next(k for k, cell in enumerate(after) if cell["industry"] == "C13"))
    new = before.pop(next(k for k, cell in enumerate(before) if cell["industry"] == "G46" and cell["status"] == "F"))
    held = shown(after)
    held |= dict.fromkeys(held.keys() - {*KEYS, "status"}) | {"status": "C"}
    told = next(cell for cell in after if cell["status"] == "C" and cell is not held)
    told |= {"status": "F", "n": 10, "mean": 2.0}
    moved = shown(after, held, told, new, gone)
    moved["mean"] += 0.3
    rounded = shown(after, held, told, new, gone, moved)
    rounded |= {"mean": round(rounded["mean"] + 0.1, 1), "n": rounded["n"] + 5}
    (tmp_path / "old").mkdir()
    old, this = written(tmp_path / "old", before), written(tmp_path, after)

    found = list(differences(old, this))

    def key(cell: Cell) -> tuple[str, ...]:
        return tuple(cell[name] for name in KEYS)

    assert {(change.keys, change.kind, change.figures) for change in found} == {
        (key(gone), GONE, ()),
        (key(new), NEW, ()),
        (key(held), NOW_HELD_BACK, ()),
        (key(told), NOW_SHOWN, ()),
        (key(moved), FIGURE, ("mean",)),
    }
    assert [change.keys for change in found] == sorted(change.keys for change in found)
    rows = list(
        csv.DictReader(
            io.StringIO(b"".join(differences_csv(old, this, Labels(this.manifest, "en"))).decode("utf-8-sig"))
        )
    )
    assert [row["change"] for row in rows] == [change.kind for change in found]
    row = next(row for row in rows if row["change"] == NOW_HELD_BACK)
    assert (row["status_after"], row["n_after"], row["mean_after"]) == ("C", "", "")
    counted = json.loads(differences_json(old, this))
    assert counted["counts"] == dict.fromkeys((GONE, NEW, NOW_HELD_BACK, NOW_SHOWN, FIGURE), 1)
    assert len(counted["first"]) == 5


def test_equal_releases_have_no_differences(tmp_path: Path) -> None:
    cube = sample(tmp_path)

    assert list(differences(cube, cube)) == []
    assert json.loads(differences_json(cube, cube))["counts"] == {}


def test_another_year_is_new_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    old = written(tmp_path / "old", [cell for cell in cells() if cell["wave"] == "2025"])

    found = list(differences(old, sample(tmp_path)))

    assert {(change.kind, change.keys[0]) for change in found} == {(NEW, "2026")}
    assert len(found) == sum(cell["wave"] == "2026" for cell in cells())
