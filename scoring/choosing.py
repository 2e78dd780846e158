"""The best choice of actions within the limits, proven by HiGHS, put in time, and tidied."""

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires.problems import Refused
from scoring.plan_model import Limits, PlanModel, Task
from scoring.proving import Floats, Proven, best, least
from scoring.schedule import Schedule
from scoring.tidying import tidied

NOTHING = 1e-9  # of all that can be gained; what floating point may add


class NotFoundInTime(Refused):
    """Neither a plan nor a proof that there is none."""

    def __init__(self) -> None:
        super().__init__("No roadmap was found in the time there is for it; name fewer must-dos, or wider limits.")


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
        NotFoundInTime: the search came to its limit without a plan.
    """
    if not task.candidates:
        return Choice({}, 0.0, 0.0)
    model = PlanModel(task, limits).build()
    asks_for_least = task.prices is not None or bool(task.relaxed)
    while True:
        found = least(model) if asks_for_least else best(model)
        if found.is_impossible:
            return None
        if found.x is None:
            raise NotFoundInTime
        phase = _phases(model, found.x)
        if not (late := Schedule(task.timing, task.candidates, phase).late()):
            break
        model.keep_to(late)
    if asks_for_least:
        return Choice(phase, 0.0, 0.0)
    phase = tidied(task, limits, phase)
    return Choice(phase, task.value(phase), _gap(model, found, task, phase))


def _phases(model: PlanModel, x: Floats) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in model.task.candidates:
        done = [x[model.done[name, phase]] > 0.5 for phase in range(model.phases)]
        if any(done):
            found[name] = done.index(True)
    return found


def _gap(model: PlanModel, found: Proven, task: Task, phase: Mapping[str, int]) -> float:
    """How far above the plan the proven bound is, relative to the plan; 1 for a plan of nothing that is not proven."""
    bound, reached = -found.bound / model.scale, task.preference(phase)
    above = max(bound - reached, 0.0)
    if above <= NOTHING * task.whole:
        return 0.0
    return above / reached if reached > NOTHING * task.whole else 1.0
