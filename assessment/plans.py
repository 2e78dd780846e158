"""The roadmap a firm keeps to: what it wants of it, who kept it and when, and how another one differs."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from assessment.errors import N_, Conflict
from assessment.results import wishes_for
from assessment.snapshots import Snapshot, target_as_json, target_from_json, wishes_as_json, wishes_from_json
from assessment.tables import Assessment
from assessment.texts import clean_name
from questionnaires.library import Definition
from questionnaires.schema import Questionnaire
from scoring.gaps import Target
from scoring.roadmap import Roadmap, Wishes


class NothingToKeep(Conflict):
    """A plan is kept once the answers it rests on no longer change."""

    def __init__(self) -> None:
        super().__init__(N_("Submit the assessment first; a plan is kept once its answers no longer change."))


@dataclass(frozen=True, slots=True)
class Plan:
    """What the firm wants of its roadmap. `kept_at` is None while it is the plan as submitted."""

    wishes: Wishes
    target: Target = field(default_factory=Target)
    kept_by: str = ""
    kept_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """An action that ends in another phase than before."""

    action: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class PlanChanges:
    """How a roadmap differs from another: what comes in, goes out and moves; differences are new less old.

    `cost` is the middle of the ranges, in the new roadmap's currency; `readiness` in points of the scale at the end.
    """

    added: tuple[str, ...]
    dropped: tuple[str, ...]
    moved: tuple[Move, ...]
    cost: float
    days: float
    readiness: float

    @property
    def is_same(self) -> bool:
        return not (self.added or self.dropped or self.moved)


def plan_of(assessment: Assessment, definition: Definition) -> Plan:
    """The plan the firm keeps to: the one it kept last, else the one it submitted, else one without limits of money.

    What names an action or a dimension that this version of the questionnaire does not have is left out.
    """
    if assessment.plan is None:
        if assessment.frozen is not None:
            return Plan(Snapshot.from_json(assessment.frozen).wishes)
        return Plan(wishes_for(definition, assessment.profile))
    data = assessment.plan
    wishes, target = wishes_from_json(data["wishes"]), target_from_json(data["target"])
    known = frozenset(definition.action)
    return Plan(
        wishes=replace(wishes, must=wishes.must & known, must_not=wishes.must_not & known),
        target=_known(target, definition.questionnaire),
        kept_by=data["by"],
        kept_at=datetime.fromisoformat(data["at"]),
    )


def keep(session: Session, assessment: Assessment, wishes: Wishes, target: Target, by: str, now: datetime) -> Plan:
    """Keep to this plan from now on; what was submitted stays as it was.

    Raises:
        NothingToKeep: the answers may still change.
    """
    if assessment.frozen is None:
        raise NothingToKeep
    plan = Plan(wishes, target, clean_name(by), now)
    assessment.plan = {
        "wishes": wishes_as_json(wishes),
        "target": target_as_json(target),
        "by": plan.kept_by,
        "at": now.isoformat(),
    }
    session.flush()
    return plan


def back_to_submitted(session: Session, assessment: Assessment) -> None:
    """Keep to the plan as it was submitted again."""
    assessment.plan = None
    session.flush()


def changes(before: Roadmap, after: Roadmap, rate: float = 1.0) -> PlanChanges:
    """How `after` differs from `before`; `rate` is units of the new currency for one of the old."""
    old = {one.action: one.phase for one in before.actions}
    new = {one.action: one.phase for one in after.actions}
    return PlanChanges(
        added=tuple(name for name in new if name not in old),
        dropped=tuple(name for name in old if name not in new),
        moved=tuple(Move(name, old[name], phase) for name, phase in new.items() if old.get(name, phase) != phase),
        cost=_planned(after) - rate * _planned(before),
        days=sum(phase.days for phase in after.phases) - sum(phase.days for phase in before.phases),
        readiness=after.readiness_after - before.readiness_after,
    )


def _planned(roadmap: Roadmap) -> float:
    return sum(phase.planned for phase in roadmap.phases)


def _known(target: Target, questionnaire: Questionnaire) -> Target:
    """What this version of the questionnaire still has of a target."""
    scale, ladders = questionnaire.scale, {q.id: len(q.levels or ()) for q in questionnaire.questions.values()}
    return Target(
        {name: level for name, level in target.levels.items() if 0 <= level < ladders.get(name, 0)},
        {
            n: score
            for n, score in target.scores.items()
            if n in questionnaire.nodes and scale.min <= score <= scale.max
        },
    )
