"""A firm takes its data with it, or erases itself."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import firm_data
from app.database_session import DatabaseSession
from app.dependencies import Now, SignedInPerson
from app.forms import Problem, Sent
from app.templating import language_of, page
from assessment import firm_assessments, firm_export, firms
from assessment.firm_erasure import NameDiffers
from assessment.firms import FirmAccess, OnlyManagers

router = APIRouter(prefix="/firms/{number}")


def _managed(session: DatabaseSession, person: SignedInPerson, number: str) -> FirmAccess:
    access = firms.get_firm(session, person.user_id, number)
    if not access.may_manage:
        raise OnlyManagers
    return access


@router.get("/export")
def export_firm(request: Request, session: DatabaseSession, person: SignedInPerson, number: str, now: Now) -> Response:
    """The ZIP, put together on disk before the first byte leaves: a broken-off file would look like a whole one."""
    access = _managed(session, person, number)
    archive = firm_data.export(request.app.state.settings, session, access, language_of(request).code, now)
    return firm_data.export_reply(archive, access, now)


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
        firm_data.erase_confirmed(request, session, access, sent.text("name"))
    except NameDiffers as refusal:
        problems = {"name": Problem(refusal.message, refusal.values)}
        return _erasure_page(request, session, access, sent.text("name"), problems, 422)
    return RedirectResponse("/firms?erased=1", status_code=303)
