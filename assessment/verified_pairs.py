"""Both scores of every firm of a programme that was verified: what bias, spread and estimates are learned from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, exists, insert, select
from sqlalchemy.orm import Session, aliased

from assessment.firm_profile import facts_of
from assessment.outcomes import NO_SCORE, as_steps, size_of, step
from assessment.tables import Assessment, Firm, Outcome, Programme, ProgrammeCase, VerifiedPair
from questionnaires.schema import Questionnaire

OVERALL = ""
Floats = NDArray[np.float64]
Figures = tuple[int, str, str, bytes, bytes, bytes]  # visit, size, section, scores said and found, levels


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
    """Both scores of every firm of a programme whose findings are handed in and not sent back."""
    kept = VerifiedPair.__table__.c
    query = select(kept.size, kept.isic_section, kept.said, kept.found, kept.levels)
    query = query.where(kept.programme_id == programme.id, kept.questionnaire == questionnaire.reference)
    # As plain rows: there may be tens of thousands.
    rows = session.connection().execute(query.order_by(kept.verification_id)).all()
    if not rows:
        return Pairs()
    sizes, sections, said, found, levels = zip(*rows, strict=True)
    height = _height(questionnaire)
    counts = np.frombuffer(b"".join(levels), "<u2").reshape(-1, height, height).sum(axis=0, dtype=np.int64)
    of_said, of_found = (_as_scores(questionnaire, each, len(rows)) for each in (said, found))
    dimensions = (OVERALL, *questions_of(questionnaire))
    return Pairs(
        sizes,
        sections,
        {d: of_said[:, column] for column, d in enumerate(dimensions)},
        {d: of_found[:, column] for column, d in enumerate(dimensions)},
        counts,
    )


def keep(session: Session, programme: Programme, questionnaire: Questionnaire, found: Assessment) -> None:
    """Keep the figures of a visit whose findings are handed in."""
    forget(session, found.id)
    session.flush()
    keep_some(session, programme, questionnaire, [found.id])


def forget(session: Session, verification_id: int) -> None:
    """Its findings are sent back."""
    session.execute(delete(VerifiedPair).where(VerifiedPair.verification_id == verification_id))


def missing(session: Session, programme: Programme) -> list[int]:
    """Visits whose figures are not kept yet: handed in before they were, or brought in as columns alone."""
    reference = f"{programme.questionnaire_id}@{programme.questionnaire_version}"
    is_new = ~exists().where(VerifiedPair.verification_id == Assessment.id)
    handed_in = (
        select(Assessment.id)
        .join(ProgrammeCase, ProgrammeCase.verification_id == Assessment.id)
        .where(ProgrammeCase.programme_id == programme.id, ProgrammeCase.handed_in_at.is_not(None))
        .where(Assessment.frozen.is_not(None), Assessment.verifies_id.is_not(None), is_new)
    )
    columns = (
        select(Assessment.id)
        .join(Outcome, Outcome.assessment_id == Assessment.id)
        .where(Outcome.programme_id == programme.id, Outcome.is_verified, Outcome.questionnaire == reference)
        .where(Assessment.frozen.is_(None), Assessment.verifies_id.is_not(None), is_new)
    )
    return sorted({*session.scalars(handed_in), *session.scalars(columns)})


def keep_some(
    session: Session, programme: Programme, questionnaire: Questionnaire, verifications: Sequence[int]
) -> None:
    """Keep the figures of visits that have none, some hundred at once.

    Where only outcomes are kept of them, as in a made-up country, all their answers count as verified.
    """
    of_all = {"programme_id": programme.id, "questionnaire": questionnaire.reference}
    found = [
        *_answered(session, programme, questionnaire, verifications),
        *_columns(session, questionnaire, verifications),
    ]
    if found:
        names = ("verification_id", "size", "isic_section", "said", "found", "levels")
        session.execute(insert(VerifiedPair), [of_all | dict(zip(names, row, strict=True)) for row in found])


def _answered(
    session: Session, programme: Programme, questionnaire: Questionnaire, verifications: Sequence[int]
) -> Iterator[Figures]:
    own, found = aliased(Assessment), aliased(Assessment)
    # Of long documents only what is needed leaves the database.
    documents = [each.scores[part] for each in (own, found) for part in ("overall", "nodes")]
    answers = own.frozen["answers"], found.frozen["answers"], found.frozen["verified"]
    query = (
        select(found.id, Firm, *documents, *answers)
        .select_from(found)
        .join(own, own.id == found.verifies_id)
        .join(Firm, Firm.id == found.firm_id)
        .where(found.id.in_(verifications), found.frozen.is_not(None), own.frozen.is_not(None))
    )
    inside = {OVERALL: frozenset(questionnaire.questions), **questions_of(questionnaire)}
    ladders, height = _ladders(questionnaire), _height(questionnaire)
    for number, firm, own_all, own_nodes, all_found, nodes_found, said, other, named in session.execute(query):
        verified = inside[OVERALL].intersection(other if named is None else named)
        of_said = [_score(own_all, own_nodes, d) for d in inside]
        # Where nothing was verified the firm's word stands: that is no difference of nothing, but none.
        seen = [_score(all_found, nodes_found, d) if verified & inside[d] else float("nan") for d in inside]
        both = [(said.get(q), other.get(q)) for q in verified.intersection(ladders)]
        levels = [(a, b) for a, b in both if type(a) is int and type(b) is int]
        yield (
            number,
            size_of(programme.size_scheme, facts_of(firm)),
            firm.isic_section,
            as_steps(questionnaire.scale, np.array(of_said, float)).tobytes(),
            as_steps(questionnaire.scale, np.array(seen, float)).tobytes(),
            _counted(np.array(levels, np.int64).reshape(-1, 2), height),
        )


def _columns(session: Session, questionnaire: Questionnaire, verifications: Sequence[int]) -> Iterator[Figures]:
    """The same from outcomes alone."""
    own, found = aliased(Outcome), aliased(Outcome)
    query = (
        select(found.assessment_id, found.size, found.isic_section, own.scores, found.scores, own.levels, found.levels)
        .select_from(Assessment)
        .join(found, found.assessment_id == Assessment.id)
        .join(own, own.assessment_id == Assessment.verifies_id)
        .where(Assessment.id.in_(verifications), Assessment.frozen.is_(None))
        .where(found.questionnaire == questionnaire.reference, own.questionnaire == questionnaire.reference)
    )
    ladders, height = _ladders(questionnaire), _height(questionnaire)
    columns = [at for at, q in enumerate(questionnaire.questions) if q in ladders]
    for number, size, section, said, seen, levels_said, levels_found in session.execute(query):
        levels = np.array([np.frombuffer(each, np.uint8)[columns] for each in (levels_said, levels_found)]).T
        yield number, size, section, said, seen, _counted(levels[(levels < height).all(axis=1)], height)


def _counted(levels: NDArray[Any], height: int) -> bytes:
    """How often each level that was said (rows) met each that was found."""
    codes = levels[:, 0].astype(np.int64) * height + levels[:, 1]
    return np.bincount(codes, minlength=height * height).astype("<u2").tobytes()


def _as_scores(questionnaire: Questionnaire, packed: Sequence[bytes], rows: int) -> Floats:
    steps = np.frombuffer(b"".join(packed), "<i2").astype(float).reshape(rows, -1)
    scores = questionnaire.scale.min + steps * step(questionnaire.scale)
    return np.where(steps == NO_SCORE, np.nan, scores)


def _ladders(questionnaire: Questionnaire) -> frozenset[str]:
    """The questions with levels."""
    return frozenset(q.id for q in questionnaire.questions.values() if q.levels)


def _height(questionnaire: Questionnaire) -> int:
    """How many levels the longest ladder has."""
    return max((len(q.levels) for q in questionnaire.questions.values() if q.levels), default=1)


def _score(overall: Mapping[str, Any], nodes: Mapping[str, Any], dimension: str) -> float:
    node = overall if dimension == OVERALL else nodes.get(dimension)
    return float("nan") if node is None or node["score"] is None else float(node["score"])
