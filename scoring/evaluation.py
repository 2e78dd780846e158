"""The one evaluator: a sheet of answers goes in, every score of every firm on it comes out.

One firm is a sheet of one column. Every step works element by element or adds children one after the other, so a
firm's scores do not depend, to the last bit, on who else is on its sheet.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.aggregation import AGGREGATES, gate, in_order
from scoring.conditions import applies
from scoring.ladders import number_scores
from scoring.plan import Node, Plan
from scoring.rounding import profile_rows, stored
from scoring.sheets import Sheet

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scores:
    """Stored scores of n firms: rows are the plan's questions or nodes, columns firms; not-a-number is no score.

    `profile` is the index of the bin, -1 for none. `missing` marks asked questions without a usable answer.
    """

    asked: Mask
    missing: Mask
    questions: Array
    score: Array
    low: Array
    high: Array
    coverage: Array
    profile: NDArray[np.intp]


def evaluate(plan: Plan, sheet: Sheet) -> Scores:
    """Score every firm on a sheet. `missing: refuse` is the caller's to enforce, by `missing`."""
    asked, missing = asked_and_missing(plan, sheet)
    with np.errstate(divide="ignore", invalid="ignore"):  # 0 / 0 is how "no score" comes about
        variants = question_variants(plan, sheet, asked, missing)
        nodes = aggregate(plan, variants, plan.question_weights, plan.node_weights)
        coverage = coverages(plan, asked, missing)[0]
    decimals = plan.questionnaire.round
    score = nodes[:, 0]
    low, high = (nodes[:, 1], nodes[:, 2]) if variants.shape[1] == 3 else (score, score)
    score_stored = stored(score, decimals)
    return Scores(
        asked,
        missing,
        stored(variants[:, 0], decimals),
        score_stored,
        stored(np.minimum(low, score), decimals),  # with a score that is not a number, so are its bounds
        stored(np.maximum(high, score), decimals),
        coverage,
        profile_rows(plan.questionnaire.profiles, plan.scale, score_stored[0]),
    )


def asked_and_missing(plan: Plan, sheet: Sheet) -> tuple[Mask, Mask]:
    """Which questions each firm is asked, and which of these lack an answer; both (questions, firms).

    Asked is what applies by condition and is not answered "not applicable".
    """
    asked = applies(plan.questionnaire, plan.order, plan.names, sheet.stated) & ~sheet.not_applicable
    return asked, asked & np.isnan(sheet.stated.levels)


def question_variants(plan: Plan, sheet: Sheet, asked: Mask, missing: Mask) -> Array:
    """The score of each question: (questions, variants, firms); variants are as is, lowest, highest.

    Lowest and highest give every missing answer the end of the scale; without any missing answer on the sheet
    there is one variant. What is not asked has no score.
    """
    points = np.where(asked, question_points(plan, sheet.stated.levels), np.nan)
    as_is = np.where(missing, plan.scale.min, points) if plan.questionnaire.missing == "lowest" else points
    if not missing.any():
        return as_is[:, np.newaxis]
    low, high = np.where(missing, plan.scale.min, points), np.where(missing, plan.scale.max, points)
    return np.stack([as_is, low, high], axis=1)


def question_points(plan: Plan, levels: Array) -> Array:
    """The score of each answer, (questions, firms), on the scale; not-a-number without an answer."""
    points = np.full(levels.shape, np.nan)
    if len(plan.ladder_rows):
        on_ladder = levels[plan.ladder_rows]
        steps = np.where(np.isnan(on_ladder), 0, on_ladder).astype(np.intp)
        scores = plan.ladders[np.arange(len(plan.ladder_rows))[:, np.newaxis], steps]
        points[plan.ladder_rows] = np.where(np.isnan(on_ladder), np.nan, scores)
    for row in plan.number_rows:
        number = plan.questions[row].number
        if number is not None:
            points[row] = number_scores(number, plan.scale, levels[row])
    return points


def aggregate(plan: Plan, questions: Array, question_weights: Array, node_weights: Array) -> Array:
    """The score of each node, (nodes, variants, firms), from those of the questions and the weights of both."""
    firms = np.broadcast_shapes(questions.shape[2:], question_weights.shape[2:])
    nodes = np.full((len(plan.nodes), questions.shape[1], *firms), np.nan)
    for row in reversed(range(len(plan.nodes))):  # children come after their parents
        node = plan.nodes[row]
        if node.first == node.last:
            continue
        children = (questions if node.of_questions else nodes)[node.children]
        if node.of_questions and node.rule == "gate":
            nodes[row] = gate(children, plan.met_at[node.children], node.gate, plan.scale)
        else:
            weights = (question_weights if node.of_questions else node_weights)[node.children]
            nodes[row] = AGGREGATES[node.rule](children, weights, plan.scale)
    return nodes


def coverages(plan: Plan, asked: Mask, missing: Mask) -> tuple[Array, Mask]:
    """The coverage of each node (0 to 1) and whether anything that counts is asked in it; both (nodes, firms).

    Weight answered over weight asked, from the questions up: sum(w * coverage) / sum(w) over the children in which
    something of positive weight is asked; 0 where nothing is.
    """
    answered = np.where(missing, 0.0, 1.0)
    covered = np.zeros((len(plan.nodes), asked.shape[1]))
    anything = np.zeros(covered.shape, dtype=np.bool_)
    for row in reversed(range(len(plan.nodes))):
        node = plan.nodes[row]
        if node.first == node.last:
            continue
        weights = child_weights(plan, node, asked, anything)
        whole = in_order(weights)
        shares = (answered if node.of_questions else covered)[node.children]
        anything[row] = whole > 0
        covered[row] = np.where(anything[row], in_order(weights * shares) / whole, 0.0)
    return covered, anything


def child_weights(plan: Plan, node: Node, asked: Mask, anything: Mask) -> Array:
    """The weights of a node's children, (children, firms); 0 where nothing that counts is asked."""
    if node.of_questions:
        return np.where(asked[node.children], plan.question_weights[node.children, 0], 0.0)
    return np.where(anything[node.children], plan.node_weights[node.children, 0], 0.0)
