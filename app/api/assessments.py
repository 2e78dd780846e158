"""Assessments by JSON: a firm's list, one with its progress and profile, submitted and reopened."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.api.needs import needs
from app.api.replies import check_seen, page_of, reply
from app.api.shapes import After, Body, Key, Limit, Line, Name, Note, Number, Page, Reply, Whole
from app.api.strict_json import StrictRoute
from app.database_session import DatabaseSession
from app.dependencies import MaybeSignedIn, Now, Opened, OpenedByLink, OpenedByManager, SignedInPerson
from app.opened_sections import all_sections
from app.templating import content
from assessment import (
    assessments,
    cases,
    conflicts,
    firm_assessments,
    firm_profile,
    firms,
    reopening,
    sections,
)
from assessment.api_tokens import MANAGE, READ
from assessment.hindrance_answers import MOST, read_hindrances
from assessment.hindrances import NOTHING, HindranceId
from assessment.results import wishes_for
from assessment.texts import clean_name

of_firm = APIRouter(prefix="/firms/{number}/assessments", route_class=StrictRoute, tags=["Assessments"])
router = APIRouter(prefix="/assessments", route_class=StrictRoute, tags=["Assessments"])
State = Literal["open", "submitted"]
ProfileBody = Annotated[
    dict[Name, Annotated[str, Field(max_length=200)] | float],
    Field(max_length=200, description="Values of the questionnaire's fields; what is left out is not said."),
]


class SubmitBody(Body):
    """What was seen: the version of each answer, as GET answers gives it; and what stands in the firm's way.

    `hindrances` has at most three; an empty list says that nothing stands in the way, null that nobody says.
    """

    seen: Annotated[dict[Name, Whole], Field(max_length=2000)]
    hindrances: Annotated[list[HindranceId], Field(max_length=MOST)] | None = None


class ReopenBody(Body):
    """Why answers are taken again, and who says so where nobody is signed in."""

    reason: Annotated[Note, Field(min_length=1, max_length=reopening.REASON_CHARACTERS, examples=["A new line."])]
    name: Line = ""


class ProfileOnly(Body):
    """What the firm says of itself in this assessment."""

    profile: ProfileBody


class ProfileReply(Reply):
    """What the firm said of itself in this assessment."""

    profile: dict[str, str | float]


class AssessmentRow(Reply):
    """An assessment in a list."""

    number: int
    questionnaire: str
    version: str
    state: State
    started_at: datetime
    submitted_at: datetime | None


class ProgressReply(Reply):
    """How many of the questions that apply are answered."""

    answered: int
    asked: int


class SectionProgress(ProgressReply):
    """A section, its progress, and which of its questions apply now."""

    id: str
    title: str
    is_core: bool
    questions: list[str]


class AssessmentReply(AssessmentRow):
    """An assessment as whoever asks may see it; a colleague sees their own sections."""

    firm: str
    may_manage: bool
    submitted_by: str
    progress: ProgressReply
    sections: list[SectionProgress]
    open_conflicts: int
    last_section: str | None


@of_firm.get("", response_model=Page[AssessmentRow], openapi_extra=needs(READ, 404))
def list_assessments(
    request: Request,
    session: DatabaseSession,
    person: SignedInPerson,
    number: Number,
    after: After = 0,
    limit: Limit = 50,
) -> Response:
    """A firm's assessments."""
    firm = firms.get_firm(session, person.user_id, str(number)).firm
    found = firm_assessments.list_after(session, firm.id, after, limit + 1)
    rows = [
        AssessmentRow(
            number=each.number,
            questionnaire=each.questionnaire.partition("@")[0],
            version=each.questionnaire.partition("@")[2],
            state="submitted" if each.state == "submitted" else "open",
            started_at=each.started_at,
            submitted_at=each.submitted_at,
        )
        for each in found
    ]
    return page_of(request, rows, [row.number for row in rows], after, limit)


@router.get("/{key}", response_model=AssessmentReply, openapi_extra=needs(READ, 404))
def show_assessment(request: Request, session: DatabaseSession, key: Key, opened: OpenedByLink) -> Response:
    """One assessment with its progress by section."""
    return reply(request, assessment_reply(request, session, opened))


def assessment_reply(request: Request, session: DatabaseSession, opened: Opened) -> AssessmentReply:
    sheet = assessments.sheet_of(session, opened.row)
    asked = sections.applicable(opened.questionnaire, sheet.answers)
    answered = sheet.answers.answers
    titles = _titles(request, opened)
    rows = [_section(each, titles[each.id], asked, answered) for each in all_sections(opened)]
    mine = {q.id: q for each in all_sections(opened) for q in each.questions}
    total = sections.progress(mine.values(), asked, answered)
    differing = [each for each in conflicts.list_open(session, opened.row) if each.question_id in mine]
    row = opened.row
    return AssessmentReply(
        **_row(row),
        firm=row.firm.name,
        may_manage=opened.may_manage,
        submitted_by=row.submitted_by,
        progress=ProgressReply(answered=total.answered, asked=total.asked),
        sections=rows,
        open_conflicts=len(differing),
        last_section=row.last_section,
    )


def _row(row: assessments.Assessment) -> dict[str, Any]:
    return {
        "number": row.id,
        "questionnaire": row.questionnaire_id,
        "version": row.questionnaire_version,
        "state": row.state,
        "started_at": row.created_at,
        "submitted_at": row.submitted_at,
    }


def _titles(request: Request, opened: Opened) -> Mapping[str, str]:
    shown = content(request, opened.definition)
    return {each.id: each.title for each in (*sections.core_sections(shown), *sections.sections(shown))}


def _section(
    section: sections.Section, title: str, asked: frozenset[str], answered: Mapping[str, object]
) -> SectionProgress:
    progress = sections.progress(section.questions, asked, set(answered))
    return SectionProgress(
        id=section.id,
        title=title,
        is_core=section.core,
        questions=[q.id for q in section.questions if q.id in asked],
        answered=progress.answered,
        asked=progress.asked,
    )


@router.get("/{key}/profile", response_model=ProfileReply, openapi_extra=needs(READ, 404))
def show_profile(request: Request, key: Key, opened: OpenedByManager) -> Response:
    """What the firm said of itself in this assessment."""
    return reply(request, ProfileReply(profile=opened.row.profile))


@router.put("/{key}/profile", response_model=ProfileReply, openapi_extra=needs(MANAGE, 404, 409, replaces=True))
def replace_profile(
    request: Request, session: DatabaseSession, key: Key, opened: OpenedByManager, sent: ProfileOnly, now: Now
) -> Response:
    """Replace what the firm says of itself in this assessment."""
    check_seen(request, ProfileReply(profile=opened.row.profile))
    assessments.describe_firm(opened.row, opened.questionnaire, sent.profile)
    firm_profile.learn(opened.row.firm, opened.questionnaire.fields, opened.row.profile, now)
    session.flush()
    return reply(request, ProfileReply(profile=opened.row.profile))


@router.post("/{key}/submit", response_model=AssessmentReply, openapi_extra=needs(MANAGE, 404, 409))
def submit(
    request: Request,
    session: DatabaseSession,
    key: Key,
    opened: OpenedByManager,
    person: MaybeSignedIn,
    sent: SubmitBody,
    now: Now,
) -> Response:
    """Freeze the answers with their scores. Again: nothing changes. An answer that was not seen is a conflict."""
    wishes = wishes_for(opened.definition, opened.row.profile)
    who = person.called if person else ""
    hindrances = None if sent.hindrances is None else read_hindrances(sent.hindrances or (NOTHING,))
    assessments.submit(session, opened.row, opened.questionnaire, wishes, now, sent.seen, who, hindrances)
    cases.note_submitted(session, opened.row, opened.questionnaire, now, person.user_id if person else None)
    return reply(request, assessment_reply(request, session, opened))


@router.post("/{key}/reopen", response_model=AssessmentReply, openapi_extra=needs(MANAGE, 404, 409))
def reopen(
    request: Request,
    session: DatabaseSession,
    key: Key,
    opened: OpenedByManager,
    person: MaybeSignedIn,
    sent: ReopenBody,
    now: Now,
) -> Response:
    """Take answers again; what was submitted is kept with its scores and reports."""
    who = person.called if person else clean_name(sent.name)
    reopening.reopen(session, opened.row, sent.reason, who, now)
    return reply(request, assessment_reply(request, session, opened))
