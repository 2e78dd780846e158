"""Imports of a programme: send a sheet of firms or of the register, see every problem, then take it in."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.background import BackgroundTask
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response, StreamingResponse

from app import artifacts, import_files
from app.database import Database
from app.database_session import DatabaseSession
from app.dependencies import NotSignedIn, Now, find_person, present_moment
from app.forms import LARGEST_FIELD, Problem, SentForm, refuse_foreign
from app.import_files import LARGEST_FILE, import_folder
from app.import_words import failure_of, problems_csv, template_csv, template_xlsx
from app.programme_doors import OfficerProgramme, definition_of
from app.received_files import NoFile
from app.report_files import disposition, named
from app.settings import Settings
from app.templating import page
from assessment import import_orders, programme_access
from assessment.case_states import OFFICER
from assessment.errors import N_, Invalid, NotFound
from assessment.import_orders import FIRMS, REGISTER
from assessment.import_problems import MOST_KEPT, RowProblem

router = APIRouter(prefix="/programmes/{programme}/imports")
uploading = APIRouter(prefix="/programmes/{programme}/imports")  # its form brings a file, so its route reads it itself
KINDS = (FIRMS, REGISTER)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


class FileTooLarge(Invalid):
    """More than we take by a form."""

    def __init__(self) -> None:
        super().__init__(N_("The file is larger than 200 MB. Send it in parts, or ask those who run the service."))


class NoProblemsKept(NotFound):
    """There is no file of problems."""

    def __init__(self) -> None:
        super().__init__(N_("No problems were found in this file, or they were forgotten."))


@dataclass(frozen=True, slots=True)
class SentSheet:
    """A sheet that lies in the folder of imports, and awaits its row."""

    kind: str
    name: str
    content_sha256: str


async def receive_sheet(request: Request, programme: str) -> SentSheet:
    """See whether the person may send a file at all, then read and store it, without holding the database."""
    await _look_ahead(request, programme)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(415)
    form = await request.form(max_files=1, max_fields=4, max_part_size=LARGEST_FIELD)
    try:
        texts = {name: tuple(v for v in form.getlist(name) if isinstance(v, str)) for name in form}
        sent = SentForm(texts)
        refuse_foreign(request, sent)
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename or not file.size:
            raise NoFile
        if file.size > LARGEST_FILE:
            raise FileTooLarge
        settings: Settings = request.app.state.settings
        sha256 = await run_in_threadpool(import_files.store, import_folder(settings), file.file)
        kind = sent.text("kind")
        return SentSheet(kind if kind in KINDS else FIRMS, file.filename, sha256)
    finally:
        await form.close()


ReceivedSheet = Annotated[SentSheet, Depends(receive_sheet, scope="function")]


async def _look_ahead(request: Request, programme: str) -> None:
    database: Database = request.app.state.database
    async with database.turn(writing=False) as session:

        def look() -> None:
            person = find_person(request, session, present_moment())
            if person is None:
                raise NotSignedIn
            found = programme_access.open_programme(session, programme, person.user_id, OFFICER)
            import_orders.may_order(session, found.programme.id)

        await run_in_threadpool(look)


@router.get("")
def show_imports(request: Request, session: DatabaseSession, membership: OfficerProgramme) -> Response:
    programme = membership.programme
    return page(
        request,
        "imports.html",
        membership=membership,
        orders=import_orders.list_orders(session, programme.id),
        under_way=import_orders.UNDER_WAY,
    )


@uploading.post("", max_body_size=LARGEST_FILE + 64 * 1024)
def send_sheet(
    request: Request, received: ReceivedSheet, session: DatabaseSession, membership: OfficerProgramme, now: Now
) -> Response:
    """Have a sheet looked at; nothing of it is taken in before somebody says so."""
    row = import_orders.order(
        session, membership.programme.id, received.kind, received.name, received.content_sha256, membership.user_id, now
    )
    return _see(membership.programme.id, row.id)


@router.get("/template-{kind}.{ending}")
def download_template(request: Request, membership: OfficerProgramme, kind: str, ending: str, now: Now) -> Response:
    """An empty sheet with the right columns; the workbook explains each of them on a second one."""
    if kind not in KINDS or ending not in ("csv", "xlsx"):
        raise HTTPException(404)
    definition = definition_of(request, membership.programme)
    if ending == "csv":
        made, media_type = template_csv(kind, definition), CSV
    else:
        made, media_type = template_xlsx(request, kind, definition, now.date().isoformat()), XLSX
    headers = {"content-disposition": disposition(named(membership.programme.name, kind, kind=ending))}
    return Response(made, media_type=media_type, headers=headers)


@router.get("/{number}")
def show_import(request: Request, session: DatabaseSession, membership: OfficerProgramme, number: str) -> Response:
    order = import_orders.get_order(session, membership.programme.id, number)
    return page(
        request,
        "import.html",
        membership=membership,
        order=order,
        is_under_way=order.state in import_orders.UNDER_WAY,
        is_ready=import_orders.is_ready(order),
        problems=[RowProblem.from_json(each) for each in order.first_problems],
        most=MOST_KEPT,
        failure=Problem(*failure_of(order)),
    )


@router.get("/{number}/problems.csv")
def download_problems(
    request: Request, session: DatabaseSession, membership: OfficerProgramme, number: str
) -> Response:
    order = import_orders.get_order(session, membership.programme.id, number)
    settings: Settings = request.app.state.settings
    path = artifacts.path_of(import_folder(settings), order.problems_sha256 or "-")
    if not path.is_file():
        raise NoProblemsKept
    headers = {"content-disposition": disposition(named(membership.programme.name, "problems", number, kind="csv"))}
    return StreamingResponse(problems_csv(request, path), media_type=CSV, headers=headers)


@router.post("/{number}/take")
def take_in(session: DatabaseSession, membership: OfficerProgramme, number: str, now: Now) -> Response:
    """Have a sheet without problems taken in."""
    order = import_orders.get_order(session, membership.programme.id, number, for_change=True)
    import_orders.take(session, order, now)
    return _see(membership.programme.id, order.id)


@router.post("/{number}/discard")
def discard(request: Request, session: DatabaseSession, membership: OfficerProgramme, number: str) -> Response:
    """Forget a sheet that was not taken in; its files go once this is committed."""
    order = import_orders.get_order(session, membership.programme.id, number, for_change=True)
    files = order.content_sha256, order.problems_sha256
    import_orders.discard(session, order)
    response = RedirectResponse(f"/programmes/{membership.programme.id}/imports", status_code=303)
    database, settings = request.app.state.database, request.app.state.settings
    response.background = BackgroundTask(import_files.delete_unneeded, database, settings, *files)
    return response


def _see(programme_id: int, number: int) -> Response:
    return RedirectResponse(f"/programmes/{programme_id}/imports/{number}", status_code=303)
