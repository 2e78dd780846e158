"""The results: where the firm stands, and its reports on order."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.database import DatabaseSession
from app.dependencies import OpenedByLink
from app.templating import content, page
from assessment import assessments
from scoring.readiness import readiness

router = APIRouter(prefix="/a/{token}")


@router.get("/results")
def show_results(request: Request, session: DatabaseSession, opened: OpenedByLink) -> Response:
    sheet = assessments.sheet_of(session, opened.row)
    if not sheet.answers.answers:
        return RedirectResponse(opened.link, status_code=303)
    scored = readiness(opened.questionnaire, sheet.answers)
    return page(
        request, "results.html", opened=opened, scored=scored, questionnaire=content(request, opened.definition)
    )
