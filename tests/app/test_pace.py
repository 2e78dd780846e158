"""Costly work: so often a minute for each, and once for all who ask at the same time."""

import threading
import time

import pytest

from app.firm_results import KEPT, Kept
from app.pace import REMEMBERED, Pace, PlansTooFast, SavesTooFast


def test_each_has_so_many_a_minute_and_then_again() -> None:
    now = [0.0]
    pace = Pace(2, PlansTooFast, 60, lambda: now[0])
    pace.count("a")
    now[0] = 10
    pace.count("a")
    with pytest.raises(PlansTooFast) as refusal:
        pace.count("a")
    assert refusal.value.retry_after == 50
    pace.count("b")
    now[0] = 60
    pace.count("a")
    pace.count("a")
    with pytest.raises(PlansTooFast) as again:
        pace.count("a")
    assert again.value.retry_after == 60


def test_many_at_once_fit_or_do_not_and_what_was_refused_does_not_count() -> None:
    pace = Pace(10, SavesTooFast, 60, lambda: 0.0)
    pace.count(1, 8)
    with pytest.raises(SavesTooFast):
        pace.count(1, 3)
    pace.count(1, 2)
    with pytest.raises(SavesTooFast):
        pace.count(1)
    pace.count(2, 10)


def test_no_more_names_are_remembered_than_agreed() -> None:
    pace = Pace(1, PlansTooFast, 60, lambda: 0.0)
    for number in range(REMEMBERED + 1):
        pace.count(number)
    pace.count(0)
    with pytest.raises(PlansTooFast):
        pace.count(REMEMBERED)


def test_what_many_ask_for_at_once_is_made_once() -> None:
    kept, made = Kept(), []

    def make() -> str:
        made.append(1)
        time.sleep(0.05)
        return "made"

    threads = [threading.Thread(target=kept.get, args=("key", make)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 1
    assert kept.has("key")


def test_what_was_refused_is_not_kept_and_can_be_asked_for_again() -> None:
    kept = Kept()

    def refuse() -> None:
        raise PlansTooFast(5)

    with pytest.raises(PlansTooFast):
        kept.get("key", lambda: "made", refuse)
    assert not kept.has("key")
    assert kept.get("key", lambda: "made") == "made"
    assert kept.get("key", lambda: "other", refuse) == "made"


def test_what_was_not_asked_for_longest_is_forgotten() -> None:
    kept = Kept()
    for number in range(KEPT + 1):
        kept.get(number, lambda: "made")
    assert not kept.has(0)
    assert kept.has(KEPT)
