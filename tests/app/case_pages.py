"""Cases in the hands of everybody who has a part in them, for what is true of every page."""

from datetime import UTC, datetime
from typing import Any

from app.database import Database
from assessment import sessions, support_offers
from assessment.case_states import ASSESSOR, COMMITTEE, FIRM, OFFICER
from assessment.programme_access import HasInterest
from assessment.support_offers import OfferPlan
from assessment.tables import Assessment, CaseOrder, Firm, Programme, ProgrammeCall, Release, User
from tests import visits

PAGES = (
    "queue:/cases",
    "queue:/cases?state=on_site",
    "queue:/cases/orders/1",
    "queue:/verification",
    "queue:/releases",
    "queue:/releases/1",
    "case:",
    "case:/support",
    "case:/findings",
    "judging:",
    "visiting:",
    "visiting:/visit",
    "our-case:",
    "our-case:/findings",
    "our-case:/support",
)
# The cookie that each kind of page needs.
COOKIES = {
    "queue": "of officer session",
    "case": "of officer session",
    "judging": "of committee session",
    "visiting": "of assessor session",
    "our-case": "of firm session",
}
BEGINNINGS = {"queue": "/programmes/1"} | dict.fromkeys(("case", "judging", "visiting", "our-case"), "/cases/1")


def cases_to_visit(database: Database) -> dict[str, str]:
    """One whose findings are handed in, and one that is visited; and the cookies of the people."""
    now = datetime.now(UTC)
    found: dict[str, str] = {}
    with database.transaction() as session:
        there, other = visits.set_up(session, "a"), visits.set_up(session, "b")
        visits.verify(session, there, {"skills.training": 1, "machines.1": 2}, "⟦seen on the floor⟧")
        visits.hand_in(session, there)
        visits.verify(session, other, {"skills.training": 2}, "⟦seen on the floor⟧")
        for each in (there, other):
            of = session.get_one(Programme, each.programme)
            support_offers.add(
                session, of, OfferPlan("grant", "⟦Grant⟧", "2026-01-01", rate=0.4), now.date().isoformat()
            )
            of.name, session.get_one(Firm, each.firm).name = "⟦Ready 2029⟧", "⟦Kilang⟧"
            said = session.get_one(Assessment, each.said)
            frozen: dict[str, Any] = dict(said.frozen or {})
            said.frozen = frozen | {"notes": {question: f"⟦{note}⟧" for question, note in frozen["notes"].items()}}
            for user in each.people.values():
                session.get_one(User, user).name = "⟦Mara⟧"
        ordered = Release(programme_id=there.programme, number=1, title="⟦Autumn⟧", requested_at=now)
        ordered.state, ordered.wishes = "queued", {"waves": [2026]}
        session.add(ordered)
        refused = [there.case, HasInterest().message, {}]
        order = CaseOrder(programme_id=there.programme, content={"action": "own"}, requested_at=now)
        order.cases, order.place, order.not_done = [f"{there.case}:1", f"{other.case}:1"], 1, [refused]
        session.add(order)
        for call in session.query(ProgrammeCall):
            call.title = f"⟦{call.title.strip('⟦⟧')}⟧"
        found = {"queue": f"/programmes/{there.programme}", "visiting": f"/cases/{other.case}"}
        found |= dict.fromkeys(("case", "judging", "our-case"), f"/cases/{there.case}")
        for role, name in ((OFFICER, "officer"), (COMMITTEE, "committee"), (FIRM, "firm")):
            found[f"of {name} session"] = sessions.start(session, there.people[role], now, "", "203.0.113.*")[0]
        assessor = other.people[ASSESSOR]
        found["of assessor session"] = sessions.start(session, assessor, now, "", "203.0.113.*")[0]
    return found
