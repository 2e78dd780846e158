"""The pages of a programme's releases: ordered and published by officers, read by analysts, closed to others."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.database import Database
from app.jobs import Worker
from app.release_job import KIND, ReleaseWork
from app.settings import Settings
from app.shelf import Shelf
from assessment import releases
from assessment.case_states import ANALYST, ASSESSOR, OFFICER
from assessment.release_refusals import stored_reasons
from assessment.tables import Programme, Release
from tests.assessment.programmes import member
from tests.factories import NOW
from tests.people import sign_in
from tests.release_samples import a_programme, enter_units, sample_making, sample_units

SURE = {"sure": "1"}
PEOPLE = {role: f"{role}@programme.example" for role in (OFFICER, ANALYST, ASSESSOR)}


@pytest.fixture
def programme(database: Database) -> int:
    """A programme with 60 firms that were assessed, and its people."""
    with database.transaction() as session:
        found = a_programme(session)
        for role in PEOPLE:
            member(session, found, role)
        enter_units(session, found, sample_units(sample_making().questionnaire, 60, 2025))
        return found.id


@pytest.fixture
def worker(database: Database, settings: Settings) -> Worker:
    return Worker(
        database, {KIND: ReleaseWork(database, settings, Shelf(settings.definitions), ())}, timedelta(minutes=1)
    )


def ordered(client: TestClient, programme: int, title: str = "Spring") -> str:
    sent = {"title": title, "wave": ["2025"]}
    answer = client.post(f"/programmes/{programme}/releases", data=sent, follow_redirects=False)
    assert answer.status_code == 303
    return answer.headers["location"]


def test_an_officer_orders_a_release_watches_it_and_publishes_it(
    client: TestClient, database: Database, programme: int, worker: Worker
) -> None:
    sign_in(client, database, PEOPLE[OFFICER])
    assert "There is no release yet." in client.get(f"/programmes/{programme}/releases").text
    path = ordered(client, programme)
    waiting = client.get(path).text
    assert "It waits for its turn." in waiting
    assert 'http-equiv="refresh"' in waiting
    with database.transaction() as session:
        releases.note_step(session, 1, "protecting 2025 3 7")
    assert "Protecting the cells of 2025: 3 of 7." in client.get(path).text
    assert "A release is being made." in client.get(f"/programmes/{programme}/releases").text
    assert client.post(f"{path}/publish", data=SURE).status_code == 409
    worker.work_once()
    made = client.get(path).text
    assert "Narrowest range of firms" in made
    assert "Nothing of fewer than 10 firms is shown." in made
    assert "http-equiv" not in made
    assert "/releases/1/files/cube.parquet" in made
    client.cookies.delete("session")
    assert client.get("/releases/1").status_code == 404
    sign_in(client, database, PEOPLE[OFFICER])
    published = client.post(f"{path}/publish", data=SURE).text
    assert "Nothing of it changes any more." in published
    assert "http://testserver/releases/1" in published
    client.cookies.delete("session")
    assert client.get("/releases/1").status_code == 200
    assert client.get("/releases/1/files/manifest.json").json()["release"]["title"] == "Spring"


def test_analysts_read_and_do_not_order(client: TestClient, database: Database, programme: int, worker: Worker) -> None:
    sign_in(client, database, PEOPLE[OFFICER])
    path = ordered(client, programme)
    worker.work_once()
    sign_in(client, database, PEOPLE[ANALYST])
    assert "Make the release" not in client.get(f"/programmes/{programme}/releases").text
    assert "Publish the release" not in client.get(path).text
    assert client.post(f"/programmes/{programme}/releases", data=SURE).status_code == 403
    assert client.post(f"{path}/publish", data=SURE).status_code == 403
    sign_in(client, database, PEOPLE[ASSESSOR])
    assert client.get(f"/programmes/{programme}/releases").status_code == 403
    assert client.get(path).status_code == 403
    sign_in(client, database, "stranger@example.org")
    assert client.get(path).status_code == 404


def test_releases_that_are_not_published_tell_an_analyst_nothing(
    client: TestClient, database: Database, programme: int, worker: Worker
) -> None:
    """Made one after another, one firm apart, they do not know of each other: who reads both has the firm."""
    sign_in(client, database, PEOPLE[OFFICER])
    paths = [ordered(client, programme)]
    worker.work_once()
    with database.transaction() as session:
        one = sample_units(sample_making().questionnaire, 1, 2025, first=60)
        enter_units(session, session.get_one(Programme, programme), one)
    paths.append(ordered(client, programme))
    worker.work_once()
    files = [f"/releases/{number}/files/cube.parquet" for number in (1, 2)]
    first, second = (client.get(file) for file in files)
    assert first.status_code == second.status_code == 200
    assert first.content != second.content, "they do tell"
    sign_in(client, database, PEOPLE[ANALYST])
    assert {client.get(file).status_code for file in files} == {404}
    for path in paths:
        seen = client.get(path).text
        assert "Made, not published" in seen
        assert not {
            each for each in ("Cells shown", "SHA-256", "Sums that stay secret", "cube.parquet") if each in seen
        }
    sign_in(client, database, PEOPLE[OFFICER])
    assert client.post(f"{paths[1]}/publish", data=SURE).status_code == 200
    sign_in(client, database, PEOPLE[ANALYST])
    assert [client.get(file).status_code for file in files] == [404, 200]
    assert "Cells shown" in client.get(paths[1]).text


def test_a_refused_release_says_why(
    client: TestClient, app: FastAPI, settings: Settings, database: Database, programme: int
) -> None:
    sign_in(client, database, PEOPLE[OFFICER])
    path = ordered(client, programme)
    with database.transaction() as session:
        releases.note_refused(session, 1, (("bounded", 3), ("few", 0)))
    shown = client.get(path).text
    assert "it would have told of single firms" in shown
    assert "Sums of few firms that could be told too closely: 3." in shown
    assert "Too few firms have an overall score." in shown
    with database.transaction() as session:
        session.get_one(Release, 1).problem = stored_reasons([("few", 0)])
    assert "it would have told of single firms" not in client.get(path).text
    app.state.settings = settings.model_copy(update={"test_languages": True})
    client.cookies.set("language", "qps")
    shown = client.get(path).text
    assert "Too few firms have an overall score." not in shown, "said in the reader's language"
    assert client.get("/releases/1").status_code == 404


def test_a_release_that_was_overtaken_cannot_be_published(
    client: TestClient, database: Database, programme: int
) -> None:
    sign_in(client, database, PEOPLE[OFFICER])
    path = ordered(client, programme)
    with database.transaction() as session:
        manifest: dict[str, object] = {
            "cells": {"shown": 1, "held_back": 1},
            "protection": {"secrets": 1, "narrowest": 5},
        }
        manifest |= {"cube_sha256": "a" * 64, "rules": {"threshold": 10}}
        releases.note_made(session, 1, manifest, "b", {}, NOW)
        second = releases.order(session, session.get_one(Programme, programme), NOW)
        releases.note_made(session, second.id, {"cube_sha256": "c" * 64}, "d", {}, NOW)
        releases.publish(session, session.get_one(Release, second.id), NOW)
    shown = client.get(path).text
    assert "Order a new release instead." in shown
    assert "Publish the release" not in shown
    assert client.post(f"{path}/publish", data=SURE).status_code == 409


@pytest.mark.parametrize("number", ["0", "99", "x", "1e3"])
def test_there_is_no_such_release(client: TestClient, database: Database, programme: int, number: str) -> None:
    sign_in(client, database, PEOPLE[OFFICER])
    assert client.get(f"/programmes/{programme}/releases/{number}").status_code == 404
