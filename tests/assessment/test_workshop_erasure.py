"""A workshop is deleted whole: nothing of it is left in any table, and another one is untouched."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessment import job_queue, users, workshop_erasure
from assessment.tables import Job, Table, WorkshopReport
from assessment.workshop_erasure import OtherNameTyped
from assessment.workshop_reports import JOB
from tests.assessment.rooms import room
from tests.factories import NOW


def counted(session: Session) -> dict[str, int]:
    return {t.name: session.scalar(select(func.count()).select_from(t)) or 0 for t in Table.metadata.sorted_tables}


def report(session: Session, workshop_id: int, sha256: str) -> None:
    values = {"kind": "pdf", "language": "en", "record": {}, "record_sha256": sha256, "template_version": "1"}
    row = WorkshopReport(workshop_id=workshop_id, state="done", requested_at=NOW, artifact_sha256=sha256, **values)
    session.add(row)
    session.flush()
    job_queue.enqueue(session, JOB, str(row.id), NOW)


def test_nothing_of_a_deleted_workshop_is_left(session: Session) -> None:
    amina = users.register(session, "amina@example.org", NOW)
    other = room(session, user_id=amina.id)
    report(session, other.workshop.id, "b" * 64)
    before = counted(session)
    there = room(session, user_id=amina.id)
    report(session, there.workshop.id, "a" * 64)
    report(session, there.workshop.id, "b" * 64)
    gone: list[str] = []
    workshop_erasure.erase(session, there.workshop, gone.append, NOW)

    session.expire_all()
    assert counted(session) == before
    assert gone == ["a" * 64]  # what another workshop's report is stored under stays
    assert session.scalar(select(func.count()).select_from(Job)) == 1


def test_it_takes_the_name(session: Session) -> None:
    there = room(session, name="Mango chain")
    workshop_erasure.confirm(there.workshop, " mango  CHAIN ")
    with pytest.raises(OtherNameTyped):
        workshop_erasure.confirm(there.workshop, "Mango")
