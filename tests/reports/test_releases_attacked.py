"""Three releases of the same years, one after another by the real path: what tells of the one firm that came between?

Of two years go out: 300 firms, then with one more (and sixty of other industries), then after one has left, one has
answered anew and thirty have come. The attacker has every table of all three (`releases_attacker`). The same attacks on
releases that forget those before must succeed.
"""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import load_workbook

from app.release_downloads import downloads
from app.shelf import Shelf
from assessment.release_units import INDUSTRY_CODES
from reports.release.cube import Cube
from tests.factories import TINY_FOLDER
from tests.reports.cube_attacker import ALL, SIDES, Attacker, Register
from tests.reports.published_releases import (
    MAKING,
    YEARS,
    Country,
    Edit,
    Out,
    answered_anew,
    joined,
    left,
    some,
    units_of,
)
from tests.reports.releases_attacker import (
    Levels,
    Scores,
    changed,
    register_of,
    rows_of,
    told_anew,
    values,
    weighted_means,
    where_it_changed,
)

FIRMS, THRESHOLD, YEAR = 300, MAKING.rules.threshold, YEARS[-1]
QUESTIONS = ("Q:skills.training", "Q:machines.1", "Q:machines.2", "Q:machines.3")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("releases")


def country(template: Path, folder: Path, name: str) -> Country:
    (folder / name).mkdir()
    return Country(template, folder / name, FIRMS)


def newcomer() -> Edit:
    """One small firm that makes software joins the newest year."""
    one = units_of(YEAR, 1, first=FIRMS, seed=8)
    one.leaves[:, 0] = [INDUSTRY_CODES.index("J62"), 1, 1, 1, 0]
    return joined(one)


def makers(count: int, first: int) -> Edit:
    """So many firms of other industries, less those that make software themselves."""
    found = units_of(YEAR, count, first=first, seed=first)
    return joined(some(found, np.flatnonzero(found.leaves[0] <= INDUSTRY_CODES.index("C25"))))


@dataclass(frozen=True)
class Story:
    """Three releases; `one` is the unit that has come after the first, `other` the one that answers anew."""

    outs: tuple[Out, ...]

    @cached_property
    def one(self) -> int:
        return self._unit(self.outs[1], FIRMS)

    @cached_property
    def other(self) -> int:
        return self._unit(self.outs[2], 5)

    def _unit(self, out: Out, firm: int) -> int:
        units = out.units[YEAR]
        return int(units.ids[np.flatnonzero(units.firms == firm + 1)[0]])

    def level(self, question: str) -> float:
        units = self.outs[1].units[YEAR]
        return float(values(units, question)[units.ids == self.one][0])


def story(template: Path, folder: Path, *, forgets: bool) -> Story:
    made = country(template, folder, f"forgets {forgets}")
    outs = [made.release(forgets=forgets)]
    made.edit(newcomer())
    made.edit(makers(60, FIRMS + 1))
    outs.append(made.release(forgets=forgets))
    made.edit(left(YEAR, [3]))
    made.edit(answered_anew(YEAR, 5, units_of(YEAR, 1, first=5, seed=99)))
    made.edit(makers(30, FIRMS + 100))
    outs.append(made.release(forgets=forgets))
    made.close()
    return Story(tuple(outs))


@pytest.fixture(scope="module")
def safe(sqlite_template: Path, folder: Path) -> Story:
    return story(sqlite_template, folder, forgets=False)


@pytest.fixture(scope="module")
def bare(sqlite_template: Path, folder: Path) -> Story:
    return story(sqlite_template, folder, forgets=True)


def algebra(of: Story, indicator: str) -> Attacker:
    return Attacker([each.published for each in told_anew(of.outs, YEAR, indicator) if each.published.cells])


@pytest.mark.parametrize("indicator", ["overall", "D:services", "Q:skills.mentors", *QUESTIONS[:2]])
def test_nobody_follows_from_three_releases_of_which_cells_stand(safe: Story, indicator: str) -> None:
    attacker = algebra(safe, indicator)
    assert attacker.rows.shape[0] > 8
    assert attacker.groups_that_follow(THRESHOLD).tolist() == []
    assert attacker.every_pair(THRESHOLD) == 0
    assert attacker.small_differences(20_000, THRESHOLD).tolist() == []


def test_groups_follow_from_three_releases_that_forget_each_other(bare: Story) -> None:
    attacker = algebra(bare, "overall")
    assert len(attacker.groups_that_follow(THRESHOLD)) > 0
    assert attacker.every_pair(THRESHOLD) > 10


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_newcomer_s_answer_stays_open_and_is_told_without_protection(
    safe: Story, bare: Story, question: str
) -> None:
    """From n, means, deviations, shares and percentiles with what rounding leaves open: no level can be ruled out."""
    top = len(MAKING.questionnaire.questions[question[2:]].levels or ()) - 1
    low, high = Levels(told_anew(safe.outs, YEAR, question), top + 1).of(safe.one)
    assert (low, high) == pytest.approx((0, top), abs=0.5)
    low, high = Levels(told_anew(bare.outs, YEAR, question), top + 1).of(bare.one)
    levels = np.arange(top + 1)
    assert levels[(levels >= low - 1e-6) & (levels <= high + 1e-6)].tolist() == [bare.level(question)]


def test_weighted_means_of_three_releases_bound_no_score(safe: Story, bare: Story) -> None:
    """Each set of weights is a new sum over the same firms; who knows all kinds of firms knows the weights."""
    weighted = weighted_means(safe.outs)
    assert len(weighted) > 15
    bounded = Scores(told_anew(safe.outs, YEAR, "overall"), weighted)
    firms = [safe.one, safe.other, *safe.outs[2].units[YEAR].ids[::20].tolist()]
    widths = [high - low for low, high in map(bounded.of, firms)]
    assert min(widths) > 4.5  # of 5
    told = Scores(told_anew(bare.outs, YEAR, "overall"), weighted_means(bare.outs))
    low, high = told.of(bare.one)
    assert high - low < 3


def test_weights_told_anew_with_each_release_would_give_small_groups_away(bare: Story) -> None:
    """The attack itself: with unrounded means, weighted and not, of every release the newcomer's score is exact."""
    anew = told_anew(bare.outs, YEAR, "overall")
    weighted = weighted_means(bare.outs)
    score = {
        int(id_): float(score)
        for out in bare.outs
        for id_, score in zip(out.units[YEAR].ids, values(out.units[YEAR], "overall"), strict=True)
    }
    found = Scores(anew, weighted, spare=0.0)
    every = np.array([score[int(id_)] for id_ in found.ids])
    mean = np.bincount(found.atom, every) / found.units
    low, high = Scores.of(replaced(found, found.rows @ mean), bare.one)
    assert (low, high) == pytest.approx((score[bare.one],) * 2, abs=1e-3)


def replaced(found: Scores, means: Any) -> Scores:
    found.means = means
    return found


def moved_with_few(of: Story) -> int:
    """Rows that are not what they were although fewer firms than the threshold have changed since they were told.

    Whether a row is there at all counts too. One that is shown for the first time tells of all firms in it.
    """
    registers: list[dict[str, Register]] = [{} for _ in of.outs]
    told: dict[Any, int] = {}
    before = rows_of(of.outs[0], YEAR)
    count = 0
    for at, out in enumerate(of.outs[1:], 1):
        rows = rows_of(out, YEAR)
        for key in before.keys() | rows.keys():
            then, now = before.get(key), rows.get(key)
            if then == now or key[1][:2] == "T:":
                continue
            is_first = then is not None and now is not None and (then[0], now[0]) == ("C", "F")
            held = [_register(of, registers, each, key[1]) for each in (told.get(key, 0), at)]
            count += not is_first and changed(*held, key[0]) < THRESHOLD
            told[key] = at
        before = rows
    return count


def _register(of: Story, found: list[dict[str, Register]], at: int, indicator: str) -> Register:
    if indicator not in found[at]:
        has = ~np.isnan(values(of.outs[at].units[YEAR], indicator))
        found[at][indicator] = register_of(of.outs[at], YEAR, has)
    return found[at][indicator]


def test_no_row_of_a_cell_in_which_few_have_changed_is_other_than_it_was(safe: Story, bare: Story) -> None:
    """Not its figures, not its status, and not whether it is there: or the few could be looked for in it."""
    assert moved_with_few(safe) == 0
    assert moved_with_few(bare) > 50


def test_tables_beside_the_cells_say_what_the_cells_say(safe: Story) -> None:
    """Population, coverage and what is not known are numbers of shown cells; weighted means stand with their cell."""
    for out in safe.outs:
        cells = {key[0]: row for key, row in rows_of(out, YEAR, "overall").items()}
        coverage, total = out.manifest["coverage"], cells[(ALL,) * 5]
        assert out.manifest["population"]["by_wave"][str(YEAR)]["firms"] == total[1] == coverage["total"]["n"]
        for name, at in (("section", 0), ("size", 1), ("region", 2)):
            for row in coverage["margins"][name]:
                cell = cells.get(tuple(row["code"] if place == at else ALL for place in range(len(SIDES))))
                assert (row["status"], row.get("n", 0)) == (("F", 0) if cell is None else (cell[0], cell[1] or 0))
            unknown = cells.get(tuple("_U" if place == at else ALL for place in range(len(SIDES))))
            held = unknown is not None and unknown[0] == "C"
            assert (coverage["unknown"][name] is None) == held
    for first, second in zip(safe.outs, safe.outs[1:], strict=False):
        rows = [{k[0]: r for k, r in rows_of(out, YEAR, "overall").items()} for out in (first, second)]
        for name, at in (("section", 0), ("size", 1), ("region", 2)):
            then, now = ({r["code"]: r for r in out.manifest["coverage"]["margins"][name]} for out in (first, second))
            for code in then.keys() & now.keys():
                cell = tuple(code if place == at else ALL for place in range(len(SIDES)))
                assert rows[0].get(cell) != rows[1].get(cell) or then[code] == now[code]


CHANGES: dict[str, Edit] = {
    "joined": newcomer(),
    "left": left(YEAR, [3]),
    "answered anew": answered_anew(YEAR, 5, units_of(YEAR, 1, first=5, seed=99)),
}


@pytest.fixture(scope="module")
def after(sqlite_template: Path, folder: Path) -> Callable[[str], tuple[Out, Out, Out]]:
    """A release, the next one after a change, and one that forgets the first."""

    @cache
    def made(change: str) -> tuple[Out, Out, Out]:
        here = country(sqlite_template, folder, change)
        first = here.release()
        here.edit(CHANGES[change])
        found = first, here.release(), here.release(forgets=True)
        here.close()
        return found

    return made


@pytest.mark.parametrize("change", CHANGES)
def test_one_firm_is_seen_nowhere_and_without_protection_it_is_seen_where_it_is(
    after: Callable[[str], tuple[Out, Out, Out]], change: str
) -> None:
    first, second, blind = after(change)
    assert where_it_changed(first, second, YEAR) == {}
    assert first.cube == second.cube
    assert _told(first.manifest) == _told(second.manifest)
    seen = where_it_changed(first, blind, YEAR)
    came = np.setdiff1d(blind.units[YEAR].ids, first.units[YEAR].ids)
    out, unit = (blind, came) if len(came) else (first, np.setdiff1d(first.units[YEAR].ids, blind.units[YEAR].ids))
    register = register_of(out, YEAR)
    for side in ("industry", "size", "region"):
        code = str(register.codes[side][register.ids == unit[0]][0])
        assert code in seen[side] or code[:1] in seen[side]


# What a release has of its own: its number, the day it was made, and what it says of the one before.
OWN = ("release", "previous")


def _told(manifest: Any) -> Any:
    return {name: value for name, value in manifest.items() if name not in OWN}


def test_no_download_of_the_second_release_differs_when_one_firm_has_joined(
    after: Callable[[str], tuple[Out, Out, Out]],
) -> None:
    """CSV, SDMX and workbook are made of cells and manifest alone: they say the same, and the differences are none."""
    cubes = [Cube(out.cube, out.manifest) for out in after("joined")[:2]]
    shelf = Shelf(TINY_FOLDER)
    first = dict(downloads(shelf, cubes[0], ("en",)))
    second = dict(downloads(shelf, cubes[1], ("en",), previous=cubes[0]))
    for name in ("tables-en.csv", "sdmx.csv"):
        assert _lines(first[name]) == _lines(second[name])
    own = {f"release {number}." for number in (1, 2)} | {"1", "2", "None"}
    differing = _differing(first["tables-en.xlsx"], second["tables-en.xlsx"])
    assert all(any(each in value for each in own) for value in differing)
    assert len(differing) < 8
    assert sum(json.loads(second["differences.json"])["counts"].values()) == 0
    assert len(second["differences-en.csv"].decode().splitlines()) == 1


def _lines(content: bytes) -> list[str]:
    return content.decode("utf-8-sig").splitlines()


def _differing(first: bytes, second: bytes) -> set[str]:
    """The values of a workbook's cells that are not those of another's."""
    cells = []
    for content in (first, second):
        book = load_workbook(io.BytesIO(content), read_only=True)
        rows = ((sheet.title, at, row) for sheet in book for at, row in enumerate(sheet.values))
        cells.append({(title, at, of): value for title, at, row in rows for of, value in enumerate(row)})
    keys = cells[0].keys() | cells[1].keys()
    return {str(each.get(key)) for key in keys if cells[0].get(key) != cells[1].get(key) for each in cells}
