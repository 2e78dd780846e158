"""Reports on order: one row for each report that was asked for, made once whoever asks and however often."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from assessment import job_queue
from assessment.errors import N_, Conflict, NotFound
from assessment.snapshots import Snapshot, wishes_as_json, wishes_from_json
from assessment.tables import Assessment, Firm, ReportRender
from scoring.roadmap import Wishes

JOB = "report"
FIRM_REPORT = "firm"
LARGEST_ID = 2**31  # what an INTEGER holds on every database


class NotSubmitted(Conflict):
    """A report is made of answers that no longer change."""

    def __init__(self) -> None:
        super().__init__(N_("Submit the assessment first; the report is made of answers that no longer change."))


class ReportNotFound(NotFound):
    """No report with this number belongs to this assessment."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such report here. Go back to the results and order it again."))


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
    frozen_scores: dict[str, Any]
    scoring_version: str
    state: str
    progress: str
    artifact_sha256: str | None
    artifact_bytes: int | None
    requested_at: datetime


def order(
    session: Session, assessment: Assessment, language: str, wishes: Wishes, template_version: str, now: datetime
) -> int:
    """Order a report of a submitted assessment; the same order again returns the same number and makes nothing new.

    Raises:
        NotSubmitted: its answers may still change.
    """
    if assessment.frozen is None:
        raise NotSubmitted
    frozen = Snapshot.from_json(assessment.frozen)
    wanted = {
        "assessment_id": assessment.id,
        "snapshot_sha256": Snapshot(frozen.answers, frozen.notes, wishes).sha256(),
        "template_version": template_version,
        "language": language,
        "kind": FIRM_REPORT,
    }
    present = session.scalars(select(ReportRender).filter_by(**wanted)).one_or_none()
    if present is not None and present.state != "failed":
        return present.id
    if present is None:
        present = ReportRender(**wanted, wishes=wishes_as_json(wishes))
        session.add(present)
    present.state, present.problem, present.requested_at = "queued", "", now
    session.flush()
    job_queue.enqueue(session, JOB, str(present.id), now)
    return present.id


def order_again(session: Session, report_id: int, now: datetime) -> None:
    """Make a finished report once more, because its file is gone."""
    statement = (
        update(ReportRender)
        .where(ReportRender.id == report_id, ReportRender.state == "done")
        .values(state="queued", artifact_sha256=None, artifact_bytes=None, progress="")
    )
    if cast(CursorResult[Any], session.execute(statement)).rowcount == 1:
        job_queue.enqueue(session, JOB, str(report_id), now)


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
    return _order(*found)


def list_orders(session: Session, assessment: Assessment) -> tuple[Order, ...]:
    """The reports that were ordered of an assessment, newest first."""
    rows = session.scalars(
        select(ReportRender).where(ReportRender.assessment_id == assessment.id).order_by(ReportRender.id.desc())
    )
    return tuple(_order(row, assessment, assessment.firm) for row in rows)


def _order(row: ReportRender, assessment: Assessment, firm: Firm) -> Order:
    frozen = Snapshot.from_json(assessment.frozen or {"profile": {}, "answers": {}, "notes": {}, "wishes": {}})
    return Order(
        id=row.id,
        assessment_id=row.assessment_id,
        questionnaire=f"{assessment.questionnaire_id}@{assessment.questionnaire_version}",
        language=row.language,
        firm=firm.name,
        country=firm.country,
        submitted_at=assessment.submitted_at,
        snapshot=Snapshot(frozen.answers, frozen.notes, wishes_from_json(row.wishes)),
        frozen_scores=assessment.scores or {},
        scoring_version=assessment.scoring_version or "",
        state=row.state,
        progress=row.progress,
        artifact_sha256=row.artifact_sha256,
        artifact_bytes=row.artifact_bytes,
        requested_at=row.requested_at,
    )


def note_progress(session: Session, report_id: int, step: str) -> None:
    """Say which step of the making is under way: scoring, drawing or storing."""
    session.execute(
        update(ReportRender)
        .where(ReportRender.id == report_id, ReportRender.state != "done")
        .values(state="running", progress=step)
    )


def note_stored(session: Session, report_id: int, artifact_sha256: str) -> None:
    """Say that the file is about to be there; the report is done once `note_done` says so.

    Raises:
        ReportNotFound: the report is gone, with its firm.
    """
    row = session.get(ReportRender, report_id, with_for_update=True)
    if row is None:
        raise ReportNotFound
    row.artifact_sha256 = artifact_sha256
    if row.state != "done":
        row.state, row.progress = "running", "storing"
    session.flush()


def note_done(session: Session, report_id: int, artifact_sha256: str, size: int, now: datetime) -> None:
    """Say that the report is made and where it lies."""
    session.execute(
        update(ReportRender)
        .where(ReportRender.id == report_id)
        .values(state="done", progress="", artifact_sha256=artifact_sha256, artifact_bytes=size, finished_at=now)
    )


def note_failed(session: Session, report_id: int, problem: str, now: datetime) -> None:
    """Say that the report could not be made, after every attempt."""
    session.execute(
        update(ReportRender)
        .where(ReportRender.id == report_id)
        .values(state="failed", progress="", problem=problem, finished_at=now)
    )
