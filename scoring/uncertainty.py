"""How sure a readiness is: against missing answers, against the weights, against the aggregation rule."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from questionnaires.answers import Answers
from questionnaires.schema import Bin, Questionnaire, Rule
from scoring.evaluation import aggregate, asked_and_missing, evaluate, question_variants
from scoring.ladders import level_scores
from scoring.plan import Plan, plan_of
from scoring.readiness import answer_at, level_of, readiness_of, refuse_missing
from scoring.rounding import profile_rows, stored
from scoring.sheets import sheet_of

Array = NDArray[np.float64]
COMPARED: tuple[Rule, ...] = ("mean", "geometric", "minimum")


@dataclass(frozen=True, slots=True)
class WeightSensitivity:
    """The overall score when every weight may be wrong by `error` (0.2 = 20 %), over `draws` draws.

    `low`, `high` are the 5th and 95th percentile of the score; `labels` the share of draws per profile id.
    """

    error: float
    draws: int
    low: float
    high: float
    labels: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class RuleScore:
    """The overall score under one aggregation rule, used at every node."""

    rule: Rule
    score: float | None
    profile: Bin | None


@dataclass(frozen=True, slots=True)
class OneLevel:
    """The overall score if one answer were one level lower or higher; None where its ladder ends."""

    question: str
    lower: float | None
    higher: float | None


def weight_sensitivity(
    questionnaire: Questionnaire, answers: Answers, error: float = 0.2, draws: int = 2000, seed: int = 2008
) -> WeightSensitivity | None:
    """Score the same answers under weights that may each be wrong; None when there is no score at all.

    In every draw each weight of every question and dimension is multiplied by its own factor, uniform in
    [1 - error, 1 + error] and independent of the others; missing answers stay missing. Scores on the questionnaire's
    scale. The same seed gives the same draws. The method is Monte Carlo uncertainty analysis of a composite
    indicator: Saisana, Saltelli & Tarantola (2005), J. R. Stat. Soc. A 168(2); OECD/JRC Handbook (2008), step 7.

    Raises:
        ValueError: `error` is not between 0 and 1, or there is no draw.
        MissingAnswers: the policy is `refuse` and an asked question has no answer.
    """
    if not 0 <= error < 1 or draws < 1:
        raise ValueError("the error of a weight is from 0 to below 1, and there is at least one draw")
    plan = plan_of(questionnaire)
    sheet = sheet_of(plan, [answers])
    asked, missing = asked_and_missing(plan, sheet)
    refuse_missing(plan, missing, 0)
    rng = np.random.Generator(np.random.PCG64(seed))
    factors = rng.uniform(1 - error, 1 + error, (len(plan.questions) + len(plan.nodes), 1, draws))
    of_questions, of_nodes = np.split(factors, [len(plan.questions)])
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = question_variants(plan, sheet, asked, missing)[:, :1]
        weighed = plan.question_weights * of_questions, plan.node_weights * of_nodes
        overall = aggregate(plan, scores, *weighed)[0, 0]
    return None if np.isnan(overall).any() else _summed_up(plan, overall, error)


def rule_comparison(questionnaire: Questionnaire, answers: Answers) -> tuple[RuleScore, ...]:
    """The overall score if every node were a mean, a geometric mean, or the minimum of its children.

    Side by side because the rule moves far more firms to another profile than the weights do. Weights, missing-answer
    policy and rounding are the questionnaire's own.

    Raises:
        MissingAnswers: the policy is `refuse` and an asked question has no answer.
    """
    return tuple(_under(rule, questionnaire, answers) for rule in COMPARED)


def one_level(questionnaire: Questionnaire, answers: Answers) -> tuple[OneLevel, ...]:
    """What each answer given on a ladder, as options or by points or bands would move the overall score by one level.

    One at a time, all others as they are; questions in the order of the file. A changed answer may change which
    other questions apply.
    """
    plan = plan_of(questionnaire)
    standing = [(q, level_of(q, answers.answers.get(q.id))) for q in plan.questions]
    steps = [
        (question, level + step)
        for question, level in standing
        if level is not None
        for step in (-1, 1)
        if 0 <= level + step < len(level_scores(questionnaire, question))
    ]
    firms = [_with(answers, q.id, answer_at(q, answers.answers.get(q.id), level)) for q, level in steps]
    moved = evaluate(plan, sheet_of(plan, firms)).score[0].tolist() if firms else []
    found = {(q.id, level): score for (q, level), score in zip(steps, moved, strict=True)}
    return tuple(
        OneLevel(q.id, found.get((q.id, level - 1)), found.get((q.id, level + 1)))
        for q, level in standing
        if level is not None
    )


def _with(answers: Answers, question: str, value: object) -> Answers:
    return Answers(answers.profile, {**answers.answers, question: value})  # type: ignore[dict-item]


def _under(rule: Rule, questionnaire: Questionnaire, answers: Answers) -> RuleScore:
    plan = plan_of(questionnaire, rule)
    scores = evaluate(plan, sheet_of(plan, [answers]))
    refuse_missing(plan, scores.missing, 0)
    found = readiness_of(plan, scores, 0)
    return RuleScore(rule, found.overall.score, found.profile)


def _summed_up(plan: Plan, overall: Array, error: float) -> WeightSensitivity:
    questionnaire = plan.questionnaire
    scores = stored(overall, questionnaire.round)
    rows = profile_rows(questionnaire.profiles, plan.scale, scores)
    shares = np.bincount(rows, minlength=len(questionnaire.profiles.bins)) / len(scores)
    low, high = stored(np.percentile(overall, [5, 95]), questionnaire.round).tolist()
    labels = {b.id: share for b, share in zip(questionnaire.profiles.bins, shares.tolist(), strict=True)}
    return WeightSensitivity(error, len(scores), low, high, labels)
