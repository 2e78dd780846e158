"""Assessments that begin by JSON: with a firm of their own, for a firm that is there, and after an earlier one."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.api.assessments import ProfileBody
from app.api.needs import needs
from app.api.replies import made
from app.api.shapes import Body, Key, Line, Number, Reply
from app.api.strict_json import StrictRoute
from app.database_session import DatabaseSession
from app.dependencies import MaybeSignedIn, Now, OpenedByManager, SignedInPerson
from app.shelf import Shelf
from assessment import assessments, firm_assessments, firm_profile, firms, roles, starting_again
from assessment.access import MANAGER, NUMBER
from assessment.api_tokens import MANAGE
from assessment.firms import OnlyManagers

router = APIRouter(route_class=StrictRoute, tags=["Assessments"])
PATH = "/api/v1/assessments"


class StartBody(Body):
    """An assessment to start, on the newest version of a questionnaire."""

    questionnaire: Annotated[
        str, Field(max_length=64, pattern="^[a-z0-9][a-z0-9-]*$", examples=["industry4-readiness"])
    ]
    profile: ProfileBody = Field(default_factory=dict)


class StartFirmBody(StartBody):
    """An assessment to start with a firm of its own, which whoever signs in keeps."""

    firm: Line = ""
    country: Annotated[str, Field(pattern="^([A-Z]{2})?$", description="ISO 3166-1 alpha-2.")] = ""


class Started(Reply):
    """A new assessment; `key` opens it. The secret of a return link is given here and never again."""

    key: str
    number: int


@router.post("/assessments", response_model=Started, status_code=201, openapi_extra=needs(MANAGE, 404, public=True))
def start(request: Request, session: DatabaseSession, person: MaybeSignedIn, sent: StartFirmBody, now: Now) -> Response:
    """Start an assessment with a new firm. Without a token it belongs to whoever holds the secret in `key`."""
    questionnaire = _shelf(request).newest_of(sent.questionnaire).questionnaire
    firm = firms.register(session, sent.firm, sent.country, now)
    if person is not None:
        roles.grant(session, person.user_id, MANAGER, firm.id, now)
    started, secret = assessments.start(session, firm, questionnaire, sent.profile, now)
    firm_profile.learn(firm, questionnaire.fields, started.profile, now)
    return made(request, Started(key=secret, number=started.id), f"{PATH}/{secret}")


@router.post("/firms/{number}/assessments", response_model=Started, status_code=201, openapi_extra=needs(MANAGE, 404))
def start_for_firm(
    request: Request, session: DatabaseSession, person: SignedInPerson, number: Number, sent: StartBody, now: Now
) -> Response:
    """Start a firm's next assessment; what the firm has said before is taken over where the profile leaves it out."""
    access = firms.get_firm(session, person.user_id, str(number))
    if not access.may_manage:
        raise OnlyManagers
    questionnaire = _shelf(request).newest_of(sent.questionnaire).questionnaire
    ours, earlier = firm_assessments.known_profile(session, access.firm, questionnaire, now)
    profile: dict[str, Any] = {**earlier, **ours, **sent.profile}
    started = firm_assessments.start_next(session, access.firm, questionnaire, profile, now)
    return made(request, Started(key=str(started.id), number=started.id), f"{PATH}/{started.id}")


@router.post("/assessments/{key}/again", response_model=Started, status_code=201, openapi_extra=needs(MANAGE, 404, 409))
def start_again(request: Request, session: DatabaseSession, key: Key, opened: OpenedByManager, now: Now) -> Response:
    """Start the next assessment after one that is submitted; by number it is started once."""
    by_role = NUMBER.fullmatch(opened.key) is not None
    begun = starting_again.find_next(session, opened.row) if by_role else None
    if begun is not None:
        return made(request, Started(key=str(begun), number=begun), f"{PATH}/{begun}")
    newest = _shelf(request).newest_of(opened.row.questionnaire_id).questionnaire
    started, secret = starting_again.start_again(session, opened.row, newest, now)
    key = str(started.id) if by_role else secret
    return made(request, Started(key=key, number=started.id), f"{PATH}/{key}")


def _shelf(request: Request) -> Shelf:
    shelf: Shelf = request.app.state.shelf
    return shelf
