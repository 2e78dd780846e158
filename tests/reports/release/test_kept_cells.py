"""The cells of a release in memory: exactly the figures of its file, read once, and no more memory than is said."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from reports.columns_file import read_columns, write_columns
from reports.release import kept_cells
from reports.release.cube import KEYS, NUMBERS
from reports.release.kept_cells import cells_of
from tests.reports.release.sample import sample

KEY, ROWS = ("wave", "size"), 400


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_cells, "_kept", type(kept_cells._kept)())


def file_of(path: Path, **figures: list[float]) -> Path:
    """A file whose rows are in no order: a row for each of two years and many sizes."""
    keys = np.random.default_rng(1).permutation([f"{year}/{size:03}" for year in (2025, 2026) for size in range(200)])
    columns = {"wave": [key[:4] for key in keys], "size": [key[5:] for key in keys]}
    texts = {name: np.array(values, dtype=object) for name, values in columns.items()}
    status = np.array(["C" if size == "000" else "F" for size in columns["size"]], dtype=object)
    numbers = {name: np.resize(np.array(values, dtype=np.float32), ROWS) for name, values in figures.items()}
    write_columns(path, texts | {"status": status} | numbers)
    return path


@pytest.mark.parametrize(
    ("told", "bits"),
    [
        ([0.0, 0.7, 3.4, 5.0, np.nan], 8),
        ([0.0, 100.0, 254.0], 8),
        ([0.25, 2.54, np.nan], 8),
        ([255.0, 1340000.0], 32),
        ([-0.1, 2.0], 32),
        ([0.125, 33.3, 87.1], 32),
        ([np.nan], 8),
    ],
)
def test_a_figure_is_to_the_last_digit_what_was_rounded(tmp_path: Path, told: list[float], bits: int) -> None:
    path = file_of(tmp_path / "cube", mean=told)

    cells = cells_of(path, KEY, "status", ("mean",))

    read = read_columns(path, ("wave", "size", "status", "mean"))
    assert len(read["mean"]) == ROWS
    for wave, size, status, mean in zip(*read.values(), strict=True):
        at = cells.places({"wave": [str(wave)], "size": [str(size)]})
        assert cells.statuses[cells.status[at]] == status
        assert np.array_equal(
            cells.figures["mean"].at(at), [[np.nan if mean is None else round(mean, 4)]], equal_nan=True
        )
    assert cells.figures["mean"].values.itemsize * 8 == bits


def test_what_the_release_does_not_hold_is_nowhere(tmp_path: Path) -> None:
    cells = cells_of(file_of(tmp_path / "cube", mean=[1.0]), KEY, "status", ("mean",))

    found = cells.places({"size": ["000", "999", "001"], "wave": ["2026", "1999"]})

    assert (found >= 0).tolist() == [[True, False], [False, False], [True, False]]


def test_a_release_is_read_once_however_many_ask_for_it_together(tmp_path: Path) -> None:
    cube = sample(tmp_path)
    with ThreadPoolExecutor(8) as people:
        found = list(people.map(lambda _: cells_of(cube.path, KEYS, "status", NUMBERS), range(16)))

    cube.path.unlink()

    assert {id(each) for each in found} == {id(cells_of(cube.path, KEYS, "status", NUMBERS))}
    assert cube.table("section", "size").rows == ("_T", "C", "G")


def test_who_looks_at_a_kept_release_does_not_wait_while_another_is_read(tmp_path: Path) -> None:
    cube = sample(tmp_path)
    there = cells_of(cube.path, KEYS, "status", NUMBERS)

    with kept_cells._reading, ThreadPoolExecutor(1) as person:
        assert person.submit(cells_of, cube.path, KEYS, "status", NUMBERS).result(timeout=60) is there


def test_memory_is_bounded_and_the_release_nobody_has_looked_at_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = (file_of(tmp_path / name, mean=[1.0]) for name in ("first", "second", "third"))
    one = cells_of(first, KEY, "status", ("mean",)).bytes
    assert one == ROWS * (4 + 1 + 1)
    monkeypatch.setattr(kept_cells, "MOST_BYTES", 2 * one)

    for path in (second, first, third):
        cells_of(path, KEY, "status", ("mean",))

    assert list(kept_cells._kept) == [first, third]


def test_a_release_larger_than_the_memory_for_all_of_them_is_told_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_cells, "MOST_BYTES", 1)

    assert sample(tmp_path).table("section").rows == ("_T", "C", "G")
    assert len(kept_cells._kept) == 1
