"""Costly work: so often a minute for each, and once for all who ask at the same time."""

import threading
import time

import pytest

from app.firm_results import KEPT, Kept
from app.pace import REMEMBERED, Pace, TooOften


def test_so_many_within_a_minute_and_then_again() -> None:
    now = [0.0]
    pace = Pace(2, 60, lambda: now[0])
    pace.take("a")
    now[0] = 10
    pace.take("a")
    with pytest.raises(TooOften) as refusal:
        pace.take("a")
    assert refusal.value.retry_after == 50
    pace.take("b")
    now[0] = 60
    pace.take("a")
    with pytest.raises(TooOften):
        pace.take("a")


def test_no_more_names_are_remembered_than_agreed() -> None:
    pace = Pace(1, 60, lambda: 0.0)
    for number in range(REMEMBERED + 1):
        pace.take(str(number))
    pace.take("0")
    with pytest.raises(TooOften):
        pace.take("0")


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
        raise TooOften(5)

    with pytest.raises(TooOften):
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
