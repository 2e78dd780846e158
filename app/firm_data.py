"""A firm's own data: the ZIP with all of it, and its erasure from the database and the folder of files."""

from collections.abc import Sequence
from datetime import datetime
from typing import IO

from sqlalchemy.orm import Session

from app import artifacts
from app.settings import Settings
from app.templating import environment_of
from assessment import firm_erasure, firm_export
from assessment.firm_erasure import Erased
from assessment.firm_export import EVIDENCE, REPORT, Folders, StoredFile, tables_of_assessments
from assessment.firms import FirmAccess

EXPLAINED = frozenset(
    {
        "answer", "answer_revision", "answer_conflict", "answer_operation", "respondent", "evidence",
        "past_submission", "version_move", "action_progress", "report_render",
    }
)  # fmt: skip


def write_export(
    settings: Settings,
    session: Session,
    access: FirmAccess,
    files: Sequence[StoredFile],
    language: str,
    now: datetime,
    target: IO[bytes],
) -> None:
    """The ZIP of a firm, explained in a language."""
    readme = (
        environment_of(language)
        .get_template("firm_export.txt")
        .render(
            firm=access.firm.name,
            made=now.isoformat(timespec="minutes"),
            service=settings.public_url,
            others=sorted(table.name for table in tables_of_assessments() if table.name not in EXPLAINED),
        )
    )
    firm_export.write_export(session, access.firm, files, _folders(settings), readme, now, target)


def erase(settings: Settings, session: Session, access: FirmAccess) -> Erased:
    """Erase a firm with its files; see `firm_erasure.erase`."""
    folders = _folders(settings)
    return firm_erasure.erase(session, access.firm, lambda kind, sha256: artifacts.remove(folders[kind], sha256))


def _folders(settings: Settings) -> Folders:
    return {EVIDENCE: settings.artifacts / "evidence", REPORT: settings.artifacts}
