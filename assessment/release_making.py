"""A release is made: for each wave the cells that may go out, their figures, and what the next release must know.

Everything is worked out over columns, one wave after the other, since no two waves share a cell. Scores that every firm
has follow one pattern. A score or question that some firms have no value for has a pattern of its own, over the firms
that have one and over cells of the common pattern only: so nothing follows from its sums, and whether a firm has a
value at all is protected by the common pattern, as any answer is. So has a question that all firms of some cell answer
alike (`assessment.release_wanted`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from assessment.release_units import (
    BASIS_CODES,
    INDUSTRY_CODES,
    OWNERSHIP_CODES,
    SECTION_CODES,
    SECTION_OF_LEAF,
    SIZE_CODES,
    UNKNOWN,
    Units,
    no_units,
    values_of,
)
from assessment.release_units import OVERALL as OVERALL
from assessment.release_units import PROFILE as PROFILE
from assessment.release_wanted import NOBODY, Wanted, alike_in, wanted_of
from questionnaires.schema import Questionnaire
from scoring.disclosure import NotSettled
from scoring.dominance import Rules
from scoring.lattices import Array, Cells, Integers, Lattice, Table
from scoring.release_figures import Told, nothing_told, told_of_groups, told_of_levels, told_of_scores
from scoring.release_gate import ReleaseRefused, release
from scoring.release_tables import (
    DIVISION,
    INDUSTRY,
    SINGLE,
    classifications,
    names_of,
    some_cells,
    views_of,
    wave_lattice,
)
from scoring.release_views import view
from scoring.waves import Earlier, Firms, ground

Mask = NDArray[np.bool_]
Say = Callable[[str], None]
ALL = "_T"
# Steps that are told while a release is made: a word, the wave, and of how many patterns which one.
READING, PROTECTING, FIGURING = "reading", "protecting", "figures"
STORING, WRITING = "storing", "writing"
FIGURES = ("n", "mean", "low", "high", "sd", "p10", "p25", "p50", "p75", "p90", "s0", "s1", "s2", "s3", "s4", "s5")
SIDES = ("industry", "size", "region", "ownership", "basis")


@dataclass(frozen=True, slots=True)
class Population:
    """The units that have a value for some indicators, and the cells of theirs that go out.

    `units` are places among the units of the wave, None for all. `secrets` and `narrowest` are the gate's findings.
    `ids` are numbers of all units of the wave where its own would not tell that something of them has changed.
    """

    indicators: tuple[str, ...]
    units: Integers | None
    cells: Cells
    shown: Mask
    secrets: int = 0
    narrowest: float = np.inf
    ids: Integers | None = None


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave of a release: its populations, the columns of its cells, and what of it is told.

    `secrets` and `narrowest` are the gate's findings over all `patterns`.
    """

    year: int
    units: Units
    populations: tuple[Population, ...]
    columns: Mapping[str, NDArray[np.generic]]
    shown: int
    held_back: int
    secrets: int
    narrowest: float
    patterns: int


@dataclass(frozen=True, slots=True)
class Known:
    """What an earlier release showed of a wave: its units, and for each population an `Earlier`."""

    by_indicator: Mapping[str, Earlier] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Making:
    """What is the same for every wave of a release."""

    questionnaire: Questionnaire
    rules: Rules
    regions: tuple[str, ...]

    def lattice(self, firms: int) -> Lattice:
        leaves = (len(SIZE_CODES), len(self.regions), len(OWNERSHIP_CODES), len(BASIS_CODES))
        return wave_lattice(classifications(SECTION_OF_LEAF, leaves), firms)


def make_wave(making: Making, units: Units, known: Sequence[Known], say: Say) -> Wave:
    """Protect a wave's cells, and work out the figures of those that go out.

    Raises:
        ReleaseRefused, NotSettled: the wave cannot be made safe.
    """
    populations = _populations(making, units, known, say)
    say(f"{FIGURING} {units.wave}")
    of = {indicator: population for population in populations for indicator in population.indicators}
    listed: dict[tuple[Table, ...], Cells] = {}
    blocks = [
        _block(making, units, of.get(indicator), indicator, values, listed)
        for indicator, values in values_of(making.questionnaire, units)
    ]
    columns = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    shown = int((columns["status"] == "F").sum())
    secrets = sum(population.secrets for population in populations)
    narrowest = min(population.narrowest for population in populations)
    held_back = len(columns["status"]) - shown
    return Wave(units.wave, units, populations, columns, shown, held_back, secrets, narrowest, len(populations))


def no_rows() -> dict[str, NDArray[np.generic]]:
    """The columns of a wave of which nothing is worked out."""
    texts = ("wave", *SIDES, "indicator", "status")
    return {name: np.empty(0, dtype=object) for name in texts} | {n: np.empty(0, dtype=np.float32) for n in FIGURES}


def without_firms(wave: Wave) -> Wave:
    """The wave with what is told of it, and none of its units."""
    return replace(wave, units=no_units(wave.year), populations=())


def _populations(making: Making, units: Units, known: Sequence[Known], say: Say) -> tuple[Population, ...]:
    lattice = making.lattice(units.count)
    # Columns of values are worked out twice rather than kept: of a country they take more room than all else.
    wanted_all = tuple(
        wanted_of(
            lattice,
            {name: ~np.isnan(column) for name, column in values_of(making.questionnaire, units)},
            alike_in(making.questionnaire, making.rules, units, lattice),
        )
    )
    say(f"{PROTECTING} {units.wave} 1 {1 + len(wanted_all)}")
    whole = _protected(making, units, Wanted((OVERALL, PROFILE), None, lattice.tables, NOBODY), None, known)
    found = [whole]
    for done, wanted in enumerate(wanted_all, 2):
        say(f"{PROTECTING} {units.wave} {done} {1 + len(wanted_all)}")
        if wanted.units is None and not len(wanted.alike):
            cells = some_cells(lattice, units.leaves, wanted.tables)
            shown = np.isin(names_of(cells), names_of(whole.cells)[whole.shown])
            found.append(Population(wanted.indicators, None, cells, shown))
            continue
        try:
            found.append(_protected(making, units, wanted, whole, known))
        except (ReleaseRefused, NotSettled):
            cells = some_cells(lattice, units.leaves[:, wanted.places], wanted.tables)
            nothing = np.zeros(cells.count, dtype=np.bool_)
            found.append(Population(wanted.indicators, wanted.units, cells, nothing))
    return tuple(found)


def _protected(
    making: Making, units: Units, wanted: Wanted, whole: Population | None, known: Sequence[Known]
) -> Population:
    """The cells of a population that pass the gate; of a part of the firms only cells that are shown of all."""
    some = wanted.places
    cells = some_cells(making.lattice(units.count), units.leaves[:, some], wanted.tables)
    held_back = None
    if whole is not None:
        there = np.setdiff1d(names_of(whole.cells)[whole.shown], wanted.alike)
        held_back = ~np.isin(names_of(cells), there)
    earlier = {
        id(found): found
        for release_ in known
        for indicator in wanted.indicators
        if (found := release_.by_indicator.get(indicator)) is not None
    }
    firms, before = Firms(units.ids[some], units.groups[some]), tuple(earlier.values())
    laid = ground(firms, cells, before)
    views = [view(laid, firms, cells, before, tables) for tables in views_of(wanted.tables)]
    out = release(laid, making.rules, held_back, views)
    secrets, narrowest = out.pattern.secrets.shape[0], out.protection.narrowest
    return Population(wanted.indicators, wanted.units, cells, out.pattern.shown, secrets, narrowest)


def _block(
    making: Making,
    units: Units,
    population: Population | None,
    indicator: str,
    values: Array,
    listed: dict[tuple[Table, ...], Cells],
) -> dict[str, NDArray[np.generic]]:
    """The rows of one indicator: a cell has one whether or not any firm in it has a value, which would be an answer."""
    tables = SINGLE if population is None else population.cells.lattice.tables
    if population is not None and population.units is None:
        return rows_of(making, units.wave, population.cells, indicator, _told(making, population, indicator, values))
    if tables not in listed:
        listed[tables] = some_cells(making.lattice(units.count), units.leaves, tables)
    cells = listed[tables]
    if population is None:
        return rows_of(making, units.wave, cells, indicator, nothing_told(cells.count))
    told = _told(making, population, indicator, values[population.units])
    there = np.isin(names_of(cells), names_of(population.cells))
    return rows_of(making, units.wave, cells, indicator, told.spread(there))


def rows_of(making: Making, wave: int, cells: Cells, indicator: str, told: Told) -> dict[str, NDArray[np.generic]]:
    """The rows of one indicator in one wave."""
    sides = _side_codes(cells, making.regions)
    figures = [told.n, told.mean, told.low, told.high, told.deviation, *told.percentiles.T, *told.shares.T]
    columns: dict[str, NDArray[np.generic]] = {
        "wave": np.full(cells.count, str(wave), dtype=object),
        **sides,
        "indicator": np.full(cells.count, indicator, dtype=object),
        "status": np.where(told.held_back, "C", "F").astype(object),
        **{name: column.astype(np.float32) for name, column in zip(FIGURES, figures, strict=True)},
    }
    listed = _is_listed(cells)
    return {name: column[listed] for name, column in columns.items()}


def _told(making: Making, population: Population, indicator: str, values: Array) -> Told:
    scale, cells, shown = making.questionnaire.scale, population.cells, population.shown
    if indicator == PROFILE:
        return told_of_groups(cells, values, len(making.questionnaire.profiles.bins), shown, making.rules)
    if indicator.startswith("Q:"):
        levels = making.questionnaire.questions[indicator[2:]].levels or ()
        return told_of_levels(cells, values, len(levels) - 1, shown, making.rules)
    return told_of_scores(cells, values, shown, (scale.min, scale.max), making.rules)


def _side_codes(cells: Cells, regions: Sequence[str]) -> dict[str, NDArray[np.generic]]:
    """The code of each cell for each side, `_T` for the total."""
    labels: list[list[Sequence[str]]] = [[INDUSTRY_CODES, SECTION_CODES, (ALL,)]]
    labels += [[codes, (ALL,)] for codes in (SIZE_CODES, regions, OWNERSHIP_CODES, BASIS_CODES)]
    found: dict[str, NDArray[np.generic]] = {}
    for place, side in enumerate(SIDES):
        level = np.array([table[place] for table in cells.lattice.tables])[cells.table]
        column = np.empty(cells.count, dtype=object)
        for number, names in enumerate(labels[place]):
            at = level == number
            column[at] = np.array(names, dtype=object)[cells.codes[at, place]]
        found[side] = column
    return found


def _is_listed(cells: Cells) -> Mask:
    """Whether a cell has a row: what is not known below a section is protected with the rest, and not listed."""
    level = np.array([table[INDUSTRY] for table in cells.lattice.tables])[cells.table]
    unknown = np.array([code.endswith(UNKNOWN) for code in INDUSTRY_CODES])
    listed: Mask = ~((level == DIVISION) & unknown[np.where(level == DIVISION, cells.codes[:, INDUSTRY], 0)])
    return listed
