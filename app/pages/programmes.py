"""Programmes: the list, a new one, its home, and what it is set up with."""

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import programme_form
from app.database_session import DatabaseSession
from app.dependencies import Now, SignedInPerson
from app.forms import Problem, Sent, SentForm
from app.programme_doors import MemberProgramme, OfficerProgramme, definition_of
from app.programme_form import ReadProgramme, ShownField
from app.shelf import Shelf
from app.templating import content, countries, language_of, page, say_to
from assessment import funnel, programme_calls, programme_setup, programmes
from assessment.case_states import FUNNEL
from assessment.errors import N_, Invalid
from assessment.funnel import Funnel
from assessment.programme_access import Membership
from assessment.programme_setup import InvalidProgramme
from assessment.programmes import NotAnOfficer, ProgrammePlan
from questionnaires.library import Definition
from questionnaires.problems import UnknownDefinition
from questionnaires.schema import Questionnaire

router = APIRouter(prefix="/programmes")


@router.get("")
def list_programmes(request: Request, session: DatabaseSession, person: SignedInPerson) -> Response:
    return page(
        request,
        "programmes.html",
        found=programmes.list_programmes(session, person.user_id),
        may_open=programmes.may_open(session, person.user_id),
    )


@router.get("/new")
def show_new(request: Request, session: DatabaseSession, person: SignedInPerson) -> Response:
    if not programmes.may_open(session, person.user_id):
        raise NotAnOfficer
    return _new_page(request, SentForm({}), {}, 200)


@router.post("/new")
def open_programme(
    request: Request, session: DatabaseSession, person: SignedInPerson, sent: Sent, now: Now
) -> Response:
    """What is asked first is what the rest hangs on: the set-up comes next."""
    if not programmes.may_open(session, person.user_id):
        raise NotAnOfficer
    chosen = _offered(request).get(sent.text("questionnaire"))
    if chosen is None:
        problem = Problem(N_("Choose one of the answers."), {})
        return _new_page(request, sent, {"questionnaire": problem}, 422)
    plan = ProgrammePlan(sent.text("name"), sent.text("country"), sent.text("about"))
    try:
        opened = programme_setup.open_new(session, plan, chosen.questionnaire, person.user_id, now)
    except InvalidProgramme as refusal:
        return _new_page(request, sent, programme_form.problems_by_field(refusal.problems), 422)
    return RedirectResponse(f"/programmes/{opened.id}/setup", status_code=303)


def _new_page(request: Request, typed: SentForm, problems: dict[str, Problem], status: int) -> Response:
    questionnaires = {ref: content(request, each) for ref, each in _offered(request).items()}
    return page(request, "programme_new.html", status, typed=typed, problems=problems, questionnaires=questionnaires)


@router.get("/{programme}")
def show_programme(request: Request, session: DatabaseSession, membership: MemberProgramme, now: Now) -> Response:
    """The home of everybody who is in it. Analysts see figures of published statistics only, and none here."""
    programme = membership.programme
    sees_cases = membership.has("officer", "committee", "assessor")
    seen = funnel.at_a_glance(session, programme.id, now.date()) if sees_cases else Funnel(())
    return page(
        request,
        "programme_home.html",
        membership=membership,
        programme=programme,
        title=_title(request, membership),
        calls=programme_calls.list_calls(session, programme.id, programme_calls.today_of(now)),
        funnel=seen.steps,
        as_of=seen.as_of,
        states=programme_form.STATES,
        sees_cases=sees_cases,
    )


@router.get("/{programme}/setup")
def show_setup(request: Request, session: DatabaseSession, membership: OfficerProgramme) -> Response:
    plan = programme_setup.plan_of(membership.programme)
    return _setup_page(request, session, membership, programme_form.entered(plan, _reference(membership)))


@router.post("/{programme}/setup")
def change_setup(
    request: Request, session: DatabaseSession, membership: OfficerProgramme, sent: Sent, now: Now
) -> Response:
    definition = _chosen(request, membership, sent)
    if "refresh" in sent:
        return _setup_page(request, session, membership, sent)
    read = programme_form.read_programme(sent, definition.questionnaire)
    try:
        checked = programme_setup.checked(read.plan)
    except InvalidProgramme as refusal:
        problems = programme_form.problems_by_field(refusal.problems) | read.problems
        return _setup_page(request, session, membership, sent, ReadProgramme(read.plan, problems, read.mistakes))
    if read.problems:
        return _setup_page(request, session, membership, sent, read)
    programme_setup.change(session, membership.programme, checked, definition.questionnaire, now)
    return RedirectResponse(f"/programmes/{membership.programme.id}", status_code=303)


@router.post("/{programme}/state")
def move_programme(session: DatabaseSession, membership: OfficerProgramme, sent: Sent, now: Now) -> Response:
    programme_setup.move(membership.programme, sent.text("state"), now)
    return RedirectResponse(f"/programmes/{membership.programme.id}", status_code=303)


def _setup_page(
    request: Request,
    session: DatabaseSession,
    membership: Membership,
    typed: SentForm,
    read: ReadProgramme | None = None,
) -> Response:
    definition = _chosen(request, membership, typed)
    fields = shown_fields(request, definition, typed.text("country"))
    own = {field.id for field in definition.questionnaire.fields}
    is_fixed = programme_setup.has_cases(session, membership.programme.id)
    offered = _offered(request) | {_reference(membership): definition_of(request, membership.programme)}
    return page(
        request,
        "programme_setup.html",
        422 if read else 200,
        membership=membership,
        programme=membership.programme,
        typed=typed,
        problems=read.problems if read else {},
        mistakes=read.mistakes if read else (),
        own=[field for field in fields.values() if field.id in own],
        particulars=[field for field in fields.values() if field.id not in own],
        questionnaires={reference: content(request, each) for reference, each in offered.items()},
        is_fixed=is_fixed,
        states=programme_form.STATES,
        schemes=programme_form.SCHEMES,
        funnel=FUNNEL,
    )


def shown_fields(request: Request, definition: Definition, country: str) -> dict[str, ShownField]:
    """What who may take part can hang on, in the reader's language."""
    language = language_of(request)
    names = countries("en" if language.is_pseudo else language.code)
    shown = content(request, definition)
    return programme_form.shown_fields(definition.questionnaire, shown, country, names, partial(say_to, request))


def _title(request: Request, membership: Membership) -> str:
    return shown_questionnaire(request, membership).title


def shown_questionnaire(request: Request, membership: Membership) -> Questionnaire:
    return content(request, definition_of(request, membership.programme))


def _reference(membership: Membership) -> str:
    programme = membership.programme
    return f"{programme.questionnaire_id}@{programme.questionnaire_version}"


def _offered(request: Request) -> dict[str, Definition]:
    shelf: Shelf = request.app.state.shelf
    return {definition.questionnaire.reference: definition for definition in shelf.newest()}


def _chosen(request: Request, membership: Membership, sent: SentForm) -> Definition:
    """The questionnaire that the form names, or else the programme's."""
    shelf: Shelf = request.app.state.shelf
    named = sent.text("questionnaire")
    try:
        return shelf.get(named) if named else definition_of(request, membership.programme)
    except UnknownDefinition:
        raise Invalid(N_("Choose one of the answers.")) from None
