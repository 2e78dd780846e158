"""When within its phase each action runs."""

import pytest
from hypothesis import given, settings

from scoring.candidates import Candidate
from scoring.choosing import choose
from scoring.pacing import Times, paced
from scoring.plan_model import TIMING, Limits, Task
from scoring.schedule import Schedule
from tests.scoring.planned import candidate, limits, tasks

NO_LIMIT = (None, None, None)


def times(phase: dict[str, int], *found: Candidate, days: tuple[float | None, ...] = NO_LIMIT) -> Times:
    return paced(Schedule(TIMING, {c.id: c for c in found}, phase), days)


def test_what_the_days_of_a_month_do_not_hold_comes_in_the_next() -> None:
    found = [candidate(name, days=4) for name in "abcdef"]
    told = times(dict.fromkeys("abcdef", 0), *found, days=(24.0, None, None))
    assert sorted(start for start, _ in told.values()) == [0, 0, 1, 1, 2, 2]


def test_with_days_to_spare_everything_starts_at_once() -> None:
    found = [candidate(name, days=4) for name in "abc"]
    assert set(times(dict.fromkeys("abc", 1), *found, days=(None, 900.0, None)).values()) == {(3, 4)}


def test_without_a_limit_the_work_is_spread_evenly() -> None:
    found = [candidate(name, days=4) for name in "abc"]
    assert sorted(start for start, _ in times(dict.fromkeys("abc", 0), *found).values()) == [0, 1, 2]


def test_what_gains_most_for_a_day_comes_first() -> None:
    found = [candidate("little", worth=0.1, days=5), candidate("much", worth=0.4, days=5)]
    told = times({"little": 0, "much": 0}, *found, days=(15.0, None, None))
    assert told == {"much": (0, 1), "little": (1, 2)}


def test_what_can_wait_least_comes_before_what_gains_most() -> None:
    found = [candidate("long", worth=0.1, days=30, months=9), candidate("short", worth=0.4, days=3)]
    told = times({"long": 1, "short": 1}, *found, days=(None, 30.0, None))
    assert told["long"] == (3, 12)


def test_what_gains_most_comes_before_what_is_longer_and_can_wait() -> None:
    found = [candidate("longer", worth=0.1, days=12, months=3), candidate("better", worth=0.4, days=8, months=2)]
    told = times({"longer": 1, "better": 1}, *found, days=(None, 36.0, None))
    assert told == {"better": (3, 5), "longer": (5, 8)}


def test_what_others_wait_for_is_not_put_off() -> None:
    found = [
        candidate("first", days=9), candidate("next", months=2, needs=(("first",),)),
        *[candidate(name, worth=1.0, days=9) for name in "abc"],
    ]  # fmt: skip
    told = times(dict.fromkeys(["first", "next", "a", "b", "c"], 0), *found, days=(30.0, None, None))
    assert (told["first"], told["next"]) == ((0, 1), (1, 3))


def test_an_action_without_length_takes_its_days_in_one_month() -> None:
    found = [candidate("at_once", months=0, days=10), candidate("other", days=10)]
    assert times({"at_once": 0, "other": 0}, *found, days=(30.0, None, None)) == {"at_once": (0, 0), "other": (1, 2)}


@pytest.mark.parametrize("limit", [0.0, None])
def test_actions_without_days_start_with_their_phase(limit: float | None) -> None:
    found = [candidate(name, days=0) for name in "ab"]
    assert set(times({"a": 1, "b": 1}, *found, days=(limit,) * 3).values()) == {(3, 4)}


@settings(max_examples=60, deadline=None)
@given(tasks(6), limits())
def test_every_need_ends_before_what_waits_for_it_and_all_end_in_their_phases(asked: Task, within: Limits) -> None:
    choice = choose(asked, within)
    if choice is None:
        return
    told = paced(Schedule(asked.timing, asked.candidates, choice.phase), within.phase_days)
    assert set(told) == set(choice.phase)
    for name, phase in choice.phase.items():
        start, end = told[name]
        assert start >= 0
        assert end - start == pytest.approx(asked.candidates[name].action.months)
        assert asked.timing.starts[phase] - 1e-6 <= end <= asked.timing.ends[phase] + 1e-6
        for group in asked.candidates[name].needs:
            assert min(told[other][1] for other in group if other in told) <= start + 1e-6
