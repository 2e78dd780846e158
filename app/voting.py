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
from app.workshop_doors import Seated, seated
from assessment import votes
from assessment.errors import Refusal
from assessment.votes import Given, RoundOver

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

    def work(session: Session) -> tuple[int, list[dict[str, Any]]]:
        seat, now = seated(request, session, key), present_moment()
        return seat.workshop.id, [_recorded(request, session, seat, each, now) for each in sent]

    saves: GroupCommit = request.app.state.saves
    workshop_id, results = await saves.run(work, key)
    request.app.state.live.voted(workshop_id)
    return JSONResponse({"results": results})


def _recorded(request: Request, session: Session, seat: Seated, body: VoteBody, now: datetime) -> dict[str, Any]:
    given = Given(body.round, body.subject, body.value)
    try:
        votes.record_vote(session, seat.seat, seat.definition.questionnaire, given, now)
    except Refusal as refusal:
        status = "over" if isinstance(refusal, RoundOver) else "refused"
        return {"subject": body.subject, "status": status, "detail": say_to(request, refusal.message, refusal.values)}
    return {"subject": body.subject, "status": "saved"}
