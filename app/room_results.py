"""What a room has put first, as pages show it: worked out once per round, then kept."""

from fastapi import Request
from sqlalchemy.orm import Session

from app.firm_results import Kept
from app.workshop_doors import Led, Shown
from assessment import room_priorities, room_robustness, silent_voice
from assessment.room_gaps import list_gaps
from assessment.room_priorities import RoomPriorities
from assessment.room_robustness import RoomRobustness
from assessment.silent_voice import SilentVoice


def view_of(request: Request, session: Session, opened: Led | Shown) -> RoomPriorities:
    """The priorities of a room, for the projector, in two statements."""
    kept: Kept = request.app.state.kept
    return room_priorities.priorities_of(session, opened.row, kept.get)


def view_with_voice(request: Request, session: Session, led: Led) -> tuple[RoomPriorities, SilentVoice | None]:
    """The same for who leads, with what earlier workshops would say, in three statements."""
    kept: Kept = request.app.state.kept
    workshop = led.row
    gaps, asked = list_gaps(session, workshop.id), room_priorities.priority_rounds(session, workshop.id)
    view = room_priorities.build_priorities(workshop, gaps, asked, kept.get)
    return view, silent_voice.build_voice(session, workshop, gaps, asked)


def robustness_of(request: Request, session: Session, led: Led) -> RoomRobustness | None:
    """How firm the order of the first round is, in one statement."""
    kept: Kept = request.app.state.kept
    return room_robustness.robustness_of(session, led.row, kept.get)
