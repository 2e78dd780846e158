"""What has happened to a case, from its first day, as each of its readers may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from assessment import case_events
from assessment.case_states import FIRM, INELIGIBLE, NOT_SELECTED, WITHDRAWN
from assessment.programme_access import OpenCase
from assessment.tables import CaseEvent, ProgrammeCase, User

INTERNAL = (case_events.NOTED, case_events.REMINDED)
TOLD_TO_FIRM = frozenset({"from", "action", "day", "what", "visit_on", "due_on", "before", "brought", "verified"})


@dataclass(frozen=True, slots=True)
class Happened:
    """One event. `name` and `whom` are empty where the account is gone, or where it is not the reader's business."""

    number: int
    kind: str
    state: str
    by: str
    name: str
    whom: str  # who was assigned
    content: Mapping[str, Any]
    at: datetime


def list_events(session: Session, opened: OpenCase) -> Sequence[Happened]:
    """All of it, newest first. The firm reads no notes, no names but its own people's, and the reasons given to it."""
    whom = aliased(User)
    assigned = CaseEvent.content["assessor_user"].as_integer()
    query = (
        select(CaseEvent, User.name, User.email, whom.name, whom.email)
        .outerjoin(User, User.id == CaseEvent.user_id)
        # A number may go to somebody new once its account is closed; they were not there at that time.
        .outerjoin(whom, and_(whom.id == assigned, whom.created_at <= CaseEvent.at))
        .where(CaseEvent.case_id == opened.case.id)
        .order_by(CaseEvent.number.desc())
    )
    is_firm = opened.role == FIRM
    if is_firm:
        query = query.where(CaseEvent.kind.not_in(INTERNAL))
    return [
        Happened(
            event.number,
            event.kind,
            event.state,
            event.by,
            (name or email or "") if event.by == FIRM or not is_firm else "",
            whom_name or whom_email or "",
            _told(event, is_firm),
            event.at,
        )
        for event, name, email, whom_name, whom_email in session.execute(query)
    ]


def _told(event: CaseEvent, is_firm: bool) -> Mapping[str, Any]:
    if not is_firm:
        return event.content
    is_reason_for_firm = event.kind == case_events.MOVED and event.state in (INELIGIBLE, NOT_SELECTED, WITHDRAWN)
    shown = TOLD_TO_FIRM | {"reason"} if is_reason_for_firm or event.by == FIRM else TOLD_TO_FIRM
    return {key: value for key, value in event.content.items() if key in shown}


def list_told(session: Session, firm_id: int) -> list[dict[str, Any]]:
    """What has happened to a firm's cases, as plain values and as far as the firm is told; oldest first."""
    query = select(CaseEvent).join(ProgrammeCase, ProgrammeCase.id == CaseEvent.case_id)
    query = query.where(ProgrammeCase.firm_id == firm_id, CaseEvent.kind.not_in(INTERNAL))
    return [
        {
            "case_id": event.case_id,
            "number": event.number,
            "kind": event.kind,
            "state": event.state,
            "by": event.by,
            "content": dict(_told(event, is_firm=True)),
            "at": event.at,
        }
        for event in session.scalars(query.order_by(CaseEvent.case_id, CaseEvent.number))
    ]
