"""A running workshop behind the pages, and phones that join it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.requests import Request

from app.database import Database
from app.join_proof import proof_of
from assessment import participants, workshop_access, workshops
from assessment.tables import Workshop
from assessment.workshops import WorkshopPlan
from tests.conftest import ORIGIN
from tests.factories import tiny


@dataclass(frozen=True, slots=True)
class RunningWorkshop:
    """Its links, as who leads it and who joins it have them."""

    app: FastAPI
    id: int
    name: str
    code: str
    chair: str
    screen: str
    proof: str

    @property
    def join_path(self) -> str:
        return f"/j/{self.code}"

    @property
    def join_link(self) -> str:
        return f"{self.join_path}?p={self.proof}"

    @property
    def database(self) -> Database:
        found: Database = self.app.state.database
        return found

    def numbers(self) -> list[int]:
        with self.database.reader() as session:
            row = session.get_one(Workshop, self.id)
            return [p.number for p in participants.list_participants(session, row)]

    def seats(self) -> int:
        return len(self.numbers())

    def join(self, group: str = "industry") -> tuple[TestClient, str]:
        """A phone with a seat: its browser, and the path of its page."""
        client = phone(self.app)
        seat = client.post(self.join_path, data={"p": self.proof, "group": group})
        return client, seat.url.path

    def lead(self, command: Any, *arguments: Any) -> Any:
        """Do what who leads it does, in a transaction of its own."""
        with self.database.transaction() as session:
            row = workshop_access.open_chair(session, self.chair, for_change=True)
            return command(session, row, *arguments, datetime.now(UTC))


def a_workshop(app: FastAPI, *, starts: bool = True, user_id: int | None = None, **wanted: Any) -> RunningWorkshop:
    """A workshop on the small questionnaire, running unless told otherwise."""
    now, questionnaire = datetime.now(UTC), tiny().questionnaire
    plan = WorkshopPlan(**{"name": "Harbour round", "questions": workshops.askable(questionnaire)} | wanted)
    database: Database = app.state.database
    with database.transaction() as session:
        planned = workshops.plan(session, questionnaire, plan, user_id, now)
        if starts:
            workshops.start(session, planned.workshop, now)
        row = planned.workshop
        code, number, name = row.code or "", row.id, row.name
    proof = proof_of(Request({"type": "http", "app": app, "headers": []}), code)
    return RunningWorkshop(app, number, name, code, planned.chair, planned.screen, proof)


def phone(app: FastAPI) -> TestClient:
    """A browser of its own, which follows redirects as a person's does."""
    return TestClient(app, base_url=ORIGIN, headers={"sec-fetch-site": "same-origin"})
