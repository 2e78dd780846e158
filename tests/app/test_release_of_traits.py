"""Technologies in use and actions of firms, from the database to a release's tables, pages and files."""

import csv
import io
import json
from datetime import timedelta

import numpy as np
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app import artifacts
from app.database import Database
from app.jobs import Worker
from app.release_job import KIND, ReleaseWork
from app.settings import Settings
from app.shelf import Shelf
from assessment import releases
from assessment.standing import STATES
from assessment.tables import ActionProgress, Programme, Release
from questionnaires.loader import load_definition
from reports.release.cube import Cube
from reports.release.manifest_file import CUBE
from tests.factories import NOW
from tests.release_samples import a_programme, enter_units, sample_making, sample_units

FIRMS, YEAR = 160, 2026


@pytest.fixture
def published(database: Database, client: TestClient, settings: Settings) -> Release:
    """A release of firms of which two in three say where some actions stand, published, with its English files."""
    with database.transaction() as session:
        programme_id = filled(session).id
        release_id = releases.order(session, session.get_one(Programme, programme_id), NOW).id
    work = ReleaseWork(database, settings, Shelf(settings.definitions), languages=("en",))
    assert Worker(database, {KIND: work}, timedelta(seconds=60)).work_once()
    with database.transaction() as session:
        releases.publish(session, session.get_one(Release, release_id), NOW)
    with database.reader() as session:
        found = session.get_one(Release, release_id)
        session.expunge(found)
    return found


def filled(session: Session) -> Programme:
    programme, random = a_programme(session), np.random.default_rng(1)
    enter_units(session, programme, sample_units(sample_making().questionnaire, FIRMS, YEAR))
    actions = [action.id for action in load_definition("industry4-readiness").actions]
    said = [
        {"assessment_id": YEAR * 100_000 + firm, "action_id": actions[int(action)], "changed_at": NOW,
         "state": STATES[int(random.choice(4, p=(0.4, 0.2, 0.3, 0.1)))]}
        for firm in range(FIRMS) if firm % 3
        for action in random.choice(len(actions), 2, replace=False)
    ]  # fmt: skip
    session.execute(insert(ActionProgress), said)
    return programme


def test_technologies_and_actions_are_in_tables_pages_files_and_the_report(
    published: Release, client: TestClient, settings: Settings
) -> None:
    path = artifacts.path_of(settings.artifacts, published.files[CUBE]["sha256"])
    cube = Cube(path, published.manifest or {})
    told = cube.table("action", figure="s1")
    assert told.rows[0] == "A:told"
    assert told.figures["s1"][0, 0] == pytest.approx(67, abs=1)
    used = cube.table("technology", "size", figure="s1")
    assert (used.status == "F").sum() > 20
    assert (used.status == "C").sum() > 5

    page = client.get(f"/releases/{published.id}?rows=technology&columns=size")
    assert page.status_code == 200
    assert "Cloud computing" in page.text
    assert "Share of firms that say yes" in page.text
    assert "Technologies in use" in client.get(f"/releases/{published.id}?indicator=T:cloud_computing").text
    assert "Any action: done" in client.get(f"/releases/{published.id}?rows=action").text

    names = published.files
    assert content(settings, names["tables-en.xlsx"])[:2] == b"PK"
    rows = csv.DictReader(io.StringIO(content(settings, names["tables-en.csv"]).decode("utf-8-sig")))
    indicators = {each for row in rows for each in row.values() if each and each[:2] in ("T:", "A:")}
    assert {"T:cloud_computing", "A:done.any"} <= indicators
    assert any(
        each["kind"] == "technology" for each in json.loads(content(settings, names["manifest.json"]))["indicators"]
    )
    assert content(settings, next(names[name] for name in names if name.endswith(".pdf")))[:4] == b"%PDF"


def content(settings: Settings, file: dict[str, str]) -> bytes:
    return artifacts.path_of(settings.artifacts, file["sha256"]).read_bytes()
