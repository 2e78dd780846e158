"""The way back to an assessment without an account: its link on the page, as a picture, and by mail."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.browsers import network_of
from app.dependencies import Opened
from app.forms import Problem
from app.qr_codes import qr_code
from app.settings import Settings
from app.templating import environment_of, language_of, public_link
from assessment import attempts, mails
from assessment.access import NUMBER
from assessment.attempts import Limit
from assessment.users import clean_email

DAY = timedelta(days=1)
OF_ASSESSMENT, OF_NETWORK = Limit("return:assessment", 5, DAY), Limit("return:network", 20, DAY)


@dataclass(frozen=True, slots=True)
class ReturnLink:
    """What a page shows of it; None of it where the person comes by their account."""

    address: str
    picture: Markup
    may_mail: bool
    is_mailed: bool = False
    email: str = ""
    problem: Problem | None = None


def return_link(
    request: Request, opened: Opened, *, is_mailed: bool = False, email: str = "", problem: Problem | None = None
) -> ReturnLink | None:
    if NUMBER.fullmatch(opened.key):
        return None
    settings: Settings = request.app.state.settings
    address = public_link(request, opened.link)
    return ReturnLink(address, qr_code(address), settings.mail_reaches_people, is_mailed, email, problem)


def mail_it(request: Request, session: Session, opened: Opened, email: str, now: datetime) -> None:
    """Queue the mail with the link, in the reader's language; nothing in it was typed by anybody.

    Raises:
        Invalid: this is no address.
        TriedTooOften: this assessment, or this network, has had several sent today.
    """
    recipient = clean_email(email)
    attempts.count(session, OF_ASSESSMENT, str(opened.row.id), now)
    attempts.count(session, OF_NETWORK, network_of(request), now)
    settings: Settings = request.app.state.settings
    template = environment_of(language_of(request).code).get_template("mails/return.txt")
    text = template.render(link=public_link(request, opened.link), service=settings.public_url)
    subject, _, body = text.partition("\n")
    mails.queue(session, recipient, subject, body.strip() + "\n", now)
