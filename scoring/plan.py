"""A questionnaire, compiled once: which rows of an array are its questions, nodes and weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from questionnaires.schema import Dimension, Question, Questionnaire, Rule, Scale
from scoring.aggregation import GateLevel
from scoring.conditions import Names, order_of_asking, watched_options
from scoring.ladders import ladder

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Node:
    """One node of the tree; its children are the rows first to last (excluded) of the questions or of the nodes."""

    rule: Rule
    of_questions: bool
    first: int
    last: int
    gate: tuple[GateLevel, ...] = ()

    @property
    def children(self) -> slice:
        return slice(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Plan:
    """What scoring needs of a questionnaire, row by row.

    Question rows are in the order of the file. Node rows are the whole first, then level by level, so that the
    children of one node are neighbours; `node_rows` names them in the order of the file.
    Weight columns have the shape (rows, 1, 1): rows, variants, firms.
    """

    questionnaire: Questionnaire
    questions: tuple[Question, ...]
    names: Names
    order: tuple[str, ...]
    ladder_rows: NDArray[np.intp]
    ladders: Array
    number_rows: tuple[int, ...]
    nodes: tuple[Node, ...]
    node_rows: Mapping[str, int]
    question_weights: Array
    node_weights: Array
    met_at: Array

    @property
    def scale(self) -> Scale:
        return self.questionnaire.scale


class Same:
    """A questionnaire as a key: the same object, however large it is to compare."""

    __slots__ = ("questionnaire",)

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire

    def __hash__(self) -> int:
        return id(self.questionnaire)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.questionnaire is other.questionnaire


def plan_of(questionnaire: Questionnaire, rule: Rule | None = None) -> Plan:
    """The plan of a questionnaire, made once; with `rule`, as if every node were aggregated by that rule."""
    return _plan(Same(questionnaire), rule)


@lru_cache(maxsize=128)
def _plan(key: Same, rule: Rule | None) -> Plan:
    questionnaire = key.questionnaire
    questions = tuple(questionnaire.questions.values())
    names = Names(
        {question.id: row for row, question in enumerate(questions)},
        {field.id: row for row, field in enumerate(questionnaire.fields)},
        {pair: row for row, pair in enumerate(watched_options(questionnaire))},
    )
    with_ladder = [row for row, question in enumerate(questions) if question.number is None]
    nodes, ids, node_weights = _nodes(questionnaire, names.question, rule)
    return Plan(
        questionnaire,
        questions,
        names,
        order_of_asking(questionnaire),
        np.array(with_ladder, dtype=np.intp),
        _padded([ladder(questions[row], questionnaire.scale) for row in with_ladder]),
        tuple(row for row, question in enumerate(questions) if question.number is not None),
        nodes,
        {dimension.id: ids[dimension.id] for dimension in questionnaire.walk()},
        _column([_question_weight(questionnaire, question, rule) for question in questions]),
        _column(node_weights),
        _column([questionnaire.scale.max if q.met_at is None else q.met_at for q in questions]),
    )


def _nodes(
    questionnaire: Questionnaire, question_row: Mapping[str, int], rule: Rule | None
) -> tuple[tuple[Node, ...], dict[str, int], list[float]]:
    """Every node, the whole first and then level by level, with the row of each id and each node's weight."""
    whole = Node(rule or questionnaire.aggregate, False, 1, 1 + len(questionnaire.dimensions))
    nodes, weights = [whole], [1.0]
    queue = list(questionnaire.dimensions)
    ids: dict[str, int] = {}
    for row, dimension in enumerate(queue, 1):  # the queue grows while it is walked
        ids[dimension.id] = row
        weights.append(dimension.weight)
        node_rule = rule or questionnaire.rule_of(dimension)
        if dimension.dimensions:
            first = 1 + len(queue)
            queue.extend(dimension.dimensions)
            nodes.append(Node(node_rule, False, first, first + len(dimension.dimensions)))
        else:
            first = question_row[dimension.questions[0].id] if dimension.questions else 0
            gates = _gate_levels(dimension) if node_rule == "gate" else ()
            nodes.append(Node(node_rule, True, first, first + len(dimension.questions), gates))
    return tuple(nodes), ids, weights


def _gate_levels(dimension: Dimension) -> tuple[GateLevel, ...]:
    """The levels of a gate, lowest first, each with its criteria; a question of weight 0 is none."""
    values = sorted({q.gate for q in dimension.questions if q.gate is not None and q.weight > 0})
    return tuple(
        GateLevel(v, tuple(i for i, q in enumerate(dimension.questions) if q.gate == v and q.weight > 0))
        for v in values
    )


def _question_weight(questionnaire: Questionnaire, question: Question, rule: Rule | None) -> float:
    """A question's weight; one that names no gate level does not count in a gate."""
    node_rule = rule or questionnaire.rule_of(questionnaire.dimension_of[question.id])
    return 0.0 if node_rule == "gate" and question.gate is None else question.weight


def _padded(ladders: list[tuple[float, ...]]) -> Array:
    table = np.full((len(ladders), max((len(scores) for scores in ladders), default=1)), np.nan)
    for row, scores in enumerate(ladders):
        table[row, : len(scores)] = scores
    return table


def _column(values: list[float]) -> Array:
    return np.array(values, dtype=np.float64).reshape(-1, 1, 1)
