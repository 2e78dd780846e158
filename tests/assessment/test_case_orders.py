"""The same for all that a filter finds: told how many, capped, done piece by piece, each refusal with its case."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assessment import case_orders, case_queues, programme_access, roles
from assessment.access import MANAGER
from assessment.case_bulk import NothingChosen, Order
from assessment.case_moves import InvalidDay, SayWhy
from assessment.case_orders import AT_ONCE, DONE, FAILED, MOST, QUEUED, CaseOrder, OrderNotFound, TooManyFound
from assessment.case_queues import Filters
from assessment.case_states import APPLIED, COMMITTEE, ELIGIBLE, OFFICER, SELECTED
from assessment.programme_access import HasInterest, Membership, NotYours
from assessment.tables import Job, ProgrammeCase, ProgrammeMember
from tests.assessment.cases import LATER, Run, add_case, new_firm, run_programme
from tests.factories import NOW


def of(session: Session, run: Run, role: str = OFFICER) -> Membership:
    return programme_access.open_programme(session, run.programme, run.people[role])


def found(session: Session, run: Run, most: int = MOST + 1, state: str = "") -> list[str]:
    return case_queues.found_by(session, of(session, run), OFFICER, Filters(state), NOW, most)


def eligible(session: Session, run: Run, firms: int) -> list[ProgrammeCase]:
    return [add_case(session, run, new_firm(session, f"Firm {n}"), ELIGIBLE) for n in range(firms)]


def states(session: Session, run: Run) -> list[str]:
    session.expire_all()
    query = select(ProgrammeCase.state).where(ProgrammeCase.programme_id == run.programme)
    return sorted(set(session.scalars(query)))


def test_all_that_the_filter_finds_and_nothing_else(session: Session) -> None:
    run, other = run_programme(session), run_programme(session, "other")
    cases = eligible(session, run, case_queues.ON_A_PAGE + 3)
    add_case(session, run, new_firm(session, "Mill"), APPLIED)
    add_case(session, other, new_firm(session, "Elsewhere"), ELIGIBLE)
    assert found(session, run, state=ELIGIBLE) == [f"{case.id}:{case.version}" for case in cases]
    assert len(found(session, run)) == len(cases) + 1
    assert len(found(session, run, most=5)) == 5


def test_it_is_done_in_pieces_and_each_refusal_has_its_case(session: Session) -> None:
    run = run_programme(session)
    cases = eligible(session, run, AT_ONCE + 5)
    mine = cases[3]  # the officer manages this firm
    roles.grant(session, run.people[OFFICER], MANAGER, mine.firm_id, NOW)
    chosen = found(session, run, state=ELIGIBLE)
    session.execute(update(ProgrammeCase).where(ProgrammeCase.id == cases[-1].id).values(version=9))
    session.flush()
    row = case_orders.place(session, of(session, run), chosen, Order("select"), NOW)
    job = session.scalars(select(Job)).one()
    assert (job.kind, job.key) == (case_orders.JOB, str(row.id))

    first = case_orders.do_some(session, row.id, LATER)
    assert first is not None
    assert (len(first.done.done), row.place, row.state) == (AT_ONCE - 1, AT_ONCE, QUEUED)
    rest = case_orders.do_some(session, row.id, LATER)
    assert rest is not None
    assert (len(rest.done.done), row.place, row.state, row.finished_at) == (4, AT_ONCE + 5, DONE, LATER)
    assert case_orders.do_some(session, row.id, LATER) is None

    stayed = case_orders.stayed(session, row)
    assert [(each.id, each.firm) for each in stayed] == [(mine.id, "Firm 3"), (cases[-1].id, f"Firm {AT_ONCE + 4}")]
    assert stayed[0].message == HasInterest().message
    assert case_orders.stayed(session, row, 1)[0].id == cases[-1].id
    assert states(session, run) == [ELIGIBLE, SELECTED]


def test_places_bound_many_at_once_as_they_bound_one(session: Session) -> None:
    run = run_programme(session, places=2)
    eligible(session, run, 5)
    row = case_orders.place(session, of(session, run), found(session, run), Order("select"), NOW)
    case_orders.do_some(session, row.id, LATER)
    assert len(row.not_done) == 3
    assert row.not_done[0][2]["places"] == 2


def test_what_would_be_refused_of_each_is_refused_of_all(session: Session) -> None:
    run = run_programme(session)
    eligible(session, run, 2)
    chosen = found(session, run)
    for order, refusal in (
        (Order("not_select", reason=" "), SayWhy),
        (Order("due"), InvalidDay),
        (Order("endorse"), NothingChosen),
    ):
        with pytest.raises(refusal):
            case_orders.place(session, of(session, run), chosen, order, NOW)
    with pytest.raises(NothingChosen):
        case_orders.place(session, of(session, run), [], Order("own"), NOW)
    with pytest.raises(TooManyFound):
        case_orders.place(session, of(session, run), ["1:1"] * (MOST + 1), Order("own"), NOW)
    with pytest.raises(NotYours):
        case_orders.place(session, of(session, run, COMMITTEE), chosen, Order("own"), NOW)
    assert session.scalars(select(CaseOrder)).all() == []


def test_nothing_is_done_for_whoever_is_no_officer_any_more(session: Session) -> None:
    run = run_programme(session)
    eligible(session, run, 2)
    row = case_orders.place(session, of(session, run), found(session, run), Order("select"), NOW)
    session.delete(session.get_one(ProgrammeMember, run.members[OFFICER]))
    session.flush()
    assert case_orders.do_some(session, row.id, LATER) is None
    assert (row.state, row.place) == (FAILED, 0)
    assert states(session, run) == [ELIGIBLE]


def test_an_order_is_its_programmes_own(session: Session) -> None:
    run, other = run_programme(session), run_programme(session, "other")
    eligible(session, run, 1)
    row = case_orders.place(session, of(session, run), found(session, run), Order("own"), NOW)
    assert case_orders.get(session, of(session, run), str(row.id)) is row
    for number in (str(row.id + 1), "x"):
        with pytest.raises(OrderNotFound):
            case_orders.get(session, of(session, run), number)
    with pytest.raises(OrderNotFound):
        case_orders.get(session, of(session, other), str(row.id))
