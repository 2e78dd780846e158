"""What happens to a case: each step is one event, and the case's version counts them."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from assessment.case_states import due_on, place_of
from assessment.tables import CaseEvent, ProgrammeCase

MOVED, ASSIGNED, DUE, NOTED = "moved", "assigned", "due", "noted"
HANDED_IN, SENT_BACK, RESPONDED, REMINDED, IMPORTED = "handed_in", "sent_back", "responded", "reminded", "imported"
STARTED, SUBMITTED, MARKED = "started", "submitted", "marked"  # what the firm does: assessments, actions


def record(
    session: Session,
    case: ProgrammeCase,
    kind: str,
    now: datetime,
    *,
    by: str,
    user_id: int | None = None,
    state: str | None = None,
    **content: Any,
) -> CaseEvent:
    """Note what happened to a case, and move it to `state` where one is given. The caller holds the case's row.

    `by` is the role in which it was done. With a new state comes the day on which the next step is due.
    """
    if state is not None and state != case.state:
        content = {"from": case.state, **content}
        case.furthest = max(case.furthest or 0, place_of(case.state))
        case.state, case.due_on, case.reminded_on = state, due_on(state, now.date()), ""
    case.version += 1
    case.changed_at = now
    event = CaseEvent(case_id=case.id, number=case.version, kind=kind, state=case.state, content=content)
    event.by, event.user_id, event.at = by, user_id, now
    session.add(event)
    session.flush()
    return event
