"""A mail is a row and a job in one transaction; what was sent keeps no text."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.database import Database
from assessment import job_queue, mails
from assessment.mails import MailNotFound
from assessment.tables import Job, Mail
from tests.factories import NOW

LEASE = timedelta(seconds=40)


def queue(database: Database, subject: str = "Your code", body: str = "ABCD-EFGH\n") -> int:
    with database.transaction() as session:
        return mails.queue(session, "a@firm.example", subject, body, NOW)


def test_a_mail_is_queued_with_the_transaction_or_not_at_all(database: Database) -> None:
    def queue_and_fail() -> None:
        with database.transaction() as session:
            mails.queue(session, "a@firm.example", "x", "y", NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        queue_and_fail()
    with database.reader() as session:
        assert not session.scalars(select(Mail)).all()
        assert not session.scalars(select(Job)).all()

    mail_id = queue(database)

    with database.reader() as session:
        job = session.scalars(select(Job)).one()
        assert (job.kind, job.key) == ("mail", str(mail_id))


@pytest.mark.parametrize(
    "subject", ["Your code\r\nBcc: all@firm.example", "Your\n code", "Your code\x0b\x0c\x85\u2028x"]
)
def test_a_subject_is_one_line(database: Database, subject: str) -> None:
    mail_id = queue(database, subject)
    with database.reader() as session:
        assert len(mails.get_letter(session, mail_id).subject.splitlines()) == 1


def test_a_mail_that_has_left_keeps_no_text(database: Database) -> None:
    sent, failed = queue(database), queue(database)
    with database.transaction() as session:
        mails.note_sent(session, sent, NOW)
        mails.note_failed(session, failed, "the mail server refused the address (550)")
    with database.reader() as session:
        assert [(m.body, bool(m.sent_at), m.problem) for m in mails.newest(session, 9)] == [
            ("", False, "the mail server refused the address (550)"),
            ("", True, ""),
        ]


def test_old_mails_are_forgotten(database: Database) -> None:
    mail_id = queue(database)
    with database.transaction() as session:
        mails.forget_old(session, NOW + timedelta(days=30))
        assert mails.get_letter(session, mail_id)
        session.expire_all()
        mails.forget_old(session, NOW + timedelta(days=31))
    with database.reader() as session, pytest.raises(MailNotFound):
        mails.get_letter(session, mail_id)


def test_mails_go_before_reports_that_have_waited_longer(database: Database) -> None:
    with database.transaction() as session:
        job_queue.enqueue(session, "report", "1", NOW - timedelta(minutes=9))
    queue(database)
    with database.transaction() as session:
        first, second = (job_queue.claim(session, NOW, LEASE) for _ in range(2))

    assert first is not None
    assert second is not None
    assert (first.kind, second.kind) == ("mail", "report")
