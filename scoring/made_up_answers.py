"""What made-up firms answer, wave by wave, and what an assessor would have found: levels, and scores by the evaluator.

A firm's level at a question is its strength, moved on by its pace, shifted by how far the firm is in that dimension and
how hard the question is, with noise. Firms see themselves otherwise than an assessor does: small ones and weak ones
above, strong ones below. All of it is invented; the scores are those that the questionnaire gives to the levels.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from questionnaires.schema import Questionnaire
from scoring.columns import DOES_NOT_APPLY, OPEN
from scoring.conditions import Stated
from scoring.evaluation import evaluate
from scoring.made_up_firms import MANUFACTURING, OWNERSHIPS, Land, MadeUpFirms
from scoring.plan import Plan, plan_of
from scoring.sheets import Sheet

Integers = NDArray[np.int64]
Array = NDArray[np.float64]
Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]

AT_ONCE = 8_192  # firms that are drawn and scored at once
VERIFIED = (0.01, 0.03, 0.08, 0.2)  # share of each size that is visited in a wave
SELF_BIAS = (0.35, 0.2, 0.05, 0.0)  # levels by which each size sees itself higher than an assessor
MODESTY, MODEST_FROM = 0.3, 2.0  # what each level beyond takes off it
NOT_KNOWN = 0.01  # share of answers that a firm does not know
DIMENSION_SPREAD, QUESTION_SPREAD, LEANING, NOISE, ASSESSORS_NOISE, OWN_VIEW = 0.35, 0.4, 0.35, 0.7, 0.25, 0.3
LADDER = 5.0  # the top of the ladder that strength is measured on


@dataclass(frozen=True, slots=True)
class Answered:
    """What some firms answered in one wave; a row a firm.

    Attributes:
        firms: their numbers.
        levels: a byte a question: the level, 254 does not apply, 255 not known.
        scores: overall, then the dimensions in the questionnaire's order; not-a-number is none.
    """

    firms: Integers
    levels: Bytes
    scores: Array


@dataclass(frozen=True, slots=True)
class Wave:
    """Some firms of one wave: what all said of themselves, and what assessors found of some."""

    own: Answered
    verified: Answered


def made_up_answers(
    questionnaire: Questionnaire, land: Land, firms: MadeUpFirms, wave: int, seed: int
) -> Iterator[Wave]:
    """The answers of a wave, some thousand firms at once: memory does not grow with their number.

    Questions without a ladder of levels are not answered.
    """
    drawing = _Drawing(plan_of(questionnaire), land, firms, seed)
    for start in range(0, firms.count, AT_ONCE):
        stop = min(start + AT_ONCE, firms.count)
        present = (firms.first[start:stop] <= wave) & (firms.last[start:stop] >= wave)
        if present.any():
            yield drawing.wave(start + np.flatnonzero(present), start, wave)


class _Drawing:
    def __init__(self, plan: Plan, land: Land, firms: MadeUpFirms, seed: int) -> None:
        self.plan, self.land, self.firms, self.seed = plan, land, firms, seed
        questions = plan.questions
        parents = [plan.questionnaire.dimension_of[q.id].id for q in questions]
        self.dimension = np.unique(parents, return_inverse=True)[1]
        random = np.random.default_rng([seed, 6])
        self.ease = random.normal(0, DIMENSION_SPREAD, self.dimension.max(initial=0) + 1)[self.dimension]
        self.ease = self.ease + random.normal(0, QUESTION_SPREAD, len(questions))
        self.tops = np.array([0 if q.levels is None else len(q.levels) - 1 for q in questions])
        self.open = np.array([q.levels is None for q in questions])
        self.first = np.array([d not in parents[:row] for row, d in enumerate(parents)])
        self.nodes = [0, *plan.node_rows.values()]

    def wave(self, at: Integers, start: int, wave: int) -> Wave:
        firms = self.firms
        lasting = np.random.default_rng([self.seed, 7, start])
        leaning = lasting.normal(0, LEANING, (AT_ONCE, self.dimension.max(initial=0) + 1))[at - start]
        random = np.random.default_rng([self.seed, 8, wave, start])
        strength = firms.strength[at] + wave * firms.pace[at]
        true = strength[:, np.newaxis] + leaning[:, self.dimension] + self.ease
        true += random.normal(0, NOISE, true.shape)
        bias = np.array(SELF_BIAS)[firms.size[at]] - MODESTY * np.maximum(strength - MODEST_FROM, 0)
        bias += lasting.normal(0, OWN_VIEW, AT_ONCE)[at - start]
        visited = random.random(len(at)) < np.array(VERIFIED)[firms.size[at]]
        found = true[visited] + random.normal(0, ASSESSORS_NOISE, (int(visited.sum()), true.shape[1]))
        not_known = random.random(true.shape) < NOT_KNOWN
        own = self._answered(at, true + bias[:, np.newaxis], not_known & ~self.first)
        return Wave(own, self._answered(at[visited], found, np.zeros(found.shape, dtype=np.bool_)))

    def _answered(self, at: Integers, wished: Array, not_known: Mask) -> Answered:
        if not len(at):
            return Answered(at, np.zeros(wished.shape, dtype=np.uint8), np.zeros((0, len(self.nodes))))
        levels = np.clip(np.round(wished * (self.tops / LADDER)), 0, self.tops)
        levels[not_known | self.open] = np.nan
        fields = self._fields(at)
        chosen = np.zeros((len(self.plan.names.option), len(at)), dtype=np.bool_)
        stated = Stated(np.ascontiguousarray(levels.T), fields, chosen)
        scores = evaluate(self.plan, Sheet(stated, np.zeros(levels.T.shape, dtype=np.bool_)))
        codes = np.where(scores.asked.T, np.where(np.isnan(levels), OPEN, levels), DOES_NOT_APPLY)
        return Answered(at, codes.astype(np.uint8), scores.score[self.nodes].T)

    def _fields(self, at: Integers) -> Array:
        """What is known of the firms, as far as the questionnaire's fields ask for it."""
        firms = self.firms
        makes = np.array([code.startswith(MANUFACTURING) for code in self.land.industries])[firms.industry[at]]
        sector = np.where(makes, "manufacturing", "services")
        known = {"sector": sector, "ownership": np.array(OWNERSHIPS)[firms.owner[at]]}
        rows = []
        for field in self.plan.questionnaire.fields:
            row = np.full(len(at), np.nan)
            if field.id == "employees" and field.number is not None:
                row = firms.employees[at].astype(np.float64)
            elif field.id in known and field.choices is not None:
                for index, choice in enumerate(field.choices):
                    row[known[field.id] == choice] = index
            rows.append(row)
        return np.array(rows, dtype=np.float64).reshape(-1, len(at))
