"""Load a workshop for a route: for who leads it, for the projector, for a seat; or refuse."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.database_session import SAFE_METHODS, DatabaseSession
from app.dependencies import MaybeSignedIn, NotSignedIn
from app.group_names import group_names
from app.shelf import Shelf
from app.templating import content, say_to
from assessment import workshop_access
from assessment.access import NUMBER
from assessment.tables import Participant
from assessment.tables import Round as Round  # pages name these rows, and ask nobody for them
from assessment.tables import Workshop as Workshop
from assessment.tables import WorkshopAction as WorkshopAction
from questionnaires.library import Definition
from questionnaires.schema import Questionnaire


@dataclass(frozen=True, slots=True)
class Led:
    """A workshop in the hands of who leads it; `link` is the path of its pages."""

    row: Workshop
    key: str
    definition: Definition

    @property
    def questionnaire(self) -> Questionnaire:
        return self.definition.questionnaire

    @property
    def link(self) -> str:
        return f"/w/{self.key}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A workshop on a projector: to look at only."""

    row: Workshop
    key: str
    definition: Definition


@dataclass(frozen=True, slots=True)
class Seated:
    """A participant's phone; `link` is the path of its page."""

    seat: workshop_access.Seat
    key: str
    definition: Definition

    @property
    def workshop(self) -> Workshop:
        return self.seat.workshop

    @property
    def participant(self) -> Participant:
        return self.seat.participant

    @property
    def link(self) -> str:
        return f"/r/{self.key}"


def names_of_groups(request: Request, of: Led | Shown | Seated) -> dict[str, str]:
    """The groups of a workshop by id, in the reader's language where they are not somebody's own."""
    workshop = of.workshop if isinstance(of, Seated) else of.row
    written, shown = of.definition.questionnaire, content(request, of.definition)
    return group_names(workshop.groups, written, shown, partial(say_to, request))


@dataclass(frozen=True, slots=True)
class Pressed:
    """The workshop of a command, and what is wrong with the page that it came from."""

    led: Led
    stale: workshop_access.ScreenIsStale | None


def definition_of(request: Request, workshop: Workshop) -> Definition:
    shelf: Shelf = request.app.state.shelf
    return shelf.get(f"{workshop.questionnaire_id}@{workshop.questionnaire_version}")


def open_led(
    request: Request, session: DatabaseSession, person: MaybeSignedIn, key: str, seen: int | None = None
) -> Led:
    """`seen` is the number of the last event on the page that a command comes from, in the address it is sent to."""
    if person is None and NUMBER.fullmatch(key):
        raise NotSignedIn
    changing = request.method not in SAFE_METHODS
    user_id = person.user_id if person else None
    row = workshop_access.open_chair(session, key, user_id, for_change=changing, seen=seen if changing else None)
    return Led(row, key, definition_of(request, row))


def open_pressed(
    request: Request, session: DatabaseSession, person: MaybeSignedIn, key: str, seen: int | None = None
) -> Pressed:
    """The same where a page out of date is not refused but shown as it is now, with the refusal in words."""
    try:
        return Pressed(open_led(request, session, person, key, seen), None)
    except workshop_access.ScreenIsStale as stale:
        return Pressed(open_led(request, session, person, key), stale)


def open_shown(request: Request, session: DatabaseSession, key: str) -> Shown:
    row = workshop_access.open_screen(session, key)
    return Shown(row, key, definition_of(request, row))


def open_seated(request: Request, session: DatabaseSession, key: str) -> Seated:
    return seated(request, session, key)


def seated(request: Request, session: Session, key: str) -> Seated:
    """The same for a vote, which is recorded in a transaction that it shares with others."""
    seat = workshop_access.open_seat(session, key)
    return Seated(seat, key, definition_of(request, seat.workshop))


LedWorkshop = Annotated[Led, Depends(open_led, scope="function")]
PressedWorkshop = Annotated[Pressed, Depends(open_pressed, scope="function")]
ShownWorkshop = Annotated[Shown, Depends(open_shown, scope="function")]
TakenSeat = Annotated[Seated, Depends(open_seated, scope="function")]
