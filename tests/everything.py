"""A firm about which every table holds something, each text with a mark in it that is searched for afterwards."""

from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, Column, DateTime, Float, Integer, LargeBinary, String, insert, select
from sqlalchemy.orm import Session

from app import artifacts
from assessment import assessments, firms, job_queue, mails, roles, workshops
from assessment.access import RESPONDENT
from assessment.firm_export import tables_of_assessments
from assessment.particulars import Particulars
from assessment.tables import Moment, Programme, ProgrammeCall, ReportRender, Respondent, Table, User
from assessment.workshops import WorkshopPlan
from tests.factories import NOW, answered, tiny


def fill(session: Session, mark: str, folder: Path) -> int:
    """A firm with a row in every table; returns its number. The mark has at most four letters."""
    owner = User(email=f"{mark.lower()}@{mark.lower()}.example", name=f"{mark} owner", created_at=NOW)
    guest = User(email=f"guest@{mark.lower()}.example", created_at=NOW)
    session.add_all([owner, guest])
    session.flush()
    given = Particulars(name=f"{mark} Works", country="MY", registration_number=f"{mark}-77")
    firm = firms.register_for(session, owner.id, given, NOW)
    roles.grant(session, guest.id, RESPONDENT, firm.id, NOW)
    started, _ = assessments.start(session, firm, tiny().questionnaire, {"employees": 42}, NOW)
    answered(session, started, skills__training=2, machines__1="unknown")
    respondent = Respondent(assessment_id=started.id, user_id=owner.id, name=f"{mark} colleague", created_at=NOW)
    session.add(respondent)
    session.flush()
    # Of somebody else: it stays when the firm goes, without what the firm has brought to it.
    asked = tiny().questionnaire
    held = workshops.plan(session, asked, WorkshopPlan("Harbour round", workshops.askable(asked)), None, NOW).workshop
    of_programme = _programme(session) | {"firm_id": firm.id, "verification_id": None, "again_id": None}
    hashes = {
        "content_sha256": artifacts.store(folder / "evidence", f"{mark} evidence".encode()),
        "artifact_sha256": artifacts.store(folder, f"{mark} report".encode()),
    }
    for table in tables_of_assessments():
        row = {c.name: hashes.get(c.name) or _value(c, mark) for c in table.columns if not c.primary_key}
        row |= {n: respondent.id for n in ("respondent_id", "settled_by") if n in row}
        row |= {n: held.id for n in ("workshop_id",) if n in row}
        row |= {n: value for n, value in of_programme.items() if n in row}
        session.execute(insert(table).values({**row, "assessment_id": started.id, **_without(table.name)}))
    started.submitted_by, started.plan = f"{mark} boss", {"must": [mark]}
    report = session.scalars(select(ReportRender).where(ReportRender.assessment_id == started.id)).one()
    job_queue.enqueue(session, "report", str(report.id), NOW)
    mails.queue(session, owner.email, "Added", f"{mark}: https://x.example/firms/{firm.id}\n", NOW)
    session.flush()
    return firm.id


def _programme(session: Session) -> dict[str, Any]:
    """A programme with a call: it stays when a firm goes, without the firm's case."""
    asked, day = tiny().questionnaire, NOW.date().isoformat()
    programme = Programme(name="Readiness", country="MY", created_at=NOW, changed_at=NOW)
    programme.questionnaire_id, programme.questionnaire_version = asked.id, asked.version
    session.add(programme)
    session.flush()
    call = ProgrammeCall(programme_id=programme.id, title="First call", opens_on=day, closes_on=day, created_at=NOW)
    session.add(call)
    session.flush()
    return {"programme_id": programme.id, "call_id": call.id, "assessor_id": None, "owner_id": None}


def _without(table: str) -> dict[str, Any]:
    return {"user_id": None} if table == "respondent" else {"removed_at": None} if table == "evidence" else {}


def _value(column: Column[Any], mark: str) -> Any:
    kind = column.type
    if isinstance(kind, JSON):
        return {"text": mark}
    if isinstance(kind, Moment | DateTime):
        return NOW
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, Integer | Float):
        return 7
    if isinstance(kind, LargeBinary):
        return mark.encode()
    assert isinstance(kind, String), column
    return f"{mark}{column.name}"[: kind.length or 99]


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def dumped(session: Session) -> str:
    """Every value of every row of every table."""
    return "\n".join(
        str(tuple(row)) for table in Table.metadata.sorted_tables for row in session.execute(select(table))
    )
