"""The roadmap of a room: its actions in phases, what they need first, and how much of the agreed gaps they close."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from questionnaires.answers import Answers
from questionnaires.library import Definition, Size
from questionnaires.schema import Questionnaire
from scoring.candidates import Candidate, OutOfReach, candidates
from scoring.choosing import choose
from scoring.evaluation import evaluate
from scoring.gaps import Target
from scoring.impossible import days_for_must
from scoring.ladders import level_scores
from scoring.pacing import Times, paced
from scoring.plan import plan_of
from scoring.plan_model import TIMING, Limits, Task
from scoring.readiness import Readiness, readiness_of
from scoring.roadmap import PHASES
from scoring.schedule import NOISE, Schedule, Timing, earliest_ends
from scoring.sheets import sheet_of


@dataclass(frozen=True, slots=True)
class AgreedGap:
    """Where the room stands on a question, where it wants to be, and the place of that among its priorities."""

    question: str
    level: int
    target: int
    place: int  # from 1; equal places are ties


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the room has chosen of the library, and what it allows: the reach that costs are told for, days a year."""

    actions: frozenset[str]
    size: Size = "small"
    days_a_year: float | None = None


@dataclass(frozen=True, slots=True)
class RoomStep:
    """One action of the library in time: months from the start, money in the library's own currency.

    `gain` is how much of the agreed gaps it closes, by their weights, 0 to 1; what it needs first is in `requires`.
    """

    action: str
    phase: int
    start: float
    end: float
    earliest: float  # the month by which it can have ended, however it is done
    cost_low: float
    cost_high: float
    days: float
    gain: float
    is_chosen: bool
    requires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """The chosen actions and those they need first, by phase and start.

    `reached`: chosen actions that lead no further than where the room stands. `lost`: those without a way there.
    """

    steps: tuple[RoomStep, ...] = ()
    reached: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    closed: float = 0.0  # of the agreed gaps, by their weights
    months: int = PHASES[-1].end  # when the last phase ends
    is_over_days: bool = False  # they take more days than the room allows


def weights_of(gaps: Sequence[AgreedGap]) -> dict[str, float]:
    """What each agreed gap counts, by its place alone; the sum is 1.

    Rank order centroids: the mean of all weights that respect the order, w(k) = 1/n * sum of 1/i for i from k to n
    (Barron and Barrett, 1996, Management Science 42(11)). Ties share the mean of their places.
    """
    count = len(gaps)
    ordered = sorted(gaps, key=lambda gap: gap.place)
    centroid = [sum(1 / i for i in range(k, count + 1)) / count for k in range(1, count + 1)]
    shares: dict[int, list[float]] = {}
    for gap, weight in zip(ordered, centroid, strict=True):
        shares.setdefault(gap.place, []).append(weight)
    return {gap.question: sum(shares[gap.place]) / len(shares[gap.place]) for gap in gaps}


def plan_room(definition: Definition, gaps: Sequence[AgreedGap], levels: Mapping[str, int], wanted: Wanted) -> RoomPlan:
    """Put what the room has chosen, and what that needs first, into phases.

    `levels` are all levels that the room has settled; where it has not, what is needed is done from the lowest one.
    Which comes first is decided by the roadmap's own engine (`scoring.planning`): what closes more of the agreed gaps
    by their weights, as early as lengths, needs and days allow. A last phase lasts as long as the actions take.
    """
    known = {**levels, **{gap.question: gap.level for gap in gaps}}
    everything, lost = _candidates(definition, known, gaps, wanted)
    chosen = [name for name in definition.action if name in wanted.actions and name in everything]
    needed = _with_needs(everything, chosen)
    worth = _worth(definition.questionnaire, gaps)
    asked = {
        name: replace(everything[name], steps=_steps(everything[name], worth if name in wanted.actions else {}))
        for name in everything
        if name in needed
    }
    earliest = earliest_ends(asked, asked, dict.fromkeys(asked, 0.0))
    task = Task(asked, {}, {}, frozenset(chosen), timing=_timing(earliest))
    limits = Limits(phase_days=_phase_days(wanted.days_a_year, task.timing))
    choice, is_over = choose(task, limits), False
    if choice is None:
        limits, is_over = Limits(phase_days=days_for_must(task, limits)), True
        choice = choose(task, limits)
    phase = _kept(task, choice.phase if choice else {})
    times = paced(Schedule(task.timing, asked, phase), limits.phase_days)
    steps = _told(task, phase, times, earliest)
    return RoomPlan(
        steps=steps,
        reached=tuple(n for n in definition.action if n in wanted.actions and n not in everything and n not in lost),
        lost=lost,
        closed=round(sum(step.gain for step in steps), 9),
        months=round(task.timing.ends[-1]),
        is_over_days=is_over,
    )


def _candidates(
    definition: Definition, known: Mapping[str, int], gaps: Sequence[AgreedGap], wanted: Wanted
) -> tuple[dict[str, Candidate], tuple[str, ...]]:
    """What can be done from where the room stands, and what it has chosen without a way there."""
    questionnaire, answers = definition.questionnaire, Answers({}, dict(known))
    readiness = _standing(questionnaire, answers)
    target = Target(levels={gap.question: gap.target for gap in gaps})
    must = set(wanted.actions & set(definition.action))
    lost: list[str] = []
    while True:
        try:
            return candidates(definition, answers, readiness, target, wanted.size, must=must), tuple(lost)
        except OutOfReach as refusal:
            must.discard(refusal.action)
            lost.append(refusal.action)


def _standing(questionnaire: Questionnaire, answers: Answers) -> Readiness:
    """The scores of a room: whatever it was asked applies to it, and open questions are left open."""
    plan = plan_of(questionnaire)
    found = readiness_of(plan, evaluate(plan, sheet_of(plan, [answers])), 0)
    return replace(found, asked=frozenset(questionnaire.questions))


def _with_needs(everything: Mapping[str, Candidate], chosen: Collection[str]) -> set[str]:
    found: set[str] = set()
    queue = list(chosen)
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue += [other for group in everything[name].needs for other in group if other in everything]
    return found


def _worth(questionnaire: Questionnaire, gaps: Sequence[AgreedGap]) -> dict[tuple[str, int], float]:
    """(question, level) -> the part of all agreed gaps, by weight, that reaching it from the one below closes."""
    weights = weights_of(gaps)
    worth: dict[tuple[str, int], float] = {}
    for gap in gaps:
        scores = level_scores(questionnaire, questionnaire.questions[gap.question])
        whole = scores[gap.target] - scores[gap.level]
        for level in range(gap.level + 1, gap.target + 1):
            if whole > 0:
                worth[gap.question, level] = weights[gap.question] * (scores[level] - scores[level - 1]) / whole
    return worth


def _steps(candidate: Candidate, worth: Mapping[tuple[str, int], float]) -> dict[int, float]:
    return {level: worth.get((candidate.action.question, level), 0.0) for level in candidate.steps}


def _timing(earliest: Mapping[str, float]) -> Timing:
    """The roadmap's phases, the last one as long as its longest chain."""
    last = float(max(TIMING.ends[-1], ceil(max(earliest.values(), default=0.0) - NOISE)))
    return Timing(TIMING.starts, (*TIMING.ends[:-1], last))


def _phase_days(days_a_year: float | None, timing: Timing) -> tuple[float | None, ...]:
    if days_a_year is None:
        return (None,) * len(timing.ends)
    return tuple(days_a_year * (end - start) / 12 for start, end in zip(timing.starts, timing.ends, strict=True))


def _kept(task: Task, phase: Mapping[str, int]) -> dict[str, int]:
    """The must-dos and, of alternatives, what each of them really waits for."""
    schedule = Schedule(task.timing, task.candidates, phase)
    found: set[str] = set()
    queue = [name for name in phase if name in task.must]
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue += schedule.first_needs(name)
    return {name: at for name, at in phase.items() if name in found}


def _told(task: Task, phase: Mapping[str, int], times: Times, earliest: Mapping[str, float]) -> tuple[RoomStep, ...]:
    reached: set[tuple[str, int]] = set()
    found = []
    for name in sorted(phase, key=lambda name: (phase[name], *times[name])):
        one = task.candidates[name]
        gain = sum(worth for level, worth in one.steps.items() if (one.action.question, level) not in reached)
        reached.update((one.action.question, level) for level, worth in one.steps.items() if worth)
        needs = (other for group in one.needs for other in group if other in phase)
        found.append(
            RoomStep(
                action=name,
                phase=phase[name],
                start=round(times[name][0], 6),
                end=round(times[name][1], 6),
                earliest=round(earliest[name], 6),
                cost_low=one.cost_low,
                cost_high=one.cost_high,
                days=one.action.days,
                gain=gain,
                is_chosen=name in task.must,
                requires=tuple(dict.fromkeys(o for o in needs if times[o][1] <= times[name][0] + NOISE)),
            )
        )
    return tuple(found)
