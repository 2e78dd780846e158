"""People of a programme, and the bodies that assess its firms."""

from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.database_session import DatabaseSession
from app.dependencies import Now
from app.forms import Problem, Sent, SentForm
from app.programme_doors import OfficerProgramme
from app.settings import Settings
from app.templating import environment_of, language_of, page, public_link
from assessment import attempts, mails, programme_people
from assessment.attempts import Limit
from assessment.errors import Invalid
from assessment.programme_access import Membership
from assessment.programme_people import NotInProgramme

router = APIRouter(prefix="/programmes/{programme}/members")
INVITATIONS = Limit("programme-person", 200, timedelta(days=1))


@router.get("")
def list_people(request: Request, session: DatabaseSession, membership: OfficerProgramme) -> Response:
    return _people_page(request, session, membership, SentForm({}), {}, 200)


@router.post("")
def add_person(
    request: Request, session: DatabaseSession, membership: OfficerProgramme, sent: Sent, now: Now
) -> Response:
    attempts.count(session, INVITATIONS, str(membership.user_id), now)
    role, programme = sent.text("role"), membership.programme
    try:
        email, is_new = programme_people.add_person(
            session, programme, sent.text("email"), role, sent.text("body"), now
        )
    except (Invalid, NotInProgramme) as refusal:
        field = "email" if role in ("officer", "committee", "analyst") else "body"
        problems = {field: Problem(refusal.message, refusal.values)}
        return _people_page(request, session, membership, sent, problems, 422)
    if is_new:
        _tell(request, session, membership, email, role, now)
    return _back(membership)


@router.post("/remove")
def remove_person(session: DatabaseSession, membership: OfficerProgramme, sent: Sent) -> Response:
    gone = programme_people.remove_person(session, membership.programme, sent.text("member"))
    is_out = gone.user_id == membership.user_id and gone.role == "officer"
    return RedirectResponse("/programmes", status_code=303) if is_out else _back(membership)


@router.post("/bodies")
def add_body(request: Request, session: DatabaseSession, membership: OfficerProgramme, sent: Sent) -> Response:
    try:
        programme_people.add_body(session, membership.programme, sent.text("name"), sent.text("contact"))
    except Invalid as refusal:
        problems = {"name": Problem(refusal.message, refusal.values)}
        return _people_page(request, session, membership, sent, problems, 422)
    return _back(membership, "#bodies")


@router.post("/bodies/remove")
def remove_body(session: DatabaseSession, membership: OfficerProgramme, sent: Sent) -> Response:
    programme_people.remove_body(session, membership.programme, sent.text("number"))
    return _back(membership, "#bodies")


def _back(membership: Membership, anchor: str = "") -> Response:
    return RedirectResponse(f"/programmes/{membership.programme.id}/members{anchor}", status_code=303)


def _people_page(
    request: Request,
    session: DatabaseSession,
    membership: Membership,
    typed: SentForm,
    problems: dict[str, Problem],
    status: int,
) -> Response:
    number = membership.programme.id
    return page(
        request,
        "programme_members.html",
        status,
        membership=membership,
        programme=membership.programme,
        people=programme_people.list_people(session, number),
        bodies=programme_people.list_bodies(session, number),
        typed=typed,
        problems=problems,
    )


def _tell(request: Request, session: DatabaseSession, membership: Membership, email: str, role: str, now: Now) -> None:
    """Queue the mail, in the language of whoever has added them."""
    settings: Settings = request.app.state.settings
    template = environment_of(language_of(request).code).get_template("mails/programme_added.txt")
    link = public_link(request, f"/programmes/{membership.programme.id}")
    text = template.render(programme=membership.programme.name, role=role, link=link, service=settings.public_url)
    subject, _, body = text.partition("\n")
    mails.queue(session, email, subject, body.strip() + "\n", now)
