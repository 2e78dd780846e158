"""Code lists change: a release of other industries, sizes or regions stays known, whole, to those after it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from assessment import release_kept
from assessment.release_beside import names_kept
from assessment.release_codes import laid_over, with_gone
from assessment.release_making import OVERALL, Making, Wave, make_wave
from assessment.release_units import INDUSTRY_CODES, OWNERSHIP_CODES, SIZE_CODES, UNKNOWN, Units
from scoring.release_tables import SIDES
from scoring.waves import Earlier, Firms
from tests.older_codes import listed_as
from tests.release_samples import REGIONS, sample_making, sample_units
from tests.scoring.attacker import knowing

MAKING = sample_making()
FIRMS = 140
ADDED = ("C14", "J62")  # of today; before they were not told apart from the rest of their sections
MOVED = {"H52": "G52"}  # in another section before
FEWER_SIZES = ("small", "micro", "large", UNKNOWN)  # in another order, and without one


def then(codes: Sequence[str]) -> tuple[str, ...]:
    """Industries as they were listed before."""
    return tuple(MOVED.get(code, code) for code in codes if code not in ADDED)


BEFORE = then(INDUSTRY_CODES)


def as_before(units: Units) -> Units:
    """The same units by the codes of before: what had no code of its own was not known below its section."""
    leaves = units.leaves.copy()
    industries = [INDUSTRY_CODES[leaf] for leaf in leaves[0]]
    found = [MOVED.get(code, code[0] + UNKNOWN if code in ADDED else code) for code in industries]
    leaves[0] = [BEFORE.index(code) for code in found]
    sizes = [SIZE_CODES[leaf] for leaf in leaves[1]]
    leaves[1] = [FEWER_SIZES.index(code if code in FEWER_SIZES else UNKNOWN) for code in sizes]
    return replace(units, leaves=leaves)


def of_before(units: Units) -> tuple[Wave, bytes]:
    with listed_as(BEFORE, FEWER_SIZES):
        wave = make_wave(MAKING, as_before(units), (), lambda step: None)
        return wave, release_kept.packed(MAKING, [wave])


def shown_of(wave: Wave) -> Earlier:
    whole = wave.populations[0]
    return Earlier(Firms(wave.units.ids, wave.units.groups), whole.cells, whole.shown)


def without(units: Units, gone: int) -> Units:
    kept = np.delete(np.arange(units.count), gone)
    columns = {name: getattr(units, name)[kept] for name in ("ids", "groups", "firms", "scores", "levels")}
    if hasattr(units, "hindrances"):
        columns["hindrances"] = units.hindrances[kept]
    return replace(units, leaves=units.leaves[:, kept], **columns)


def every_cell(found: Earlier) -> set[tuple[bool, frozenset[int]]]:
    members = found.cells.members()
    atoms = [members.indices[members.indptr[row] : members.indptr[row + 1]] for row in range(found.cells.count)]
    firms = [frozenset(found.firms.ids[np.isin(found.cells.atom_of_firm, held)].tolist()) for held in atoms]
    return set(zip(found.shown.tolist(), firms, strict=True))


def test_what_was_shown_by_other_codes_is_known_of_the_same_firms() -> None:
    units = sample_units(MAKING.questionnaire, FIRMS, 2025)
    wave, content = of_before(units)
    known = release_kept.known_of(content, MAKING, 2025).by_indicator
    for population in wave.populations:
        some = slice(None) if population.units is None else population.units
        firms = Firms(wave.units.ids[some], wave.units.groups[some])
        was = Earlier(firms, population.cells, population.shown)
        assert every_cell(known[population.indicators[0]]) == every_cell(was)


def test_codes_that_are_there_still_are_called_as_today_and_others_like_none_of_today() -> None:
    units = sample_units(MAKING.questionnaire, FIRMS, 2025)
    _, content = of_before(units)
    cells = release_kept.known_of(content, MAKING, 2025).by_indicator[OVERALL].cells
    levels = np.array(cells.lattice.tables)[cells.table]
    sizes = set(cells.codes[levels[:, 1] == 0, 1].tolist())
    assert sizes == {SIZE_CODES.index(code) for code in FEWER_SIZES}
    by_division = levels[:, 0] == 0
    by_section = levels[:, 0] == 1
    gone = len(INDUSTRY_CODES)
    of_today = {"C10", "C13", "C25", "C_U", "J_U"}
    expected = {*(INDUSTRY_CODES.index(code) for code in of_today), gone}
    assert set(cells.codes[by_division, 0].tolist()) == expected
    assert set(cells.codes[by_section, 0].tolist()) == {"ABCDEFGHIJ".index(section) for section in "CGJ"}
    assert cells.lattice.classifications[0].levels[0].groups == gone + 1


def test_a_firm_that_came_when_the_codes_changed_does_not_follow_and_would_if_they_were_forgotten() -> None:
    later = sample_units(MAKING.questionnaire, FIRMS, 2025)
    before, content = of_before(without(later, 7))
    known = [release_kept.known_of(content, MAKING, 2025)]
    after = make_wave(MAKING, later, known, lambda step: None)
    scores = dict(zip(later.ids.tolist(), np.random.default_rng(1).uniform(0, 5, FIRMS).tolist(), strict=True))
    both = knowing([shown_of(before), shown_of(after)], scores)
    assert both.firms_that_follow() == set()
    assert both.small_groups(10) == 0
    forgetful = make_wave(MAKING, later, (), lambda step: None)
    naive = knowing([shown_of(before), shown_of(forgetful)], scores)
    assert np.searchsorted(np.sort(later.ids), later.ids[7]) in naive.firms_that_follow()


def test_one_firm_told_by_another_code_than_its_like_does_not_follow() -> None:
    """Nobody comes or goes: of a section that is listed anew all but one firm have its code."""
    units = sample_units(MAKING.questionnaire, FIRMS, 2025)
    leaves = units.leaves.copy()
    makers = np.flatnonzero(leaves[0] == INDUSTRY_CODES.index("C10"))
    leaves[0, makers[0]] = INDUSTRY_CODES.index("C11")
    after_units = replace(units, leaves=leaves)
    before, content = of_before(units)
    scores = dict(zip(units.ids.tolist(), np.random.default_rng(1).uniform(0, 5, FIRMS).tolist(), strict=True))
    after = make_wave(MAKING, after_units, [release_kept.known_of(content, MAKING, 2025)], lambda step: None)
    assert knowing([shown_of(before), shown_of(after)], scores).small_groups(10) == 0
    forgetful = make_wave(MAKING, after_units, (), lambda step: None)
    assert knowing([shown_of(before), shown_of(forgetful)], scores).small_groups(10) > 0


def test_a_wave_that_stands_is_kept_with_its_own_codes_for_every_release_after() -> None:
    units = sample_units(MAKING.questionnaire, FIRMS, 2025)
    wave, content = of_before(units)
    stands = release_kept.again(content, 2025)
    assert stands is not None
    once_more = release_kept.joined(MAKING, [stands])
    third = release_kept.again(once_more, 2025)
    assert third is not None
    for kept in (once_more, release_kept.joined(MAKING, [third])):
        back = release_kept.known_of(kept, MAKING, 2025).by_indicator[OVERALL]
        assert every_cell(back) == every_cell(shown_of(wave))
    assert not release_kept.changes(stands, make_wave(MAKING, units, (), lambda step: None))


@pytest.mark.parametrize("regions", [REGIONS[:4], (REGIONS[0], *REGIONS[:0:-1])])
def test_regions_may_be_added_or_stand_in_another_order(regions: tuple[str, ...]) -> None:
    before = Making(MAKING.questionnaire, MAKING.rules, regions)
    units = sample_units(MAKING.questionnaire, FIRMS, 2025)
    places = [regions.index(REGIONS[leaf]) if REGIONS[leaf] in regions else 0 for leaf in units.leaves[2]]
    then_units = replace(units, leaves=np.concatenate([units.leaves[:2], [places], units.leaves[3:]]))
    wave = make_wave(before, then_units, (), lambda step: None)
    known = release_kept.known_of(release_kept.packed(before, [wave]), MAKING, 2025).by_indicator[OVERALL]
    assert every_cell(known) == every_cell(shown_of(wave))
    levels = np.array(known.cells.lattice.tables)[known.cells.table]
    named = {REGIONS[code] for code in known.cells.codes[levels[:, 2] == 0, 2].tolist()}
    assert named == {REGIONS[leaf] if REGIONS[leaf] in regions else UNKNOWN for leaf in units.leaves[2]}


def test_cells_that_are_laid_over_hold_whom_they_held() -> None:
    codes = dict(zip(SIDES, (("C10", "C11", "D35"), ("b", "a"), ("x",), OWNERSHIP_CODES, ("self",)), strict=True))
    today = {**codes, "industry": ("B11", "C10", "E35"), "size": ("a", "c")}
    leaves = np.array([[0, 1, 2, 2], [0, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
    cells = laid_over(codes, today, leaves, [(0, 1, 1, 1, 1), (1, 0, 1, 1, 1)])
    assert with_gone(today, codes)["industry"] == ("B11", "C10", "E35", "C11", "D35")
    assert cells.codes[:, :2].tolist() == [[1, 0], [3, 0], [4, 0], [1, 2], [3, 2], [3, 0]]
    assert cells.of_atom[:, cells.atom_of_firm].tolist() == [[0, 1, 2, 2], [3, 3, 5, 4]]


def test_a_code_that_is_gone_is_named_as_it_was_while_a_row_has_it() -> None:
    today: dict[str, dict[str, dict[str, str]]] = {
        "industry": {"_T": {"name": "All"}, "C": {"name": "Making", "parent": "_T"}},
        "size": {"_T": {}},
    }
    before = [
        {"industry": {"X": {"name": "Old", "parent": "_T"}, "X9": {"name": "Older", "parent": "X"}}},
        {"industry": {"X": {"name": "New", "parent": "_T"}}, "size": {"sme": {"name": "Small", "parent": "_T"}}},
    ]
    columns = {"industry": np.array(["_T", "X9", "C"], dtype=object), "size": np.array([], dtype=object)}
    units = sample_units(MAKING.questionnaire, 30, 2025)
    wave = replace(make_wave(MAKING, units, (), lambda step: None), columns=columns)
    panel = [{"by": "section", "code": "Y"}, {"by": "size", "code": "sme"}]
    told = {"classifications": today, "extra": {"panel": panel}}
    found = names_kept(told, [wave], [{"classifications": each} for each in before])
    assert found["industry"] == {
        **today["industry"],
        "X9": {"name": "Older", "parent": "X"},
        "X": {"name": "New", "parent": "_T"},
        "Y": {"name": "Y", "parent": "_T"},
    }
    assert found["size"] == {"_T": {}, "sme": {"name": "Small", "parent": "_T"}}
    assert "X9" not in today["industry"]
