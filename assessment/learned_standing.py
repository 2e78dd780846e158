"""How well what was learned does: its version in use, its gate and since when, what it lacks, its versions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assessment import learned_models
from assessment.learning_orders import Kind
from assessment.tables import LearnedModel, Workshop, WorkshopFacilitator
from scoring.learning import Learned
from scoring.learning_curve import CurvePoint, learning_curve

# With fewer workshops of others, what was learned could tell somebody who was in the rest what one of them said.
FEWEST_OTHERS = 3
Lacks = Literal["model", "workshops", "certainty", ""]


@dataclass(frozen=True, slots=True)
class Version:
    """One learning: from how many workshops, and whether its gate was open."""

    number: int
    learned_at: datetime
    workshops: int
    is_open: bool
    is_current: bool
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What was learned on one questionnaire and protocol version. `current` is None where gap x weight alone counts.

    `lacks` is what keeps the gate closed: a model, workshops, or that the interval lies above 0. `others` counts the
    workshops it was taught by in which the reader has no part. `curve` is empty unless it was asked for.
    """

    kind: Kind
    versions: tuple[Version, ...]
    learned: Learned | None
    others: int
    curve: tuple[CurvePoint, ...] = ()

    @property
    def current(self) -> Version | None:
        return next((each for each in self.versions if each.is_current), None)

    @property
    def is_open(self) -> bool:
        return self.learned is not None and self.learned.gate.open

    @property
    def may_be_told(self) -> bool:
        """Whether more than counts may be shown to somebody who knows their own workshops."""
        return self.others >= FEWEST_OTHERS

    @property
    def open_since(self) -> datetime | None:
        """When the gate of the version in use opened, and has not closed since."""
        if not self.is_open or self.current is None:
            return None
        used = [each for each in self.versions if each.number <= self.current.number and not each.is_withdrawn]
        since = self.current.learned_at
        for each in reversed(used):
            if not each.is_open:
                break
            since = each.learned_at
        return since

    @property
    def lacks(self) -> Lacks:
        if self.learned is None:
            return "model"
        return {"too_few": "workshops", "does_not_beat": "certainty", "beats": ""}[self.learned.gate.reason]  # type: ignore[return-value]


def standings(session: Session, user_id: int | None = None, *, with_curves: bool = False) -> tuple[Standing, ...]:
    """How each kind stands, in alphabetical order; two statements, and two more for each curve."""
    own = _own_workshops(session, user_id)
    by_kind: dict[Kind, list[LearnedModel]] = {}
    for row in learned_models.list_models(session):
        by_kind.setdefault(Kind(row.instrument, row.protocol), []).append(row)
    found = [_standing(kind, rows, own) for kind, rows in by_kind.items()]
    if with_curves:
        found = [replace(each, curve=_curve(session, each.kind)) for each in found]
    return tuple(found)


def _curve(session: Session, kind: Kind) -> tuple[CurvePoint, ...]:
    return learning_curve(learned_models.past_workshops(session, kind.instrument, kind.protocol))


def _own_workshops(session: Session, user_id: int | None) -> frozenset[int]:
    if user_id is None:
        return frozenset()
    query = select(Workshop.id).outerjoin(WorkshopFacilitator, WorkshopFacilitator.workshop_id == Workshop.id)
    return frozenset(
        session.scalars(query.where(or_(Workshop.user_id == user_id, WorkshopFacilitator.user_id == user_id)))
    )


def _standing(kind: Kind, rows: Sequence[LearnedModel], own: frozenset[int]) -> Standing:
    current = next((row for row in reversed(rows) if row.is_current), None)
    return Standing(
        kind,
        tuple(_version(row, row is current) for row in rows),
        learned_models.read(current.record) if current else None,
        len(set(current.taught_by) - own) if current else 0,
    )


def _version(row: LearnedModel, is_current: bool) -> Version:
    record: dict[str, Any] = row.record
    return Version(
        row.number,
        row.learned_at,
        len(row.taught_by),
        bool(record) and record["gate"]["reason"] == "beats",
        is_current,
        not record,
    )
