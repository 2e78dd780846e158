"""Assessments by JSON: a firm's list, started, looked at with their progress, submitted and reopened."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.api.needs import needs
from app.api.replies import check_seen, made, page_of, reply
from app.api.shapes import After, Body, Key, Limit, Line, Name, Note, Number, Page, Reply, Whole
from app.api.strict_json import StrictRoute
from app.database import DatabaseSession
from app.dependencies import MaybeSignedIn, Now, Opened, OpenedByLink, OpenedByManager, SignedInPerson
from app.opened_sections import all_sections
from app.shelf import Shelf
from app.templating import content
from assessment import (
    assessments,
    conflicts,
    firm_assessments,
    firm_profile,
    firms,
    reopening,
    roles,
    sections,
    starting_again,
)
from assessment.access import MANAGER, NUMBER
from assessment.api_tokens import MANAGE, READ
from assessment.firms import OnlyManagers
from assessment.results import wishes_for
from assessment.texts import clean_name

of_firm = APIRouter(prefix="/firms/{number}/assessments", route_class=StrictRoute, tags=["Assessments"])
router = APIRouter(prefix="/assessments", route_class=StrictRoute, tags=["Assessments"])
PATH = "/api/v1/assessments"
State = Literal["open", "submitted"]
ProfileBody = Annotated[
    dict[Name, Annotated[str, Field(max_length=200)] | float],
    Field(max_length=200, description="Values of the questionnaire's fields; what is left out is not said."),
]


class StartBody(Body):
    """An assessment to start, on the newest version of a questionnaire."""

    questionnaire: Annotated[
        str, Field(max_length=64, pattern="^[a-z0-9][a-z0-9-]*$", examples=["industry4-readiness"])
    ]
    profile: ProfileBody = Field(default_factory=dict)


class StartFirmBody(StartBody):
    """An assessment to start with a firm of its own, which whoever signs in keeps."""

    firm: Line = ""
    country: Annotated[str, Field(pattern="^([A-Z]{2})?$", description="ISO 3166-1 alpha-2.")] = ""


class SubmitBody(Body):
    """What was seen: the version of each answer, as GET answers gives it."""

    seen: Annotated[dict[Name, Whole], Field(max_length=2000)]


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


class Started(Reply):
    """A new assessment; `key` opens it. The secret of a return link is given here and never again."""

    key: str
    number: int


def find_firm(session: DatabaseSession, person: SignedInPerson, number: Number) -> firms.FirmAccess:
    return firms.get_firm(session, person.user_id, str(number))


@of_firm.get("", response_model=Page[AssessmentRow], openapi_extra=needs(READ, 404))
def list_assessments(
    request: Request,
    session: DatabaseSession,
    person: SignedInPerson,
    number: Number,
    after: After = 0,
    limit: Limit = 50,
) -> Response:
    """A firm's assessments; at most its last 200."""
    firm = find_firm(session, person, number).firm
    found = firm_assessments.list_of(session, firm.id)
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


@of_firm.post("", response_model=Started, status_code=201, openapi_extra=needs(MANAGE, 404))
def start_for_firm(
    request: Request, session: DatabaseSession, person: SignedInPerson, number: Number, sent: StartBody, now: Now
) -> Response:
    """Start a firm's next assessment; what the firm has said before is taken over where the profile leaves it out."""
    access = find_firm(session, person, number)
    if not access.may_manage:
        raise OnlyManagers
    questionnaire = _shelf(request).newest_of(sent.questionnaire).questionnaire
    ours, earlier = firm_assessments.known_profile(session, access.firm, questionnaire, now)
    profile: dict[str, Any] = {**earlier, **ours, **sent.profile}
    started = firm_assessments.start_next(session, access.firm, questionnaire, profile, now)
    return made(request, Started(key=str(started.id), number=started.id), f"{PATH}/{started.id}")


@router.post("", response_model=Started, status_code=201, openapi_extra=needs(MANAGE, 404, public=True))
def start(request: Request, session: DatabaseSession, person: MaybeSignedIn, sent: StartFirmBody, now: Now) -> Response:
    """Start an assessment with a new firm. Without a token it belongs to whoever holds the secret in `key`."""
    questionnaire = _shelf(request).newest_of(sent.questionnaire).questionnaire
    firm = firms.register(session, sent.firm, sent.country, now)
    if person is not None:
        roles.grant(session, person.user_id, MANAGER, firm.id, now)
    started, secret = assessments.start(session, firm, questionnaire, sent.profile, now)
    firm_profile.learn(firm, questionnaire.fields, started.profile, now)
    return made(request, Started(key=secret, number=started.id), f"{PATH}/{secret}")


def _shelf(request: Request) -> Shelf:
    shelf: Shelf = request.app.state.shelf
    return shelf


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
    assessments.submit(session, opened.row, opened.questionnaire, wishes, now, sent.seen, who)
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


@router.post("/{key}/again", response_model=Started, status_code=201, openapi_extra=needs(MANAGE, 404, 409))
def start_again(request: Request, session: DatabaseSession, key: Key, opened: OpenedByManager, now: Now) -> Response:
    """Start the next assessment after one that is submitted; by number it is started once."""
    by_role = NUMBER.fullmatch(opened.key) is not None
    begun = starting_again.find_next(session, opened.row) if by_role else None
    if begun is not None:
        return made(request, Started(key=str(begun), number=begun), f"{PATH}/{begun}")
    newest = _shelf(request).newest_of(opened.row.questionnaire_id).questionnaire
    started, secret = starting_again.start_again(session, opened.row, newest, now)
    key = str(started.id) if by_role else secret
    return made(request, Started(key=key, number=started.id), f"{PATH}/{key}")
