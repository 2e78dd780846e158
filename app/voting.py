"""Votes as a phone's script sends them: several at once, each with its own answer, in a commit shared with others."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from app.dependencies import present_moment
from app.group_commit import GroupCommit
from app.templating import say_to
from app.workshop_doors import definition_of
from assessment.errors import Refusal
from assessment.votes import Ballots, Given, RoundOver
from assessment.workshop_access import Seat
from questionnaires.schema import Questionnaire

router = APIRouter(prefix="/r/{key}")
MOST_VOTES = 200


class VoteBody(BaseModel):
    """One vote: the round it was asked in, on what, and what it says."""

    model_config = ConfigDict(extra="forbid", strict=True)

    round: Annotated[int, Field(ge=1, le=10**6)]
    subject: Annotated[str, Field(max_length=200)]
    value: Any


Votes = Annotated[list[VoteBody], Field(max_length=MOST_VOTES)]


@router.post("/votes")
async def vote(request: Request, key: str, sent: Votes) -> Response:
    """Take down what a phone has kept; each vote gets its own answer, and is safe when this one comes."""

    def work(_session: Session, ballots: Ballots) -> list[dict[str, Any]]:
        seat, now = ballots.seat(key), present_moment()
        asked = definition_of(request, seat.workshop).questionnaire
        return [_recorded(request, ballots, seat, asked, each, now) for each in sent]

    commits: GroupCommit[str, Ballots] = request.app.state.votes
    return JSONResponse({"results": await commits.run(work, key, key)})


def _recorded(
    request: Request, ballots: Ballots, seat: Seat, asked: Questionnaire, body: VoteBody, now: datetime
) -> dict[str, Any]:
    try:
        ballots.record(seat, asked, Given(body.round, body.subject, body.value), now)
    except Refusal as refusal:
        status = "over" if isinstance(refusal, RoundOver) else "refused"
        return {"subject": body.subject, "status": status, "detail": say_to(request, refusal.message, refusal.values)}
    return {"subject": body.subject, "status": "saved"}
