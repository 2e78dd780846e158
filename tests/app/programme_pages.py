"""A programme with people, calls, support and firms, for what is true of every page."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.database import Database
from assessment import programme_people, sessions, shared_demand, support_offers
from assessment.programme_calls import today_of
from assessment.support_offers import OfferPlan
from assessment.tables import Firm, ImportOrder, Programme
from questionnaires.loader import load_definition
from tests.assessment import programmes as made
from tests.assessment.demands import ACTION, several

PAGES = (
    "/calls",
    "call:",
    "officer:/programmes",
    "officer:/programmes/new",
    "officer:/calls",
    "programme:",
    "programme:/setup",
    "written:/setup",
    "programme:/calls",
    "programme:/calls/1",
    "programme:/members",
    "programme:/offers",
    "programme:/offers/new",
    "programme:/offers/1",
    "programme:/imports",
    "programme:/imports/1",
    "programme:/imports/2",
    "programme:/imports/3",
    "programme:/imports/4",
    "analyst:",
    "applying:",
    "applied:",
    "sharing:/demand",
    "sharing:/demand?by=region",
    "sharing:/demand/ask?action=introduce-core-system&section=C&region=",
    "asked:",
)
# The cookie that each kind of page needs.
COOKIES = {
    "officer": "officer session",
    "programme": "officer session",
    "written": "officer session",
    "sharing": "officer session",
    "analyst": "analyst session",
    "applying": "manager session",
    "applied": "manager session",
    "asked": "asked session",
}
BEGINNINGS = {
    "call": "/calls/1",
    "officer": "",
    "programme": "/programmes/1",
    "written": "/programmes/1",
    "sharing": "/programmes/1",
    "analyst": "/programmes/1",
    "applying": "/firms/1/apply/1",
    "applied": "/firms/1/apply/1",
    "asked": "/firms/1/demand",
}


def programmes_to_visit(database: Database) -> dict[str, str]:
    """The beginnings of their addresses, and the cookies of an officer, an analyst and a firm's manager."""
    now = datetime.now(UTC)
    with database.transaction() as session:
        officer = made.officer(session, "⟦officer@ministry.example⟧", now)
        of = made.programme(session, officer, name="⟦Ready 2027⟧", about="⟦For makers of things.⟧", now=now)
        of.targets = {"selected": 508, "on_site": 150, "endorsed": 64}
        condition = {"any": [made.CONDITION, {"not": {"field": "region", "in": ["MY-10", "MY-14"]}}]}
        written = made.programme(session, officer, name="⟦Ready 2028⟧", eligibility=condition, state="draft", now=now)
        call = made.call(session, of, now, places=508)
        call.title = "⟦First call⟧"
        body = programme_people.add_body(session, of, "⟦Institute of Standards⟧", "⟦info@institute.example⟧")
        for role in ("assessor", "committee", "analyst"):
            made.member(session, of, role, f"⟦{role}@programme.example⟧", body if role == "assessor" else None, now)
        today = today_of(now)
        grant = OfferPlan("grant", "⟦Grant⟧", today, "⟦Ministry⟧", ("skills",), 0.4, 50_000, "MYR", "⟦For all⟧")
        support_offers.add(session, of, grant, today)
        support_offers.add(session, of, OfferPlan("loan", "⟦Loan⟧", "2020-01-01", rate=0.035), today)
        imports_to_visit(session, of, now)
        manager = made.user(session, "⟦manager@firm.example⟧", now)
        fits = made.firm(session, manager, "⟦Kilang⟧", now)
        applies = made.firm(session, manager, "⟦Other⟧", now, isic_division="62", employees=None)
        made.applied(session, call, fits, now=now, profile={"sector": "services", "employees": 42.0})
        found = {
            "officer": "",
            "call": f"/calls/{call.id}",
            "programme": f"/programmes/{of.id}",
            "analyst": f"/programmes/{of.id}",
            "written": f"/programmes/{written.id}",
            "applying": f"/firms/{applies[0]}/apply/{call.id}",
            "applied": f"/firms/{fits[0]}/apply/{call.id}",
        }
        sharing, asked = demand_to_visit(session, officer, now)
        found |= {"sharing": f"/programmes/{sharing}", "asked": f"/firms/{asked.id}/demand"}
        asked_manager = made.user(session, "⟦maker⟧0@firm.example", now)
        found["asked session"] = sessions.start(session, asked_manager, now, "", "203.0.113.*")[0]
        analyst = made.user(session, "⟦analyst@programme.example⟧", now)
        for name, person in (("officer", officer), ("analyst", analyst), ("manager", manager)):
            found[f"{name} session"] = sessions.start(session, person, now, "", "203.0.113.*")[0]
    return found


def imports_to_visit(session: Session, of: Programme, now: datetime) -> None:
    """A file with problems, one that waits, one that can be taken in, and one that could not be read."""
    problems = [
        [3, "⟦B⟧", "⟦employees⟧", "whole", "⟦many⟧", {"low": 0, "high": 500}],
        [4, "", "", "which_call", "", {}],
    ]
    told = {"problems": 2, "first_problems": problems, "problems_sha256": "0" * 64}
    kinds: dict[str, dict[str, Any]] = {"checked": told, "checking": {}, "failed": {"problem": "quotes:12"}}
    for state, more in (*kinds.items(), ("checked", {"kind": "register"})):
        found = {"rows": 12, "new_firms": 3, "assessments": 4, "encoding": "cp1252", "sheet": "⟦Sheet 1⟧"}
        order: dict[str, Any] = {
            "kind": "firms",
            "name": "⟦Firms 2019.xlsx⟧",
            "rows": 12,
            "found": found,
            **more,
        }
        session.add(ImportOrder(programme_id=of.id, content_sha256="0" * 64, state=state, requested_at=now, **order))
        session.flush()


def demand_to_visit(session: Session, officer: int, now: datetime) -> tuple[int, Firm]:
    """A programme with firms that lack the same: those of one region are asked, and one of them has said yes."""
    definition = load_definition("industry4-readiness")
    of = made.programme(session, officer, name="⟦Ready 2029⟧", definition=definition, threshold=5, now=now)
    firms = several(session, of, definition, 5, "⟦Maker⟧")
    shared_demand.ask(session, of, definition, ACTION, "C", "MY-10", "⟦One offer for all.⟧", now)
    shared_demand.answer(session, firms[0], "1", "yes", now)
    return of.id, firms[0]
