"""The cells of a release as short numbers in memory, so that any table of it is found without reading its file."""

import math
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports.columns_file import read_codes, read_columns, read_numbers

MOST_BYTES = 72_000_000  # of each process, for all releases; what was looked at least recently goes first
STEPS = (1, 10, 100)  # of which most columns are whole numbers; the others stay as the file has them
NOTHING = 255  # of a column in small steps
FINEST = 4  # decimals: no figure of a release has more
Places = NDArray[np.intp]
Keys = NDArray[np.int32] | NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Column:
    """Figures: as small whole numbers of steps, or as they are where there are no `steps`."""

    values: NDArray[np.uint8] | NDArray[np.float32]
    steps: int

    def at(self, places: Places) -> NDArray[np.float64]:
        """The figures as they were rounded, 2.1 and not 2.0999999; NaN where the file tells none."""
        found = self.values[places].astype(np.float64)
        if not self.steps:
            return np.round(found, FINEST)
        found[found == NOTHING] = np.nan
        found /= self.steps
        return found


@dataclass(frozen=True, slots=True)
class Cells:
    """A release: the codes of the key's columns, and by key whether a cell is shown, and its figures."""

    codes: Mapping[str, Mapping[str, int]]
    keys: Keys
    status: NDArray[np.uint8]
    statuses: NDArray[np.str_]
    figures: Mapping[str, Column]

    @property
    def bytes(self) -> int:
        return self.keys.nbytes + self.status.nbytes + sum(column.values.nbytes for column in self.figures.values())

    def places(self, wanted: Mapping[str, Sequence[str]]) -> Places:
        """Where each crossing of the wanted codes is, an axis for each column; -1 where there is no such cell."""
        keys: NDArray[Any] = np.zeros((1,) * len(wanted), dtype=np.intp)
        there = np.ones(keys.shape, dtype=np.bool_)
        for name, codes in self.codes.items():
            # An axis of its own for each column, in the order in which they are wanted.
            shape = [-1 if name == axis else 1 for axis in wanted]
            found = np.array([codes.get(code, -1) for code in wanted[name]], dtype=np.intp).reshape(shape)
            keys, there = keys * len(codes) + found, there & (found >= 0)
        if not len(self.keys):
            return np.full(keys.shape, -1, dtype=np.intp)
        keys = keys.astype(self.keys.dtype)  # or the search would copy all of them
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(there & (self.keys[at] == keys), at, -1)


_reading, _keeping = Lock(), Lock()
_kept: OrderedDict[Path, Cells] = OrderedDict()


def cells_of(path: Path, keys: Sequence[str], status: str, figures: Sequence[str]) -> Cells:
    """The cells of a file, which is read once: its name is the hash of its content.

    One thread reads at a time; those that want the same release wait for it, those that want a kept one do not.
    """
    found = _looked_up(path)
    if found is None:
        with _reading:
            found = _looked_up(path)
            if found is None:
                found = _read(path, keys, status, figures)
                _keep(path, found)
    return found


def _looked_up(path: Path) -> Cells | None:
    with _keeping:
        if path in _kept:
            _kept.move_to_end(path)
        return _kept.get(path)


def _keep(path: Path, found: Cells) -> None:
    with _keeping:
        while _kept and sum(each.bytes for each in _kept.values()) + found.bytes > MOST_BYTES:
            _kept.popitem(last=False)
        _kept[path] = found


def _read(path: Path, keys: Sequence[str], status: str, figures: Sequence[str]) -> Cells:
    names = (*keys, status)
    texts = {name: sorted(map(str, read_columns(path, (name,), distinct=True)[name])) for name in names}
    codes = read_codes(path, texts)
    is_short = math.prod(len(texts[name]) for name in keys) <= np.iinfo(np.int32).max
    packed: NDArray[Any] = np.zeros(len(codes[status]), dtype=np.int32 if is_short else np.int64)
    for name in keys:
        packed *= len(texts[name])
        packed += codes[name]
    order = None if np.all(packed[1:] > packed[:-1]) else np.argsort(packed, kind="stable")
    return Cells(
        {name: {text: place for place, text in enumerate(texts[name])} for name in keys},
        packed if order is None else packed[order],
        codes[status] if order is None else codes[status][order],
        np.array(texts[status], dtype="<U1"),
        {name: _column(read_numbers(path, name), order) for name in figures},
    )


def _column(values: NDArray[np.float32], order: Places | None) -> Column:
    if order is not None:
        values = values[order]
    told = np.isfinite(values)
    for steps in STEPS:
        whole = np.rint(np.where(told, values, 0) * steps)
        if len(whole) and (whole.min() < 0 or whole.max() >= NOTHING):
            break
        if np.array_equal((whole / np.float32(steps))[told], values[told]):
            return Column(np.where(told, whole, NOTHING).astype(np.uint8), steps)
    return Column(values, 0)
