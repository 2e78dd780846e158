"""What a room takes on about its agreed gaps: actions of the library or its own, each with an owner and a day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import workshop_events
from assessment.errors import N_, Conflict, Invalid, NotFound
from assessment.tables import Workshop, WorkshopAction, WorkshopGap
from assessment.texts import clean_name, clean_text
from assessment.users import clean_email
from questionnaires.library import SIZES, Action, Definition

MOST_ACTIONS = 60
TEXT_CHARACTERS = 500
MOST_DAYS = 1e6
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)


class RoadmapStands(Conflict):
    """What was signed off is what people have put their names to."""

    def __init__(self) -> None:
        super().__init__(N_("This roadmap was signed off and stands. Open it again first, and say why."))


class ActionNotInRoadmap(NotFound):
    """The room has taken on no such action, or has taken it off again."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such action in this roadmap. Look at it as it is now."))


class NotAgreed(Invalid):
    """A roadmap is about what was agreed to come first."""

    def __init__(self) -> None:
        super().__init__(N_("Choose one of the gaps that were agreed to come first."))


class NotInLibrary(Invalid):
    """The questionnaire's library has no such action for this."""

    def __init__(self) -> None:
        super().__init__(N_("The library has no such action for this. Choose another one, or write your own."))


class TakenOnAlready(Conflict):
    """Once is enough."""

    def __init__(self) -> None:
        super().__init__(N_("This action is in the roadmap already."))


class RoadmapIsFull(Conflict):
    """Nobody keeps track of more."""

    def __init__(self) -> None:
        super().__init__(N_("A roadmap holds at most %(most)d actions. Take one off first."), most=MOST_ACTIONS)


class FieldInvalid(Invalid):
    """What was entered in one field cannot be used; `field` is which."""

    def __init__(self, field: str, refusal: Invalid) -> None:
        self.field = field
        super().__init__(refusal.message, **refusal.values)


@dataclass(frozen=True, slots=True)
class Entered:
    """What the room says of an action, as it was typed; `due` is an ISO day. The title is for its own actions only."""

    title: str = ""
    first_step: str = ""
    measure: str = ""
    owner: str = ""
    owner_email: str = ""
    group_id: str = ""
    due: str = ""


def take_on(
    session: Session, workshop: Workshop, definition: Definition, action_id: str, entered: Entered, now: datetime
) -> int:
    """Take on an action of the library, or one that another of its actions needs first; returns its number here.

    The caller holds the workshop's row.

    Raises:
        RoadmapStands, RoadmapIsFull
        NotInLibrary, TakenOnAlready
        FieldInvalid
    """
    action = definition.action.get(action_id)
    if action is None:
        raise NotInLibrary
    if action_id in {row.action_id for row in _room_for_more(session, workshop)}:
        raise TakenOnAlready
    return _add(session, workshop, action.question, action_id, entered, now)


def write_own(session: Session, workshop: Workshop, question_id: str, entered: Entered, now: datetime) -> int:
    """Take on an action that the room has written for an agreed gap; returns its number.

    Raises:
        RoadmapStands, RoadmapIsFull
        NotAgreed: it is for no agreed gap.
        FieldInvalid: it has no title, or something else cannot be used.
    """
    _room_for_more(session, workshop)
    query = select(WorkshopGap.id).where(
        WorkshopGap.workshop_id == workshop.id,
        WorkshopGap.question_id == question_id,
        WorkshopGap.agreed_place.is_not(None),
    )
    if session.scalar(query) is None:
        raise NotAgreed
    return _add(session, workshop, question_id, None, entered, now)


def change(session: Session, workshop: Workshop, number: int, entered: Entered, now: datetime) -> None:
    """Write down anew what the room says of an action.

    Raises:
        RoadmapStands, ActionNotInRoadmap, FieldInvalid
    """
    if workshop.signed_off is not None:
        raise RoadmapStands
    row = get(session, workshop, number)
    _write(row, workshop, entered)
    workshop_events.note(session, workshop, "action", now, action=number, change="changed")


def take_off(session: Session, workshop: Workshop, number: int, now: datetime) -> None:
    """Take an action off the roadmap, with its owner's link; dissent with it stays with its gap.

    Raises:
        RoadmapStands, ActionNotInRoadmap
    """
    if workshop.signed_off is not None:
        raise RoadmapStands
    row = get(session, workshop, number)
    said = {"title": row.title, "library": row.action_id, "question": row.question_id}
    session.delete(row)
    workshop_events.note(session, workshop, "action", now, action=number, change="taken_off", **said)


def set_wishes(session: Session, workshop: Workshop, size: str, days_a_year: float | None, now: datetime) -> None:
    """Say for which reach costs are told, and how many staff days a year the owners can give together.

    Raises:
        RoadmapStands
        Invalid: there is no such reach.
    """
    if workshop.signed_off is not None:
        raise RoadmapStands
    if size not in SIZES:
        raise FieldInvalid("size", Invalid(N_("Choose how far the roadmap is to reach.")))
    workshop.wishes = {"size": size, "days": days_a_year}
    workshop_events.note(session, workshop, "roadmap", now, wishes=workshop.wishes)


def get(session: Session, workshop: Workshop, number: int) -> WorkshopAction:
    """
    Raises:
        ActionNotInRoadmap
    """
    query = select(WorkshopAction).where(WorkshopAction.id == number, WorkshopAction.workshop_id == workshop.id)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise ActionNotInRoadmap
    return found


def list_actions(session: Session, workshop_id: int) -> list[WorkshopAction]:
    """Everything taken on, in the order in which it was."""
    query = select(WorkshopAction).where(WorkshopAction.workshop_id == workshop_id).order_by(WorkshopAction.id)
    return list(session.scalars(query))


def title_of(row: WorkshopAction, library: Mapping[str, Action]) -> str:
    """What is to be done: the library's title in the language of `library`, or the room's own."""
    return library[row.action_id].title if row.action_id and row.action_id in library else row.title


def _room_for_more(session: Session, workshop: Workshop) -> list[WorkshopAction]:
    if workshop.signed_off is not None:
        raise RoadmapStands
    found = list_actions(session, workshop.id)
    if len(found) >= MOST_ACTIONS:
        raise RoadmapIsFull
    return found


def _add(
    session: Session, workshop: Workshop, question_id: str, action_id: str | None, entered: Entered, now: datetime
) -> int:
    row = WorkshopAction(
        workshop_id=workshop.id, question_id=question_id, action_id=action_id, state="planned", created_at=now
    )
    _write(row, workshop, entered)
    session.add(row)
    session.flush()
    workshop_events.note(session, workshop, "action", now, action=row.id, change="added")
    return row.id


def _write(row: WorkshopAction, workshop: Workshop, entered: Entered) -> None:
    if row.action_id is None:
        row.title = _read("title", _title, entered.title)
    row.first_step = _read("first_step", _text, entered.first_step)
    row.measure = _read("measure", _text, entered.measure)
    row.owner = _read("owner", clean_name, entered.owner)
    email = entered.owner_email.strip()
    row.owner_email = _read("owner_email", clean_email, email) if email else ""
    row.due = _read("due", read_day, entered.due)
    if entered.group_id and entered.group_id not in {group["id"] for group in workshop.groups}:
        raise FieldInvalid("group", Invalid(N_("Choose one of the groups of this workshop.")))
    row.group_id = entered.group_id


def _read(field: str, read: Callable[[str], str], typed: str) -> str:
    try:
        return read(typed)
    except Invalid as refusal:
        raise FieldInvalid(field, refusal) from None


def _title(typed: str) -> str:
    if not (title := clean_name(typed)):
        raise Invalid(N_("Say in a few words what is to be done."))
    return title


def _text(typed: str) -> str:
    return clean_text(typed, TEXT_CHARACTERS)


def read_day(typed: str) -> str:
    """An ISO day; empty where none was typed.

    Raises:
        Invalid: it is none, or of another century.
    """
    typed = typed.strip()
    if not typed:
        return ""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise Invalid(N_("Write the day as year-month-day, such as 2026-11-22.")) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Invalid(N_("Enter a day of this century."))
    return day.isoformat()
