"""What has to end in which phase so that something else can end in its own: known before anything is chosen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scoring.candidates import Candidate
from scoring.schedule import NOISE, Late, Timing, earliest_ends


@dataclass(frozen=True, slots=True)
class Orders:
    """The first phase in which each action can end at all (none: it never can), and what each end asks of others.

    A row is left out where two others together already say as much. What is left to find out while choosing are
    alternatives of which each has needs of its own.
    """

    first_phase: Mapping[str, int]
    rows: tuple[Late, ...]


def orders(timing: Timing, candidates: Mapping[str, Candidate]) -> Orders:
    """Whole chains of needs, so that a choice that keeps to these can be put in time at once."""
    ends = earliest_ends(candidates, candidates, dict.fromkeys(candidates, 0.0))
    first = {name: phase for name, end in ends.items() if (phase := _first_phase(timing, end)) is not None}
    possible = [name for name in ends if name in first]
    needs = {name: [tuple(o for o in group if o in first) for group in candidates[name].needs] for name in possible}
    rows: list[Late] = []
    between: dict[str, dict[str, float]] = {}  # action -> what it needs, near and far -> months from its end to the end
    for name, groups in needs.items():
        between[name] = _between(candidates[name].action.months, groups, between)
        for phase in range(first[name], len(timing.ends)):
            rows += _alternatives(timing, candidates, name, phase, groups)
            rows += _chains(timing, candidates, name, phase, between, needs)
    return Orders(first, tuple(rows))


def _first_phase(timing: Timing, end: float) -> int | None:
    return next((phase for phase, last in enumerate(timing.ends) if end <= last + NOISE), None)


def _between(
    months: float, groups: list[tuple[str, ...]], between: Mapping[str, Mapping[str, float]]
) -> dict[str, float]:
    """The longest way from the end of each action that is needed in any case."""
    found: dict[str, float] = {}
    for (need,) in (group for group in groups if len(group) == 1):
        for before, way in ((need, 0.0), *between[need].items()):
            found[before] = max(found.get(before, 0.0), way + months)
    return found


def _alternatives(
    timing: Timing, candidates: Mapping[str, Candidate], name: str, phase: int, groups: list[tuple[str, ...]]
) -> Iterator[Late]:
    start = timing.ends[phase] - candidates[name].action.months
    for group in (group for group in groups if len(group) > 1):
        last = {option: timing.last_phase(candidates[option].action.months, start) for option in group}
        yield Late(name, phase, {option: by for option, by in last.items() if by is not None})


def _chains(
    timing: Timing,
    candidates: Mapping[str, Candidate],
    name: str,
    phase: int,
    between: Mapping[str, Mapping[str, float]],
    needs: Mapping[str, list[tuple[str, ...]]],
) -> Iterator[Late]:
    """One row for each action that is needed in any case, nearest first, unless rows of others imply it."""
    implied: dict[str, int] = {}
    nearest_first = [name, *(other for other in reversed(list(needs)) if other in between[name])]
    asked = {name: phase}
    for other in nearest_first:
        if other != name:
            by = timing.last_phase(candidates[other].action.months, timing.ends[phase] - between[name][other])
            by = -1 if by is None else by  # -1: it cannot end in time at all
            if by < implied.get(other, len(timing.ends)):
                yield Late(name, phase, {} if by < 0 else {other: by})
            asked[other] = min(by, implied.get(other, by))
        if asked[other] < 0:
            return
        start = timing.ends[asked[other]] - candidates[other].action.months
        for (need,) in (group for group in needs[other] if len(group) == 1):
            by = timing.last_phase(candidates[need].action.months, start)
            if other != name:
                implied[need] = min(-1 if by is None else by, implied.get(need, len(timing.ends)))
