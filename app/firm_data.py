"""A firm's own data: the ZIP with all of it, and its erasure from the database and the folder of files."""

import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import IO

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask
from starlette.responses import Response, StreamingResponse

from app import artifacts
from app.firm_results import Kept
from app.settings import Settings
from app.templating import environment_of
from assessment import firm_erasure, firm_export
from assessment.errors import N_, Conflict
from assessment.firm_erasure import Erased
from assessment.firm_export import EVIDENCE, REPORT, Folders, StoredFile, tables_of_assessments
from assessment.firms import FirmAccess

PIECE = 256 * 1024
IN_MEMORY = 8 * 1024 * 1024
ONE_AT_A_TIME = threading.Lock()
EXPLAINED = frozenset(
    {
        "answer", "answer_revision", "answer_conflict", "answer_operation", "respondent", "evidence",
        "past_submission", "version_move", "action_progress", "report_render",
    }
)  # fmt: skip


class ExportUnderWay(Conflict):
    """Putting a ZIP together takes the machine's time; one at a time is enough."""

    def __init__(self) -> None:
        super().__init__(N_("Another firm's data is being put together. Try again in a minute."))


@contextmanager
def alone() -> Iterator[None]:
    if not ONE_AT_A_TIME.acquire(blocking=False):
        raise ExportUnderWay
    try:
        yield
    finally:
        ONE_AT_A_TIME.release()


def export(settings: Settings, session: Session, access: FirmAccess, language: str, now: datetime) -> IO[bytes]:
    """The ZIP, put together before the first byte leaves: a broken-off file would look like a whole one.

    Raises:
        ExportTooLarge: its files are more than is handed out.
        ExportUnderWay: another one is being put together.
    """
    files = firm_export.files_of(session, access.firm.id)
    firm_export.refuse_too_large(files)
    with alone():
        archive = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  closed when it has been sent
        try:
            write_export(settings, session, access, files, language, now, archive)
        except BaseException:
            archive.close()
            raise
    return archive


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


def export_reply(archive: IO[bytes], access: FirmAccess, now: datetime, **headers: str) -> Response:
    """A ZIP that is put together, to be saved; it is thrown away once it is sent."""
    size = archive.seek(0, os.SEEK_END)
    archive.seek(0)
    headers = {
        "content-disposition": f'attachment; filename="firm-{access.firm.id}-{now:%Y-%m-%d}.zip"',
        "content-length": str(size),
        "cache-control": "no-store",
        **headers,
    }
    done = BackgroundTask(archive.close)
    return StreamingResponse(pieces(archive), media_type="application/zip", headers=headers, background=done)


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def erase(settings: Settings, session: Session, access: FirmAccess) -> Erased:
    """Erase a firm with its files; see `firm_erasure.erase`."""
    folders = _folders(settings)
    return firm_erasure.erase(session, access.firm, lambda kind, sha256: artifacts.remove(folders[kind], sha256))


def erase_confirmed(request: Request, session: Session, access: FirmAccess, name: str) -> None:
    """Erase a firm whose name was typed, also from what the service has in memory.

    Raises:
        NameDiffers: it is not its name.
    """
    firm_erasure.confirm(access.firm, name)
    erase(request.app.state.settings, session, access)
    request.app.state.kept = Kept()  # results of the firm that were worked out already


def _folders(settings: Settings) -> Folders:
    return {EVIDENCE: settings.artifacts / "evidence", REPORT: settings.artifacts}
