"""Load one thing for a route, or refuse."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.bearers import brings_token, find_bearer
from app.cookies import session_of
from app.database import is_writing
from app.database_session import SAFE_METHODS, DatabaseSession
from app.settings import Settings
from app.shelf import Shelf
from app.sign_in import lengths
from app.visits import note_visit
from assessment import access, sessions
from assessment.access import Access, Held, Reached
from assessment.errors import N_, Forbidden, NotFound
from assessment.saving import Operation
from assessment.saving_together import Sent, Together
from assessment.sessions import SignedIn
from assessment.tables import Assessment
from questionnaires.library import Definition
from questionnaires.schema import Questionnaire


def present_moment() -> datetime:
    return datetime.now(UTC)


async def _now() -> datetime:
    # Not a plain function, which would wait for a thread.
    return present_moment()


Now = Annotated[datetime, Depends(_now)]


class ForManagers(Forbidden):
    """A colleague answers; what becomes of the answers is for who asked them."""

    def __init__(self) -> None:
        super().__init__(N_("Your link is for answering your sections. Ask whoever sent it to you for the rest."))


class NoSuchPage(NotFound):
    """This service, as its operator runs it, has no such page."""

    def __init__(self) -> None:
        super().__init__(N_("Check the address, or start from the home page."))


class NotSignedIn(Forbidden):
    """The page is for people who are signed in; they are shown the way."""

    def __init__(self) -> None:
        super().__init__(N_("Sign in first; then open this page again."))


def find_person(request: Request, session: DatabaseSession, now: Now) -> SignedIn | None:
    """Who is signed in here; asks the database only where the browser brings a cookie, or a program a token.

    A request that writes notes the visit with the rest of its changes; for those that only read, see `note_reader`.
    """
    settings: Settings = request.app.state.settings
    person: SignedIn | None = find_bearer(request, session, now)
    token = session_of(request) if person is None else ""
    if token:
        person = sessions.find_signed_in(session, token, now, lengths(settings))
    _note_person(request, session, person, now)
    return person


def _note_person(request: Request, session: Session, person: SignedIn | None, now: datetime) -> None:
    if person is not None and person.session_id and sessions.is_unseen(person, now) and is_writing(session):
        sessions.note_seen(session, person.session_id, now)
    request.state.person = person


async def note_reader(request: Request) -> AsyncIterator[None]:
    """Note, after a page has left, that a signed-in person has read it."""
    yield
    if request.method in SAFE_METHODS:
        await note_visit(request.app.state.database, getattr(request.state, "person", None))


MaybeSignedIn = Annotated[SignedIn | None, Depends(find_person, scope="function")]


async def require_person(person: MaybeSignedIn) -> SignedIn:
    if person is None:
        raise NotSignedIn
    return person


SignedInPerson = Annotated[SignedIn, Depends(require_person, scope="function")]


@dataclass(frozen=True, slots=True)
class Opened:
    """An assessment that was reached by a link or by a role in its firm, and what may be done there."""

    row: Assessment
    key: str
    definition: Definition
    access: Access

    @property
    def questionnaire(self) -> Questionnaire:
        return self.definition.questionnaire

    @property
    def is_submitted(self) -> bool:
        return self.row.state == "submitted"

    @property
    def may_manage(self) -> bool:
        return self.access.may_manage

    @property
    def link(self) -> str:
        """The path of its pages."""
        return f"/a/{self.key}"


def open_assessment(request: Request, session: DatabaseSession, person: MaybeSignedIn, key: str) -> Opened:
    user_id = _user_who_opens(person, key)
    found = access.open_by_key(session, key, user_id, for_change=request.method not in SAFE_METHODS)
    row, shelf = found.assessment, request.app.state.shelf
    assert isinstance(shelf, Shelf)  # noqa: S101  create_app puts it there
    return Opened(row, key, shelf.get(f"{row.questionnaire_id}@{row.questionnaire_version}"), found)


def begin_saving(settings: Settings) -> Callable[[Session, Sequence[Sent]], Together]:
    def begin(session: Session, sent: Sequence[Sent]) -> Together:
        return Together(session, sent, present_moment(), lengths(settings))

    return begin


def sent_to_save(request: Request, key: str, operations: Sequence[Operation]) -> Sent:
    return Sent(key, "" if brings_token(request) else session_of(request), operations)


def open_to_save(
    request: Request, session: Session, together: Together, sent: Sent, now: datetime
) -> tuple[Reached[Held], Questionnaire]:
    """The same for saving, which happens a hundred times for each page."""
    found = together.reached(sent)
    if found is not None:
        person, reached = found
        _note_person(request, session, person, now)
    else:
        user_id = _user_who_opens(find_person(request, session, now), sent.key)
        reached = access.open_to_save(session, sent.key, user_id)
    row, shelf = reached.assessment, request.app.state.shelf
    assert isinstance(shelf, Shelf)  # noqa: S101  create_app puts it there
    return reached, shelf.get(f"{row.questionnaire_id}@{row.questionnaire_version}").questionnaire


def _user_who_opens(person: SignedIn | None, key: str) -> int | None:
    if person is None and access.NUMBER.fullmatch(key):
        raise NotSignedIn
    return person.user_id if person else None


OpenedByLink = Annotated[Opened, Depends(open_assessment, scope="function")]


async def open_as_manager(opened: OpenedByLink) -> Opened:
    if not opened.may_manage:
        raise ForManagers
    return opened


OpenedByManager = Annotated[Opened, Depends(open_as_manager, scope="function")]
