"""`fourward doctor`: what an operator should know about this installation, best and worst."""

import shutil
from dataclasses import dataclass

from app import service_health
from app.database import WAL_IS_SOUND, Database, sqlite
from app.settings import DEVELOPMENT_SECRET, Settings
from app.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    text: str
    is_trouble: bool = False

    @property
    def mark(self) -> str:
        return "!" if self.is_trouble else "ok"


def examine(settings: Settings) -> list[Finding]:
    """Look at the database, the disk, the questionnaires and the settings."""
    database = Database(settings.database_url)
    troubles = [Finding(problem, is_trouble=True) for problem in service_health.problems(database, settings)]
    found = [*troubles] or [Finding(f"the database {database.url.render_as_string()} is at this version's schema")]
    if database.is_sqlite:
        journal = (
            "a write-ahead log" if WAL_IS_SOUND else "a rollback journal: below 3.51.3 the log can damage the file"
        )
        found.append(Finding(f"SQLite {sqlite.sqlite_version}, with {journal}"))
    free = shutil.disk_usage(settings.artifacts).free // 1_000_000
    found.append(Finding(f"reports are kept in {settings.artifacts}, {free} MB are free"))
    references = ", ".join(d.questionnaire.reference for d in Shelf(settings.definitions).newest())
    found.append(Finding(f"questionnaires: {references}"))
    if settings.secret_key.get_secret_value() == DEVELOPMENT_SECRET:
        found.append(Finding("the secret key is the one for development (fine on your own machine)"))
    found.append(_mail(settings))
    database.close()
    return found


def _mail(settings: Settings) -> Finding:
    if settings.smtp_host:
        return Finding(f"mails are sent by {settings.smtp_host}:{settings.smtp_port}, from {settings.mail_sender}")
    if settings.demo:
        return Finding("the demo shows its mails on the page /outbox and sends none")
    trouble = settings.environment == "production"
    return Finding("no mail is sent, so nobody can sign in by a code: set FOURWARD_SMTP_HOST", is_trouble=trouble)
