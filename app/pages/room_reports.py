"""The report of a workshop: ordered as PDF or workbook, watched while it is made, taken home; its record at once."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, RedirectResponse, Response

from app import artifacts, firm_results
from app.database_session import DatabaseSession
from app.dependencies import Now
from app.firm_results import Kept
from app.forms import Sent
from app.report_files import disposition, is_there, named
from app.report_steps import steps_of, words_of
from app.settings import Settings
from app.templating import page
from app.workshop_doors import Led, LedWorkshop
from assessment import workshop_events, workshop_reports
from assessment.errors import N_, Invalid
from assessment.record_file import record_file
from assessment.report_states import ReportNotFound
from assessment.workshop_record import record_of
from assessment.workshop_reports import WorkshopOrder
from questionnaires.languages import LANGUAGES

router = APIRouter(prefix="/w/{key}/report")
MEDIA = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@router.get("")
def show_reports(request: Request, session: DatabaseSession, led: LedWorkshop) -> Response:
    found = workshop_reports.list_orders(session, led.row)
    orders = [
        {
            "order": order,
            "endonym": LANGUAGES[order.language].endonym,
            "words": words_of(request, order),
            "is_lost": order.state == "done" and not is_there(request, order),
            "megabytes": (order.artifact_bytes or 0) / 1_000_000,
        }
        for order in found
    ]
    return page(
        request,
        "room_reports.html",
        led=led,
        workshop=led.row,
        report_languages=firm_results.report_languages(),
        orders=orders,
        waiting=_waiting(request, found),
    )


def _waiting(request: Request, found: Sequence[WorkshopOrder]) -> dict[str, Any] | None:
    """How far the report is that is made next; None when all are made."""
    order = next((each for each in reversed(found) if each.state in ("queued", "running")), None)
    return None if order is None else {"words": words_of(request, order), "steps": steps_of(request, order)}


@router.post("")
def order_report(request: Request, session: DatabaseSession, led: LedWorkshop, sent: Sent, now: Now) -> Response:
    """Order a report of the workshop as it stands now; the same again is the same report, unless its file is gone."""
    code = sent.text("language")
    if code not in {each.code for each in firm_results.report_languages()}:
        raise Invalid(N_("There are no reports in this language yet. Choose one that is offered."))
    kept: Kept = request.app.state.kept
    record = record_of(session, led.row, led.definition, kept.get)
    version = firm_results.template_version()
    number = workshop_reports.order(session, led.row, record, sent.text("kind"), code, version, now)
    found = workshop_reports.get_order(session, number, led.row)
    if found.state == "done" and not is_there(request, found):
        workshop_reports.order_again(session, number, now)
    return _back(led)


@router.post("/{report_id}/again")
def make_again(session: DatabaseSession, led: LedWorkshop, report_id: int, now: Now) -> Response:
    """Make a report once more that could not be made, or whose file is gone."""
    workshop_reports.order_again(session, workshop_reports.get_order(session, report_id, led.row).id, now)
    return _back(led)


def _back(led: Led) -> Response:
    return RedirectResponse(f"{led.link}/report#orders", status_code=303)


@router.get("/{report_id}/file")
def download_report(request: Request, session: DatabaseSession, led: LedWorkshop, report_id: int) -> Response:
    order = workshop_reports.get_order(session, report_id, led.row)
    if order.artifact_sha256 is None or not is_there(request, order):
        raise ReportNotFound
    settings: Settings = request.app.state.settings
    file = artifacts.path_of(settings.artifacts, order.artifact_sha256)
    headers = {"content-disposition": disposition(file_name(order))}
    return FileResponse(file, media_type=MEDIA[order.kind], headers=headers)


def file_name(order: WorkshopOrder) -> str:
    """Workshop, day and language; without anything that a file system or a header could mistake."""
    workshop = order.record["workshop"]
    return named(workshop["name"], workshop["day"], order.language, kind=order.kind)


@router.get("/record.json")
def download_record(request: Request, session: DatabaseSession, led: LedWorkshop) -> Response:
    """The record as it stands, with what happened when; `fourward workshop verify` checks its figures."""
    kept: Kept = request.app.state.kept
    record = record_of(session, led.row, led.definition, kept.get)
    content = record_file(record, workshop_events.since(session, led.row.id, 0))
    name = named(led.row.name, record["workshop"]["day"], kind="json")
    return Response(content, media_type="application/json", headers={"content-disposition": disposition(name)})
