"""Cells that a release cannot tell anew stand as the release before told them, and are listed as it listed them.

A cell is told anew only when enough firms have changed in it. Were it left out instead, the cells that turn empty would
tell in which crossing the few have come or gone. As it was is known to everybody already, so it gives nothing away:
nobody can tell whether nothing or little has changed. Where few have changed in a whole wave, all of it stands. For the
same reason a cell that is held back has a row only where it had one before: the first firm of a crossing brings no row
with it, and the last one takes none along.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIDES = ("wave", "industry", "size", "region", "ownership", "basis", "indicator")
STATUS, SHOWN, HELD_BACK = "status", "F", "C"
Columns = Mapping[str, NDArray[np.generic]]
Rows = Mapping[str, Sequence[Any]]
Integers = NDArray[np.int64]


def standing(columns: Columns, earlier: Rows, least: float = 0) -> dict[str, NDArray[Any]]:
    """The columns of a wave with what `earlier` showed put in where it is held back, in an order that tells nothing.

    `earlier` are all rows of the newest release before that has the wave, column by column, None for no figure. Of
    these nothing of fewer than `least` firms is shown again.
    """
    now, then = _keys(columns, earlier)
    was_shown = _shown(earlier, least)
    held = columns[STATUS] != SHOWN
    listed = ~held | np.isin(now, then)
    put: dict[str, NDArray[Any]] = {name: values[listed].copy() for name, values in columns.items()}
    order = np.argsort(then)
    place = order[np.searchsorted(then, now[listed], sorter=order) % max(len(then), 1)] if len(then) else np.array([])
    back = np.flatnonzero(held[listed] & was_shown[place]) if len(then) else np.array([], dtype=np.int64)
    gone = np.flatnonzero(~np.isin(then, now) & ~was_shown)
    for name, values in put.items():
        if name not in (STATUS, *SIDES):
            values[back] = _numbers(earlier[name], place[back])
        elif name == STATUS:
            values[back] = SHOWN
    again = {name: _again(name, values, earlier, gone) for name, values in put.items()}
    every = np.concatenate([now[listed], then[gone]])
    sorted_ = np.argsort(every, kind="stable")
    return {name: np.concatenate([values, again[name]])[sorted_] for name, values in put.items()}


def as_it_stood(columns: Columns, earlier: Rows, least: float = 0) -> dict[str, NDArray[Any]]:
    """All rows of a wave as the release before had them, in columns of the same kinds."""
    shown = _shown(earlier, least)
    every = np.arange(len(shown))
    put: dict[str, NDArray[Any]] = {}
    for name, values in columns.items():
        if values.dtype == object:
            put[name] = np.array(earlier[name], dtype=object)
        else:
            put[name] = np.where(shown, _numbers(earlier[name], every), np.nan).astype(values.dtype)
    put[STATUS] = np.where(shown, SHOWN, HELD_BACK).astype(object)
    return put


def _shown(earlier: Rows, least: float) -> NDArray[np.bool_]:
    is_out = zip(earlier[STATUS], earlier["n"], strict=True)
    return np.array([status == SHOWN and n >= least for status, n in is_out], dtype=np.bool_)


def _again(name: str, values: NDArray[Any], earlier: Rows, rows: Integers) -> NDArray[Any]:
    """Rows of before that are held back: their codes, and no figure."""
    if name in SIDES:
        return np.array([earlier[name][row] for row in rows.tolist()], dtype=object)
    if name == STATUS:
        return np.full(len(rows), HELD_BACK, dtype=object)
    return np.full(len(rows), np.nan, dtype=values.dtype)


def _numbers(told: Sequence[Any], rows: Integers) -> NDArray[np.float64]:
    return np.array([np.nan if told[row] is None else told[row] for row in rows.tolist()], dtype=np.float64)


def _keys(columns: Columns, earlier: Rows) -> tuple[Integers, Integers]:
    """A number for each row, the same for the same codes now and before."""
    now = np.zeros(len(columns[STATUS]), dtype=np.int64)
    then = np.zeros(len(earlier[STATUS]), dtype=np.int64)
    for name in ("indicator", *(side for side in SIDES if side != "indicator")):
        words = [list(columns[name]), list(earlier[name])]
        place = {word: at for at, word in enumerate(sorted({*words[0], *words[1]}))}
        now, then = (
            key * len(place) + np.fromiter((place[word] for word in column), np.int64, len(column))
            for key, column in zip((now, then), words, strict=True)
        )
    return now, then
