"""Why an action that would help is not in the plan."""

from collections.abc import Mapping

from scoring.candidates import Candidate
from scoring.roadmap import LeftOut, LeftOutReason, Wishes


def left_out(
    everything: Mapping[str, Candidate], allowed: Mapping[str, Candidate], phase: Mapping[str, int], wishes: Wishes
) -> tuple[LeftOut, ...]:
    """The helpful actions that are not planned, the most helpful first, each with the first reason that holds.

    `excluded`: it or what it needs must not be done. `prerequisite`: what it needs is not in the plan. `budget`,
    `days`: no phase has that much left. `little_gain`: it would still fit, but other actions or an earlier end of
    them count for more. `time`: it would fit every budget, and cannot end within the 36 months.
    """
    remaining = _Remaining(everything, phase, wishes)
    found = [
        LeftOut(c.id, _reason(c, allowed, phase, remaining), c.cost_low, c.cost_high, c.gain)
        for c in everything.values()
        if c.id not in phase and (c.gain > 0 or c.id in wishes.must_not)
    ]
    return tuple(sorted(found, key=lambda each: -round(each.gain, 12)))


class _Remaining:
    """What the plan leaves of money and staff days, in all and in each phase; infinite where there is no limit."""

    def __init__(self, everything: Mapping[str, Candidate], phase: Mapping[str, int], wishes: Wishes) -> None:
        self.money = _left(wishes.budget, sum(everything[name].cost for name in phase))
        here = [[everything[n] for n, at in phase.items() if at == p] for p in range(len(wishes.phase_days))]
        self.phase_money = [
            _left(b, sum(c.cost for c in done)) for b, done in zip(wishes.phase_budgets, here, strict=True)
        ]
        self.phase_days = [
            _left(d, sum(c.action.days for c in done)) for d, done in zip(wishes.phase_days, here, strict=True)
        ]

    def has_money(self, candidate: Candidate, phase: int) -> bool:
        return candidate.cost <= min(self.money, self.phase_money[phase])

    def has_days(self, candidate: Candidate, phase: int) -> bool:
        return candidate.action.days <= self.phase_days[phase]


def _reason(
    candidate: Candidate, allowed: Mapping[str, Candidate], phase: Mapping[str, int], remaining: _Remaining
) -> LeftOutReason:
    if candidate.id not in allowed:
        return "excluded"
    if any(not any(name in phase for name in group) for group in candidate.needs):
        return "prerequisite"
    phases = range(len(remaining.phase_days))
    if not any(remaining.has_money(candidate, p) for p in phases):
        return "budget"
    if not any(remaining.has_days(candidate, p) for p in phases):
        return "days"
    if not any(remaining.has_money(candidate, p) and remaining.has_days(candidate, p) for p in phases):
        return "budget"
    is_free = remaining.money == float("inf") and all(
        limit == float("inf") for limit in (*remaining.phase_money, *remaining.phase_days)
    )
    return "time" if is_free else "little_gain"


def _left(limit: float | None, used: float) -> float:
    return float("inf") if limit is None else limit - used + 1e-6
