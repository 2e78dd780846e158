"""A programme for the demo: firms at every step of the funnel, people for every part, and figures to release."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from app.database import Database
from app.demo import ACCOUNT, TOKENS, mixed_answers
from assessment import (
    access,
    applications,
    assessments,
    case_marks,
    case_moves,
    cases,
    firms,
    made_up_actions,
    made_up_country,
    made_up_hindrances,
    programme_access,
    programme_calls,
    programmes,
    releases,
    roles,
    saving,
    support_offers,
    users,
    verifications,
)
from assessment.case_states import (
    ANALYST,
    ASSESSOR,
    COMMITTEE,
    ENDORSED,
    MEMBERS,
    OFFICER,
    SELECTED,
    SELF_ASSESSED,
    SUPPORT_APPLIED,
)
from assessment.errors import N_
from assessment.particulars import Particulars
from assessment.programme_access import OpenCase
from assessment.programme_calls import CallPlan
from assessment.results import wishes_for
from assessment.saving import Operation
from assessment.support_offers import OfferPlan
from questionnaires.library import Definition
from questionnaires.schema import Questionnaire

LABEL = N_("A programme: officer, assessor, committee, analyst and firms")
NAME = "Ready for Industry 4.0 (demo)"
STATISTICS = "Made-up statistics (demo)"
ABOUT = "A programme to look at. Its firms are made up; what they say is nobody's business secret."
STATISTICS_ABOUT = "No firm of this programme exists. Its figures were drawn at random and say nothing of any country."
PEOPLE = {role: f"{role}@fourward.example" for role in MEMBERS}
MANUFACTURERS = {
    "all": [{"field": "sector", "in": ["manufacturing"]}, {"field": "employees", "at_least": 5, "at_most": 200}]
}
OLDEST = 70  # days ago: when the programme was opened, by people who were there then
FIRMS_COUNTED, WAVES, SEED = 900, 2, 7  # of the statistics: enough for tables of sectors and sizes
VISITED = 12  # questions that the assessor has looked at in the firm whose report is endorsed


@dataclass(frozen=True, slots=True)
class Made:
    """A made-up firm: its division of ISIC, region and head count, and how far its case has come."""

    name: str
    division: str
    region: str
    employees: int
    until: str


FIRMS = (
    Made("Nusa Precision Castings", "24", "MY-08", 85, SUPPORT_APPLIED),
    Made("Delima Garments", "14", "MY-01", 120, SELF_ASSESSED),
    Made("Rimba Furniture", "31", "MY-01", 46, SELECTED),
    Made("Kinabalu Cocoa", "10", "MY-12", 32, "eligible"),
    Made("Selat Electronics", "26", "MY-07", 190, "eligible"),
    Made("Perak Plastics Group", "22", "MY-08", 640, "ineligible"),
)


def link() -> tuple[str, str]:
    """What the home page of the demo shows."""
    return LABEL, "/programmes"


def seed(database: Database, definition: Definition) -> None:
    """Put the programmes and their people in, unless they are there already."""
    with database.transaction() as session:
        if users.find(session, PEOPLE[OFFICER]) is None:
            _Seeding(session, definition).run()


class _Seeding:
    def __init__(self, session: Session, definition: Definition) -> None:
        self.session, self.definition = session, definition
        self.now = datetime.now(UTC)
        begun = self.at(OLDEST)
        self.people: Mapping[str, int] = {
            role: users.register(session, email, begun, role.capitalize()).id for role, email in PEOPLE.items()
        }
        roles.grant(session, self.people[OFFICER], roles.OFFICER, None, begun)

    @property
    def questionnaire(self) -> Questionnaire:
        return self.definition.questionnaire

    def run(self) -> None:
        opened = self.at(OLDEST)
        programme = self._programme(NAME, ABOUT, opened, MANUFACTURERS)
        days = (self.at(60).date().isoformat(), (self.now + timedelta(days=30)).date().isoformat())
        call = programme_calls.add(self.session, programme, CallPlan("First call", *days, 40), opened)
        self._offers(programme)
        for made in FIRMS:
            self._firm(call.id, made)
        self._golden_paddy(call.id)
        self._statistics()

    def at(self, days: float) -> datetime:
        """So many days ago."""
        return self.now - timedelta(days=days)

    def _programme(
        self, name: str, about: str, now: datetime, condition: Mapping[str, object] | None = None
    ) -> programmes.Programme:
        plan = programmes.ProgrammePlan(name, "MY", about, condition, size_scheme="sme_corp", targets={ENDORSED: 30})
        officer = self.people[OFFICER]
        programme = programmes.create(self.session, plan, self.questionnaire, officer, now)
        for role in (ASSESSOR, COMMITTEE, ANALYST):
            programmes.add_member(self.session, programme, self.people[role], role, now)
        programme.state = "open"
        return programme

    def _offers(self, programme: programmes.Programme) -> None:
        today = self.now.date().isoformat()
        for plan in (
            OfferPlan("grant", "Matching grant (made up)", today, enablers=("technology", "infrastructure"),
                      rate=0.7, cap=500_000.0, currency="MYR", conditions="After the report is endorsed."),
            OfferPlan("voucher", "Training voucher (made up)", today, enablers=("skills",), rate=0.5, cap=20_000.0,
                      currency="MYR"),
        ):  # fmt: skip
            support_offers.add(self.session, programme, plan, today)

    def _firm(self, call: int, made: Made) -> None:
        email = f"manager@{made.name.split()[0].lower()}.example"
        manager = users.register(self.session, email, self.at(50), f"Manager of {made.name}").id
        given = Particulars(
            name=made.name, country="MY", region=made.region, isic_division=made.division, employees=made.employees
        )
        firm = firms.register_for(self.session, manager, given, self.at(50)).id
        case = self._applied(call, firm, manager, made.employees, self.at(45))
        if made.until in ("eligible", "ineligible"):
            return
        case_moves.move(self.session, self.open(case, self.people[OFFICER]), SELECTED, self.at(40))
        if made.until != SELECTED:
            self._assessed(case, manager, self.at(30))
        if made.until == SUPPORT_APPLIED:
            self._verified(case, manager)
            self._endorsed(case, manager)

    def _applied(self, call: int, firm: int, manager: int, employees: int, now: datetime) -> int:
        applying = applications.open_application(self.session, manager, str(firm), str(call), now, for_change=True)
        known = applying.known(self.questionnaire, now)
        profile = {**known, "sector": "manufacturing", "employees": float(employees)}
        return applications.apply(self.session, applying, self.questionnaire, profile, manager, now).id

    def open(self, case: int, user_id: int) -> OpenCase:
        return programme_access.open_case(self.session, case, user_id, for_change=True)

    def _assessed(self, case: int, manager: int, now: datetime) -> None:
        session, asked = self.session, self.questionnaire
        started = cases.start_assessment(session, self.open(case, manager), asked, now)
        questions = [q for q in asked.questions.values() if q.applies_if is None]
        given = [Operation(q, None, value) for q, value in mixed_answers(asked, questions).items()]
        saving.save_all(session, access.open_to_save(session, str(started.id), manager), asked, given, now)
        wishes = wishes_for(self.definition, started.profile)
        assessments.submit(session, started, asked, wishes, now, hindrances=("funds", "people"))
        cases.note_submitted(session, started, asked, now, manager)

    def _verified(self, case: int, manager: int) -> None:
        session, asked = self.session, self.questionnaire
        officer, assessor = self.people[OFFICER], self.people[ASSESSOR]
        opened = self.open(case, officer)
        member = programme_access.open_programme(session, opened.programme.id, assessor).member(ASSESSOR)
        case_moves.assign(session, opened, str(member.id), self.at(20).date().isoformat(), self.at(26))
        _, secret = verifications.open_for(session, self.open(case, assessor), self.at(20))
        looked_at = [q for q in asked.questions.values() if q.levels and q.applies_if is None][:VISITED]
        given = [
            Operation(q.id, None, max(0, value - (index % 3 == 0)), "Seen in the hall; records are kept on paper.")
            for index, q in enumerate(looked_at)
            if isinstance(value := mixed_answers(asked, [q])[q.id], int)
        ]
        saving.save_all(session, access.open_to_save(session, secret), asked, given, self.at(20))
        verifications.hand_in(session, self.open(case, assessor), asked, self.at(19))
        verifications.respond(session, self.open(case, manager), {"": "We agree."}, self.at(15))

    def _endorsed(self, case: int, manager: int) -> None:
        opened = self.open(case, self.people[COMMITTEE])
        case_moves.move(self.session, opened, ENDORSED, self.at(10), questionnaire=self.questionnaire)
        day = self.at(3).date().isoformat()
        case_marks.mark(self.session, self.open(case, manager), SUPPORT_APPLIED, "Matching grant", day, self.at(3))

    def _golden_paddy(self, call: int) -> None:
        """The demo's firm with results brings its assessment; its visit is today, so that there is one to make."""
        session, manager = self.session, users.find(self.session, ACCOUNT)
        found = access.open_by_link(session, TOKENS["done"])
        if manager is None:
            return
        case = self._applied(call, found.firm_id, manager.id, 140, self.at(8))
        case_moves.move(session, self.open(case, self.people[OFFICER]), SELECTED, self.at(6))
        cases.bring(session, self.open(case, manager.id), str(found.id), self.questionnaire, self.now)
        opened = self.open(case, self.people[OFFICER])
        member = programme_access.open_programme(session, opened.programme.id, self.people[ASSESSOR]).member(ASSESSOR)
        case_moves.assign(session, opened, str(member.id), self.now.date().isoformat(), self.now)

    def _statistics(self) -> None:
        """A programme of many made-up firms; once the service runs, the worker makes and publishes a release."""
        programme = self._programme(STATISTICS, STATISTICS_ABOUT, self.at(70))
        made_up_country.write(self.session, programme, self.questionnaire, FIRMS_COUNTED, WAVES, SEED, self.now)
        made_up_actions.write(self.session, programme, self.definition.actions, SEED, self.now)
        made_up_hindrances.write(self.session, programme, SEED)
        officer = self.people[OFFICER]
        releases.order(self.session, programme, self.now, title="First release", user_id=officer, publish=True)
