"""Two releases between which one firm has joined, left, or answered anew: it is seen in no table and no download."""

import hashlib
import io
import json
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import load_workbook

from app.release_downloads import write_downloads
from app.shelf import Shelf
from reports.release.cube import Cube
from tests.factories import TINY_FOLDER
from tests.reports.published_releases import YEAR, Edit, Out, answered_anew, country, left, newcomer, units_of
from tests.reports.releases_attacker import register_of, where_it_changed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("releases")


CHANGES: dict[str, Edit] = {
    "joined": newcomer(),
    "left": left(YEAR, [3]),
    "answered anew": answered_anew(YEAR, 5, units_of(YEAR, 1, first=5, seed=99)),
}


@pytest.fixture(scope="module")
def after(sqlite_template: Path, folder: Path) -> Callable[[str], tuple[Out, Out, Out]]:
    """A release, the next one after a change, and one that forgets the first."""

    @cache
    def made(change: str) -> tuple[Out, Out, Out]:
        here = country(sqlite_template, folder, change)
        first = here.release()
        here.edit(CHANGES[change])
        found = first, here.release(), here.release(forgets=True)
        here.close()
        return found

    return made


@pytest.mark.parametrize("change", CHANGES)
def test_one_firm_is_seen_nowhere_and_without_protection_it_is_seen_where_it_is(
    after: Callable[[str], tuple[Out, Out, Out]], change: str
) -> None:
    first, second, blind = after(change)
    assert where_it_changed(first, second, YEAR) == {}
    assert first.cube == second.cube
    assert _told(first.manifest) == _told(second.manifest)
    seen = where_it_changed(first, blind, YEAR)
    came = np.setdiff1d(blind.units[YEAR].ids, first.units[YEAR].ids)
    out, unit = (blind, came) if len(came) else (first, np.setdiff1d(first.units[YEAR].ids, blind.units[YEAR].ids))
    register = register_of(out, YEAR)
    for side in ("industry", "size", "region"):
        code = str(register.codes[side][register.ids == unit[0]][0])
        assert code in seen[side] or code[:1] in seen[side]


# What a release has of its own: its number, the day it was made, and what it says of the one before.
OWN = ("release", "previous")


def _told(manifest: Any) -> Any:
    return {name: value for name, value in manifest.items() if name not in OWN}


def test_no_download_of_the_second_release_differs_when_one_firm_has_joined(
    after: Callable[[str], tuple[Out, Out, Out]],
) -> None:
    """CSV, SDMX and workbook are made of cells and manifest alone: they say the same, and the differences are none."""
    cubes = [Cube(out.cube, out.manifest) for out in after("joined")[:2]]
    shelf = Shelf(TINY_FOLDER)
    first, second = _written(shelf, cubes[0]), _written(shelf, cubes[1], cubes[0])
    for name in ("tables-en.csv", "sdmx.csv"):
        assert _lines(first[name]) == _lines(second[name])
    own = {f"release {number}." for number in (1, 2)} | {"1", "2", "None"}
    differing = _differing(first["tables-en.xlsx"], second["tables-en.xlsx"])
    assert all(any(each in value for each in own) for value in differing)
    assert len(differing) < 8
    assert sum(json.loads(second["differences.json"])["counts"].values()) == 0
    assert len(second["differences-en.csv"].decode().splitlines()) == 1


def _written(shelf: Shelf, cube: Cube, previous: Cube | None = None) -> dict[str, bytes]:
    files: dict[str, bytes] = {}

    def keep(name: str, parts: Iterable[bytes]) -> str:
        files[name] = b"".join(parts)
        return hashlib.sha256(files[name]).hexdigest()

    write_downloads(shelf, cube, ("en",), keep, previous=previous)
    return files


def _lines(content: bytes) -> list[str]:
    return content.decode("utf-8-sig").splitlines()


def _differing(first: bytes, second: bytes) -> set[str]:
    """The values of a workbook's cells that are not those of another's."""
    cells = []
    for content in (first, second):
        book = load_workbook(io.BytesIO(content), read_only=True)
        rows = ((sheet.title, at, row) for sheet in book for at, row in enumerate(sheet.values))
        cells.append({(title, at, of): value for title, at, row in rows for of, value in enumerate(row)})
    keys = cells[0].keys() | cells[1].keys()
    return {str(each.get(key)) for key in keys if cells[0].get(key) != cells[1].get(key) for each in cells}
