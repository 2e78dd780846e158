"""A person's firms: each with its particulars, its size under three schemes, its assessments and its people."""

from itertools import groupby

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import firm_form
from app.database_session import DatabaseSession
from app.dependencies import Now, SignedInPerson
from app.firm_mail import add_and_tell
from app.forms import Problem, Sent, SentForm
from app.programme_form import STATES
from app.shelf import Shelf
from app.templating import content, page
from assessment import (
    applications,
    case_sizes,
    enterprise_groups,
    firm_assessments,
    firm_duplicates,
    firm_people,
    firms,
)
from assessment.errors import Invalid
from assessment.firm_assessments import FirmAssessment
from assessment.firm_duplicates import Similar
from assessment.firm_profile import facts_of, usual_currency
from assessment.firms import FirmAccess, OnlyManagers
from assessment.industries import DIVISIONS, SECTIONS
from assessment.particulars import InvalidParticulars, Particulars, checked, particulars_of
from assessment.places import currencies, currency_of, regions_of
from assessment.sessions import SignedIn
from assessment.texts import clean_name
from questionnaires.library import Rates
from questionnaires.problems import UnknownDefinition
from scoring.size_schemes import verdicts

router = APIRouter(prefix="/firms")


@router.get("")
def show_firms(request: Request, session: DatabaseSession, person: SignedInPerson, erased: str = "") -> Response:
    return page(request, "firms.html", firms=firms.list_firms(session, person.user_id), erased=bool(erased))


@router.get("/new")
def show_new_firm(request: Request, person: SignedInPerson) -> Response:
    return _form_page(request, None, firm_form.entered(Particulars()), {}, 200)


@router.post("/new")
def register_firm(request: Request, session: DatabaseSession, person: SignedInPerson, sent: Sent, now: Now) -> Response:
    kept = _keep(request, session, person, None, sent, now)
    if isinstance(kept, Response):
        return kept
    firm = firms.register_for(session, person.user_id, kept, now)
    enterprise_groups.say(firm, sent.text("enterprise_group"))
    return RedirectResponse(f"/firms/{firm.id}", status_code=303)


def _keep(
    request: Request, session: DatabaseSession, person: SignedIn, access: FirmAccess | None, sent: SentForm, now: Now
) -> Particulars | Response:
    """What is to be kept of a form, or else the form again: with its regions, its problems or a warning."""
    given, problems = firm_form.read_particulars(sent)
    if "regions" in sent:
        return _form_page(request, access, _typed(sent), {}, 200)
    try:
        kept = checked(given, now)
    except InvalidParticulars as refusal:
        problems = firm_form.problems_of(refusal) | problems
    try:
        clean_name(sent.text("enterprise_group"))
    except Invalid as refusal:
        problems["enterprise_group"] = Problem(refusal.message, refusal.values)
    if problems:
        return _form_page(request, access, _typed(sent), problems, 422)
    firm = access.firm if access else None
    if "another" not in sent:
        similar = firm_duplicates.find_similar(session, person.user_id, kept, now, firm)
        if similar:
            return _form_page(request, access, _typed(sent), {}, 200, similar)
    return kept


@router.get("/{number}")
def show_firm(
    request: Request, session: DatabaseSession, person: SignedInPerson, number: str, before: int | None = None
) -> Response:
    access = firms.get_firm(session, person.user_id, number)
    return firm_page(request, session, access, SentForm({}), {}, 200, before)


def firm_page(
    request: Request,
    session: DatabaseSession,
    access: FirmAccess,
    sent: SentForm,
    problems: dict[str, Problem],
    status: int,
    before: int | None = None,
) -> Response:
    """The firm's home, with its newest assessments or with those before one."""
    firm, shelf = access.firm, _shelf(request)
    rates = _rates(shelf)
    found, has_earlier = firm_assessments.list_newest(session, firm.id, before)
    return page(
        request,
        "firm.html",
        status,
        firm=firm,
        may_manage=access.may_manage,
        region=regions_of(firm.country).get(firm.region, ""),
        industry=_industry(firm.isic_section, firm.isic_division),
        verdicts=verdicts(facts_of(firm), rates),
        rates_as_of=rates.as_of if rates else "",
        years=[(year, list(rows)) for year, rows in groupby(found, key=lambda each: each.year)],
        earlier=found[-1].number if has_earlier else None,
        is_newest=before is None,
        people=firm_people.list_people(session, firm.id) if access.may_manage else (),
        cases=applications.cases_of_firm(session, firm.id) if access.may_manage else (),
        states=STATES,
        titles={each.questionnaire: _title(request, shelf, each) for each in found},
        questionnaires=[content(request, definition) for definition in shelf.newest()],
        typed=sent,
        problems=problems,
    )


@router.post("/{number}/people")
def add_person(
    request: Request, session: DatabaseSession, person: SignedInPerson, number: str, sent: Sent, now: Now
) -> Response:
    access = firms.get_firm(session, person.user_id, number, for_change=True)
    try:
        add_and_tell(request, session, person, access, sent.text("email"), sent.text("role"), now)
    except Invalid as refusal:
        problems = {"email": Problem(refusal.message, refusal.values)}
        return firm_page(request, session, access, sent, problems, 422)
    return RedirectResponse(f"/firms/{number}#people", status_code=303)


@router.post("/{number}/people/remove")
def remove_person(session: DatabaseSession, person: SignedInPerson, number: str, sent: Sent) -> Response:
    access = firms.get_firm(session, person.user_id, number, for_change=True)
    firm_people.remove_person(session, access.firm, sent.text("user"))
    is_gone = sent.text("user") == str(person.user_id)
    return RedirectResponse("/firms" if is_gone else f"/firms/{number}#people", status_code=303)


@router.get("/{number}/particulars")
def show_particulars(request: Request, session: DatabaseSession, person: SignedInPerson, number: str) -> Response:
    access = firms.get_firm(session, person.user_id, number)
    if not access.may_manage:
        raise OnlyManagers
    values = firm_form.entered(particulars_of(access.firm))
    values |= {"turnover_currency": usual_currency(access.firm), "enterprise_group": access.firm.enterprise_group}
    return _form_page(request, access, values, {}, 200)


@router.post("/{number}/particulars")
def save_particulars(
    request: Request, session: DatabaseSession, person: SignedInPerson, number: str, sent: Sent, now: Now
) -> Response:
    access = firms.get_firm(session, person.user_id, number, for_change=True)
    kept = _keep(request, session, person, access, sent, now)
    if isinstance(kept, Response):
        return kept
    firms.describe(access.firm, kept, now)
    enterprise_groups.say(access.firm, sent.text("enterprise_group"))
    case_sizes.note(session, access.firm)
    return RedirectResponse(f"/firms/{number}", status_code=303)


def _form_page(
    request: Request,
    access: FirmAccess | None,
    values: dict[str, str],
    problems: dict[str, Problem],
    status: int,
    similar: Similar | None = None,
) -> Response:
    return page(
        request,
        "firm_particulars.html",
        status,
        firm=access.firm if access else None,
        entered=values,
        problems=problems,
        similar=similar,
        regions=sorted(regions_of(values["country"]).items(), key=lambda pair: pair[1]),
        industries=firm_form.industries(),
        currencies=currencies(),
    )


def _typed(sent: SentForm) -> dict[str, str]:
    """What was typed; the country's own currency is offered where none is chosen yet."""
    typed = {name: sent.text(name) for name in firm_form.LABELS}
    typed["turnover_currency"] = typed["turnover_currency"] or currency_of(typed["country"])
    return typed


def _shelf(request: Request) -> Shelf:
    shelf: Shelf = request.app.state.shelf
    return shelf


def _rates(shelf: Shelf) -> Rates | None:
    """The planning rates of the first library that has some; they are illustrative."""
    return next((definition.rates for definition in shelf.newest() if definition.rates), None)


def _industry(section: str, division: str) -> tuple[str, str]:
    """The code and the title, which is still to be translated."""
    if division:
        return division, DIVISIONS.get(section, {}).get(division, "")
    return section, SECTIONS.get(section, "")


def _title(request: Request, shelf: Shelf, found: FirmAssessment) -> str:
    try:
        return content(request, shelf.get(found.questionnaire)).title
    except UnknownDefinition:
        return found.questionnaire
