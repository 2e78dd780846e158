"""Where the firm stands against its target, question by question."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from questionnaires.answers import Answers
from questionnaires.problems import Refused
from questionnaires.schema import Question, Questionnaire
from scoring.ladders import level_scores
from scoring.readiness import Readiness, effective_weights, level_of

NOISE = 1e-9  # points of the scale; what floating point may add to a score


@dataclass(frozen=True, slots=True)
class Target:
    """What the firm wants to reach: a choice per question, a programme's score per dimension, or the next level.

    For a question the first that is given counts: `levels` (level index), then the `scores` of the nearest
    dimension above it, then the next level of its own ladder.
    """

    levels: Mapping[str, int] = field(default_factory=dict)
    scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gap:
    """One question's distance to its target. Scores on the questionnaire's scale.

    `weight` is the question's share in the overall score (0 to 1, all asked questions sum to 1).
    """

    question: str
    dimension: str
    factor: str
    level: int
    target_level: int
    score: float
    target: float
    weight: float

    @property
    def size(self) -> float:
        """Target less score, in points of the scale."""
        return self.target - self.score


class ImpossibleTarget(Refused):
    """A target names something that the questionnaire does not have, or that is off its scale."""


def gaps(questionnaire: Questionnaire, answers: Answers, readiness: Readiness, target: Target) -> tuple[Gap, ...]:
    """Every question below its target, the largest weighted gap first; ties stay in the order of the file.

    Only questions with a ladder of levels that are asked and answered have a gap: what is unknown is no gap but a
    hole in the coverage (see `unanswered`). A target is never below today's level.

    Raises:
        ImpossibleTarget: the target names a question, level, score or dimension that there is not.
    """
    answered = {q.id: level_of(q, answers.answers.get(q.id)) for q in questionnaire.questions.values()}
    levels = {q: level for q, level in answered.items() if level is not None and q in readiness.asked}
    return gaps_of_levels(questionnaire, levels, effective_weights(questionnaire, answers), target)


def gaps_of_levels(
    questionnaire: Questionnaire, levels: Mapping[str, int], weights: Mapping[str, float], target: Target
) -> tuple[Gap, ...]:
    """The same for levels that are known already, whoever stands on them: a firm, or a room that answers for many.

    Raises:
        ImpossibleTarget: the target names a question, level, score or dimension that there is not.
    """
    check_target(questionnaire, target)
    wanted = wanted_scores(questionnaire, target)
    found: list[Gap] = []
    for question in questionnaire.questions.values():
        level = levels.get(question.id)
        if question.levels is None or level is None:
            continue
        scores = level_scores(questionnaire, question)
        target_level = _target_level(question, level, scores, target, wanted.get(question.id))
        if scores[target_level] - scores[level] > NOISE:
            dimension, factor = questionnaire.dimension_of[question.id].id, questionnaire.factor_of[question.id].id
            weight = weights.get(question.id, 0.0)
            found.append(
                Gap(question.id, dimension, factor, level, target_level, scores[level], scores[target_level], weight)
            )
    return tuple(sorted(found, key=lambda gap: -round(gap.size * gap.weight, 12)))


def unanswered(questionnaire: Questionnaire, readiness: Readiness) -> tuple[str, ...]:
    """The questions that apply to the firm and have no score, in the order of the file."""
    return tuple(q for q in questionnaire.questions if q in readiness.asked and readiness.questions[q] is None)


def check_target(questionnaire: Questionnaire, target: Target) -> None:
    """Refuse a target that names what the questionnaire does not have, or a level or score off its scale."""
    for name, level in target.levels.items():
        question = questionnaire.questions.get(name)
        if question is None or question.levels is None:
            raise ImpossibleTarget(f"The target names {name!r}, which is no question with levels here.")
        if not 0 <= level < len(question.levels):
            highest = len(question.levels) - 1
            raise ImpossibleTarget(f"The target for {name!r} is level {level}; choose one from 0 to {highest}.")
    if unknown := sorted(set(target.scores) - set(questionnaire.nodes)):
        raise ImpossibleTarget(f"The target names {unknown[0]!r}, which is no dimension here.")
    scale = questionnaire.scale
    for name, score in target.scores.items():
        if not scale.min <= score <= scale.max:
            raise ImpossibleTarget(
                f"The target for {name!r} is {score:g}; scores go from {scale.min:g} to {scale.max:g} here."
            )


def wanted_scores(questionnaire: Questionnaire, target: Target) -> dict[str, float]:
    """The wanted score of each question from the nearest dimension above it that has one."""
    wanted: dict[str, float] = {}
    for dimension in questionnaire.walk():  # parents first, so that the nearest writes last
        if dimension.id in target.scores:
            below = (question.id for node in dimension.walk() for question in node.questions)
            wanted.update(dict.fromkeys(below, target.scores[dimension.id]))
    return wanted


def _target_level(
    question: Question, level: int, scores: tuple[float, ...], target: Target, wanted: float | None
) -> int:
    if question.id in target.levels:
        return max(level, target.levels[question.id])
    if wanted is not None:
        reaching = (step for step, score in enumerate(scores) if score >= wanted - NOISE)
        return max(level, next(reaching, len(scores) - 1))
    return min(level + 1, len(scores) - 1)
