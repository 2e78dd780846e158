"""Who sees which cases, in which order, page by page; and many changed at once."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from app.database import Database
from assessment import case_bulk, case_queues, programme_access, roles
from assessment.access import RESPONDENT
from assessment.case_bulk import Order
from assessment.case_queues import Filters
from assessment.case_states import (
    ANALYST,
    ASSESSOR,
    COMMITTEE,
    ELIGIBLE,
    NOT_SELECTED,
    OFFICER,
    ON_SITE,
    REASSESSED,
    SELECTED,
    SELF_ASSESSED,
    WITHDRAWN,
)
from assessment.programme_access import Membership, NotYours
from assessment.tables import CaseEvent, Firm, ProgrammeCase
from tests.assessment.cases import Run, add_case, case_in, join, new_firm, person, run_programme, submitted
from tests.conftest import statements_of
from tests.factories import NOW

LONG_AGO = "2026-01-01"


def membership(session: Session, run: Run, role: str = OFFICER) -> Membership:
    return programme_access.open_programme(session, run.programme, run.people[role])


def names(session: Session, run: Run, role: str = OFFICER, **filters: object) -> list[str]:
    wanted = Filters(**filters)  # type: ignore[arg-type]
    found = case_queues.list_cases(session, membership(session, run, role), role, wanted, NOW)
    return [case.firm for case in found.cases]


def test_what_is_due_first_comes_first_and_what_is_over_last(session: Session) -> None:
    run = run_programme(session)
    for name, state, day in (("Over", REASSESSED, ""), ("Late", ELIGIBLE, LONG_AGO), ("Soon", ELIGIBLE, "2026-11-30")):
        add_case(session, run, new_firm(session, name), state, due_on=day)
    assert names(session, run) == ["Late", "Soon", "Over"]
    assert names(session, run, overdue=True) == ["Late"]


def test_filters(session: Session) -> None:
    run = run_programme(session)
    mill = new_firm(session, "Mill 100 %", isic_section="C", region="MY-07")
    shop = new_firm(session, "Shop_1", isic_section="G", region="MY-10")
    add_case(session, run, mill, ELIGIBLE, size="micro")
    add_case(session, run, shop, SELECTED, assessor_id=run.members[ASSESSOR])
    for filters, expected in (
        ({"state": ELIGIBLE}, ["Mill 100 %"]),
        ({"state": "nonsense"}, ["Mill 100 %", "Shop_1"]),
        ({"section": "G"}, ["Shop_1"]),
        ({"region": "MY-07"}, ["Mill 100 %"]),
        ({"size": "micro"}, ["Mill 100 %"]),
        ({"size": "none"}, ["Shop_1"]),
        ({"size": "large"}, []),
        ({"assessor": "none"}, ["Mill 100 %"]),
        ({"assessor": str(run.members[ASSESSOR])}, ["Shop_1"]),
        ({"call": str(run.call)}, ["Mill 100 %", "Shop_1"]),
        ({"call": "9" * 30}, []),
        ({"words": "mill"}, ["Mill 100 %"]),
        ({"words": "%"}, ["Mill 100 %"]),
        ({"words": "_"}, ["Shop_1"]),
        ({"state": SELECTED, "words": "mill"}, []),
    ):
        assert names(session, run, **filters) == expected, filters
    found = case_queues.choices(session, run.programme)
    assert found.counts == {ELIGIBLE: 1, SELECTED: 1}
    assert found.calls == {run.call: "First"}
    assert found.assessors == {run.members[ASSESSOR]: "Assessor Person"}


def test_each_role_sees_what_is_theirs(session: Session) -> None:
    run = case_in(session, ON_SITE)  # handed in, and the firm has responded
    for name, handed, responded in (
        ("Waits", NOW, None),
        ("Silent", NOW - timedelta(days=15), None),
        ("Not in", None, None),
    ):
        case = add_case(session, run, new_firm(session, name), ON_SITE)
        case.handed_in_at, case.responded_at = handed, responded
    session.flush()
    assert sorted(names(session, run)) == ["Acme p", "Not in", "Silent", "Waits"]
    assert sorted(names(session, run, COMMITTEE)) == ["Acme p", "Silent"]
    assert names(session, run, ASSESSOR) == ["Acme p"]
    run.people[ANALYST] = person(session, "analyst@example.org")
    join(session, run, run.people[ANALYST], ANALYST)
    assert case_queues.role_of(membership(session, run, ANALYST)) == ""
    with pytest.raises(NotYours):
        names(session, run, ANALYST)
    with pytest.raises(NotYours):
        case_queues.list_cases(session, membership(session, run, COMMITTEE), OFFICER, Filters(), NOW)


def test_the_committee_sees_just_what_it_is_asked_to_do(session: Session) -> None:
    """The filter in the database and the rule for single cases say the same, at every hour around the last day."""
    run = run_programme(session)
    case = add_case(session, run, new_firm(session, "Acme"), ON_SITE, handed_in_at=NOW)
    officer, committee = membership(session, run), membership(session, run, COMMITTEE)
    for hours in range(24 * 13, 24 * 17, 5):
        now = NOW + timedelta(hours=hours)
        actor = case_queues.list_cases(session, officer, OFFICER, Filters(), now).cases[0].actor
        listed = case_queues.list_cases(session, committee, COMMITTEE, Filters(), now).cases
        assert (actor == COMMITTEE) == (len(listed) == 1), now
    assert case.handed_in_at == NOW


def test_all_pages_together_have_every_case_once(session: Session) -> None:
    run = run_programme(session)
    rows = [(f"2026-12-{1 + n % 3:02}" if n % 4 else "") for n in range(2 * case_queues.ON_A_PAGE + 30)]
    fill(session, run, rows)
    found: list[str] = []
    after, days = "", []
    for _ in range(10):
        queue = case_queues.list_cases(session, membership(session, run), OFFICER, Filters(), NOW, after)
        assert len(queue.cases) <= case_queues.ON_A_PAGE
        found += [case.firm for case in queue.cases]
        days += [case.due_on or "9" for case in queue.cases]
        after = queue.after
        if not after:
            break
    assert len(found) == len(set(found)) == len(rows)
    assert days == sorted(days)


def fill(session: Session, run: Run, days: Sequence[str], state: str = ELIGIBLE) -> None:
    session.execute(insert(Firm), [{"name": f"Firm {n}", "country": "MY", "created_at": NOW} for n in range(len(days))])
    numbers = session.scalars(select(Firm.id).where(Firm.name.like("Firm %")).order_by(Firm.id)).all()
    base = {"programme_id": run.programme, "call_id": run.call, "state": state, "created_at": NOW, "changed_at": NOW}
    session.execute(
        insert(ProgrammeCase), [{**base, "firm_id": f, "due_on": day} for f, day in zip(numbers, days, strict=True)]
    )


def test_a_page_of_many_thousand_cases_reads_no_more_than_it_shows(database: Database) -> None:
    with database.transaction() as session:
        run = run_programme(session)
        fill(session, run, [f"2027-{1 + n % 12:02}-{1 + n % 28:02}" for n in range(13_400)])
    with database.transaction() as session:
        session.execute(text("ANALYZE"))
    with database.reader() as session, statements_of(database) as statements:
        there = membership(session, run)
        page = case_queues.list_cases(session, there, OFFICER, Filters(), NOW)
        further = case_queues.list_cases(session, there, OFFICER, Filters(), NOW, page.after)
        case_queues.choices(session, run.programme)
        assert len(page.cases) == len(further.cases) == case_queues.ON_A_PAGE
        assert len(statements) == 2 + 1 + 1 + 1
        plan_of = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
        query = (
            "SELECT id FROM programme_case WHERE programme_id = 1 AND due_on > '' AND (due_on > '2027-02-01' "
            "OR due_on = '2027-02-01' AND id > 5) ORDER BY due_on, id LIMIT 101"
        )
        plan = " ".join(str(row) for row in session.execute(text(plan_of + query)))
    assert "ix_programme_case_queue" in plan
    assert "TEMP B-TREE" not in plan


def chosen(session: Session, *cases: ProgrammeCase) -> list[str]:
    return [f"{case.id}:{case.version}" for case in cases]


def test_many_at_once_are_done_each_by_itself(session: Session) -> None:
    run = run_programme(session, places=2)
    cases = [add_case(session, run, new_firm(session, f"Firm {n}"), ELIGIBLE) for n in range(6)]
    cases[1].state = WITHDRAWN
    roles.grant(session, run.people[OFFICER], RESPONDENT, cases[2].firm_id, NOW)
    session.flush()
    ticked = chosen(session, *cases)
    ticked[3] = f"{cases[3].id}:99"  # moved since the page was shown
    done = case_bulk.do(session, membership(session, run), ticked, Order("select"), NOW)
    assert [firm for _, firm in done.done] == ["Firm 0", "Firm 4"]
    assert [(each.firm, type(each.refusal).__name__) for each in done.not_done] == [
        ("Firm 1", "NoSuchStep"),
        ("Firm 2", "HasInterest"),
        ("Firm 3", "CaseHasMoved"),
        ("Firm 5", "NoPlaceLeft"),
    ]
    states = [session.get_one(ProgrammeCase, case.id, populate_existing=True).state for case in cases]
    assert states == [SELECTED, WITHDRAWN, ELIGIBLE, ELIGIBLE, SELECTED, ELIGIBLE]
    assert len(session.scalars(select(CaseEvent)).all()) == 2


def test_each_of_the_bulk_actions(session: Session) -> None:
    run = run_programme(session)
    there = membership(session, run)
    case = add_case(session, run, new_firm(session, "Acme"), ELIGIBLE)
    case_bulk.do(session, there, chosen(session, case), Order("own"), NOW)
    case_bulk.do(session, there, chosen(session, case), Order("due", due_on="2027-01-31"), NOW)
    assert (case.owner_id, case.due_on) == (run.members[OFFICER], "2027-01-31")
    unreasoned = case_bulk.do(session, there, chosen(session, case), Order("not_select"), NOW)
    assert [type(each.refusal).__name__ for each in unreasoned.not_done] == ["SayWhy"]
    case_bulk.do(session, there, chosen(session, case), Order("not_select", reason="Too small"), NOW)
    assert case.state == NOT_SELECTED
    case.state = SELF_ASSESSED
    case.assessment_id = submitted(session, session.get_one(Firm, case.firm_id)).id
    order = Order("assign", assessor=str(run.members[ASSESSOR]), visit_on="2027-02-01")
    assert case_bulk.do(session, there, chosen(session, case), order, NOW).not_done == []
    assert (case.state, case.visit_on) == (ON_SITE, "2027-02-01")


def test_what_cannot_be_done_half_way_is_not_done_at_all(session: Session) -> None:
    run = run_programme(session)
    case = add_case(session, run, new_firm(session, "Acme"), SELF_ASSESSED)  # without an assessment
    order = Order("assign", assessor=str(run.members[ASSESSOR]))
    done = case_bulk.do(session, membership(session, run), chosen(session, case), order, NOW)
    assert [type(each.refusal).__name__ for each in done.not_done] == ["NotSubmitted"]
    session.refresh(case)
    assert (case.assessor_id, case.version) == (None, 1)
    assert session.scalars(select(CaseEvent)).all() == []


def test_only_officers_change_many_and_only_in_their_programme(session: Session) -> None:
    run, other = case_in(session, ELIGIBLE), case_in(session, ELIGIBLE, "other")
    theirs = session.get_one(ProgrammeCase, other.case)
    for role in (ASSESSOR, COMMITTEE):
        with pytest.raises(NotYours):
            case_bulk.do(session, membership(session, run, role), chosen(session, theirs), Order("select"), NOW)
    done = case_bulk.do(session, membership(session, run), chosen(session, theirs), Order("select"), NOW)
    assert (done.done, done.not_done, theirs.state) == ([], [], ELIGIBLE)
    for ticked, action in (([], "select"), (["x", "1"], "select"), (chosen(session, theirs), "endorsed")):
        with pytest.raises(case_bulk.NothingChosen):
            case_bulk.do(session, membership(session, run), ticked, Order(action), NOW)
