"""The best point of a programme, found and proven by HiGHS in two searches instead of one."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp
from scipy.sparse import csr_array, vstack

from scoring.aside import prints_aside
from scoring.plan_model import PlanModel

Floats = NDArray[np.float64]

GAP = 1e-4  # relative; a plan this close to the proven bound counts as the best
# Nodes are counted and not seconds, so that a busy machine gives the same plan. Hard libraries took 150 to 240 nodes a
# second of CPU on the machine of docs/benchmarks.md, so this is about 20 seconds; then the best plan so far is taken.
NODES = 4000
FIRST_NODES = 500  # of the first search
WALL = 300.0  # seconds; no limit that is meant to be reached, only an end if a search should never come to one
INFEASIBLE = 2  # scipy's status

NEAR = 1e-3  # of the bound: a decision that costs more than this is left out of the first search
TINY = 1e-9  # what floating point may add
FIRST_GAP = 5e-4  # where the first search stops
QUIET: Mapping[str, object] = {"output_flag": False, "log_to_console": False}
# Measured: these heuristics of HiGHS cost more than they find in programmes of this size.
FIRST = {"mip_heuristic_run_rins": False, "mip_heuristic_run_root_reduced_cost": False}
# Nothing is likely to be found in the second search, so it looks less.
SECOND = {
    **FIRST, "mip_heuristic_run_rens": False, "mip_heuristic_run_feasibility_jump": False, "mip_pscost_minreliable": 4
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proven:
    """A point, where one was found, and what no point is below; `is_impossible`: it is proven that there is none."""

    x: Floats | None
    bound: float
    is_impossible: bool = False


@dataclass(frozen=True, slots=True)
class _Programme:
    """cost * x as small as can be; rows @ x <= most, lower <= x <= upper."""

    cost: Floats
    lower: Floats
    upper: Floats
    rows: csr_array
    most: Floats
    is_integer: NDArray[np.bool_]


def least(model: PlanModel) -> Proven:
    """The least of the objective, to the last digit."""
    return _proven(_search(_programme(model), 0.0, {}))


def best(model: PlanModel) -> Proven:
    """The least of the objective, to `GAP`.

    Three steps. The programme without whole numbers gives a bound, and what each decision against it costs at least.
    A first search among the decisions that cost little finds a good plan. A second search asks for a plan that is
    better by more than the gap, among those decisions only that leave room for one: that there is none is the proof.
    """
    whole = _programme(model)
    sides = list(zip(whole.lower.tolist(), whole.upper.tolist(), strict=True))
    rows: Any = whole.rows  # scipy's stubs do not know that sparse rows are taken
    relaxed: OptimizeResult = linprog(whole.cost, A_ub=rows, b_ub=whole.most, bounds=sides)
    if relaxed.status != 0:
        return _proven(_search(whole, GAP, {}))
    first = _search(_narrowed(whole, relaxed, NEAR * abs(relaxed.fun)), FIRST_GAP, FIRST, FIRST_NODES)
    if first.x is None or first.fun >= 0:
        return _proven(_search(whole, GAP, {}))
    better = first.fun * (1 + 0.99 * GAP)
    if relaxed.fun >= better:
        return Proven(np.array(first.x), float(relaxed.fun))
    second = _search(_below(_narrowed(whole, relaxed, better - relaxed.fun), better), GAP, SECOND)
    if second.x is not None:
        return _proven(second)
    if second.status == INFEASIBLE:
        return Proven(np.array(first.x), better)
    return Proven(np.array(first.x), max(min(second.mip_dual_bound or -np.inf, better), float(relaxed.fun)))


def _programme(model: PlanModel) -> _Programme:
    rows, most = model.matrix()
    return _Programme(
        np.array(model.cost), np.array(model.lower), np.array(model.upper),
        csr_array(rows), np.array(most), np.array(model.is_integer),
    )  # fmt: skip


def _search(asked: _Programme, gap: float, options: Mapping[str, object], nodes: int | None = None) -> OptimizeResult:
    given: Any = {"mip_rel_gap": gap, "node_limit": nodes or NODES, "time_limit": WALL, **QUIET, **options}
    with prints_aside(), warnings.catch_warnings():
        # scipy passes options that it does not list to HiGHS as they are, and says so.
        warnings.filterwarnings("ignore", "Unrecognized options detected", RuntimeWarning)
        return milp(
            asked.cost,
            integrality=asked.is_integer.astype(np.int8),
            bounds=Bounds(asked.lower, asked.upper),
            constraints=LinearConstraint(asked.rows, -np.inf, asked.most),
            options=given,
        )


def _narrowed(asked: _Programme, relaxed: OptimizeResult, room: float) -> _Programme:
    """Less the decisions that alone cost more than this room: every point within it is kept (reduced costs)."""
    room += TINY * abs(relaxed.fun)
    stays_low = asked.is_integer & (np.asarray(relaxed.lower.marginals) > room)
    stays_high = asked.is_integer & (-np.asarray(relaxed.upper.marginals) > room)
    lower = np.where(stays_high, asked.upper, asked.lower)
    upper = np.where(stays_low, asked.lower, asked.upper)
    return _Programme(asked.cost, lower, upper, asked.rows, asked.most, asked.is_integer)


def _below(asked: _Programme, most: float) -> _Programme:
    """Only points whose objective is at most this."""
    rows = csr_array(vstack([asked.rows, csr_array(asked.cost[None, :])]))
    return _Programme(asked.cost, asked.lower, asked.upper, rows, np.append(asked.most, most), asked.is_integer)


def _proven(found: OptimizeResult) -> Proven:
    x = None if found.x is None else np.array(found.x)
    bound = -np.inf if found.mip_dual_bound is None else float(found.mip_dual_bound)
    return Proven(x, bound, found.x is None and found.status == INFEASIBLE)
