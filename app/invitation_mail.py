"""The mail that brings somebody the link of their seat in a workshop."""

from datetime import datetime, timedelta

from fastapi import Request
from sqlalchemy.orm import Session

from app.settings import Settings
from app.templating import environment_of, language_of, public_link
from app.workshop_doors import Led
from assessment import attempts, mails
from assessment.attempts import Limit
from assessment.sessions import SignedIn

INVITED = Limit("invitation", 200, timedelta(days=1))


def tell_invited(
    request: Request, session: Session, person: SignedIn, led: Led, email: str, secret: str, now: datetime
) -> bool:
    """Queue it, in the language of whoever leads; False where no mail reaches anybody.

    Raises:
        TriedTooOften: this person has had many mails sent today.
    """
    settings: Settings = request.app.state.settings
    if not settings.mail_reaches_people:
        return False
    attempts.count(session, INVITED, person.email, now)
    template = environment_of(language_of(request).code).get_template("mails/invited.txt")
    text = template.render(
        asker=f"{person.name} ({person.email})" if person.name else person.email,
        workshop=led.row,
        link=public_link(request, f"/i/{secret}"),
        service=settings.public_url,
    )
    subject, _, body = text.partition("\n")
    mails.queue(session, email, subject, body.strip() + "\n", now)
    return True
