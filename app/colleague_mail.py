"""The mail that brings a colleague their link."""

from datetime import datetime, timedelta

from fastapi import Request
from sqlalchemy.orm import Session

from app.settings import Settings
from app.templating import environment_of, language_of, public_link
from assessment import attempts, mails
from assessment.attempts import Limit
from assessment.sessions import SignedIn

ASKED = Limit("colleague", 30, timedelta(days=1))


def may_mail(request: Request, person: SignedIn | None) -> bool:
    """Only who has signed in, and so has an address of their own, has mails sent to others."""
    settings: Settings = request.app.state.settings
    return person is not None and (settings.mail_reaches_people or settings.demo)


def tell_asked(
    request: Request, session: Session, person: SignedIn, email: str, firm: str, token: str, now: datetime
) -> None:
    """Queue it, in the language of whoever asks.

    Raises:
        TriedTooOften: this person has had many mails sent today.
    """
    attempts.count(session, ASKED, person.email, now)
    settings: Settings = request.app.state.settings
    template = environment_of(language_of(request).code).get_template("mails/asked.txt")
    link = public_link(request, f"/a/{token}")
    asker = f"{person.name} ({person.email})" if person.name else person.email
    text = template.render(asker=asker, firm=firm, link=link, service=settings.public_url)
    subject, _, body = text.partition("\n")
    mails.queue(session, email, subject, body.strip() + "\n", now)
