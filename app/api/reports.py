"""Reports by JSON: ordered, watched while they are made, and taken home."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import FileResponse, Response

from app import artifacts, firm_results
from app.api.needs import needs
from app.api.replies import file_reply, made, page_of, reply
from app.api.shapes import After, Key, Limit, Number, Page, Reply
from app.api.strict_json import StrictRoute
from app.api.wishes import WishesBody, wanted
from app.database_session import DatabaseSession
from app.dependencies import Now, OpenedByManager
from app.report_files import disposition, file_name, is_there, told_of
from app.settings import Settings
from assessment import report_orders
from assessment.api_tokens import MANAGE, READ
from assessment.errors import N_, Invalid
from assessment.report_orders import Order
from assessment.report_states import ReportNotFound

router = APIRouter(prefix="/assessments/{key}/reports", route_class=StrictRoute, tags=["Reports"])
FILE = {"schema": {"type": "string", "format": "binary"}}
PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": FILE}}}


class OrderBody(WishesBody):
    """A report to order: its language, and the wishes of its plan where it is not the kept one."""

    language: Annotated[str, Field(max_length=16, pattern="^[A-Za-z-]+$", examples=["en"])]


class ReportReply(Reply):
    """A report on order; `is_ready` when its file can be taken home."""

    number: int
    language: str
    state: Literal["queued", "running", "done", "failed"]
    step: str
    is_ready: bool
    size: int | None
    sha256: str | None
    ordered_at: datetime


def _shown(request: Request, order: Order) -> ReportReply:
    return ReportReply.model_validate(
        {
            "number": order.id,
            "language": order.language,
            "state": order.state,
            "step": order.progress,
            "is_ready": order.state == "done" and is_there(request, order),
            "size": order.artifact_bytes,
            "sha256": order.artifact_sha256,
            "ordered_at": order.requested_at,
        }
    )


@router.get("", response_model=Page[ReportReply], openapi_extra=needs(READ, 404))
def list_reports(
    request: Request, session: DatabaseSession, key: Key, opened: OpenedByManager, after: After = 0, limit: Limit = 50
) -> Response:
    """The reports of the present submission."""
    found = report_orders.list_orders(session, opened.row) if opened.is_submitted else ()
    return page_of(request, [_shown(request, each) for each in found], [each.id for each in found], after, limit)


@router.post("", response_model=ReportReply, status_code=201, openapi_extra=needs(MANAGE, 404, 409))
def order_report(
    request: Request, session: DatabaseSession, key: Key, opened: OpenedByManager, sent: OrderBody, now: Now
) -> Response:
    """Order a report of what was submitted; the same order again is the same report."""
    if sent.language not in {each.code for each in firm_results.report_languages()}:
        raise Invalid(N_("There are no reports in this language yet. Choose one that is offered."))
    asks = wanted(opened, WishesBody(**sent.model_dump(exclude={"language"})))
    version, told = firm_results.template_version(), told_of(request, session, opened, asks.target, now, sent.language)
    number = report_orders.order(session, opened.row, sent.language, asks.wishes, version, now, told=told)
    order = report_orders.get_order(session, number, opened.row)
    if order.state == "done" and not is_there(request, order):
        report_orders.order_again(session, number, now)
        session.expire_all()
        order = report_orders.get_order(session, number, opened.row)
    return made(request, _shown(request, order), f"/api/v1/assessments/{key}/reports/{number}")


@router.get("/{number}", response_model=ReportReply, openapi_extra=needs(READ, 404))
def show_report(
    request: Request, session: DatabaseSession, key: Key, opened: OpenedByManager, number: Number
) -> Response:
    """Where a report stands."""
    return reply(request, _shown(request, report_orders.get_order(session, number, opened.row)))


@router.get("/{number}/file", response_class=FileResponse, responses=PDF, openapi_extra=needs(READ, 404))
def download_report(
    request: Request, session: DatabaseSession, key: Key, opened: OpenedByManager, number: Number
) -> Response:
    """A report as a PDF, once it is ready."""
    order = report_orders.get_order(session, number, opened.row)
    if order.artifact_sha256 is None or not is_there(request, order):
        raise ReportNotFound
    settings: Settings = request.app.state.settings
    path = artifacts.path_of(settings.artifacts, order.artifact_sha256)
    headers = {"content-disposition": disposition(file_name(order))}
    return file_reply(request, path, order.artifact_sha256, "application/pdf", headers)
