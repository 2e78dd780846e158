"""What learning takes from workshops that have ended: the gaps and how people chose alone; never who they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from assessment.first_round import counts_of
from assessment.learning_orders import Kind
from assessment.lists import padded
from assessment.rounds import BEST_WORST
from assessment.tables import Round, Workshop, WorkshopGap
from scoring.dispersion import SMALLEST_GROUP
from scoring.past_workshops import GapFeatures, PastWorkshop, tallies_of

KNOWN = {field.name for field in fields(GapFeatures)}
# Of a workshop and its first round: ended, not a rehearsal, willing, and the result was shown.
TEACHES: tuple[ColumnElement[bool], ...] = (
    Workshop.state == "ended",
    Workshop.teaches.is_(True),
    Workshop.is_rehearsal.is_(False),
    Round.kind == BEST_WORST,
    Round.attempt == 1,
    Round.revealed_at.is_not(None),
)


@dataclass(frozen=True, slots=True)
class PastRooms:
    """The workshops that teach; `looked_at` also names those in which fewer than five people chose."""

    kind: Kind
    workshops: tuple[PastWorkshop, ...]
    looked_at: tuple[int, ...]

    @property
    def taught_by(self) -> list[int]:
        return sorted(int(each.id) for each in self.workshops)


def past_rooms(session: Session, kind: Kind) -> PastRooms:
    """All workshops of one kind that may be learned from, in two statements."""
    id, _, version = kind.instrument.partition("@")
    query = (
        select(Workshop, Round)
        .join(Round, Round.workshop_id == Workshop.id)
        .where(*TEACHES, Workshop.questionnaire_id == id, Workshop.questionnaire_version == version)
        .where(Workshop.protocol == kind.protocol)
        .order_by(Workshop.id, Round.number.desc())
    )
    first = {workshop.id: (workshop, asked) for workshop, asked in session.execute(query)}
    features = _features(session, first)
    found = (_past(kind, *first[id], features[id]) for id in first)
    return PastRooms(kind, tuple(each for each in found if each is not None), tuple(first))


def _features(session: Session, ids: Iterable[int]) -> dict[int, dict[str, GapFeatures]]:
    found: dict[int, dict[str, GapFeatures]] = {id: {} for id in ids}
    query = select(WorkshopGap.workshop_id, WorkshopGap.question_id, WorkshopGap.features)
    for id, question, features in session.execute(query.where(WorkshopGap.workshop_id.in_(padded(found)))):
        found[id][question] = _as_frozen(question, features)
    return found


def _as_frozen(question: str, features: Mapping[str, Any]) -> GapFeatures:
    return GapFeatures(
        **{"size": 0.0, "weight": 0.0} | {n: v for n, v in features.items() if n in KNOWN} | {"id": question}
    )


def _past(kind: Kind, workshop: Workshop, asked: Round, features: Mapping[str, GapFeatures]) -> PastWorkshop | None:
    """None where fewer than five people chose, or a gap was compared of which nothing was noted beforehand."""
    counts = counts_of(workshop, asked)
    people = len(counts.people)
    if people < SMALLEST_GROUP or not features.keys() >= set(asked.subjects):
        return None
    gaps = tuple(features[question] for question in asked.subjects)
    return PastWorkshop(str(workshop.id), kind.instrument, kind.protocol, gaps, tallies_of(counts), people)


def teaching(session: Session) -> dict[Kind, tuple[int, ...]]:
    """The workshops that may be learned from, by kind: their ids alone, in one statement."""
    query = (
        select(Workshop.id, Workshop.questionnaire_id, Workshop.questionnaire_version, Workshop.protocol)
        .join(Round, Round.workshop_id == Workshop.id)
        .where(*TEACHES)
        .distinct()
        .order_by(Workshop.id)
    )
    found: dict[Kind, tuple[int, ...]] = {}
    for id, questionnaire, version, protocol in session.execute(query):
        kind = Kind(f"{questionnaire}@{version}", protocol)
        found[kind] = (*found.get(kind, ()), id)
    return found
