"""A workshop is deleted, with everything that was said in it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assessment import workshop_events
from assessment.errors import N_, Invalid
from assessment.tables import Job, ReportRender, Workshop, WorkshopReport
from assessment.workshop_reports import JOB


class OtherNameTyped(Invalid):
    """To delete a workshop takes its name, so that no slip of a finger does it."""

    def __init__(self) -> None:
        super().__init__(N_("This is not the name of the workshop. Type it as it is shown."))


def confirm(workshop: Workshop, typed: str) -> None:
    """Raises OtherNameTyped unless the workshop's name was typed."""
    if " ".join(typed.split()).casefold() != workshop.name.casefold():
        raise OtherNameTyped


def erase(session: Session, workshop: Workshop, remove_file: Callable[[str], None], now: datetime) -> None:
    """Delete a workshop. `remove_file` is called with the hash of each report that nothing else is stored under.

    The files go first and the rows with the commit: when that fails the workshop is still there, and is deleted again.
    What its priorities have taught is forgotten with the next learning. The caller holds its row.
    """
    workshop_events.note(session, workshop, "removed", now)  # pages that follow it look again, and find nothing
    theirs = WorkshopReport.workshop_id == workshop.id
    # Deleting tells the hash as it is by then: a report may have been finished since we looked.
    columns = WorkshopReport.id, WorkshopReport.artifact_sha256
    found = session.execute(delete(WorkshopReport).where(theirs).returning(*columns)).all()
    session.execute(delete(Job).where(Job.kind == JOB, Job.key.in_(str(id) for id, _ in found)))
    session.execute(delete(Workshop).where(Workshop.id == workshop.id))
    session.flush()
    made = {sha256 for _, sha256 in found if sha256}
    used: set[str | None] = set()
    for column in (WorkshopReport.artifact_sha256, ReportRender.artifact_sha256):
        used |= set(session.scalars(select(column).where(column.in_(made))))
    for sha256 in sorted(made - used):
        remove_file(sha256)
