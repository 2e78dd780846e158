"""What a page, the projector and the report show of the roadmap that a room owns."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from questionnaires.library import Action, Size
from scoring.roadmap import PHASES


@dataclass(frozen=True, slots=True)
class RoadmapGap:
    """An agreed gap; `weight` is what its place counts, all together 1."""

    question: str
    place: int
    level: int
    target: int
    weight: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class RoadmapAction:
    """An action that the room has taken on; `action` names it in the library, None: the room wrote it.

    `phase` counts from 0, None while one of the room's own has no day. Of the library's: months, days and costs are its
    estimates, `ends_on` the ISO day on which the plan ends it, `earliest_on` before which it cannot have ended.
    """

    number: int
    question: str
    action: str | None
    title: str
    first_step: str
    measure: str
    owner: str
    group: str
    due: str  # ISO day
    phase: int | None
    months: float = 0.0
    days: float = 0.0
    cost_low: float = 0.0
    cost_high: float = 0.0
    starts_on: str = ""
    ends_on: str = ""
    earliest_on: str = ""
    requires: tuple[int, ...] = ()  # numbers of actions here that come first
    trouble: str = ""  # reached: the room stands there; lost: no way leads there
    owner_email: str = ""  # for who leads alone: no report, screen or export has it


@dataclass(frozen=True, slots=True)
class NeededFirst:
    """An action of the library that others here need, and that nobody has taken on yet."""

    action: str
    question: str
    title: str
    before: tuple[int, ...]  # numbers of the actions that need it, directly or by another one
    phase: int
    months: float
    days: float
    cost_low: float
    cost_high: float
    ends_on: str
    is_level_known: bool  # whether the room has settled where it stands on this


@dataclass(frozen=True, slots=True)
class Clash:
    """A day that cannot be kept: `before_need` is due before `other`, which it needs; `too_early` is due before `day`,
    the first by which it can have ended; `past` is due before the roadmap begins."""

    kind: str
    number: int
    day: str
    other: int | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    """That a group does not go along: with the roadmap as a whole, with a gap (`question`), or with an action."""

    number: int
    group: str
    text: str
    question: str = ""
    action: int | None = None


@dataclass(frozen=True, slots=True)
class PhaseSum:
    """What the library's actions of one phase ask for: estimates. Months from the start."""

    start: int
    end: int
    actions: int
    cost_low: float
    cost_high: float
    days: float


@dataclass(frozen=True, slots=True)
class RoomRoadmap:
    """The whole; `signed` is what was signed off, and then this is how it stood."""

    since: str  # ISO day from which its months count
    currency: str
    size: Size
    is_size_assumed: bool
    days_a_year: float | None
    gaps: tuple[RoadmapGap, ...]
    actions: tuple[RoadmapAction, ...]
    needed: tuple[NeededFirst, ...]
    clashes: tuple[Clash, ...]
    objections: tuple[Objection, ...]
    phases: tuple[PhaseSum, ...]
    closed: float  # of the agreed gaps, by weight, 0 to 1
    is_over_days: bool = False
    signed: Mapping[str, Any] | None = None

    def of(self, question: str) -> tuple[RoadmapAction, ...]:
        """The actions for one gap."""
        return tuple(each for each in self.actions if each.question == question)

    @property
    def beside(self) -> tuple[RoadmapAction, ...]:
        """Actions for no agreed gap: others need them first."""
        agreed = {gap.question for gap in self.gaps}
        return tuple(each for each in self.actions if each.question not in agreed)

    @property
    def by_day(self) -> tuple[RoadmapAction, ...]:
        """In the order of phase, then day, then taking on."""
        return tuple(sorted(self.actions, key=lambda a: (_last(a.phase), a.due or a.ends_on or "9999", a.number)))

    @property
    def ownerless(self) -> tuple[RoadmapAction, ...]:
        """What nobody owns yet, or has no day."""
        return tuple(each for each in self.actions if not each.owner or not each.due)

    def by_number(self, number: int) -> RoadmapAction | None:
        return next((each for each in self.actions if each.number == number), None)

    def titled(self, library: Mapping[str, Action]) -> "RoomRoadmap":
        """With the library's titles in another language."""
        actions = (
            replace(each, title=library[each.action].title) if each.action and each.action in library else each
            for each in self.actions
        )
        return replace(self, actions=tuple(actions))

    def as_json(self) -> dict[str, Any]:
        """What is frozen when it is signed off: all but the owners' addresses and the signature itself."""
        record = {name: value for name, value in asdict(self).items() if name != "signed"}
        for action in record["actions"]:
            del action["owner_email"]
        return record

    @classmethod
    def from_json(cls, record: Mapping[str, Any], signed: Mapping[str, Any] | None = None) -> "RoomRoadmap":
        """The roadmap as it was frozen."""
        return cls(
            **{
                **record,
                "gaps": tuple(RoadmapGap(**each) for each in record["gaps"]),
                "actions": tuple(
                    RoadmapAction(**{**each, "requires": tuple(each["requires"])}) for each in record["actions"]
                ),
                "needed": tuple(NeededFirst(**{**each, "before": tuple(each["before"])}) for each in record["needed"]),
                "clashes": tuple(Clash(**each) for each in record["clashes"]),
                "objections": tuple(Objection(**each) for each in record["objections"]),
                "phases": tuple(PhaseSum(**each) for each in record["phases"]),
                "signed": signed,
            }
        )


def _last(phase: int | None) -> int:
    return len(PHASES) if phase is None else phase
