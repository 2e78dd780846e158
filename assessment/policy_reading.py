"""What common gaps ask of policy: the area that answers each, what closing it needs, and cases that did it.

Areas, and which enabler of F.I.R.S.T. each answers, are in policy_areas.json with their source; what is ours there says
so. The cases are those of kind policy in the library.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from questionnaires.library import EFFECTS_OF, Action, Case, Definition, Effect, Enabler, Pillar

FILE = Path(__file__).parent / "policy_areas.json"
AREAS = ("framework", "demand", "capabilities")
FIRST: tuple[Enabler, ...] = ("funding", "infrastructure", "regulation", "skills", "technology")


@dataclass(frozen=True, slots=True)
class AreaReading:
    """What the gaps ask of one area, the most common gap first.

    Attributes:
        gaps: the questions whose first step the area answers.
        actions: the first step of each gap, where there is one.
        enablers: how many of these actions need what.
        cases: the policies of the library that worked in this area.
    """

    id: str
    gaps: tuple[str, ...]
    actions: tuple[Action, ...]
    enablers: Mapping[Enabler, int]
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class PolicyReading:
    """The areas with what asks for them, and what all first steps together would help: strengths 0 to 3, on average."""

    areas: tuple[AreaReading, ...]
    pillars: Mapping[Pillar, float]
    effects: tuple[tuple[Effect, int], ...]
    source: str


@lru_cache
def areas_file() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(FILE.read_text())
    return found


def read_policy(definition: Definition, gaps: Sequence[str]) -> PolicyReading:
    """Lay common gaps (questions, the most common first) under the areas that answer them."""
    steps = {question: first_step(definition, question) for question in gaps}
    placed = {question: area_of(question, step) for question, step in steps.items()}
    areas = tuple(_area(definition, area, [q for q in gaps if placed[q] == area], steps) for area in AREAS)
    actions = [step for step in steps.values() if step is not None]
    effects = Counter(effect for action in actions for effect in action.effects)
    order = [effect for pillar in EFFECTS_OF.values() for effect in pillar]
    return PolicyReading(
        areas,
        {pillar: _mean([getattr(action.impact, pillar) for action in actions]) for pillar in EFFECTS_OF},
        tuple(sorted(effects.items(), key=lambda each: (-each[1], order.index(each[0])))),
        str(areas_file()["source"]),
    )


def first_step(definition: Definition, question: str) -> Action | None:
    """The action that takes a firm from the lowest level of a question; of several the first of the file."""
    found = [action for action in definition.actions if action.question == question]
    return min(found, key=lambda action: action.from_, default=None)


def area_of(question: str, step: Action | None) -> str:
    """The area that answers a gap: by what its first step needs, unless the file says otherwise; else capabilities."""
    data = areas_file()
    named = data["dimensions"]["questions"]
    if question in named:
        return str(named[question])
    return area_for(step.enabler if step is not None else None)


def area_for(enabler: Enabler | None) -> str:
    """The area that answers what needs this; capabilities where nothing is named."""
    areas = areas_file()["areas"]
    return next((area for area in AREAS if enabler in areas[area]["enablers"]), AREAS[-1])


def _area(definition: Definition, area: str, gaps: Sequence[str], steps: Mapping[str, Action | None]) -> AreaReading:
    actions = tuple(step for question in gaps if (step := steps[question]) is not None)
    counts = Counter(action.enabler for action in actions if action.enabler is not None)
    cases = tuple(case for case in definition.cases.values() if case.kind == "policy" and area in case.areas)
    return AreaReading(area, tuple(gaps), actions, {e: counts[e] for e in FIRST if counts[e]}, cases)


def _mean(values: Sequence[int]) -> float:
    return sum(values) / len(values) if values else 0.0
