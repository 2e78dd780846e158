"""Reports on order: one row for each report that was asked for, made once whoever asks and however often."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.errors import N_, Conflict
from assessment.report_states import LARGEST_ID, ReportNotFound, ReportRows
from assessment.snapshots import Snapshot, wishes_as_json, wishes_from_json
from assessment.tables import Assessment, Firm, PastSubmission, ReportRender
from assessment.told import Told
from scoring.roadmap import Wishes

JOB = "report"
FIRM_REPORT = "firm"
NOTHING: dict[str, Any] = {"profile": {}, "answers": {}, "notes": {}, "wishes": {}}
ROWS = ReportRows(ReportRender, JOB)
order_again, note_failed = ROWS.order_again, ROWS.note_failed
note_progress, note_stored, note_done = ROWS.note_progress, ROWS.note_stored, ROWS.note_done


class NotSubmitted(Conflict):
    """A report is made of answers that no longer change."""

    def __init__(self) -> None:
        super().__init__(N_("Submit the assessment first; the report is made of answers that no longer change."))


@dataclass(frozen=True, slots=True)
class Order:
    """A report on order: where it stands, and what is needed to make it."""

    id: int
    assessment_id: int
    questionnaire: str
    language: str
    firm: str
    country: str
    submitted_at: datetime | None
    snapshot: Snapshot
    told: Told
    frozen_scores: dict[str, Any]
    scoring_version: str
    state: str
    progress: str
    artifact_sha256: str | None
    artifact_bytes: int | None
    requested_at: datetime


def order(
    session: Session,
    assessment: Assessment,
    language: str,
    wishes: Wishes,
    template_version: str,
    now: datetime,
    told: Told | None = None,
) -> int:
    """Order a report of a submitted assessment; the same order again returns the same number and makes nothing new.

    Raises:
        NotSubmitted: its answers may still change.
    """
    if assessment.frozen is None:
        raise NotSubmitted
    told = told or Told()
    frozen = Snapshot.from_json(assessment.frozen)
    asked = replace(frozen, wishes=wishes, target=told.target)
    wanted = {
        "assessment_id": assessment.id,
        "snapshot_sha256": _sha256(told.sha256(asked), assessment.submitted_at),
        "template_version": template_version,
        "language": language,
        "kind": FIRM_REPORT,
    }
    present = session.scalars(select(ReportRender).filter_by(**wanted)).one_or_none()
    if present is not None and present.state != "failed":
        return present.id
    if present is None:
        present = ReportRender(**wanted, wishes=wishes_as_json(wishes), told=told.as_json())
    ROWS.put_in_queue(session, present, now)
    return present.id


def _sha256(content_sha256: str, submitted_at: datetime | None) -> str:
    """What a report is made of: submitted anew without a change, it has another day all the same."""
    day = submitted_at.isoformat() if submitted_at else ""
    return hashlib.sha256(f"{content_sha256} {day}".encode()).hexdigest()


def get_order(session: Session, report_id: int, assessment: Assessment | None = None) -> Order:
    """One report on order; with `assessment`, only if it is one of its own.

    Raises:
        ReportNotFound: there is none.
    """
    if not 0 < report_id < LARGEST_ID:
        raise ReportNotFound
    query = (
        select(ReportRender, Assessment, Firm)
        .join(Assessment, ReportRender.assessment_id == Assessment.id)
        .join(Firm, Assessment.firm_id == Firm.id)
        .where(ReportRender.id == report_id)
    )
    if assessment is not None:
        query = query.where(ReportRender.assessment_id == assessment.id)
    found = session.execute(query).one_or_none()
    if found is None:
        raise ReportNotFound
    return _order(session, *found)


def list_orders(
    session: Session, assessment: Assessment, since: datetime | None = None, until: datetime | None = None
) -> tuple[Order, ...]:
    """The reports that were ordered of a submission, newest first: of the present one, or of one that was in force
    from `since` to `until`.
    """
    query = select(ReportRender).where(ReportRender.assessment_id == assessment.id).order_by(ReportRender.id.desc())
    since = since or assessment.submitted_at
    if since is not None:
        query = query.where(ReportRender.requested_at >= since)
    if until is not None:
        query = query.where(ReportRender.requested_at <= until)
    return tuple(_order(session, row, assessment, assessment.firm) for row in session.scalars(query))


@dataclass(frozen=True, slots=True)
class _Basis:
    """A submission, as a report needs it."""

    version: str
    frozen: dict[str, Any]
    scores: dict[str, Any]
    scoring_version: str
    submitted_at: datetime | None


def _basis(session: Session, row: ReportRender, assessment: Assessment) -> _Basis:
    """The submission a report was ordered of: the present one, or one that was taken back since."""
    if assessment.submitted_at is not None and row.requested_at >= assessment.submitted_at:
        frozen, scores = assessment.frozen or NOTHING, assessment.scores or {}
        version, scoring = assessment.questionnaire_version, assessment.scoring_version or ""
        return _Basis(version, frozen, scores, scoring, assessment.submitted_at)
    query = (
        select(PastSubmission)
        .where(PastSubmission.assessment_id == assessment.id, PastSubmission.submitted_at <= row.requested_at)
        .order_by(PastSubmission.id.desc())
        .limit(1)
    )
    past = session.scalars(query).one_or_none()
    if past is None:
        return _Basis(assessment.questionnaire_version, NOTHING, {}, "", None)
    version = past.questionnaire_version or assessment.questionnaire_version
    return _Basis(version, past.frozen, past.scores, past.scoring_version, past.submitted_at)


def _order(session: Session, row: ReportRender, assessment: Assessment, firm: Firm) -> Order:
    basis = _basis(session, row, assessment)
    frozen = Snapshot.from_json(basis.frozen)
    told = Told.from_json(row.told or {})
    return Order(
        id=row.id,
        assessment_id=row.assessment_id,
        questionnaire=f"{assessment.questionnaire_id}@{basis.version}",
        language=row.language,
        firm=firm.name,
        country=firm.country,
        submitted_at=basis.submitted_at,
        snapshot=replace(frozen, wishes=wishes_from_json(row.wishes), target=told.target),
        told=told,
        frozen_scores=basis.scores,
        scoring_version=basis.scoring_version,
        state=row.state,
        progress=row.progress,
        artifact_sha256=row.artifact_sha256,
        artifact_bytes=row.artifact_bytes,
        requested_at=row.requested_at,
    )
