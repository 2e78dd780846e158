"""Invited people: each has a link of their own that leads to their seat, the first time and every time after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import participants
from assessment.access import TOKEN, new_token, token_sha256
from assessment.errors import N_, Conflict, Invalid, NotFound
from assessment.participants import Joined
from assessment.tables import Invitation, Participant, Workshop
from assessment.texts import clean_name
from assessment.users import clean_email

MOST_INVITED = 500


class InvitationNotFound(NotFound):
    """No invitation has this link, or it was taken back."""

    def __init__(self) -> None:
        super().__init__(N_("This invitation leads nowhere. Ask who leads the workshop for a new one."))


class WorkshopOver(Conflict):
    """A seat is taken before the end."""

    def __init__(self) -> None:
        super().__init__(N_("This workshop has ended. Ask who led it for the report."))


class TooManyInvited(Conflict):
    """A list has its limits."""

    def __init__(self) -> None:
        super().__init__(N_("At most %(most)d people can be on the list."), most=MOST_INVITED)


class LineUnclear(Invalid):
    """Each line names one person."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(
            N_("Line %(line)d, '%(text)s': write a name, then after commas an e-mail address and a group if you like."),
            line=line,
            text=text[:60],
        )


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody to invite."""

    name: str
    email: str = ""
    group_id: str = ""


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation on the list, and the number of its seat once it is taken."""

    id: int
    name: str
    email: str
    group_id: str
    sent_at: datetime | None
    seat: int | None


@dataclass(frozen=True, slots=True)
class Opened:
    """An invitation that somebody has followed."""

    row: Invitation
    workshop: Workshop
    participant: Participant | None


def read_guests(text: str, groups: Mapping[str, str]) -> tuple[Guest, ...]:
    """A list as people paste it: a person a line, `name, e-mail, group` with the group by id or by name.

    Raises:
        LineUnclear: names the line.
    """
    found = []
    ids = {name.casefold(): id for id, name in groups.items()} | {id.casefold(): id for id in groups}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        found.append(_guest(line, number, ids))
    return tuple(found)


def _guest(line: str, number: int, ids: Mapping[str, str]) -> Guest:
    name, email, group = "", "", ""
    for part in (p.strip() for p in line.replace("\t", ",").replace(";", ",").split(",")):
        try:
            if "@" in part and not email:
                email = clean_email(part)
            elif part.casefold() in ids and not group:
                group = ids[part.casefold()]
            elif part and not name:
                name = clean_name(part)
            elif part:
                raise LineUnclear(number, line)
        except Invalid as refusal:
            raise LineUnclear(number, line) from refusal
    if not name and not email:
        raise LineUnclear(number, line)
    return Guest(name, email, group)


def invite(
    session: Session, workshop: Workshop, guests: Sequence[Guest], now: datetime
) -> tuple[tuple[Invitation, str], ...]:
    """Put people on the list; each with the secret of their link, which is not kept.

    Raises:
        WorkshopOver, TooManyInvited
    """
    if workshop.state == "ended":
        raise WorkshopOver
    if len(list_invited(session, workshop)) + len(guests) > MOST_INVITED:
        raise TooManyInvited
    made = []
    for guest in guests:
        secret = new_token()
        row = Invitation(
            workshop_id=workshop.id,
            name=guest.name,
            email=guest.email,
            group_id=guest.group_id,
            token_sha256=token_sha256(secret),
            created_at=now,
        )
        session.add(row)
        made.append((row, secret))
    session.flush()
    return tuple(made)


def list_invited(session: Session, workshop: Workshop) -> tuple[Invited, ...]:
    """The list in the order in which it was made."""
    is_seated = (Participant.invitation_id == Invitation.id) & Participant.removed_at.is_(None)
    query = select(Invitation, Participant.number).outerjoin(Participant, is_seated)
    rows = session.execute(query.where(Invitation.workshop_id == workshop.id).order_by(Invitation.id))
    return tuple(Invited(r.id, r.name, r.email, r.group_id, r.sent_at, seat) for r, seat in rows)


def renew(session: Session, workshop: Workshop, number: int) -> tuple[Invitation, str]:
    """A new link for somebody on the list; the one before leads nowhere.

    Raises:
        InvitationNotFound
    """
    row, secret = _get(session, workshop, number), new_token()
    row.token_sha256 = token_sha256(secret)
    return row, secret


def take_back(session: Session, workshop: Workshop, number: int) -> None:
    """Take somebody off the list; a seat they have taken stays.

    Raises:
        InvitationNotFound
    """
    session.delete(_get(session, workshop, number))


def open_invitation(session: Session, secret: str, *, for_change: bool = False) -> Opened:
    """The invitation behind a link.

    Raises:
        InvitationNotFound: there is none, or it was taken back.
        WorkshopOver
    """
    if not TOKEN.fullmatch(secret):
        raise InvitationNotFound
    query = select(Invitation, Workshop).join(Workshop, Workshop.id == Invitation.workshop_id)
    query = query.where(Invitation.token_sha256 == token_sha256(secret))
    found = session.execute(query.with_for_update(of=Workshop) if for_change else query).one_or_none()
    if found is None:
        raise InvitationNotFound
    row, workshop = found
    if workshop.state == "ended":
        raise WorkshopOver
    seat = select(Participant).where(Participant.invitation_id == row.id, Participant.removed_at.is_(None))
    return Opened(row, workshop, session.scalars(seat).one_or_none())


def take_seat(session: Session, opened: Opened, group_id: str, nickname: str, now: datetime) -> Joined:
    """Take the seat that is kept, whatever the door; who has taken it before gets it back with a new link.

    Raises:
        GroupMissing, Invalid: what was entered cannot be used.
    """
    if opened.participant is not None:
        return participants.take_again(session, opened.participant)
    return participants.seat(session, opened.workshop, group_id, nickname, now, invitation=opened.row)


def _get(session: Session, workshop: Workshop, number: int) -> Invitation:
    query = select(Invitation).where(Invitation.workshop_id == workshop.id, Invitation.id == number)
    found = session.scalars(query).one_or_none() if 0 < number < 2**31 else None
    if found is None:
        raise InvitationNotFound
    return found
