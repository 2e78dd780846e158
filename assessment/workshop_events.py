"""What happens in a workshop: numbered rows that are the truth, and the numbers that streams carry."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.tables import Workshop, WorkshopEvent

TOLD = "workshops told"  # in `session.info`: workshop -> its newest number, for who tells the streams after the commit
COUNTED = "workshops to count"  # in `session.info`: workshops in which somebody has voted, come or gone
# After these a link that was good may lead nowhere: whoever remembers a link looks again.
ENDS_LINKS = ("removed", "chair", "leaders")


def note(session: Session, workshop: Workshop, kind: str, now: datetime, **data: Any) -> int:
    """Add the next event; returns its number.

    The caller holds the workshop's row (see `workshop_access`), so that no two events get the same number.
    """
    workshop.seq += 1
    session.add(WorkshopEvent(workshop_id=workshop.id, seq=workshop.seq, kind=kind, data=data, at=now))
    session.flush()
    session.info.setdefault(TOLD, {})[workshop.id] = workshop.seq
    return workshop.seq


def note_count(session: Session, workshop_id: int) -> None:
    """That somebody has voted, come or gone: no event of its own, but the counter is another one."""
    session.info.setdefault(COUNTED, set()).add(workshop_id)


def since(session: Session, workshop_id: int, seq: int) -> Sequence[WorkshopEvent]:
    """What happened after an event, in order."""
    query = select(WorkshopEvent).where(WorkshopEvent.workshop_id == workshop_id, WorkshopEvent.seq > seq)
    return session.scalars(query.order_by(WorkshopEvent.seq)).all()
