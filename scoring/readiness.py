"""Answers become scores: of every question, of every dimension, and overall, each with its interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from questionnaires.answers import Answers, AnswerValue
from questionnaires.problems import Refused
from questionnaires.schema import Bin, Question, Questionnaire
from scoring.evaluation import Scores, asked_and_missing, child_weights, coverages, evaluate
from scoring.ladders import level_scores, steps
from scoring.plan import Plan, plan_of
from scoring.sheets import answer_level, sheet_of

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class NodeScore:
    """The score of a dimension or of the whole, on the questionnaire's scale.

    `low` and `high` are the score with every missing answer at the scale's end that hurts or helps most;
    `coverage` is the weight answered over the weight asked (0 to 1). All but coverage are None without a score.
    """

    score: float | None
    low: float | None
    high: float | None
    coverage: float


@dataclass(frozen=True, slots=True)
class Readiness:
    """All scores of one assessment. `asked` holds the questions that apply to this firm.

    They apply by their condition, and the firm did not answer "not applicable".
    """

    questionnaire: str
    version: str
    overall: NodeScore
    profile: Bin | None
    nodes: Mapping[str, NodeScore]
    questions: Mapping[str, float | None]
    asked: frozenset[str]


class MissingAnswers(Refused):
    """The questionnaire scores only complete answers (`missing: refuse`); `questions` lists the ids without one."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self.questions = tuple(question.id for question in questions)
        named = ", ".join(self.questions[:8])
        more = f" and {len(questions) - 8} more" if len(questions) > 8 else ""
        super().__init__(f"This questionnaire is scored once every question is answered; still open: {named}{more}.")


def readiness(questionnaire: Questionnaire, answers: Answers) -> Readiness:
    """Score one firm's answers, checked at the border, with every rule of the questionnaire.

    A question's score comes from its ladder, a dimension's from its children by its rule, on the questionnaire's scale.
    Missing (absent or "unknown") answers follow its `missing` policy: left out with the other weights renormalised,
    the lowest score, or refused. "not_applicable" and questions that do not apply are always left out. Only what is
    stored is rounded: dimensions are computed from unrounded children, the profile from the stored score.
    The interval takes the questions that apply as they are: what a missing answer would open or close is not foreseen.

    Raises:
        MissingAnswers: the policy is `refuse` and an asked question has no answer.
    """
    plan = plan_of(questionnaire)
    scores = evaluate(plan, sheet_of(plan, [answers]))
    refuse_missing(plan, scores.missing, 0)
    return readiness_of(plan, scores, 0)


def score_with(questionnaire: Questionnaire, answers: Answers, levels: Mapping[str, int]) -> Readiness:
    """What the readiness would be if these questions were at these levels, all other answers as they are.

    A level is the index into `level_scores`: of the ladder, the number of options chosen, or the point or band.

    Raises:
        ValueError: a question has no such level.
    """
    for key, level in levels.items():
        if not 0 <= level < len(level_scores(questionnaire, questionnaire.questions[key])):
            raise ValueError(f"the question {key} has no level {level}")
    changed = {key: answer_at(questionnaire.questions[key], answers.answers.get(key), n) for key, n in levels.items()}
    return readiness(questionnaire, Answers(answers.profile, {**answers.answers, **changed}))


def level_of(question: Question, value: AnswerValue | None) -> int | None:
    """The level (index into `level_scores`) an answer stands at; None without a usable answer or without levels."""
    level = answer_level(value)
    if np.isnan(level):
        return None
    if question.number is None:
        return int(level)
    froms = [start for start, _ in steps(question)]
    return max(sum(start <= level for start in froms) - 1, 0) if froms else None


def answer_at(question: Question, value: AnswerValue | None, level: int) -> AnswerValue:
    """The answer that stands at a level of a question; options already chosen stay chosen."""
    if question.options is not None:
        already = value if isinstance(value, tuple) else ()
        rest = tuple(option for option in question.options.of if option not in already)
        return (already + rest)[:level]
    return level if question.levels is not None else steps(question)[level][0]


def effective_weights(questionnaire: Questionnaire, answers: Answers) -> Mapping[str, float]:
    """The share of each asked question in the overall score if every dimension were a weighted mean.

    The product of the weights on the way up, at each node over the weights of what is asked there; answered or not.
    Shares are 0 to 1 and sum to 1 over the asked questions with weight; one of weight 0 has the share 0.
    """
    plan = plan_of(questionnaire)
    asked, missing = asked_and_missing(plan, sheet_of(plan, [answers]))
    with np.errstate(divide="ignore", invalid="ignore"):
        anything = coverages(plan, asked, missing)[1]
    of_nodes, of_questions = np.zeros(len(plan.nodes)), np.zeros(len(plan.questions))
    of_nodes[0] = 1.0
    for row, node in enumerate(plan.nodes):
        if anything[row, 0]:
            weights = child_weights(plan, node, asked, anything)[:, 0]
            shares = of_questions if node.of_questions else of_nodes
            shares[node.children] = of_nodes[row] * weights / weights.sum()
    return {q.id: float(of_questions[row]) for row, q in enumerate(plan.questions) if asked[row, 0]}


def refuse_missing(plan: Plan, missing: Mask, firm: int) -> None:
    """Refuse a firm that left a question open where the questionnaire allows none."""
    if plan.questionnaire.missing == "refuse" and missing[:, firm].any():
        raise MissingAnswers([plan.questions[row] for row in np.flatnonzero(missing[:, firm])])


def readiness_of(plan: Plan, scores: Scores, firm: int) -> Readiness:
    """One firm's column of the scores, by the names of the questionnaire."""
    columns = [c[:, firm].tolist() for c in (scores.score, scores.low, scores.high, scores.coverage)]
    nodes = [NodeScore(_or_none(s), _or_none(lo), _or_none(hi), c) for s, lo, hi, c in zip(*columns, strict=True)]
    row = int(scores.profile[firm])
    return Readiness(
        plan.questionnaire.id,
        plan.questionnaire.version,
        nodes[0],
        None if row < 0 else plan.questionnaire.profiles.bins[row],
        {name: nodes[row] for name, row in plan.node_rows.items()},
        dict(zip(plan.names.question, map(_or_none, scores.questions[:, firm].tolist()), strict=True)),
        frozenset(q.id for q, asked in zip(plan.questions, scores.asked[:, firm].tolist(), strict=True) if asked),
    )


def _or_none(score: float) -> float | None:
    return None if score != score else score
