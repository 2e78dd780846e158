"""Where a visit stands, and what was found at each question once it is handed in."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from assessment.self_said import SelfSaid, said_of, self_said
from assessment.snapshots import Snapshot
from assessment.tables import Assessment, Firm, ProgrammeCase
from questionnaires.answers import AnswerValue
from questionnaires.schema import Questionnaire


@dataclass(frozen=True, slots=True)
class Finding:
    """A question that was verified: what the firm had said, what the assessor found, and why."""

    question: str
    said: AnswerValue | None
    note: str
    found: AnswerValue
    reason: str
    differs: bool


@dataclass(frozen=True, slots=True)
class VisitState:
    """Where a visit stands: the firm, what was found so far, and what the firm had said; None before it begins."""

    firm: Firm
    found: Assessment | None
    said: SelfSaid | None
    score: float | None  # overall, of the firm's own assessment in the case


def state_of(session: Session, case: ProgrammeCase) -> VisitState:
    """The state of a case's visit, in one statement."""
    own, in_case = aliased(Assessment), aliased(Assessment)
    query = (
        select(Firm, Assessment, own.frozen, in_case.scores["overall"]["score"].as_float())
        .select_from(Firm)
        .outerjoin(Assessment, Assessment.id == case.verification_id)
        .outerjoin(own, own.id == Assessment.verifies_id)
        .outerjoin(in_case, in_case.id == case.assessment_id)
        .where(Firm.id == case.firm_id)
    )
    firm, found, frozen, score = session.execute(query).one()
    return VisitState(firm, found, said_of(frozen) if frozen is not None else None, score)


def findings(session: Session, case: ProgrammeCase, questionnaire: Questionnaire) -> tuple[Finding, ...]:
    """What was found at each verified question, in the questionnaire's order; nothing until it is handed in."""
    found = session.get(Assessment, case.verification_id) if case.verification_id is not None else None
    if found is None or found.frozen is None:
        return ()
    said, snapshot = self_said(session, found), Snapshot.from_json(found.frozen)
    if said is None:
        return ()
    verified = set(found.frozen["verified"])
    return tuple(
        Finding(q, said.answers.get(q), said.note(q), value, snapshot.notes.get(q, ""), said.differs(q, value))
        for q in questionnaire.questions
        if q in verified
        for value in (snapshot.answers.answers[q],)
    )


def case_of(session: Session, found: Assessment) -> int | None:
    """The number of the case that this verifies; None where it verifies none."""
    return session.scalar(select(ProgrammeCase.id).where(ProgrammeCase.verification_id == found.id))
