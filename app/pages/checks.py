"""Check pages: what is answered in one section; what is open in all of them, with the submission."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from app import answer_form
from app.database_session import DatabaseSession
from app.dependencies import MaybeSignedIn, Now, Opened, OpenedByLink, OpenedByManager
from app.differences import open_differences
from app.forms import Problem, Sent, SentForm
from app.opened_sections import find_section, neighbours
from app.pages.assessments import closed, question_views, section_rows, see, translated
from app.templating import content, page
from assessment import answer_rows, assessments, cases, evidence, reopening, sections
from assessment.assessments import Sheet
from assessment.errors import Invalid
from assessment.hindrance_answers import MOST, read_hindrances
from assessment.hindrances import HINDRANCES, NOTHING, NOTHING_TEXT
from assessment.results import wishes_for

router = APIRouter(prefix="/a/{key}")


@router.get("/sections/{section_id}/check")
def check_section(request: Request, session: DatabaseSession, opened: OpenedByLink, section_id: str) -> Response:
    section = find_section(opened, section_id)
    if opened.is_submitted:
        return closed(request, opened)
    if opened.row.verifies_id is not None:
        return see(f"{opened.link}/sections/{section.id}")
    sheet = assessments.sheet_of(session, opened.row)
    asked = sections.applicable(opened.questionnaire, sheet.answers)
    others = [s for s in neighbours(opened, section) if any(q.id in asked for q in s.questions)]
    views = question_views(request, opened, section, sheet, SentForm({}), {})
    later = others[others.index(section) + 1 :] if section in others else []
    return page(
        request,
        "section_check.html",
        opened=opened,
        section=translated(request, opened, section),
        views=views,
        files=evidence.counts(session, opened.row, [view.id for view in views]),
        given=answer_rows.present_answers(session, opened.row.id, [view.id for view in views]),
        next_section=translated(request, opened, later[0]) if later else None,
        number=neighbours(opened, section).index(section) + 1,
        count=len(neighbours(opened, section)),
    )


@router.get("/check")
def check_all(request: Request, session: DatabaseSession, opened: OpenedByManager) -> Response:
    if opened.is_submitted:
        return closed(request, opened)
    before = reopening.list_past(session, opened.row)
    said = before[-1].snapshot.hindrances if before else None
    return _check_page(request, session, opened, (NOTHING,) if said == () else said or ())


def _check_page(
    request: Request,
    session: DatabaseSession,
    opened: Opened,
    chosen: Sequence[str],
    problem: Invalid | None = None,
) -> Response:
    """What is open, what stands in the way as far as it is `chosen`, and the button."""
    sheet = assessments.sheet_of(session, opened.row)
    asked = sections.applicable(opened.questionnaire, sheet.answers)
    return page(
        request,
        "check.html",
        422 if problem else 200,
        opened=opened,
        differing=open_differences(request, session, opened, sections.sections(opened.questionnaire), asked),
        seen=answer_form.versions_as_text(opened.questionnaire, sheet),
        hindrances={**{id: each.text for id, each in HINDRANCES.items()}, NOTHING: NOTHING_TEXT},
        most=MOST,
        chosen=chosen,
        problem=problem and Problem(problem.message, problem.values),
        **_overview(request, opened, sheet, asked),
    )


@router.post("/submit")
def submit(
    request: Request,
    session: DatabaseSession,
    opened: OpenedByManager,
    person: MaybeSignedIn,
    sent: Sent,
    now: Now,
) -> Response:
    """Freeze the answers with their scores. A second press of the button changes nothing."""
    if opened.is_submitted:
        return closed(request, opened)
    chosen = sent.get("hindrance", ())
    try:
        hindrances = read_hindrances(chosen)
    except Invalid as refusal:
        return _check_page(request, session, opened, chosen, refusal)
    wishes = wishes_for(opened.definition, opened.row.profile)
    seen = answer_form.versions_from_text(opened.questionnaire, sent.text("seen"))
    who = person.called if person else ""
    assessments.submit(session, opened.row, opened.questionnaire, wishes, now, seen, who, hindrances)
    cases.note_submitted(session, opened.row, opened.questionnaire, now, person.user_id if person else None)
    return see(f"{opened.link}/results")


def _overview(request: Request, opened: Opened, sheet: Sheet, asked: frozenset[str]) -> dict[str, Any]:
    """What is open and what is not known, section by section: warnings, not a barrier."""
    found = sections.sections(opened.questionnaire)
    rows = [r for r in section_rows(request, opened, found, asked, sheet) if r[1].asked]
    texts = content(request, opened.definition).questions
    answers = sheet.answers.answers
    missing = [(s, texts[q.id]) for s in found for q in s.questions if q.id in asked and q.id not in answers]
    unknown = [(s, texts[q.id]) for s in found for q in s.questions if q.id in asked and answers.get(q.id) == "unknown"]
    total = sections.progress(opened.questionnaire.questions.values(), asked, answers)
    return {"rows": rows, "missing": missing, "unknown": unknown, "total": total}
