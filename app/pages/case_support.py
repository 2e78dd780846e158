"""Support for a firm of a programme: what the offers could bring to the actions that would close its largest gaps."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.database_session import DatabaseSession
from app.dependencies import Now
from app.programme_doors import OpenedCase, definition_of
from app.templating import content, language_of, page
from assessment import case_support
from assessment.case_states import FIRM
from assessment.programme_calls import today_of
from questionnaires.translation import translate

router = APIRouter(prefix="/cases/{case}")


@router.get("/support")
def show_support(request: Request, session: DatabaseSession, opened: OpenedCase, now: Now) -> Response:
    definition = definition_of(request, opened.programme)
    content(request, definition)  # notes what is to be said of the translation
    shown = translate(definition, language_of(request).code).definition
    return page(
        request,
        "case_support.html",
        case=opened.case,
        programme=opened.programme,
        is_firm=opened.role == FIRM,
        support=case_support.for_case(session, opened.case, shown, today_of(now)),
    )
