"""The way in: choose a questionnaire, read what it asks of you, start; and the choice of language."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import demo
from app.database import DatabaseSession
from app.dependencies import Now
from app.durations import minutes
from app.forms import Problem, Sent
from app.profile_form import read_profile
from app.shelf import Shelf
from app.templating import LANGUAGE_COOKIE, content, page, set_cookie
from assessment import assessments, firms, sections
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
        demo=demo.links() if request.app.state.settings.demo else [],
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
def show_start(request: Request, questionnaire_id: str) -> Response:
    shelf: Shelf = request.app.state.shelf
    shown = content(request, shelf.newest_of(questionnaire_id))
    return start_page(request, shown, {}, {}, 200)


def start_page(
    request: Request, shown: Questionnaire, entered: dict[str, str], problems: dict[str, Problem], status: int
) -> Response:
    return page(
        request, "start.html", status, questionnaire=shown, facts=facts_of(shown), entered=entered, problems=problems
    )


@router.post("/start/{questionnaire_id}")
def start(request: Request, session: DatabaseSession, questionnaire_id: str, sent: Sent, now: Now) -> Response:
    """Register the firm, start its assessment, and go to it."""
    shelf: Shelf = request.app.state.shelf
    questionnaire = shelf.newest_of(questionnaire_id).questionnaire
    profile, problems = read_profile(questionnaire.fields, sent)
    if problems:
        shown = content(request, shelf.newest_of(questionnaire_id))
        return start_page(request, shown, {k: sent.text(k) for k in sent}, problems, 422)
    firm = firms.register(session, sent.text("firm"), sent.text("country"), now)
    _, token = assessments.start(session, firm, questionnaire, profile, now)
    return RedirectResponse(f"/a/{token}?new=1", status_code=303)


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
