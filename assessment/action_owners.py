"""Owners of a room's actions: a link for each action, and what its owner tells of it from there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import workshop_events
from assessment.access import TOKEN, new_token, token_sha256
from assessment.errors import N_, Conflict, Invalid, NotFound
from assessment.room_actions import FieldInvalid, get, read_day
from assessment.standing import STATES
from assessment.tables import Workshop, WorkshopAction, WorkshopActionNews
from assessment.texts import clean_note

OPEN = ("planned", "started")
LEFT_ALONE = timedelta(hours=20)  # nobody is reminded of the same action twice in a day


class OwnedActionNotFound(NotFound):
    """No action has this link: it is mistyped, was replaced by a newer one, or the action was taken off."""

    def __init__(self) -> None:
        super().__init__(
            N_("This link leads to no action. A newer mail may hold the one that works; else ask who led the workshop.")
        )


class NewsChanged(Conflict):
    """Something was told of this action since the page was opened; `present` is what."""

    def __init__(self, present: "News | None") -> None:
        self.present = present
        super().__init__(N_("Something else was told of this action meanwhile. Compare both, then send yours again."))


@dataclass(frozen=True, slots=True)
class News:
    """What was told of an action: its state, the ISO day it holds from, a note, and when it was told."""

    number: int
    state: str
    day: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnedAction:
    """One action in the hands of its owner; nothing else of the workshop is open to them."""

    row: WorkshopAction
    workshop: Workshop
    news: tuple[News, ...]  # the newest first

    @property
    def newest(self) -> News | None:
        return self.news[0] if self.news else None


def make_link(session: Session, workshop: Workshop, number: int, now: datetime) -> str:
    """The secret of a new link for an action's owner; the one before leads nowhere from now on.

    The secret is not kept. The caller holds the workshop's row.

    Raises:
        ActionNotInRoadmap
    """
    secret = renew(get(session, workshop, number), now)
    workshop_events.note(session, workshop, "owner_link", now, action=number)
    return secret


def renew(row: WorkshopAction, now: datetime) -> str:
    """The same for a row at hand."""
    secret = new_token()
    row.token_sha256, row.linked_at = token_sha256(secret), now
    return secret


def open_owned(session: Session, secret: str, *, for_change: bool = False) -> OwnedAction:
    """The action behind an owner's link, in two statements. `for_change` holds its row until the transaction ends.

    Raises:
        OwnedActionNotFound
    """
    found = None
    if TOKEN.fullmatch(secret):
        query = select(WorkshopAction, Workshop).join(Workshop, Workshop.id == WorkshopAction.workshop_id)
        theirs = query.where(WorkshopAction.token_sha256 == token_sha256(secret))
        found = session.execute(theirs.with_for_update(of=WorkshopAction) if for_change else theirs).one_or_none()
    if found is None:
        raise OwnedActionNotFound
    told = select(WorkshopActionNews).where(WorkshopActionNews.workshop_action_id == found[0].id)
    news = session.scalars(told.order_by(WorkshopActionNews.id.desc()))
    return OwnedAction(found[0], found[1], tuple(news_of(row) for row in news))


def news_of(row: WorkshopActionNews) -> News:
    return News(row.id, row.state, row.day, row.note, row.told_at)


def tell(
    session: Session, owned: OwnedAction, state: str, day: str, note: str, seen: int | None, now: datetime
) -> None:
    """Tell where an action stands; what was told before stays on record. `seen` is the number of the newest news shown.

    What was told already is not told again: a form that is sent twice tells once.

    Raises:
        FieldInvalid: there is no such state, the day is none or lies ahead, or the note cannot be used.
        NewsChanged: something else was told meanwhile.
    """
    if state not in STATES:
        raise FieldInvalid("state", Invalid(N_("Choose where the action stands.")))
    told = (state, _past_day(day, state, now), _note(note))
    newest = owned.newest
    if newest is not None and (newest.state, newest.day, newest.note) == told:
        return
    if (newest.number if newest else None) != seen:
        raise NewsChanged(newest)
    row = owned.row
    session.add(WorkshopActionNews(workshop_action_id=row.id, state=told[0], day=told[1], note=told[2], told_at=now))
    row.state = state
    session.flush()


def to_remind(rows: Collection[WorkshopAction], now: datetime) -> Sequence[WorkshopAction]:
    """The open actions whose owners have an address and were not written to today."""
    return [
        row
        for row in rows
        if row.state in OPEN and row.owner_email and (row.reminded_at is None or now - row.reminded_at >= LEFT_ALONE)
    ]


def _past_day(typed: str, state: str, now: datetime) -> str:
    """The day it holds from; without one today, and a plan has none."""
    if state == "planned":
        return ""
    try:
        day = read_day(typed) or now.date().isoformat()
    except Invalid as refusal:
        raise FieldInvalid("day", refusal) from None
    # East of Greenwich it may be tomorrow already.
    if date.fromisoformat(day) > now.date() + timedelta(days=1):
        raise FieldInvalid("day", Invalid(N_("Enter a day that is not in the future.")))
    return day


def _note(typed: str) -> str:
    try:
        return clean_note(typed)
    except Invalid as refusal:
        raise FieldInvalid("note", refusal) from None
