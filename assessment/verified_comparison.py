"""Self against verified: at one firm by dimension, and over a programme as bias, spread, trend and agreement."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from assessment.firm_profile import facts_of
from assessment.outcomes import size_of
from assessment.snapshots import readiness_from_json
from assessment.tables import Assessment, Firm, Programme, ProgrammeCase
from questionnaires.schema import Questionnaire
from scoring import verification_bias
from scoring.readiness import NodeScore, Readiness
from scoring.verification_bias import Agreement, Bias, Grouped, Trend

OVERALL = ""
Floats = NDArray[np.float64]


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


@dataclass(frozen=True)  # no slots: arrays are held
class Pairs:
    """Each verified firm's two scores by dimension ("" is overall), with its size and section, and levels counted."""

    sizes: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    said: Mapping[str, Floats] = field(default_factory=dict)
    found: Mapping[str, Floats] = field(default_factory=dict)
    levels: NDArray[np.int64] = field(default_factory=lambda: np.zeros((1, 1), np.int64))

    @property
    def n(self) -> int:
        return len(self.sizes)

    def differences(self, dimension: str = OVERALL) -> Floats:
        return np.asarray(self.found[dimension] - self.said[dimension])


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
    inside = _questions_of(questionnaire)

    def pair(id: str, own: NodeScore, other: NodeScore, questions: Collection[str]) -> DimensionPair:
        seen = [q for q in questions if q in verified]
        moves = [_move(said.questions.get(q), found.questions.get(q)) for q in seen]
        asked = sum(q in found.asked for q in questions)
        return DimensionPair(id, own, other, asked, len(seen), moves.count(1), moves.count(-1))

    return CaseComparison(
        pair(OVERALL, said.overall, found.overall, questionnaire.questions),
        tuple(pair(id, said.nodes[id], found.nodes[id], inside[id]) for id in inside if id in said.nodes),
    )


def _questions_of(questionnaire: Questionnaire) -> dict[str, frozenset[str]]:
    """The questions of each dimension with those below it."""
    return {d.id: frozenset(q.id for each in d.walk() for q in each.questions) for d in questionnaire.walk()}


def _move(said: float | None, found: float | None) -> int:
    if said is None or found is None or abs(found - said) < 1e-9:
        return 0
    return 1 if found > said else -1


def pairs_of(session: Session, programme: Programme, questionnaire: Questionnaire) -> Pairs:
    """Both scores of every firm of a programme whose findings are handed in and not sent back."""
    own, found = aliased(Assessment), aliased(Assessment)
    query = (
        select(Firm, own.scores, own.frozen, found.scores, found.frozen)
        .select_from(ProgrammeCase)
        .join(Firm, Firm.id == ProgrammeCase.firm_id)
        .join(found, found.id == ProgrammeCase.verification_id)
        .join(own, own.id == found.verifies_id)
        .where(ProgrammeCase.programme_id == programme.id, ProgrammeCase.handed_in_at.is_not(None))
        .where(found.scores.is_not(None), own.scores.is_not(None))
        .order_by(ProgrammeCase.id)
    )
    inside = {OVERALL: frozenset(questionnaire.questions), **_questions_of(questionnaire)}
    dimensions = list(inside)
    ladders = [q.id for q in questionnaire.questions.values() if q.levels]
    height = max((len(questionnaire.questions[q].levels or ()) for q in ladders), default=1)
    levels = np.zeros((height, height), np.int64)
    sizes, sections = [], []
    scores: dict[str, list[list[float]]] = {"said": [], "found": []}
    for firm, own_scores, own_frozen, found_scores, found_frozen in session.execute(query).yield_per(200):
        sizes.append(size_of(programme.size_scheme, facts_of(firm)))
        sections.append(firm.isic_section)
        scores["said"].append([_score(own_scores, d) for d in dimensions])
        verified = inside[OVERALL].intersection(found_frozen["verified"])
        # Where nothing was verified the firm's word stands: that is no difference of nothing, but none.
        scores["found"].append([_score(found_scores, d) if verified & inside[d] else float("nan") for d in dimensions])
        _count(levels, ladders, own_frozen["answers"], found_frozen)
    both = {name: np.array(rows, float).reshape(len(rows), len(dimensions)) for name, rows in scores.items()}
    return Pairs(
        tuple(sizes),
        tuple(sections),
        {d: both["said"][:, column] for column, d in enumerate(dimensions)},
        {d: both["found"][:, column] for column, d in enumerate(dimensions)},
        levels,
    )


def _score(scores: Mapping[str, Any], dimension: str) -> float:
    node = scores["overall"] if dimension == OVERALL else scores["nodes"].get(dimension)
    return float("nan") if node is None or node["score"] is None else float(node["score"])


def _count(
    levels: NDArray[np.int64], ladders: Collection[str], own: Mapping[str, Any], found: Mapping[str, Any]
) -> None:
    verified = set(found["verified"])
    for q in ladders:
        said, other = own.get(q), found["answers"].get(q)
        if q in verified and type(said) is int and type(other) is int:
            levels[said, other] += 1


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
