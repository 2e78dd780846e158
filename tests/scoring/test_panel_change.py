"""The same firms in two waves: their change, and that it gives away neither who joined nor who left."""

from dataclasses import replace

import numpy as np
import pytest

from scoring.disclosure import pattern
from scoring.dominance import Rules
from scoring.lattices import Cells, Lattice, cells_of, classification
from scoring.panel_change import Panel, Wave, matched, panel
from scoring.waves import Earlier, Firms, ground
from tests.scoring.attacker import Attacker

RULES, NOBODY = Rules(), np.empty(0, dtype=np.int64)
SECTIONS, SIZES = np.array(["C", "J"]), np.array(["small", "large"])


def cells_by(section: np.ndarray, size: np.ndarray) -> Cells:
    lattice = Lattice((classification("section", 2), classification("size", 2)), ((1, 1), (0, 1), (1, 0), (0, 0)))
    return cells_of(lattice, np.stack([section, size]).astype(np.int64))


def wave(firms: np.ndarray, start: int, section: np.ndarray, size: np.ndarray, score: np.ndarray) -> Wave:
    """Assessments numbered from `start`; the wave shows what its own pattern lets out."""
    units, cells = Firms(np.arange(start, start + len(firms)), firms), cells_by(section, size)
    shown = pattern(ground(units, cells), RULES).shown
    profile = np.where(np.isnan(score), -1, score).astype(np.int64)
    return Wave(units, (Earlier(units, cells, shown),), firms, SECTIONS[section], SIZES[size], score, profile)


def country(firms: int, joined: int, left: int, seed: int = 0) -> tuple[Wave, Wave]:
    """Firms in both waves, with `left` more in the first and `joined` more in the second; all joiners in section C."""
    random = np.random.default_rng(seed)
    section, size = random.integers(0, 2, (2, firms + left + joined))
    section[firms:] = 0
    before = random.uniform(0.5, 3.5, firms + left + joined)
    after = np.clip(before + random.normal(0.3, 0.4, len(before)), 0, 5)
    first, second = np.arange(firms + left), np.r_[np.arange(firms), np.arange(firms + left, firms + left + joined)]
    return (
        wave(first, 0, section[first], size[first], before[first]),
        wave(second, 10_000, section[second], size[second], after[second]),
    )


def places(of: Wave) -> tuple[np.ndarray, np.ndarray]:
    return np.searchsorted(SECTIONS, of.section), (of.size == "large").astype(np.int64)


def made(first: Wave, second: Wave) -> Panel:
    return panel(first, second, ("2025", "2026"), 5, RULES)


def by_code(found: Panel) -> dict[tuple[str, str], dict[str, object]]:
    return {(row["by"], row["code"]): row for row in found.rows}


def test_the_change_is_that_of_the_firms_in_both_waves() -> None:
    first, second = country(200, joined=40, left=30)
    total = by_code(made(first, second))["total", "_T"]

    change = second.score[:200] - first.score[:200]
    assert (total["status"], total["n"]) == ("F", 200)
    assert total["change"] == pytest.approx(change.mean(), abs=0.051)
    assert total["low"] < change.mean() < total["high"]
    moves = np.sign(second.profile[:200] - first.profile[:200])
    assert total["up"] == round(100 * (moves > 0).mean())
    assert sum(total[key] for key in ("up", "same", "down")) == pytest.approx(100, abs=1)


def test_other_firms_change_the_cross_section_and_not_the_panel() -> None:
    first, second = country(200, 0, 0)
    none = np.zeros(60, dtype=np.int64)
    section, size = places(second)
    firms, score = np.r_[second.firm, np.arange(900, 960)], np.r_[second.score, np.full(60, 4.9)]
    better = wave(firms, 10_000, np.r_[section, none], np.r_[size, none], score)
    alone = made(first, second)
    joined = made(first, better)

    assert np.nanmean(better.score) > np.nanmean(second.score) + 0.3
    assert by_code(joined)["total", "_T"]["change"] == by_code(alone)["total", "_T"]["change"]


@pytest.mark.parametrize(("joined", "left"), [(3, 0), (0, 3), (9, 40), (1, 1)])
def test_few_who_joined_or_left_hold_their_cells_back(joined: int, left: int) -> None:
    rows = by_code(made(*country(200, joined, left)))

    assert rows["total", "_T"]["status"] == "C"
    assert rows["section", "C"]["status"] == "C"
    assert "change" not in rows["section", "C"]
    assert rows["section", "J"]["status"] == "F"  # nobody joined or left there


@pytest.mark.parametrize(("joined", "left"), [(0, 0), (10, 0), (0, 12), (15, 30)])
def test_none_or_enough_who_joined_or_left_hold_nothing_back(joined: int, left: int) -> None:
    rows = by_code(made(*country(200, joined, left)))

    assert rows["total", "_T"]["status"] == "F"


def test_firms_that_changed_their_section_are_in_the_total_only() -> None:
    first, second = country(200, 0, 0)
    moved = second.section.copy()
    moved[:20] = np.where(moved[:20] == "C", "J", "C")
    section = np.searchsorted(SECTIONS, moved)
    found = matched(first, wave(second.firm, 10_000, section, places(second)[1], second.score))

    counts = {label: int((found.cells.of_atom[found.cells.table[cell], found.cells.atom_of_firm] == cell).sum())
              for cell, label in enumerate(found.labels)}  # fmt: skip
    assert counts["total", "_T"] == 200
    assert counts["section", ""] == 20
    assert counts["section", "C"] + counts["section", "J"] == 180


def rows_known(first: Wave, second: Wave, shown: np.ndarray) -> np.ndarray:
    """All that is out as rows over single scores: those of the first wave, then those of the second."""
    firms = [len(first.firm), len(second.firm)]
    rows = []
    for number, of in enumerate((first, second)):
        for known in of.known:
            for cell in np.flatnonzero(known.shown):
                row = [np.zeros(size) for size in firms]
                row[number][known.cells.of_atom[known.cells.table[cell], known.cells.atom_of_firm] == cell] = 1
                rows.append(np.concatenate(row))
    of = matched(first, second)
    for cell in np.flatnonzero(shown):
        inside = of.cells.of_atom[of.cells.table[cell], of.cells.atom_of_firm] == cell
        row = np.zeros(sum(firms))
        row[of.first[inside]], row[firms[0] + of.second[inside]] = -1, 1
        rows.append(row)
    return np.array(rows)


def small_sums(rows: np.ndarray, firms: int) -> int:
    """How many combinations of up to three shown sums are sums over few firms: what an attacker tries first."""
    found, wanted = 0, RULES.threshold
    signs = [np.array(s) for s in ((1, -1, 1), (1, -1, -1), (1, 1, -1), (-1, 1, 1))]
    for a in range(len(rows)):
        for b in range(a + 1, len(rows)):
            for c in range(b + 1, len(rows)):
                for sign in signs:
                    left = np.abs(sign @ rows[[a, b, c]]).sum()
                    found += int(0 < left < wanted)
    return found


def shown_of(found: Panel) -> np.ndarray:
    assert found.kept is not None
    return found.kept.shown


@pytest.mark.parametrize("seed", range(6))
def test_who_subtracts_cross_sections_from_the_panel_learns_of_no_few_firms(seed: int) -> None:
    """Panel less wave plus wave leaves who joined and left. The same attack succeeds where nothing is held back."""
    random = np.random.default_rng(seed)
    first, second = country(120, int(random.integers(0, 25)), int(random.integers(0, 25)), seed)
    rows = rows_known(first, second, shown_of(made(first, second)))

    assert small_sums(rows, len(first.firm)) == 0
    attacker = Attacker(rows, np.r_[first.score, second.score])
    assert attacker.firms_that_follow() == set()


def test_the_attack_succeeds_where_nothing_is_held_back() -> None:
    first, second = country(120, 1, 0)
    unprotected = np.ones(len(matched(first, second).labels), dtype=np.bool_)
    rows = rows_known(first, second, unprotected)

    assert small_sums(rows, len(first.firm)) > 0
    assert Attacker(rows, np.r_[first.score, second.score]).firms_that_follow() == {len(first.firm) + 120}


def test_firms_without_a_score_do_not_hide_that_few_left() -> None:
    """Three left with a score and eight without: eleven units, and a difference of sums over three."""
    first, second = country(200, 0, 11)
    score = first.score.copy()
    score[203:211] = np.nan
    first = wave(first.firm, 0, *places(first), score)

    assert by_code(made(first, second))["total", "_T"]["status"] == "C"


def test_a_panel_before_is_known_to_the_next() -> None:
    """One firm more is matched than in a release before: its change would be the difference of the two panels."""
    first, second = country(200, 0, 0)
    section, size = places(second)
    before = made(first, wave(second.firm[:199], 10_000, section[:199], size[:199], second.score[:199]))
    assert before.kept is not None
    # As if neither wave's own tables were out, and the panel before was: the two panels alone would tell.
    kept = [replace(each, shown=np.ones(len(each.shown), dtype=np.bool_)) for each in before.kept.as_earlier]
    quiet = [replace(of, known=()) for of in (first, second)]
    told = [replace(of, known=(each,)) for of, each in zip((first, second), kept, strict=True)]

    assert by_code(made(*quiet))["total", "_T"]["status"] == "F"
    assert by_code(made(*told))["total", "_T"]["status"] == "C"


def test_profiles_that_few_had_are_held_back_in_the_transitions() -> None:
    first, second = country(300, 0, 0)
    moves = by_code(made(first, second))["total", "_T"]["moves"]

    assert isinstance(moves, list)
    for move in moves:
        held = int((first.profile == move["profile"]).sum())
        assert (move["status"] == "F") <= (held >= RULES.threshold)
        if move["status"] == "F":
            assert sum(move["shares"]) == pytest.approx(100, abs=2)
        else:
            assert set(move) == {"profile", "status"}


def test_transitions_held_back_are_not_what_the_others_leave_of_the_newer_wave() -> None:
    """The same firms in both waves: where all are now stands in the newer wave's table, less who is shown here."""
    held = 0
    for seed in range(24):
        first, second = country((60, 90, 140)[seed % 3], 0, 0, seed)
        few_then = np.where(first.profile == 3, 2, first.profile)
        few_then[np.flatnonzero(first.profile == 3)[: seed % 9]] = 3
        first = replace(first, profile=few_then)
        moves = by_code(made(first, second))["total", "_T"]["moves"]
        assert isinstance(moves, list)
        few = [move["profile"] for move in moves if move["status"] == "C"]
        n = int(np.isin(first.profile, few).sum())
        assert not few or (n >= RULES.threshold and len(few) > 1)
        held += bool(few) and any(move["status"] == "F" for move in moves)
    assert held > 3


def test_waves_without_common_firms_have_no_panel() -> None:
    first, second = country(60, 0, 0)
    other = wave(second.firm + 1000, 10_000, np.zeros(60, dtype=np.int64), np.zeros(60, dtype=np.int64), second.score)

    assert made(first, other).rows == []
