"""Somebody is added to a firm, and told so by mail."""

from datetime import datetime, timedelta

from fastapi import Request
from sqlalchemy.orm import Session

from app.settings import Settings
from app.templating import environment_of, language_of, public_link
from assessment import attempts, firm_people, mails
from assessment.attempts import Limit
from assessment.firms import FirmAccess
from assessment.sessions import SignedIn

INVITATIONS = Limit("firm-person", 30, timedelta(days=1))


def add_and_tell(
    request: Request, session: Session, person: SignedIn, access: FirmAccess, email: str, role: str, now: datetime
) -> str:
    """Give somebody a role in a firm and mail them, if it is new to them; returns their address as it is kept.

    Raises:
        TooMany: `person` has added many today.
        what `add_person` raises.
    """
    attempts.count(session, INVITATIONS, str(person.user_id), now)
    kept, is_new = firm_people.add_person(session, access.firm, email, role, now)
    if is_new:
        tell_added(request, session, kept, role, access, now)
    return kept


def tell_added(request: Request, session: Session, email: str, role: str, access: FirmAccess, now: datetime) -> None:
    """Queue it, in the language of whoever has added them."""
    settings: Settings = request.app.state.settings
    template = environment_of(language_of(request).code).get_template("mails/added.txt")
    link = public_link(request, f"/firms/{access.firm.id}")
    text = template.render(firm=access.firm.name, role=role, link=link, service=settings.public_url)
    subject, _, body = text.partition("\n")
    mails.queue(session, email, subject, body.strip() + "\n", now)
