"""What can be chosen on the page of a release: the selects of the form, in the reader's language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.explorer_query import Query, sides
from assessment.errors import N_
from reports.release.cube import ALL, GROUPS, SHARES, SIDES, Cube, kind_of
from reports.release.labels import Labels

KINDS = {
    "overall": N_("Overall"), "profile": N_("Overall"), "dimension": N_("Dimensions"), "question": N_("Questions"),
    "technology": N_("Technologies in use"), "action": N_("Actions of firms"),
    "hindrance": N_("What stands in the way"),
}  # fmt: skip
SORT_NAMES = (
    ("", N_("As listed")),
    ("name", N_("By name")),
    ("high", N_("Highest first")),
    ("low", N_("Lowest first")),
)
Say = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Choice:
    """One select: options in groups, each of a heading, which may be empty, and of values with their texts."""

    name: str
    text: str
    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    chosen: str


def choices(cube: Cube, query: Query, labels: Labels, say: Say) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """The selects of the table's shape, and those that narrow down whom it is about."""
    there = [(side, labels.side(side)) for side in sides(cube)]
    of_rows = SIDES[query.rows]
    columns = [("", say(N_("None")))] + [(side, name) for side, name in there if SIDES[side] != of_rows]
    shape = [
        _plain("rows", say(N_("Rows")), there, query.rows),
        _plain("columns", say(N_("Columns")), columns, query.columns),
        _plain("figure", say(N_("Figure")), _figures(query, labels), query.told),
    ]
    if query.has_indicator:
        shape.append(_indicators(cube, query, labels, say))
    shape.append(_plain("sort", say(N_("Order")), [(code, say(text)) for code, text in SORT_NAMES], query.sort))
    return tuple(shape), tuple(_narrowing(cube, query, labels))


def _plain(name: str, text: str, options: Sequence[tuple[str, str]], chosen: str) -> Choice:
    return Choice(name, text, (("", tuple(options)),), chosen)


def _figures(query: Query, labels: Labels) -> list[tuple[str, str]]:
    """The figures that this table can tell; a share of one level where the columns are taken."""
    names = ["mean", "median", "n"] + (list(SHARES[: _levels(query, labels)]) if query.columns else ["shares"])
    if query.told not in names:
        names.append(query.told)
    return [(name, labels.figure(name)) for name in names]


def _levels(query: Query, labels: Labels) -> int:
    return labels.level_count(query.indicator) if query.has_indicator else len(SHARES)


def _indicators(cube: Cube, query: Query, labels: Labels, say: Say) -> Choice:
    groups: dict[str, list[tuple[str, str]]] = {}
    for code in cube.codes("indicator"):
        heading = say(KINDS[kind_of(code)]) if kind_of(code) in KINDS else ""
        groups.setdefault(heading, []).append((code, labels.of("indicator", code)))
    listed = tuple((heading, tuple(options)) for heading, options in groups.items())
    return Choice("indicator", say(N_("Indicator")), listed, query.indicator)


def _narrowing(cube: Cube, query: Query, labels: Labels) -> list[Choice]:
    taken = {SIDES[side] for side in (query.rows, query.columns) if side}
    found: list[Choice] = []
    waves = cube.codes("wave")
    if "wave" not in taken and len(waves) > 1:
        newest_first = [(wave, wave) for wave in reversed(waves)]
        found.append(_plain("wave", labels.column("wave"), newest_first, query.wave or waves[-1]))
    fixed = dict(query.fixed)
    for name in GROUPS:
        codes = cube.codes(name)
        if name == "industry" and "division" in (query.rows, query.columns):
            codes = tuple(code for code in codes if len(code) == 1 or code == ALL)
        elif name in taken:
            continue
        if len(codes) > 1:
            options = [(code, labels.coded(name, code)) for code in codes]
            found.append(_plain(name, labels.column(name), options, fixed.get(name, ALL)))
    return found
