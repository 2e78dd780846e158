"""Visits: when a person, or a program that acts for them, was last here; noted at most once in five minutes."""

import logging
from datetime import UTC, datetime

from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.database import Database, DatabaseBusy
from assessment import api_tokens, sessions
from assessment.api_tokens import Bearer
from assessment.sessions import SignedIn

log = logging.getLogger("fourward.visits")


async def note_visit(database: Database, person: SignedIn | None) -> None:
    """Note, after the answer has left, that somebody was here.

    A request that reads writes nothing; this is a transaction of its own, and its failure is nobody's trouble.
    """
    now = datetime.now(UTC)
    if person is None or not _is_due(person, now):
        return
    try:
        async with database.turn(writing=True) as session:
            await run_in_threadpool(_note, session, person, now)
    except (SQLAlchemyError, DatabaseBusy) as error:
        log.warning("a visit could not be noted: %s", type(error).__name__)


def _is_due(person: SignedIn, now: datetime) -> bool:
    if isinstance(person, Bearer):
        return api_tokens.is_unseen(person, now)
    return sessions.is_unseen(person, now)


def _note(session: Session, person: SignedIn, now: datetime) -> None:
    if isinstance(person, Bearer):
        api_tokens.note_used(session, person.token_id, now)
    else:
        sessions.note_seen(session, person.session_id, now)
