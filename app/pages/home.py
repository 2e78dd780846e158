"""The way in: choose a questionnaire, read what it asks of you, start; and the choice of language."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import demo, demo_programme, demo_workshop
from app.database_session import DatabaseSession
from app.dependencies import MaybeSignedIn, NotSignedIn, Now
from app.durations import minutes
from app.forms import Problem, Sent
from app.profile_form import Prefilled, read_profile
from app.shelf import Shelf
from app.templating import LANGUAGE_COOKIE, content, page, set_cookie
from assessment import assessments, firm_assessments, firm_profile, firms, roles, sections
from assessment.access import MANAGER
from assessment.firms import FirmAccess, OnlyManagers
from assessment.sessions import SignedIn
from questionnaires.languages import LANGUAGES
from questionnaires.schema import Questionnaire

router = APIRouter()


@router.get("/")
def show_home(request: Request) -> Response:
    shelf: Shelf = request.app.state.shelf
    found = [content(request, definition) for definition in shelf.newest()]
    return page(
        request,
        "home.html",
        questionnaires=[(q, facts_of(q)) for q in found],
        demo=[*demo.links(), demo_workshop.link(), demo_programme.link()] if request.app.state.settings.demo else [],
    )


def facts_of(questionnaire: Questionnaire) -> dict[str, int]:
    """What a person wants to know before starting; minutes are our estimate of half a minute a question."""
    questions = questionnaire.questions.values()
    always = [q for q in questions if q.applies_if is None]
    core = [q for q in always if q.core]
    pages = sections.sections(questionnaire)
    return {
        "questions": len(always),
        "more": len(questions) - len(always),
        "core": len(core),
        "core_minutes": minutes(len(core)),
        "minutes": minutes(len(always)),
        "sections": len(pages),
        "section_minutes": max(minutes(len(s.questions)) for s in pages),
    }


@router.get("/start/{questionnaire_id}")
def show_start(
    request: Request, session: DatabaseSession, person: MaybeSignedIn, now: Now, questionnaire_id: str, firm: str = ""
) -> Response:
    definition = _shelf(request).newest_of(questionnaire_id)
    beginning = _beginning(session, person, definition.questionnaire, firm, now)
    choices = firms.list_firms(session, person.user_id) if person and not beginning.access else ()
    entered = beginning.prefilled.entered({})
    return start_page(request, content(request, definition), beginning, entered, {}, 200, choices)


@dataclass(frozen=True, slots=True)
class Beginning:
    """The firm that starts an assessment, None for a new one, and what it need not say again."""

    access: FirmAccess | None = None
    prefilled: Prefilled = field(default_factory=Prefilled)


def _beginning(
    session: DatabaseSession, person: SignedIn | None, questionnaire: Questionnaire, number: str, now: datetime
) -> Beginning:
    if not number:
        return Beginning()
    if person is None:
        raise NotSignedIn
    access = firms.get_firm(session, person.user_id, number)
    if not access.may_manage:
        raise OnlyManagers
    known = firm_assessments.known_profile(session, access.firm, questionnaire, now)
    return Beginning(access, Prefilled(*known))


def start_page(
    request: Request,
    shown: Questionnaire,
    beginning: Beginning,
    entered: dict[str, str],
    problems: dict[str, Problem],
    status: int,
    choices: Sequence[object] = (),
) -> Response:
    return page(
        request,
        "start.html",
        status,
        questionnaire=shown,
        facts=facts_of(shown),
        entered=entered,
        problems=problems,
        firm=beginning.access.firm if beginning.access else None,
        prefilled=beginning.prefilled,
        choices=choices,
    )


@router.post("/start/{questionnaire_id}")
def start(
    request: Request, session: DatabaseSession, person: MaybeSignedIn, questionnaire_id: str, sent: Sent, now: Now
) -> Response:
    """Register the firm unless it is there already, start its assessment, and go to it."""
    definition = _shelf(request).newest_of(questionnaire_id)
    questionnaire = definition.questionnaire
    beginning = _beginning(session, person, questionnaire, sent.text("firm_id"), now)
    profile, problems = read_profile(questionnaire.fields, sent)
    if problems:
        typed = {k: sent.text(k) for k in sent}
        return start_page(request, content(request, definition), beginning, typed, problems, 422)
    if beginning.access is not None:
        started = firm_assessments.start_next(session, beginning.access.firm, questionnaire, profile, now)
        return RedirectResponse(f"/a/{started.id}", status_code=303)
    firm = firms.register(session, sent.text("firm"), sent.text("country"), now)
    if person is not None:
        roles.grant(session, person.user_id, MANAGER, firm.id, now)
    _, token = assessments.start(session, firm, questionnaire, profile, now)
    firm_profile.learn(firm, questionnaire.fields, profile, now)
    return RedirectResponse(f"/a/{token}?new=1", status_code=303)


def _shelf(request: Request) -> Shelf:
    shelf: Shelf = request.app.state.shelf
    return shelf


@router.get("/help")
def show_help(request: Request) -> Response:
    return page(request, "help.html")


@router.post("/language")
def set_language(request: Request, sent: Sent) -> Response:
    """Remember the reader's language and go back to where they were."""
    settings = request.app.state.settings
    response = RedirectResponse(local_path(sent.text("next")), status_code=303)
    if sent.text("language") in LANGUAGES:
        set_cookie(response, settings, LANGUAGE_COOKIE, sent.text("language"))
    return response


def local_path(path: str) -> str:
    """A path on this site; anything that a browser might take for another site is the home page."""
    is_plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if is_plain else "/"
