"""What money buys: the best readiness for each budget, and what 10 % more would add."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from scoring.choosing import Choice, choose
from scoring.gaps import NOISE
from scoring.plan_model import Limits, Task
from scoring.roadmap import FrontierPoint, MoreBudget, Wishes

# Parts of the whole plan's cost at which the frontier is drawn; denser where readiness still comes cheaply.
PARTS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
MORE = 0.10

Overall = Callable[[Sequence[str]], float]


def frontier_of(task: Task, wishes: Wishes, whole: Choice, overall: Overall) -> tuple[FrontierPoint, ...]:
    """The best overall score within staff days and 36 months for rising budgets, up to the cost of the whole plan.

    Each point is a plan of its own, chosen for its readiness at the end alone; the last is the whole plan itself. A
    larger budget can always do the smaller plan, so no point is lower than the one before it. Budgets too small for the
    must-dos have no point; where nothing costs money there is none.
    """
    cost = _cost(task, whole)
    if not cost:
        return ()
    alike = {name: replace(candidate, pull=1.0) for name, candidate in task.candidates.items()}
    plain = replace(task, candidates=alike, balance=0.0, worth_of_phase=(1.0, 1.0, 1.0))
    found: list[FrontierPoint] = []
    for part in PARTS:
        choice = whole if part == 1.0 else choose(plain, Limits(part * cost, phase_days=tuple(wishes.phase_days)))
        if choice is None:
            continue
        actions = tuple(choice.phase)
        point = FrontierPoint(part * cost, _cost(task, choice), overall(actions), actions)
        if found and found[-1].readiness > point.readiness:
            point = replace(found[-1], budget=point.budget)
        found.append(point)
    return tuple(found)


def more_budget(task: Task, wishes: Wishes, plan: Choice, overall: Overall) -> MoreBudget | None:
    """The plan again with every budget 10 % larger; None where that brings no more readiness."""
    larger = Limits(
        None if wishes.budget is None else wishes.budget * (1 + MORE),
        tuple(None if limit is None else limit * (1 + MORE) for limit in wishes.phase_budgets),
        tuple(wishes.phase_days),
    )
    choice = choose(task, larger)
    before, after = overall(tuple(plan.phase)), overall(tuple(choice.phase)) if choice else 0.0
    if choice is None or after <= before + NOISE:
        return None
    given = wishes.budget if wishes.budget is not None else sum(limit or 0.0 for limit in wishes.phase_budgets)
    added = tuple(name for name in choice.phase if name not in plan.phase)
    dropped = tuple(name for name in plan.phase if name not in choice.phase)
    return MoreBudget(given * MORE, after, added, dropped)


def _cost(task: Task, choice: Choice) -> float:
    return sum(task.candidates[name].cost for name in choice.phase)
