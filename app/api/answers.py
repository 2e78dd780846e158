"""Answers by JSON: what a device has kept is saved in one call, each save with what its sender had seen."""

import hashlib
import re
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.api.needs import needs
from app.api.problems import details_of, problem
from app.api.strict_json import StrictRoute
from app.database_session import DatabaseSession
from app.dependencies import OpenedByLink, open_to_save, present_moment, sent_to_save
from app.group_commit import GroupCommit
from assessment import answer_rows, saving, sections
from assessment.answer_rows import Present
from assessment.api_tokens import ANSWER, READ
from assessment.saving import Operation, Outcome
from assessment.saving_together import Sent, Together

router = APIRouter(prefix="/assessments/{key}", route_class=StrictRoute, tags=["Answers"])

MOST_OPERATIONS = 200
LARGEST_VERSION = 2**31 - 1
ETAG = re.compile(r'"(0|[1-9][0-9]{0,9})"')
Key = Annotated[str, Path(description="The secret of the return link or of a colleague's link, or the number.")]


class Body(BaseModel):
    """What is sent: no field that is not named, no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class AnswerBody(Body):
    """One answer; `answer` null clears it, a `note` that is left out stays as it is."""

    id: Annotated[UUID, Field(strict=False, description="Made by the device; sent again, it gets the same reply.")]
    answer: Any = Field(description="A level, options, a number, 'unknown', 'not_applicable', or null for no answer.")
    note: str | None = None


class OperationBody(AnswerBody):
    """One save of a batch."""

    question: Annotated[str, Field(max_length=200)]
    base: Annotated[int, Field(ge=0, le=LARGEST_VERSION, description="The version last seen; 0 for no answer.")]
    settles: Annotated[bool, Field(description="Whether its sender has chosen it over another answer they met.")] = (
        False
    )
    section: Annotated[str | None, Field(max_length=200, description="The section that is worked on.")] = None


class BatchBody(Body):
    """Saves in the order in which they were made."""

    operations: Annotated[list[OperationBody], Field(max_length=MOST_OPERATIONS)]


class PresentAnswer(BaseModel):
    """An answer as it stands; version 0 where none was ever given."""

    question: str
    version: int
    answer: Any
    note: str
    by: str | None
    at: datetime | None


class SaveResult(PresentAnswer):
    """What became of one save."""

    id: UUID
    status: saving.Status
    problem: dict[str, Any] | None = None


class BatchReply(BaseModel):
    """One result for each save, in order."""

    results: list[SaveResult]


class AnswersReply(BaseModel):
    """All answers that whoever asks may give."""

    state: str
    answers: list[PresentAnswer]


@router.post("/answers:batch", response_model=BatchReply, openapi_extra=needs(ANSWER, 404, 409, 429))
async def save_answers(request: Request, key: Key, sent: BatchBody) -> Response:
    """Save up to 200 answers at once; one that is refused does not stop the others."""
    operations = [_operation(each, each.question, each.base, each.settles) for each in sent.operations]
    sections_named = [each.section for each in sent.operations if each.section is not None]

    outcomes = await _save(request, key, operations, sections_named[-1] if sections_named else None)
    return _json({"results": [_result(request, each) for each in outcomes]})


@router.put("/answers/{question}", response_model=SaveResult, openapi_extra=needs(ANSWER, 404, 409, 429, replaces=True))
async def save_answer(request: Request, key: Key, question: str, sent: AnswerBody) -> Response:
    """Save one answer over the version that If-Match names ("0" for none)."""
    if "if-match" not in request.headers:
        raise HTTPException(428)
    match = ETAG.fullmatch(request.headers["if-match"])
    if match is None or int(match[1]) > LARGEST_VERSION:
        return problem(request, 400, 'If-Match names the version that was seen, such as "3".')
    operation = _operation(sent, question, int(match[1]))
    [outcome] = await _save(request, key, [operation], None)
    result = _result(request, outcome)
    if outcome.status == "refused":
        return problem(request, result["problem"]["status"], result["problem"]["detail"])
    if outcome.status == "conflict":
        return problem(request, 412, **{k: v for k, v in result.items() if k != "status"})
    return _json(result, {"etag": f'"{outcome.present.version}"'})


@router.get("/answers", response_model=AnswersReply, openapi_extra=needs(READ, 404))
def show_answers(request: Request, session: DatabaseSession, opened: OpenedByLink) -> Response:
    """The answers as they stand, each with its version, who gave it and when."""
    found = answer_rows.present_answers(session, opened.row.id)
    given = opened.access.sections
    mine = found.keys() if given is None else sections.question_ids(opened.questionnaire, given)
    answers = [_present(q, found[q]) for q in opened.questionnaire.questions if q in found and q in mine]
    body = orjson.dumps({"state": opened.row.state, "answers": answers})
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": etag, "cache-control": "private, no-cache"}
    if etag in (each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def _operation(sent: AnswerBody, question: str, base: int, settles: bool = False) -> Operation:
    return Operation(question, base, sent.answer, sent.note, str(sent.id), settles)


async def _save(request: Request, key: str, operations: list[Operation], section: str | None) -> list[Outcome]:
    sent = sent_to_save(request, key, operations)

    def work(session: Session, together: Together) -> list[Outcome]:
        now = present_moment()
        access, questionnaire = open_to_save(request, session, together, sent, now)
        request.app.state.save_rate.count(access.assessment.id, len(operations))
        outcomes = saving.save(session, access, questionnaire, operations, now, together.batch)
        if section is not None:
            saving.note_section(session, access, questionnaire, section)
        return outcomes

    saves: GroupCommit[Sent, Together] = request.app.state.saves
    return await saves.run(work, sent, key)


def _result(request: Request, outcome: Outcome) -> dict[str, Any]:
    operation = outcome.operation
    refusal = {"problem": details_of(request, outcome.refusal)} if outcome.refusal else {}
    return {
        "id": operation.id,
        "status": outcome.status,
        **_present(operation.question, outcome.present),
        **refusal,
    }


def _present(question: str, present: Present) -> dict[str, Any]:
    return {"question": question, **present.as_json()}


def _json(content: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(content), 200, headers, "application/json")
