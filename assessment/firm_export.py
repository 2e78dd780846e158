"""All that is kept of a firm, as one ZIP: for itself, for its adviser, or for another service.

Whatever table belongs to an assessment is in it, also one that is added later. What opens something is not: the hashes
of links and codes.
"""

import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import ColumnElement, RowMapping, or_, select
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import Session

from assessment import case_history
from assessment.csv_sheets import sheet
from assessment.errors import N_, Conflict
from assessment.firm_people import list_people
from assessment.particulars import FIELDS
from assessment.tables import (
    Assessment,
    DemandFirm,
    Evidence,
    Firm,
    PastSubmission,
    ProgrammeCase,
    ReportRender,
    Respondent,
    SharedDemand,
    Table,
)

FORMAT = 1  # counts the changes that a reader of the file would have to know of
SELF_SERVICE_BYTES = 300 * 1024 * 1024
EVIDENCE, REPORT = "evidence", "report"
Folders = Mapping[str, Path]  # kind of file -> where those are, each named by its content's hash
SECRETS = frozenset({"token_sha256", "body_sha256"})


class ExportTooLarge(Conflict):
    """The files are more than a page hands out."""

    def __init__(self, size: int) -> None:
        super().__init__(
            N_("The firm's files are too large to download here: %(size)d MB. Ask those who run this service."),
            size=size // 1024**2,
        )


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the firm: its place in the ZIP, whether it is evidence or a report, and its content's hash."""

    name: str
    kind: str  # evidence | report: each kind has a folder of its own
    sha256: str
    size: int


def tables_of_assessments() -> tuple[SqlTable, ...]:
    """Every table whose rows belong to an assessment."""
    return tuple(
        table
        for table in Table.metadata.sorted_tables
        if "assessment_id" in table.columns
        and any(
            key.column.table.name == Assessment.__tablename__ for key in table.columns["assessment_id"].foreign_keys
        )
    )


def files_of(session: Session, firm_id: int) -> tuple[StoredFile, ...]:
    """A firm's evidence and finished reports."""
    ours = select(Assessment.id).where(*_told(firm_id))
    evidence = session.execute(
        select(Evidence.assessment_id, Evidence.id, Evidence.name, Evidence.content_sha256, Evidence.size)
        .where(Evidence.assessment_id.in_(ours), Evidence.removed_at.is_(None))
        .order_by(Evidence.id)
    )
    reports = session.execute(
        select(ReportRender.assessment_id, ReportRender.id, ReportRender.language, ReportRender.artifact_sha256)
        .add_columns(ReportRender.artifact_bytes)
        .where(ReportRender.assessment_id.in_(ours), ReportRender.artifact_sha256.is_not(None))
        .order_by(ReportRender.id)
    )
    return (
        *(StoredFile(f"evidence/{a}/{id}-{_plain(name)}", EVIDENCE, sha, size) for a, id, name, sha, size in evidence),
        *(
            StoredFile(f"reports/{a}/{id}-{_plain(language)}.pdf", REPORT, sha, size or 0)
            for a, id, language, sha, size in reports
        ),
    )


def refuse_too_large(files: Iterable[StoredFile]) -> None:
    """Raises ExportTooLarge when a page should not hand out so much."""
    size = sum(each.size for each in files)
    if size > SELF_SERVICE_BYTES:
        raise ExportTooLarge(size)


def write_export(
    session: Session,
    firm: Firm,
    files: Sequence[StoredFile],
    folders: Folders,
    readme: str,
    now: datetime,
    target: IO[bytes],
) -> None:
    """Write the ZIP. A file that is not in its folder any more is named in `missing.txt`."""
    tables = _tables(session, firm)
    document = {
        "format": FORMAT,
        "exported_at": now.isoformat(),
        "firm": tables["firm"][0],
        **{name: rows for name, rows in tables.items() if name != "firm"},
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr("README.txt", readme)
        archive.writestr("firm.json", json.dumps(document, ensure_ascii=False, indent=1, default=_as_text))
        for name, rows in tables.items():
            columns = list(rows[0]) if rows else _columns(name)
            archive.writestr(f"csv/{name}.csv", sheet(columns, ({k: _flat(v) for k, v in r.items()} for r in rows)))
        missing = [each.name for each in files if not _add(archive, folders[each.kind] / each.sha256, each)]
        if missing:
            archive.writestr("missing.txt", "\n".join(missing) + "\n")


def _tables(session: Session, firm: Firm) -> dict[str, list[dict[str, Any]]]:
    """Each table's rows as plain values, by the name of its file."""
    names = {r.id: r.name for r in _respondents(session, firm.id)}
    # What went back to an assessor is between them and others.
    ours = select(Assessment.id).where(*_told(firm.id))
    own = select(Assessment.id).where(Assessment.firm_id == firm.id, Assessment.verifies_id.is_(None))
    found: dict[str, list[dict[str, Any]]] = {
        "firm": [
            {
                "id": firm.id,
                **{n: getattr(firm, n) for n in (*FIELDS, "enterprise_group")},
                "created_at": firm.created_at,
            }
        ],
        "people": [{"email": p.email, "role": p.role, "since": p.since} for p in list_people(session, firm.id)],
        "assessment": [
            _row(r, names)
            for r in session.execute(
                select(Assessment.__table__).where(*_told(firm.id)).order_by(Assessment.id)
            ).mappings()
        ],
    }
    for table in tables_of_assessments():
        whose = own if table.name == PastSubmission.__tablename__ else ours
        query = select(table).where(table.columns["assessment_id"].in_(whose)).order_by(*table.primary_key.columns)
        found[table.name] = [_row(r, names) for r in session.execute(query).mappings()]
    return found | _cases(session, firm)


def _cases(session: Session, firm: Firm) -> dict[str, list[dict[str, Any]]]:
    """Its cases in programmes with what has happened to them as the firm is told, and what it was asked to join."""
    cases = select(ProgrammeCase.__table__).where(ProgrammeCase.firm_id == firm.id).order_by(ProgrammeCase.id)
    rows = [_row(r, {}) for r in session.execute(cases).mappings()]
    asked = (
        select(*(DemandFirm.__table__.columns[name] for name in ("demand_id", "says", "said_at")))
        .add_columns(*(SharedDemand.__table__.columns[name] for name in ("action_id", "text", "state", "created_at")))
        .join(SharedDemand, SharedDemand.id == DemandFirm.demand_id)
        .where(DemandFirm.firm_id == firm.id)
        .order_by(DemandFirm.id)
    )
    demand = [_row(r, {}) for r in session.execute(asked).mappings()]
    return {"programme_case": rows, "case_event": case_history.list_told(session, firm.id), "demand_firm": demand}


def _told(firm_id: int) -> tuple[ColumnElement[bool], ...]:
    """A firm's assessments, and what assessors found of it once they have handed in; nobody reads it before."""
    return Assessment.firm_id == firm_id, or_(Assessment.verifies_id.is_(None), Assessment.state == "submitted")


def _respondents(session: Session, firm_id: int) -> Sequence[Respondent]:
    query = select(Respondent).join(Assessment, Respondent.assessment_id == Assessment.id)
    return session.scalars(query.where(*_told(firm_id))).all()


def _row(row: RowMapping, names: Mapping[int, str]) -> dict[str, Any]:
    """One row without what opens something; beside the number of a respondent stands their name."""
    found = {name: value for name, value in row.items() if name not in SECRETS}
    if "respondent_id" in found:
        found["respondent"] = names.get(found["respondent_id"] or 0, "")
    return found


def _columns(name: str) -> list[str]:
    table = Table.metadata.tables.get(name)
    return [c for c in table.columns.keys() if c not in SECRETS] if table is not None else ["email", "role", "since"]  # noqa: SIM118


def _flat(value: Any) -> Any:
    return _as_text(value) if isinstance(value, datetime | bytes) else value


def _as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value).__name__} has no place in an export")


def _add(archive: zipfile.ZipFile, path: Path, file: StoredFile) -> bool:
    if not path.is_file():
        return False
    archive.write(path, file.name, zipfile.ZIP_STORED)
    return True


def _plain(name: str) -> str:
    """A file's name that means the same on every system, and leads nowhere else."""
    return re.sub(r"[^\w.-]+", "_", name).lstrip(".")[-80:] or "file"
