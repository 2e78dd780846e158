"""What became of an answer: each one that was ever given, those that differed, and choosing between two."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.database import DatabaseSession
from app.dependencies import Now, OpenedByLink
from app.forms import Sent
from app.pages.assessments import all_sections, see
from assessment import conflicts
from assessment.conflicts import KEPT, TAKEN
from assessment.errors import N_, Invalid

router = APIRouter(prefix="/a/{key}")


@router.post("/differences/{number}")
def settle(
    request: Request, session: DatabaseSession, opened: OpenedByLink, number: int, sent: Sent, now: Now
) -> Response:
    """Keep the answer that is there, or take the other one; then go back to where they were shown."""
    choice, seen = sent.text("choice"), sent.text("seen")
    if choice not in (KEPT, TAKEN) or not (seen.isascii() and seen.isdigit() and len(seen) < 10):
        raise Invalid(N_("Choose one of the two answers."))
    question = conflicts.settle(
        session, opened.access, opened.questionnaire, number, KEPT if choice == KEPT else TAKEN, int(seen), now
    )
    if sent.text("back") == "check" and opened.may_manage:
        return see(f"{opened.link}/check")
    section = next(s for s in reversed(all_sections(opened)) if any(q.id == question for q in s.questions))
    here = next((s for s in all_sections(opened) if s.id == sent.text("section")), section)
    return see(f"{opened.link}/sections/{here.id}#q-{question}")
