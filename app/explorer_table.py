"""A table of a release as it is looked at: names for codes, figures as people write them, marks, and groups."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from markupsafe import Markup, escape

from app.explorer_query import Query
from questionnaires import languages
from reports.release.about import HELD_SIGN
from reports.release.cube import (
    ABSENT,
    ALL,
    FIGURES,
    HELD_BACK,
    SHARES,
    SHOWN,
    SIDES,
    Cube,
    CubeTable,
    Figures,
    is_total,
)
from reports.release.labels import Labels

FEW_SIGN, NONE_SIGN = "…", "–"
TONES = 5  # the darkest


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell: `kind` is shown, held, few (too few firms for this figure) or none; marks are per cents of a track."""

    kind: str
    text: str = ""
    more: str = ""  # its interval, or its quartiles
    n: str = ""
    bar: int = 0
    start: int = 0
    length: int = 0


HELD, FEW, NONE = CellView("held", HELD_SIGN), CellView("few", FEW_SIGN), CellView("none", NONE_SIGN)
UNTOLD = {HELD.kind, FEW.kind, NONE.kind}


@dataclass(frozen=True, slots=True)
class RowView:
    name: str
    depth: int
    is_total: bool
    cell: CellView  # of a list
    toned: tuple[str, ...]  # of a heat map: each cell as it is written, or its kind where no figure is told
    n: CellView
    link: str  # the table of what is in it; empty where there is none

    def html(self, untold: Mapping[str, str]) -> Markup:
        """The cells of a heat map; `untold` has those without a figure, by kind."""
        return Markup("".join([untold.get(cell, cell) for cell in self.toned]))  # noqa: S704  figures, escaped


@dataclass(frozen=True, slots=True)
class TableView:
    """Rows in groups that cannot be told apart; one group where the order is not by figure."""

    heads: tuple[str, ...]
    groups: tuple[tuple[RowView, ...], ...]
    is_map: bool  # of several cells a row, which are toned; of one, each row has a bar
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
    is_map = bool(table.column_side) or is_shares
    form, top = _form(cube, table)
    if is_map:
        toned, cells = _toned(table, form, top, labels.code, many), [NONE] * len(table.rows)
    else:
        toned, cells = [()] * len(table.rows), _drawn(table, form, top, labels.code)
    rows = [_row(table, place, query, labels, cells[place], toned[place], link) for place in range(len(table.rows))]
    groups = [
        tuple(rows[place] for place in group) for group in _ordered(table, query.sort, [row.name for row in rows])
    ]
    kinds = {cell.kind for row in rows for cell in ((row.n,) if is_map else (row.n, row.cell))}.union(*toned)
    has_more = len(FIGURES[table.figure]) == 3
    return TableView(heads, tuple(groups), is_map, has_more, frozenset(kinds & UNTOLD))


def _row(
    table: CubeTable, place: int, query: Query, labels: Labels, cell: CellView, toned: tuple[str, ...], link: str
) -> RowView:
    code, column = table.rows[place], SIDES[table.row_side]
    depth = int(table.row_side == "division" and len(code) > 1 and code[:1] in table.rows and not is_total(code))
    n = _count(table, place, 0, labels.code)
    name = labels.coded(column, code)
    inner = _inner(query, code, link) if code != ALL else ""
    return RowView(name, depth, is_total(code) and table.row_side != "wave", cell, toned, n, inner)


def _inner(query: Query, code: str, link: str) -> str:
    """The divisions of a section."""
    if query.rows != "section" or len(code) > 1:
        return ""
    fixed = (("industry", code), *(pair for pair in query.fixed if pair[0] != "industry"))
    return Query("division", query.columns, query.figure, query.indicator, query.wave, fixed, query.sort).address(link)


def _form(cube: Cube, table: CubeTable) -> tuple[str, float]:
    """What kind of figure the table tells, and the one that fills a track."""
    first = FIGURES[table.figure][0]
    if first in SHARES:
        return "share", 100.0
    if first == "n":
        with np.errstate(invalid="ignore"):
            return "whole", float(np.nanmax(table.values, initial=0.0)) or 1.0
    tops = [float(each.get("top", 5)) for each in cube.manifest.get("indicators", ()) if each["kind"] != "profile"]
    return "score", max(tops, default=5.0)


def _toned(table: CubeTable, form: str, top: float, code: str, many: int) -> list[tuple[str, ...]]:
    """The cells of a heat map, row by row, each put together of what is written once for all cells alike."""
    names = SHARES[:many] if table.figure == "shares" else FIGURES[table.figure][:1]
    values = np.concatenate([table.figures[name] for name in names], axis=1)
    status, firms = np.repeat(table.status, len(names), axis=1), np.repeat(table.n, len(names), axis=1)
    kinds = np.where(status == HELD_BACK, HELD.kind, np.where(status == ABSENT, NONE.kind, FEW.kind))
    is_told = (status == SHOWN) & ~np.isnan(values)

    def told(value: float) -> str:
        tone = min(TONES, int(value / top * TONES + 1e-9))
        return f'<td class="t{tone}"><b>{_safe(code, form, value)}</b>'

    def counted(n: float) -> str:
        return f"<small>n {_safe(code, 'whole', n)}</small></td>"

    between = [""] * values.size
    if form == "score":
        low, high = (_each(table.figures[name], partial(_safe, code, form)) for name in FIGURES[table.figure][1:])
        pairs = zip(low, high, strict=True)
        between = [f"<small dir=ltr>{one}–{other}</small>" if one and other else "" for one, other in pairs]
    n = ["</td>"] * values.size if form == "whole" else _each(firms, counted)
    parts = zip(is_told.ravel().tolist(), kinds.ravel().tolist(), _each(values, told), between, n, strict=True)
    cells = [value + more + firms if is_shown else kind for is_shown, kind, value, more, firms in parts]
    wide = values.shape[1]
    return [tuple(cells[place * wide : (place + 1) * wide]) for place in range(len(values))]


def _each(values: Figures, write: Callable[[float], str]) -> list[str]:
    """What is written for each figure, in one line; a table has far fewer figures than cells."""
    different, places = np.unique(values, return_inverse=True)
    texts = [write(value) if value == value else "" for value in different.tolist()]
    return [texts[place] for place in places.ravel().tolist()]


def _drawn(table: CubeTable, form: str, top: float, code: str) -> list[CellView]:
    """The one cell of each row of a list, with the bar and the line that are drawn beside it."""
    found = []
    for place in range(len(table.rows)):
        status = table.status[place, 0]
        value, *ends = (float(table.figures[name][place, 0]) for name in FIGURES[table.figure])
        if status != SHOWN or value != value:
            found.append(HELD if status == HELD_BACK else NONE if status == ABSENT else FEW)
            continue
        more, start, length = "", 0, 0
        if form == "score" and all(end == end for end in ends):
            more = "–".join(_written(code, form, end) for end in ends)
            start, length = round(100 * ends[0] / top), max(1, round(100 * (ends[1] - ends[0]) / top))
        firms = "" if form == "whole" else _written(code, "whole", float(table.n[place, 0]))
        bar = min(100, max(0, round(100 * value / top)))
        found.append(CellView("shown", _written(code, form, value), more, firms, bar, start, length))
    return found


def _safe(code: str, form: str, value: float) -> str:
    return str(escape(_written(code, form, value)))


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
