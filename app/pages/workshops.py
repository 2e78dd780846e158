"""Workshops of a person: the list, a new one on a questionnaire, copies and templates."""

from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import workshop_form
from app.database_session import DatabaseSession
from app.dependencies import Now, SignedInPerson
from app.forms import Problem, Sent, SentForm
from app.shelf import Shelf
from app.templating import content, language_of, page, say_to
from app.workshop_doors import Led, LedWorkshop, names_of_groups
from app.workshop_form import Texts
from assessment import workshop_templates, workshops
from assessment.errors import N_
from questionnaires.library import Definition
from questionnaires.problems import UnknownDefinition

router = APIRouter()


@router.get("/workshops")
def list_workshops(request: Request, session: DatabaseSession, person: SignedInPerson) -> Response:
    found = workshops.list_workshops(session, person.user_id)
    return page(
        request,
        "workshops.html",
        workshops=[each for each in found if not each.is_template],
        templates=[each for each in found if each.is_template],
        titles=_titles(request),
    )


def _titles(request: Request) -> dict[str, str]:
    shelf: Shelf = request.app.state.shelf
    return {d.questionnaire.id: content(request, d).title for d in shelf.newest("workshop")}


@router.get("/workshops/new")
def choose_questionnaire(request: Request, person: SignedInPerson) -> Response:
    shelf: Shelf = request.app.state.shelf
    found = [content(request, definition) for definition in shelf.newest("workshop")]
    counts = {q.id: len(workshops.askable(q)) for q in found}
    return page(request, "workshop_new.html", questionnaires=found, counts=counts)


@router.get("/workshops/new/{questionnaire_id}")
def show_new(request: Request, person: SignedInPerson, questionnaire_id: str) -> Response:
    definition = _newest(request, questionnaire_id)
    language = language_of(request)
    code = "en" if language.is_pseudo else language.code
    plan = workshop_form.first_plan(definition.questionnaire, code, partial(say_to, request))
    return _form(request, definition, None, workshop_form.entered(plan, _texts(request, definition)), {}, 200)


@router.post("/workshops/new/{questionnaire_id}")
def plan_workshop(
    request: Request, session: DatabaseSession, person: SignedInPerson, questionnaire_id: str, sent: Sent, now: Now
) -> Response:
    definition = _newest(request, questionnaire_id)
    plan, problems = workshop_form.read_plan(sent, _texts(request, definition))
    if problems:
        return _form(request, definition, None, sent, problems, 422)
    planned = workshops.plan(session, definition.questionnaire, plan, person.user_id, now)
    return RedirectResponse(f"/w/{planned.workshop.id}", status_code=303)


def _texts(request: Request, definition: Definition) -> Texts:
    return Texts(definition.questionnaire, content(request, definition), partial(say_to, request))


def _newest(request: Request, questionnaire_id: str) -> Definition:
    shelf: Shelf = request.app.state.shelf
    definition = shelf.newest_of(questionnaire_id, "workshop")
    if not workshops.askable(definition.questionnaire):
        raise UnknownDefinition(f"'{questionnaire_id}' has no question that a room can settle")
    return definition


@router.get("/w/{key}")
def show_workshop(request: Request, session: DatabaseSession, led: LedWorkshop) -> Response:
    """The home of who leads it."""
    shown = content(request, led.definition)
    asked = set(led.row.questions)
    parts = [p for p in workshop_form.parts_of(shown) if asked.intersection(p.questions)]
    groups = names_of_groups(request, led)
    rules = workshop_form.entered(workshop_templates.plan_as_it_is(led.row), _texts(request, led.definition))
    return page(
        request, "workshop.html", led=led, workshop=led.row, shown=shown, parts=parts, rules=rules, groups=groups
    )


@router.get("/w/{key}/plan")
def show_plan(request: Request, session: DatabaseSession, led: LedWorkshop) -> Response:
    if led.row.state != "planned":
        return RedirectResponse(led.link, status_code=303)
    plan = workshop_templates.plan_as_it_is(led.row)
    return _form(request, led.definition, led, workshop_form.entered(plan, _texts(request, led.definition)), {}, 200)


@router.post("/w/{key}/plan")
def change_plan(request: Request, session: DatabaseSession, led: LedWorkshop, sent: Sent, now: Now) -> Response:
    plan, problems = workshop_form.read_plan(sent, _texts(request, led.definition))
    if problems:
        return _form(request, led.definition, led, sent, problems, 422)
    workshops.change(session, led.row, led.questionnaire, plan, now)
    return RedirectResponse(led.link, status_code=303)


@router.post("/w/{key}/start")
def start_workshop(session: DatabaseSession, led: LedWorkshop, now: Now) -> Response:
    workshops.start(session, led.row, now)
    return RedirectResponse(f"{led.link}/control", status_code=303)


@router.post("/w/{key}/end")
def end_workshop(session: DatabaseSession, led: LedWorkshop, now: Now) -> Response:
    workshops.end(session, led.row, now)
    return RedirectResponse(led.link, status_code=303)


@router.post("/w/{key}/copy")
def copy_workshop(
    request: Request, session: DatabaseSession, led: LedWorkshop, person: SignedInPerson, sent: Sent, now: Now
) -> Response:
    """Copy it: for the next one, as a template, or to ask the agreed gaps again."""
    kind = sent.text("kind")
    user_id, row, asked = person.user_id, led.row, led.questionnaire
    if kind == "again":
        name = say_to(request, N_("%(name)s, half a year on"), {"name": row.name})
        planned = workshop_templates.ask_after_months(session, row, asked, name, user_id, now)
    elif kind == "template":
        planned = workshop_templates.copy(session, row, asked, row.name, user_id, now, is_template=True)
        return RedirectResponse("/workshops", status_code=303)
    else:
        name = row.name if row.is_template else say_to(request, N_("Copy of %(name)s"), {"name": row.name})
        planned = workshop_templates.copy(session, row, asked, name, user_id, now)
    return RedirectResponse(f"/w/{planned.workshop.id}/plan", status_code=303)


def _form(
    request: Request,
    definition: Definition,
    led: Led | None,
    typed: SentForm,
    problems: dict[str, Problem],
    status: int,
) -> Response:
    shown = content(request, definition)
    return page(
        request,
        "workshop_plan.html",
        status,
        led=led,
        questionnaire=shown,
        parts=workshop_form.parts_of(shown),
        typed=typed,
        problems=problems,
        group_lines=range(workshops.MOST_GROUPS),
        agenda_lines=range(workshop_form.AGENDA_ROWS),
    )
