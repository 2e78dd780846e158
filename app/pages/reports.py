"""Reports on order: ask for one, watch it being made, take it home."""

import re
import unicodedata
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, RedirectResponse, Response

from app import artifacts, firm_results, plan_form
from app.database import DatabaseSession
from app.dependencies import Now, Opened, OpenedByManager
from app.forms import Sent
from app.report_steps import steps_of, words_of
from app.settings import Settings
from app.since import since_of
from app.templating import page
from assessment import assessments, plans, report_orders
from assessment.errors import N_, Invalid
from assessment.report_orders import Order, ReportNotFound
from assessment.snapshots import readiness_from_json
from assessment.told import Told
from questionnaires.languages import language
from scoring.gaps import Target

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
        told=told_of(request, session, opened, wanted.target, now),
    )
    found = report_orders.get_order(session, number, opened.row)
    if found.state == "done" and not is_there(request, found):
        report_orders.order_again(session, number, now)
    return RedirectResponse(f"{opened.link}/reports/{number}", status_code=303)


def told_of(request: Request, session: DatabaseSession, opened: Opened, target: Target, now: Now) -> Told:
    """How far the plan is, and what changed since last time, as of now."""
    if opened.row.scores is None:
        return Told(target)
    sheet = assessments.sheet_of(session, opened.row)
    scored = readiness_from_json(opened.row.scores, opened.questionnaire)
    return since_of(request, session, opened, sheet, scored).told(target, now)


def is_there(request: Request, order: Order) -> bool:
    settings: Settings = request.app.state.settings
    sha256 = order.artifact_sha256
    return sha256 is not None and artifacts.path_of(settings.artifacts, sha256).is_file()


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


def file_name(order: Order) -> str:
    """Firm, day and language; without anything that a file system or a header could mistake."""
    firm = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", order.firm)).strip("-.")[:60]
    day = order.submitted_at.date().isoformat() if order.submitted_at else ""
    return "-".join(part for part in ("Fourward", firm, day, order.language) if part) + ".pdf"


def disposition(name: str) -> str:
    """RFC 6266: a plain name for old programs, and the real one beside it."""
    plain = re.sub(r"-{2,}", "-", name.encode("ascii", "ignore").decode())
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
