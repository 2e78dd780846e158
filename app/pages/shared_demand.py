"""Shared demand: what many firms of a programme lack, the question whether they join a call, and their answers."""

from typing import Literal, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import demand_mail
from app.database_session import DatabaseSession
from app.dependencies import Now, SignedInPerson
from app.forms import Problem, Sent
from app.programme_doors import OfficerProgramme, definition_of
from app.roadmap_page import in_language
from app.settings import Settings
from app.shelf import Shelf
from app.templating import environment_of, language_of, page
from assessment import firms, programme_figures, shared_demand
from assessment.access import NUMBER
from assessment.demand_rows import PAGE, Sought
from assessment.demand_standing import By, Group
from assessment.errors import Invalid
from assessment.firms import OnlyManagers
from assessment.industries import SECTIONS
from assessment.places import regions_of
from assessment.programme_access import Membership
from assessment.shared_demand import ASKING, TooFewShare
from questionnaires.problems import UnknownDefinition

router = APIRouter()
Choice = Literal["country", "region"]


@router.get("/programmes/{programme}/demand")
def list_demand(
    request: Request,
    session: DatabaseSession,
    membership: OfficerProgramme,
    by: str = "",
    asked: str = "",
    section: str = "",
    region: str = "",
    after: str = "",
) -> Response:
    """Groups of firms by how many they are, a page of those that are looked for, and what has been asked already."""
    programme = membership.programme
    chosen, answered = _chosen(by), shared_demand.list_answered(session, programme)
    first = int(after) if NUMBER.fullmatch(after) else 0
    sought = Sought("", section, region if chosen == "region" else "", first)
    found = shared_demand.find(session, programme, definition_of(request, programme), chosen, sought)
    open_ones = [each.demand for each in answered if each.demand.state == ASKING]
    return page(
        request,
        "demand.html",
        membership=membership,
        programme=programme,
        by=chosen,
        found=found,
        sought=sought,
        here=_query(chosen, sought),
        next_page=_query(chosen, sought, first + PAGE) if found.page.many > first + PAGE else "",
        answered=answered,
        being_asked={(each.action_id, each.isic_section, each.region) for each in open_ones},
        asked=bool(asked),
        shown=in_language(request, definition_of(request, programme)),
        sections=SECTIONS,
        regions=regions_of(programme.country),
        is_open=ASKING,
    )


@router.get("/programmes/{programme}/demand/ask")
def show_question(
    request: Request,
    session: DatabaseSession,
    membership: OfficerProgramme,
    action: str = "",
    section: str = "",
    region: str = "",
) -> Response:
    """The draft of a call for one group, before anybody is asked."""
    definition = definition_of(request, membership.programme)
    group = shared_demand.group(session, membership.programme, definition, action, section, region)
    return _question_page(request, membership, group, _draft(request, membership, group), {}, 200)


@router.post("/programmes/{programme}/demand/ask")
def ask_firms(
    request: Request, session: DatabaseSession, membership: OfficerProgramme, sent: Sent, now: Now
) -> Response:
    programme = membership.programme
    definition = definition_of(request, programme)
    named = (sent.text("action"), sent.text("section"), sent.text("region"))
    group = shared_demand.group(session, programme, definition, *named)
    try:
        letters = shared_demand.ask(session, programme, definition, *named, sent.text("text"), now)
    except Invalid as refusal:
        if isinstance(refusal, TooFewShare):
            raise
        problems = {"text": Problem(refusal.message, refusal.values)}
        return _question_page(request, membership, group, sent.text("text"), problems, 422)
    settings: Settings = request.app.state.settings
    demand_mail.ask_firms(session, settings, letters, programme.name, now)
    return RedirectResponse(f"/programmes/{programme.id}/demand?asked=1", status_code=303)


@router.post("/programmes/{programme}/demand/refresh")
def work_out_anew(session: DatabaseSession, membership: OfficerProgramme, sent: Sent, now: Now) -> Response:
    """The groups of a large programme are worked out by a worker."""
    programme_figures.order(session, membership.programme.id, now)
    return RedirectResponse(f"/programmes/{membership.programme.id}/demand", status_code=303)


@router.post("/programmes/{programme}/demand/{number}/close")
def close_demand(session: DatabaseSession, membership: OfficerProgramme, number: str, sent: Sent) -> Response:
    shared_demand.close(session, membership.programme, number, sent.text("state"))
    return RedirectResponse(f"/programmes/{membership.programme.id}/demand", status_code=303)


@router.get("/firms/{number}/demand")
def show_asked(
    request: Request, session: DatabaseSession, person: SignedInPerson, number: str, said: str = ""
) -> Response:
    """What a firm is asked to join. Of the others it sees how many they are."""
    access = firms.get_firm(session, person.user_id, number)
    if not access.may_manage:
        raise OnlyManagers
    found = shared_demand.list_asked(session, access.firm)
    shelf: Shelf = request.app.state.shelf
    titles = {}
    for each in found:
        try:
            known = in_language(request, shelf.get(each.questionnaire)).action
        except UnknownDefinition:
            known = {}
        action = known.get(each.demand.action_id)
        titles[each.demand.id] = action.title if action else each.demand.action_id
    return page(
        request,
        "demand_firm.html",
        firm=access.firm,
        asked=found,
        titles=titles,
        sections=SECTIONS,
        regions=regions_of(access.firm.country),
        is_open=ASKING,
        said=bool(said),
    )


@router.post("/firms/{number}/demand/{demand}")
def answer_demand(
    session: DatabaseSession, person: SignedInPerson, number: str, demand: str, sent: Sent, now: Now
) -> Response:
    access = firms.get_firm(session, person.user_id, number)
    if not access.may_manage:
        raise OnlyManagers
    shared_demand.answer(session, access.firm, demand, sent.text("says"), now)
    return RedirectResponse(f"/firms/{access.firm.id}/demand?said=1", status_code=303)


def _chosen(by: str) -> By:
    return "region" if by == "region" else get_args(Choice)[0]


def _query(by: By, sought: Sought, after: int = 0) -> str:
    given = {"by": by if by == "region" else "", "section": sought.section, "region": sought.region}
    given["after"] = str(after) if after else ""
    return urlencode({name: value for name, value in given.items() if value})


def _draft(request: Request, membership: Membership, group: Group) -> str:
    shown = in_language(request, definition_of(request, membership.programme))
    template = environment_of(language_of(request).code).get_template("demand_draft.txt")
    text = template.render(
        programme=membership.programme.name,
        action=shown.action[group.action.id],
        group=group,
        section=SECTIONS.get(group.section, group.section),
        region=regions_of(membership.programme.country).get(group.region, ""),
    )
    return text.strip()


def _question_page(
    request: Request, membership: Membership, group: Group, text: str, problems: dict[str, Problem], status: int
) -> Response:
    shown = in_language(request, definition_of(request, membership.programme))
    return page(
        request,
        "demand_ask.html",
        status,
        membership=membership,
        programme=membership.programme,
        group=group,
        action=shown.action[group.action.id],
        question=shown.questionnaire.questions[group.action.question].text,
        section=SECTIONS.get(group.section, group.section),
        region=regions_of(membership.programme.country).get(group.region, ""),
        text=text,
        problems=problems,
    )
