"""Load a case for the assessor who verifies it, or refuse; and the link that a device has to the visit."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from app.database_session import SAFE_METHODS, DatabaseSession
from app.dependencies import SignedInPerson
from app.settings import Settings
from assessment import programme_access
from assessment.access import TOKEN
from assessment.case_states import ASSESSOR, FIRM
from assessment.programme_access import OpenCase

DEVICE_COOKIE = "visit"
DEVICE_SECONDS = 7 * 24 * 3600


def _as(role: str) -> object:
    def open_it(
        request: Request, session: DatabaseSession, person: SignedInPerson, case: str, seen: int | None = None
    ) -> OpenCase:
        writes = request.method not in SAFE_METHODS
        return programme_access.open_case(
            session, case, person.user_id, as_role=role, for_change=writes, seen=seen if writes else None
        )

    return Depends(open_it, scope="function")


# A route names the case `{case}` in its path; a form says `?seen=` with the version that its page was made of.
VisitedCase = Annotated[OpenCase, _as(ASSESSOR)]
OwnCase = Annotated[OpenCase, _as(FIRM)]


def link_here(request: Request) -> str:
    """The secret that this device has, empty without one. It opens nothing by itself: the case asks who is there."""
    found = request.cookies.get(DEVICE_COOKIE, "")
    return found if TOKEN.fullmatch(found) else ""


def remember_link(request: Request, response: Response, case: int, token: str) -> None:
    """So that one device has one link, and keeps its pages once. Only the pages of this visit get it back."""
    settings: Settings = request.app.state.settings
    https = settings.public_url.startswith("https://")
    path = f"/cases/{case}/visit"
    response.set_cookie(
        DEVICE_COOKIE, token, max_age=DEVICE_SECONDS, path=path, secure=https, httponly=True, samesite="lax"
    )
