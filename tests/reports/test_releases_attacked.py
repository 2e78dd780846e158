"""Three releases of the same years, one after another by the real path: what tells of the one firm that came between?

Of two years go out: 300 firms, then with one more (and sixty of other industries), then after one has left, one has
answered anew and thirty have come. The attacker has every table of all three (`releases_attacker`). The same attacks on
releases that forget those before must succeed.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assessment.release_units import INDUSTRY_CODES
from tests.reports.cube_attacker import ALL, SIDES, Attacker, Register
from tests.reports.published_releases import (
    FIRMS,
    MAKING,
    YEAR,
    Edit,
    Out,
    answered_anew,
    country,
    joined,
    left,
    newcomer,
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
)

THRESHOLD = MAKING.rules.threshold
QUESTIONS = ("Q:skills.training", "Q:machines.1", "Q:machines.2", "Q:machines.3")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("releases")


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


def test_the_change_in_the_same_firms_is_not_told_anew_for_two_of_them(safe: Story, bare: Story) -> None:
    """One of the firms in both years has left the second since, and one has answered anew."""
    panels = [[out.manifest["extra"]["panel"] for out in of.outs] for of in (safe, bare)]
    assert sum(row["status"] == "F" for row in panels[0][0]) > 2
    assert panels[0][0] == panels[0][1] == panels[0][2]
    assert panels[1][0] != panels[1][2]
