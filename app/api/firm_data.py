"""A firm's data by JSON and ZIP: all of it to take along, and its erasure."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response, StreamingResponse

from app import firm_data
from app.api.needs import needs
from app.api.shapes import Body, Line, Number
from app.api.strict_json import StrictRoute
from app.database_session import DatabaseSession
from app.dependencies import Now, SignedInPerson
from app.templating import language_of
from assessment import firms
from assessment.api_tokens import MANAGE, READ
from assessment.firms import OnlyManagers

router = APIRouter(prefix="/firms/{number}", route_class=StrictRoute, tags=["Firms"])


class EraseBody(Body):
    """The firm's name as it stands, so that nobody erases another by a slip; its number where it has no name."""

    name: Annotated[Line, Field(min_length=1)]


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}},
    openapi_extra=needs(READ, 404, 409),
)
def export_firm(
    request: Request, session: DatabaseSession, person: SignedInPerson, number: Number, now: Now
) -> Response:
    """Everything that is kept of a firm, as a ZIP, for its managers; it says when it was made."""
    access = firms.get_firm(session, person.user_id, str(number))
    if not access.may_manage:
        raise OnlyManagers
    archive = firm_data.export(request.app.state.settings, session, access, language_of(request).code, now)
    digest = hashlib.sha256()
    archive.seek(0)
    for piece in firm_data.pieces(archive):
        digest.update(piece)
    return firm_data.export_reply(archive, access, now, etag=f'"{digest.hexdigest()}"')


@router.post("/erase", status_code=204, openapi_extra=needs(MANAGE, 404))
def erase_firm(
    request: Request, session: DatabaseSession, person: SignedInPerson, number: Number, sent: EraseBody
) -> Response:
    """Erase a firm with all its assessments, answers, files and reports. There is no way back."""
    access = firms.get_firm(session, person.user_id, str(number), for_change=True)
    firm_data.erase_confirmed(request, session, access, sent.name)
    return Response(status_code=204)
