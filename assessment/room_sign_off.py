"""A room puts its name to its roadmap: who does not go along, by group and in its words, and who signs."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from assessment import workshop_events
from assessment.errors import N_, Conflict, Invalid, NotFound
from assessment.room_actions import FieldInvalid, RoadmapStands, get
from assessment.room_roadmap import as_it_stands
from assessment.tables import Dissent, Workshop, WorkshopEvent
from assessment.texts import clean_text
from questionnaires.library import Definition

TEXT_CHARACTERS = 1000
MOST_DISSENT = 60
SIGNED, OPENED = "signed_off", "opened_again"  # kinds of events


class NothingToSign(Conflict):
    """An empty roadmap binds nobody."""

    def __init__(self) -> None:
        super().__init__(N_("There is no action to sign off. Add one first."))


class NotSigned(Conflict):
    """Only what stands is opened again."""

    def __init__(self) -> None:
        super().__init__(N_("This roadmap is open: nobody has signed it off."))


class DissentNotFound(NotFound):
    """It was taken back already."""

    def __init__(self) -> None:
        super().__init__(N_("This is not on the record, or was taken back. Look at the page as it is now."))


class TooMuchDissent(Conflict):
    """There is a bound to what a page can show."""

    def __init__(self) -> None:
        super().__init__(N_("At most %(most)d objections are kept. Take one back first."), most=MOST_DISSENT)


def record_dissent(
    session: Session, workshop: Workshop, group: str, text: str, question: str, action: int | None, now: datetime
) -> int:
    """Take down that a group does not go along, in its words and never by name; returns its number.

    With an action, with a gap (`question`), or with the roadmap as a whole where both are left out.

    Raises:
        RoadmapStands, TooMuchDissent
        FieldInvalid: there is no such group or gap, or no words.
        ActionNotInRoadmap
    """
    if workshop.signed_off is not None:
        raise RoadmapStands
    kept = session.scalar(select(func.count(Dissent.id)).where(Dissent.workshop_id == workshop.id)) or 0
    if kept >= MOST_DISSENT:
        raise TooMuchDissent
    if group not in _groups(workshop):
        raise FieldInvalid("group", Invalid(N_("Choose the group that does not go along.")))
    if action is not None:
        question = get(session, workshop, action).question_id
    elif question and question not in workshop.questions:
        raise FieldInvalid("about", Invalid(N_("Choose what the group does not go along with.")))
    row = Dissent(
        workshop_id=workshop.id,
        group_id=group,
        text=_words(text, N_("Write down why, in the words of the group.")),
        question_id=question,
        workshop_action_id=action,
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    workshop_events.note(session, workshop, "dissent", now, dissent=row.id, group=group, change="added")
    return row.id


def take_back_dissent(session: Session, workshop: Workshop, number: int, now: datetime) -> None:
    """The group goes along after all.

    Raises:
        RoadmapStands, DissentNotFound
    """
    if workshop.signed_off is not None:
        raise RoadmapStands
    gone = session.execute(
        delete(Dissent).where(Dissent.id == number, Dissent.workshop_id == workshop.id).returning(Dissent.id)
    ).all()
    if not gone:
        raise DissentNotFound
    workshop_events.note(session, workshop, "dissent", now, dissent=number, change="taken_back")


def sign_off(
    session: Session, workshop: Workshop, definition: Definition, groups: Collection[str], text: str, now: datetime
) -> None:
    """Freeze the roadmap as it stands, with its dissent and the groups that sign; `text` is what they add, if anything.

    The caller holds the workshop's row. The whole record is in the event too, so that opening again loses nothing.

    Raises:
        RoadmapStands: it was signed off before.
        NothingToSign
        FieldInvalid: no group signs, or the text cannot be used.
    """
    if workshop.signed_off is not None:
        raise RoadmapStands
    roadmap = as_it_stands(session, workshop, definition)
    if not roadmap.actions:
        raise NothingToSign
    signing = [group for group in _groups(workshop) if group in groups]
    if not signing:
        raise FieldInvalid("groups", Invalid(N_("Tick the groups that sign.")))
    words = _read_text(text)
    record = {"at": now.isoformat(), "groups": signing, "text": words, "roadmap": roadmap.as_json()}
    workshop.signed_off = record
    workshop_events.note(session, workshop, SIGNED, now, **record)


def open_again(session: Session, workshop: Workshop, reason: str, now: datetime) -> None:
    """Let the roadmap be changed again; what was signed off stays on record.

    Raises:
        NotSigned
        FieldInvalid: there is no reason.
    """
    if workshop.signed_off is None:
        raise NotSigned
    why = _words(reason, N_("Write down why it is opened again."), "reason")
    workshop_events.note(session, workshop, OPENED, now, reason=why, signed_at=workshop.signed_off["at"])
    workshop.signed_off = None


def earlier_sign_offs(session: Session, workshop: Workshop) -> Sequence[dict[str, Any]]:
    """What was signed off and opened again, in order: the record, with `reason` and `opened_at`."""
    query = select(WorkshopEvent).where(
        WorkshopEvent.workshop_id == workshop.id, WorkshopEvent.kind.in_((SIGNED, OPENED))
    )
    found: list[dict[str, Any]] = []
    for event in session.scalars(query.order_by(WorkshopEvent.seq)):
        if event.kind == SIGNED:
            found.append(dict(event.data))
        else:
            found[-1] |= {"reason": event.data["reason"], "opened_at": event.at.isoformat()}
    return [each for each in found if "reason" in each]


def _groups(workshop: Workshop) -> list[str]:
    return [group["id"] for group in workshop.groups]


def _words(text: str, missing: str, field: str = "text") -> str:
    words = _read_text(text, field)
    if not words:
        raise FieldInvalid(field, Invalid(missing))
    return words


def _read_text(text: str, field: str = "text") -> str:
    try:
        return clean_text(text, TEXT_CHARACTERS)
    except Invalid as refusal:
        raise FieldInvalid(field, refusal) from None
