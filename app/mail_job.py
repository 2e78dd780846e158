"""The job that sends a mail."""

import smtplib
import ssl
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from app.database import Database
from app.jobs import Closing, Say
from app.settings import Settings
from assessment import job_queue, mails
from assessment.mails import Letter, MailNotFound

KIND = job_queue.MAIL
TIMEOUT = 20.0


class MailWork:
    """Sends mails by the server of the settings; without one they stay as they are.

    A worker that is lost between the server's yes and our commit leaves a mail that is sent again by the next one:
    the same message under the same Message-ID, which most mailboxes show once.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self.settings = settings

    def do(self, key: str, say: Say) -> Closing:
        mail_id = int(key)
        try:
            with self.database.reader() as session:
                letter = mails.get_letter(session, mail_id)
        except MailNotFound:
            return _nothing
        if letter.sent_at is not None or not self.settings.smtp_host:
            return _nothing
        say("sending")
        try:
            send(self.settings, letter)
        except smtplib.SMTPRecipientsRefused as refusal:
            code = max(status for status, _ in refusal.recipients.values())
            if code < 500:
                raise
            return partial(_note_failed, mail_id, f"the mail server refused the address ({code})")

        def close(session: Session, now: datetime) -> None:
            mails.note_sent(session, mail_id, now)

        return close

    def give_up(self, session: Session, key: str, problem: str, now: datetime) -> None:
        mails.note_failed(session, int(key), problem)


def message_of(settings: Settings, letter: Letter) -> EmailMessage:
    """The mail as it is sent: plain text. Its headers refuse line breaks, so nothing typed can add one."""
    host = urlsplit(settings.public_url).hostname or "localhost"
    message = EmailMessage()
    message["From"] = settings.mail_sender
    message["To"] = letter.recipient
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.created_at.astimezone(UTC))
    message["Message-ID"] = f"<{letter.id}.{int(letter.created_at.timestamp() * 1000)}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    return message


def send(settings: Settings, letter: Letter) -> None:
    """Hand a mail to the server."""
    context = ssl.create_default_context()
    with _connect(settings, context) as server:
        if settings.smtp_security == "starttls":
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        server.send_message(message_of(settings, letter))


def _connect(settings: Settings, context: ssl.SSLContext) -> smtplib.SMTP:
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT, context=context)
    return smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT)


def _nothing(_session: Session, _now: datetime) -> None:
    """What a mail needs that is sent already, or gone, or is read on the demo's page."""


def _note_failed(mail_id: int, problem: str, session: Session, _now: datetime) -> None:
    mails.note_failed(session, mail_id, problem)
