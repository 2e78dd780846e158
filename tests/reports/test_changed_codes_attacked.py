"""Releases before and after the lists of codes have changed, by the real path: what tells of the one firm between?

The first goes out with another list of industries (two that were not told apart, one in another section), with sizes of
another scheme, in another order, and one region fewer. Then the lists change, every firm is coded anew, one firm comes
and seventy others. A third release follows. The attacker has all tables, and knows every firm's codes of each day.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from assessment.release_units import BASIS_CODES, INDUSTRY_CODES, OWNERSHIP_CODES, SIZE_CODES, UNKNOWN, Units
from assessment.tables import Outcome, Programme
from tests.older_codes import listed_as
from tests.reports.cube_attacker import SIDES, Attacker, Published, Register
from tests.reports.published_releases import FIRMS, MAKING, YEAR, YEARS, Out, country, joined, newcomer, some, units_of
from tests.reports.releases_attacker import rows_of, values

THRESHOLD = MAKING.rules.threshold
INDICATORS = ("overall", "Q:skills.training")
OLD_INDUSTRIES = tuple("G52" if code == "H52" else code for code in INDUSTRY_CODES if code not in ("C14", "J62"))
OLD_SIZES = ("large", "sme", UNKNOWN)
NEW_REGION = "MY-12"


@dataclass(frozen=True)
class Told:
    """A release, the lists that it was made with, and who was in it by these."""

    out: Out
    industries: tuple[str, ...]
    sizes: tuple[str, ...]

    def register(self, year: int, indicator: str) -> Register:
        units: Units = self.out.units[year]
        has = ~np.isnan(values(units, indicator))
        codes = (self.industries, self.sizes, self.out.regions, OWNERSHIP_CODES, BASIS_CODES)
        named = {side: np.array(codes[at])[units.leaves[at]][has] for at, side in enumerate(SIDES)}
        return Register(units.ids[has], named)


def of_another_scheme(session: Session, programme: Programme) -> None:
    """Micro, small and medium were one class; a region was not told apart."""
    mine = Outcome.programme_id == programme.id
    session.execute(update(Outcome).where(mine, Outcome.size.in_(("micro", "small", "medium"))).values(size="sme"))
    session.execute(update(Outcome).where(mine, Outcome.region == NEW_REGION).values(region="MY-10"))


def coded_anew(session: Session, programme: Programme) -> None:
    """Every firm by the lists of today, as it would have been told by them from the first day."""
    for year in YEARS:
        units = units_of(year, FIRMS)
        for row, firm in enumerate(units.firms.tolist()):
            size, region = SIZE_CODES[units.leaves[1, row]], MAKING.regions[units.leaves[2, row]]
            told = {"size": "" if size == UNKNOWN else size, "region": "" if region == UNKNOWN else region}
            one = update(Outcome).where(Outcome.assessment_id == year * 100_000 + firm)
            session.execute(one.values(**told))


def makers(count: int, first: int) -> Units:
    found = units_of(YEAR, count, first=first, seed=first)
    return some(found, np.flatnonzero(found.leaves[0] <= INDUSTRY_CODES.index("C25")))


def story(template: Path, folder: Path, *, forgets: bool) -> list[Told]:
    made = country(template, folder, f"forgets {forgets}")
    made.edit(of_another_scheme)
    with listed_as(OLD_INDUSTRIES, OLD_SIZES):
        outs = [Told(made.release(), OLD_INDUSTRIES, OLD_SIZES)]
    made.edit(coded_anew)
    made.edit(newcomer())
    made.edit(joined(makers(70, FIRMS + 1)))
    outs.append(Told(made.release(forgets=forgets), INDUSTRY_CODES, SIZE_CODES))
    made.edit(joined(makers(40, FIRMS + 200)))
    outs.append(Told(made.release(forgets=forgets), INDUSTRY_CODES, SIZE_CODES))
    made.close()
    return outs


@pytest.fixture(scope="module")
def safe(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Told]:
    return story(sqlite_template, tmp_path_factory.mktemp("codes"), forgets=False)


@pytest.fixture(scope="module")
def bare(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Told]:
    return story(sqlite_template, tmp_path_factory.mktemp("codes"), forgets=True)


def told_anew(told: list[Told], year: int, indicator: str) -> list[Published]:
    """The shown rows of each release that are not as the one before had them, over the firms of that day."""
    found, before = [], {}  # type: list[Published], dict[object, object]
    for each in told:
        rows = rows_of(each.out, year, indicator)
        anew = {key[0]: row for key, row in rows.items() if row[0] == "F" and before.get(key) != row}
        n, mean = np.array([[row[1], row[2]] for row in anew.values()], dtype=np.float64).reshape(-1, 2).T
        found.append(Published(each.register(year, indicator), tuple(anew), n, mean))
        before = dict(rows)
    return [each for each in found if each.cells]


@pytest.mark.parametrize("indicator", INDICATORS)
def test_nobody_follows_from_releases_of_different_codes(safe: list[Told], indicator: str) -> None:
    published = told_anew(safe, YEAR, indicator)
    assert len(published) >= 2, "something is told anew once the lists have changed"
    attacker = Attacker(published)
    assert attacker.groups_that_follow(THRESHOLD).tolist() == []
    assert attacker.every_pair(THRESHOLD) == 0
    assert attacker.small_differences(20_000, THRESHOLD).tolist() == []


def test_groups_follow_where_the_codes_of_before_are_forgotten(bare: list[Told]) -> None:
    attacker = Attacker(told_anew(bare, YEAR, "overall"))
    assert len(attacker.groups_that_follow(THRESHOLD)) > 0
    assert attacker.every_pair(THRESHOLD) > 10


def test_a_year_in_which_nobody_has_changed_stands_with_the_codes_it_was_told_by(safe: list[Told]) -> None:
    first, second, third = (rows_of(each.out, YEARS[0]) for each in safe)
    assert first == second == third
    sizes = {key[0][1] for key in first}
    assert "sme" in sizes
    for each in safe[1:]:
        assert each.out.manifest["classifications"]["size"]["sme"]["name"] == "sme"


def test_cells_of_codes_that_came_are_told_once_enough_firms_have_them(safe: list[Told]) -> None:
    shown = {key[0] for key, row in rows_of(safe[2].out, YEAR, "overall").items() if row[0] == "F"}
    assert any(cell[0] == "C14" or cell[1] in ("micro", "small") or cell[2] == NEW_REGION for cell in shown)


def test_change_in_the_same_firms_by_codes_that_are_gone_stands(safe: list[Told]) -> None:
    """The panel of the first release names its own sections and sizes; later ones know whom it was about."""
    sizes = [{row["code"] for row in each.out.manifest["extra"]["panel"] if row["by"] == "size"} for each in safe]
    assert "sme" in sizes[0]
    assert sizes[0] <= sizes[1] <= sizes[2]
