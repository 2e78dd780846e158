"""Cells that a release cannot tell anew stand as the release before told them.

A cell is told anew only when enough firms have changed in it. Were it left out instead, the cells that turn empty would
tell in which crossing the few have come or gone. As it was is known to everybody already, so it gives nothing away:
nobody can tell whether nothing or little has changed. Where few have changed in a whole wave, all of it stands.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIDES = ("wave", "industry", "size", "region", "ownership", "basis", "indicator")
STATUS, SHOWN = "status", "F"
Columns = Mapping[str, NDArray[np.generic]]


def standing(columns: Columns, earlier: Mapping[str, Sequence[object]]) -> tuple[dict[str, NDArray[Any]], int]:
    """The columns of a wave with what `earlier` showed put in where it is held back; and in how many rows.

    `earlier` are the rows of the release before that were shown, column by column, None for no figure.
    """
    before = {key: row for row, key in enumerate(zip(*(earlier[name] for name in SIDES), strict=True))}
    held = np.flatnonzero(columns[STATUS] != SHOWN)
    names = zip(*(columns[name][held] for name in SIDES), strict=True)
    found = [(row, before[key]) for row, key in zip(held.tolist(), names, strict=True) if key in before]
    if not found:
        return dict(columns), 0
    rows, then = np.array([row for row, _ in found]), [row for _, row in found]
    put: dict[str, NDArray[Any]] = {name: values.copy() for name, values in columns.items()}
    for name, values in put.items():
        if name == STATUS:
            values[rows] = SHOWN
        elif name not in SIDES:
            told = earlier[name]
            values[rows] = [np.nan if told[row] is None else told[row] for row in then]
    return put, len(found)


def as_it_stood(columns: Columns, earlier: Mapping[str, Sequence[object]]) -> dict[str, NDArray[Any]]:
    """All rows of a wave as the release before had them, in columns of the same kinds."""
    return {
        name: np.array(earlier[name], dtype=object)
        if values.dtype == object
        else np.array([np.nan if each is None else each for each in earlier[name]], dtype=values.dtype)
        for name, values in columns.items()
    }
