"""Mails: a row for each says what is to be sent or was sent; the queue only says that there is work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from assessment import job_queue
from assessment.errors import NotFound
from assessment.tables import Mail

KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it stands."""

    id: int
    recipient: str
    subject: str
    body: str
    created_at: datetime
    sent_at: datetime | None
    problem: str


class MailNotFound(NotFound):
    """The mail is gone: whom it was for has closed their account."""


def queue(session: Session, recipient: str, subject: str, body: str, now: datetime) -> int:
    """Have a mail sent once the caller's transaction is committed; returns its number.

    The subject becomes one line: nothing that a person typed can add a header.
    """
    mail = Mail(recipient=recipient, subject=" ".join(subject.split()), body=body, created_at=now)
    session.add(mail)
    session.flush()
    job_queue.enqueue(session, job_queue.MAIL, str(mail.id), now)
    return mail.id


def get_letter(session: Session, mail_id: int) -> Letter:
    """Raises MailNotFound when it is gone."""
    mail = session.get(Mail, mail_id)
    if mail is None:
        raise MailNotFound("This mail is gone.")
    return _letter(mail)


def newest(session: Session, most: int) -> Sequence[Letter]:
    """The last mails, newest first."""
    return [_letter(m) for m in session.scalars(select(Mail).order_by(Mail.id.desc()).limit(most))]


def note_sent(session: Session, mail_id: int, now: datetime) -> None:
    """It has left; its text is not kept, for it may hold a code or a link."""
    session.execute(update(Mail).where(Mail.id == mail_id).values(sent_at=now, body="", problem=""))


def note_failed(session: Session, mail_id: int, problem: str) -> None:
    """It will not be sent; its text is not kept."""
    session.execute(update(Mail).where(Mail.id == mail_id).values(body="", problem=problem))


def forget_old(session: Session, now: datetime) -> None:
    session.execute(delete(Mail).where(Mail.created_at < now - KEPT))


def _letter(mail: Mail) -> Letter:
    return Letter(mail.id, mail.recipient, mail.subject, mail.body, mail.created_at, mail.sent_at, mail.problem)
