"""Support that a programme knows of: grants, vouchers, loans and training, each with the day it was checked."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import programme_form
from app.database_session import DatabaseSession
from app.dependencies import Now
from app.forms import Problem, Sent, SentForm
from app.programme_doors import OfficerProgramme, SupportOffer
from app.programme_form import offer_entered
from app.templating import page
from assessment import support_offers
from assessment.places import currencies, currency_of
from assessment.programme_access import Membership
from assessment.programme_calls import today_of
from assessment.support_offers import InvalidOffer, OfferPlan

router = APIRouter(prefix="/programmes/{programme}/offers")


@router.get("")
def list_offers(request: Request, session: DatabaseSession, membership: OfficerProgramme, now: Now) -> Response:
    today = today_of(now)
    return page(
        request,
        "programme_offers.html",
        membership=membership,
        programme=membership.programme,
        offers=support_offers.list_offers(session, membership.programme.id),
        today=today,
        old_before=support_offers.old_before(today),
    )


@router.get("/new")
def show_new(request: Request, membership: OfficerProgramme, now: Now) -> Response:
    fresh = OfferPlan("", "", today_of(now), currency=currency_of(membership.programme.country))
    return _offer_page(request, membership, None, offer_entered(fresh), {}, 200)


@router.post("/new")
def add_offer(
    request: Request, session: DatabaseSession, membership: OfficerProgramme, sent: Sent, now: Now
) -> Response:
    plan, problems = _read(sent, now)
    if problems:
        return _offer_page(request, membership, None, sent, problems, 422)
    support_offers.add(session, membership.programme, plan, today_of(now))
    return _back(membership)


@router.get("/{number}")
def show_offer(request: Request, session: DatabaseSession, membership: OfficerProgramme, number: str) -> Response:
    offer = support_offers.get(session, membership.programme, number)
    return _offer_page(request, membership, offer, offer_entered(support_offers.plan_of(offer)), {}, 200)


@router.post("/{number}")
def change_offer(
    request: Request, session: DatabaseSession, membership: OfficerProgramme, number: str, sent: Sent, now: Now
) -> Response:
    offer = support_offers.get(session, membership.programme, number)
    plan, problems = _read(sent, now)
    if problems:
        return _offer_page(request, membership, offer, sent, problems, 422)
    support_offers.change(offer, plan, today_of(now))
    return _back(membership)


@router.post("/{number}/remove")
def remove_offer(session: DatabaseSession, membership: OfficerProgramme, number: str) -> Response:
    support_offers.remove(session, support_offers.get(session, membership.programme, number))
    return _back(membership)


def _read(sent: SentForm, now: Now) -> tuple[OfferPlan, dict[str, Problem]]:
    plan, problems = programme_form.read_offer(sent)
    try:
        return support_offers.checked(plan, today_of(now)), problems
    except InvalidOffer as refusal:
        return plan, programme_form.problems_by_field(refusal.problems) | problems


def _back(membership: Membership) -> Response:
    return RedirectResponse(f"/programmes/{membership.programme.id}/offers", status_code=303)


def _offer_page(
    request: Request,
    membership: Membership,
    offer: SupportOffer | None,
    typed: SentForm,
    problems: dict[str, Problem],
    status: int,
) -> Response:
    return page(
        request,
        "programme_offer.html",
        status,
        membership=membership,
        programme=membership.programme,
        offer=offer,
        typed=typed,
        problems=problems,
        kinds=support_offers.KINDS,
        enablers=support_offers.ENABLERS,
        currencies=currencies(),
    )
