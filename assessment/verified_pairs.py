"""Both scores of every firm of a programme that was verified: what bias, spread and estimates are learned from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from assessment.firm_profile import facts_of
from assessment.outcomes import NO_SCORE, size_of, step
from assessment.tables import Assessment, Firm, Outcome, Programme, ProgrammeCase
from questionnaires.schema import Questionnaire

OVERALL = ""
Floats = NDArray[np.float64]


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


def questions_of(questionnaire: Questionnaire) -> dict[str, frozenset[str]]:
    """The questions of each dimension with those below it."""
    return {d.id: frozenset(q.id for each in d.walk() for q in each.questions) for d in questionnaire.walk()}


def pairs_of(session: Session, programme: Programme, questionnaire: Questionnaire) -> Pairs:
    """Both scores of every firm of a programme whose findings are handed in and not sent back.

    Where only outcomes are kept of them, as in a made-up country, all their answers count as verified.
    """
    answered = _answered(session, programme, questionnaire)
    kept = _kept(session, programme, questionnaire)
    if not kept.n:
        return answered
    return Pairs(
        answered.sizes + kept.sizes,
        answered.sections + kept.sections,
        {d: np.concatenate([answered.said[d], kept.said[d]]) for d in kept.said},
        {d: np.concatenate([answered.found[d], kept.found[d]]) for d in kept.found},
        answered.levels + kept.levels,
    )


def _answered(session: Session, programme: Programme, questionnaire: Questionnaire) -> Pairs:
    own, found = aliased(Assessment), aliased(Assessment)
    # Of long documents only what is needed leaves the database.
    documents = [each.scores[part] for each in (own, found) for part in ("overall", "nodes")]
    answers = own.frozen["answers"], found.frozen["answers"], found.frozen["verified"]
    query = (
        select(Firm, *documents, *answers)
        .select_from(ProgrammeCase)
        .join(Firm, Firm.id == ProgrammeCase.firm_id)
        .join(found, found.id == ProgrammeCase.verification_id)
        .join(own, own.id == found.verifies_id)
        .where(ProgrammeCase.programme_id == programme.id, ProgrammeCase.handed_in_at.is_not(None))
        .where(found.frozen.is_not(None), own.frozen.is_not(None))
        .order_by(ProgrammeCase.id)
    )
    inside = {OVERALL: frozenset(questionnaire.questions), **questions_of(questionnaire)}
    ladders, levels = _ladders(questionnaire)
    sizes, sections, said, seen = [], [], [], []
    for firm, own_all, own_nodes, all_found, nodes_found, own_said, answers_found, named in session.execute(
        query
    ).yield_per(200):
        verified = inside[OVERALL].intersection(named or ())
        sizes.append(size_of(programme.size_scheme, facts_of(firm)))
        sections.append(firm.isic_section)
        said.append([_score(own_all, own_nodes, d) for d in inside])
        # Where nothing was verified the firm's word stands: that is no difference of nothing, but none.
        seen.append([_score(all_found, nodes_found, d) if verified & inside[d] else float("nan") for d in inside])
        _count(levels, verified.intersection(ladders), own_said, answers_found)
    return _pairs(sizes, sections, inside, np.array(said, float), np.array(seen, float), levels)


def _pairs(
    sizes: Sequence[str],
    sections: Sequence[str],
    dimensions: Collection[str],
    said: Floats,
    found: Floats,
    levels: NDArray[np.int64],
) -> Pairs:
    """From tables with a row a firm and a column a dimension."""
    shape = len(sizes), len(dimensions)
    of_said, of_found = said.reshape(shape), found.reshape(shape)
    return Pairs(
        tuple(sizes),
        tuple(sections),
        {d: of_said[:, column] for column, d in enumerate(dimensions)},
        {d: of_found[:, column] for column, d in enumerate(dimensions)},
        levels,
    )


def _kept(session: Session, programme: Programme, questionnaire: Questionnaire) -> Pairs:
    """The same from outcomes alone, as columns."""
    own, found = aliased(Outcome), aliased(Outcome)
    query = (
        select(own.scores, found.scores, own.levels, found.levels, found.size, found.isic_section)
        .select_from(Assessment)
        .join(found, found.assessment_id == Assessment.id)
        .join(own, own.assessment_id == Assessment.verifies_id)
        .where(found.programme_id == programme.id, Assessment.frozen.is_(None))
        .where(found.questionnaire == questionnaire.reference, own.questionnaire == questionnaire.reference)
        .order_by(Assessment.id)
    )
    rows = session.execute(query).all()
    if not rows:
        return Pairs()
    said, seen, levels_said, levels_found, sizes, sections = zip(*rows, strict=True)
    ladders, table = _ladders(questionnaire)
    columns = [at for at, q in enumerate(questionnaire.questions) if q in ladders]
    own_levels, found_levels = (
        np.frombuffer(b"".join(each), np.uint8).reshape(len(rows), -1)[:, columns]
        for each in (levels_said, levels_found)
    )
    both = (own_levels < len(table)) & (found_levels < len(table))
    np.add.at(table, (own_levels[both], found_levels[both]), 1)
    dimensions = [OVERALL, *questions_of(questionnaire)]
    of_said, of_found = (_as_scores(questionnaire, each) for each in (said, seen))
    return _pairs(sizes, sections, dimensions, of_said, of_found, table)


def _as_scores(questionnaire: Questionnaire, packed: Sequence[bytes]) -> Floats:
    steps = np.frombuffer(b"".join(packed), "<i2").astype(float)
    scores = questionnaire.scale.min + steps * step(questionnaire.scale)
    return np.where(steps == NO_SCORE, np.nan, scores)


def _ladders(questionnaire: Questionnaire) -> tuple[frozenset[str], NDArray[np.int64]]:
    """The questions with levels, and an empty table as high as the longest ladder."""
    ladders = {q.id: len(q.levels) for q in questionnaire.questions.values() if q.levels}
    height = max(ladders.values(), default=1)
    return frozenset(ladders), np.zeros((height, height), np.int64)


def _score(overall: Mapping[str, Any], nodes: Mapping[str, Any], dimension: str) -> float:
    node = overall if dimension == OVERALL else nodes.get(dimension)
    return float("nan") if node is None or node["score"] is None else float(node["score"])


def _count(
    levels: NDArray[np.int64], questions: Collection[str], own: Mapping[str, Any], found: Mapping[str, Any]
) -> None:
    for q in questions:
        said, other = own.get(q), found.get(q)
        if type(said) is int and type(other) is int:
            levels[said, other] += 1
