"""What a release tells beside its cells: inside what its cells show, and known to the next release."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from sqlalchemy.orm import Session

from assessment import release_context, release_kept
from assessment.release_context import Register, coverage_of, known_from, panel_of
from assessment.release_making import OVERALL, Wave, make_wave
from assessment.release_units import UNKNOWN, Units
from assessment.tables import RegisterCount
from scoring.coverage import Registered
from tests.assessment import programmes as made
from tests.release_samples import sample_making, sample_units

MAKING, FIRMS = sample_making(), 300
REGIONS = [code for code in MAKING.regions if code != UNKNOWN]
REGISTER = Register(
    tuple(Registered(section, size, "", firms) for section, size, firms in (
        ("C", "micro", 4000), ("C", "small", 2000), ("C", "medium", 500), ("C", "large", 100),
        ("H", "micro", 800), ("H", "small", 300), ("J", "small", 200), ("J", "micro", 400),
    )), "Register", "2025-12-31",
)  # fmt: skip


@lru_cache
def wave_of(year: int) -> Wave:
    return make_wave(MAKING, units_of(year), (), _quiet)


def units_of(year: int) -> Units:
    return sample_units(MAKING.questionnaire, FIRMS, year, unknown=0.0)


def _quiet(step: str) -> None:
    return None


def some(units: Units, kept: np.ndarray) -> Units:
    columns = {name: getattr(units, name)[kept] for name in ("ids", "groups", "firms", "scores", "levels")}
    return replace(units, leaves=units.leaves[:, kept], **columns)


def test_coverage_holds_back_what_the_cells_hold_back() -> None:
    wave = wave_of(2026)
    found = coverage_of(MAKING, wave, REGISTER)
    rows = wave.columns
    one_way = (rows["indicator"] == OVERALL) & (rows["ownership"] == "_T") & (rows["basis"] == "_T")
    for name, side, other in (("section", "industry", "size"), ("size", "size", "industry")):
        at = one_way & (rows["region"] == "_T") & (rows[other] == "_T")
        status = dict(zip(rows[side][at].tolist(), rows["status"][at].tolist(), strict=True))
        for row in found["margins"][name]:
            assert row["status"] == status.get(row["code"], "F"), row
            assert row["status"] == "F" or set(row) == {"code", "frame", "status"}
    assert found["total"]["n"] == FIRMS
    assert found["weights"]["deff"] > 1
    assert list(found["margins"]) == ["section", "size"]  # the register does not tell of regions


def test_a_group_of_firms_without_a_code_holds_back_no_other_when_it_is_shown_itself() -> None:
    """Regions are not known of some firms; where the release shows how these stand, nothing follows of them."""
    wave = make_wave(MAKING, sample_units(MAKING.questionnaire, 1500, 2026), (), _quiet)
    rows = [Registered(s, z, r, 100) for s in "CHJ" for z in ("micro", "small", "medium", "large") for r in REGIONS]
    found = coverage_of(MAKING, wave, Register(tuple(rows)))

    assert all(row["status"] == "F" for row in found["margins"]["region"])
    assert all("weighted_mean" in row for row in found["margins"]["region"])


def test_the_panel_is_that_of_firms_in_both_waves() -> None:
    rows, kept = panel_of(MAKING, [wave_of(2025), wave_of(2026)], {})
    total = next(row for row in rows if row["by"] == "total")

    assert (total["from"], total["to"], total["status"], total["n"]) == ("2025", "2026", "F", FIRMS)
    assert kept is not None
    assert kept.years == (2025, 2026)
    assert panel_of(MAKING, [wave_of(2026)], {}) == ([], None)


def test_what_is_kept_of_a_panel_is_read_back_as_it_was() -> None:
    waves = [wave_of(2025), wave_of(2026)]
    _, panel = panel_of(MAKING, waves, {})
    assert panel is not None
    content = release_kept.packed(MAKING, waves, panel)
    again = release_kept.panel_in(content)

    assert again is not None
    assert release_kept.packed(MAKING, waves, again) == content
    assert again.kept.labels == panel.kept.labels
    assert release_kept.panel_in(release_kept.packed(MAKING, waves)) is None


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_next_release_knows_the_cells_of_the_panel_over_its_own_units(year: int) -> None:
    _, panel = panel_of(MAKING, [wave_of(2025), wave_of(2026)], {})
    assert panel is not None
    (known,) = known_from(MAKING, [panel], year)
    earlier, before = known.by_indicator[OVERALL], panel.kept.as_earlier[year - 2025]

    def rows(of: release_context.Earlier) -> set[tuple[int, ...]]:
        cells = np.flatnonzero(of.shown)
        return {
            tuple(of.firms.ids[of.cells.of_atom[of.cells.table[cell], of.cells.atom_of_firm] == cell]) for cell in cells
        }

    assert rows(earlier) == rows(before)
    assert known_from(MAKING, [panel], 2024) == []


def test_one_firm_that_left_is_not_told_by_the_panel_of_before_and_the_cells_of_now() -> None:
    """A first release shows a panel of all; then one firm withdraws its answers. Wave less panel would be that firm."""
    waves = [wave_of(2025), wave_of(2026)]
    _, panel = panel_of(MAKING, waves, {})
    assert panel is not None
    fewer = some(units_of(2026), np.arange(1, FIRMS))
    blind = make_wave(MAKING, fewer, (), _quiet)
    knowing = make_wave(MAKING, fewer, known_from(MAKING, [panel], 2026), _quiet)

    def shows_total(wave: Wave) -> bool:
        sides = np.logical_and.reduce(
            [wave.columns[s] == "_T" for s in ("industry", "size", "region", "ownership", "basis")]
        )
        return bool((wave.columns["status"][sides & (wave.columns["indicator"] == OVERALL)] == "F").any())

    assert shows_total(blind)
    assert not shows_total(knowing)


def test_the_register_is_read_with_its_source(session: Session) -> None:
    programme = made.programme(session)
    assert release_context.register_of(session, programme.id) == Register()
    session.add(
        RegisterCount(
            programme_id=programme.id, isic_section="C", size="small", firms=12, source="SSM", as_of="2025-12-31"
        )
    )
    session.flush()

    found = release_context.register_of(session, programme.id)
    assert found == Register((Registered("C", "small", "", 12),), "SSM", "2025-12-31")
