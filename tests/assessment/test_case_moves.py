"""Cases move by the table of the funnel and in no other way, whoever tries."""

import threading
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.database import Database
from assessment import case_events, case_history, case_marks, case_moves, endorsements, programme_access, roles
from assessment.access import RESPONDENT
from assessment.case_states import (
    ACTION_DONE,
    ASSESSOR,
    COMMITTEE,
    ELIGIBLE,
    ENDORSED,
    FIRM,
    NOT_SELECTED,
    OFFICER,
    ON_SITE,
    SELECTED,
    SELF_ASSESSED,
    STATES,
    SUPPORT_APPLIED,
    WITHDRAWN,
)
from assessment.programme_access import CaseHasMoved, CaseNotFound, HasInterest, NotYours
from assessment.tables import Assessment, CaseEvent, Outcome, ProgrammeCase, Respondent, User
from tests.assessment.cases import LATER, add_case, case_in, join, new_firm, opened, person, submitted
from tests.factories import NOW, tiny

# Written down a second time, from the funnel's description and not from the code: state -> who may move it where.
MAY = """
applied          officer: eligible ineligible withdrawn | firm: withdrawn
eligible         officer: selected not_selected ineligible withdrawn | firm: withdrawn
ineligible       officer: eligible withdrawn | firm: withdrawn
selected         officer: not_selected withdrawn | firm: withdrawn self_assessed
not_selected     officer: selected withdrawn | firm: withdrawn
self_assessed    officer: on_site withdrawn | firm: withdrawn
on_site          committee: endorsed | officer: withdrawn | firm: withdrawn
endorsed         officer: support_applied action_done withdrawn | firm: support_applied action_done reassessed withdrawn
support_applied  officer: action_done withdrawn | firm: action_done reassessed withdrawn
action_done      officer: withdrawn | firm: reassessed withdrawn
reassessed
withdrawn
"""
ROLES = (FIRM, OFFICER, ASSESSOR, COMMITTEE)


def allowed() -> set[tuple[str, str, str]]:
    found = set()
    for line in MAY.strip().splitlines():
        state, _, rest = line.partition(" ")
        for part in filter(None, (p.strip() for p in rest.split("|"))):
            role, _, targets = part.partition(":")
            found |= {(state, role, to) for to in targets.split()}
    return found


@pytest.mark.parametrize("state", STATES)
def test_a_case_goes_where_the_funnel_leads_and_nowhere_else(session: Session, state: str) -> None:
    run, may = case_in(session, state), allowed()
    case = session.get_one(ProgrammeCase, run.case)
    case.assessor_id = run.members[ASSESSOR]
    if case.assessment_id is None:
        case.assessment_id = submitted(session, endorsements.firm_of(session, case)).id
    case.again_id = case.again_id or case.assessment_id
    session.flush()
    for role, to in product(ROLES, STATES):
        was_moved = False
        with session.begin_nested() as tried:
            hands = opened(session, run, role)
            try:
                case_moves.move(session, hands, to, LATER, "because")
                was_moved = hands.case.state == to
            except (case_moves.NoSuchStep, NotYours):
                assert hands.case.state == state
            tried.rollback()
        assert was_moved == ((state, role, to) in may), (state, role, to)


def test_who_ends_a_case_says_why(session: Session) -> None:
    run = case_in(session, ELIGIBLE)
    for to in (NOT_SELECTED, WITHDRAWN, "ineligible"):
        with pytest.raises(case_moves.SayWhy):
            case_moves.move(session, opened(session, run, OFFICER), to, LATER, "  ")
    case_moves.move(session, opened(session, run, OFFICER), NOT_SELECTED, LATER, "Too far away")
    last = session.scalars(select(CaseEvent).order_by(CaseEvent.number.desc())).first()
    assert last is not None
    assert (last.by, last.user_id, last.content) == (
        OFFICER,
        run.people[OFFICER],
        {"from": ELIGIBLE, "reason": "Too far away"},
    )
    assert session.get_one(ProgrammeCase, run.case).owner_id == run.members[OFFICER]


def test_a_page_that_is_out_of_date_changes_nothing(session: Session) -> None:
    run = case_in(session, ELIGIBLE)
    seen = session.get_one(ProgrammeCase, run.case).version
    case_moves.move(session, opened(session, run, OFFICER), SELECTED, LATER)
    with pytest.raises(CaseHasMoved):
        programme_access.open_case(session, run.case, run.people[OFFICER], for_change=True, seen=seen)


def test_a_call_selects_no_more_firms_than_it_has_places(session: Session) -> None:
    run = case_in(session, ELIGIBLE, places=2)
    others = [add_case(session, run, new_firm(session, f"Other {n}"), ELIGIBLE) for n in range(2)]
    case_moves.move(session, opened(session, run, OFFICER), SELECTED, LATER)
    case_moves.move(session, opened(session, run, OFFICER, others[0].id), SELECTED, LATER)
    with pytest.raises(case_moves.NoPlaceLeft, match="“First” has 2 places, and 0 are left"):
        case_moves.move(session, opened(session, run, OFFICER, others[1].id), SELECTED, LATER)
    case_moves.move(session, opened(session, run, FIRM), WITHDRAWN, LATER, "No time")  # its place is free again
    case_moves.move(session, opened(session, run, OFFICER, others[1].id), SELECTED, LATER)


@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_officers_at_once_do_not_give_the_last_place_away_twice(database: Database) -> None:
    with database.transaction() as session:
        run = case_in(session, ELIGIBLE, places=1)
        other = add_case(session, run, new_firm(session, "Other"), ELIGIBLE).id
    first = database.writing()
    first.begin()
    case_moves.move(first, opened(first, run, OFFICER), SELECTED, LATER)
    outcome: list[str] = []

    def second() -> None:
        try:
            with database.transaction() as session:
                case_moves.move(session, opened(session, run, OFFICER, other), SELECTED, LATER)
                outcome.append("selected")
        except case_moves.NoPlaceLeft:
            outcome.append("refused")

    thread = threading.Thread(target=second)
    thread.start()
    with database.reader() as session:
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while thread.is_alive() and not session.scalar(waiting):
            thread.join(0.01)
    assert outcome == []  # it waits for the first
    first.commit()
    first.close()
    thread.join()
    assert outcome == ["refused"]


def test_nobody_of_the_programme_decides_about_their_own_firm(session: Session) -> None:
    run = case_in(session, ELIGIBLE)
    roles.grant(session, run.people[OFFICER], RESPONDENT, run.firm, NOW)
    hands = opened(session, run, OFFICER)
    acts: tuple[Callable[[], None], ...] = (
        lambda: case_moves.move(session, hands, SELECTED, LATER),
        lambda: case_moves.set_due(session, hands, "2027-01-01", LATER),
        lambda: case_moves.own(session, hands, LATER),
        lambda: case_marks.note(session, hands, "A fine firm", LATER),
        lambda: case_moves.assign(session, hands, str(run.members[ASSESSOR]), "", LATER),
    )
    for act in acts:
        with pytest.raises(HasInterest):
            act()


def test_a_manager_of_the_firm_is_nothing_else_in_its_case(session: Session) -> None:
    run = case_in(session, ELIGIBLE)
    for role in (OFFICER, COMMITTEE, ASSESSOR):
        join(session, run, run.people[FIRM], role)
    hands = programme_access.open_case(session, run.case, run.people[FIRM], for_change=True)
    assert hands.role == FIRM
    assert set(hands.parts) == {FIRM}
    with pytest.raises(NotYours):
        case_moves.move(session, hands, SELECTED, LATER)
    with pytest.raises(CaseNotFound):
        programme_access.open_case(session, run.case, run.people[FIRM], as_role=OFFICER)


@pytest.mark.parametrize("part", ["role", "answers"])
def test_an_assessor_with_a_part_in_the_firm_is_not_assigned(session: Session, part: str) -> None:
    run = case_in(session, SELF_ASSESSED)
    assessor, case = run.people[ASSESSOR], session.get_one(ProgrammeCase, run.case)
    if part == "role":
        roles.grant(session, assessor, RESPONDENT, run.firm, NOW)
    else:
        session.add(Respondent(assessment_id=case.assessment_id, user_id=assessor, created_at=NOW))
    with pytest.raises(case_moves.AssessorHasInterest):
        case_moves.assign(session, opened(session, run, OFFICER), str(run.members[ASSESSOR]), "2026-12-01", LATER)
    # Who comes to have one later does not go either.
    case.assessor_id = run.members[ASSESSOR]
    with pytest.raises(case_moves.AssessorHasInterest):
        case_moves.move(session, opened(session, run, OFFICER), ON_SITE, LATER)
    assert case.state == SELF_ASSESSED


def test_assigning_plans_the_visit(session: Session) -> None:
    run = case_in(session, SELF_ASSESSED)
    hands = opened(session, run, OFFICER)
    with pytest.raises(case_moves.NoAssessorYet):
        case_moves.move(session, hands, ON_SITE, LATER)
    for wrong in ("0", "x", "999", str(run.members[COMMITTEE])):
        with pytest.raises(case_moves.NotAnAssessor):
            case_moves.assign(session, hands, wrong, "", LATER)
    for wrong in ("2026-02-30", "tomorrow", "01/02/2027"):
        with pytest.raises(case_moves.InvalidDay):
            case_moves.assign(session, hands, str(run.members[ASSESSOR]), wrong, LATER)
    case_moves.assign(session, hands, str(run.members[ASSESSOR]), "2027-03-01", LATER)
    case = hands.case
    assert (case.state, case.assessor_id, case.visit_on, case.due_on) == (
        ON_SITE,
        run.members[ASSESSOR],
        "2027-03-01",
        "2027-03-01",
    )
    assert opened(session, run, ASSESSOR).role == ASSESSOR


def test_nobody_goes_on_site_while_the_firm_has_reopened_its_answers(session: Session) -> None:
    run = case_in(session, SELF_ASSESSED)
    case = session.get_one(ProgrammeCase, run.case)
    session.get_one(Assessment, case.assessment_id).state = "open"
    with pytest.raises(case_moves.NotSubmitted):
        case_moves.assign(session, opened(session, run, OFFICER), str(run.members[ASSESSOR]), "", LATER)


def test_a_report_is_endorsed_with_the_figures_of_what_was_verified(session: Session) -> None:
    run = case_in(session, ON_SITE)
    hands = opened(session, run, COMMITTEE)
    case_moves.move(session, hands, ENDORSED, LATER, questionnaire=tiny().questionnaire)
    assert hands.case.state == ENDORSED
    noted = session.scalars(select(Outcome)).one()
    assert (noted.assessment_id, noted.is_verified) == (hands.case.verification_id, True)


def test_nobody_endorses_before_the_firm_has_had_its_say(session: Session) -> None:
    run = case_in(session, ON_SITE)
    case = session.get_one(ProgrammeCase, run.case)
    case.responded_at = None
    with pytest.raises(endorsements.FirmMayRespond, match="until 2026-12-04"):
        case_moves.move(session, opened(session, run, COMMITTEE), ENDORSED, LATER)
    last_day = NOW.replace(month=12, day=4, hour=23)
    with pytest.raises(endorsements.FirmMayRespond):
        endorsements.check(session, opened(session, run, COMMITTEE), last_day)
    endorsements.check(session, opened(session, run, COMMITTEE), last_day.replace(day=5, hour=0))
    case.handed_in_at = None
    with pytest.raises(endorsements.NotHandedIn):
        endorsements.check(session, opened(session, run, COMMITTEE), last_day.replace(day=5))


@pytest.mark.parametrize("part", ["role", "answers", "is assessor", "was assessor", "was assessor, and removed since"])
def test_who_has_a_part_in_a_firm_or_its_visit_does_not_endorse_it(session: Session, part: str) -> None:
    run = case_in(session, ON_SITE)
    committee, case = run.people[COMMITTEE], session.get_one(ProgrammeCase, run.case)
    if part == "role":
        roles.grant(session, committee, RESPONDENT, run.firm, NOW)
    elif part == "answers":
        session.add(Respondent(assessment_id=case.assessment_id, user_id=committee, created_at=NOW))
    elif part == "is assessor":
        case.assessor_id = join(session, run, committee, ASSESSOR)
    else:
        case.state, case.handed_in_at = SELF_ASSESSED, None
        theirs = join(session, run, committee, ASSESSOR)
        case_moves.assign(session, opened(session, run, OFFICER), str(theirs), "", LATER)
        case_moves.assign(session, opened(session, run, OFFICER), str(run.members[ASSESSOR]), "", LATER)
        case.handed_in_at = NOW
        if part.endswith("since"):
            session.execute(text("DELETE FROM programme_member WHERE id = :id"), {"id": theirs})
    session.flush()
    expected = HasInterest if part in ("role", "answers") else endorsements.HasVerified
    with pytest.raises(expected):
        case_moves.move(session, opened(session, run, COMMITTEE), ENDORSED, LATER)
    assert case.state == ON_SITE
    # Somebody else of the committee may.
    join(session, run, person(session, "second@example.org"), COMMITTEE)
    run.people[COMMITTEE] = person(session, "second@example.org")
    case_moves.move(session, opened(session, run, COMMITTEE), ENDORSED, LATER)


def test_a_number_that_has_gone_to_somebody_new_does_not_stand_for_who_had_it(session: Session) -> None:
    run = case_in(session, SELF_ASSESSED)
    theirs = join(session, run, person(session, "left@example.org", "Left Long Ago"), ASSESSOR)
    left = person(session, "left@example.org")
    case_moves.assign(session, opened(session, run, OFFICER), str(theirs), "", LATER)
    case_moves.assign(session, opened(session, run, OFFICER), str(run.members[ASSESSOR]), "", LATER)
    events = case_history.list_events(session, opened(session, run, OFFICER))
    assert [event.whom for event in events if event.whom] == ["Assessor Person", "Left Long Ago"]
    session.execute(text("DELETE FROM user_account WHERE id = :id"), {"id": left})
    session.expire_all()
    session.add(User(id=left, email="new@example.org", name="Somebody New", created_at=LATER + timedelta(days=1)))
    session.flush()
    events = case_history.list_events(session, opened(session, run, OFFICER))
    assert [event.whom for event in events if event.whom] == ["Assessor Person"]
    assert not endorsements.has_verified(session, session.get_one(ProgrammeCase, run.case), left)


def test_support_and_actions_are_noted_with_their_day_as_often_as_they_happen(session: Session) -> None:
    run = case_in(session, ENDORSED)
    case_marks.mark(session, opened(session, run, FIRM), SUPPORT_APPLIED, "Voucher", "2027-01-05", LATER)
    case_marks.mark(session, opened(session, run, OFFICER), ACTION_DONE, "Sensors", "2027-02-05", LATER)
    case_marks.mark(session, opened(session, run, FIRM), ACTION_DONE, "Training", "2027-03-05", LATER)
    case_marks.mark(session, opened(session, run, FIRM), SUPPORT_APPLIED, "Loan", "2027-03-06", LATER)
    assert session.get_one(ProgrammeCase, run.case).state == ACTION_DONE
    found = session.scalars(select(CaseEvent).order_by(CaseEvent.number)).all()[-4:]
    assert [(e.kind, e.content["action"], e.content["day"]) for e in found] == [
        (case_events.MOVED, "Voucher", "2027-01-05"),
        (case_events.MOVED, "Sensors", "2027-02-05"),
        (case_events.MARKED, "Training", "2027-03-05"),
        (case_events.MARKED, "Loan", "2027-03-06"),
    ]
    with pytest.raises(case_marks.NothingMarked):
        case_marks.mark(session, opened(session, run, FIRM), ACTION_DONE, " ", "2027-03-05", LATER)
    with pytest.raises(NotYours):
        case_marks.mark(session, opened(session, run, ASSESSOR), ACTION_DONE, "x", "2027-03-05", LATER)


def test_support_is_for_endorsed_reports(session: Session) -> None:
    run = case_in(session, ON_SITE)
    with pytest.raises(case_moves.NoSuchStep):
        case_marks.mark(session, opened(session, run, FIRM), SUPPORT_APPLIED, "Voucher", "2027-01-05", LATER)


def test_the_history_is_added_to_and_never_changed(database: Database) -> None:
    with database.transaction() as session:
        case_in(session, ELIGIBLE)
    changes: tuple[dict[str, Any], ...] = ({"state": "endorsed"}, {"content": {}}, {"number": 99}, {"at": LATER})
    for change in changes:
        with pytest.raises(DBAPIError), database.transaction() as session:
            session.execute(update(CaseEvent).values(**change))
