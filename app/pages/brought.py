"""A firm brings its assessment to a workshop, knowing what is shown of it, and takes it back."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.browsers import network_of
from app.database_session import DatabaseSession
from app.dependencies import Now, Opened, OpenedByManager
from app.forms import Problem, Sent
from app.pages.join import WRONG_CODES
from app.templating import page
from assessment import attempts, workshop_access, workshop_firms
from assessment.errors import N_, Conflict, Invalid
from assessment.workshop_access import CodeNotFound

router = APIRouter(prefix="/a/{key}/workshop")


class ConsentMissing(Invalid):
    """Nothing is brought that was not meant to be."""

    def __init__(self) -> None:
        super().__init__(N_("Tick that you agree, or leave the page: then nothing is brought."))


@router.get("")
def show_brought(request: Request, session: DatabaseSession, opened: OpenedByManager, code: str = "") -> Response:
    return _page(request, session, opened, code[:20], {}, 200)


def _page(
    request: Request, session: DatabaseSession, opened: Opened, code: str, problems: dict[str, Problem], status: int
) -> Response:
    return page(
        request,
        "brought.html",
        status,
        opened=opened,
        brought=workshop_firms.brought_to(session, opened.row),
        least=workshop_firms.LEAST,
        code=code,
        problems=problems,
    )


@router.post("")
def bring(request: Request, session: DatabaseSession, opened: OpenedByManager, sent: Sent, now: Now) -> Response:
    """Bring it to the workshop with this code. A wrong code is counted, and the count is committed."""
    code = sent.text("code")[:20]
    attempts.allow(session, WRONG_CODES, network_of(request), now)
    try:
        if not sent.text("agreed"):
            raise ConsentMissing
        workshop = workshop_access.find_by_code(session, code)
        workshop_firms.bring(session, workshop, opened.row, now)
    except CodeNotFound as refusal:
        attempts.count(session, WRONG_CODES, network_of(request), now)
        return _page(request, session, opened, code, {"code": Problem(refusal.message, refusal.values)}, 404)
    except (Invalid, Conflict) as refusal:
        field, status = ("agreed", 422) if isinstance(refusal, Invalid) else ("code", 409)
        return _page(request, session, opened, code, {field: Problem(refusal.message, refusal.values)}, status)
    return RedirectResponse(f"{opened.link}/workshop", status_code=303)


@router.post("/{workshop_id}/back")
def take_back(session: DatabaseSession, opened: OpenedByManager, workshop_id: int) -> Response:
    workshop_firms.take_back(session, workshop_id, opened.row)
    return RedirectResponse(f"{opened.link}/workshop", status_code=303)
