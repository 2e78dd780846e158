"""Two workshops of different people with something of everything in each, and whatever opens one of them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from app import artifacts
from app.database import Database
from assessment import (
    action_owners,
    api_tokens,
    assessments,
    firms,
    invitations,
    participants,
    room_actions,
    room_screen,
    room_sign_off,
    rounds,
    sessions,
    users,
    workshops,
)
from assessment.api_tokens import MANAGE, READ
from assessment.invitations import Guest
from assessment.particulars import Particulars
from assessment.room_actions import Entered
from assessment.tables import SettledLevel, Workshop, WorkshopFacilitator, WorkshopFirm, WorkshopGap, WorkshopReport
from assessment.workshop_access import Seat
from assessment.workshops import WorkshopPlan
from tests.app.roadmap_room import GAPS, LAW, groups_of, quality
from tests.assessment.rooms import Room, vote
from tests.factories import tiny

# What each is for: one that runs, with agreed gaps, a roadmap and a round that is open; and one that is planned.
RUNNING, PLANNED = "running", "planned"
NICKNAME = "Nyx"


@dataclass
class Party:
    """A workshop, the numbers of what is in it, the secrets that open it by who holds them, and cookies."""

    mark: str
    numbers: dict[str, int] = field(default_factory=dict)
    keys: dict[str, dict[str, str]] = field(default_factory=dict)  # by holder, then by kind of workshop
    cookies: dict[str, str] = field(default_factory=dict)
    code: str = ""
    token: str = ""
    questions: tuple[str, ...] = ()


def settle_in(database: Database, folder: Path, mark: str, questions: tuple[str, ...], government: int = 6) -> Party:
    """Two workshops every text of which holds the mark, one planned and one that runs; its report is in the folder."""
    party = Party(mark, questions=questions)
    with database.transaction() as session:
        leader = _people(session, party)
        for kind in (PLANNED, RUNNING):
            _plan(session, party, kind, leader)
        there = _people_of_room(session, party, government)
        _rounds(session, party, there)
        _roadmap(session, party, there.workshop)
        _firm(session, party, there.workshop)
        _report(session, party, folder)
    return party


def _now() -> datetime:
    return datetime.now(UTC)


def _people(session: Session, party: Party) -> int:
    now = _now()
    for name in ("leader", "helper", "disabled"):
        person = users.register(session, f"{party.mark}-{name}@example.org", now, f"{party.mark} {name}")
        party.numbers[name] = person.id
        party.cookies[name], _ = sessions.start(session, person.id, now, party.mark, "203.0.113.*")
    users.disable(session, person, now)
    # What ended with the account must not be what keeps it out: this session is as it was.
    party.cookies["disabled"], _ = sessions.start(session, person.id, now, party.mark, "203.0.113.*")
    leader = party.numbers["leader"]
    party.cookies["ended"], _ = sessions.start(session, leader, now, party.mark, "203.0.113.*")
    sessions.end_by_token(session, party.cookies["ended"], now)
    _, party.token = api_tokens.make(session, leader, party.mark, [READ, MANAGE], 30, now)
    return leader


def _plan(session: Session, party: Party, kind: str, leader: int) -> None:
    now, definition = _now(), quality()
    plan = WorkshopPlan(
        f"{party.mark} round", party.questions, groups=groups_of(definition), place=f"{party.mark} hall"
    )
    planned = workshops.plan(session, definition.questionnaire, plan, leader, now)
    row = planned.workshop
    for name in ("helper", "disabled"):
        session.add(WorkshopFacilitator(workshop_id=row.id, user_id=party.numbers[name], added_at=now))
    session.flush()
    former = {"chair renewed": planned.chair, "screen renewed": planned.screen}
    present = {
        "chair": room_screen.new_chair(session, row, now),
        "screen": room_screen.new_screen_link(session, row, now),
    }
    for holder, secret in (former | present).items():
        party.keys.setdefault(holder, {})[kind] = secret
    party.numbers[kind] = row.id


def _people_of_room(session: Session, party: Party, government: int) -> Room:
    now, workshop = _now(), session.get_one(Workshop, party.numbers[RUNNING])
    workshops.start(session, workshop, now)
    party.code = workshop.code or ""
    joined = [
        participants.join(session, workshop, group, f"{party.mark} {NICKNAME}", now)
        for group in ["industry"] * 6 + ["government"] * government
    ]
    there = Room(
        workshop,
        quality().questionnaire,
        party.keys["chair"][RUNNING],
        party.keys["screen"][RUNNING],
        tuple(Seat(each.participant, workshop) for each in joined),
        tuple(each.secret for each in joined),
    )
    participants.remove(session, workshop, len(joined), now)
    _hold(party, "seat", joined[0].secret)
    _hold(party, "seat removed", joined[-1].secret)
    guests = [Guest(f"{party.mark} guest", f"{party.mark}-guest@example.org"), Guest(f"{party.mark} other guest")]
    (kept, invited), (taken_back, former) = invitations.invite(session, workshop, guests, now)
    invitations.take_back(session, workshop, taken_back.id)
    _hold(party, "invited", invited)
    _hold(party, "invited taken back", former)
    party.numbers |= {"invitation": kept.id, "seat": len(joined) - 1}
    return there


def _hold(party: Party, holder: str, secret: str) -> None:
    party.keys[holder] = dict.fromkeys((RUNNING, PLANNED), secret)


def _rounds(session: Session, party: Party, there: Room) -> None:
    """One that is revealed, its levels settled and the gaps agreed, and one that is open."""
    now, row = _now(), there.workshop
    rounds.open_round(session, row, "levels", [LAW], now)
    vote(session, there, 1, [(person, LAW, person % 3) for person in range(7, 12)], now)
    rounds.reveal_round(session, row, now)
    gaps = [gap for gap in GAPS if gap[0] in row.questions]
    for place, (question, level, target) in enumerate(gaps, 1):
        said = f"{party.mark} note"
        session.add(
            SettledLevel(workshop_id=row.id, question_id=question, level=level, how="votes", note=said, settled_at=now)
        )
        session.add(
            WorkshopGap(
                workshop_id=row.id, question_id=question, level=level, target=target, weight=1.0, place=place,
                is_listed=True, agreed_place=place, note=said,
            )
        )  # fmt: skip
    session.flush()
    rounds.open_round(session, row, "rating", [q for q, _, _ in gaps], now)


def _roadmap(session: Session, party: Party, row: Workshop) -> None:
    now, mark = _now(), party.mark
    said = Entered(
        f"{mark} action", f"{mark} step", f"{mark} measure", f"{mark} owner", f"{mark}-owner@example.org", "industry"
    )
    number = room_actions.write_own(session, row, row.questions[0], said, now)
    _hold(party, "owner renewed", action_owners.make_link(session, row, number, now))
    _hold(party, "owner", action_owners.make_link(session, row, number, now))
    owned = action_owners.open_owned(session, party.keys["owner"][RUNNING])
    action_owners.tell(session, owned, "started", "", f"{mark} news", None, now)
    told = action_owners.open_owned(session, party.keys["owner"][RUNNING]).newest
    dissent = room_sign_off.record_dissent(session, row, "government", f"{mark} dissent", "", None, now)
    party.numbers |= {"action": number, "dissent": dissent, "news": told.number if told else 0}


def _firm(session: Session, party: Party, row: Workshop) -> None:
    """A firm's manager, who has brought something to this workshop, leads nothing."""
    now = _now()
    manager = users.register(session, f"{party.mark}-manager@example.org", now, f"{party.mark} manager")
    firm = firms.register_for(session, manager.id, Particulars(name=f"{party.mark} Works", country="MY"), now)
    started, _ = assessments.start(session, firm, tiny().questionnaire, {}, now - timedelta(days=1))
    session.add(WorkshopFirm(workshop_id=row.id, assessment_id=started.id, brought_at=now))
    party.cookies["manager"], _ = sessions.start(session, manager.id, now, party.mark, "203.0.113.*")


def _report(session: Session, party: Party, folder: Path) -> None:
    content, now = f"%PDF {party.mark}".encode(), _now()
    record = {"workshop": {"name": f"{party.mark} round", "day": "2026-11-20"}}
    row = WorkshopReport(
        workshop_id=party.numbers[RUNNING], record_sha256=party.mark, record=record, template_version="1",
        language="en", kind="pdf", state="done", artifact_sha256=artifacts.store(folder, content),
        artifact_bytes=len(content), requested_at=now, finished_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    party.numbers["report"] = row.id
