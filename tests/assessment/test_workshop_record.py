"""A record tells a workshop whole, the same each time, and nobody in it."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy.orm import Session

from assessment import participants, rounds
from assessment.record_check import check, compare
from assessment.recorded_rooms import Heads
from assessment.workshop_record import record_bytes, record_of
from questionnaires.loader import load_definition
from tests.assessment.rooms import room, vote
from tests.assessment.whole_workshops import forty, whole_workshop
from tests.factories import NOW, tiny

DEFINITION = load_definition("qi4tf")


def texts(found: Any) -> Iterator[str]:
    if isinstance(found, Mapping):
        for name, value in found.items():
            yield str(name)
            yield from texts(value)
    elif isinstance(found, list | tuple):
        for each in found:
            yield from texts(each)
    elif isinstance(found, str):
        yield found


def test_every_figure_follows_from_the_counts_beside_it() -> None:
    assert check(forty(), DEFINITION) == ()


def test_the_same_workshop_gives_the_same_record_to_the_byte_and_its_draws_come_from_its_seed(
    session: Session,
) -> None:
    definition = tiny()
    workshop = whole_workshop(session, definition, {"industry": 9, "government": 7})
    first, again = (record_of(session, workshop, definition) for _ in range(2))

    assert record_bytes(first) == record_bytes(again)
    assert not list(compare("", first, again))
    assert first["priorities"]["drawn"]["seed"] == workshop.seed
    assert check(first, definition) == ()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("rounds", 0, "levels", 0, "room", "median"), 5),
        (("rounds", 0, "levels", 3, "room", "agreement"), 0.123),
        (("levels", 2, "worth"), 0.9),
        (("gaps", 0, "value"), 3.0),
        (("priorities", "figures", "scores", 1, "score"), 0.5),
        (("priorities", "figures", "rules", 4, "ranks", 0), 7.0),
        (("priorities", "tallies", "blocks", 0, "net", 0), -3),
        (("priorities", "drawn", "bars", 0, "low"), 0.0),
        (("priorities", "drawn", "bars", 0, "top"), 0.2),
        (("priorities", "second", 0, "gaps", 0, "urgency", "mean"), 1.0),
        (("priorities", "order", 0, "place"), 4.0),
        (("priorities", "agreed", 0, "place"), 9),
        (("priorities", "rule", "rule"), "stable"),
        (("roadmap", "actions", 1, "ends_on"), "2026-12-01"),
        (("roadmap", "closed"), 1.0),
    ],
)
def test_a_figure_that_was_changed_is_found(path: tuple[str | int, ...], value: Any) -> None:
    record = copy.deepcopy(forty())
    inner: Any = record
    for step in path[:-1]:
        inner = inner[step]
    assert inner[path[-1]] != value
    inner[path[-1]] = value

    assert check(record, DEFINITION)


def test_no_nickname_no_address_and_no_ballot_is_in_it() -> None:
    said = set(texts(forty()))

    assert not [text for text in said if "Nick" in text or "@" in text]
    assert not said & {"ballots", "person", "participant", "nickname", "owner_email"}


def test_a_group_under_five_stands_nowhere_by_itself() -> None:
    record = forty()

    assert record["groups"][2] == {"id": "research", "name": "Research", "people": None, "is_small": True}
    assert record["people"] == {"people": 36, "more": True}
    for found in record["rounds"]:
        assert found["present"] == {"people": 36, "more": True}
        assert found["voters"] in (None, {"people": 36, "more": True})
        assert not [each for each in found["levels"] if "research" in each["groups"]]
    blocks = record["priorities"]["tallies"]["blocks"]
    assert [block["groups"] for block in blocks] == [["government"], ["industry", "research"]]
    assert blocks[1]["voters"] == {"people": 22, "more": True}
    assert [each["group"] for each in record["roadmap"]["dissent"]] == ["industry", ""]


def test_a_room_of_four_is_not_told_at_all(session: Session) -> None:
    there = room(session, {"industry": 2, "government": 2})
    question = there.workshop.questions[0]
    asked = rounds.open_round(session, there.workshop, "levels", [question], NOW)
    vote(session, there, asked.number, [(person, question, 1) for person in range(1, 5)])
    rounds.reveal_round(session, there.workshop, NOW)

    record = record_of(session, there.workshop, tiny())

    assert record["people"] == {"people": None, "more": True}
    [entry] = record["rounds"][0]["levels"]
    assert entry["room"] is None
    assert entry["groups"] == {}
    assert entry["asked"] is None
    assert entry["level"] is None


def test_a_round_that_was_not_shown_is_not_in_it(session: Session) -> None:
    there = room(session)
    question = there.workshop.questions[0]
    asked = rounds.open_round(session, there.workshop, "levels", [question], NOW)
    vote(session, there, asked.number, [(person, question, 1) for person in range(1, 9)])
    rounds.close_round(session, there.workshop, NOW)

    assert record_of(session, there.workshop, tiny())["rounds"] == []


def test_who_was_removed_is_not_counted(session: Session) -> None:
    there = room(session, {"industry": 6, "government": 5})
    participants.remove(session, there.workshop, 11, NOW)

    assert record_of(session, there.workshop, tiny())["people"] == {"people": 6, "more": True}


@pytest.mark.parametrize(
    ("people", "told"),
    [
        ({"a": 22, "b": 14}, {"people": 36, "more": False}),
        ({"a": 22, "b": 4}, {"people": 22, "more": True}),
        ({"a": 22, "b": 3, "c": 2}, {"people": 27, "more": False}),
        ({"a": 22, "b": 2, "c": 2}, {"people": 22, "more": True}),
        ({"a": 2, "b": 2}, {"people": None, "more": True}),
        ({"a": 3, "b": 3}, {"people": 6, "more": False}),
        ({"a": 22, "b": 0}, {"people": 22, "more": False}),
    ],
)
def test_heads_are_told_so_that_no_small_group_can_be_worked_out(people: dict[str, int], told: dict[str, Any]) -> None:
    assert Heads(people).told() == told
