"""What happened to a case is never changed in the database, whoever writes to it; who did it can only be forgotten."""

from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assessment import case_moves
from assessment.case_states import ELIGIBLE, NOT_SELECTED, OFFICER
from assessment.tables import CaseEvent, User
from tests.assessment import programmes as made
from tests.assessment.cases import LATER, case_in, opened


def event_of(session: Session) -> CaseEvent:
    run = case_in(session, ELIGIBLE)
    case_moves.move(session, opened(session, run, OFFICER), NOT_SELECTED, LATER, "Only 508 places")
    query = select(CaseEvent).where(CaseEvent.user_id.is_not(None)).order_by(CaseEvent.id.desc())
    found = session.scalars(query).first()
    assert found is not None
    return found


CHANGES: tuple[dict[str, Any], ...] = (
    {"by": "committee"}, {"number": 99}, {"kind": "noted"}, {"state": "endorsed"}, {"content": {}},
    {"at": LATER.replace(year=2020)}, {"id": 10_000},
)  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_nothing_of_an_event_is_changed(session: Session, change: dict[str, Any]) -> None:
    event = event_of(session)
    with pytest.raises(DBAPIError, match="history of a case"), session.begin_nested():
        session.execute(update(CaseEvent).where(CaseEvent.id == event.id).values(**change))


def test_nobody_else_is_said_to_have_done_it(session: Session) -> None:
    event = event_of(session)
    other = made.user(session, "other@programme.example")
    with pytest.raises(DBAPIError, match="history of a case"), session.begin_nested():
        session.execute(update(CaseEvent).where(CaseEvent.id == event.id).values(user_id=other))


def test_who_did_it_is_forgotten_with_the_account_and_the_role_stays(session: Session) -> None:
    event = event_of(session)
    by, person = event.by, event.user_id
    session.execute(update(CaseEvent).where(CaseEvent.user_id == person).values(user_id=None))
    session.execute(delete(User).where(User.id == person))
    session.expire_all()
    assert (event.by, event.user_id) == (by, None)
    with pytest.raises(DBAPIError, match="history of a case"), session.begin_nested():
        session.execute(
            update(CaseEvent)
            .where(CaseEvent.id == event.id)
            .values(user_id=made.user(session, "new@programme.example"))
        )


def test_an_account_that_goes_takes_its_number_out_of_the_history(session: Session) -> None:
    event = event_of(session)
    session.execute(delete(User).where(User.id == event.user_id))
    session.expire_all()
    assert event.user_id is None
