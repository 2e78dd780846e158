"""Mails leave by a real SMTP server, once; what cannot be delivered is noted and not tried for ever."""

import ssl
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from app import mail_job
from app.database import Database
from app.jobs import Worker
from app.mail_job import MailWork
from app.settings import Settings
from assessment import mails
from assessment.tables import Mail
from tests.app.ports import free_port
from tests.factories import NOW


class Postbox:
    """What an SMTP server was given; it refuses the addresses of nobody, and for now those of later."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.recipients: list[str] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address.startswith("nobody@"):
            return "550 no such mailbox"
        if address.startswith("later@"):
            return "450 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.recipients += envelope.rcpt_tos
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def postbox() -> Iterator[SimpleNamespace]:
    port, box = free_port(), Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield SimpleNamespace(box=box, port=port)
    controller.stop()


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS with a certificate of its own, and the file to trust it by."""
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    more = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command.split(), *more], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context, certificate


def with_smtp(settings: Settings, port: int, **more: object) -> Settings:
    given = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "mail_sender": "us@fourward.example"}
    return settings.model_copy(update=given | more)


def worker(database: Database, settings: Settings) -> Worker:
    return Worker(database, {mail_job.KIND: MailWork(database, settings)}, timedelta(seconds=2))


def queue(database: Database, recipient: str = "a@firm.example", subject: str = "Votre code – رمزك") -> int:
    with database.transaction() as session:
        return mails.queue(session, recipient, subject, "Code: ABCD-EFGH\n\nرمزك\n" + "x" * 2000 + "\n", NOW)


def row(database: Database, mail_id: int) -> Mail:
    with database.reader() as session:
        return session.get_one(Mail, mail_id)


def test_a_mail_is_sent_as_written_and_its_text_is_not_kept(
    database: Database, settings: Settings, postbox: SimpleNamespace
) -> None:
    mail_id = queue(database)

    assert worker(database, with_smtp(settings, postbox.port)).work_once()

    (got,) = postbox.box.received
    assert (got["from"], got["to"]) == ("us@fourward.example", "a@firm.example")
    assert got["subject"] == "Votre code – رمزك"
    assert got["auto-submitted"] == "auto-generated"
    assert got.get_content().replace("\r\n", "\n").startswith("Code: ABCD-EFGH\n\nرمزك\nxxx")
    kept = row(database, mail_id)
    assert kept.sent_at is not None
    assert kept.body == ""


def test_a_mail_is_sent_once_and_if_twice_then_under_one_name(
    database: Database, settings: Settings, postbox: SimpleNamespace
) -> None:
    mail_id = queue(database)
    work = MailWork(database, with_smtp(settings, postbox.port))
    lost = work.do(str(mail_id), print)  # the worker is lost here: what it would store is never stored
    assert callable(lost)

    assert worker(database, with_smtp(settings, postbox.port)).work_once()
    assert not worker(database, with_smtp(settings, postbox.port)).work_once()
    work.do(str(mail_id), print)

    first, second = postbox.box.received
    assert first["message-id"] == second["message-id"]


def test_an_address_that_the_server_does_not_know_is_noted(
    database: Database, settings: Settings, postbox: SimpleNamespace
) -> None:
    mail_id = queue(database, "nobody@firm.example")
    found = worker(database, with_smtp(settings, postbox.port))

    assert found.work_once()
    assert not found.work_once(), "it is not tried again"

    assert row(database, mail_id).problem == "the mail server refused the address (550)"
    assert row(database, mail_id).body == ""


@pytest.mark.parametrize("way", ["later", "away"])
def test_what_fails_for_now_stays_queued(
    database: Database, settings: Settings, postbox: SimpleNamespace, way: str
) -> None:
    mail_id = queue(database, f"{way}@firm.example")
    port = postbox.port if way == "later" else free_port()

    assert worker(database, with_smtp(settings, port)).work_once()

    kept = row(database, mail_id)
    assert (kept.sent_at, kept.problem) == (None, "")
    assert "ABCD-EFGH" in kept.body


def test_without_a_server_mails_stay_readable(database: Database, settings: Settings) -> None:
    mail_id = queue(database)

    assert worker(database, settings).work_once()

    assert row(database, mail_id).sent_at is None
    assert "ABCD-EFGH" in row(database, mail_id).body


def test_a_mail_that_is_gone_is_no_trouble(database: Database, settings: Settings) -> None:
    with database.transaction() as session:
        mails.queue(session, "a@firm.example", "x", "y", NOW)
        session.execute(Mail.__table__.delete())  # type: ignore[attr-defined]

    assert worker(database, settings).work_once()


@pytest.mark.parametrize("field", ["recipient", "subject"])
def test_no_line_break_reaches_a_header(database: Database, settings: Settings, field: str) -> None:
    mail_id = queue(database)
    with database.transaction() as session:
        mail = session.get_one(Mail, mail_id)
        setattr(mail, field, "x\r\nBcc: everybody@firm.example")
        session.flush()
        letter = mails.get_letter(session, mail_id)

    with pytest.raises(ValueError, match=r"linefeed|newline|header"):
        mail_job.message_of(settings, letter)


def test_a_server_that_asks_for_a_name_is_given_it_only_over_tls(
    database: Database, settings: Settings, tls: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, certificate = tls
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    given = []

    def check(_server: object, _session: object, _envelope: object, _way: str, data: LoginPassword) -> AuthResult:
        given.append((data.login, data.password))
        return AuthResult(success=True)

    box, port = Postbox(), free_port()
    controller = Controller(
        box, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True, authenticator=check
    )
    controller.start()
    try:
        chosen = with_smtp(settings, port, smtp_host="localhost", smtp_security="starttls", smtp_user="us")
        queue(database)
        assert worker(database, chosen).work_once()
    finally:
        controller.stop()

    assert given == [(b"us", b"")]
    assert len(box.received) == 1
