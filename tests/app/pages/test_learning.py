"""The page on learning: which model is in use and how well it does, and nothing of a single workshop."""

import re

import pytest
from fastapi.testclient import TestClient

from app.database import Database
from assessment import learned_models
from assessment.tables import Job, Workshop
from assessment.workshop_rules import PROTOCOL
from tests.app.workshop import a_workshop
from tests.assessment.taught import instrument, taught
from tests.factories import NOW
from tests.people import sign_in

PAGE = "/workshops/learning"
TOLD = "On workshops it had not seen, its order agreed"


@pytest.fixture
def reader(client: TestClient, database: Database) -> TestClient:
    sign_in(client, database, "aisha@example.org")
    return client


def learn(database: Database, *numbers: int, user_id: int | None = None) -> None:
    with database.transaction() as session:
        for number in numbers:
            taught(session, number, user_id=user_id)
        learned_models.learn(session, instrument(), PROTOCOL, NOW)


def test_without_models_it_says_that_gap_times_weight_is_all_there_is(reader: TestClient) -> None:
    assert "What earlier workshops teach" in reader.get("/workshops").text
    assert "No workshop has taught anything yet. In every workshop the order is gap × weight." in reader.get(PAGE).text


def test_it_is_for_everybody_who_signs_in_and_for_nobody_else(client: TestClient, database: Database) -> None:
    assert client.get(PAGE).url.path == "/sign-in"
    sign_in(client, database, "new@example.org")
    assert client.get(PAGE).status_code == 200


def test_before_ten_workshops_it_says_how_many_there_are(reader: TestClient, database: Database) -> None:
    learn(database, 1, 2)
    learn(database, 3, 4)
    shown = reader.get(PAGE).text
    assert "does not beat gap × weight yet. It has learned from 4 of 10 workshops." in shown
    assert TOLD in shown
    assert re.search(r"Version 2, .*: learned from 4 workshops · <strong>in use", shown)
    assert "learned from 2 workshops" in shown


def test_what_it_goes_by_is_told_in_words_and_the_strongest_first(reader: TestClient, database: Database) -> None:
    learn(database, *range(12))
    shown = reader.get(PAGE).text
    assert "Shown to rooms since" in shown
    assert re.findall(r'<tr><th scope="row">([^<]*)</th><td><bdi>(.) [\d.]+, (earlier|later)', shown)[0] == (
        "Staff days of its actions",
        "÷",
        "later",
    )
    assert "Whether its chances come true" in shown


def test_with_fewer_than_three_workshops_of_others_only_counts_are_shown(
    client: TestClient, database: Database
) -> None:
    own = sign_in(client, database, "leads@example.org")
    learn(database, 1, 2)
    learn(database, 3, 4, 5, 6, user_id=own)
    shown = client.get(PAGE).text
    assert "It has learned from 6 of 10 workshops." in shown
    assert TOLD not in shown
    assert "<table" not in shown
    assert "shown once it has learned from 3 workshops that you do not lead" in shown
    learn(database, 7)
    assert TOLD in client.get(PAGE).text


def test_without_a_model_in_use_it_says_so(reader: TestClient, database: Database) -> None:
    learn(database, 1, 2, 3)
    with database.transaction() as session:
        learned_models.roll_back(session, instrument(), PROTOCOL)
    assert "No model is in use: the order is gap × weight." in reader.get(PAGE).text


def test_a_questionnaire_that_is_not_offered_any_more_is_named_by_its_id(
    reader: TestClient, database: Database
) -> None:
    with database.transaction() as session:
        taught(session, 1).questionnaire_version = "0.9.0"
        session.flush()
        learned_models.learn(session, "qi4tf@0.9.0", PROTOCOL, NOW)
    assert ">qi4tf@0.9.0</h2>" in reader.get(PAGE).text


def test_who_leads_a_workshop_may_take_it_out_and_back_in_after_its_end(client: TestClient, database: Database) -> None:
    there = a_workshop(client.app, user_id=sign_in(client, database))  # type: ignore[arg-type]
    with database.transaction() as session:
        session.get_one(Workshop, there.id).state = "ended"
    home = f"/w/{there.id}"
    for teaches, button in (("0", "Let later workshops learn from it"), ("1", "Do not learn from it")):
        seen = re.search(r"/teaching\?seen=(\d+)", client.get(home).text)
        assert seen
        assert button in client.post(f"{home}/teaching?seen={seen[1]}", data={"teaches": teaches}).text
    with database.reader() as session:
        assert [job.kind for job in session.query(Job)] == ["learn", "learn"]


def test_a_rehearsal_is_not_asked_to_teach(client: TestClient, database: Database) -> None:
    there = a_workshop(client.app, user_id=sign_in(client, database), is_rehearsal=True)  # type: ignore[arg-type]
    home = client.get(f"/w/{there.id}").text
    assert "/teaching" not in home
    refused = client.post(f"/w/{there.id}/teaching?seen=2", data={"teaches": "1"})
    assert (refused.status_code, "Nothing is learned from a rehearsal" in refused.text) == (409, True)
