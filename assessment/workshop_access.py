"""Who may lead, show and sit in a workshop: by a link nobody can guess, or by an account that leads it."""

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from assessment.access import NUMBER, TOKEN, token_sha256
from assessment.errors import N_, Conflict, NotFound
from assessment.tables import Participant, Workshop, WorkshopFacilitator

# Without 0 and O, 1 and I and L, which a phone's keyboard and a tired eye take for each other.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE = re.compile(f"[{LETTERS}]{{5}}")


class WorkshopNotFound(NotFound):
    """No workshop has this link or number, or it is not this person's: one answer for both."""

    def __init__(self) -> None:
        super().__init__(N_("This link leads to no workshop. Check that you have copied all of it."))


class CodeNotFound(NotFound):
    """No workshop that can be joined has this code."""

    def __init__(self) -> None:
        super().__init__(N_("No workshop has this code now. Look at the screen again, or ask who leads the workshop."))


class SeatNotFound(NotFound):
    """No seat has this link, or it was taken away."""

    def __init__(self) -> None:
        super().__init__(N_("This link leads to no seat in a workshop. Join again with the code on the screen."))


class ScreenIsStale(Conflict):
    """The workshop has moved on since the page of whoever leads it was made."""

    def __init__(self) -> None:
        super().__init__(
            N_("The workshop has moved on since this page was shown. Look at it as it is now, then go on.")
        )


@dataclass(frozen=True, slots=True)
class Seat:
    """A participant in their workshop."""

    participant: Participant
    workshop: Workshop


def new_code() -> str:
    """Five letters to join by: 28 million of them, a few in use at a time."""
    return "".join(secrets.choice(LETTERS) for _ in range(5))


def plain_code(typed: str) -> str:
    """A code as people type it: in small letters, with spaces or a dash."""
    return re.sub(r"[\s-]", "", typed).upper()


def open_chair(
    session: Session, key: str, user_id: int | None = None, *, for_change: bool = False, seen: int | None = None
) -> Workshop:
    """The workshop to lead, by the chair's secret or, for somebody who leads it, by its number.

    `for_change` holds its row until the transaction ends, so that its events get their numbers one by one;
    `seen` is the number of the last event that the person had in front of them.

    Raises:
        WorkshopNotFound: there is none, or not for this person.
        ScreenIsStale: something has happened since `seen`.
    """
    query = select(Workshop).where(_may_lead(key, user_id))
    workshop = session.scalars(query.with_for_update() if for_change else query).one_or_none()
    if workshop is None:
        raise WorkshopNotFound
    if seen is not None and seen != workshop.seq:
        raise ScreenIsStale
    return workshop


def _may_lead(key: str, user_id: int | None) -> ColumnElement[bool]:
    if TOKEN.fullmatch(key):
        return Workshop.chair_sha256 == token_sha256(key)
    if user_id is None or not NUMBER.fullmatch(key):
        raise WorkshopNotFound
    helps = exists().where(WorkshopFacilitator.workshop_id == Workshop.id, WorkshopFacilitator.user_id == user_id)
    return and_(Workshop.id == int(key), or_(Workshop.user_id == user_id, helps))


def open_screen(session: Session, secret: str) -> Workshop:
    """The workshop to show on a projector, by the screen's secret.

    Raises:
        WorkshopNotFound
    """
    query = select(Workshop).where(Workshop.screen_sha256 == token_sha256(secret))
    workshop = session.scalars(query).one_or_none() if TOKEN.fullmatch(secret) else None
    if workshop is None:
        raise WorkshopNotFound
    return workshop


def open_seat(session: Session, secret: str) -> Seat:
    """A participant's seat, by its secret. Reads only: votes take no lock on the workshop.

    Raises:
        SeatNotFound: there is none, or it was taken away.
    """
    found = None
    if TOKEN.fullmatch(secret):
        query = select(Participant, Workshop).join(Workshop, Workshop.id == Participant.workshop_id)
        is_theirs = Participant.token_sha256 == token_sha256(secret)
        found = session.execute(query.where(is_theirs, Participant.removed_at.is_(None))).one_or_none()
    if found is None:
        raise SeatNotFound
    return Seat(found[0], found[1])


def open_seats(session: Session, secrets: Collection[str]) -> dict[str, Seat]:
    """The seats of many at once, by their secrets; who has none is left out."""
    by_hash = {token_sha256(secret): secret for secret in secrets if TOKEN.fullmatch(secret)}
    query = select(Participant, Workshop).join(Workshop, Workshop.id == Participant.workshop_id)
    theirs = query.where(Participant.token_sha256.in_(by_hash), Participant.removed_at.is_(None))
    return {by_hash[row[0].token_sha256]: Seat(row[0], row[1]) for row in session.execute(theirs)}


def find_by_code(session: Session, typed: str, *, for_change: bool = False) -> Workshop:
    """The workshop that can be joined by this code.

    Raises:
        CodeNotFound
    """
    code = plain_code(typed)
    query = select(Workshop).where(Workshop.code == code, Workshop.state != "ended")
    workshop = None
    if CODE.fullmatch(code):
        workshop = session.scalars(query.with_for_update() if for_change else query).one_or_none()
    if workshop is None:
        raise CodeNotFound
    return workshop
