"""What a release tells beside its cells: coverage by the business register, change in the same firms, the funnel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import funnel
from assessment.outcomes import NO_SCORE, step
from assessment.release_codes import codes_of, laid_over, sections_of, with_gone
from assessment.release_making import OVERALL, PROFILE, Known, Making, Wave
from assessment.release_units import SECTION_CODES, SECTION_OF_LEAF, SIZE_CODES, UNKNOWN
from assessment.tables import RegisterCount
from questionnaires.schema import Questionnaire
from scoring import coverage as covering
from scoring import panel_change
from scoring.coverage import Assessed, Registered
from scoring.dominance import Rules
from scoring.lattices import Array
from scoring.panel_change import Kept, Label, Panel
from scoring.published_figures import rounded_to
from scoring.release_tables import INDUSTRY, REGION, SECTION, SIZE, TOTAL
from scoring.rounding import profile_rows
from scoring.waves import Earlier, Firms

ALL = "_T"
Codes = NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Register:
    """The business register as it was loaded; no rows where none was."""

    rows: tuple[Registered, ...] = ()
    source: str = ""
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class KeptPanel:
    """A panel that went out: of which two years, and what is kept of it."""

    years: tuple[int, int]
    kept: Kept


def register_of(session: Session, programme_id: int) -> Register:
    query = select(RegisterCount).where(RegisterCount.programme_id == programme_id).order_by(RegisterCount.id)
    rows = session.scalars(query).all()
    if not rows:
        return Register()
    told = tuple(Registered(row.isic_section, row.size, row.region, row.firms) for row in rows)
    return Register(told, rows[-1].source, rows[-1].as_of)


def coverage_of(making: Making, wave: Wave, register: Register) -> dict[str, Any]:
    """How far the firms of a wave stand for those of the register, inside what the wave shows."""
    codes = _codes(making, wave)
    firms = Assessed(wave.units.groups, codes, _scores(making.questionnaire, wave))
    scale = making.questionnaire.scale
    return covering.coverage(
        firms,
        register.rows,
        _shown(making, wave),
        making.rules,
        (scale.min, scale.max),
        register.source,
        register.as_of,
    )


def panel_of(
    making: Making, waves: Sequence[Wave], known: Mapping[int, Sequence[Known]]
) -> tuple[list[dict[str, Any]], KeptPanel | None]:
    """The change in the same firms between the newest two waves, and what the next release must know of it.

    `known` is what earlier releases showed of each wave, `known_from` their panels among it.
    """
    if len(waves) < 2:
        return [], None
    first, second = sorted(waves, key=lambda wave: wave.year)[-2:]
    made: Panel = panel_change.panel(
        _as_wave(making, first, known),
        _as_wave(making, second, known),
        (str(first.year), str(second.year)),
        len(making.questionnaire.profiles.bins),
        making.rules,
    )
    kept = None if made.kept is None else KeptPanel((first.year, second.year), made.kept)
    return made.rows, kept


def known_from(making: Making, before: Sequence[KeptPanel], year: int) -> list[Known]:
    """What the panels of earlier releases showed of a wave, as cells of its own tables."""
    found = []
    for panel in before:
        if year in panel.years:
            earlier = _in_tables(making, panel.kept, panel.kept.first if year == panel.years[0] else panel.kept.second)
            found.append(Known({OVERALL: earlier, PROFILE: earlier}))
    return found


def _in_tables(making: Making, kept: Kept, firms: Firms) -> Earlier:
    sections, sizes = kept.codes
    today, leaves = codes_of(making), np.zeros((len(TOTAL), len(sections)), dtype=np.int64)
    industry, leaves[INDUSTRY] = np.unique([code + UNKNOWN for code in sections.tolist()], return_inverse=True)
    size, leaves[SIZE] = np.unique([code or UNKNOWN for code in sizes.tolist()], return_inverse=True)
    codes = today | {"industry": tuple(industry.tolist()), "size": tuple(size.tolist())}
    cells = laid_over(codes, today, leaves, (TOTAL, _one_way(INDUSTRY, SECTION), _one_way(SIZE, 0)))
    out = {label for label, is_out in zip(kept.labels, kept.shown.tolist(), strict=True) if is_out}
    named = with_gone(today, codes)
    by: Mapping[int, tuple[str, int, Sequence[str]]] = {
        1: ("section", INDUSTRY, sections_of(named["industry"])),
        2: ("size", SIZE, named["size"]),
    }
    labels: list[Label] = []
    for table, at in zip(cells.table.tolist(), cells.codes.tolist(), strict=True):
        name, side, listed = by.get(table, ("total", 0, ()))
        labels.append((name, listed[at[side]] if listed else ALL))
    return Earlier(firms, cells, np.array([label in out for label in labels], dtype=np.bool_))


def _one_way(side: int, level: int) -> tuple[int, ...]:
    return tuple(level if place == side else part for place, part in enumerate(TOTAL))


def funnel_of(session: Session, programme_id: int, today: date, rules: Rules) -> list[dict[str, Any]]:
    """How many cases have come how far, rounded; held back where they are few, or none: the first one is not told.

    Nothing where no step has enough.
    """
    rows = []
    for each in funnel.figures(session, programme_id, today):
        few = each.reached < rules.threshold
        told = int(rounded_to(np.array([each.reached]), rules.base)[0])
        rows.append(
            {"state": each.state, "status": "C"} if few else {"state": each.state, "status": "F", "cases": told}
        )
    return rows if any(row["status"] == "F" for row in rows) else []


def _as_wave(making: Making, wave: Wave, known: Mapping[int, Sequence[Known]]) -> panel_change.Wave:
    units, whole = wave.units, wave.populations[0]
    firms = Firms(units.ids, units.groups)
    earlier = [found for each in known.get(wave.year, ()) if (found := each.by_indicator.get(OVERALL)) is not None]
    score, codes = _scores(making.questionnaire, wave), _codes(making, wave)
    return panel_change.Wave(
        firms,
        (Earlier(firms, whole.cells, whole.shown), *earlier),
        units.firms,
        codes["section"],
        codes["size"],
        score,
        profile_rows(making.questionnaire.profiles, making.questionnaire.scale, score).astype(np.int64),
    )


def _scores(questionnaire: Questionnaire, wave: Wave) -> Array:
    steps = wave.units.scores[:, 0]
    scale = questionnaire.scale
    return np.where(steps == NO_SCORE, np.nan, scale.min + steps.astype(np.float64) * step(scale))


def _codes(making: Making, wave: Wave) -> dict[str, Codes]:
    """The code of each firm by margin, "" where it is not known."""
    leaves = wave.units.leaves
    section = np.array(SECTION_CODES)[np.array(SECTION_OF_LEAF)[leaves[INDUSTRY]]]
    size, region = np.array(SIZE_CODES)[leaves[SIZE]], np.array(making.regions)[leaves[REGION]]
    found = {"section": section, "size": size, "region": region}
    return {name: np.where(codes == UNKNOWN, "", codes) for name, codes in found.items()}


def _shown(making: Making, wave: Wave) -> dict[str, set[str]]:
    """The codes of each margin whose one-way cell of the overall score goes out; "" is what is not known."""
    whole = wave.populations[0]
    cells, tables = whole.cells, whole.cells.lattice.tables
    names: dict[str, tuple[int, int, Sequence[str]]] = {
        "section": (INDUSTRY, SECTION, SECTION_CODES),
        "size": (SIZE, 0, SIZE_CODES),
        "region": (REGION, 0, making.regions),
    }
    found: dict[str, set[str]] = {"total": set()}
    if TOTAL in tables and whole.shown[cells.table == tables.index(TOTAL)].any():
        found["total"] = {ALL}
    for name, (side, level, codes) in names.items():
        one_way = _one_way(side, level)
        at = (cells.table == tables.index(one_way)) & whole.shown if one_way in tables else np.zeros(0, dtype=np.bool_)
        # A wave that stands may have codes that are gone: no firm of today is theirs.
        named = (
            {codes[number] for number in cells.codes[at, side].tolist() if number < len(codes)} if at.any() else set()
        )
        found[name] = {"" if code == UNKNOWN else code for code in named}
    return found
