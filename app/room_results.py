"""What a room has put first, as pages show it: worked out once per round, then kept."""

from fastapi import Request
from sqlalchemy.orm import Session

from app.firm_results import Kept
from assessment import room_priorities
from assessment.room_priorities import RoomPriorities
from assessment.tables import Workshop


def view_of(request: Request, session: Session, workshop: Workshop) -> RoomPriorities:
    """The priorities of a room, for who leads it and for the projector, in two statements."""
    kept: Kept = request.app.state.kept
    return room_priorities.priorities_of(session, workshop, kept.get)
