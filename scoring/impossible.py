"""When no plan meets the wishes: what stands in the way, and the smallest change that makes one possible."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from scoring.candidates import Candidate
from scoring.choosing import choose
from scoring.plan_model import LimitKey, LimitKind, Limits, Task
from scoring.roadmap import Infeasible
from scoring.schedule import Timing, earliest_ends

EVER = Timing((0.0,) * 3, (1e6,) * 3)  # phases without an end, where time is not what stands in the way

REASONS: tuple[LimitKind, ...] = ("phase_budget", "budget", "days")  # what is said first where several are short


def without_excluded(everything: Mapping[str, Candidate], excluded: Collection[str]) -> dict[str, Candidate]:
    """The candidates less the excluded ones and all that cannot be done without them."""
    kept = [name for name in everything if name not in excluded]
    possible = earliest_ends(everything, kept, dict.fromkeys(kept, 0.0))
    return {name: everything[name] for name in kept if name in possible}


def excluded_need(everything: Mapping[str, Candidate], must: frozenset[str], excluded: Collection[str]) -> Infeasible:
    """The must-dos that exclusions make impossible, and the fewest exclusions to give up for them."""
    allowed = without_excluded(everything, excluded)
    lost = tuple(name for name in everything if name in must and name not in allowed)
    prices = {name: 1.0 for name in everything if name in excluded}
    task = _narrowed(Task(everything, {}, {}, must & set(everything), prices=prices, timing=EVER))
    choice = choose(task, Limits())
    allow = tuple(name for name in choice.phase if name in prices) if choice else ()
    return Infeasible("excluded_prerequisite", lost, drop=allow)


def explain(task: Task, limits: Limits) -> Infeasible:
    """Why the must-dos do not fit, with the exact amount that is missing and the fewest must-dos to give up.

    The smallest amount of money is looked for first, then that of staff days, then both; of equal amounts that for one
    limit alone. If nothing helps, time is too short. `notes` names each limit that has to be larger; where there are
    several, `missing` is the sum of money, or of days, that this takes.
    """
    needed = _narrowed(task)
    drop = _fewest_to_drop(needed, limits)
    for attempt in _attempts(limits):
        choices = ((relaxed, choose(replace(needed, relaxed=relaxed), limits)) for relaxed in attempt)
        short = [_short(needed, limits, relaxed, choice.phase) for relaxed, choice in choices if choice is not None]
        if short:
            return _told(min(short, key=_amount), tuple(needed.candidates), drop)
    return Infeasible("time", tuple(needed.candidates), drop=drop)


def days_for_must(task: Task, limits: Limits) -> tuple[float | None, ...]:
    """The staff days of each phase, widened by as little as the must-dos and their needs take.

    For days that are only assumed: they yield to what the firm itself wants. Without limits of days where even that
    does not help, so that what is said to stand in the way is something that the firm did name.
    """
    days = frozenset(key for key in limits.given() if key[0] == "days")
    choice = choose(replace(_narrowed(task), relaxed=days), limits)
    if choice is None:
        return (None,) * len(limits.phase_days)
    used = [task.used(("days", phase), choice.phase) for phase in range(len(limits.phase_days))]
    return tuple(
        None if limit is None else max(limit, take) for limit, take in zip(limits.phase_days, used, strict=True)
    )


def _narrowed(task: Task) -> Task:
    """The must-dos with all that they may need: nothing else can make them possible."""
    found: set[str] = set()
    queue = list(task.must)
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue += [other for group in task.candidates[name].needs for other in group if other in task.candidates]
    kept = {name: candidate for name, candidate in task.candidates.items() if name in found}
    prices = None if task.prices is None else {name: price for name, price in task.prices.items() if name in kept}
    return replace(task, candidates=kept, balance=0.0, prices=prices)


def _attempts(limits: Limits) -> Iterator[list[frozenset[LimitKey]]]:
    """The limits that may be larger, together: some of money; some of days; any."""
    money = [key for key in limits.given() if key[0] != "days"]
    days = [key for key in limits.given() if key[0] == "days"]
    for keys in (money, days):
        if keys:
            yield [*(frozenset({key}) for key in keys), frozenset(keys)]
    if money and days:
        yield [frozenset(money + days)]


def _short(task: Task, limits: Limits, relaxed: frozenset[LimitKey], phase: Mapping[str, int]) -> dict[LimitKey, float]:
    """How much larger each limit has to be for this choice, the limits in their order."""
    return {key: max(task.used(key, phase) - limit, 0.0) for key, limit in limits.given().items() if key in relaxed}


def _amount(short: Mapping[LimitKey, float]) -> float:
    """Money for all phases is no other money than that for each, so the larger of the two sums counts."""
    sums = {kind: sum(amount for key, amount in short.items() if key[0] == kind) for kind in REASONS}
    return round(max(sums["budget"], sums["phase_budget"]) or sums["days"], 6)


def _told(short: Mapping[LimitKey, float], concerned: tuple[str, ...], drop: tuple[str, ...]) -> Infeasible:
    missing = {key: amount for key, amount in short.items() if amount > 0} or dict(short)
    reason: LimitKind = next(kind for kind in REASONS if any(key[0] == kind for key in missing))
    phases = [phase for kind, phase in missing if kind == reason != "budget"]
    notes = {f"{kind}.{phase}": amount for (kind, phase), amount in missing.items()}
    return Infeasible(reason, concerned, phases[0] if len(phases) == 1 else None, _amount(missing), drop, notes)


def _fewest_to_drop(task: Task, limits: Limits) -> tuple[str, ...]:
    """The fewest must-dos to give up so that the others fit."""
    kept = choose(replace(task, must=frozenset(), prices=dict.fromkeys(sorted(task.must), -1.0)), limits)
    return tuple(name for name in task.candidates if name in task.must and (kept is None or name not in kept.phase))
