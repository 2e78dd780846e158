"""Ask a colleague: links of their own for some sections, who has one, and how far they are."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.colleague_mail import may_mail, tell_asked
from app.database_session import DatabaseSession
from app.dependencies import MaybeSignedIn, Now, Opened, OpenedByLink, OpenedByManager
from app.forms import Problem, Sent, SentForm
from app.opened_sections import every_section
from app.pages.assessments import see
from app.qr_codes import qr_code
from app.settings import Settings
from app.templating import content, page, public_link
from assessment import access, assessments, respondents, sections
from assessment.assessments import Sheet
from assessment.errors import Invalid
from assessment.respondents import Colleague, SectionsMissing
from assessment.sections import Progress, Section
from assessment.sessions import SignedIn
from assessment.users import clean_email

router = APIRouter(prefix="/a/{key}")
SHOWN_SECONDS = 600  # a new link can be looked at again for ten minutes, in the browser that made it
LINK_COOKIE = "new-link"


@dataclass(frozen=True, slots=True)
class ColleagueRow:
    """A colleague as the list shows them."""

    colleague: Colleague
    sections: tuple[Section, ...]
    progress: Progress


def offered(opened: Opened) -> frozenset[str]:
    return frozenset(s.id for s in every_section(opened.questionnaire))


@router.get("/colleagues")
def list_colleagues(
    request: Request, session: DatabaseSession, opened: OpenedByManager, person: MaybeSignedIn, section: str = ""
) -> Response:
    chosen = SentForm({"sections": (section,)} if section else {})
    return _list_page(request, session, opened, person, chosen, {}, 200)


def _list_page(
    request: Request,
    session: DatabaseSession,
    opened: Opened,
    person: SignedIn | None,
    sent: SentForm,
    problems: dict[str, Problem],
    status: int,
) -> Response:
    found = respondents.list_colleagues(session, opened.row)
    sheet = assessments.sheet_of(session, opened.row)
    return page(
        request,
        "colleagues.html",
        status,
        opened=opened,
        rows=_rows(request, opened, found, sheet),
        sections=every_section(content(request, opened.definition)),
        chosen=sent.get("sections", ()),
        name=sent.text("name"),
        email=sent.text("email"),
        may_mail=may_mail(request, person),
        problems=problems,
    )


def _rows(request: Request, opened: Opened, found: tuple[Colleague, ...], sheet: Sheet) -> list[ColleagueRow]:
    shown = every_section(content(request, opened.definition))
    asked = sections.applicable(opened.questionnaire, sheet.answers)
    return [_row(c, tuple(s for s in shown if s.id in c.sections), asked, sheet) for c in found]


def _row(colleague: Colleague, given: tuple[Section, ...], asked: frozenset[str], sheet: Sheet) -> ColleagueRow:
    # A core question stands in two sections; it is counted once.
    questions = {q.id: q for s in given for q in s.questions}
    return ColleagueRow(colleague, given, sections.progress(questions.values(), asked, sheet.answers.answers))


@router.post("/colleagues")
def ask_colleague(
    request: Request, session: DatabaseSession, opened: OpenedByManager, person: MaybeSignedIn, sent: Sent, now: Now
) -> Response:
    """Make a colleague's link; the next page shows it, and nothing keeps it."""
    typed = sent.text("email").strip() if may_mail(request, person) else ""
    try:
        email = clean_email(typed) if typed else ""
    except Invalid as refusal:
        return _refused(request, session, opened, person, sent, "email", refusal)
    try:
        chosen = sent.get("sections", ())
        number, token = respondents.ask(session, opened.row, sent.text("name"), chosen, offered(opened), now)
    except Invalid as refusal:
        field = "sections" if isinstance(refusal, SectionsMissing) else "name"
        return _refused(request, session, opened, person, sent, field, refusal)
    if email and person is not None:
        tell_asked(request, session, person, email, opened.row.firm.name, token, now)
    return _show_link(request, opened, number, token)


def _refused(
    request: Request,
    session: DatabaseSession,
    opened: Opened,
    person: SignedIn | None,
    sent: SentForm,
    field: str,
    refusal: Invalid,
) -> Response:
    problems = {field: Problem(refusal.message, refusal.values)}
    return _list_page(request, session, opened, person, sent, problems, 422)


def _show_link(request: Request, opened: Opened, number: int, token: str) -> Response:
    # The secret travels in a cookie of that one page: not in an address, which browsers keep, nor in a second form,
    # which a reload would send again.
    settings: Settings = request.app.state.settings
    path = f"{opened.link}/colleagues/{number}"
    response = see(path)
    https = settings.public_url.startswith("https://")
    response.set_cookie(LINK_COOKIE, token, SHOWN_SECONDS, path=path, secure=https, httponly=True, samesite="strict")
    return response


@router.get("/colleagues/{number}")
def show_colleague(request: Request, session: DatabaseSession, opened: OpenedByManager, number: int) -> Response:
    colleague = respondents.get_colleague(session, opened.row, number)
    return _colleague_page(request, session, opened, colleague, colleague.sections, {}, 200)


def _colleague_page(
    request: Request,
    session: DatabaseSession,
    opened: Opened,
    colleague: Colleague,
    chosen: frozenset[str],
    problems: dict[str, Problem],
    status: int,
) -> Response:
    token = request.cookies.get(LINK_COOKIE, "")
    is_fresh = bool(access.TOKEN.fullmatch(token)) and respondents.has_link(session, colleague.id, token)
    link = public_link(request, f"/a/{token}") if is_fresh else ""
    (row,) = _rows(request, opened, (colleague,), assessments.sheet_of(session, opened.row))
    return page(
        request,
        "colleague.html",
        status,
        opened=opened,
        row=row,
        link=link,
        picture=qr_code(link) if link else "",
        sections=every_section(content(request, opened.definition)),
        chosen=chosen,
        problems=problems,
    )


@router.post("/colleagues/{number}/sections")
def change_sections(
    request: Request, session: DatabaseSession, opened: OpenedByManager, number: int, sent: Sent
) -> Response:
    chosen = sent.get("sections", ())
    try:
        respondents.change_sections(session, opened.row, number, chosen, offered(opened))
    except SectionsMissing as refusal:
        colleague = respondents.get_colleague(session, opened.row, number)
        problems = {"sections": Problem(refusal.message, refusal.values)}
        return _colleague_page(request, session, opened, colleague, frozenset(), problems, 422)
    return see(f"{opened.link}/colleagues")


@router.post("/colleagues/{number}/link")
def renew_link(request: Request, session: DatabaseSession, opened: OpenedByManager, number: int) -> Response:
    return _show_link(request, opened, number, respondents.renew_link(session, opened.row, number))


@router.post("/colleagues/{number}/take-back")
def take_back(session: DatabaseSession, opened: OpenedByManager, number: int, now: Now) -> RedirectResponse:
    respondents.take_back(session, opened.row, number, now)
    return see(f"{opened.link}/colleagues")


@router.post("/name")
def confirm_name(request: Request, session: DatabaseSession, opened: OpenedByLink, sent: Sent, now: Now) -> Response:
    """A colleague says how they are called; their answers carry it."""
    try:
        respondents.confirm_name(session, opened.access, sent.text("name"), now)
    except Invalid as refusal:
        problems = {"name": Problem(refusal.message, refusal.values)}
        return page(request, "name.html", 422, opened=opened, name=sent.text("name"), problems=problems)
    return see(opened.link)
