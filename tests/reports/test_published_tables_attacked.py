"""An attacker with all tables of three releases finds no firm; with the protection switched off, many.

One wave of a made-up country goes out three times: then one firm has joined, then twelve more, and one that was there
has answered anew. The attacker reads the published files and knows which firm is of which industry, size, region and
owner (`cube_attacker`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from assessment import release_kept
from assessment.outcomes import as_steps
from assessment.release_making import Making, make_wave
from assessment.release_units import (
    BASIS_CODES,
    INDUSTRY_CODES,
    OWNERSHIP_CODES,
    SIZE_CODES,
    UNKNOWN,
    Units,
    nothing_said,
)
from questionnaires.schema import Questionnaire
from reports.columns_file import read_columns, write_columns
from reports.release.cube import HELD_BACK, NUMBERS, SHOWN, Cube, NoSuchTable
from scoring.dominance import Rules
from scoring.made_up_answers import Answered, made_up_answers
from scoring.made_up_firms import Land, MadeUpFirms, made_up_firms
from tests.reports.cube_attacker import ALL, SIDES, Attacker, Integers, Published, Register, narrowest, read
from tests.scoring.building import build, dimension, question

COMBINATIONS = 100_000
FIRMS, YEAR = 2_300, 2026  # so many that industry, size and region are crossed
RULES = Rules()
LAND = Land(
    ("C10", "C13", "C14", "C25", "C28", "G46", "G47", "H49", "M71", "J62"), ("MY-01", "MY-07", "MY-10"), (YEAR,)
)
INDICATORS = ("overall", "D:skills", "D:serving")  # the last one concerns services only


@dataclass(frozen=True)
class Release:
    file: Path
    register: Register
    scores: np.ndarray  # units x (overall, D:skills, D:serving), not-a-number for none

    def of(self, indicator: str) -> tuple[Register, np.ndarray]:
        """Who has a value, and which."""
        values = self.scores[:, INDICATORS.index(indicator)]
        has = ~np.isnan(values)
        codes = {side: column[has] for side, column in self.register.codes.items()}
        return Register(self.register.ids[has], codes), values[has]


def questionnaire() -> Questionnaire:
    ladder = [f"Step {n}." for n in range(6)]
    skills = dimension("skills", question("a", levels=ladder), question("b", levels=ladder))
    only_services = question("s", levels=ladder, applies_if={"field": "sector", "in": ["services"]})
    sector = {"id": "sector", "text": "?", "choices": {"manufacturing": "Makes things", "services": "Serves"}}
    return build([skills, dimension("serving", only_services)], fields=[sector])


def drawn(asked: Questionnaire) -> tuple[MadeUpFirms, Answered]:
    firms = made_up_firms(LAND, FIRMS, seed=4)
    parts = [part.own for part in made_up_answers(asked, LAND, firms, 0, seed=4)]
    columns = zip(*((p.firms, p.levels, p.scores) for p in parts), strict=True)
    return firms, Answered(*map(np.concatenate, columns))


def units_of(asked: Questionnaire, firms: MadeUpFirms, answered: Answered, ids: Integers, count: int) -> Units:
    at = answered.firms
    industries = np.array([INDUSTRY_CODES.index(code) for code in LAND.industries])
    leaves = [industries[firms.industry[at]], firms.size[at], firms.region[at], firms.owner[at], np.zeros(len(at))]
    scores = as_steps(asked.scale, answered.scores)
    cut = slice(0, count)
    return Units(
        YEAR, ids[cut], ids[cut], at[cut], np.stack(leaves).astype(np.int64)[:, cut], scores[cut],
        answered.levels[cut], nothing_said(len(ids[cut])), 0,
    )  # fmt: skip


def register_of(units: Units) -> Register:
    codes = (INDUSTRY_CODES, SIZE_CODES, (*LAND.regions, UNKNOWN), OWNERSHIP_CODES, BASIS_CODES)
    named = {side: np.array(codes[at])[units.leaves[at]] for at, side in enumerate(SIDES)}
    return Register(units.ids, named)


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> list[Release]:
    asked, made, kept = questionnaire(), [], []
    firms, answered = drawn(asked)
    making = Making(asked, RULES, (*LAND.regions, UNKNOWN))
    ids = np.arange(FIRMS)
    for number, count in enumerate((FIRMS - 13, FIRMS - 12, FIRMS)):
        if number == 2:
            ids = ids.copy()
            ids[7] = FIRMS + 7  # has answered anew: another unit
        units = units_of(asked, firms, answered, ids, count)
        known = [release_kept.known_of(content, making, YEAR) for content in kept]
        wave = make_wave(making, units, known, lambda _: None)
        kept.append(release_kept.packed(making, [wave]))
        file = tmp_path_factory.mktemp("release") / f"{number}.parquet"
        write_columns(file, wave.columns)
        steps = units.scores.astype(np.float64)
        made.append(Release(file, register_of(units), np.where(steps < 0, np.nan, steps / 100)))
    return made


def published(releases: list[Release], indicator: str) -> list[Published]:
    return [read(r.file, r.of(indicator)[0], str(YEAR), indicator) for r in releases]


def unprotected(releases: list[Release], indicator: str) -> list[Published]:
    """The same tables with every cell shown, and nothing rounded."""
    found = []
    for release in releases:
        register, values = release.of(indicator)
        every = read_columns(release.file, SIDES, {"indicator": [indicator]})
        cells = tuple(zip(*every.values(), strict=True))
        members = [
            np.logical_and.reduce([register.at(side, code) for side, code in zip(SIDES, cell, strict=True)])
            for cell in cells
        ]
        n = np.array([inside.sum() for inside in members], dtype=np.float64)
        there = n > 0
        mean = np.array([values[inside].mean() if inside.any() else 0.0 for inside in members])
        kept = tuple(cell for cell, some in zip(cells, there, strict=True) if some)
        found.append(Published(register, kept, n[there], mean[there]))
    return found


@pytest.mark.parametrize("indicator", INDICATORS)
def test_a_hundred_thousand_combinations_of_filters_single_out_nobody(releases: list[Release], indicator: str) -> None:
    attacker = Attacker(published(releases, indicator))
    assert len(attacker.place) > 60
    assert attacker.small_differences(COMBINATIONS, RULES.threshold).tolist() == []
    assert attacker.every_pair(RULES.threshold) == 0


@pytest.mark.parametrize("indicator", INDICATORS)
def test_nobody_follows_from_all_tables_of_all_releases_together(releases: list[Release], indicator: str) -> None:
    assert Attacker(published(releases, indicator)).groups_that_follow(RULES.threshold).tolist() == []


def test_without_protection_the_same_attacks_find_many(releases: list[Release]) -> None:
    attacker = Attacker(unprotected(releases, "overall"))
    sizes = attacker.small_differences(COMBINATIONS, RULES.threshold)
    assert len(sizes) > 1_000
    assert (sizes == 1).sum() > 100
    assert attacker.every_pair(RULES.threshold) > 1_000
    follow = attacker.groups_that_follow(RULES.threshold)
    alone = [atom for atom in follow.tolist() if attacker.units[atom] == 1]
    assert len(alone) > 10
    truth: Mapping[int, float] = {
        int(id): float(score) for r in releases for id, score in zip(*_values(r), strict=True)
    }
    values = attacker.values()
    for atom in alone:
        assert values[atom] == pytest.approx(truth[int(attacker.firms_of(atom)[0])], abs=1e-4)


def test_without_protection_the_newcomer_and_its_score_follow_from_two_releases(releases: list[Release]) -> None:
    """Membership: no cell of the first release holds the firm; the difference of the two totals is its score."""
    first, second = unprotected(releases[:2], "overall")
    newcomer = set(second.register.ids.tolist()) - set(first.register.ids.tolist())
    total = (ALL,) * len(SIDES)
    before, after = first.cells.index(total), second.cells.index(total)
    assert second.n[after] - first.n[before] == 1
    score = second.n[after] * second.mean[after] - first.n[before] * first.mean[before]
    ids, scores = _values(releases[1])
    assert score == pytest.approx(float(scores[ids == newcomer.pop()][0]), abs=1e-6)


def test_no_shown_cell_of_two_releases_differs_by_fewer_firms_than_the_threshold(releases: list[Release]) -> None:
    """The cell that one firm has joined does not go out anew; after thirteen have, the total does."""
    files = published(releases, "overall")
    total = (ALL,) * len(SIDES)
    assert [total in each.cells for each in files] == [True, False, True]
    attacker = Attacker(files)
    for (number, cell), row in attacker.place.items():
        for other in range(number):
            before = attacker.place.get((other, cell))
            if before is not None:
                change = attacker.rows[[row]] - attacker.rows[[before]]
                changed = int((abs(change) @ attacker.units)[0])
                assert changed == 0 or changed >= RULES.threshold


def test_numbers_of_small_groups_stay_open_and_are_told_without_protection(releases: list[Release]) -> None:
    """Linear programmes on the numbers as they are shown: exact once every cell is, and unrounded."""
    bare, safe = unprotected(releases[:1], "overall")[0], published(releases[:1], "overall")[0]
    small = [cell for cell, n in zip(bare.cells, bare.n, strict=True) if n < RULES.threshold]
    some = [small[at] for at in np.linspace(0, len(small) - 1, 12).astype(int)]
    assert narrowest(safe, some, RULES.base) >= RULES.width
    n = dict(zip(bare.cells, bare.n, strict=True))
    exact = Published(safe.register, safe.cells, np.array([n[cell] for cell in safe.cells]), safe.mean)
    width = narrowest(exact, some, 0)
    assert RULES.width - 1e-6 <= width < np.inf, "rounding is the second line, not the first"
    assert narrowest(bare, some, 0) < 1e-6


def _values(release: Release) -> tuple[np.ndarray, np.ndarray]:
    register, values = release.of("overall")
    return register.ids, values


def test_held_back_is_one_status_and_holds_no_figure(releases: list[Release]) -> None:
    for release in releases:
        read_ = read_columns(release.file, ("status", *NUMBERS))
        status = np.array(read_["status"])
        assert set(status.tolist()) == {SHOWN, HELD_BACK}
        for name in NUMBERS:
            told = np.array([value is not None for value in read_[name]])
            assert not told[status == HELD_BACK].any(), name


def test_filters_of_the_explorer_give_published_cells_and_nothing_else(releases: list[Release]) -> None:
    """Tables are cut from the file: each shown cell of a table is a shown row of it, with the same number of firms."""
    random = np.random.default_rng(3)
    path = releases[-1].file
    cube = Cube(path, {"waves": [str(YEAR)], "indicators": []})
    rows = read_columns(path, (*SIDES, "indicator", "status", "n"))
    file = {key[:-2]: key[-2:] for key in zip(*rows.values(), strict=True)}
    options = {side: cube.codes(side) for side in SIDES}
    sides = ("section", "division", "size", "region", "ownership", "basis")
    column = {"section": "industry", "division": "industry"}
    seen = 0
    for _ in range(150):
        asked = {side: str(random.choice(options[side])) for side in SIDES if random.random() < 0.4}
        down, across = (str(side) for side in random.choice(sides, 2))
        indicator = str(random.choice(cube.codes("indicator")))
        try:
            table = cube.table(down, across, indicator=indicator, figure="n", **asked)
        except NoSuchTable:
            continue
        for at, status in np.ndenumerate(table.status):
            code = {**dict.fromkeys(SIDES, ALL), **table.fixed}
            code[column.get(down, down)], code[column.get(across, across)] = table.rows[at[0]], table.columns[at[1]]
            key = (*(code[side] for side in SIDES), indicator)
            if status == SHOWN:
                seen += 1
                assert file[key] == (SHOWN, table.n[at])
            else:
                assert np.isnan(table.n[at])
                assert file.get(key, (HELD_BACK,))[0] == HELD_BACK
    assert seen > 300


def test_totals_add_up_as_they_are_published(releases: list[Release]) -> None:
    """Where all parts of a total are shown, their numbers and sums make it up to within what rounding may do."""
    checked = 0
    for release in releases:
        for indicator in INDICATORS:
            found = read(release.file, release.of(indicator)[0], str(YEAR), indicator)
            every = set(zip(*read_columns(release.file, SIDES, {"indicator": [indicator]}).values(), strict=True))
            place = {cell: row for row, cell in enumerate(found.cells)}
            for cell, row in place.items():
                for at in range(1, len(SIDES)):
                    parts = [c for c in every if c[at] != ALL and (*c[:at], ALL, *c[at + 1 :]) == cell]
                    if cell[at] == ALL and parts and all(part in place for part in parts):
                        checked += 1
                        rows = [place[part] for part in parts]
                        assert abs(found.n[row] - found.n[rows].sum()) <= RULES.base / 2 * (len(rows) + 1)
                        spare = RULES.base / 2 * (5 * len(rows) + 5) + 0.05 * (found.n[rows].sum() + found.n[row])
                        assert abs(found.n[row] * found.mean[row] - found.n[rows] @ found.mean[rows]) <= spare
    assert checked > 20
