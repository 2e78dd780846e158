"""The page of a case, one for everybody who has a part in it, and what each of them does there."""

from datetime import datetime
from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import case_form, case_mail, programme_form
from app.database_session import DatabaseSession
from app.dependencies import Now
from app.forms import Problem, Sent, SentForm
from app.programme_doors import OpenedCase, definition_of
from app.settings import Settings
from app.templating import content, countries, language_of, page, say_to
from assessment import (
    case_facts,
    case_history,
    case_marks,
    case_moves,
    case_reminders,
    cases,
    eligibility,
    verifications,
)
from assessment.case_states import FIRM, ON_SITE
from assessment.errors import Invalid
from assessment.industries import DIVISIONS, SECTIONS
from assessment.places import regions_of
from assessment.programme_access import OpenCase

router = APIRouter(prefix="/cases/{case}")


@router.get("")
def show_case(request: Request, session: DatabaseSession, opened: OpenedCase, now: Now) -> Response:
    return case_page(request, session, opened, SentForm({}), {}, now, 200)


def case_page(
    request: Request,
    session: DatabaseSession,
    opened: OpenCase,
    typed: SentForm,
    problems: dict[str, Problem],
    now: datetime,
    status: int,
) -> Response:
    """The page as its reader may see it; a firm sees no notes and no score but by its own results."""
    case, programme = opened.case, opened.programme
    definition = definition_of(request, programme)
    shown = content(request, definition)
    facts = case_facts.facts_of(session, opened)
    view = case_form.view_of(opened, now.date())
    code = language_of(request).code
    fields = programme_form.shown_fields(
        definition.questionnaire, shown, programme.country, countries(code), partial(say_to, request)
    )
    firm = facts.firm
    return page(
        request,
        "case.html",
        status,
        opened=opened,
        case=case,
        programme=programme,
        is_firm=opened.role == FIRM,
        facts=facts,
        view=view,
        today=now.date().isoformat(),
        states=programme_form.STATES,
        words=case_form,
        verdict=eligibility.from_json(case.verdict) if case.verdict else None,
        fields=fields,
        top=definition.questionnaire.scale.max,
        region=regions_of(firm.country).get(firm.region, ""),
        industry=_industry(firm.isic_section, firm.isic_division),
        rows=[] if opened.role == FIRM else case_form.score_rows(shown, facts.said, facts.found),
        events=case_history.list_events(session, opened),
        assessors=case_facts.list_assessors(session, programme.id) if view.may_assign else (),
        bringable=cases.list_bringable(session, opened) if view.may_start else (),
        actions=sorted({action.title for action in definition.actions}) if view.may_mark else (),
        typed=typed,
        problems=problems,
    )


def _industry(section: str, division: str) -> tuple[str, str]:
    if division:
        return division, DIVISIONS.get(section, {}).get(division, "")
    return section, SECTIONS.get(section, "")


def _again(
    request: Request, session: DatabaseSession, opened: OpenCase, sent: SentForm, field: str, refusal: Invalid, now: Now
) -> Response:
    """The page with what was typed, and what is wrong with it."""
    return case_page(request, session, opened, sent, {field: Problem(refusal.message, refusal.values)}, now, 422)


def _see(opened: OpenCase, part: str = "") -> Response:
    return RedirectResponse(f"/cases/{opened.case.id}{part}", status_code=303)


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


@router.post("/move")
def move_case(request: Request, session: DatabaseSession, opened: OpenedCase, sent: Sent, now: Now) -> Response:
    to, reason = sent.text("to"), sent.text("reason")
    questionnaire = definition_of(request, opened.programme).questionnaire
    try:
        case_moves.move(session, opened, to, now, reason, questionnaire=questionnaire)
    except Invalid as refusal:
        return _again(request, session, opened, sent, "reason", refusal, now)
    case_mail.tell_firm(session, _settings(request), opened, to, now, reason.strip())
    return _see(opened)


@router.post("/assign")
def assign_assessor(request: Request, session: DatabaseSession, opened: OpenedCase, sent: Sent, now: Now) -> Response:
    was_on_site = opened.case.state == ON_SITE
    try:
        case_moves.assign(session, opened, sent.text("assessor"), sent.text("visit_on"), now)
    except case_moves.InvalidDay as refusal:
        return _again(request, session, opened, sent, "visit_on", refusal, now)
    except Invalid as refusal:
        return _again(request, session, opened, sent, "assessor", refusal, now)
    if opened.case.state == ON_SITE and (not was_on_site or opened.case.visit_on):
        case_mail.tell_firm(session, _settings(request), opened, ON_SITE, now)
    return _see(opened)


@router.post("/due")
def set_due_day(request: Request, session: DatabaseSession, opened: OpenedCase, sent: Sent, now: Now) -> Response:
    try:
        case_moves.set_due(session, opened, sent.text("due_on"), now)
    except Invalid as refusal:
        return _again(request, session, opened, sent, "due_on", refusal, now)
    return _see(opened)


@router.post("/own")
def own_case(session: DatabaseSession, opened: OpenedCase, now: Now) -> Response:
    case_moves.own(session, opened, now)
    return _see(opened)


@router.post("/note")
def write_note(request: Request, session: DatabaseSession, opened: OpenedCase, sent: Sent, now: Now) -> Response:
    try:
        case_marks.note(session, opened, sent.text("note"), now)
    except Invalid as refusal:
        return _again(request, session, opened, sent, "note", refusal, now)
    return _see(opened, "#history")


@router.post("/mark")
def mark_progress(request: Request, session: DatabaseSession, opened: OpenedCase, sent: Sent, now: Now) -> Response:
    try:
        case_marks.mark(session, opened, sent.text("what"), sent.text("action"), sent.text("day"), now)
    except case_moves.InvalidDay as refusal:
        return _again(request, session, opened, sent, "day", refusal, now)
    except Invalid as refusal:
        return _again(request, session, opened, sent, "action", refusal, now)
    return _see(opened)


@router.post("/assessment")
def start_or_bring(request: Request, session: DatabaseSession, opened: OpenedCase, sent: Sent, now: Now) -> Response:
    """Start the assessment of the case, or let one that the firm has already be it."""
    questionnaire = definition_of(request, opened.programme).questionnaire
    if sent.text("bring"):
        cases.bring(session, opened, sent.text("bring"), questionnaire, now)
        return _see(opened)
    started = cases.start_assessment(session, opened, questionnaire, now)
    return RedirectResponse(f"/a/{started.id}", status_code=303)


@router.post("/send-back")
def send_back(request: Request, session: DatabaseSession, opened: OpenedCase, sent: Sent, now: Now) -> Response:
    """Send the findings back to the assessor."""
    acting = opened.acting("committee")
    case_moves.refuse_interest(session, acting)
    try:
        verifications.reopen_visit(session, acting, sent.text("back"), now)
    except Invalid as refusal:
        return _again(request, session, opened, sent, "back", refusal, now)
    return _see(opened)


@router.post("/remind")
def remind(request: Request, session: DatabaseSession, opened: OpenedCase, now: Now) -> Response:
    found = case_reminders.remind_now(session, opened, now)
    case_mail.remind(session, _settings(request), found, now)
    return _see(opened, "#history")
