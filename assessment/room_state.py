"""How a workshop stands, for those who follow it: its newest number, what is asked, and how many have voted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessment.round_results import takes_part
from assessment.rounds import ends_at
from assessment.tables import Participant, Round, Vote, Workshop, WorkshopEvent
from assessment.workshop_access import WorkshopNotFound
from assessment.workshop_events import ENDS_LINKS


@dataclass(frozen=True, slots=True)
class Asked:
    """The newest round: never what people said in it."""

    number: int
    kind: str
    state: str
    attempt: int
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class RoomState:
    """A workshop after event number `seq`; `links_ended_at` is the last event after which a link may lead nowhere."""

    workshop_id: int
    seq: int
    state: str
    screen: Mapping[str, Any]
    asked: Asked | None
    voted: int
    present: int
    links_ended_at: int

    def as_json(self) -> dict[str, Any]:
        """The same for all phones of the workshop. How many have voted is for the screen and for who leads only."""
        asked = self.asked
        return {
            "seq": self.seq,
            "state": self.state,
            "pace": self.screen.get("pace", "question"),
            "round": asked
            and {
                "number": asked.number,
                "kind": asked.kind,
                "state": asked.state,
                "attempt": asked.attempt,
                "ends_at": asked.ends_at and asked.ends_at.isoformat(timespec="seconds"),
            },
        }


def room_state(session: Session, workshop_id: int) -> RoomState:
    """How the workshop stands now, in one statement.

    Raises:
        WorkshopNotFound
    """
    newest = (
        select(Round.id).where(Round.workshop_id == workshop_id).order_by(Round.number.desc()).limit(1)
    ).scalar_subquery()
    here = (Participant.workshop_id == workshop_id, takes_part(newest))
    present = select(func.count(Participant.id)).where(*here)
    voted = (
        select(func.count(func.distinct(Vote.participant_id)))
        .join(Participant, Participant.id == Vote.participant_id)
        .where(Vote.round_id == newest, *here)
    )
    ended = select(func.max(WorkshopEvent.seq)).where(
        WorkshopEvent.workshop_id == workshop_id, WorkshopEvent.kind.in_(ENDS_LINKS)
    )
    columns = (Workshop.seq, Workshop.state, Workshop.screen, Round)
    counts = (voted.scalar_subquery(), present.scalar_subquery(), ended.scalar_subquery())
    query = select(*columns, *counts).outerjoin(Round, Round.id == newest).where(Workshop.id == workshop_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise WorkshopNotFound
    return _state(workshop_id, row)


def _state(workshop_id: int, row: Sequence[Any]) -> RoomState:
    seq, state, screen, newest, voted, present, ended = row
    asked = newest and Asked(newest.number, newest.kind, newest.state, newest.attempt, ends_at(newest))
    return RoomState(workshop_id, seq, state, screen, asked, voted, present, ended or 0)


def newest_numbers(session: Session, workshop_ids: Collection[int]) -> dict[int, int]:
    """The number of the last event of each."""
    query = select(Workshop.id, Workshop.seq).where(Workshop.id.in_(workshop_ids))
    return {row.id: row.seq for row in session.execute(query)}
