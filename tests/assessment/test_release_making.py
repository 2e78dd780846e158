"""What a release shows of a wave, attacked: alone, after an earlier one, and where some firms have no answer."""

from dataclasses import replace

import numpy as np
import pytest

from assessment import release_kept
from assessment.release_making import OVERALL, Making, Wave, make_wave
from assessment.release_units import Units
from scoring.cell_statistics import moments
from scoring.dominance import Rules
from scoring.release_tables import DEEP, SINGLE, names_of, some_cells, wave_lattice
from scoring.waves import Earlier, Firms
from tests.release_samples import sample_making, sample_units
from tests.scoring.attacker import Attacker, firm_rows, knowing

FIRMS = 140
MAKING = sample_making()


def units_of(firms: int = FIRMS, year: int = 2025, unknown: float = 0.1, first: int = 0) -> Units:
    return sample_units(MAKING.questionnaire, firms, year, unknown=unknown, first=first)


def made(units: Units, *before: tuple[Making, Wave]) -> Wave:
    known = [release_kept.known_of(release_kept.packed(m, [w]), MAKING, units.wave) for m, w in before]
    return make_wave(MAKING, units, known, lambda step: None)


def without(units: Units, gone: np.ndarray) -> Units:
    kept = np.setdiff1d(np.arange(units.count), gone)
    columns = {name: getattr(units, name)[kept] for name in ("ids", "groups", "firms", "scores", "levels")}
    return replace(units, leaves=units.leaves[:, kept], **columns)


def attacker_of(waves: list[Wave], indicator: str) -> Attacker:
    """Somebody who knows the sums of one indicator over all shown cells of all releases of a wave."""
    shown = []
    for wave in waves:
        of = next(p for p in wave.populations if indicator in p.indicators)
        some = slice(None) if of.units is None else of.units
        shown.append(Earlier(Firms(wave.units.ids[some], wave.units.groups[some]), of.cells, of.shown))
    ids = np.unique(np.concatenate([each.firms.ids for each in shown]))
    return knowing(
        shown, dict(zip(ids.tolist(), np.random.default_rng(1).uniform(0, 5, len(ids)).tolist(), strict=True))
    )


def indicators_with_own_firms(wave: Wave) -> list[str]:
    return [p.indicators[0] for p in wave.populations if p.units is not None]


def test_nobody_follows_from_any_indicator_of_a_release() -> None:
    wave = made(units_of())
    assert len(indicators_with_own_firms(wave)) >= 3
    for indicator in (OVERALL, *indicators_with_own_firms(wave)):
        attacker = attacker_of([wave], indicator)
        assert attacker.firms_that_follow() == set()
        assert attacker.small_groups(10) == 0


def test_firms_would_follow_if_answers_were_shown_wherever_the_common_pattern_shows_a_cell() -> None:
    """Without a pattern over those who answered: the attack that must succeed, so that the test above can fail."""
    small = 0
    for year in (2025, 2026):
        wave = made(units_of(year=year))
        whole = wave.populations[0]
        for population in wave.populations:
            if population.units is not None:
                shown = np.isin(names_of(population.cells), names_of(whole.cells)[whole.shown])
                ids = wave.units.ids[population.units]
                rows = firm_rows(ids, population.cells, shown, ids)
                small += Attacker(rows, np.zeros(len(ids))).small_groups(10)
    assert small > 0


def test_the_second_release_of_a_wave_does_not_tell_of_the_one_firm_that_came() -> None:
    """All its cells held 140 firms; 139 of them are the same, and so are their figures."""
    later = units_of()
    first = made(without(later, np.array([7])))
    second = made(later, (MAKING, first))
    newcomer = np.searchsorted(np.unique(later.ids), later.ids[7])
    for indicator in (OVERALL, *indicators_with_own_firms(second)):
        both = attacker_of([first, second], indicator)
        assert both.firms_that_follow() == set()
        assert both.small_groups(10) == 0
    forgetful = made(later)
    assert newcomer in attacker_of([first, forgetful], OVERALL).firms_that_follow()


def test_answers_that_were_changed_make_another_unit_that_does_not_follow() -> None:
    """A firm is reopened and submits other answers: the difference of two means would be its change."""
    before = units_of()
    ids = before.ids.copy()
    ids[7] += 5_000_000
    after = replace(before, ids=ids)
    first = made(before)
    second = made(after, (MAKING, first))
    assert attacker_of([first, second], OVERALL).firms_that_follow() == set()
    total = second.populations[0]
    assert not total.shown[np.argmax(total.cells.members().sum(axis=1))], "the total is not shown again for one change"


def test_an_unchanged_wave_goes_out_again_as_it_was() -> None:
    units = units_of()
    first = made(units)
    again = made(units, (MAKING, first))
    assert again.shown == first.shown
    assert all((again.columns[name] == first.columns[name]).all() for name in ("industry", "indicator", "status"))


def test_what_is_kept_is_the_same_bytes_and_comes_back() -> None:
    wave = made(units_of())
    content = release_kept.packed(MAKING, [wave])
    assert content == release_kept.packed(MAKING, [wave])
    back = release_kept.known_of(content, MAKING, wave.year).by_indicator
    for population in wave.populations:
        found = back[population.indicators[0]]
        assert (found.shown == population.shown).all()
        assert (names_of(found.cells) == names_of(population.cells)).all()
    assert release_kept.known_of(content, MAKING, 1999).by_indicator == {}


def test_a_dimension_that_few_have_is_counted_over_those_who_have_it() -> None:
    """Dimensions about services are asked of services only."""
    units = units_of(firms=400)
    wave = made(units)
    columns = wave.columns
    service = (columns["indicator"] == "D:people.service") & (columns["status"] == "F")
    assert set(columns["industry"][service]) <= {"_T", "H", "H52", "J", "J62"}
    total = service & np.all(
        [columns[side] == "_T" for side in ("industry", "size", "region", "ownership", "basis")], axis=0
    )
    assert columns["n"][total] == pytest.approx(400 * 0.15, abs=25)


def test_many_firms_are_crossed_three_ways_and_few_are_not() -> None:
    sides = MAKING.lattice(10).classifications
    assert set(wave_lattice(sides, 1_999).tables) == set(SINGLE)
    assert set(wave_lattice(sides, 2_000).tables) == {*SINGLE, *DEEP}


def test_sums_of_parts_of_a_country_are_those_of_the_whole() -> None:
    units = units_of()
    cells = some_cells(MAKING.lattice(units.count), units.leaves)
    values, edges = units.scores[:, 0] / 100.0, np.arange(6.0)
    there = np.arange(units.count) % 3 == 0
    whole = moments(cells, values, edges)
    parts = moments(cells, np.where(there, values, np.nan), edges) + moments(
        cells, np.where(there, np.nan, values), edges
    )
    assert (parts.n == whole.n).all()
    assert (parts.bins == whole.bins).all()
    assert parts.total == pytest.approx(whole.total)
    assert parts.squares == pytest.approx(whole.squares)


def test_a_higher_threshold_shows_less() -> None:
    units = units_of()
    strict = make_wave(sample_making(Rules(threshold=25)), units, (), lambda step: None)
    assert 0 < strict.shown < made(units).shown
    shown = strict.columns["n"][strict.columns["status"] == "F"]
    assert shown.min() >= 25
