"""The mails to owners of a room's actions: their links, and reminders with new ones; one mail for each address."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from fastapi import Request
from sqlalchemy.orm import Session

from app.settings import Settings
from app.templating import environment_of, language_of, public_link
from app.workshop_doors import Workshop, WorkshopAction
from assessment import attempts, mails
from assessment.action_owners import renew
from assessment.attempts import Limit
from assessment.room_actions import title_of
from assessment.sessions import SignedIn
from questionnaires.library import Action

PRESSED = Limit("owners:workshop", 6, timedelta(days=1))
LETTERS = Limit("owners:person", 100, timedelta(days=1))


def tell_owners(
    request: Request,
    session: Session,
    person: SignedIn,
    workshop: Workshop,
    rows: Sequence[WorkshopAction],
    library: Mapping[str, Action],
    now: datetime,
) -> int:
    """Queue a mail for each address among these actions, with a new link for each of them; returns how many.

    In the language of whoever sends them. Links of before lead nowhere from now on, and the mail says so.

    Raises:
        TriedTooOften: the button was pressed, or mails were sent, too often today.
    """
    attempts.count(session, PRESSED, str(workshop.id), now)
    owned: dict[str, list[WorkshopAction]] = {}
    for row in rows:
        if row.owner_email:
            owned.setdefault(row.owner_email, []).append(row)
    for email, theirs in owned.items():
        attempts.count(session, LETTERS, person.email, now)
        _queue(request, session, person, workshop, email, theirs, library, now)
    return len(owned)


def _queue(
    request: Request,
    session: Session,
    person: SignedIn,
    workshop: Workshop,
    email: str,
    rows: Sequence[WorkshopAction],
    library: Mapping[str, Action],
    now: datetime,
) -> None:
    settings: Settings = request.app.state.settings
    is_reminder = any(row.linked_at is not None for row in rows)
    actions = [(title_of(row, library), row.due, public_link(request, f"/o/{renew(row, now)}")) for row in rows]
    for row in rows:
        row.reminded_at = now
    template = environment_of(language_of(request).code).get_template("mails/owner.txt")
    text = template.render(
        asker=f"{person.name} ({person.email})" if person.name else person.email,
        workshop=workshop.name,
        actions=actions,
        is_reminder=is_reminder,
        service=settings.public_url,
    )
    subject, _, body = text.strip().partition("\n")
    mails.queue(session, email, subject, body.strip() + "\n", now)
