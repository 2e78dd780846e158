"""A table of a release as it is looked at: names for codes, figures as people write them, marks, and groups."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from markupsafe import Markup, escape

from app.explorer_query import Query
from questionnaires import languages
from reports.release.about import HELD_SIGN
from reports.release.cube import ABSENT, ALL, FIGURES, HELD_BACK, SHARES, SIDES, Cube, CubeTable, Figures, is_total
from reports.release.labels import Labels

FEW_SIGN, NONE_SIGN = "…", "–"
TONES = 5  # the darkest


class CellView(NamedTuple):  # of which a page makes thousands
    """A cell: `kind` is shown, held, few (too few firms for this figure) or none; marks are per cents of a track."""

    kind: str
    text: str = ""
    more: str = ""  # its interval, or its quartiles
    n: str = ""
    bar: int = 0
    start: int = 0
    length: int = 0
    html: str = ""  # the cell as a heat map has it, with its tone, and nothing else


HELD, FEW, NONE = CellView("held", HELD_SIGN), CellView("few", FEW_SIGN), CellView("none", NONE_SIGN)


@dataclass(frozen=True, slots=True)
class RowView:
    name: str
    depth: int
    is_total: bool
    cells: tuple[CellView, ...]
    n: CellView
    link: str  # the table of what is in it; empty where there is none


@dataclass(frozen=True, slots=True)
class TableView:
    """Rows in groups that cannot be told apart; one group where the order is not by figure."""

    heads: tuple[str, ...]
    groups: tuple[tuple[RowView, ...], ...]
    is_map: bool  # with columns: the cells are toned; without, each row has a bar
    has_more: bool
    kinds: frozenset[str]

    @property
    def rows(self) -> int:
        return sum(map(len, self.groups))


def view_of(cube: Cube, table: CubeTable, query: Query, labels: Labels, link: str) -> TableView:
    """The table in the reader's language and in the order that was asked for."""
    is_shares = table.figure == "shares"
    indicator = query.indicator if query.has_indicator else table.rows[0] if table.rows else "overall"
    many = labels.level_count(indicator)
    if is_shares:
        heads = labels.levels(indicator, many)
    else:
        heads = tuple(labels.coded(SIDES[table.column_side], code) for code in table.columns if table.column_side)
    marks = _marks(cube, table, labels)
    rows = [_row(table, place, query, labels, marks, many, link) for place in range(len(table.rows))]
    groups = [
        tuple(rows[place] for place in group) for group in _ordered(table, query.sort, [row.name for row in rows])
    ]
    kinds = frozenset(cell.kind for row in rows for cell in (*row.cells, row.n))
    has_more = len(FIGURES[table.figure]) == 3
    return TableView(heads, tuple(groups), bool(table.column_side) or is_shares, has_more, kinds)


def _row(
    table: CubeTable,
    place: int,
    query: Query,
    labels: Labels,
    marks: Callable[[int, int, str], CellView],
    many: int,
    link: str,
) -> RowView:
    code, column = table.rows[place], SIDES[table.row_side]
    names = SHARES[:many] if table.figure == "shares" else (FIGURES[table.figure][0],)
    cells = tuple(marks(place, across, name) for across in range(len(table.columns)) for name in names)
    depth = int(table.row_side == "division" and len(code) > 1 and code[:1] in table.rows and not is_total(code))
    n = _count(table, place, 0, labels.code)
    name = labels.coded(column, code)
    inner = _inner(query, code, link) if code != ALL else ""
    return RowView(name, depth, is_total(code) and table.row_side != "wave", cells, n, inner)


def _inner(query: Query, code: str, link: str) -> str:
    """The divisions of a section."""
    if query.rows != "section" or len(code) > 1:
        return ""
    fixed = (("industry", code), *(pair for pair in query.fixed if pair[0] != "industry"))
    return Query("division", query.columns, query.figure, query.indicator, query.wave, fixed, query.sort).address(link)


def _marks(cube: Cube, table: CubeTable, labels: Labels) -> Callable[[int, int, str], CellView]:
    """What makes the view of a cell, by row, column and figure."""
    first = FIGURES[table.figure][0]
    form = "share" if first in SHARES else "whole" if first == "n" else "score"
    with np.errstate(invalid="ignore"):
        largest = float(np.nanmax(table.values, initial=0.0)) or 1.0
    tops = [float(each.get("top", 5)) for each in cube.manifest.get("indicators", ()) if each["kind"] != "profile"]
    top = {"share": 100.0, "whole": largest}.get(form, max(tops, default=5.0))
    between = FIGURES[table.figure][1:] if form == "score" else ()
    write = _toned if table.column_side or table.figure == "shares" else _drawn
    # As lists: a number out of an array costs more than all that is done with it here.
    statuses, firms = table.status.tolist(), table.n.tolist()
    figures = {name: values.tolist() for name, values in table.figures.items()}

    def mark(row: int, column: int, name: str) -> CellView:
        status = statuses[row][column]
        if status == HELD_BACK:
            return HELD
        if status == ABSENT:
            return NONE
        value = figures[name][row][column]
        if value != value:
            return FEW
        n = None if form == "whole" else firms[row][column]
        if between:
            low, high = figures[between[0]][row][column], figures[between[1]][row][column]
            if low == low and high == high:
                return write(labels.code, form, top, value, n, (low, high))
        return write(labels.code, form, top, value, n, None)

    return mark


Ends = tuple[float, float] | None


def _toned(code: str, form: str, top: float, value: float, n: float | None, ends: Ends) -> CellView:
    """A figure in a heat map, put together of parts of which a release has far fewer than cells."""
    more = _small(code, form, *ends) if ends else ""
    html = _tone(code, form, top, value) + more + _counted(code, n)
    return CellView("shown", html=Markup(html))  # noqa: S704  its parts are escaped


def _drawn(code: str, form: str, top: float, value: float, n: float | None, ends: Ends) -> CellView:
    """A figure in a list, with the bar and the line that are drawn beside it."""
    more, start, length = "", 0, 0
    if ends:
        more = f"{_written(code, form, ends[0])}–{_written(code, form, ends[1])}"
        start, length = round(100 * ends[0] / top), max(1, round(100 * (ends[1] - ends[0]) / top))
    firms = "" if n is None else _written(code, "whole", n)
    bar = min(100, max(0, round(100 * value / top)))
    return CellView("shown", _written(code, form, value), more, firms, bar, start, length)


@lru_cache(maxsize=20_000)
def _tone(code: str, form: str, top: float, value: float) -> str:
    tone = min(TONES, int(value / top * TONES + 1e-9))
    return f'<td class="t{tone}"><b>{escape(_written(code, form, value))}</b>'


@lru_cache(maxsize=20_000)
def _small(code: str, form: str, low: float, high: float) -> str:
    return f"<small dir=ltr>{escape(_written(code, form, low))}–{escape(_written(code, form, high))}</small>"


@lru_cache(maxsize=20_000)
def _counted(code: str, n: float | None) -> str:
    return "</td>" if n is None else f"<small>n {escape(_written(code, 'whole', n))}</small></td>"


@lru_cache(maxsize=20_000)
def _written(code: str, form: str, value: float) -> str:
    if form == "share":
        return languages.percent(code, value / 100)
    return languages.number(code, value, 0 if form == "whole" else 1)


def _count(table: CubeTable, row: int, column: int, code: str) -> CellView:
    status = table.status[row, column]
    if status == HELD_BACK:
        return HELD
    return NONE if status == ABSENT else CellView("shown", _written(code, "whole", float(table.n[row, column])))


def _ordered(table: CubeTable, sort: str, names: Sequence[str]) -> list[list[int]]:
    """Places of rows in order; the totals stay on top, divisions with their section, the untold last."""
    places = list(range(len(table.rows)))
    if not sort:
        return [places]
    on_top = [place for place in places if is_total(table.rows[place])]
    values = table.values[:, 0]

    def own(place: int) -> tuple[bool, float, str]:
        value = 0.0 if sort == "name" else float(values[place])
        return (value != value, 0.0 if value != value else -value if sort == "high" else value, names[place])

    section = {code: place for place, code in enumerate(table.rows) if len(code) == 1}
    is_nested = table.row_side == "division"

    def key(place: int) -> tuple[tuple[bool, float, str], ...]:
        above = section.get(table.rows[place][:1], place) if is_nested else place
        return (own(above), own(place)) if above != place else (own(place),)

    rest = sorted((place for place in places if place not in on_top), key=key)
    if sort == "name" or is_nested or table.figure != "mean":
        return [on_top + rest]
    return [on_top, *_groups(rest, table.figures["low"][:, 0], table.figures["high"][:, 0])] if on_top else _groups(
        rest, table.figures["low"][:, 0], table.figures["high"][:, 0]
    )  # fmt: skip


def _groups(places: Sequence[int], low: Figures, high: Figures) -> list[list[int]]:
    """Rows whose intervals overlap with that of the first of them stand together: nobody can say who is ahead.

    Rows without an interval end up in the group they follow.
    """
    found: list[list[int]] = []
    for place in places:
        first = found[-1][0] if found else place
        is_apart = low[place] > high[first] or high[place] < low[first]
        if not found or is_apart:
            found.append([place])
        else:
            found[-1].append(place)
    return found
