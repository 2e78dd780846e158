"""Workshops in every state, for what is true of every page: planned, in the lobby, asking, shown, agreed, and ended."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI
from sqlalchemy.orm import Session
from starlette.requests import Request

from app.database import Database
from app.join_proof import proof_of
from assessment import (
    action_owners,
    invitations,
    participants,
    priority_rounds,
    room_actions,
    room_screen,
    room_sign_off,
    rounds,
    sessions,
    users,
    workshops,
)
from assessment.invitations import Guest
from assessment.tables import Dissent, Participant, Workshop, WorkshopAction, WorkshopReport
from assessment.workshops import WorkshopPlan
from tests.app.roadmap_room import quality
from tests.assessment.rooms import room, vote
from tests.assessment.whole_workshops import whole_workshop
from tests.factories import tiny

GROUPS = [
    {"id": "industry", "name": "⟦Industry⟧"},
    {"id": "government", "name": "⟦Government⟧"},
    {"id": "research", "name": "⟦Research⟧"},
]
PEOPLE = {"industry": 12, "government": 9, "research": 4}  # so few are not shown
NAMES: dict[str, Any] = {"name": "⟦Mango chain⟧", "place": "⟦Tanga⟧", "groups": GROUPS}
PAGES = (
    "leader:/workshops",
    "leader:/workshops/new",
    "leader:/workshops/new/qi4tf",
    "leader:/workshops/learning",
    "planned:",
    "planned:/plan",
    "/j",
    "join:",
    "invited:",
    "lobby:",
    "lobby:/control",
    "lobby:/people",
    "led:/leaders",
    "led:/erase",
    "lobby:/questions",
    "lobby-screen:",
    "lobby-seat:",
    "asking:/control",
    "asking:/screen",
    "asking:/questions",
    "asking-seat:",
    "shown:/control",
    "shown:/screen",
    "shown:/questions",
    "shown:/questions/skills.training",
    "shown:/agreed",
    "shown:/paper",
    "shown:/paper/sheets/industry",
    "shown:/firms",
    "shown-seat:",
    "gaps:/gaps",
    "choosing:/priorities",
    "choosing:/screen",
    "choosing-seat:",
    "rating:/control",
    "rating-seat:",
    "roadmap:/gaps",
    "roadmap:/priorities",
    "roadmap:/robustness",
    "roadmap:/roadmap",
    "roadmap:/roadmap/sign-off",
    "roadmap:/roadmap/actions/1/link",
    "roadmap:/screen",
    "owner:",
    "ended:",
    "ended:/control",
    "ended:/people",
    "ended:/screen",
    "ended:/roadmap/sign-off",
    "ended:/follow-up",
    "ended:/report",
    "ended-seat:",
    "done:/workshop",
)
# Where addresses begin, for each kind of page that is not /w/x.
BEGINNINGS = (
    {"leader": "", "join": "/j/x", "invited": "/i/x", "owner": "/o/x", "lobby-screen": "/screen/x"}
    | dict.fromkeys(("lobby-seat", "asking-seat", "shown-seat", "choosing-seat", "rating-seat", "ended-seat"), "/r/x")
    | dict.fromkeys(
        ("planned", "led", "lobby", "asking", "shown", "gaps", "choosing", "rating", "roadmap", "ended"), "/w/x"
    )
)
SOME = (
    "food_safety.law", "food_safety.coordination", "laboratories.equipment", "food_safety.inspection",
)  # fmt: skip


def workshops_in_every_state(app: FastAPI, database: Database) -> dict[str, str]:
    """The beginnings of their addresses, and the cookie of who leads one of them."""
    now = datetime.now(UTC)
    with database.transaction() as session:
        person = users.register(session, "⟦leader@room.example⟧", now, "⟦Rehema⟧")
        found = {"leader": "", "leader session": sessions.start(session, person.id, now, "", "203.0.113.*")[0]}
        found |= _planned(session, person.id, now) | _lobby(session, app, person.id, now)
        found |= _levels(session, now) | _later(session, now)
    return found


def _planned(session: Session, leader: int, now: datetime) -> dict[str, str]:
    asked = tiny().questionnaire
    agenda = [{"kind": "levels", "title": "⟦Where we stand⟧", "minutes": 30}]
    plan = WorkshopPlan(questions=workshops.askable(asked), agenda=agenda, day="2026-11-20", **NAMES)
    planned = workshops.plan(session, asked, plan, leader, now)
    return {"planned": f"/w/{planned.chair}", "led": f"/w/{planned.workshop.id}"}


def _lobby(session: Session, app: FastAPI, leader: int, now: datetime) -> dict[str, str]:
    there = room(session, {"industry": 6, "government": 5}, user_id=leader, **NAMES)
    joined = participants.join(session, there.workshop, "industry", "⟦Nyx⟧", now)
    guests = [Guest("⟦Guest⟧", "guest@room.example", "industry"), Guest("⟦Other⟧")]
    (_, secret), _ = invitations.invite(session, there.workshop, guests, now)
    code = there.workshop.code or ""
    proof = proof_of(Request({"type": "http", "app": app, "headers": []}), code)
    return {
        "lobby": f"/w/{there.chair}",
        "lobby-screen": f"/screen/{there.screen}",
        "lobby-seat": f"/r/{joined.secret}",
        "join": f"/j/{code}?p={proof}",
        "invited": f"/i/{secret}",
    }


def _levels(session: Session, now: datetime) -> dict[str, str]:
    """One that is being asked, and one where it is known what was said."""
    found: dict[str, str] = {}
    for name in ("asking", "shown"):
        there = room(session, PEOPLE, **NAMES)
        questions = list(there.workshop.questions)
        rounds.open_round(session, there.workshop, "levels", questions, now, 20)
        given = [(p, questions[0], p % 3) for p in range(1, 22)] + [(p, questions[1], 1) for p in range(1, 22)]
        vote(session, there, 1, given, now)
        if name == "shown":
            rounds.reveal_round(session, there.workshop, now)
        found |= {name: f"/w/{there.chair}", f"{name}-seat": f"/r/{there.secrets[0]}"}
    return found


def _later(session: Session, now: datetime) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, until in (
        ("gaps", "levels"), ("choosing", "gaps"), ("rating", "gaps"), ("roadmap", "roadmap"), ("ended", "roadmap")
    ):  # fmt: skip
        row = _whole(session, until)
        if name == "choosing":
            priority_rounds.ask_best_worst(session, row, now)
        elif name == "rating":
            rounds.open_round(session, row, "rating", row.questions[:3], now)
        elif name == "roadmap":
            found |= _owner(session, row, now)
            room_screen.change_screen(session, row, now, page="roadmap")
        elif name == "ended":
            _sign_off_and_end(session, row, now)
        chair = room_screen.new_chair(session, row, now)
        found |= {name: f"/w/{chair}", f"{name}-seat": f"/r/{_seat(session, row)}"}
    return found


def _whole(session: Session, until: str) -> Workshop:
    definition = quality()
    questions: Sequence[str] = workshops.askable(definition.questionnaire)[:10]
    row = whole_workshop(session, definition, PEOPLE, until=until, questions=questions, agenda=(), **NAMES)
    # What people have written is nothing to translate.
    written = [*session.query(WorkshopAction).filter_by(workshop_id=row.id), *session.query(Dissent)]
    for each, names in ((each, ("title", "owner", "first_step", "measure", "text")) for each in written):
        for name in names:
            if getattr(each, name, ""):
                setattr(each, name, f"⟦{getattr(each, name).strip('⟦⟧')}⟧")
    return row


def _seat(session: Session, row: Workshop) -> str:
    mine = session.query(Participant).filter_by(workshop_id=row.id).order_by(Participant.number).first()
    assert mine is not None
    return participants.take_again(session, mine).secret


def _owner(session: Session, row: Workshop, now: datetime) -> dict[str, str]:
    number = room_actions.list_actions(session, row.id)[0].id
    secret = action_owners.make_link(session, row, number, now)
    owned = action_owners.open_owned(session, secret)
    action_owners.tell(session, owned, "started", "", "⟦On the way⟧", None, now)
    return {"owner": f"/o/{secret}"}


def _sign_off_and_end(session: Session, row: Workshop, now: datetime) -> None:
    room_sign_off.sign_off(session, row, quality(), ["industry", "government", "research"], "⟦Agreed⟧", now)
    for kind, state in (("pdf", "queued"), ("xlsx", "failed")):
        session.add(
            WorkshopReport(
                workshop_id=row.id,
                record_sha256=kind,
                record={"workshop": {"name": row.name, "day": row.day}},
                template_version="1",
                language="en",
                kind=kind,
                state=state,
                requested_at=now,
            )
        )
    workshops.end(session, row, now)
