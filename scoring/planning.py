"""The roadmap of one firm: the best choice of actions, timed, explained, and held against what was left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from questionnaires.answers import NOT_APPLICABLE, Answers
from questionnaires.library import Definition
from questionnaires.problems import Refused
from scoring.candidates import Candidate, candidates
from scoring.choosing import choose
from scoring.frontier import frontier_of, more_budget
from scoring.gaps import Target
from scoring.impossible import days_for_must, excluded_need, explain, without_excluded
from scoring.left_out import left_out
from scoring.pacing import Times, paced
from scoring.plan_model import Limits, Task
from scoring.readiness import Readiness, level_of, score_with
from scoring.roadmap import PHASES, Infeasible, PhaseTotal, PlannedAction, Roadmap, Wishes
from scoring.schedule import NOISE, Schedule


class UnknownAction(Refused):
    """A wish names an action that the questionnaire's library does not have."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no action {name!r} for this questionnaire; check the ids of the must and must-not.")


def plan_roadmap(
    definition: Definition, answers: Answers, readiness: Readiness, target: Target, wishes: Wishes
) -> Roadmap | Infeasible:
    """The plan that closes the most weighted gap within the wishes, or why there is none.

    Maximises the sum over actions of (points gained * goal term * worth of the phase it ends in)
    + 2 b * (points that the factors gain below the common stage), b being `wishes.balance`; the worth of a phase is 1,
    0.9 and 0.8; the stage is a third of the way from today's score to what all actions would give. Each action ends in
    one phase; what it needs ends before it starts; the middle of each cost range counts against the budgets, and staff
    days count in the phase in which an action ends. Solved as a mixed-integer programme with HiGHS (Huangfu and Hall,
    2018) to a relative gap of 0.01 %. The second term is the rule of acatech's Industrie 4.0 Maturity Index (2020) to
    raise the areas together, as a preference; discounts, balance and stage are illustrative.

    Raises:
        UnknownAction: the wishes name an action that there is not.
    """
    for name in sorted(wishes.must | wishes.must_not):
        if name not in definition.action:
            raise UnknownAction(name)
    everything = candidates(definition, answers, readiness, target, wishes.size, wishes.rate, wishes.goals, wishes.must)
    allowed = without_excluded(everything, wishes.must_not)
    if not wishes.must & set(everything) <= set(allowed):
        return excluded_need(everything, wishes.must, wishes.must_not)
    task, limits = task_of(definition, answers, readiness, allowed, wishes), limits_of(wishes)
    choice = choose(task, limits)
    if choice is None and wishes.days_are_assumed:
        wishes = replace(wishes, phase_days=days_for_must(task, limits))
        limits = limits_of(wishes)
        choice = choose(task, limits)
    if choice is None:
        return explain(task, limits)
    plan = _Plan(definition, answers, readiness.asked, task.candidates, wishes, choice.phase)
    told = plan.timed(task)
    after = plan.readiness(len(PHASES) - 1)
    has_budget = wishes.budget is not None or any(limit is not None for limit in wishes.phase_budgets)
    return Roadmap(
        actions=told,
        left_out=left_out(everything, task, limits, choice.phase, wishes.must_not),
        phases=plan.totals(told),
        readiness_before=_score(readiness),
        readiness_after=_score(after),
        factors_before=_factors(definition, readiness),
        factors_after=_factors(definition, after),
        optimality_gap=choice.optimality_gap,
        more=more_budget(task, wishes, choice, plan.overall) if has_budget else None,
        frontier=() if has_budget else frontier_of(task, wishes, choice, plan.overall),
    )


def task_of(
    definition: Definition, answers: Answers, readiness: Readiness, allowed: Mapping[str, Candidate], wishes: Wishes
) -> Task:
    """What there is to choose from, with the factors that are to rise together."""
    scored = {f.id: readiness.nodes[f.id].score for f in definition.questionnaire.dimensions if f.weight > 0}
    before = {factor: score for factor, score in scored.items() if score is not None}
    weights = {f.id: f.weight for f in definition.questionnaire.dimensions if f.id in before}
    shares = {factor: weight / sum(weights.values()) for factor, weight in weights.items()}
    must = frozenset(wishes.must & set(allowed))
    return Task(allowed, shares, before, must, wishes.balance)


def limits_of(wishes: Wishes) -> Limits:
    return Limits(wishes.budget, tuple(wishes.phase_budgets), tuple(wishes.phase_days))


@dataclass(frozen=True, slots=True)
class _Plan:
    """A choice, told: when each action runs, what each phase asks for, and the readiness after each."""

    definition: Definition
    answers: Answers
    asked: frozenset[str]
    chosen: Mapping[str, Candidate]
    wishes: Wishes
    phase: Mapping[str, int]

    def timed(self, task: Task) -> tuple[PlannedAction, ...]:
        """Every chosen action by phase, then by start; ties in the order of the library."""
        times = paced(Schedule(task.timing, self.chosen, self.phase), self.wishes.phase_days)
        requires = {name: self._before(name, times) for name in self.phase}
        in_order = sorted(self.phase, key=lambda name: (self.phase[name], *times[name]))
        gains = self._gains(in_order)
        return tuple(
            PlannedAction(
                action=name,
                phase=self.phase[name],
                start=round(times[name][0], 6),
                end=round(times[name][1], 6),
                cost_low=self.chosen[name].cost_low,
                cost_high=self.chosen[name].cost_high,
                days=self.chosen[name].action.days,
                gain=gains[name],
                must=name in self.wishes.must,
                requires=requires[name],
                unlocks=tuple(other for other in in_order if name in requires[other]),
            )
            for name in in_order
        )

    def _before(self, name: str, times: Times) -> tuple[str, ...]:
        """What it needs; of alternatives that are both planned, those that end before it starts."""
        needs = (other for group in self.chosen[name].needs for other in group if other in self.phase)
        return tuple(dict.fromkeys(other for other in needs if times[other][1] <= times[name][0] + NOISE))

    def _gains(self, in_order: Sequence[str]) -> dict[str, float]:
        """What each adds to those before it, so that a level that two of them reach counts once."""
        reached: set[tuple[str, int]] = set()
        gains: dict[str, float] = {}
        for name in in_order:
            question, steps = self.chosen[name].action.question, self.chosen[name].steps
            gains[name] = sum(worth for level, worth in steps.items() if (question, level) not in reached)
            reached.update((question, level) for level in steps)
        return gains

    def totals(self, planned: Sequence[PlannedAction]) -> tuple[PhaseTotal, ...]:
        found: list[PhaseTotal] = []
        for phase in range(len(PHASES)):
            here = [each for each in planned if each.phase == phase]
            low, high = sum(each.cost_low for each in here), sum(each.cost_high for each in here)
            days, budget = sum(each.days for each in here), self.wishes.phase_budgets[phase]
            found.append(PhaseTotal(low, high, (low + high) / 2, days, budget, _score(self.readiness(phase))))
        return tuple(found)

    def readiness(self, last_phase: int) -> Readiness:
        return self._after([name for name, phase in self.phase.items() if phase <= last_phase])

    def overall(self, names: Sequence[str]) -> float:
        """The overall score once these actions are done."""
        return _score(self._after(names))

    def _after(self, names: Sequence[str]) -> Readiness:
        """The readiness when these are done.

        Questions without an answer stay open, and those that do not apply today stay out, so that scores compare.
        """
        questionnaire, given = self.definition.questionnaire, self.answers.answers
        levels: dict[str, int] = {}
        for name in names:
            action = self.chosen[name].action
            if level_of(questionnaire.questions[action.question], given.get(action.question)) is not None:
                levels[action.question] = max(levels.get(action.question, 0), action.to)
        out = dict.fromkeys((key for key in questionnaire.questions if key not in self.asked), NOT_APPLICABLE)
        return score_with(questionnaire, Answers(self.answers.profile, {**given, **out}), levels)


def _score(readiness: Readiness) -> float:
    return readiness.overall.score or 0.0


def _factors(definition: Definition, readiness: Readiness) -> dict[str, float]:
    scores = {factor.id: readiness.nodes[factor.id].score for factor in definition.questionnaire.dimensions}
    return {factor: score for factor, score in scores.items() if score is not None}
