"""What a firm starts, brings and submits moves its case, once, and is kept for the statistics."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import Database
from assessment import access, assessments, cases, reopening
from assessment.case_states import (
    ACTION_DONE,
    ELIGIBLE,
    ENDORSED,
    FIRM,
    OFFICER,
    ON_SITE,
    REASSESSED,
    SELECTED,
    SELF_ASSESSED,
    STATES,
    WITHDRAWN,
)
from assessment.programme_access import NotYours
from assessment.results import wishes_for
from assessment.tables import Assessment, CaseEvent, Firm, Outcome, Programme, ProgrammeCase
from tests.assessment.cases import LATER, Run, case_in, new_firm, opened, submitted
from tests.factories import NOW, answered, started, tiny

QUESTIONNAIRE = tiny().questionnaire


def begin(session: Session, firm: Firm) -> Assessment:
    row, _ = assessments.start(session, firm, QUESTIONNAIRE, {}, NOW)
    answered(session, row, skills__training=2)
    return row


def submit(session: Session, row: Assessment) -> None:
    assessments.submit(session, row, QUESTIONNAIRE, wishes_for(tiny(), {}), LATER)
    cases.note_submitted(session, row, QUESTIONNAIRE, LATER)


def of(session: Session, run: Run) -> ProgrammeCase:
    return session.get_one(ProgrammeCase, run.case)


def test_the_firm_starts_with_what_it_said_when_it_applied(session: Session) -> None:
    run = case_in(session, SELECTED)
    of(session, run).profile = {"sector": "services", "employees": 30.0, "nonsense": 1}
    row = cases.start_assessment(session, opened(session, run, FIRM), QUESTIONNAIRE, LATER)
    assert row.profile == {"sector": "services", "employees": 30.0}
    assert cases.start_assessment(session, opened(session, run, FIRM), QUESTIONNAIRE, LATER).id == row.id
    with pytest.raises(NotYours):
        cases.start_assessment(session, opened(session, run, OFFICER), QUESTIONNAIRE, LATER)


@pytest.mark.parametrize("state", [s for s in STATES if s != SELECTED])
def test_only_a_selected_firm_starts(session: Session, state: str) -> None:
    run = case_in(session, state)
    of(session, run).assessment_id = None
    with pytest.raises(cases.NotToAssess):
        cases.start_assessment(session, opened(session, run, FIRM), QUESTIONNAIRE, LATER)
    with pytest.raises(cases.NotToAssess):
        cases.bring(session, opened(session, run, FIRM), "1", QUESTIONNAIRE, LATER)


def test_submitting_moves_the_case_once_and_is_kept_for_the_statistics(session: Session) -> None:
    run = case_in(session, SELECTED)
    row = cases.start_assessment(session, opened(session, run, FIRM), QUESTIONNAIRE, LATER)
    answered(session, row, skills__training=2)
    submit(session, row)
    submit(session, row)  # pressed twice
    cases.note_submitted(session, row, QUESTIONNAIRE, LATER + timedelta(seconds=1))
    assert of(session, run).state == SELF_ASSESSED
    noted = session.scalars(select(Outcome)).one()
    assert (noted.assessment_id, noted.programme_id, noted.is_verified) == (row.id, run.programme, False)


def test_a_reopened_assessment_does_not_count_until_it_is_submitted_again(session: Session) -> None:
    run = case_in(session, SELECTED)
    row = cases.start_assessment(session, opened(session, run, FIRM), QUESTIONNAIRE, LATER)
    answered(session, row, skills__training=2)
    submit(session, row)
    reopening.reopen(session, row, "A slip", "Mara", LATER)
    assert session.scalars(select(Outcome)).all() == []
    assert of(session, run).state == SELF_ASSESSED
    submit(session, row)
    assert len(session.scalars(select(Outcome)).all()) == 1
    kinds = [e.kind for e in session.scalars(select(CaseEvent).order_by(CaseEvent.number))]
    assert kinds == ["moved", "started", "moved", "submitted"]


@pytest.mark.parametrize("state", [ON_SITE, ENDORSED, ACTION_DONE, REASSESSED])
def test_what_an_assessor_goes_by_is_not_reopened(session: Session, state: str) -> None:
    run = case_in(session, state)
    row = session.get_one(Assessment, of(session, run).assessment_id)
    session.delete(session.get_one(Assessment, of(session, run).verification_id))
    session.flush()
    with pytest.raises(reopening.BeingVerified):
        reopening.reopen(session, row, "A slip", "Mara", LATER)
    of(session, run).state = WITHDRAWN
    session.flush()
    reopening.reopen(session, row, "A slip", "Mara", LATER)


def test_an_assessment_that_the_firm_has_can_be_brought(session: Session) -> None:
    run = case_in(session, SELECTED)
    firm = session.get_one(Firm, run.firm)
    done, open_one = submitted(session, firm), begin(session, firm)
    too_old, other_version, foreign = (
        submitted(session, firm),
        begin(session, firm),
        begin(session, new_firm(session, "B")),
    )
    too_old.submitted_at = session.get_one(Programme, run.programme).created_at - timedelta(days=1)
    other_version.questionnaire_version = "0.9.0"
    found = submitted(session, firm)
    found.verifies_id = done.id
    session.flush()
    listed = [each.id for each in cases.list_bringable(session, opened(session, run, FIRM))]
    assert sorted(listed) == [done.id, open_one.id]
    for wrong in (too_old.id, other_version.id, foreign.id, found.id, 0, 999_999, "x"):
        with pytest.raises(cases.CannotBring):
            cases.bring(session, opened(session, run, FIRM), str(wrong), QUESTIONNAIRE, LATER)
    cases.bring(session, opened(session, run, FIRM), str(open_one.id), QUESTIONNAIRE, LATER)
    assert of(session, run).state == SELECTED
    submit(session, open_one)
    assert of(session, run).state == SELF_ASSESSED


def test_what_stands_for_one_case_stands_for_no_other(session: Session) -> None:
    run = case_in(session, SELECTED)
    other = case_in(session, SELF_ASSESSED, "other")
    theirs = session.get_one(Assessment, of(session, other).assessment_id)
    theirs.firm_id = run.firm
    session.flush()
    with pytest.raises(cases.CannotBring):
        cases.bring(session, opened(session, run, FIRM), str(theirs.id), QUESTIONNAIRE, LATER)


@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_is_being_submitted_is_not_brought_at_that_moment(database: Database) -> None:
    with database.transaction() as session:
        run = case_in(session, SELECTED)
        number = begin(session, session.get_one(Firm, run.firm)).id
    with database.transaction() as submitting:
        access.open_by_key(submitting, str(number), run.people[FIRM], for_change=True)
        with pytest.raises(cases.BeingChanged), database.transaction() as session:
            cases.bring(session, opened(session, run, FIRM), str(number), QUESTIONNAIRE, LATER)


def test_a_later_assessment_is_the_re_assessment(session: Session) -> None:
    run = case_in(session, ACTION_DONE)
    again = begin(session, session.get_one(Firm, run.firm))
    submit(session, again)
    case = of(session, run)
    assert (case.state, case.again_id) == (REASSESSED, again.id)
    further = begin(session, session.get_one(Firm, run.firm))
    submit(session, further)
    assert case.again_id == again.id
    assert [each.assessment_id for each in session.scalars(select(Outcome))] == [again.id]


@pytest.mark.parametrize("state", [ELIGIBLE, SELECTED, SELF_ASSESSED, ON_SITE, WITHDRAWN])
def test_other_assessments_of_the_firm_move_nothing(session: Session, state: str) -> None:
    run = case_in(session, state)
    submit(session, begin(session, session.get_one(Firm, run.firm)))
    stranger, _ = started(session)
    answered(session, stranger, skills__training=1)
    submit(session, stranger)
    case = of(session, run)
    assert (case.state, case.again_id) == (state, None)
    assert session.scalars(select(Outcome)).all() == []
