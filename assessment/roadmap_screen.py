"""A room's roadmap on the projector: a few actions at a time, then who does not go along, and who signs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from assessment import workshop_events
from assessment.roadmap_view import Objection, RoadmapAction, RoomRoadmap
from assessment.room_roadmap import roadmap_of
from assessment.tables import Workshop
from questionnaires.library import Definition

ACTIONS_A_PAGE = 6  # of two lines each, at 1280 x 720
OBJECTIONS_A_PAGE = 4
PART = "roadmap_part"  # in `Workshop.screen`


@dataclass(frozen=True, slots=True)
class RoadmapScreen:
    """One page of it: actions, or, at the end, objections and signatures. `part` counts from 1."""

    roadmap: RoomRoadmap
    part: int
    parts: int
    actions: tuple[RoadmapAction, ...]
    objections: tuple[Objection, ...]
    is_last: bool

    @property
    def signed(self) -> Mapping[str, Any] | None:
        return self.roadmap.signed

    def about(self, objection: Objection) -> str:
        """The title of the action that a group does not go along with; empty for a gap or the whole."""
        found = self.roadmap.by_number(objection.action) if objection.action is not None else None
        return found.title if found else ""


def roadmap_screen(session: Session, workshop: Workshop, definition: Definition) -> RoadmapScreen:
    """What the projector shows now; `definition` in the language of the page. Three statements, or none once signed."""
    return screen_part(roadmap_of(session, workshop, definition), int(workshop.screen.get(PART, 1)))


def screen_part(roadmap: RoomRoadmap, part: int) -> RoadmapScreen:
    """One part of a roadmap, or the nearest there is."""
    actions, objections = roadmap.by_day, roadmap.objections
    of_actions = -(-len(actions) // ACTIONS_A_PAGE)
    parts = of_actions + max(1, -(-len(objections) // OBJECTIONS_A_PAGE)) if actions else 1
    part = min(max(part, 1), parts)
    first, at = (part - 1) * ACTIONS_A_PAGE, (part - 1 - of_actions) * OBJECTIONS_A_PAGE
    return RoadmapScreen(
        roadmap=roadmap,
        part=part,
        parts=parts,
        actions=actions[first : first + ACTIONS_A_PAGE],
        objections=objections[at : at + OBJECTIONS_A_PAGE] if part > of_actions else (),
        is_last=part == parts,
    )


def turn_to(session: Session, workshop: Workshop, part: int, now: datetime) -> None:
    """Show the roadmap on the projector, and this part of it. The caller holds the workshop's row."""
    workshop.screen = {**workshop.screen, "page": "roadmap", "join": False, PART: max(1, part)}
    workshop_events.note(session, workshop, "screen", now)
