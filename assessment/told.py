"""What a report tells besides answers and wishes: the target, how far the plan is, last time, and workshops."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from assessment.comparison import Comparison
from assessment.firm_support import Support
from assessment.peer_benchmarks import Benchmark
from assessment.results import Result
from assessment.rooms_told import RoomTold
from assessment.snapshots import Snapshot, target_as_json, target_from_json
from assessment.standing import STATES, State, Step, planned_steps, standing
from scoring.gaps import Target
from scoring.roadmap import Roadmap


@dataclass(frozen=True, slots=True)
class Told:
    """As it was when the report was ordered. `states` holds every action of which something was said."""

    target: Target = field(default_factory=Target)
    states: Mapping[str, State] = field(default_factory=dict)
    as_of: str = ""  # ISO day of the states; empty without any
    comparison: Comparison | None = None
    rooms: tuple[RoomTold, ...] = ()
    benchmark: Benchmark | None = None  # of the newest release when it was ordered
    support: tuple[Support, ...] = ()  # offers that stood open to the firm then

    def as_json(self) -> dict[str, Any]:
        return {
            "target": target_as_json(self.target),
            "states": dict(self.states),
            "as_of": self.as_of,
            "comparison": self.comparison.as_json() if self.comparison else None,
            **({"rooms": [each.as_json() for each in self.rooms]} if self.rooms else {}),
            **({"benchmark": self.benchmark.as_json()} if self.benchmark else {}),
            **({"support": [each.as_json() for each in self.support]} if self.support else {}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Told":
        compared = data.get("comparison")
        known: Mapping[str, State] = {each: each for each in STATES}
        return cls(
            target=target_from_json(data.get("target", {})),
            states={name: known.get(state, "planned") for name, state in data.get("states", {}).items()},
            as_of=data.get("as_of", ""),
            comparison=Comparison.from_json(compared) if compared else None,
            rooms=tuple(RoomTold.from_json(each) for each in data.get("rooms", ())),
            benchmark=Benchmark.from_json(data["benchmark"]) if data.get("benchmark") else None,
            support=tuple(Support.from_json(each) for each in data.get("support", ())),
        )

    def sha256(self, snapshot: Snapshot) -> str:
        """What a report is made of; the snapshot's own hash where nothing else is told."""
        beside = (self.states, self.comparison, self.rooms, self.benchmark, self.support)
        if not any(beside):
            return snapshot.sha256()
        text = snapshot.sha256() + json.dumps(self.as_json(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def told_now(
    target: Target,
    steps: Mapping[str, Step],
    compared: Comparison | None,
    today: date,
    rooms: tuple[RoomTold, ...] = (),
    benchmark: Benchmark | None = None,
    support: tuple[Support, ...] = (),
) -> Told:
    states = {name: step.state for name, step in sorted(steps.items())}
    return Told(target, states, today.isoformat() if states else "", compared, rooms, benchmark, support)


def with_told(result: Result, told: Told, since: date) -> Result:
    """The result with what else is told of it; the plan's months count from the day `since`."""
    result = replace(
        result, comparison=told.comparison, rooms=told.rooms, benchmark=told.benchmark, support=told.support
    )
    if not told.states or not isinstance(result.roadmap, Roadmap):
        return result
    today = date.fromisoformat(told.as_of)
    said = datetime(today.year, today.month, today.day, tzinfo=UTC)
    steps = {name: Step(name, state, changed_at=said) for name, state in told.states.items()}
    return replace(result, standing=standing(planned_steps(result.roadmap, steps, since, today), since, today))
