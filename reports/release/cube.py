"""The cells of a release as anybody may see them: tables of two sides are cut from its file, never worked out anew."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports.columns_file import read_columns
from reports.release.kept_cells import FINEST, Cells, cells_of

ALL, UNKNOWN = "_T", "_U"
SHOWN, HELD_BACK, ABSENT = "F", "C", ""  # of a cell; an absent one has no firms, or is not of this release
GROUPS = ("industry", "size", "region", "ownership", "basis")
KEYS = ("wave", *GROUPS, "indicator")
SHARES = ("s0", "s1", "s2", "s3", "s4", "s5")
QUANTILES = ("p10", "p25", "p50", "p75", "p90")
NUMBERS = ("n", "mean", "low", "high", "sd", *QUANTILES, *SHARES)
COLUMNS = (*KEYS, "status", *NUMBERS)
STATUS, NOTHING = COLUMNS.index("status"), (None,) * len(NUMBERS)
YES = "yes"  # of traits: the share of those who say so
# What a table tells: its first figure is the one that is charted and sorted by; n stands beside each.
FIGURES: Mapping[str, tuple[str, ...]] = {
    "mean": ("mean", "low", "high"),
    "median": ("p50", "p25", "p75"),
    "shares": SHARES,
    "n": ("n",),
    **{share: (share,) for share in SHARES},
    YES: ("s1",),
}
# The sides a table may have, and of which column of the file each is.
SIDES: Mapping[str, str] = {
    "section": "industry", "division": "industry", "size": "size", "region": "region", "ownership": "ownership",
    "basis": "basis", "wave": "wave", "dimension": "indicator", "question": "indicator",
    "technology": "indicator", "action": "indicator", "hindrance": "indicator",
}  # fmt: skip
TRAITS = ("technology", "action", "hindrance")  # kinds of indicators that are yes or no
ORDER: Mapping[str, tuple[str, ...]] = {
    "size": ("micro", "small", "medium", "large"),
    "ownership": ("local", "joint", "foreign"),
    "basis": ("self", "verified"),
}
Figures = NDArray[np.float64]


class NoSuchTable(Exception):
    """The sides do not go together, or are none of SIDES."""


@dataclass(frozen=True, slots=True)
class CubeTable:
    """A table: its codes, and for each of its cells whether it is shown, with which figures and of how many firms.

    Arrays are rows by columns; a table without columns has one, named `_T`. What is not told is NaN, of n too.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    row_side: str
    column_side: str
    figure: str
    fixed: Mapping[str, str]
    status: NDArray[np.str_]
    n: Figures
    figures: Mapping[str, Figures]

    @property
    def values(self) -> Figures:
        """The figure that the table is about; of shares, those of the lowest level."""
        return self.figures[FIGURES[self.figure][0]]

    @property
    def is_held(self) -> bool:
        """Whether the release holds this crossing, and not its totals only."""
        inner = self.status != ABSENT
        for codes, axis in ((self.rows, 0), (self.columns, 1)):
            totals = np.array([is_total(code) for code in codes], dtype=bool)
            if not totals.all():
                inner = inner & ~(totals[:, None] if axis == 0 else totals[None, :])
            elif (self.row_side, self.column_side)[axis]:
                return False
        return bool(inner.any())


def is_total(code: str) -> bool:
    return code in (ALL, "overall")


@dataclass(frozen=True)
class Cube:
    """A release: the file of its cells, whose name is the hash of its content, and its manifest."""

    path: Path
    manifest: Mapping[str, Any] = field(hash=False)

    def codes(self, column: str) -> tuple[str, ...]:
        """The codes that the release holds, as they are listed: totals first, unknown ones last."""
        return _codes(self.path, column, tuple(self.listed(column)))

    def listed(self, column: str) -> Sequence[str]:
        """The order of the codes of a column, as far as anybody has given one."""
        if column == "indicator":
            return [str(each["id"]) for each in self.manifest.get("indicators", ())]
        if column == "wave":
            return [str(wave) for wave in self.manifest.get("waves", ())]
        return ORDER.get(column, ())

    def indicators(self, *kinds: str) -> tuple[str, ...]:
        """The indicators of these kinds that the release holds, in the questionnaire's order."""
        kind = {str(each["id"]): str(each["kind"]) for each in self.manifest.get("indicators", ())}
        return tuple(code for code in self.codes("indicator") if kind.get(code, kind_of(code)) in kinds)

    def table(
        self,
        rows: str,
        columns: str = "",
        *,
        indicator: str = "overall",
        figure: str = "mean",
        wave: str = "",
        **fixed: str,
    ) -> CubeTable:
        """The table of these sides (see SIDES), for one indicator and wave, the newest where none is named.

        `fixed` holds codes of GROUPS; what is neither a side nor fixed is all firms together. A fixed section under a
        side of divisions shows the section's own.

        Raises:
            NoSuchTable: the sides do not go together, or there is none of that name.
        """
        rows, columns = _side(rows), _side(columns) if columns else ""
        sides = [side for side in (rows, columns) if side]
        if len({SIDES[side] for side in sides}) < len(sides) or figure not in FIGURES or not set(fixed) <= {*GROUPS}:
            raise NoSuchTable((rows, columns, figure, fixed))
        rest = {"wave": wave or self.codes("wave")[-1], "indicator": indicator} | {g: fixed.get(g, ALL) for g in GROUPS}
        told = {name: code for name, code in rest.items() if name not in {SIDES[side] for side in sides}}
        industry = fixed.get("industry", ALL)
        axes = {SIDES[side]: self.side_codes(side, industry) for side in sides}
        cells = cells_of(self.path, KEYS, "status", NUMBERS)
        places = cells.places(axes | {name: (code,) for name, code in told.items()})
        places = places.reshape([*map(len, axes.values()), *(() if columns else (1,))])
        return _cut(cells, places, rows, columns, [*axes.values()], figure, told)

    def side_codes(self, side: str, industry: str = ALL) -> tuple[str, ...]:
        """The codes along a side: a total first where there is one, divisions behind their section."""
        if side == "dimension":
            return self.indicators("overall", "dimension")
        if side == "question":
            return self.indicators("question")
        if side in TRAITS:
            return self.indicators(side)
        codes = self.codes(SIDES[side])
        if side == "section":
            return tuple(code for code in codes if code in (ALL, UNKNOWN) or len(code) == 1)
        if side == "division" and industry != ALL:
            return tuple(code for code in codes if code[:1] == industry[:1])
        return codes

    def cells(self) -> Iterator[tuple[Any, ...]]:
        """Every cell in the order of COLUMNS, sorted; an industry of a wave is read at a time."""
        for wave in sorted(self.codes("wave")):
            for industry in sorted(self.codes("industry")):
                read = read_columns(self.path, COLUMNS, {"wave": [wave], "industry": [industry]}, order=KEYS)
                columns = [as_rounded(name, values) for name, values in read.items()]
                for cell in zip(*columns, strict=True):
                    yield cell if cell[STATUS] == SHOWN else (*cell[: STATUS + 1], *NOTHING)


def as_rounded(column: str, values: Sequence[Any]) -> Sequence[Any]:
    """A column's figures as they were rounded: the file's are of single precision, and 2.1 reads as 2.0999999."""
    if column == "n" or column in SHARES:
        return [None if value is None else round(value) for value in values]
    if column in NUMBERS:
        return [None if value is None else round(value, FINEST) for value in values]
    return values


def _side(name: str) -> str:
    """`section` is also called by its column, `industry:section`."""
    column, colon, side = name.partition(":")
    found = side if colon else column
    if found not in SIDES or (colon and SIDES[found] != column):
        raise NoSuchTable(name)
    return found


def kind_of(indicator: str) -> str:
    """What an indicator is, by its id alone."""
    kinds = {"D": "dimension", "Q": "question", "T": "technology", "A": "action", "H": "hindrance"}
    return kinds.get(indicator[:1] if indicator[1:2] == ":" else "", indicator)


def _cut(
    cells: Cells,
    places: NDArray[np.intp],
    rows: str,
    columns: str,
    axes: Sequence[Sequence[str]],
    figure: str,
    told: Mapping[str, str],
) -> CubeTable:
    """The table of the cells at these places, without the rows and columns that have none."""
    there = places >= 0
    down = np.flatnonzero(there.any(axis=1))
    across = np.flatnonzero(there.any(axis=0)) if columns else np.zeros(1, dtype=np.intp)
    places, there = places[np.ix_(down, across)], there[np.ix_(down, across)]
    row_codes = tuple(axes[0][int(place)] for place in down)
    column_codes = tuple(axes[1][int(place)] for place in across) if columns else (ALL,)
    status = np.where(there, cells.statuses[cells.status[places]], ABSENT)
    arrays = {
        name: np.where(status == SHOWN, cells.figures[name].at(places), np.nan)
        for name in dict.fromkeys(("n", *FIGURES[figure]))
    }
    figures = {name: arrays[name] for name in FIGURES[figure]}
    return CubeTable(row_codes, column_codes, rows, columns, figure, told, status, arrays["n"], figures)


@lru_cache(maxsize=512)
def _codes(path: Path, column: str, listed: tuple[str, ...]) -> tuple[str, ...]:
    # The file's name is the hash of its content: what was found in it stays true.
    place = {code: number for number, code in enumerate(listed)}

    def order(code: str) -> tuple[int, int, str]:
        first = -1 if is_total(code) else 1 if code == UNKNOWN else 0
        return (first, place.get(code, len(place)), code)

    return tuple(sorted(cells_of(path, KEYS, "status", NUMBERS).codes[column], key=order))
