"""Reports on order: ask for one, watch it being made, take it home."""

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, RedirectResponse, Response

from app import artifacts, firm_results, plan_form
from app.database_session import DatabaseSession
from app.dependencies import Now, OpenedByManager
from app.forms import Sent
from app.report_files import disposition, file_name, is_there, told_of
from app.report_steps import steps_of, words_of
from app.settings import Settings
from app.templating import page
from assessment import plans, report_orders
from assessment.errors import N_, Invalid
from assessment.report_states import ReportNotFound
from questionnaires.languages import language

router = APIRouter(prefix="/a/{key}/reports")


@router.post("")
def order_report(request: Request, session: DatabaseSession, opened: OpenedByManager, sent: Sent, now: Now) -> Response:
    """Order a report; the same again is the same report, unless its file is gone."""
    code = sent.text("language")
    if code not in {each.code for each in firm_results.report_languages()}:
        raise Invalid(N_("There are no reports in this language yet. Choose one that is offered."))
    wanted = plan_form.wanted(opened.definition, plans.plan_of(opened.row, opened.definition), sent)
    number = report_orders.order(
        session,
        opened.row,
        code,
        wanted.wishes,
        firm_results.template_version(),
        now,
        told=told_of(request, session, opened, wanted.target, now, code),
    )
    found = report_orders.get_order(session, number, opened.row)
    if found.state == "done" and not is_there(request, found):
        report_orders.order_again(session, number, now)
    return RedirectResponse(f"{opened.link}/reports/{number}", status_code=303)


@router.post("/{report_id}/again")
def make_again(session: DatabaseSession, opened: OpenedByManager, report_id: int, now: Now) -> Response:
    """Make a report once more that could not be made, or whose file is gone."""
    found = report_orders.get_order(session, report_id, opened.row)
    report_orders.order_again(session, found.id, now)
    return RedirectResponse(f"{opened.link}/reports/{found.id}", status_code=303)


@router.get("/{report_id}")
def show_report(request: Request, session: DatabaseSession, opened: OpenedByManager, report_id: int) -> Response:
    order = report_orders.get_order(session, report_id, opened.row)
    return page(
        request,
        "report.html",
        opened=opened,
        order=order,
        is_lost=order.state == "done" and not is_there(request, order),
        report_language=language(order.language),
        megabytes=(order.artifact_bytes or 0) / 1_000_000,
        step=words_of(request, order),
        steps=steps_of(request, order),
    )


@router.get("/{report_id}/file")
def download_report(request: Request, session: DatabaseSession, opened: OpenedByManager, report_id: int) -> Response:
    order = report_orders.get_order(session, report_id, opened.row)
    if order.artifact_sha256 is None or not is_there(request, order):
        raise ReportNotFound
    settings: Settings = request.app.state.settings
    file = artifacts.path_of(settings.artifacts, order.artifact_sha256)
    headers = {"content-disposition": disposition(file_name(order))}
    return FileResponse(file, media_type="application/pdf", headers=headers)
