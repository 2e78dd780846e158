"""When no plan meets the wishes: what stands in the way, and the smallest change that makes one possible."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from questionnaires.library import Definition
from scoring.candidates import Candidate
from scoring.plan_model import Limits, Task
from scoring.roadmap import Infeasible, Wishes


@dataclass(frozen=True, slots=True)
class Impossible:
    """What the explanation needs besides the task."""

    definition: Definition
    everything: Mapping[str, Candidate]


def without_excluded(everything: Mapping[str, Candidate], excluded: frozenset[str]) -> dict[str, Candidate]:
    """The candidates less the excluded ones and all that cannot be done without them."""
    allowed = {name: candidate for name, candidate in everything.items() if name not in excluded}
    while True:
        stuck = [n for n, c in allowed.items() if any(not any(o in allowed for o in group) for group in c.needs)]
        if not stuck:
            return allowed
        for name in stuck:
            del allowed[name]


def explain(task: Task, wishes: Wishes, about: Impossible) -> Infeasible:
    """Why the must-dos do not fit, with the exact amount that is missing and the fewest must-dos to give up.

    First more money alone is tried, then more staff days alone, then both; if none helps, time is too short.
    """
    limits = Limits(wishes.budget, tuple(wishes.phase_budgets), tuple(wishes.phase_days))
    concerned = _with_needs(task)
    drop = _fewest_to_drop(task, limits)
    for relaxed in (frozenset({"money"}), frozenset({"days"}), frozenset({"money", "days"})):
        choice = replace(task, relaxed=relaxed, balance=0.0).solve(limits)
        if choice is not None and choice.missing:
            (kind, phase), missing = max(choice.missing.items(), key=lambda each: each[1])
            reason = _reason(kind)
            notes = {f"{name}.{at}": amount for (name, at), amount in choice.missing.items()}
            return Infeasible(reason, concerned, None if reason == "budget" else phase, missing, drop, notes)
    return Infeasible("time", concerned, drop=drop)


def _reason(kind: str) -> Literal["budget", "phase_budget", "days"]:
    return "days" if kind == "days" else "phase_budget" if kind == "phase_budget" else "budget"


def _with_needs(task: Task) -> tuple[str, ...]:
    """The must-dos with all that they need, in the order of the library."""
    found: set[str] = set()
    queue = list(task.must)
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue.extend(other for group in task.candidates[name].needs for other in group if other in task.candidates)
    return tuple(name for name in task.candidates if name in found)


def _fewest_to_drop(task: Task, limits: Limits) -> tuple[str, ...]:
    """The fewest must-dos to give up so that the others fit; the plan then keeps as many of them as it can."""
    kept = replace(task, must=frozenset(), wanted=task.must, balance=0.0).solve(limits)
    return tuple(name for name in task.candidates if name in task.must and (kept is None or name not in kept.phase))
