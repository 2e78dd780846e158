"""The address of a table is its query: read, put right where it is wrong, and written in one order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from assessment.errors import N_
from reports.release.cube import ALL, FIGURES, GROUPS, SIDES, TRAITS, YES, Cube, CubeTable, kind_of

SORTS = ("", "name", "high", "low")
NAMES = ("rows", "columns", "figure", "indicator", "wave", *GROUPS, "sort")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in an address that this release does not have; `message` is a text of the app."""

    message: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Query:
    """A table that somebody asks for. What is empty is what it is where nobody says otherwise."""

    rows: str = "section"
    columns: str = ""
    figure: str = ""
    indicator: str = "overall"
    wave: str = ""
    fixed: tuple[tuple[str, str], ...] = ()
    sort: str = ""

    @property
    def told(self) -> str:
        """The figure: levels of a question and profiles are told as shares where nobody says otherwise."""
        kind = "question" if "question" in (self.rows, self.columns) else kind_of(self.indicator)
        if not self.figure and (kind in TRAITS or {self.rows, self.columns} & {*TRAITS}):
            return YES if self.columns else "shares"
        return self.figure or ("shares" if kind in ("question", "profile") and not self.columns else
                               "n" if kind in ("question", "profile") else "mean")  # fmt: skip

    @property
    def has_indicator(self) -> bool:
        """Whether the table is about one indicator, and they are none of its sides."""
        return "indicator" not in {SIDES[side] for side in (self.rows, self.columns) if side}

    def pairs(self) -> list[tuple[str, str]]:
        """The query as it stands in an address, in one order, without what goes without saying."""
        usual = Query()
        found = [("rows", self.rows if self.rows != usual.rows else ""), ("columns", self.columns)]
        found += [("figure", self.figure if self.figure != replace(self, figure="").told else "")]
        found += [("indicator", self.indicator if self.has_indicator and self.indicator != usual.indicator else "")]
        found += [
            ("wave", self.wave),
            *((name, dict(self.fixed).get(name, "")) for name in GROUPS),
            ("sort", self.sort),
        ]
        return [(name, value) for name, value in found if value]

    def address(self, link: str) -> str:
        pairs = self.pairs()
        return f"{link}?{urlencode(pairs, safe=':')}" if pairs else link

    def table(self, cube: Cube) -> CubeTable:
        return cube.table(
            self.rows, self.columns, indicator=self.indicator, figure=self.told, wave=self.wave, **dict(self.fixed)
        )


def sides(cube: Cube) -> tuple[str, ...]:
    """The sides that tables of this release may have."""
    found = []
    for side in SIDES:
        codes = cube.side_codes(side)
        if any(code not in (ALL, "overall") for code in codes) and (side != "wave" or len(codes) > 1):
            found.append(side)
    return tuple(found)


def read(cube: Cube, pairs: Iterable[tuple[str, str]]) -> tuple[Query, tuple[Problem, ...]]:
    """The query of an address, the nearest that makes sense, and what had to be put right."""
    reader = _Reader(cube, pairs)
    query = reader.query()
    return query, tuple(reader.problems)


class _Reader:
    def __init__(self, cube: Cube, pairs: Iterable[tuple[str, str]]) -> None:
        self.cube = cube
        self.given: dict[str, str] = {}
        self.problems: list[Problem] = []
        for name, value in pairs:
            if name in NAMES and value and name not in self.given:
                self.given[name] = value

    def query(self) -> Query:
        there = sides(self.cube)
        rows = self.chosen("rows", there, "section" if "section" in there else there[0])
        columns = self.chosen("columns", there, "")
        if columns and SIDES[columns] == SIDES[rows]:
            self.problems.append(Problem(N_("Rows and columns cannot be the same. Choose another for the columns.")))
            columns = ""
        figure = self.chosen("figure", tuple(FIGURES), "")
        if figure == "shares" and columns:
            self.problems.append(Problem(N_("Shares fill the columns themselves. Choose one level, or no columns.")))
            columns = ""
        indicators = self.cube.codes("indicator")
        asked = {SIDES[side] for side in (rows, columns) if side}
        indicator = self.chosen("indicator", indicators, "overall" if "overall" in indicators else indicators[0])
        waves = self.cube.codes("wave")
        wave = "" if "wave" in asked else self.chosen("wave", waves, "")
        found = Query(
            rows,
            columns,
            figure,
            "overall" if "indicator" in asked else indicator,
            "" if wave == waves[-1] else wave,
            tuple(self.fixed(rows, columns, asked)),
            self.chosen("sort", SORTS, ""),
        )
        return replace(found, figure="" if found.figure == replace(found, figure="").told else found.figure)

    def fixed(self, rows: str, columns: str, asked: set[str]) -> Iterator[tuple[str, str]]:
        for name in GROUPS:
            code = self.chosen(name, self.cube.codes(name), ALL)
            of_section = name == "industry" and "division" in (rows, columns) and len(code) == 1
            if code != ALL and (name not in asked or of_section):
                yield name, code

    def chosen(self, name: str, offered: Sequence[str], usual: str) -> str:
        value = self.given.get(name, usual)
        if value == usual or value in offered:
            return value
        message = N_("This release has no %(value)s to choose as %(name)s.")
        self.problems.append(Problem(message, {"name": name, "value": value[:40]}))
        return usual


def is_told(table: CubeTable) -> bool:
    """Whether the release holds this crossing, and this figure of it, or would but for what is held back."""
    if not table.is_held:
        return False
    shown = table.status == "F"
    return not shown.any() or any((values[shown] == values[shown]).any() for values in table.figures.values())


def nearest(cube: Cube, query: Query) -> Query:
    """The table most like the one that is asked for that the release does hold."""
    return next((each for each in _simpler(query) if is_told(each.table(cube))), Query(rows=sides(cube)[0]))


def _simpler(query: Query) -> Iterator[Query]:
    """Tables with less and less of what was asked for: other figures, fewer groups fixed, no columns."""
    yield replace(query, figure="")
    for place in reversed(range(len(query.fixed))):
        yield replace(query, fixed=query.fixed[:place] + query.fixed[place + 1 :])
    bare = replace(query, fixed=())
    yield bare
    yield replace(bare, figure="")
    if "division" in (query.rows, query.columns):
        coarse = {side: "section" if side == "division" else side for side in (query.rows, query.columns)}
        yield replace(bare, rows=coarse[query.rows], columns=coarse[query.columns])
    yield replace(bare, columns="")
    yield replace(bare, columns="", figure="")
    yield replace(bare, columns="", figure="", wave="")
    if query.columns:
        yield replace(bare, rows=query.columns, columns="", figure="")
    yield Query(rows=query.rows)
    yield Query()
