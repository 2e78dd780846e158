"""Passwords that forms send: checked and hashed before the form's own transaction begins.

A hash takes most of a tenth of a second; on SQLite every save would wait for a transaction that makes one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session

from app.browsers import network_of
from app.database import Database
from app.dependencies import NotSignedIn, Now, find_person
from app.forms import Problem, Sent
from app.sign_in import Turns
from assessment import attempts, passwords, users
from assessment.attempts import Limit
from assessment.errors import N_, Invalid
from assessment.sessions import SignedIn

BY_ADDRESS, BY_NETWORK = Limit("password:address", 10), Limit("password:network", 100)


@dataclass(frozen=True, slots=True)
class Proven:
    """The address whose password a form held, with a new hash where the old one was made at another cost."""

    email: str
    new_hash: str | None


async def check_password(request: Request, sent: Sent, now: Now) -> Proven | None:
    """Whose password the form holds; None for a wrong one, for none, and for an unknown address alike.

    Raises:
        Invalid: it is no address.
        TriedTooOften: this address or this network has guessed too often.
    """
    email = users.clean_email(sent.text("email"))
    database: Database = request.app.state.database
    turns: Turns = request.app.state.turns

    await _count(request, email, now)
    async with database.turn(writing=False) as session:
        kept = await run_in_threadpool(users.password_hash_of, session, email)
    # The same work for nobody: no short way out before the hash.
    fits = await turns.fits(kept, sent.text("password"))
    if kept is None or not fits:
        return None
    return Proven(email, await turns.hash(sent.text("password")) if turns.is_outdated(kept) else None)


async def _count(request: Request, email: str, now: datetime) -> None:
    """Count a guess in a transaction of its own, before any hash is made."""

    def count(session: Session) -> None:
        attempts.count(session, BY_NETWORK, network_of(request), now)
        attempts.count(session, BY_ADDRESS, email, now)

    database: Database = request.app.state.database
    async with database.turn(writing=True) as session:
        await run_in_threadpool(count, session)


ProvenAddress = Annotated[Proven | None, Depends(check_password)]


@dataclass(frozen=True, slots=True)
class NewPassword:
    """What becomes of a form with a new password: its hash, or what is wrong."""

    password_hash: str = ""
    problem: Problem | None = None


async def read_new_password(request: Request, sent: Sent, now: Now) -> NewPassword:
    """Check who asks, then the new password, then hash it.

    Raises:
        NotSignedIn: nobody is signed in here.
    """
    database: Database = request.app.state.database
    turns: Turns = request.app.state.turns

    def look(session: Session) -> tuple[SignedIn | None, str | None]:
        person = find_person(request, session, now)
        return person, users.password_hash_of(session, person.email) if person else None

    async with database.turn(writing=False) as session:
        person, kept = await run_in_threadpool(look, session)
    if person is None:
        raise NotSignedIn
    if not person.is_fresh(now):
        await _count(request, person.email, now)
        if not await turns.fits(kept, sent.text("current")):
            return NewPassword(problem=Problem(N_("This is not your present password."), {}))
    try:
        passwords.check_new(sent.text("password"), person.email, person.name)
    except Invalid as refusal:
        return NewPassword(problem=Problem(refusal.message, refusal.values))
    return NewPassword(await turns.hash(sent.text("password")))


NewPasswordSent = Annotated[NewPassword, Depends(read_new_password)]
