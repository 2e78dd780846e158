"""The best choice of actions within the limits, proven by HiGHS, put in time, and tidied."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from questionnaires.problems import Refused
from scoring.plan_model import Limits, PlanModel, Task
from scoring.schedule import Schedule
from scoring.tidying import tidied

GAP = 1e-4  # relative; a plan this close to the proven bound counts as the best
SECONDS = 20.0  # then the best plan so far is taken, and its gap is said
NOTHING = 1e-9  # of all that can be gained; what floating point may add
TIME_IS_UP = 1  # scipy's status


class NotFoundInTime(Refused):
    """Neither a plan nor a proof that there is none."""

    def __init__(self) -> None:
        super().__init__(f"No roadmap was found within {SECONDS:g} seconds; name fewer must-dos, or wider limits.")


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen actions with the phase each ends in, in the order of the library.

    `value` is what the plan maximises (`Task.value`); no plan has more than `value` * (1 + `optimality_gap`), apart
    from the trace by which a cheaper plan is preferred.
    """

    phase: Mapping[str, int]
    value: float
    optimality_gap: float


def choose(task: Task, limits: Limits) -> Choice | None:
    """The best choice within the limits; None where the must-dos do not fit them.

    Where alternatives have needs of their own, a choice may turn out too late in time: what it missed becomes a row,
    and the programme is solved again.

    Raises:
        NotFoundInTime: the time is up without a plan.
    """
    if not task.candidates:
        return Choice({}, 0.0, 0.0)
    model, stop = PlanModel(task, limits).build(), time.monotonic() + SECONDS
    asks_for_least = task.prices is not None or bool(task.relaxed)
    while True:
        found = _solve(model, 0.0 if asks_for_least else GAP, max(stop - time.monotonic(), 1.0))
        if found.x is None:
            if found.status == TIME_IS_UP:
                raise NotFoundInTime
            return None
        phase = _phases(model, found.x)
        if not (late := Schedule(task.timing, task.candidates, phase).late()):
            break
        model.keep_to(late)
    if asks_for_least:
        return Choice(phase, 0.0, 0.0)
    phase = tidied(task, limits, phase)
    return Choice(phase, task.value(phase), _gap(model, found, task, phase))


def _solve(model: PlanModel, gap: float, seconds: float) -> OptimizeResult:
    matrix, upper = model.matrix()
    return milp(
        np.array(model.cost),
        integrality=np.array(model.is_integer, dtype=np.int8),
        bounds=Bounds(np.array(model.lower), np.array(model.upper)),
        constraints=LinearConstraint(matrix.tocsr(), -np.inf, upper),
        options={"mip_rel_gap": gap, "time_limit": seconds},
    )


def _phases(model: PlanModel, x: NDArray[np.float64]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in model.task.candidates:
        done = [x[model.done[name, phase]] > 0.5 for phase in range(model.phases)]
        if any(done):
            found[name] = done.index(True)
    return found


def _gap(model: PlanModel, found: OptimizeResult, task: Task, phase: Mapping[str, int]) -> float:
    """How far above the plan the proven bound is, relative to the plan; 1 for a plan of nothing that is not proven."""
    bound, reached = -float(found.mip_dual_bound) / model.scale, task.preference(phase)
    above = max(bound - reached, 0.0)
    if above <= NOTHING * task.whole:
        return 0.0
    return above / reached if reached > NOTHING * task.whole else 1.0
