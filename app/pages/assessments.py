"""One assessment: its task list and its sections of questions."""

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from types import MappingProxyType

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import answer_form
from app.answer_form import QuestionView
from app.beside import Around, around, beside
from app.database_session import DatabaseSession
from app.dependencies import Now, Opened, OpenedByLink, OpenedByManager
from app.differences import open_differences
from app.durations import minutes
from app.forms import Problem, Sent, SentForm
from app.newer_versions import newer_version
from app.opened_sections import all_sections, every_section, find_section, neighbours
from app.profile_form import Prefilled, read_profile
from app.return_links import return_link
from app.templating import content, page
from app.visit_answers import asked_in, take_over
from assessment import assessments, firm_assessments, firm_profile, firms, respondents, roles, saving, sections
from assessment.access import NUMBER
from assessment.assessments import Given, Sheet
from assessment.saving import Operation, Outcome
from assessment.sections import Progress, Section
from assessment.self_said import SelfSaid, self_said

router = APIRouter(prefix="/a/{key}")


def closed(request: Request, opened: Opened) -> Response:
    """Where a submitted assessment leads: to its results, or to a word of thanks for a colleague."""
    if opened.may_manage:
        return see(f"{opened.link}/results")
    return page(request, "thanks.html", opened=opened)


def see(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303)


@router.get("")
def show_tasks(
    request: Request, session: DatabaseSession, opened: OpenedByLink, new: str = "", mailed: str = ""
) -> Response:
    if opened.is_submitted:
        return closed(request, opened)
    is_visit = opened.row.verifies_id is not None
    asked_as = None if is_visit else respondents.awaits_name(session, opened.access)
    if asked_as is not None:
        return page(request, "name.html", opened=opened, name=asked_as, problems={})
    sheet = assessments.sheet_of(session, opened.row)
    asked = asked_in(opened, sheet, self_said(session, opened.row))
    found = all_sections(opened)
    core = section_rows(request, opened, tuple(s for s in found if s.core), asked, sheet)
    rows = section_rows(request, opened, tuple(s for s in found if not s.core), asked, sheet)
    questions = {q.id: q for s in found for q in s.questions}
    total = sections.progress(questions.values(), asked, sheet.answers.answers)
    return page(
        request,
        "tasks.html",
        opened=opened,
        core=core,
        core_progress=Progress(sum(p.answered for _, p in core), sum(p.asked for _, p in core)),
        groups=[(f, list(g)) for f, g in groupby((r for r in rows if r[1].asked), key=lambda r: r[0].factor)],
        total=total,
        differing=open_differences(request, session, opened, found, asked),
        newer=newer_version(request, opened),
        resume=_resume(opened, [*core, *rows]),
        return_link=return_link(request, opened, is_mailed=bool(mailed)),
        is_new=bool(new or mailed),
        may_keep=roles.may_keep(session, opened.access),
        core_minutes=minutes(sum(p.asked for _, p in core)),
        questionnaire=content(request, opened.definition),
    )


def section_rows(
    request: Request, opened: Opened, found: tuple[Section, ...], asked: frozenset[str], sheet: Sheet
) -> list[tuple[Section, Progress]]:
    shown = content(request, opened.definition)
    in_language = {s.id: s for s in every_section(shown)}
    answered = sheet.answers.answers
    return [(in_language[s.id], sections.progress(s.questions, asked, answered)) for s in found]


def _resume(opened: Opened, rows: list[tuple[Section, Progress]]) -> str:
    """Where to go on: the section last worked on, or else the first that is not complete."""
    open_rows = [s.id for s, p in rows if p.asked and not p.is_complete]
    if opened.may_manage and opened.row.last_section in open_rows:
        return str(opened.row.last_section)
    return open_rows[0] if open_rows else ""


@router.get("/profile")
def show_profile(request: Request, session: DatabaseSession, opened: OpenedByManager, now: Now) -> Response:
    firm = opened.row.firm
    prefilled = _prefilled(session, opened, now).without(opened.row.profile)
    values = {"firm": firm.name, "country": firm.country, **prefilled.entered(opened.row.profile)}
    return _profile_page(request, opened, prefilled, values, {}, 200)


def _is_by_number(opened: Opened) -> bool:
    """Whether it was opened by a person with a role in the firm, and not by a link."""
    return NUMBER.fullmatch(opened.key) is not None


def _prefilled(session: DatabaseSession, opened: Opened, now: datetime) -> Prefilled:
    """What the firm has said elsewhere; a link to one assessment does not show what was said in another."""
    ours, earlier = firm_assessments.known_profile(session, opened.row.firm, opened.questionnaire, now)
    return Prefilled(ours, earlier if _is_by_number(opened) else {})


def _profile_page(
    request: Request,
    opened: Opened,
    prefilled: Prefilled,
    values: dict[str, str],
    problems: dict[str, Problem],
    status: int,
) -> Response:
    return page(
        request,
        "profile.html",
        status,
        opened=opened,
        questionnaire=content(request, opened.definition),
        entered=values,
        prefilled=prefilled,
        firm=opened.row.firm if _is_by_number(opened) else None,
        problems=problems,
    )


@router.post("/profile")
def save_profile(request: Request, session: DatabaseSession, opened: OpenedByManager, sent: Sent, now: Now) -> Response:
    questionnaire, firm = opened.questionnaire, opened.row.firm
    profile, problems = read_profile(questionnaire.fields, sent)
    if problems:
        return _profile_page(request, opened, Prefilled(), {k: sent.text(k) for k in sent}, problems, 422)
    assessments.describe_firm(opened.row, questionnaire, profile)
    if not _is_by_number(opened):
        firms.rename(firm, sent.text("firm"), sent.text("country"))
    firm_profile.learn(firm, questionnaire.fields, opened.row.profile, now)
    return see(opened.link)


@router.get("/sections/{section_id}")
def show_section(
    request: Request, session: DatabaseSession, opened: OpenedByLink, section_id: str, back: str = ""
) -> Response:
    section = find_section(opened, section_id)
    if opened.is_submitted:
        return closed(request, opened)
    sheet = assessments.sheet_of(session, opened.row)
    return section_page(request, opened, section, sheet, around(request, session, opened), back)


def section_page(
    request: Request,
    opened: Opened,
    section: Section,
    sheet: Sheet,
    known: Around,
    back: str = "",
    sent: SentForm | None = None,
    problems: Mapping[str, Problem] = MappingProxyType({}),
) -> Response:
    """A page of questions: with what is stored, or with what was sent and its problems."""
    views = question_views(request, opened, section, sheet, sent or SentForm({}), problems, known.said)
    others = neighbours(opened, section)
    following = others[others.index(section) + 1 :]
    return page(
        request,
        "section.html",
        422 if problems else 200,
        opened=opened,
        section=translated(request, opened, section),
        number=others.index(section) + 1,
        count=len(others),
        following=following[0].id if following else "",
        views=views,
        problems=[v for v in views if v.problem],
        beside=beside(request, opened, section, sheet, frozenset(v.id for v in views), known),
        back="check" if back == "check" else "",
    )


def question_views(
    request: Request,
    opened: Opened,
    section: Section,
    sheet: Sheet,
    sent: SentForm,
    problems: Mapping[str, Problem],
    said: SelfSaid | None = None,
) -> list[QuestionView]:
    """The questions of a section that apply, in the reader's language."""
    asked = asked_in(opened, sheet, said)
    texts = content(request, opened.definition).questions
    return [
        answer_form.show(q, texts[q.id], sheet, sent, problems.get(q.id)) for q in section.questions if q.id in asked
    ]


def translated(request: Request, opened: Opened, section: Section) -> Section:
    return next(s for s in every_section(content(request, opened.definition)) if s.id == section.id)


@router.post("/sections/{section_id}")
def save_section(
    request: Request, session: DatabaseSession, opened: OpenedByLink, section_id: str, sent: Sent, now: Now
) -> Response:
    """Save what fits, show again what does not; then go on to the section's check page."""
    section = find_section(opened, section_id)
    sheet = assessments.sheet_of(session, opened.row)
    given, problems = answer_form.read(section.questions, sent, sheet)
    said = self_said(session, opened.row)
    taken = take_over(said, sent, given, problems) if said else ()
    outcomes = _save(session, opened, given, sent, now)
    saving.note_section(session, opened.access, opened.questionnaire, section.id)
    after = assessments.sheet_of(session, opened.row)
    back = sent.text("back")
    if problems:
        return section_page(request, opened, section, after, around(request, session, opened), back, sent, problems)
    place = f"{opened.link}/sections/{section.id}"
    for outcome in outcomes:
        if outcome.status == "conflict":
            # The page shows both answers there.
            return see(f"{place}#q-{outcome.operation.question}")
    for question in (*sent.get("clear", ()), *taken):
        return see(f"{place}#q-{question}")
    # The page's script has saved each answer before; it names the questions that the page has shown.
    asked_before = frozenset(sent.text("seen").split()) or asked_in(opened, sheet, said)
    asked = asked_in(opened, after, said) - asked_before
    fresh = [q.id for q in section.questions if q.id in asked]
    if fresh:
        # An answer on this page made another question of it apply.
        return see(f"{place}#q-{fresh[0]}")
    if said:
        return see(_after(opened, section))
    return see(f"{opened.link}/check" if back == "check" else f"{place}/check")


def _after(opened: Opened, section: Section) -> str:
    """Where a visit goes on: to the next section, or from the last one to the list."""
    others = neighbours(opened, section)
    following = others[others.index(section) + 1 :]
    return f"{opened.link}/sections/{following[0].id}" if following else opened.link


def _save(
    session: DatabaseSession, opened: Opened, given: Mapping[str, Given], sent: SentForm, now: datetime
) -> list[Outcome]:
    """Save what a form has sent, over the versions that its page had shown."""
    operations = [Operation(q, answer_form.version_seen(sent, q), g.value, g.note) for q, g in given.items()]
    return saving.save_all(session, opened.access, opened.questionnaire, operations, now)
