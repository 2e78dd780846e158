"""A workshop on the questionnaire with a library of actions, its gaps agreed, and a browser of who leads it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from app.database import Database
from app.shelf import Shelf
from assessment import workshops
from assessment.tables import SettledLevel, Workshop, WorkshopAction, WorkshopGap
from assessment.workshops import WorkshopPlan
from questionnaires.library import Definition

LAW, COORDINATION, EQUIPMENT = "food_safety.law", "food_safety.coordination", "laboratories.equipment"
GAPS = ((LAW, 1, 4), (COORDINATION, 0, 2), (EQUIPMENT, 1, 4))  # question, level, target; in the agreed order
# Of the library, for LAW: the second needs the first, and one of another question.
WRITE, CLOSE, NAME_BODY = "fs-write-food-act", "fs-close-rule-gaps", "fs-name-one-body-per-stage"


def quality() -> Definition:
    return Shelf().newest_of("qi4tf", "workshop")


@dataclass(frozen=True, slots=True)
class Roadmap:
    """The page of the roadmap, by the chair's link."""

    client: TestClient
    app: FastAPI
    id: int
    chair: str

    @property
    def link(self) -> str:
        return f"/w/{self.chair}/roadmap"

    @property
    def database(self) -> Database:
        found: Database = self.app.state.database
        return found

    def row(self) -> Workshop:
        with self.database.reader() as session:
            found = session.get_one(Workshop, self.id)
            session.expunge(found)
            return found

    def actions(self) -> list[WorkshopAction]:
        with self.database.reader() as session:
            found = list(session.query(WorkshopAction).filter_by(workshop_id=self.id).order_by(WorkshopAction.id))
            session.expunge_all()
            return found

    def get(self, path: str = "") -> str:
        reply = self.client.get(f"{self.link}{path}")
        assert reply.status_code == 200, reply.text
        return reply.text

    def post(self, path: str, seen: int | None = None, /, **fields: Any) -> Response:
        """Press a button of the page as it is now."""
        number = self.row().seq if seen is None else seen
        return self.client.post(f"{self.link}{path}?seen={number}", data=fields or {"-": ""}, follow_redirects=False)

    def take_on(self, action: str) -> int:
        return _number(self.post("/actions", action=action))

    def write_own(self, question: str, title: str) -> int:
        return _number(self.post("/actions", question=question, title=title))

    def fill(self, number: int, **fields: str) -> Response:
        return self.post(f"/actions/{number}", **{"owner": "Ministry of Health", "due": "2027-06-30"} | fields)


def _number(reply: Response) -> int:
    assert reply.status_code == 303, reply.text
    found = re.search(r"#action-(\d+)$", reply.headers["location"])
    assert found
    return int(found[1])


def a_roadmap(client: TestClient, app: FastAPI, *, agreed: bool = True, user_id: int | None = None) -> Roadmap:
    now, definition = datetime.now(UTC), quality()
    plan = WorkshopPlan("Palm oil in Kigoma", [q for q, _, _ in GAPS], groups=groups_of(definition), day="2026-11-20")
    database: Database = app.state.database
    with database.transaction() as session:
        planned = workshops.plan(session, definition.questionnaire, plan, user_id, now)
        workshops.start(session, planned.workshop, now)
        number = planned.workshop.id
        for place, (question, level, target) in enumerate(GAPS, 1):
            settled = SettledLevel(workshop_id=number, question_id=question, level=level, how="votes", settled_at=now)
            gap = WorkshopGap(
                workshop_id=number, question_id=question, level=level, target=target, weight=1.0, place=place,
                is_listed=True, agreed_place=place if agreed else None,
            )  # fmt: skip
            session.add_all([settled, gap])
    return Roadmap(client, app, number, planned.chair)


def groups_of(definition: Definition) -> list[dict[str, str]]:
    return [{"id": id, "name": name} for id, name in definition.questionnaire.groups.items()]
