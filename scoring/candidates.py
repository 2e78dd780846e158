"""Which actions a roadmap may choose from: what each one adds, costs and needs, for one firm."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from questionnaires.answers import NOT_APPLICABLE, Answers
from questionnaires.library import SIZES, Action, Definition, Effect, Size
from questionnaires.problems import Refused
from questionnaires.schema import Question
from scoring.currencies import own_currency, rate_to
from scoring.gaps import NOISE, Target, wanted_scores
from scoring.ladders import level_scores
from scoring.readiness import Readiness, effective_weights, level_of


class OutOfReach(Refused):
    """A must starts from a level that the firm has not reached, and the library has no way there."""

    def __init__(self, action: Action, level: int) -> None:
        self.action = action.id
        super().__init__(
            f"The must {action.id!r} starts from level {action.from_} of {action.question!r}; the firm is at {level}, "
            "and what would come before cannot be done with these actions. Take it out of the must."
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """An action that this firm could do. Money in the wishes' currency.

    `steps` are the levels it newly reaches with their worth (points of the overall score, 0 beyond the target);
    `needs` lists alternatives: of each group, one action has to end before this one starts. `pull` is how much its
    gain counts in the choice: 1, or up to 2 where it serves the firm's goals.
    """

    action: Action
    factor: str
    steps: Mapping[int, float]
    cost_low: float
    cost_high: float
    needs: tuple[tuple[str, ...], ...]
    pull: float = 1.0

    @property
    def id(self) -> str:
        return self.action.id

    @property
    def cost(self) -> float:
        """What is held against a budget: the middle of the range."""
        return (self.cost_low + self.cost_high) / 2

    @property
    def gain(self) -> float:
        """Points of the overall score that it adds."""
        return sum(self.steps.values())


def candidates(
    definition: Definition,
    answers: Answers,
    readiness: Readiness,
    target: Target,
    size: Size,
    rate: float = 1.0,
    goals: Sequence[Effect] = (),
    must: Collection[str] = (),
) -> dict[str, Candidate]:
    """Every action that would take the firm further, is a must, or is needed by one of these, in the order of the file.

    A step is worth the question's share in the overall score (as if every dimension were a weighted mean) times the
    score it adds. It counts up to the question's target where one is chosen or set by a programme; without, the roadmap
    may climb the whole ladder. An action whose question is unanswered adds nothing that could be known, but is done
    from level 0 where another action needs it. A required action that is already done, or whose question does not apply
    to the firm, needs nothing more, and no more does such a must. `rate` is for the library's own currency; costs in
    another one go through its planning rates first.

    Raises:
        NoRate: an action's currency has no rate to the library's own.
        OutOfReach: a must starts from a level that the firm is below, and no action leads there.
    """
    levels = {q.id: _level(q, answers, readiness) for q in definition.questionnaire.questions.values()}
    useful = {a.id: a for a in definition.actions if a.to > levels.get(a.question, a.to)}
    needs = {name: _needs(action, useful, levels) for name, action in useful.items()}
    reachable = _reachable(useful, needs)
    if lost := [action for name, action in useful.items() if name in must and name not in reachable]:
        raise OutOfReach(lost[0], levels[lost[0].question])
    worth = _worth(definition, _counted(definition, answers, readiness), target, levels)
    steps = {name: _steps(useful[name], levels, worth) for name in useful}
    wanted = _with_needs({name for name in reachable if name in must or any(steps[name].values())}, needs)
    rates = {a.currency: rate * rate_to(definition, own_currency(definition), a.currency) for a in useful.values()}
    return {
        name: Candidate(
            action=action,
            factor=definition.questionnaire.factor_of[action.question].id,
            steps=steps[name],
            cost_low=cost_range(action, size, rates[action.currency])[0],
            cost_high=cost_range(action, size, rates[action.currency])[1],
            needs=needs[name],
            pull=goal_term(action.effects, goals),
        )
        for name, action in useful.items()
        if name in wanted and name in reachable
    }


def cost_range(action: Action, size: Size, rate: float) -> tuple[float, float]:
    """The cost for this size of firm; where it is not given, that of the next larger size, else of the largest."""
    larger = SIZES[SIZES.index(size) :]
    given = next((action.cost[s] for s in (*larger, *reversed(SIZES)) if s in action.cost), (0.0, 0.0))
    return given[0] * rate, given[1] * rate


def _level(question: Question, answers: Answers, readiness: Readiness) -> int:
    """Today's level; 0 where it is not known; the top where the question does not apply, as nothing is to be done."""
    if question.levels is None or question.id not in readiness.asked:
        return len(question.levels or ()) + 100
    level = level_of(question, answers.answers.get(question.id))
    return 0 if level is None else level


def _needs(action: Action, useful: Mapping[str, Action], levels: Mapping[str, int]) -> tuple[tuple[str, ...], ...]:
    """What has to be done first: what the library names, and one that leads up to the level it starts from."""
    named = tuple((name,) for name in action.requires if name in useful and name != action.id)
    if action.from_ <= levels[action.question]:
        return named
    ladder = tuple(
        other.id
        for other in useful.values()
        if other.question == action.question and other.from_ < action.from_ <= other.to and other.id != action.id
    )
    return named if len(ladder) == 1 and ladder in named else (*named, ladder)


def _reachable(useful: Mapping[str, Action], needs: Mapping[str, tuple[tuple[str, ...], ...]]) -> set[str]:
    """The actions whose needs can be met at all: no hole in the ladder below them."""
    found: set[str] = set()
    while True:
        more = {n for n in useful if n not in found and all(any(o in found for o in group) for group in needs[n])}
        if not more:
            return found
        found |= more


def _with_needs(names: set[str], needs: Mapping[str, tuple[tuple[str, ...], ...]]) -> set[str]:
    found: set[str] = set()
    queue = list(names)
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue.extend(other for group in needs[name] for other in group)
    return found


def _counted(definition: Definition, answers: Answers, readiness: Readiness) -> Answers:
    """The answers that the scores are made of: where the questionnaire leaves open questions out, so does this."""
    if definition.questionnaire.missing == "lowest":
        return answers
    is_open = (question for question in readiness.asked if readiness.questions[question] is None)
    return Answers(answers.profile, {**answers.answers, **dict.fromkeys(is_open, NOT_APPLICABLE)})


def _worth(
    definition: Definition, counted: Answers, target: Target, levels: Mapping[str, int]
) -> dict[tuple[str, int], float]:
    """(question, level) -> points of the overall score that reaching this level from the one below it adds."""
    questionnaire = definition.questionnaire
    shares, wanted = effective_weights(questionnaire, counted), wanted_scores(questionnaire, target)
    worth: dict[tuple[str, int], float] = {}
    for question in questionnaire.questions.values():
        if question.levels is None or level_of(question, counted.answers.get(question.id)) is None:
            continue
        scores = level_scores(questionnaire, question)
        last = _last_level(question, scores, target, wanted.get(question.id))
        for level in range(levels[question.id] + 1, min(last, len(scores) - 1) + 1):
            worth[question.id, level] = shares.get(question.id, 0.0) * (scores[level] - scores[level - 1])
    return {key: value for key, value in worth.items() if value > NOISE}


def _last_level(question: Question, scores: Sequence[float], target: Target, wanted: float | None) -> int:
    if question.id in target.levels:
        return target.levels[question.id]
    if wanted is not None:
        return next((level for level, score in enumerate(scores) if score >= wanted - NOISE), len(scores) - 1)
    return len(scores) - 1


def goal_term(effects: Iterable[Effect], goals: Sequence[Effect]) -> float:
    """1 + the part of the firm's goals that these effects serve; 1 without goals. Illustrative."""
    return 1.0 + (len(set(effects) & set(goals)) / len(set(goals)) if goals else 0.0)


def _steps(action: Action, levels: Mapping[str, int], worth: Mapping[tuple[str, int], float]) -> dict[int, float]:
    """The levels that the action newly reaches, each with its worth."""
    start = max(levels[action.question], action.from_)
    return {level: worth.get((action.question, level), 0.0) for level in range(start + 1, action.to + 1)}
