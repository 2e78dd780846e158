"""Moving to a newer version of the questionnaire: done in one go, and nothing is lost silently."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.errors import N_, NotFound
from assessment.firm_profile import fitting
from assessment.move_plans import MovePlan, Passage, plan_move
from assessment.moving_answers import give_sections, rewrite, section_ids, take_along
from assessment.snapshots import answer_from_json
from assessment.tables import AnswerConflict, Assessment, Evidence, VersionMove
from questionnaires.library import Definition
from questionnaires.moves import moved
from questionnaires.schema import Questionnaire


class MoveNotFound(NotFound):
    """This assessment never moved in this way."""

    def __init__(self) -> None:
        super().__init__(N_("This assessment has made no such move."))


@dataclass(frozen=True, slots=True)
class PastMove:
    """A move that was made, with what it left behind by question."""

    id: int
    from_version: str
    to_version: str
    moved_by: str
    moved_at: datetime
    left_behind: Mapping[str, Any]


def move(
    session: Session, assessment: Assessment, earlier: Questionnaire, later: Definition, who: str, now: datetime
) -> int:
    """Move an assessment to a later version; returns the number of the move, under which what it left is kept.

    Each answer that changes becomes a new revision, of whoever gave it. Evidence, answers that differ and the
    sections of colleagues come along. The assessment must be held.

    Raises:
        what `plan_move` raises.
    """
    plan = plan_move(session, assessment, earlier, later)
    goals = {p.step.old.id: p.step.new.id for p in plan.passages if p.step.new}
    row = VersionMove(
        assessment_id=assessment.id,
        from_version=assessment.questionnaire_version,
        to_version=later.questionnaire.version,
        moved_by=who,
        left_behind=_left_behind(session, assessment, plan),
        moved_at=now,
    )
    session.add(row)
    rewrite(session, assessment, plan, now)
    take_along(session, assessment, plan, now)
    give_sections(session, assessment, earlier, later.questionnaire, goals)
    assessment.profile = fitting(later.questionnaire.fields, assessment.profile)
    if assessment.last_section not in section_ids(later.questionnaire):
        assessment.last_section = None
    assessment.questionnaire_version = later.questionnaire.version
    session.flush()
    return row.id


def list_moves(session: Session, assessment: Assessment) -> tuple[PastMove, ...]:
    """The moves an assessment has made, newest first."""
    query = select(VersionMove).where(VersionMove.assessment_id == assessment.id).order_by(VersionMove.id.desc())
    return tuple(
        PastMove(m.id, m.from_version, m.to_version, m.moved_by, m.moved_at, m.left_behind)
        for m in session.scalars(query)
    )


def get_move(session: Session, assessment: Assessment, number: int) -> PastMove:
    """Raises MoveNotFound where this assessment has none of this number."""
    found = {each.id: each for each in list_moves(session, assessment)}
    if number not in found:
        raise MoveNotFound
    return found[number]


def _left_behind(session: Session, assessment: Assessment, plan: MovePlan) -> dict[str, Any]:
    files: dict[str, list[str]] = {}
    query = select(Evidence.question_id, Evidence.name).where(
        Evidence.assessment_id == assessment.id, Evidence.removed_at.is_(None)
    )
    for question, name in session.execute(query):
        files.setdefault(question, []).append(name)
    differing = _differing(session, assessment, plan)
    left = {}
    for passage in plan.passages:
        question = passage.step.old.id
        names = files.get(question, []) if passage.step.new is None else []
        if passage.is_left or names or question in differing:
            left[question] = _record(passage, names) | {"differing": differing.get(question, [])}
    return left | {f"profile.{name}": {"answer": value} for name, value in plan.left_profile.items()}


def _differing(session: Session, assessment: Assessment, plan: MovePlan) -> dict[str, list[Any]]:
    """Answers that somebody had still to choose from, and that have no place any more."""
    found: dict[str, list[Any]] = {}
    by_question = {p.step.old.id: p.step for p in plan.passages}
    query = select(AnswerConflict.question_id, AnswerConflict.value).where(
        AnswerConflict.assessment_id == assessment.id, AnswerConflict.settled_at.is_(None)
    )
    for question, value in session.execute(query):
        if question in by_question and value is not None:
            step = by_question[question]
            if step.new is None or moved(step, answer_from_json(value)).left is not None:
                found.setdefault(question, []).append(value)
    return found


def _record(passage: Passage, files: list[str]) -> dict[str, Any]:
    old, before = passage.step.old, passage.before
    return {
        "question": old.text,
        "answer": passage.left,
        "level": old.levels[passage.left].text if old.levels and isinstance(passage.left, int) else "",
        "note": before.note if before else "",
        "became": passage.after,
        "reason": passage.step.reason,
        "files": files,
    }
