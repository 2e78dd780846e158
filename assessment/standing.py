"""Planned against achieved: where each action of the roadmap stands on a day, and what that comes to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from scoring.calendar import day_of
from scoring.roadmap import PHASES, Roadmap

State = Literal["planned", "started", "done", "dropped"]
STATES: tuple[State, ...] = ("planned", "started", "done", "dropped")
ENDED = ("done", "dropped")


@dataclass(frozen=True, slots=True)
class Step:
    """What was said of an action: its state and the day it holds from, who has it in hand, a note, and who said so."""

    action: str
    state: State = "planned"
    day: str = ""  # ISO
    owner: str = ""
    note: str = ""
    changed_at: datetime | None = None  # None: nothing was said
    changed_by: str = ""


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """An action of the plan with its days, and where it stands; late when its planned end is over and it is not."""

    action: str
    phase: int
    start: date
    end: date
    cost_low: float
    cost_high: float
    step: Step
    is_late: bool


@dataclass(frozen=True, slots=True)
class PhaseStanding:
    """How many actions of a phase are in each state; the cost is that of the done ones, by the plan's estimates."""

    actions: int
    started: int
    done: int
    dropped: int
    late: int
    cost_low: float
    cost_high: float


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the plan stands on a day. `said` is how many of its actions anything was said about."""

    as_of: str  # ISO
    since: str  # ISO: the day from which its months count
    phases: tuple[PhaseStanding, ...]
    total: PhaseStanding
    said: int

    def as_json(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of,
            "since": self.since,
            "phases": [_as_json(phase) for phase in self.phases],
            "total": _as_json(self.total),
            "said": self.said,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Standing":
        phases = tuple(PhaseStanding(**phase) for phase in data["phases"])
        return cls(data["as_of"], data["since"], phases, PhaseStanding(**data["total"]), data["said"])


def planned_steps(roadmap: Roadmap, steps: Mapping[str, Step], since: date, today: date) -> tuple[PlannedStep, ...]:
    """Every action of the plan in its order. Months count from the day `since`; it is late the day after its end."""
    found = []
    for one in roadmap.actions:
        step, end = steps.get(one.action, Step(one.action)), day_of(since, one.end)
        is_late = step.state not in ENDED and today > end
        found.append(
            PlannedStep(
                one.action, one.phase, day_of(since, one.start), end, one.cost_low, one.cost_high, step, is_late
            )
        )
    return tuple(found)


def standing(planned: Sequence[PlannedStep], since: date, today: date) -> Standing:
    """What the steps come to, phase by phase and in all."""
    return Standing(
        as_of=today.isoformat(),
        since=since.isoformat(),
        phases=tuple(_summed(each for each in planned if each.phase == number) for number in range(len(PHASES))),
        total=_summed(planned),
        said=sum(each.step.changed_at is not None for each in planned),
    )


def _summed(planned: Iterable[PlannedStep]) -> PhaseStanding:
    here = list(planned)
    done = [each for each in here if each.step.state == "done"]
    return PhaseStanding(
        actions=len(here),
        started=sum(each.step.state == "started" for each in here),
        done=len(done),
        dropped=sum(each.step.state == "dropped" for each in here),
        late=sum(each.is_late for each in here),
        cost_low=sum(each.cost_low for each in done),
        cost_high=sum(each.cost_high for each in done),
    )


def _as_json(phase: PhaseStanding) -> dict[str, Any]:
    return {name: getattr(phase, name) for name in PhaseStanding.__slots__}
