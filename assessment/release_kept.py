"""What the next release must know of this one: which assessment was in which cell, and which cells went out.

It never leaves the service: whoever has it could undo the protection.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessment.release_codes import Codes, codes_of, laid_over, sections_of
from assessment.release_context import KeptPanel
from assessment.release_making import OVERALL, PROFILE, SIDES, Known, Making, Population, Wave, no_rows
from assessment.release_units import SECTION_CODES, SIZE_CODES, UNKNOWN, Units
from scoring.lattices import Integers
from scoring.panel_change import Kept, panel_cells
from scoring.waves import Earlier, Firms


@dataclass(frozen=True, slots=True)
class KeptWave:
    """What is kept of a wave, in little room: a country has dozens of populations a wave.

    `codes` are those that its leaves are places among; None: those of today.
    """

    year: int
    indicators: tuple[tuple[str, ...], ...]
    arrays: dict[str, NDArray[Any]]
    codes: Codes | None = None


def kept_of(wave: Wave) -> KeptWave:
    year = str(wave.year)
    arrays: dict[str, NDArray[Any]] = {
        f"{year}.ids": wave.units.ids,
        f"{year}.groups": wave.units.groups,
        f"{year}.leaves": wave.units.leaves.astype(np.int16),
    }
    for number, population in enumerate(wave.populations):
        name = f"{year}.{number}"
        there = np.ones(wave.units.count, dtype=np.bool_)
        if population.units is not None:
            there[:] = False
            there[population.units] = True
        arrays[f"{name}.units"] = np.packbits(there)
        arrays[f"{name}.tables"] = np.array(population.cells.lattice.tables, dtype=np.int8)
        arrays[f"{name}.shown"] = np.packbits(population.shown)
        if population.ids is not None:
            arrays[f"{name}.own"] = np.ones(1, dtype=np.bool_)
            arrays[f"{year}.own"] = population.ids  # the same of all that have their own
    return KeptWave(wave.year, tuple(population.indicators for population in wave.populations), arrays)


def again(content: bytes, year: int) -> KeptWave | None:
    """What an earlier release kept of a wave, to be kept once more; None where it had none."""
    told, prefix = _told(content), f"{year}."
    if str(year) not in told["waves"]:
        return None
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        found = {name: arrays[name] for name in arrays.files if name.startswith(prefix)}
    return KeptWave(year, tuple(map(tuple, told["waves"][str(year)])), found, _codes_of(told, year))


def changes(before: KeptWave, wave: Wave) -> int:
    """How many units have come or gone since then, or have said something else of their actions."""
    now, then, year = kept_of(wave).arrays, before.arrays, before.year
    names = [name for name in (f"{year}.ids", f"{year}.own") if name in now and name in then]
    return max(len(np.setxor1d(now[name], then[name])) for name in names)


def unchanged(before: KeptWave, units: Units, own: Integers | None, known: Known) -> Wave | None:
    """The wave as an earlier release kept it, where nobody at all has changed since; its rows have to be put in.

    `own` are the numbers of the units that change with what is said of their actions, `known` what that release showed.
    """
    year, then = before.year, before.arrays
    now = {f"{year}.ids": units.ids} | ({} if own is None else {f"{year}.own": own})
    if any((name in now) != (name in then) for name in (f"{year}.ids", f"{year}.own")):
        return None
    if not all(np.array_equal(then[name], numbers) for name, numbers in now.items()):
        return None
    whole = known.by_indicator[OVERALL]
    population = Population((OVERALL, PROFILE), None, whole.cells, whole.shown)
    return Wave(year, units, (population,), no_rows(), 0, 0, 0, np.inf, len(before.indicators))


def packed(making: Making, waves: Sequence[Wave], panel: KeptPanel | None = None) -> bytes:
    """The units and shown cells of every wave, and its panel; the same for the same release, to the last byte."""
    return joined(making, [kept_of(wave) for wave in waves], panel)


def joined(making: Making, waves: Sequence[KeptWave], panel: KeptPanel | None = None) -> bytes:
    """As `packed`, of waves whose populations are gone by now."""
    arrays = {name: array for wave in waves for name, array in wave.arrays.items()}
    told: dict[str, Any] = {"waves": {str(w.year): w.indicators for w in waves}}
    told |= {"regions" if side == "region" else side: codes for side, codes in codes_of(making).items()}
    codes = {str(w.year): w.codes for w in waves if w.codes is not None and not _are_those_of(w.codes, making)}
    if codes:
        told["codes"] = codes
    if panel is not None:
        told["panel"] = list(panel.years)
        arrays |= _of_panel(panel)
    arrays["told"] = np.frombuffer(json.dumps(told, sort_keys=True).encode(), dtype=np.uint8)
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=False, **arrays)
    return out.getvalue()


def _of_panel(panel: KeptPanel) -> dict[str, NDArray[Any]]:
    kept = panel.kept
    sections, sizes = kept.codes
    return {
        "panel.ids": np.stack([kept.first.ids, kept.second.ids]),
        "panel.groups": np.stack([kept.first.groups, kept.second.groups]),
        "panel.section": np.array([SECTION_CODES.index(code or UNKNOWN) for code in sections.tolist()], dtype=np.int8),
        "panel.size": np.array([SIZE_CODES.index(code or UNKNOWN) for code in sizes.tolist()], dtype=np.int8),
        "panel.shown": np.packbits(kept.shown),
    }


def panel_in(content: bytes) -> KeptPanel | None:
    """The panel of an earlier release; None where it had none."""
    told = _told(content)
    if "panel" not in told:
        return None
    first, second = told["panel"]
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        section, size = (
            np.array(["" if code == UNKNOWN else code for code in codes])[arrays[f"panel.{name}"]]
            for name, codes in (("section", sections_of(told["industry"])), ("size", told["size"]))
        )
        waves = [Firms(*pair) for pair in zip(arrays["panel.ids"], arrays["panel.groups"], strict=True)]
        cells, _ = panel_cells((section, size))
        shown = np.unpackbits(arrays["panel.shown"], count=cells.count).astype(np.bool_)
    return KeptPanel((first, second), Kept(waves[0], waves[1], (section, size), shown))


def regions_in(content: bytes) -> tuple[str, ...]:
    """The regions of an earlier release, in its order."""
    return tuple(_told(content)["regions"])


def known_of(content: bytes, making: Making, year: int) -> Known:
    """What an earlier release showed of a wave, with whatever codes; nothing where it had no such wave."""
    return Known(_Shown(content, making, year))


def _codes_of(told: Mapping[str, Any], year: int) -> Codes:
    """The codes that a wave was kept with: those of its release, or of the one before that it stands from."""
    codes = told.get("codes", {}).get(str(year)) or {s: told["regions" if s == "region" else s] for s in SIDES}
    return {side: tuple(each) for side, each in codes.items()}


def _are_those_of(codes: Codes, making: Making) -> bool:
    """Whether places among these codes are the same among those of today: further regions stand behind."""
    stand = making.regions[: len(codes["region"])] == codes["region"]
    return stand and {**codes, "region": making.regions} == codes_of(making)


class _Shown(Mapping[str, Earlier]):
    """What an earlier release showed of a wave: a population is laid out when it is asked for, and let go after it.

    A country has dozens of them, and each takes as much room as a wave's firms.
    """

    def __init__(self, content: bytes, making: Making, year: int) -> None:
        told = _told(content)
        populations: Sequence[Sequence[str]] = told["waves"].get(str(year), ())
        self._content, self._today, self._year = content, codes_of(making), str(year)
        self._codes = _codes_of(told, year)
        self._number = {indicator: number for number, named in enumerate(populations) for indicator in named}
        self._last: tuple[int, Earlier] | None = None

    def __getitem__(self, indicator: str) -> Earlier:
        number = self._number[indicator]
        if self._last is None or self._last[0] != number:
            self._last = None
            self._last = number, self._laid_out(number)
        return self._last[1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._number)

    def __len__(self) -> int:
        return len(self._number)

    def _laid_out(self, number: int) -> Earlier:
        year, name = self._year, f"{self._year}.{number}"
        with np.load(io.BytesIO(self._content), allow_pickle=False) as arrays:
            ids = arrays[f"{year}.own" if f"{name}.own" in arrays else f"{year}.ids"]
            some = np.flatnonzero(np.unpackbits(arrays[f"{name}.units"], count=len(ids)))
            tables = [tuple(table) for table in arrays[f"{name}.tables"].tolist()]
            leaves = arrays[f"{year}.leaves"][:, some].astype(np.int64)
            cells = laid_over(self._codes, self._today, leaves, tables)
            shown = np.unpackbits(arrays[f"{name}.shown"], count=cells.count).astype(np.bool_)
            return Earlier(Firms(ids[some], arrays[f"{year}.groups"][some]), cells, shown)


def _told(content: bytes) -> dict[str, Any]:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        found: dict[str, Any] = json.loads(arrays["told"].tobytes())
    return found
