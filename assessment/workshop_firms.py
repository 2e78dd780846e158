"""Firms bring their assessment to a workshop: counted there among at least five, and never to be told apart.

Answers are taken in by batches. A batch is five firms or more that were not counted before; it is added up once, and of
it only questions that five or more of them have answered. So the figures before and after a batch differ by five firms
at least, on every question. A firm that takes its assessment back is not taken out of the sum, which would tell its
answers: a batch of which fewer than five firms are left is not shown at all. A firm counts once, whatever it brings.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import workshop_events
from assessment.errors import N_, Conflict
from assessment.report_orders import NotSubmitted
from assessment.rounds import WorkshopNotRunning
from assessment.tables import Assessment, FirmBatch, Workshop, WorkshopFirm
from assessment.votes import NOT_APPLICABLE, UNKNOWN
from questionnaires.schema import Questionnaire
from scoring.dispersion import SMALLEST_GROUP, Dispersion, of_counts

LEAST = SMALLEST_GROUP  # firms


class OtherQuestionnaire(Conflict):
    """Answers are compared only where the same was asked."""

    def __init__(self) -> None:
        super().__init__(N_("This workshop asks another questionnaire than the one you have answered."))


class WorkshopOver(Conflict):
    """What a workshop has counted stays counted once it is over."""

    def __init__(self) -> None:
        super().__init__(N_("The workshop has ended; nothing more can be brought to it or taken back."))


class TooFewFirms(Conflict):
    """Fewer than five new firms would be told apart."""

    def __init__(self) -> None:
        super().__init__(
            N_("Answers are taken in once %(least)d firms have brought them that were not counted yet."),
            least=LEAST,
        )


@dataclass(frozen=True, slots=True)
class Brought:
    """A workshop that an assessment was brought to."""

    workshop: Workshop
    at: datetime

    @property
    def may_take_back(self) -> bool:
        return self.workshop.state != "ended"


@dataclass(frozen=True, slots=True)
class Batch:
    """Answers that were taken in at one time; hidden when fewer than five of its firms are left."""

    number: int
    firms: int
    at: datetime
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class FirmsBrought:
    """All that who leads a workshop sees of the firms: how many, how many are not counted yet, and the batches."""

    firms: int
    new: int
    batches: Sequence[Batch]

    @property
    def may_take_in(self) -> bool:
        return self.new >= LEAST


def bring(session: Session, workshop: Workshop, assessment: Assessment, now: datetime) -> None:
    """Bring a submitted assessment to a workshop; brought twice it is there once.

    Raises:
        NotSubmitted: its answers may still change, or it is what an assessor found and no answers of the firm.
        OtherQuestionnaire
        WorkshopOver
    """
    if assessment.frozen is None or assessment.verifies_id is not None:
        raise NotSubmitted
    if workshop.state == "ended":
        raise WorkshopOver
    if workshop.questionnaire_id != assessment.questionnaire_id:
        raise OtherQuestionnaire
    if _find(session, workshop.id, assessment) is None:
        session.add(WorkshopFirm(workshop_id=workshop.id, assessment_id=assessment.id, brought_at=now))
        session.flush()


def take_back(session: Session, workshop_id: int, assessment: Assessment) -> None:
    """Take an assessment back; what was added up with it among five is shown only while five are left.

    Raises:
        WorkshopOver
    """
    found = _find(session, workshop_id, assessment)
    if found is None:
        return
    if session.get_one(Workshop, workshop_id).state == "ended":
        raise WorkshopOver
    session.delete(found)
    session.flush()


def _find(session: Session, workshop_id: int, assessment: Assessment) -> WorkshopFirm | None:
    query = select(WorkshopFirm).filter_by(workshop_id=workshop_id, assessment_id=assessment.id)
    return session.scalars(query).one_or_none()


def brought_to(session: Session, assessment: Assessment) -> Sequence[Brought]:
    """The workshops that an assessment was brought to, the newest first."""
    query = (
        select(Workshop, WorkshopFirm.brought_at)
        .join(WorkshopFirm, WorkshopFirm.workshop_id == Workshop.id)
        .where(WorkshopFirm.assessment_id == assessment.id)
        .order_by(WorkshopFirm.id.desc())
    )
    return [Brought(workshop, at) for workshop, at in session.execute(query)]


def firms_brought(session: Session, workshop: Workshop) -> FirmsBrought:
    """How many firms are there, in two statements."""
    present = _present(session, workshop.id)
    rows = _batches(session, workshop.id)
    counted = {firm for row in rows for firm in row.firms}
    batches = [Batch(row.number, len(row.firms), row.taken_at, not _is_shown(row, present)) for row in rows]
    return FirmsBrought(len(present), len(present - counted), batches)


def take_in(session: Session, workshop: Workshop, questionnaire: Questionnaire, now: datetime) -> int:
    """Add up the answers of all firms that were not counted yet; returns how many. The caller holds the workshop's row.

    Raises:
        WorkshopNotRunning
        TooFewFirms: fewer than five.
    """
    if workshop.state != "running":
        raise WorkshopNotRunning
    rows = _batches(session, workshop.id)
    counted = {firm for row in rows for firm in row.firms}
    answers = {firm: given for firm, given in _answers(session, workshop.id).items() if firm not in counted}
    if len(answers) < LEAST:
        raise TooFewFirms
    batch = FirmBatch(
        workshop_id=workshop.id,
        number=len(rows) + 1,
        firms=sorted(answers),
        levels=_added_up(workshop.questions, questionnaire, answers.values()),
        taken_at=now,
    )
    session.add(batch)
    session.flush()
    workshop_events.note(session, workshop, "firms", now, batch=batch.number, firms=len(answers))
    return len(answers)


def firm_levels(session: Session, workshop: Workshop) -> dict[str, Dispersion]:
    """How the firms that may be shown have answered, by question; of fewer than five nothing."""
    rows = _batches(session, workshop.id)
    if not rows:
        return {}
    present = _present(session, workshop.id)
    found: dict[str, Counter[str]] = {}
    for row in rows:
        for question, counts in row.levels.items() if _is_shown(row, present) else ():
            found.setdefault(question, Counter()).update(counts)
    return {question: _dispersion(counts) for question, counts in found.items()}


def _batches(session: Session, workshop_id: int) -> Sequence[FirmBatch]:
    query = select(FirmBatch).where(FirmBatch.workshop_id == workshop_id).order_by(FirmBatch.number)
    return session.scalars(query).all()


def _present(session: Session, workshop_id: int) -> set[int]:
    """The numbers of the firms that are there."""
    query = select(Assessment.firm_id).join(WorkshopFirm, WorkshopFirm.assessment_id == Assessment.id)
    return set(session.scalars(query.where(WorkshopFirm.workshop_id == workshop_id)))


def _is_shown(batch: FirmBatch, present: set[int]) -> bool:
    return len(present.intersection(batch.firms)) >= LEAST


def _answers(session: Session, workshop_id: int) -> dict[int, Mapping[str, Any]]:
    """By firm the answers that it has submitted last, of those it has brought."""
    query = (
        select(Assessment.firm_id, Assessment.frozen)
        .join(WorkshopFirm, WorkshopFirm.assessment_id == Assessment.id)
        .where(WorkshopFirm.workshop_id == workshop_id, Assessment.frozen.is_not(None))
        .order_by(Assessment.submitted_at, Assessment.id)
    )
    return {firm: frozen["answers"] for firm, frozen in session.execute(query)}


def _added_up(
    questions: Iterable[str], questionnaire: Questionnaire, answers: Iterable[Mapping[str, Any]]
) -> dict[str, dict[str, int]]:
    given, found = list(answers), {}
    for question in questions:
        height = len(questionnaire.questions[question].levels or ())
        values = [each.get(question) for each in given]
        counts = Counter(str(value) for value in values if _counts(value, height))
        if counts.total() >= LEAST:
            padded = {str(level): counts.get(str(level), 0) for level in range(height)}
            words = {word: counts[word] for word in (UNKNOWN, NOT_APPLICABLE) if counts[word]}
            found[question] = padded | words
    return found


def _counts(value: Any, height: int) -> bool:
    return value in (UNKNOWN, NOT_APPLICABLE) or (type(value) is int and 0 <= value < height)


def _dispersion(counts: Mapping[str, int]) -> Dispersion:
    levels = [counts[name] for name in sorted((n for n in counts if n.isdecimal()), key=int)]
    return of_counts(levels, counts.get(UNKNOWN, 0), counts.get(NOT_APPLICABLE, 0))
