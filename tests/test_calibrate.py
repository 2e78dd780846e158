"""The calibration: sane on a few rooms, and able to tell bars and chances that are wrong."""

from dataclasses import replace
from functools import cache

import pytest

from scoring.best_worst import BallotCounts
from scoring.rank_certainty import RankCertainty, rank_certainty
from tests.calibrate import BEGIN, END, METHOD, PEOPLE, as_table, calibrate, put_into
from tests.scoring.rooms import KINDS, Room, rooms


@cache
def _rooms(people: int) -> tuple[Room, ...]:
    return tuple(rooms(17, people, 48))


def _quick(counts: BallotCounts, k: int) -> RankCertainty:
    return rank_certainty(counts, k, draws=300)


def _half_as_long(counts: BallotCounts, k: int) -> RankCertainty:
    found = _quick(counts, k)
    halved = (replace(bar, low=(bar.low + bar.rank) / 2, high=(bar.high + bar.rank) / 2) for bar in found.bars)
    return replace(found, bars=tuple(halved))


def _overconfident(counts: BallotCounts, k: int) -> RankCertainty:
    found = _quick(counts, k)
    return replace(found, bars=tuple(replace(bar, top=float(bar.top > 0.5)) for bar in found.bars))


@pytest.mark.parametrize("people", [20, 40])
def test_nine_bars_in_ten_hold_the_true_rank(people: int) -> None:
    assert 0.85 <= calibrate(_rooms(people), _quick).coverage <= 0.98


def test_bars_half_as_long_are_found_out() -> None:
    assert calibrate(_rooms(20), _half_as_long).coverage < 0.85


def test_chances_come_true_about_as_often_as_said_and_better_than_knowing_nothing() -> None:
    for chances in calibrate(_rooms(20), _quick).chances:
        assert chances.brier < chances.ignorant / 1.5
        assert all(each.true == pytest.approx(each.said, abs=0.2) for each in chances.bins if each.number > 30)


def test_chances_of_nothing_or_all_are_found_out() -> None:
    honest, rounded = calibrate(_rooms(20), _quick), calibrate(_rooms(20), _overconfident)
    for one, other in zip(honest.chances, rounded.chances, strict=True):
        assert other.brier > one.brier * 1.1


def test_rooms_are_of_every_kind_and_the_same_for_the_same_seed() -> None:
    assert {room.kind for room in _rooms(20)} == {kind.name for kind in KINDS}
    assert rooms(17, 20, 2)[1].choices == _rooms(20)[1].choices
    assert [len(room.counts.people) for room in _rooms(40)] == [40] * 48


def test_the_method_prints_the_table_of_a_calibration_of_every_size() -> None:
    text = METHOD.read_text()
    printed = text.split(BEGIN)[1].split(END)[0]
    assert printed.startswith("\nMeasured on ")
    table = as_table([replace(calibrate(_rooms(20)[:8], _quick), people=people) for people in PEOPLE], 1, "2026-01-01")
    shape = [line.split("|")[:2] for line in table.splitlines() if line.startswith("|")]
    assert [line.split("|")[:2] for line in printed.splitlines() if line.startswith("|")] == shape
    assert put_into(text, printed.strip()) == text
