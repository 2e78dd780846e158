"""What the workshops that an assessment was brought to have settled: told to the firm once they have ended."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from assessment.tables import Assessment, SettledLevel, Workshop, WorkshopFirm, WorkshopGap


@dataclass(frozen=True, slots=True)
class RoomTold:
    """One workshop: the level it stands by for each question, None for not known, and the agreed places of gaps."""

    name: str
    day: str  # ISO
    levels: tuple[tuple[str, int | None], ...]  # in the order the workshop asked
    places: tuple[tuple[str, int], ...]  # question and place, from 1; equal places are ties

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "RoomTold":
        levels = tuple((question, level) for question, level in data["levels"])
        return cls(data["name"], data["day"], levels, tuple((question, place) for question, place in data["places"]))


def rooms_of(session: Session, assessment: Assessment) -> tuple[RoomTold, ...]:
    """The ended workshops that this assessment is part of and that settled anything, in one statement."""
    agreed = and_(
        WorkshopGap.workshop_id == SettledLevel.workshop_id, WorkshopGap.question_id == SettledLevel.question_id
    )
    query = (
        select(Workshop, SettledLevel.question_id, SettledLevel.level, WorkshopGap.agreed_place)
        .join(WorkshopFirm, WorkshopFirm.workshop_id == Workshop.id)
        .join(SettledLevel, SettledLevel.workshop_id == Workshop.id)
        .outerjoin(WorkshopGap, agreed)
        .where(
            WorkshopFirm.assessment_id == assessment.id,
            Workshop.state == "ended",
            Workshop.is_rehearsal.is_(False),
        )
        .order_by(Workshop.ended_at, Workshop.id)
    )
    found: dict[Workshop, list[tuple[str, int | None, int | None]]] = {}
    for workshop, question, level, place in session.execute(query):
        found.setdefault(workshop, []).append((question, level, place))
    return tuple(_told(workshop, rows) for workshop, rows in found.items())


def _told(workshop: Workshop, rows: list[tuple[str, int | None, int | None]]) -> RoomTold:
    order = {question: place for place, question in enumerate(workshop.questions)}
    rows.sort(key=lambda row: order.get(row[0], len(order)))
    day = workshop.day or (workshop.ended_at.date().isoformat() if workshop.ended_at else "")
    places = sorted(((q, place) for q, _, place in rows if place is not None), key=lambda each: each[1])
    return RoomTold(workshop.name, day, tuple((q, level) for q, level, _ in rows), tuple(places))
