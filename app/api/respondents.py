"""Colleagues by JSON: asked for some sections, with a link of their own, which can be renewed and taken back."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.api.needs import needs
from app.api.replies import check_seen, made, page_of, reply
from app.api.shapes import After, Body, Key, Limit, Line, Name, Number, Page, Reply
from app.api.strict_json import StrictRoute
from app.colleague_mail import may_mail, tell_asked
from app.database_session import DatabaseSession
from app.dependencies import MaybeSignedIn, Now, Opened, OpenedByLink, OpenedByManager
from app.opened_sections import every_section
from app.templating import public_link
from assessment import respondents
from assessment.api_tokens import ANSWER, MANAGE, READ
from assessment.errors import N_, Forbidden
from assessment.respondents import Colleague
from assessment.users import clean_email

router = APIRouter(prefix="/assessments/{key}", route_class=StrictRoute, tags=["Respondents"])
Sections = Annotated[list[Name], Field(min_length=1, max_length=200, description="Ids of sections.")]


class SectionsBody(Body):
    """What a colleague is asked to answer."""

    sections: Sections


class AskBody(SectionsBody):
    """A colleague to ask."""

    name: Annotated[Line, Field(min_length=1, description="Their answers carry it.", examples=["Amina"])]
    email: Annotated[Line, Field(description="The link is mailed there, in the language of Accept-Language.")] = ""


class NameBody(Body):
    """How whoever follows a colleague's link is called."""

    name: Annotated[Line, Field(min_length=1)]


class NoMailFromHere(Forbidden):
    """Mails to others are sent for people whose own address is known, and where mails are sent at all."""

    def __init__(self) -> None:
        super().__init__(N_("No mail is sent for you from here. Leave 'email' out and send the link yourself."))


class RespondentReply(Reply):
    """A colleague who was asked."""

    number: int
    name: str
    sections: list[str]
    asked_at: datetime
    has_opened: bool
    is_taken_back: bool


class LinkReply(Reply):
    """A colleague's link; it is given here and never again. Its last part is a key of the assessment."""

    number: int
    link: str
    key: str


def _shown(colleague: Colleague) -> RespondentReply:
    return RespondentReply(
        number=colleague.id,
        name=colleague.name,
        sections=sorted(colleague.sections),
        asked_at=colleague.asked_at,
        has_opened=colleague.has_opened,
        is_taken_back=colleague.is_taken_back,
    )


def _link(request: Request, number: int, secret: str) -> LinkReply:
    return LinkReply(number=number, link=public_link(request, f"/a/{secret}"), key=secret)


def _offered(opened: Opened) -> frozenset[str]:
    return frozenset(s.id for s in every_section(opened.questionnaire))


@router.get("/respondents", response_model=Page[RespondentReply], openapi_extra=needs(READ, 404))
def list_respondents(
    request: Request, session: DatabaseSession, key: Key, opened: OpenedByManager, after: After = 0, limit: Limit = 50
) -> Response:
    """The colleagues who were asked."""
    found = respondents.list_colleagues(session, opened.row)
    return page_of(request, [_shown(each) for each in found], [each.id for each in found], after, limit)


@router.post("/respondents", response_model=LinkReply, status_code=201, openapi_extra=needs(MANAGE, 404, 409, 429))
def ask_respondent(
    request: Request,
    session: DatabaseSession,
    key: Key,
    opened: OpenedByManager,
    person: MaybeSignedIn,
    sent: AskBody,
    now: Now,
) -> Response:
    """Ask a colleague to answer some sections. Send them the link, or have it mailed."""
    email = clean_email(sent.email) if sent.email else ""
    if email and not may_mail(request, person):
        raise NoMailFromHere
    number, secret = respondents.ask(session, opened.row, sent.name, sent.sections, _offered(opened), now)
    if email and person is not None:
        tell_asked(request, session, person, email, opened.row.firm.name, secret, now)
    return made(request, _link(request, number, secret), f"{request.url.path}/{number}")


@router.get("/respondents/{number}", response_model=RespondentReply, openapi_extra=needs(READ, 404))
def show_respondent(
    request: Request, session: DatabaseSession, key: Key, opened: OpenedByManager, number: Number
) -> Response:
    """One colleague."""
    return reply(request, _shown(respondents.get_colleague(session, opened.row, number)))


@router.put("/respondents/{number}", response_model=RespondentReply, openapi_extra=needs(MANAGE, 404, replaces=True))
def change_respondent(
    request: Request, session: DatabaseSession, key: Key, opened: OpenedByManager, number: Number, sent: SectionsBody
) -> Response:
    """Give a colleague other sections; their link and their answers stay."""
    check_seen(request, _shown(respondents.get_colleague(session, opened.row, number)))
    respondents.change_sections(session, opened.row, number, sent.sections, _offered(opened))
    session.flush()
    return reply(request, _shown(respondents.get_colleague(session, opened.row, number)))


@router.post("/respondents/{number}/link", response_model=LinkReply, openapi_extra=needs(MANAGE, 404))
def renew_link(
    request: Request, session: DatabaseSession, key: Key, opened: OpenedByManager, number: Number
) -> Response:
    """Make a new link for a colleague; the old one leads nowhere from now on."""
    return reply(request, _link(request, number, respondents.renew_link(session, opened.row, number)))


@router.delete("/respondents/{number}", status_code=204, openapi_extra=needs(MANAGE, 404))
def take_back(session: DatabaseSession, key: Key, opened: OpenedByManager, number: Number, now: Now) -> Response:
    """End a colleague's link; their answers stay."""
    respondents.take_back(session, opened.row, number, now)
    return Response(status_code=204)


@router.put("/name", status_code=204, openapi_extra=needs(ANSWER, 404))
def confirm_name(session: DatabaseSession, key: Key, opened: OpenedByLink, sent: NameBody, now: Now) -> Response:
    """A colleague says how they are called; their answers carry it."""
    respondents.confirm_name(session, opened.access, sent.name, now)
    return Response(status_code=204)
