"""Answers, evidence, open differences and colleagues' sections, rewritten for a newer version of the questionnaire."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from assessment.move_plans import Given, MovePlan, as_json
from assessment.sections import core_sections, question_ids, sections
from assessment.snapshots import answer_from_json
from assessment.tables import Answer, AnswerConflict, AnswerRevision, Assessment, Evidence, Respondent
from questionnaires.moves import moved
from questionnaires.schema import Questionnaire


def rewrite(session: Session, assessment: Assessment, plan: MovePlan, now: datetime) -> None:
    """Write each answer under its question of the later version; nothing is written where nothing changes."""
    rows = {a.question_id: a for a in session.scalars(select(Answer).where(Answer.assessment_id == assessment.id))}
    wanted = {question: Given(None, "") for question in rows}
    for passage in plan.passages:
        if passage.step.new is not None and passage.before is not None:
            before = passage.before
            wanted[passage.step.new.id] = Given(passage.after, before.note, before.respondent_id, before.at)
    for question, given in wanted.items():
        row = rows.get(question)
        if row is None:
            row = Answer(assessment_id=assessment.id, question_id=question, version=0, answered_at=now)
            session.add(row)
        elif row.value == given.value and row.note == given.note:
            continue
        row.version, row.value, row.note = row.version + 1, given.value, given.note
        row.respondent_id, row.answered_at = given.respondent_id, given.at or now
        session.execute(insert(AnswerRevision), [_revision(row, now)])
    session.flush()


def _revision(row: Answer, now: datetime) -> dict[str, Any]:
    kept = ("assessment_id", "question_id", "version", "value", "note", "respondent_id")
    return {name: getattr(row, name) for name in kept} | {"recorded_at": now}


def take_along(session: Session, assessment: Assessment, plan: MovePlan, now: datetime) -> None:
    """Evidence and open differences go where their question goes.

    A difference at a question that is left behind is closed: the answer that was there is on record.
    """
    of_evidence = select(Evidence).where(Evidence.assessment_id == assessment.id)
    evidence = list(session.scalars(of_evidence))
    differing = list(
        session.scalars(
            select(AnswerConflict).where(
                AnswerConflict.assessment_id == assessment.id, AnswerConflict.settled_at.is_(None)
            )
        )
    )
    by_question = {p.step.old.id: p.step for p in plan.passages}
    for file in evidence:
        step = by_question.get(file.question_id)
        file.question_id = step.new.id if step and step.new else file.question_id
    for found in differing:
        step = by_question.get(found.question_id)
        if step is None or step.new is None:
            found.settled_at, found.settled_as = now, "kept"
        else:
            found.question_id = step.new.id
            value = None if found.value is None else moved(step, answer_from_json(found.value)).value
            found.value = as_json(value)


def give_sections(
    session: Session, assessment: Assessment, earlier: Questionnaire, later: Questionnaire, goals: Mapping[str, str]
) -> None:
    """Colleagues keep the sections that are still there; for others, those made only of questions that were theirs."""
    came_from = {new: old for old, new in goals.items()}
    query = select(Respondent).where(Respondent.assessment_id == assessment.id, Respondent.sections.is_not(None))
    for row in session.scalars(query):
        given = row.sections or []
        theirs = question_ids(earlier, given)
        row.sections = sorted(_sections_for(given, theirs, later, came_from))


def _sections_for(
    given: Iterable[str], theirs: frozenset[str], later: Questionnaire, came_from: Mapping[str, str]
) -> set[str]:
    there = section_ids(later)
    kept = {section for section in given if section in there}
    if len(kept) == len(set(given)):
        return kept
    for section in sections(later):
        known = [came_from[q.id] for q in section.questions if q.id in came_from]
        if known and all(question in theirs for question in known):
            kept.add(section.id)
    return kept


def section_ids(questionnaire: Questionnaire) -> frozenset[str]:
    return frozenset(s.id for s in (*core_sections(questionnaire), *sections(questionnaire)))
