"""Self against verified: at one firm by dimension, and over a programme as bias, spread, trend and agreement."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.snapshots import readiness_from_json
from assessment.tables import Assessment, Programme, ProgrammeCase
from assessment.verified_pairs import OVERALL, Pairs, questions_of
from questionnaires.schema import Questionnaire
from scoring import verification_bias
from scoring.readiness import NodeScore, Readiness
from scoring.verification_bias import Agreement, Bias, Grouped, Trend


@dataclass(frozen=True, slots=True)
class DimensionPair:
    """One dimension, or all with the id "": both scores, how much of it was verified, and what that moved."""

    dimension: str
    said: NodeScore
    found: NodeScore
    asked: int  # questions that apply
    verified: int
    up: int  # verified questions on which the assessor found more than the firm had said
    down: int

    @property
    def difference(self) -> float | None:
        if self.said.score is None or self.found.score is None:
            return None
        return self.found.score - self.said.score


@dataclass(frozen=True, slots=True)
class CaseComparison:
    """What an assessor's findings change at one firm."""

    overall: DimensionPair
    dimensions: tuple[DimensionPair, ...]


@dataclass(frozen=True, slots=True)
class DimensionBias:
    """One dimension over a programme, or all with the id ""; None for fewer firms than the programme's threshold."""

    dimension: str
    bias: Bias | None


@dataclass(frozen=True, slots=True)
class ProgrammeComparison:
    """Self against verified over the firms of a programme whose findings are handed in."""

    n: int
    threshold: int
    overall: DimensionBias
    dimensions: tuple[DimensionBias, ...]
    sizes: Grouped
    sections: Grouped
    trend: Trend | None
    agreement: Agreement | None


def of_case(session: Session, case: ProgrammeCase, questionnaire: Questionnaire) -> CaseComparison | None:
    """The comparison at one firm; None until findings are handed in."""
    found = session.get(Assessment, case.verification_id) if case.verification_id is not None else None
    if found is None or found.frozen is None or found.scores is None:
        return None
    said = session.scalar(select(Assessment.scores).where(Assessment.id == found.verifies_id))
    if said is None:
        return None
    own, other = readiness_from_json(said, questionnaire), readiness_from_json(found.scores, questionnaire)
    return compare(questionnaire, own, other, found.frozen["verified"])


def compare(
    questionnaire: Questionnaire, said: Readiness, found: Readiness, verified: Collection[str]
) -> CaseComparison:
    """Two readinesses of one firm by the same questionnaire."""
    inside = questions_of(questionnaire)

    def pair(id: str, own: NodeScore, other: NodeScore, questions: Collection[str]) -> DimensionPair:
        seen = [q for q in questions if q in verified]
        moves = [_move(said.questions.get(q), found.questions.get(q)) for q in seen]
        asked = sum(q in found.asked for q in questions)
        return DimensionPair(id, own, other, asked, len(seen), moves.count(1), moves.count(-1))

    return CaseComparison(
        pair(OVERALL, said.overall, found.overall, questionnaire.questions),
        tuple(pair(id, said.nodes[id], found.nodes[id], inside[id]) for id in inside if id in said.nodes),
    )


def _move(said: float | None, found: float | None) -> int:
    if said is None or found is None or abs(found - said) < 1e-9:
        return 0
    return 1 if found > said else -1


def over(pairs: Pairs, programme: Programme, questionnaire: Questionnaire) -> ProgrammeComparison:
    """What the pairs come to, with nothing told of fewer firms than the programme's threshold."""
    least = programme.threshold

    def told(dimension: str) -> DimensionBias:
        values = pairs.differences(dimension) if pairs.n else np.zeros(0)
        n = int((~np.isnan(values)).sum())
        return DimensionBias(dimension, verification_bias.bias(values) if n >= least else None)

    differences = pairs.differences() if pairs.n else np.zeros(0)
    is_enough = int((~np.isnan(differences)).sum()) >= least
    return ProgrammeComparison(
        n=pairs.n,
        threshold=least,
        overall=told(OVERALL),
        dimensions=tuple(told(d.id) for d in questionnaire.walk()),
        sizes=verification_bias.grouped(differences, pairs.sizes, least),
        sections=verification_bias.grouped(differences, pairs.sections, least),
        trend=verification_bias.trend(pairs.said[OVERALL], pairs.found[OVERALL]) if is_enough else None,
        agreement=verification_bias.agreement(pairs.levels) if is_enough else None,
    )
