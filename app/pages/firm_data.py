"""A firm takes its data with it, or erases itself."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from fastapi import APIRouter, Request
from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response, StreamingResponse

from app import firm_data
from app.database import DatabaseSession
from app.dependencies import Now, SignedInPerson
from app.firm_results import Kept
from app.forms import Problem, Sent
from app.settings import Settings
from app.templating import language_of, page
from assessment import firm_assessments, firm_erasure, firm_export, firms
from assessment.errors import N_, Conflict
from assessment.firm_erasure import NameDiffers
from assessment.firms import FirmAccess, OnlyManagers

router = APIRouter(prefix="/firms/{number}")
PIECE = 256 * 1024
IN_MEMORY = 8 * 1024 * 1024
ONE_AT_A_TIME = threading.Lock()


class ExportUnderWay(Conflict):
    """Putting a ZIP together takes the machine's time; one at a time is enough."""

    def __init__(self) -> None:
        super().__init__(N_("Another firm's data is being put together. Try again in a minute."))


@contextmanager
def _alone() -> Iterator[None]:
    if not ONE_AT_A_TIME.acquire(blocking=False):
        raise ExportUnderWay
    try:
        yield
    finally:
        ONE_AT_A_TIME.release()


def _managed(session: DatabaseSession, person: SignedInPerson, number: str) -> FirmAccess:
    access = firms.get_firm(session, person.user_id, number)
    if not access.may_manage:
        raise OnlyManagers
    return access


@router.get("/export")
def export_firm(request: Request, session: DatabaseSession, person: SignedInPerson, number: str, now: Now) -> Response:
    """The ZIP, put together on disk before the first byte leaves: a broken-off file would look like a whole one."""
    access = _managed(session, person, number)
    files = firm_export.files_of(session, access.firm.id)
    firm_export.refuse_too_large(files)
    settings: Settings = request.app.state.settings
    archive = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  closed when it has been sent
    with _alone():
        firm_data.write_export(settings, session, access, files, language_of(request).code, now, archive)
    size = archive.tell()
    archive.seek(0)
    headers = {
        "content-disposition": f'attachment; filename="firm-{access.firm.id}-{now:%Y-%m-%d}.zip"',
        "content-length": str(size),
        "cache-control": "no-store",
    }
    return StreamingResponse(
        _pieces(archive), media_type="application/zip", headers=headers, background=BackgroundTask(archive.close)
    )


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


@router.get("/erase")
def show_erasure(request: Request, session: DatabaseSession, person: SignedInPerson, number: str) -> Response:
    return _erasure_page(request, session, _managed(session, person, number), "", {}, 200)


def _erasure_page(
    request: Request,
    session: DatabaseSession,
    access: FirmAccess,
    typed: str,
    problems: dict[str, Problem],
    status: int,
) -> Response:
    return page(
        request,
        "firm_erase.html",
        status,
        firm=access.firm,
        assessments=firm_assessments.count_of(session, access.firm.id),
        files=len(firm_export.files_of(session, access.firm.id)),
        typed=typed,
        problems=problems,
    )


@router.post("/erase")
def erase_firm(request: Request, session: DatabaseSession, person: SignedInPerson, number: str, sent: Sent) -> Response:
    access = firms.get_firm(session, person.user_id, number, for_change=True)
    try:
        firm_erasure.confirm(access.firm, sent.text("name"))
    except NameDiffers as refusal:
        problems = {"name": Problem(refusal.message, refusal.values)}
        return _erasure_page(request, session, access, sent.text("name"), problems, 422)
    firm_data.erase(request.app.state.settings, session, access)
    request.app.state.kept = Kept()  # results of the firm that were worked out already
    return RedirectResponse("/firms?erased=1", status_code=303)
