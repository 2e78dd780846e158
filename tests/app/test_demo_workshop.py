"""The demo's workshop: half way, with what simulated people put first, made once."""

from datetime import UTC, datetime

from fastapi import FastAPI
from fastapi.testclient import TestClient

from app import demo_workshop
from app.database import Database
from assessment import participants, room_gaps, rounds, users, workshop_access, workshops
from questionnaires.loader import load_definition
from tests.conftest import ORIGIN

ACCOUNT = "demo@fourward.example"


def test_it_stands_where_priorities_are_shown_and_is_led_by_the_demo_account(app: FastAPI, database: Database) -> None:
    definition = load_definition("qi4tf")
    with database.transaction() as session:
        leader = users.register(session, ACCOUNT, datetime.now(UTC), "Demo").id
    for _ in range(2):
        demo_workshop.seed(database, definition, ACCOUNT)
    with database.reader() as session:
        workshop = workshop_access.open_chair(session, demo_workshop.CHAIR)
        assert [w.id for w in workshops.list_workshops(session, leader)] == [workshop.id]
        assert len(participants.list_participants(session, workshop)) == demo_workshop.PEOPLE
        assert [r.state for r in rounds.list_rounds(session, workshop.id)] == ["revealed", "revealed"]
        assert len(room_gaps.short_list(session, workshop, definition.questionnaire).listed) == 10
    client = TestClient(app, base_url=ORIGIN)
    for page in ("", "/control", "/people", "/questions", "/gaps", "/priorities", "/roadmap"):
        assert client.get(demo_workshop.link()[1] + page).status_code == 200, page
