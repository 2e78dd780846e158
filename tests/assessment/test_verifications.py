"""What an assessor finds is an assessment of its own, never one of the firm's, and is answered by the firm once."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import (
    access,
    assessments,
    case_events,
    case_moves,
    closed_accounts,
    evidence,
    firm_assessments,
    firm_erasure,
    firm_export,
    last_time,
    programmes,
    reopening,
    roles,
    sessions,
    starting_again,
    users,
    verifications,
    visit_state,
    workshop_firms,
)
from assessment.access import AssessmentNotFound
from assessment.assessments import AssessmentSubmitted
from assessment.case_states import ASSESSOR, COMMITTEE, ENDORSED, FIRM, OFFICER, WITHDRAWN
from assessment.programme_access import NotYours
from assessment.reopening import BeingVerified, ReasonMissing
from assessment.report_orders import NotSubmitted
from assessment.saving import Operation, save
from assessment.saving_together import Sent, Together
from assessment.tables import Assessment, CaseEvent, Firm, Programme, ProgrammeCase, Respondent, User, Workshop
from assessment.verifications import (
    NothingVerified,
    NoVisit,
    OwnFirm,
    ReasonsMissing,
    ResponseOver,
    TwoAnswers,
)
from tests import visits
from tests.factories import NOW, save_answers, tiny
from tests.visits import VISIT_DAY, hand_in, opened, set_up, verify

LATER = VISIT_DAY + timedelta(days=3)


def handed_in(session: Session, mark: str = "v"):  # type: ignore[no-untyped-def]
    there = set_up(session, mark)
    verify(session, there, {"skills.training": 1, "machines.1": 2})
    return there, hand_in(session, there)


def test_a_visit_is_one_assessment_however_many_devices_and_each_has_a_link_of_its_own(session: Session) -> None:
    there = set_up(session)
    first, one = verifications.open_for(session, opened(session, there, ASSESSOR), VISIT_DAY)
    again, two = verifications.open_for(session, opened(session, there, ASSESSOR), VISIT_DAY)

    assert first is again
    assert one != two
    assert (first.verifies_id, first.firm_id) == (there.said, there.firm)
    assert session.get_one(ProgrammeCase, there.case).verification_id == first.id
    for token in (one, two):
        reached = access.open_by_key(session, token)
        assert reached.assessment is first
        assert (reached.may_manage, reached.sections, reached.name) == (False, None, "Assessor V")


@pytest.mark.parametrize("role", [OFFICER, COMMITTEE, FIRM])
def test_only_the_assessor_of_the_case_visits(session: Session, role: str) -> None:
    there = set_up(session)
    with pytest.raises(NotYours):
        verifications.open_for(session, opened(session, there, role), VISIT_DAY)
    with pytest.raises(NotYours):
        verifications.hand_in(session, opened(session, there, role), tiny().questionnaire, VISIT_DAY)


def test_nobody_verifies_a_firm_in_which_they_have_a_part_not_even_once_begun(session: Session) -> None:
    there = set_up(session)
    verify(session, there, {"machines.1": 2})
    roles.grant(session, there.people[ASSESSOR], access.RESPONDENT, there.firm, NOW)
    with pytest.raises(OwnFirm):
        verifications.open_for(session, opened(session, there, ASSESSOR), VISIT_DAY)
    with pytest.raises(OwnFirm):
        hand_in(session, there)


def test_a_case_elsewhere_or_without_a_submitted_assessment_has_no_visit(session: Session) -> None:
    there = set_up(session)
    case = session.get_one(ProgrammeCase, there.case)
    case.state = ENDORSED
    with pytest.raises(NoVisit):
        verifications.open_for(session, opened(session, there, ASSESSOR), VISIT_DAY)
    case.state, case.assessment_id = "on_site", None
    with pytest.raises(NoVisit):
        verifications.open_for(session, opened(session, there, ASSESSOR), VISIT_DAY)


def test_handing_in_freezes_what_was_found_over_what_the_firm_said(session: Session) -> None:
    there, found = handed_in(session)
    case = session.get_one(ProgrammeCase, there.case)
    own = session.get_one(Assessment, there.said)

    assert found.frozen is not None
    assert own.frozen is not None
    assert found.frozen["verified"] == ["machines.1", "skills.training"]
    assert found.frozen["answers"] == {**own.frozen["answers"], "skills.training": 1}
    assert (found.state, case.handed_in_at) == ("submitted", VISIT_DAY)
    assert found.scores is not None
    assert own.scores is not None
    assert found.scores["nodes"]["skills"]["score"] < own.scores["nodes"]["skills"]["score"]
    assert found.scores["nodes"]["machines"] == own.scores["nodes"]["machines"]
    event = session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id)).one()
    assert (event.kind, event.by, event.content) == (case_events.HANDED_IN, ASSESSOR, {"verified": 2})
    with pytest.raises(NoVisit):
        hand_in(session, there)


def test_an_answer_that_applies_no_more_by_what_was_found_is_not_verified(session: Session) -> None:
    there = set_up(session, said={"skills.training": 3, "skills.mentors": 1, "machines.1": 1})
    verify(session, there, {"skills.mentors": 0, "skills.training": 0})
    found = hand_in(session, there)

    assert found.frozen is not None
    assert found.frozen["verified"] == ["skills.training"]


def test_the_links_of_all_devices_end_with_the_hand_in(session: Session) -> None:
    there = set_up(session)
    tokens = [verify(session, there, {"machines.1": 2}), verify(session, there, {"machines.1": 2})]
    hand_in(session, there)
    for token in tokens:
        with pytest.raises(AssessmentNotFound):
            access.open_by_key(session, token)


@pytest.mark.parametrize("how", ["reassigned", "withdrawn"])
def test_the_links_end_when_the_case_goes_to_another_or_ends_and_not_by_a_new_day(session: Session, how: str) -> None:
    there = set_up(session)
    token = verify(session, there, {"machines.1": 2})
    mine = session.get_one(ProgrammeCase, there.case).assessor_id
    officer = opened(session, there, OFFICER)
    case_moves.assign(session, officer, str(mine), "2026-12-01", LATER)
    assert access.open_by_key(session, token).name == "Assessor V"
    if how == "withdrawn":
        case_moves.move(session, officer, WITHDRAWN, LATER, "closed down")
    else:
        other = visits.person(session, "other-assessor@example.org", "Other")
        programme = session.get_one(Programme, there.programme)
        member = programmes.add_member(session, programme, other, ASSESSOR, LATER)
        case_moves.assign(session, officer, str(member.id), "2026-12-01", LATER)
    with pytest.raises(AssessmentNotFound):
        access.open_by_key(session, token)


def test_who_takes_a_visit_over_goes_on_with_what_is_there(session: Session) -> None:
    there = set_up(session)
    verify(session, there, {"machines.1": 2})
    other = visits.person(session, "other-assessor@example.org", "Other")
    member = programmes.add_member(session, session.get_one(Programme, there.programme), other, ASSESSOR, LATER)
    case_moves.assign(session, opened(session, there, OFFICER), str(member.id), "", LATER)
    there.people[ASSESSOR] = other
    token = verify(session, there, {"skills.training": 3})

    assert access.open_by_key(session, token).name == "Other"
    assert (hand_in(session, there).frozen or {})["verified"] == ["machines.1", "skills.training"]


def test_reasons_are_asked_for_where_the_assessor_differs_and_only_there(session: Session) -> None:
    there = set_up(session)
    verify(
        session,
        there,
        {"skills.training": 3, "skills.languages": ["MES"], "machines.1": 0, "machines.2": 1, "machines.3": 2},
        reason="",
    )
    with pytest.raises(ReasonsMissing) as refused:
        hand_in(session, there)
    # The firm did not know about the second machine; it has said nothing of the third.
    assert refused.value.questions == ("machines.1", "machines.2")
    verify(session, there, {"machines.1": 0, "machines.2": 1}, reason="not wired")
    assert hand_in(session, there).state == "submitted"


def test_something_has_to_be_verified(session: Session) -> None:
    there = set_up(session)
    with pytest.raises(NothingVerified):
        hand_in(session, there)
    verifications.open_for(session, opened(session, there, ASSESSOR), VISIT_DAY)
    with pytest.raises(NothingVerified):
        hand_in(session, there)


def test_two_devices_that_differ_are_settled_first(session: Session) -> None:
    there = set_up(session)
    token = verify(session, there, {"machines.1": 2})
    reached = access.open_by_key(session, token, for_change=True)
    behind = [Operation("machines.1", 0, 1, "x", id="a" * 36)]
    assert save(session, reached, tiny().questionnaire, behind, VISIT_DAY)[0].status == "conflict"
    with pytest.raises(TwoAnswers):
        hand_in(session, there)


def test_what_is_sent_back_can_be_changed_and_the_first_hand_in_stays_readable(session: Session) -> None:
    there, found = handed_in(session)
    verifications.respond(session, opened(session, there, FIRM), {"": "we disagree"}, VISIT_DAY)
    with pytest.raises(NotYours):
        verifications.reopen_visit(session, opened(session, there, OFFICER), "why", LATER)
    with pytest.raises(ReasonMissing):
        verifications.reopen_visit(session, opened(session, there, COMMITTEE), " ", LATER)
    verifications.reopen_visit(session, opened(session, there, COMMITTEE), "too little seen", LATER)

    case = session.get_one(ProgrammeCase, there.case)
    (past,) = reopening.list_past(session, found)
    event = session.scalars(select(CaseEvent).where(CaseEvent.kind == case_events.SENT_BACK)).one()
    assert (case.handed_in_at, case.response, case.responded_at, found.state) == (None, None, None, "open")
    assert past.snapshot.answers.answers["skills.training"] == 1
    assert event.content == {"reason": "too little seen", "response": {"": "we disagree"}}
    verify(session, there, {"skills.training": 2})
    assert (hand_in(session, there).frozen or {})["answers"]["skills.training"] == 2


def test_the_firm_responds_once_within_its_days_to_what_was_verified(session: Session) -> None:
    there, _ = handed_in(session)
    texts = {"": "Thank you", "skills.training": "The plan was at the printer's", "machines.9": "never asked", "x": "y"}
    with pytest.raises(NotYours):
        verifications.respond(session, opened(session, there, OFFICER), texts, VISIT_DAY)
    verifications.respond(session, opened(session, there, FIRM), texts, VISIT_DAY)

    case = session.get_one(ProgrammeCase, there.case)
    assert case.response == {"": "Thank you", "skills.training": "The plan was at the printer's"}
    with pytest.raises(ResponseOver):
        verifications.respond(session, opened(session, there, FIRM), texts, VISIT_DAY)


@pytest.mark.parametrize(("days", "may"), [(14, True), (15, False)])
def test_the_last_day_of_the_response_counts(session: Session, days: int, may: bool) -> None:
    there, _ = handed_in(session)
    day = VISIT_DAY + timedelta(days=days)
    assert verifications.may_respond(opened(session, there, FIRM), day) is may
    if not may:
        with pytest.raises(ResponseOver):
            verifications.respond(session, opened(session, there, FIRM), {}, day)


def test_findings_tell_both_answers_and_the_reason_and_nothing_before_the_hand_in(session: Session) -> None:
    there = set_up(session)
    verify(session, there, {"skills.training": 1, "machines.1": 2})
    case = session.get_one(ProgrammeCase, there.case)
    assert visit_state.findings(session, case, tiny().questionnaire) == ()
    hand_in(session, there)

    first, second = visit_state.findings(session, case, tiny().questionnaire)
    assert (first.question, first.said, first.found, first.differs) == ("skills.training", 3, 1, True)
    assert (first.note, first.reason) == ("as we see it", "seen on the floor")
    assert (second.question, second.differs) == ("machines.1", False)


def test_what_is_being_verified_is_not_reopened(session: Session) -> None:
    there = set_up(session)
    verifications.open_for(session, opened(session, there, ASSESSOR), VISIT_DAY)
    with pytest.raises(BeingVerified):
        reopening.reopen(session, session.get_one(Assessment, there.said), "we want other answers", "", LATER)


# Never one of the firm's own.


def test_the_firms_people_do_not_reach_it_by_its_number(session: Session) -> None:
    there, found = handed_in(session)
    manager = there.people[FIRM]
    assert access.open_by_key(session, str(there.said), manager).may_manage
    with pytest.raises(AssessmentNotFound):
        access.open_by_key(session, str(found.id), manager)


def test_nor_do_they_save_into_it(session: Session) -> None:
    there = set_up(session)
    found, _ = verifications.open_for(session, opened(session, there, ASSESSOR), VISIT_DAY)
    token, _ = sessions.start(session, there.people[FIRM], NOW, "", "")
    together = Together(session, [Sent(str(each), token, ()) for each in (there.said, found.id)], NOW, sessions.USUAL)
    assert together.reached(Sent(str(there.said), token, ())) is not None
    assert together.reached(Sent(str(found.id), token, ())) is None


def test_no_list_of_the_firm_has_it(session: Session) -> None:
    there, found = handed_in(session)
    (kept,) = users.firms_of(session, there.people[FIRM])
    assert [each.id for each in kept.assessments] == [there.said]
    assert [each.number for each in firm_assessments.list_newest(session, there.firm)[0]] == [there.said]
    assert [each.number for each in firm_assessments.list_after(session, there.firm, 0, 10)] == [there.said]
    assert firm_assessments.list_newest(session, there.firm, before=found.id)[0] != []
    assert firm_assessments.count_of(session, there.firm) == 1


def test_the_next_assessment_follows_the_firms_own_and_takes_its_profile(session: Session) -> None:
    there, found = handed_in(session)
    firm, questionnaire = session.get_one(Firm, there.firm), tiny().questionnaire
    found.profile = {"sector": "services"}
    session.flush()
    _, earlier = firm_assessments.known_profile(session, firm, questionnaire, LATER)
    started = firm_assessments.start_next(session, firm, questionnaire, {}, LATER)

    assert earlier == {}
    assert started.previous_id == there.said


def test_it_is_nobodys_last_time_nor_the_next(session: Session) -> None:
    there, found = handed_in(session)
    own = access.open_by_key(session, str(there.said), there.people[FIRM]).assessment
    row, _ = starting_again.start_again(session, own, tiny().questionnaire, LATER)
    row.previous_id = found.id
    session.flush()
    assert last_time.find_previous(session, row) is None
    assert starting_again.find_before(session, row) is None
    row.state, found.previous_id, found.state = "submitted", own.id, "open"
    session.flush()
    assert starting_again.find_next(session, own) is None


def test_it_is_brought_to_no_workshop(session: Session) -> None:
    _there, found = handed_in(session)
    workshop = Workshop(questionnaire_id="tiny", state="running")
    with pytest.raises(NotSubmitted):
        workshop_firms.bring(session, workshop, found, NOW)


def test_the_firms_export_holds_nothing_before_the_hand_in(session: Session) -> None:
    there = set_up(session)
    token = verify(session, there, {"machines.1": 0}, "none is wired")
    reached = access.open_by_key(session, token, for_change=True)
    evidence.add(session, reached, tiny().questionnaire, "machines.1", "hall.jpg", "image/jpeg", "f" * 64, 5, VISIT_DAY)
    assert firm_export.files_of(session, there.firm) == ()
    tables = firm_export._tables(session, session.get_one(Firm, there.firm))
    assert {row["id"] for row in tables["assessment"]} == {there.said}
    assert "none is wired" not in json.dumps(tables, default=str)
    assert "Assessor V" not in json.dumps(tables, default=str)
    hand_in(session, there)
    assert len(firm_export.files_of(session, there.firm)) == 1


def test_the_firms_export_and_erasure_hold_it(session: Session) -> None:
    there, found = handed_in(session)
    number = found.id
    tables = firm_export._tables(session, session.get_one(Firm, there.firm))
    assert {row["id"] for row in tables["assessment"]} == {there.said, number}
    assert "Assessor V" in json.dumps(tables["answer"], default=str)

    firm_erasure.erase(session, session.get_one(Firm, there.firm), lambda kind, sha256: None)
    session.expire_all()
    assert session.get(Assessment, number) is None
    assert session.get(ProgrammeCase, there.case) is None


def test_an_assessor_who_closes_the_account_is_a_number_on_every_device(session: Session) -> None:
    there = set_up(session)
    for _ in range(2):
        verify(session, there, {"machines.1": 2})
    hand_in(session, there)
    closed_accounts.close(session, there.people[ASSESSOR])

    assert session.get(User, there.people[ASSESSOR]) is None
    assert all(name.startswith("#") for name in session.scalars(select(Respondent.name)))
    found = session.get_one(ProgrammeCase, there.case).verification_id
    assert session.get_one(Assessment, found).submitted_by == ""


def test_answers_after_the_hand_in_are_refused(session: Session) -> None:
    there = set_up(session)
    token = verify(session, there, {"machines.1": 2})
    reached = access.open_by_key(session, token, for_change=True)
    hand_in(session, there)
    with pytest.raises(AssessmentSubmitted):
        save_answers(session, reached.assessment, tiny().questionnaire, {"machines.1": 0}, who=reached)
    assert assessments.sheet_of(session, reached.assessment).answers.answers["machines.1"] == 2
