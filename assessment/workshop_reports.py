"""Reports of workshops on order: one row for each that was asked for, with the record it is made of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from assessment.errors import N_, Invalid
from assessment.report_states import LARGEST_ID, ReportNotFound, ReportRows
from assessment.tables import Workshop, WorkshopReport
from assessment.workshop_record import Record, record_sha256

JOB = "workshop_report"
KINDS = ("pdf", "xlsx")
MOST_SHOWN = 20
ROWS = ReportRows(WorkshopReport, JOB)
order_again, note_failed = ROWS.order_again, ROWS.note_failed
note_progress, note_stored, note_done = ROWS.note_progress, ROWS.note_stored, ROWS.note_done


class NoSuchKind(Invalid):
    """A report is a PDF or a workbook."""

    def __init__(self) -> None:
        super().__init__(N_("Choose a report as PDF or a workbook as XLSX."))


@dataclass(frozen=True, slots=True)
class WorkshopOrder:
    """A report on order: where it stands, and what it is made of (`record`, empty in lists)."""

    id: int
    kind: str
    language: str
    record: dict[str, Any]
    record_sha256: str
    state: str
    progress: str
    artifact_sha256: str | None
    artifact_bytes: int | None
    requested_at: datetime


def order(
    session: Session,
    workshop: Workshop,
    record: Record,
    kind: str,
    language: str,
    template_version: str,
    now: datetime,
) -> int:
    """Order a report of the workshop as its record tells it; the same again is the same number and makes nothing new.

    Raises:
        NoSuchKind
    """
    if kind not in KINDS:
        raise NoSuchKind
    wanted = {
        "workshop_id": workshop.id,
        "record_sha256": record_sha256(record),
        "template_version": template_version,
        "language": language,
        "kind": kind,
    }
    present = session.scalars(select(WorkshopReport).filter_by(**wanted)).one_or_none()
    if present is not None and present.state != "failed":
        return present.id
    present = present or WorkshopReport(**wanted, record=dict(record))
    ROWS.put_in_queue(session, present, now)
    return present.id


def get_order(session: Session, report_id: int, workshop: Workshop | None = None) -> WorkshopOrder:
    """One report on order; with `workshop`, only if it is one of its own.

    Raises:
        ReportNotFound: there is none.
    """
    row = session.get(WorkshopReport, report_id) if 0 < report_id < LARGEST_ID else None
    if row is None or (workshop is not None and row.workshop_id != workshop.id):
        raise ReportNotFound
    return _order(row, row.record)


def list_orders(session: Session, workshop: Workshop) -> tuple[WorkshopOrder, ...]:
    """The newest reports that were ordered of a workshop, without what they are made of."""
    query = select(WorkshopReport).where(WorkshopReport.workshop_id == workshop.id)
    query = query.options(defer(WorkshopReport.record)).order_by(WorkshopReport.id.desc()).limit(MOST_SHOWN)
    return tuple(_order(row, {}) for row in session.scalars(query))


def _order(row: WorkshopReport, record: dict[str, Any]) -> WorkshopOrder:
    return WorkshopOrder(
        id=row.id,
        kind=row.kind,
        language=row.language,
        record=record,
        record_sha256=row.record_sha256,
        state=row.state,
        progress=row.progress,
        artifact_sha256=row.artifact_sha256,
        artifact_bytes=row.artifact_bytes,
        requested_at=row.requested_at,
    )
