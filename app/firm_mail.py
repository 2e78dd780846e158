"""The mail to somebody who was added to a firm."""

from datetime import datetime

from fastapi import Request
from sqlalchemy.orm import Session

from app.settings import Settings
from app.templating import environment_of, language_of, public_link
from assessment import mails
from assessment.firms import FirmAccess


def tell_added(request: Request, session: Session, email: str, role: str, access: FirmAccess, now: datetime) -> None:
    """Queue it, in the language of whoever has added them."""
    settings: Settings = request.app.state.settings
    template = environment_of(language_of(request).code).get_template("mails/added.txt")
    link = public_link(request, f"/firms/{access.firm.id}")
    text = template.render(firm=access.firm.name, role=role, link=link, service=settings.public_url)
    subject, _, body = text.partition("\n")
    mails.queue(session, email, subject, body.strip() + "\n", now)
