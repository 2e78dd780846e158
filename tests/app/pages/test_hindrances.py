"""What stands in the way, asked on the page of the submission: optional, kept, and told back."""

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.database import Database
from assessment.tables import Assessment
from tests.app.walk import Visit, start


@pytest.fixture
def visit(client: TestClient) -> Visit:
    begun = start(client)
    begun.answer("skills", skills__training="2")
    return begun


def ticked(page: str) -> list[str]:
    return re.findall(r'name="hindrance" value="(\w+)" checked', page)


def kept(database: Database) -> object:
    with database.reader() as session:
        return (session.scalars(select(Assessment.frozen)).one() or {}).get("hindrances", "not said")


def test_nobody_has_to_say_and_then_nothing_is_kept(visit: Visit, database: Database) -> None:
    assert ticked(visit.get("/check").text) == []
    assert visit.submit().status_code == 303
    assert kept(database) == "not said"


def test_what_is_said_is_kept_and_stands_ready_when_it_is_reopened(visit: Visit, database: Database) -> None:
    assert visit.post("/submit", {"hindrance": ["time", "funds"]}).status_code == 303
    assert visit.post("/submit", {"hindrance": ["moon"]}).headers["location"] == f"{visit.link}/results"
    assert kept(database) == ["funds", "time"]
    visit.post("/reopen", {"reason": "a wrong level"})
    assert ticked(visit.get("/check").text) == ["funds", "time"]
    assert visit.post("/submit", {"hindrance": "nothing"}).status_code == 303
    assert kept(database) == []


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        (["funds", "people", "time", "rules"], "Choose 3 things at most"),
        (["funds", "nothing"], "but not both"),
        (["moon"], "is not in the list"),
    ],
)
def test_what_cannot_be_meant_is_asked_again_with_what_was_ticked(
    visit: Visit, database: Database, chosen: list[str], told: str
) -> None:
    refused = visit.post("/submit", {"hindrance": chosen})
    assert refused.status_code == 422
    assert told in refused.text
    assert refused.text.count("<title>Error:") == 1
    assert set(ticked(refused.text)) == set(chosen) - {"moon"}
    with database.reader() as session:
        assert session.scalars(select(Assessment.state)).one() == "open"
