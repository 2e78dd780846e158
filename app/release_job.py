"""The job that makes a release of a programme: protect, work out, store; nothing is to be seen until all is there."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app import release_files
from app.database import Database
from app.jobs import Closing, Say
from app.release_files import Service
from app.settings import Settings
from app.shelf import Shelf
from assessment import releases
from assessment.release_refusals import UNSETTLED
from scoring.disclosure import NotSettled
from scoring.release_gate import Reason, ReleaseRefused

KIND = releases.JOB


class ReleaseWork:
    """Makes releases. Made twice, one has the same cells and so the same files; the row is set once."""

    def __init__(
        self, database: Database, settings: Settings, shelf: Shelf, languages: tuple[str, ...] | None = None
    ) -> None:
        self.database = database
        self.service = Service(database, settings, shelf, languages)

    def do(self, key: str, say: Say) -> Closing:
        release_id = int(key)
        with self.database.reader() as session:
            asked = releases.asked(session, release_id)

        def note(step: str) -> None:
            say(step)
            with self.database.transaction() as session:
                releases.note_step(session, release_id, step)

        try:
            made = release_files.make(self.service, asked, datetime.now(UTC), note)
        except (ReleaseRefused, NotSettled) as refusal:
            reasons = reasons_of(refusal)
            return lambda session, now: releases.note_refused(session, release_id, reasons)

        def close(session: Session, now: datetime) -> None:
            releases.note_made(session, release_id, made.manifest, made.kept_sha256, made.files, now)
            releases.publish_as_ordered(session, release_id, now)

        return close

    def give_up(self, session: Session, key: str, problem: str, now: datetime) -> None:
        releases.note_failed(session, int(key), problem)


def reasons_of(refusal: Exception) -> tuple[Reason, ...]:
    """Why a release does not go out, for those who ordered it; never by how much."""
    if isinstance(refusal, ReleaseRefused):
        return refusal.reasons
    return ((UNSETTLED, 0),)
