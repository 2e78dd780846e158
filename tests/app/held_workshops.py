"""Workshops whose rounds have found something, for tests of the pages of who leads."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

from app.database import Database
from assessment import rounds
from tests.assessment.rooms import Room, room, vote
from tests.factories import NOW

Q, OTHER, THIRD = "skills.training", "machines.1", "machines.2"
PEOPLE = {"industry": 6, "government": 5}
Votes = Mapping[str, Sequence[Any]]


def held(database: Database, people: Mapping[str, int], *askings: Votes, reveal: bool = True, **plan: Any) -> str:
    """A workshop whose rounds found this; returns the path of its chair."""
    with database.transaction() as session:
        there = room(session, people, **plan)
        for values in askings:
            _ask(session, there, values, reveal)
        return f"/w/{there.chair}"


def _ask(session: Any, there: Room, values: Votes, reveal: bool) -> None:
    opened = rounds.open_round(session, there.workshop, "levels", list(values), NOW)
    given = [(person, q, v) for q, each in values.items() for person, v in enumerate(each, 1) if v is not None]
    vote(session, there, opened.number, given)
    if reveal:
        rounds.reveal_round(session, there.workshop, NOW)


def seen(shown: Response) -> str:
    found = re.search(r"\?seen=(\d+)", shown.text)
    assert found
    return found[1]


def post(client: TestClient, path: str, **data: Any) -> Response:
    return client.post(f"{path}?seen={seen(client.get(path))}", data=data or {"x": ""}, follow_redirects=False)
