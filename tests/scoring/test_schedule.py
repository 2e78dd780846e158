"""Actions in time: phases, needs, alternatives, circles and long chains."""

from itertools import pairwise

import pytest

from scoring.candidates import Candidate
from scoring.pacing import Times, paced
from scoring.plan_model import TIMING
from scoring.schedule import Late, Schedule, earliest_ends
from tests.scoring.planned import candidate


def schedule(phase: dict[str, int], *found: Candidate) -> Schedule:
    return Schedule(TIMING, {c.id: c for c in found}, phase)


def times(found: Schedule) -> Times:
    return paced(found, (None, None, None))


def test_an_action_starts_with_its_phase() -> None:
    found = schedule({"a": 0, "b": 1, "c": 2}, candidate("a"), candidate("b", months=2), candidate("c", months=24))
    assert found.late() == []
    assert times(found) == {"a": (0, 1), "b": (3, 5), "c": (12, 36)}


def test_a_long_action_starts_before_its_phase() -> None:
    found = schedule({"a": 1, "b": 2}, candidate("a", months=11), candidate("b", months=30))
    assert times(found) == {"a": (1, 12), "b": (6, 36)}


def test_what_others_wait_for_starts_before_its_phase() -> None:
    found = schedule({"a": 1, "b": 1}, candidate("a", months=4), candidate("b", months=7, needs=(("a",),)))
    assert times(found) == {"a": (1, 5), "b": (5, 12)}


def test_an_action_that_does_not_fit_its_phase_is_late() -> None:
    assert schedule({"a": 0}, candidate("a", months=4)).late() == [Late("a", 0, {})]


def chain_of(*months: float) -> list[Candidate]:
    """a, then b, then c, each of which needs the one before it."""
    return [
        candidate(name, months=length, needs=((before,),) if before != "-" else ())
        for name, before, length in zip("abc", "-ab", months, strict=True)
    ]


def test_a_chain_that_fits_only_as_a_whole_is_put_in_time() -> None:
    found = schedule({"a": 1, "b": 1, "c": 1}, *chain_of(4, 4, 4))
    assert found.late() == []
    assert times(found) == {"a": (0, 4), "b": (4, 8), "c": (8, 12)}


def test_a_chain_too_long_for_its_phase_is_late_at_its_end() -> None:
    assert schedule({"a": 1, "b": 1, "c": 1}, *chain_of(5, 4, 4)).late() == [Late("c", 1, {})]


def test_what_holds_a_chain_up_is_named_with_the_phase_it_should_end_in() -> None:
    assert schedule({"a": 1, "b": 1, "c": 1}, *chain_of(1, 5, 5)).late() == [Late("c", 1, {"a": 0})]
    assert schedule({"a": 0, "b": 1, "c": 1}, *chain_of(1, 5, 5)).late() == []


def test_an_alternative_that_is_not_done_could_help_a_late_action() -> None:
    late = schedule(
        {"slow": 2, "next": 1},
        candidate("slow"), candidate("quick"), candidate("next", needs=(("slow", "quick"),)),
    ).late()  # fmt: skip
    assert late == [Late("next", 1, {"slow": 1, "quick": 1})]


def test_of_alternatives_the_first_to_end_counts() -> None:
    found = schedule(
        {"slow": 1, "quick": 0, "next": 1},
        candidate("slow", months=9), candidate("quick"), candidate("next", months=9, needs=(("slow", "quick"),)),
    )  # fmt: skip
    assert found.late() == []
    assert times(found)["next"] == (3, 12)


def test_actions_that_wait_for_each_other_need_something_outside_their_circle() -> None:
    circle = candidate("a", needs=(("b", "way_out"),)), candidate("b", needs=(("a",),)), candidate("way_out")
    assert schedule({"a": 2, "b": 2}, *circle).late() == [Late("a", 2, {"way_out": 2}), Late("b", 2, {"way_out": 2})]
    assert schedule({"a": 2, "b": 2, "way_out": 2}, *circle).late() == []


def test_a_need_that_is_not_done_at_all_is_told_in_the_same_way() -> None:
    assert schedule({"b": 2}, candidate("a"), candidate("b", needs=(("a",),))).late() == [Late("b", 2, {"a": 2})]


@pytest.mark.parametrize("months", [0, 0.0005])
def test_a_chain_of_thousands_is_put_in_time(months: float) -> None:
    names = [f"n{i}" for i in range(3000)]
    chain = [candidate(names[0], months=months, days=0)]
    chain += [candidate(n, months=months, days=0, needs=((before,),)) for before, n in pairwise(names)]
    found = schedule(dict.fromkeys(reversed(names), 0), *chain)
    assert found.late() == []
    assert times(found)[names[-1]][1] == pytest.approx(3000 * months)


def test_the_earliest_ends_come_in_their_order() -> None:
    found = {c.id: c for c in [candidate("b", needs=(("a",),), months=0), candidate("a", months=2), candidate("c")]}
    assert list(earliest_ends(found, found, dict.fromkeys(found, 0.0)).items()) == [("c", 1), ("a", 2), ("b", 2)]
