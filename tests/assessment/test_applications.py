"""A firm applies to a call: once, between its days, and knows at once whether it is eligible, and why."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import applications, firms, roles
from assessment.access import RESPONDENT
from assessment.applications import CallIsClosed, CallNotOpenYet, HasApplied, NotYetStated
from assessment.case_states import ELIGIBLE, INELIGIBLE
from assessment.eligibility import from_json
from assessment.firms import OnlyManagers
from assessment.programme_calls import CallNotFound
from assessment.roles import FirmNotFound
from assessment.tables import CaseEvent, Firm
from tests.assessment import programmes as made
from tests.factories import NOW, tiny

TINY = tiny().questionnaire


def test_a_firm_that_fits_is_eligible_from_the_start_with_its_history(session: Session) -> None:
    case = made.applied(session, made.call(session, made.programme(session)))

    assert case.state == ELIGIBLE
    assert case.profile == made.FITTING
    assert case.due_on > NOW.date().isoformat()
    events = session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.number)).all()
    assert [(e.number, e.state, e.by) for e in events] == [(1, "applied", "firm"), (2, "eligible", "")]
    assert (events[0].user_id is None, events[1].user_id) == (False, None)
    assert case.version == 2


def test_a_firm_that_does_not_fit_is_told_which_condition_it_does_not_meet(session: Session) -> None:
    call = made.call(session, made.programme(session))
    case = made.applied(session, call, profile={"sector": "manufacturing", "employees": 900.0})

    assert case.state == INELIGIBLE
    assert [(r.field, r.said) for r in from_json(case.verdict).reasons if not r.is_met] == [("employees", 900.0)]


def test_a_firm_applies_once(session: Session) -> None:
    call, of = made.call(session, made.programme(session)), made.firm(session)
    made.applied(session, call, of)

    with pytest.raises(HasApplied):
        made.applied(session, call, of)


def test_what_would_decide_must_be_said_and_what_would_not_may_stay_open(session: Session) -> None:
    call, of = made.call(session, made.programme(session)), made.firm(session)

    with pytest.raises(NotYetStated) as refusal:
        made.applied(session, call, of, profile={"sector": "manufacturing"})
    assert refusal.value.fields == ("employees",)
    assert made.applied(session, call, of, profile={"sector": "services"}).state == INELIGIBLE


@pytest.mark.parametrize(("days", "is_open"), [(-2, False), (-1, True), (0, True), (30, True), (31, False)])
def test_a_call_takes_applications_from_its_first_to_its_last_day(session: Session, days: int, is_open: bool) -> None:
    call, of = made.call(session, made.programme(session)), made.firm(session)
    last_minute = (NOW + timedelta(days=days)).replace(hour=23, minute=59)

    if is_open:
        assert made.applied(session, call, of, now=last_minute).state == ELIGIBLE
        return
    with pytest.raises(CallNotOpenYet if days < 0 else CallIsClosed):
        made.applied(session, call, of, now=last_minute)


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_a_programme_that_is_not_open_has_no_calls(session: Session, state: str) -> None:
    call = made.call(session, made.programme(session, state=state))

    with pytest.raises(CallNotFound):
        made.applied(session, call)


def test_places_bound_who_is_selected_and_not_who_applies(session: Session) -> None:
    call = made.call(session, made.programme(session), places=1)
    one, other = made.firm(session), made.firm(session, made.user(session, "other@firm.example"), "Other")

    assert {made.applied(session, call, each).state for each in (one, other)} == {ELIGIBLE}


def test_only_a_manager_applies_for_a_firm(session: Session) -> None:
    call, (number, _) = made.call(session, made.programme(session)), made.firm(session)
    stranger, answers = made.user(session, "s@else.example"), made.user(session, "r@firm.example")
    roles.grant(session, answers, RESPONDENT, number, NOW)

    with pytest.raises(FirmNotFound):
        made.applied(session, call, (number, stranger))
    with pytest.raises(OnlyManagers):
        applications.open_application(session, answers, str(number), str(call.id), NOW)


@pytest.mark.parametrize("number", ["0", "x", "99999", "1" * 40])
def test_a_call_that_is_not_there_is_refused(session: Session, number: str) -> None:
    of, manager = made.firm(session)

    with pytest.raises(CallNotFound):
        applications.open_application(session, manager, str(of), number, NOW)


def test_what_the_particulars_know_is_filled_in_and_what_is_said_fills_them(session: Session) -> None:
    condition = {"field": "region", "in": ["MY-07", "MY-10"]}
    call = made.call(session, made.programme(session, eligibility=condition))
    number, manager = made.firm(session, employees=None)
    applying = applications.open_application(session, manager, str(number), str(call.id), NOW)

    assert [field.id for field in applying.fields(TINY)] == ["sector", "employees", "region"]
    assert applying.deciding() == {"region"}
    assert applying.known(TINY, NOW) == {"sector": "manufacturing", "region": "MY-07"}
    applications.apply(session, applying, TINY, applying.known(TINY, NOW) | {"employees": 51.0}, manager, NOW)
    assert session.get_one(Firm, number).employees == 51
    assert [(name, title) for _, name, title in applications.cases_of_firm(session, number)] == [
        ("Ready 2027", "First call")
    ]


def test_a_firm_opens_its_case_again_by_the_call_also_when_that_has_closed(session: Session) -> None:
    call, of = made.call(session, made.programme(session)), made.firm(session)
    case = made.applied(session, call, of)

    found = applications.open_application(session, of[1], str(of[0]), str(call.id), NOW + timedelta(days=90))
    assert found.case_id == case.id
    assert firms.get_firm(session, of[1], str(of[0])).may_manage
