"""What became of an answer and of an assessment by JSON: each answer that was given, each submission taken back."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from app.api.needs import needs
from app.api.replies import page_of, reply
from app.api.shapes import After, Key, Limit, Number, Page, Reply
from app.api.strict_json import StrictRoute
from app.database_session import DatabaseSession
from app.dependencies import Opened, OpenedByLink, OpenedByManager
from app.opened_sections import all_sections
from assessment import conflicts, reopening, revisions
from assessment.api_tokens import READ
from assessment.reopening import Past
from assessment.saving import QuestionNotFound
from assessment.snapshots import answer_as_json

router = APIRouter(prefix="/assessments/{key}", route_class=StrictRoute, tags=["History"])
Question = Annotated[str, Path(max_length=200, description="The id of a question.")]


class MetReply(Reply):
    """It met another answer; a person kept that one or took this one, or has still to choose."""

    number: int
    settled_as: Literal["", "kept", "taken"]
    settled_by: str | None
    settled_at: datetime | None


class SaidReply(Reply):
    """Something that was said at a question. `version` is null where it met another answer and was not stored."""

    number: int
    answer: Any
    note: str
    by: str | None
    at: datetime
    version: int | None
    met: MetReply | None


class ScoreReply(Reply):
    """A score as it was stored; null without one."""

    score: float | None
    low: float | None
    high: float | None


class SubmissionRow(Reply):
    """A submission that was taken back, counted from 1."""

    number: int
    version: str
    scoring_version: str
    submitted_at: datetime
    submitted_by: str
    reopened_at: datetime
    reopened_by: str
    reason: str


class SubmissionReply(SubmissionRow):
    """A submission with its answers, notes and scores of then."""

    answers: dict[str, Any]
    notes: dict[str, str]
    overall: ScoreReply
    profile: str | None
    scores: dict[str, ScoreReply]


@router.get("/questions/{question}/history", response_model=Page[SaidReply], openapi_extra=needs(READ, 404))
def list_answers(
    request: Request,
    session: DatabaseSession,
    key: Key,
    opened: OpenedByLink,
    question: Question,
    after: After = 0,
    limit: Limit = 50,
) -> Response:
    """All that was ever said at a question, the first first: what became the answer, and what met another one."""
    if not any(q.id == question for each in all_sections(opened) for q in each.questions):
        raise QuestionNotFound
    rows = [_numbered(number, each) for number, each in enumerate(_said(session, opened, question), 1)]
    return page_of(request, rows, [row.number for row in rows], after, limit)


def _numbered(number: int, said: SaidReply) -> SaidReply:
    return said.model_copy(update={"number": number})


def _said(session: DatabaseSession, opened: Opened, question: str) -> list[SaidReply]:
    found = [
        SaidReply(number=0, answer=r.value, note=r.note, by=r.by, at=r.at, version=r.version, met=None)
        for r in revisions.list_revisions(session, opened.row, question)
    ]
    names: dict[str, Literal["", "kept", "taken"]] = {conflicts.KEPT: "kept", conflicts.TAKEN: "taken"}
    for each in conflicts.list_of_question(session, opened.row, question):
        met = MetReply(
            number=each.id,
            settled_as=names.get(each.settled_as, ""),
            settled_by=each.settled_by,
            settled_at=each.settled_at,
        )
        found.append(
            SaidReply(number=0, answer=each.value, note=each.note, by=each.by, at=each.at, version=None, met=met)
        )
    # At one moment, the answer that stayed came before the one that met it.
    return sorted(found, key=lambda said: (said.at, said.met is not None))


@router.get("/submissions", response_model=Page[SubmissionRow], openapi_extra=needs(READ, 404))
def list_submissions(
    request: Request, session: DatabaseSession, key: Key, opened: OpenedByManager, after: After = 0, limit: Limit = 50
) -> Response:
    """The submissions that were taken back; the one in force is among the results."""
    rows = [SubmissionRow(**_facts(each)) for each in reopening.list_past(session, opened.row)]
    return page_of(request, rows, [row.number for row in rows], after, limit)


@router.get("/submissions/{number}", response_model=SubmissionReply, openapi_extra=needs(READ, 404))
def show_submission(
    request: Request, session: DatabaseSession, key: Key, opened: OpenedByManager, number: Number
) -> Response:
    """One submission that was taken back, as it was."""
    past = reopening.get_past(session, opened.row, number)
    answers = past.snapshot.answers.answers
    content = SubmissionReply(
        **_facts(past),
        answers={q: answer_as_json(value) for q, value in answers.items()},
        notes=dict(past.snapshot.notes),
        overall=_score(past.scores["overall"]),
        profile=past.scores["profile"],
        scores={name: _score(node) for name, node in past.scores["nodes"].items()},
    )
    return reply(request, content)


def _facts(past: Past) -> dict[str, Any]:
    return {
        "number": past.number,
        "version": past.questionnaire_version,
        "scoring_version": past.scoring_version,
        "submitted_at": past.submitted_at,
        "submitted_by": past.submitted_by,
        "reopened_at": past.reopened_at,
        "reopened_by": past.reopened_by,
        "reason": past.reason,
    }


def _score(stored: dict[str, Any]) -> ScoreReply:
    return ScoreReply(score=stored["score"], low=stored["low"], high=stored["high"])
