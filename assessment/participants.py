"""Who is in the room: they join with a code or an invitation, and come back with a link or a personal code."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from assessment import workshop_events
from assessment.access import new_token, token_sha256
from assessment.errors import N_, Conflict, Forbidden, Invalid
from assessment.tables import Invitation, Participant, Workshop
from assessment.texts import clean_name
from assessment.workshop_access import LETTERS, SeatNotFound, plain_code

MOST_PARTICIPANTS = 2000
NICKNAME_CHARACTERS = 40
PERSONAL_CODE_LETTERS = 6
PERSONAL_CODE = re.compile(f"[{LETTERS}]{{{PERSONAL_CODE_LETTERS}}}")
WRONG_PERSONAL_CODE = N_("Nobody in this workshop has this personal code. Check it, or join anew.")


class DoorClosed(Forbidden):
    """Nobody new comes in; who has a seat keeps it."""

    def __init__(self) -> None:
        super().__init__(
            N_("The door of this workshop is closed. Ask who leads it to open it, or return with your personal code.")
        )


class InvitedOnly(Forbidden):
    """Seats are for those on the list."""

    def __init__(self) -> None:
        super().__init__(N_("This workshop is for people on its list. Use the link you were sent."))


class GroupMissing(Invalid):
    """Votes count by group, so everybody says which one is theirs."""

    def __init__(self) -> None:
        super().__init__(N_("Choose the group you belong to."))


class RoomIsFull(Conflict):
    """A room has its limits."""

    def __init__(self) -> None:
        super().__init__(N_("The room is full: it holds %(most)d people."), most=MOST_PARTICIPANTS)


@dataclass(frozen=True, slots=True)
class Joined:
    """A new seat: its link's secret and the personal code, neither of which can be had again."""

    participant: Participant
    secret: str
    personal_code: str


def join(session: Session, workshop: Workshop, group_id: str, nickname: str, now: datetime) -> Joined:
    """Take a seat by the code on the screen. The caller holds the workshop's row, so that numbers are given once.

    Raises:
        DoorClosed, InvitedOnly: not this way.
        GroupMissing, Invalid: what was entered cannot be used.
        RoomIsFull
    """
    if workshop.door == "closed":
        raise DoorClosed
    if workshop.door == "invited":
        raise InvitedOnly
    return seat(session, workshop, group_id, nickname, now)


def seat(
    session: Session,
    workshop: Workshop,
    group_id: str,
    nickname: str,
    now: datetime,
    *,
    source: str = "phone",
    invitation: Invitation | None = None,
) -> Joined:
    """Put somebody into the room, whatever the door."""
    if group_id not in {group["id"] for group in workshop.groups}:
        raise GroupMissing
    number = 1 + (session.scalar(select(func.max(Participant.number)).where(_in(workshop))) or 0)
    if number > MOST_PARTICIPANTS:
        raise RoomIsFull
    secret, code = new_token(), new_personal_code()
    participant = Participant(
        workshop_id=workshop.id,
        number=number,
        group_id=group_id,
        nickname=clean_name(nickname)[:NICKNAME_CHARACTERS].strip(),
        source=source,
        token_sha256=token_sha256(secret),
        code_sha256=token_sha256(f"{workshop.id} {code}"),
        invitation_id=invitation.id if invitation else None,
        joined_at=now,
    )
    session.add(participant)
    session.flush()
    workshop_events.note_count(session, workshop.id)
    return Joined(participant, secret, code)


def come_back(session: Session, workshop: Workshop, personal_code: str) -> Joined:
    """Take one's seat on another phone: the personal code gives a new link, and the old phone's leads nowhere.

    Raises:
        SeatNotFound: no seat of this workshop has this code.
    """
    code = plain_code(personal_code)
    query = select(Participant).where(_in(workshop), Participant.removed_at.is_(None))
    mine = query.where(Participant.code_sha256 == token_sha256(f"{workshop.id} {code}"))
    found = session.scalars(mine).one_or_none()
    if found is None:
        raise SeatNotFound
    return take_again(session, found)


def take_again(session: Session, participant: Participant) -> Joined:
    """One's own seat by a new link and a new personal code; the ones before lead nowhere."""
    secret = new_token()
    participant.token_sha256 = token_sha256(secret)
    return Joined(participant, secret, renew_code(session, participant))


def renew_code(session: Session, participant: Participant) -> str:
    """A new personal code; the one before works no more."""
    code = new_personal_code()
    participant.code_sha256 = token_sha256(f"{participant.workshop_id} {code}")
    return code


def remove(session: Session, workshop: Workshop, number: int, now: datetime) -> None:
    """Take somebody's seat away; their votes count no more, where the result is not frozen.

    Raises:
        SeatNotFound
    """
    gone = get(session, workshop, number)
    gone.removed_at, gone.invitation_id = now, None
    workshop_events.note(session, workshop, "removed", now, number=number)


def change_group(session: Session, workshop: Workshop, number: int, group_id: str, now: datetime) -> None:
    """Put somebody into the group they meant; results that are frozen stay as they are.

    Raises:
        SeatNotFound, GroupMissing
    """
    if group_id not in {group["id"] for group in workshop.groups}:
        raise GroupMissing
    get(session, workshop, number).group_id = group_id
    workshop_events.note(session, workshop, "regrouped", now, number=number)


def list_participants(session: Session, workshop: Workshop) -> Sequence[Participant]:
    """Everybody in the room, in the order of joining."""
    query = select(Participant).where(_in(workshop), Participant.removed_at.is_(None))
    return session.scalars(query.order_by(Participant.number)).all()


def new_personal_code() -> str:
    """Six letters: with the workshop's own code enough for one evening, as guesses are counted."""
    return "".join(secrets.choice(LETTERS) for _ in range(PERSONAL_CODE_LETTERS))


def get(session: Session, workshop: Workshop, number: int) -> Participant:
    """Somebody in the room by number.

    Raises:
        SeatNotFound
    """
    query = select(Participant).where(_in(workshop), Participant.number == number, Participant.removed_at.is_(None))
    found = session.scalars(query).one_or_none() if 0 < number < 2**31 else None
    if found is None:
        raise SeatNotFound
    return found


def _in(workshop: Workshop) -> ColumnElement[bool]:
    return Participant.workshop_id == workshop.id
