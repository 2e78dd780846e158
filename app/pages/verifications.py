"""The visit: begun and handed in by the assessor, its findings read and answered, and what they come to in all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, RedirectResponse, Response

from app import artifacts, case_mail
from app.answer_form import QuestionView
from app.database_session import DatabaseSession
from app.dependencies import Now, OpenedByLink
from app.differences import in_words
from app.forms import Problem, Sent, SentForm
from app.opened_sections import every_section
from app.programme_doors import CommitteeProgramme, OpenedCase, definition_of
from app.report_files import disposition
from app.settings import Settings
from app.templating import content, page, say_to
from app.uploads import FOREIGN, evidence_folder
from app.visit_doors import OwnCase, VisitedCase, link_here, remember_link
from assessment import (
    assessments,
    calibrated_view,
    self_said,
    verifications,
    verified_comparison,
    verified_pairs,
    visit_state,
)
from assessment.case_events import HANDED_IN
from assessment.case_states import ASSESSOR, FIRM, ON_SITE
from assessment.eligibility import SIZES
from assessment.errors import Invalid
from assessment.evidence import FileNotFound
from assessment.industries import SECTIONS
from assessment.programme_access import OpenCase
from assessment.sections import Section, applicable
from assessment.snapshots import answer_as_json
from assessment.verifications import NothingVerified, ReasonsMissing
from assessment.verified_comparison import DimensionPair
from assessment.verified_pairs import OVERALL
from assessment.visit_state import Finding, VisitState
from questionnaires.library import Definition
from questionnaires.schema import Dimension, Question, Questionnaire

router = APIRouter()


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One verified question, as a page shows it."""

    question: Question
    said: QuestionView
    found: QuestionView
    differs: bool
    response: str


@dataclass(frozen=True, slots=True)
class Place:
    """A question with the section in which it stands with the others of its topic."""

    section: Section
    question: Question


@router.get("/cases/{case}/visit")
def show_visit(request: Request, session: DatabaseSession, opened: VisitedCase) -> Response:
    return _visit_page(request, session, opened, (), None, 200)


def _visit_page(
    request: Request,
    session: DatabaseSession,
    opened: OpenCase,
    missing: Sequence[Place],
    problem: Problem | None,
    status: int,
) -> Response:
    state, definition = visit_state.state_of(session, opened.case), definition_of(request, opened.programme)
    verified, asked = _progress(session, state, definition.questionnaire)
    return page(
        request,
        "visit.html",
        status,
        opened=opened,
        firm=state.firm,
        begun=state.found is not None,
        may_visit=opened.case.state == ON_SITE and opened.case.handed_in_at is None,
        verified=verified,
        asked=asked,
        missing=missing,
        problem=problem,
        response_days=opened.programme.response_days,
    )


def _progress(session: DatabaseSession, state: VisitState, questionnaire: Questionnaire) -> tuple[int, int]:
    """How many questions are verified, of those that apply by what stands."""
    if state.found is None or state.said is None:
        return 0, 0
    sheet = assessments.sheet_of(session, state.found)
    verified = self_said.verified_in(questionnaire, state.said, sheet) if state.found.frozen is None else ()
    told = len(verified) if state.found.frozen is None else len(state.found.frozen["verified"])
    return told, len(applicable(questionnaire, state.said.under(sheet).answers))


@router.post("/cases/{case}/visit")
def start_visit(request: Request, session: DatabaseSession, opened: VisitedCase, sent: Sent, now: Now) -> Response:
    """Go to the sections on this device, or to one question; the device's link is made the first time."""
    _, token = verifications.open_for(session, opened, now, link_here(request))
    places = _places(request, definition_of(request, opened.programme))
    at = places.get(sent.text("at"))
    path = f"/a/{token}/sections/{at.section.id}#q-{at.question.id}" if at else f"/a/{token}"
    response = RedirectResponse(path, status_code=303)
    remember_link(request, response, opened.case.id, token)
    return response


def _places(request: Request, definition: Definition) -> dict[str, Place]:
    found = every_section(content(request, definition))
    return {q.id: Place(s, q) for s in found if not s.core for q in s.questions}


@router.post("/cases/{case}/visit/hand-in")
def hand_in(request: Request, session: DatabaseSession, opened: VisitedCase, now: Now) -> Response:
    definition = definition_of(request, opened.programme)
    try:
        verifications.hand_in(session, opened, definition.questionnaire, now)
    except ReasonsMissing as refusal:
        places = _places(request, definition)
        problem = Problem(refusal.message, refusal.values)
        return _visit_page(request, session, opened, [places[q] for q in refusal.questions], problem, 422)
    except NothingVerified as refusal:
        return _visit_page(request, session, opened, (), Problem(refusal.message, refusal.values), 422)
    settings: Settings = request.app.state.settings
    case_mail.tell_firm(session, settings, opened, HANDED_IN, now)
    return RedirectResponse(f"/cases/{opened.case.id}/findings", status_code=303)


@router.get("/a/{key}/visit")
def go_to_case(session: DatabaseSession, opened: OpenedByLink) -> Response:
    """From the sections back to the case; whoever is not its assessor is told so there."""
    found = visit_state.case_of(session, opened.row)
    if found is None:
        raise FileNotFound
    return RedirectResponse(f"/cases/{found}/visit", status_code=303)


@router.get("/a/{key}/self/evidence/{number}")
def download_firm_file(request: Request, session: DatabaseSession, opened: OpenedByLink, number: int) -> Response:
    """A file that the firm gave with its answers, for who verifies them; saved, and never shown inside our pages."""
    found = self_said.file_of(session, opened.row, number)
    path = artifacts.path_of(evidence_folder(request), found.content_sha256)
    if not path.is_file():
        raise FileNotFound
    headers = {"content-disposition": disposition(found.name), "content-security-policy": FOREIGN}
    return FileResponse(path, media_type=found.media_type, headers=headers)


@router.get("/cases/{case}/findings")
def show_findings(request: Request, session: DatabaseSession, opened: OpenedCase, now: Now) -> Response:
    return _findings_page(request, session, opened, now, SentForm({}), None, 200)


def _findings_page(
    request: Request,
    session: DatabaseSession,
    opened: OpenCase,
    now: Now,
    typed: SentForm,
    problem: Problem | None,
    status: int,
) -> Response:
    definition = definition_of(request, opened.programme)
    state = visit_state.state_of(session, opened.case)
    found = visit_state.findings(session, opened.case, definition.questionnaire)
    is_told = opened.case.handed_in_at is not None
    rows = [_row(request, definition, each, opened, typed) for each in found] if is_told else []
    compared = verified_comparison.of_case(session, opened.case, definition.questionnaire) if is_told else None
    return page(
        request,
        "visit_findings.html",
        status,
        opened=opened,
        firm=state.firm,
        is_told=is_told,
        differing=[row for row in rows if row.differs],
        same=[row for row in rows if not row.differs],
        compared=_by_dimension(request, definition, compared),
        top=definition.questionnaire.scale.max,
        until=verifications.response_until(opened),
        may_respond=opened.role == FIRM and verifications.may_respond(opened, now),
        to_all=_response(opened, typed, ""),
        is_firm=opened.role == FIRM,
        is_assessor=opened.role == ASSESSOR,
        problem=problem,
        estimate=calibrated_view.view_of(session, opened, state, definition.questionnaire) if not is_told else None,
    )


def _row(request: Request, definition: Definition, found: Finding, opened: OpenCase, typed: SentForm) -> FindingRow:
    source = definition.questionnaire.questions[found.question]
    shown = content(request, definition).questions[found.question]
    said = None if found.said is None else answer_as_json(found.said)
    return FindingRow(
        question=shown,
        said=in_words(source, shown, said, found.note),
        found=in_words(source, shown, answer_as_json(found.found), found.reason),
        differs=found.differs,
        response=_response(opened, typed, found.question),
    )


def _response(opened: OpenCase, typed: SentForm, question: str) -> str:
    """What the firm has said to a finding, or is about to."""
    return typed.text(f"r.{question}") if typed else (opened.case.response or {}).get(question, "")


def _by_dimension(
    request: Request, definition: Definition, compared: verified_comparison.CaseComparison | None
) -> list[tuple[str, int, DimensionPair]]:
    """Title, depth and pair of each dimension; the first is the whole."""
    if compared is None:
        return []
    titles = {d.id: (d.title, depth) for d, depth in _walk(content(request, definition).dimensions)}
    return [("", 0, compared.overall), *((*titles[pair.dimension], pair) for pair in compared.dimensions)]


def _walk(dimensions: Sequence[Dimension], depth: int = 0) -> list[tuple[Dimension, int]]:
    found = []
    for dimension in dimensions:
        found += [(dimension, depth), *_walk(dimension.dimensions, depth + 1)]
    return found


@router.post("/cases/{case}/findings")
def respond(request: Request, session: DatabaseSession, opened: OwnCase, sent: Sent, now: Now) -> Response:
    """The firm's one response; to have nothing to say is one."""
    texts = {name.removeprefix("r."): sent.text(name) for name in sent if name.startswith("r.")}
    try:
        verifications.respond(session, opened, texts, now)
    except Invalid as refusal:
        problem = Problem(refusal.message, refusal.values)
        return _findings_page(request, session, opened, now, sent, problem, 422)
    return RedirectResponse(f"/cases/{opened.case.id}/findings", status_code=303)


@router.get("/programmes/{programme}/verification")
def show_programme(request: Request, session: DatabaseSession, membership: CommitteeProgramme) -> Response:
    definition = definition_of(request, membership.programme)
    pairs = verified_pairs.pairs_of(session, membership.programme, definition.questionnaire)
    found = verified_comparison.over(pairs, membership.programme, definition.questionnaire)
    titles = {d.id: (d.title, depth) for d, depth in _walk(content(request, definition).dimensions)}
    rows: list[tuple[str, int, Any]] = [("", 0, found.overall.bias)]
    rows += [(*titles[each.dimension], each.bias) for each in found.dimensions if each.dimension != OVERALL]
    return page(
        request,
        "visit_programme.html",
        membership=membership,
        found=found,
        rows=rows,
        top=definition.questionnaire.scale.max,
        sizes={code: say_to(request, name) for code, name in SIZES.items()},
        sections={code: say_to(request, name) for code, name in SECTIONS.items()},
    )
