"""Where a report on order stands, whichever table holds it: its row is the truth, whatever the queue says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from assessment import job_queue
from assessment.errors import N_, NotFound
from assessment.tables import ReportRender, WorkshopReport

LARGEST_ID = 2**31  # what an INTEGER holds on every database


class ReportNotFound(NotFound):
    """No report with this number belongs here."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such report here. Go back to the results and order it again."))


@dataclass(frozen=True, slots=True)
class ReportRows:
    """The rows of one kind of report, and the kind of job that makes them."""

    table: type[ReportRender] | type[WorkshopReport]
    job: str

    def put_in_queue(self, session: Session, row: ReportRender | WorkshopReport, now: datetime) -> None:
        """Have a report made that is new, or whose making has failed."""
        row.state, row.problem, row.requested_at = "queued", "", now
        session.add(row)
        session.flush()
        job_queue.enqueue(session, self.job, str(row.id), now)

    def order_again(self, session: Session, report_id: int, now: datetime) -> None:
        """Make a report once more, because its file is gone or it could not be made."""
        statement = (
            update(self.table)
            .where(self.table.id == report_id, self.table.state.in_(("done", "failed")))
            .values(state="queued", problem="", artifact_sha256=None, artifact_bytes=None, progress="")
        )
        if cast(CursorResult[Any], session.execute(statement)).rowcount == 1:
            job_queue.enqueue(session, self.job, str(report_id), now)

    def note_progress(self, session: Session, report_id: int, step: str) -> None:
        """Say which step of the making is under way: scoring, drawing or storing."""
        session.execute(
            update(self.table)
            .where(self.table.id == report_id, self.table.state != "done")
            .values(state="running", progress=step)
        )

    def note_stored(self, session: Session, report_id: int, artifact_sha256: str) -> None:
        """Say that the file is about to be there; the report is done once `note_done` says so.

        Raises:
            ReportNotFound: the report is gone, with what it is of.
        """
        row: Any = session.get(self.table, report_id, with_for_update=True)
        if row is None:
            raise ReportNotFound
        row.artifact_sha256 = artifact_sha256
        if row.state != "done":
            row.state, row.progress = "running", "storing"
        session.flush()

    def note_done(self, session: Session, report_id: int, artifact_sha256: str, size: int, now: datetime) -> None:
        """Say that the report is made and where it lies."""
        made = {"artifact_sha256": artifact_sha256, "artifact_bytes": size, "finished_at": now}
        session.execute(update(self.table).where(self.table.id == report_id).values(state="done", progress="", **made))

    def note_failed(self, session: Session, report_id: int, problem: str, now: datetime) -> None:
        """Say that the report could not be made, after every attempt."""
        session.execute(
            update(self.table)
            .where(self.table.id == report_id)
            .values(state="failed", progress="", problem=problem, finished_at=now)
        )
