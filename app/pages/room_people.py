"""The people of a workshop: seats, the door, invitations, personal codes; and in a rehearsal the simulated ones."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.database_session import DatabaseSession
from app.dependencies import MaybeSignedIn, Now
from app.forms import Problem, Sent
from app.invitation_mail import tell_invited
from app.qr_codes import qr_code
from app.templating import page, public_link
from app.workshop_doors import Led, LedWorkshop, names_of_groups
from assessment import invitations, participants, rehearsal, room_names, workshops
from assessment.errors import N_, Invalid
from assessment.sessions import SignedIn

router = APIRouter(prefix="/w/{key}/people")


@router.get("")
def show_people(request: Request, session: DatabaseSession, led: LedWorkshop, person: MaybeSignedIn) -> Response:
    return _people_page(request, session, led, person)


def _people_page(
    request: Request,
    session: DatabaseSession,
    led: Led,
    person: SignedIn | None,
    status: int = 200,
    *,
    problems: dict[str, Problem] | None = None,
    typed: str = "",
    links: Sequence[tuple[str, str]] = (),
    code: tuple[int, str] | None = None,
) -> Response:
    seats = participants.list_participants(session, led.row)
    names = names_of_groups(request, led)
    return page(
        request,
        "room_people.html",
        status,
        led=led,
        workshop=led.row,
        seats=seats,
        counts={id: sum(seat.group_id == id for seat in seats) for id in names},
        groups=names,
        invited=invitations.list_invited(session, led.row),
        may_mail=person is not None and request.app.state.settings.mail_reaches_people,
        problems=problems or {},
        typed=typed,
        links=[(name, link, qr_code(link)) for name, link in links],
        code=code,
    )


@router.post("/door")
def set_door(session: DatabaseSession, led: LedWorkshop, sent: Sent, now: Now) -> Response:
    workshops.set_door(session, led.row, sent.text("door"), now)
    return _back(led)


def _back(led: Led) -> Response:
    return RedirectResponse(f"{led.link}/people", status_code=303)


@router.post("/invite")
def invite(
    request: Request, session: DatabaseSession, led: LedWorkshop, person: MaybeSignedIn, sent: Sent, now: Now
) -> Response:
    """Put people on the list and mail them; this one reply shows the links of those without an address."""
    typed = sent.text("guests")
    try:
        guests = invitations.read_guests(typed, names_of_groups(request, led))
        if not guests:
            raise Invalid(N_("Write at least one name or e-mail address."))
    except Invalid as refusal:
        problems = {"guests": Problem(refusal.message, refusal.values)}
        return _people_page(request, session, led, person, 422, problems=problems, typed=typed)
    made = invitations.invite(session, led.row, guests, now)
    shown = []
    for row, secret in made:
        if row.email and person is not None and tell_invited(request, session, person, led, row.email, secret, now):
            row.sent_at = now
            continue
        shown.append((row.name or row.email, public_link(request, f"/i/{secret}")))
    return _people_page(request, session, led, person, links=shown) if shown else _back(led)


@router.post("/invited/{number}/link")
def renew_invitation(
    request: Request, session: DatabaseSession, led: LedWorkshop, person: MaybeSignedIn, number: int
) -> Response:
    row, secret = invitations.renew(session, led.row, number)
    links = [(row.name or row.email, public_link(request, f"/i/{secret}"))]
    return _people_page(request, session, led, person, links=links)


@router.post("/invited/{number}/take-back")
def take_invitation_back(session: DatabaseSession, led: LedWorkshop, number: int) -> Response:
    invitations.take_back(session, led.row, number)
    return _back(led)


@router.post("/{number}/remove")
def remove_seat(session: DatabaseSession, led: LedWorkshop, number: int, now: Now) -> Response:
    participants.remove(session, led.row, number, now)
    return _back(led)


@router.post("/{number}/group")
def change_group(session: DatabaseSession, led: LedWorkshop, number: int, sent: Sent, now: Now) -> Response:
    participants.change_group(session, led.row, number, sent.text("group"), now)
    return _back(led)


@router.post("/{number}/code")
def renew_code(
    request: Request, session: DatabaseSession, led: LedWorkshop, person: MaybeSignedIn, number: int
) -> Response:
    """A personal code for somebody whose phone is lost."""
    code = participants.renew_code(session, participants.get(session, led.row, number))
    return _people_page(request, session, led, person, code=(number, code))


@router.post("/forget")
def forget_names(session: DatabaseSession, led: LedWorkshop) -> Response:
    """Delete who was invited and what people were called, before it happens by itself."""
    room_names.forget_names(session, led.row)
    return _back(led)


@router.post("/simulated")
def let_simulated_in(session: DatabaseSession, led: LedWorkshop, sent: Sent, now: Now) -> Response:
    typed = sent.text("count")
    rehearsal.let_in(session, led.row, int(typed) if typed.isdecimal() and len(typed) < 4 else 0, now)
    return _back(led)


@router.post("/simulated/vote")
def let_simulated_vote(session: DatabaseSession, led: LedWorkshop, now: Now) -> Response:
    rehearsal.let_vote(session, led.row, led.questionnaire, now)
    return RedirectResponse(f"{led.link}/control", status_code=303)
