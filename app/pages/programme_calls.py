"""Calls: as officers set them up, and as everybody reads them."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import programme_form
from app.database_session import DatabaseSession
from app.dependencies import MaybeSignedIn, Now
from app.forms import Problem, Sent, SentForm
from app.pages.programmes import shown_fields
from app.programme_doors import OfficerProgramme, ProgrammeCall, definition_of
from app.templating import content, page
from assessment import eligibility, firms, programme_calls, support_offers
from assessment.programme_access import Membership
from assessment.programme_calls import InvalidCall, today_of

router = APIRouter()


@router.get("/programmes/{programme}/calls")
def list_calls(request: Request, session: DatabaseSession, membership: OfficerProgramme, now: Now) -> Response:
    return _calls_page(request, session, membership, now, SentForm({}), {}, 200)


@router.post("/programmes/{programme}/calls")
def add_call(
    request: Request, session: DatabaseSession, membership: OfficerProgramme, sent: Sent, now: Now
) -> Response:
    plan, problems = programme_form.read_call(sent)
    try:
        checked = programme_calls.checked(plan)
    except InvalidCall as refusal:
        problems = programme_form.problems_by_field(refusal.problems) | problems
    if problems:
        return _calls_page(request, session, membership, now, sent, problems, 422)
    programme_calls.add(session, membership.programme, checked, now)
    return RedirectResponse(f"/programmes/{membership.programme.id}/calls", status_code=303)


@router.get("/programmes/{programme}/calls/{number}")
def show_call_form(request: Request, session: DatabaseSession, membership: OfficerProgramme, number: str) -> Response:
    call = programme_calls.get(session, membership.programme, number)
    typed = SentForm(
        {
            "title": (call.title,),
            "opens_on": (call.opens_on,),
            "closes_on": (call.closes_on,),
            "places": ("" if call.places is None else str(call.places),),
        }
    )
    return _call_page(request, session, membership, call, typed, {})


@router.post("/programmes/{programme}/calls/{number}")
def change_call(
    request: Request, session: DatabaseSession, membership: OfficerProgramme, number: str, sent: Sent
) -> Response:
    call = programme_calls.get(session, membership.programme, number)
    plan, problems = programme_form.read_call(sent)
    try:
        checked = programme_calls.checked(plan)
    except InvalidCall as refusal:
        problems = programme_form.problems_by_field(refusal.problems) | problems
    if problems:
        return _call_page(request, session, membership, call, sent, problems)
    programme_calls.change(call, checked)
    return RedirectResponse(f"/programmes/{membership.programme.id}/calls", status_code=303)


@router.post("/programmes/{programme}/calls/{number}/remove")
def remove_call(session: DatabaseSession, membership: OfficerProgramme, number: str) -> Response:
    programme_calls.remove(session, programme_calls.get(session, membership.programme, number))
    return RedirectResponse(f"/programmes/{membership.programme.id}/calls", status_code=303)


def _calls_page(
    request: Request,
    session: DatabaseSession,
    membership: Membership,
    now: Now,
    typed: SentForm,
    problems: dict[str, Problem],
    status: int,
) -> Response:
    return page(
        request,
        "programme_calls.html",
        status,
        membership=membership,
        programme=membership.programme,
        calls=programme_calls.list_calls(session, membership.programme.id, today_of(now)),
        typed=typed,
        problems=problems,
    )


def _call_page(
    request: Request,
    session: DatabaseSession,
    membership: Membership,
    call: ProgrammeCall,
    typed: SentForm,
    problems: dict[str, Problem],
) -> Response:
    return page(
        request,
        "programme_call.html",
        422 if problems else 200,
        may_remove=not programme_calls.has_cases(session, call),
        membership=membership,
        programme=membership.programme,
        call=call,
        typed=typed,
        problems=problems,
    )


@router.get("/calls")
def list_open_calls(request: Request, session: DatabaseSession, now: Now, country: str = "") -> Response:
    """The calls that are open today, for anybody. A reader chooses a country; without one all are shown."""
    found = programme_calls.open_calls(session, today_of(now))
    return page(
        request,
        "calls.html",
        calls=[pair for pair in found if country in ("", pair[1].country)],
        open_countries={programme.country for _, programme in found},
        country=country,
    )


@router.get("/calls/{number}")
def show_call(request: Request, session: DatabaseSession, person: MaybeSignedIn, number: str, now: Now) -> Response:
    """A call with who may take part and what support there is, and the way to apply."""
    call, programme = programme_calls.get_public(session, number, person.user_id if person else None)
    definition = definition_of(request, programme)
    today = today_of(now)
    return page(
        request,
        "call.html",
        call=call,
        programme=programme,
        questionnaire=content(request, definition),
        standing=programme_calls.standing_of(call, today) if programme.state == "open" else programme.state,
        fields=shown_fields(request, definition, programme.country),
        reasons=eligibility.judge(eligibility.condition_of(programme.eligibility), {}).reasons,
        offers=support_offers.list_open(session, programme.id, today),
        old_before=support_offers.old_before(today),
        firms=firms.list_managed(session, person.user_id) if person else (),
        is_signed_in=person is not None,
    )
