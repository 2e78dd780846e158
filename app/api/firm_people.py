"""A firm's people by JSON: who has a role there, added by address and taken out."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request
from pydantic import Field
from starlette.responses import Response

from app.api.needs import needs
from app.api.replies import made, page_of, reply
from app.api.shapes import LARGEST_ID, After, Body, Limit, Line, Number, Page, Reply
from app.api.strict_json import StrictRoute
from app.database_session import DatabaseSession
from app.dependencies import Now, SignedInPerson
from app.firm_mail import add_and_tell
from assessment import firm_people, firms
from assessment.api_tokens import MANAGE, READ
from assessment.firm_people import NotOfThisFirm, Person
from assessment.firms import OnlyManagers

router = APIRouter(prefix="/firms/{number}/people", route_class=StrictRoute, tags=["Firms"])
User = Annotated[int, Path(ge=1, le=LARGEST_ID, description="The number of the person.")]
FirmRole = Literal["manager", "respondent"]


class PersonBody(Body):
    """Somebody to add, or to give another role; they are told by mail."""

    email: Annotated[Line, Field(min_length=1, examples=["amina@example.org"])]
    role: FirmRole


class PersonReply(Reply):
    """Somebody with a role in the firm."""

    number: int
    email: str
    role: FirmRole
    since: datetime


def _shown(person: Person) -> PersonReply:
    role: FirmRole = "manager" if person.role == "manager" else "respondent"
    return PersonReply(number=person.user_id, email=person.email, role=role, since=person.since)


def _people(session: DatabaseSession, who: SignedInPerson, number: int) -> list[PersonReply]:
    access = firms.get_firm(session, who.user_id, str(number))
    if not access.may_manage:
        raise OnlyManagers
    return [_shown(each) for each in firm_people.list_people(session, access.firm.id)]


@router.get("", response_model=Page[PersonReply], openapi_extra=needs(READ, 404))
def list_people(
    request: Request,
    session: DatabaseSession,
    person: SignedInPerson,
    number: Number,
    after: After = 0,
    limit: Limit = 50,
) -> Response:
    """The managers and respondents of a firm, for its managers."""
    rows = _people(session, person, number)
    return page_of(request, rows, [row.number for row in rows], after, limit)


@router.post("", response_model=PersonReply, status_code=201, openapi_extra=needs(MANAGE, 404, 409, 429))
def add_person(
    request: Request, session: DatabaseSession, person: SignedInPerson, number: Number, sent: PersonBody, now: Now
) -> Response:
    """Give somebody a role in the firm; another role they had there ends. A firm keeps at least one manager."""
    access = firms.get_firm(session, person.user_id, str(number), for_change=True)
    email = add_and_tell(request, session, person, access, sent.email, sent.role, now)
    found = next(each for each in firm_people.list_people(session, access.firm.id) if each.email == email)
    return made(request, _shown(found), f"{request.url.path}/{found.user_id}")


@router.get("/{user}", response_model=PersonReply, openapi_extra=needs(READ, 404))
def show_person(
    request: Request, session: DatabaseSession, person: SignedInPerson, number: Number, user: User
) -> Response:
    """One person of a firm, for its managers."""
    for row in _people(session, person, number):
        if row.number == user:
            return reply(request, row)
    raise NotOfThisFirm


@router.delete("/{user}", status_code=204, openapi_extra=needs(MANAGE, 404, 409))
def remove_person(session: DatabaseSession, person: SignedInPerson, number: Number, user: User) -> Response:
    """Take somebody out of the firm; what they have answered stays."""
    access = firms.get_firm(session, person.user_id, str(number), for_change=True)
    firm_people.remove_person(session, access.firm, str(user))
    return Response(status_code=204)
