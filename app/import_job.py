"""The job that looks at a sheet of firms or of the register, and later takes it in: all of it, or nothing."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import event
from sqlalchemy.orm import Session

from app import artifacts, import_files, import_storing
from app.database import Database
from app.import_storing import Brought, BroughtFirms, BroughtRegister, Said
from app.jobs import Closing, Say
from app.settings import Settings
from app.sheets import Sheet, UnreadableSheet, open_sheet
from app.shelf import Shelf
from assessment import import_orders
from assessment.errors import Refusal
from assessment.firm_imports import FirmSheet, Found, setting_of
from assessment.firm_intake import Intake
from assessment.firm_storing import FirmsHaveChanged, Order
from assessment.import_orders import SHOWN, TAKING, ImportOrder, NotReady
from assessment.import_problems import MOST_KEPT, RowProblem
from assessment.import_staging import Rows
from assessment.register_counts import RegisterSheet

KIND = import_orders.JOB
SECONDS_BETWEEN = 1.0  # two notes of how far it is


@dataclass(slots=True)
class Told:
    """The problems of a file: the first ones, a file of many, and how many there are."""

    first: list[RowProblem] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)
    count: int = 0

    def __call__(self, problems: Sequence[RowProblem]) -> None:
        self.count += len(problems)
        self.first += problems[: SHOWN - len(self.first)]
        left = MOST_KEPT - len(self.lines)
        self.lines += [orjson.dumps(each.as_json()) for each in problems[:left]]


@dataclass(frozen=True, slots=True)
class Imports:
    """Reads files for a programme; each batch of rows has a short look at the database of its own."""

    database: Database
    shelf: Shelf
    folder: Path  # for what is staged

    def look(self, programme_id: int, kind: str, path: Path, told: Told, said: Said) -> dict[str, Any]:
        """Read and check a file, and keep nothing of it; what was found, and how it was read.

        Raises:
            UnreadableSheet: it cannot be read.
            NoCallYet: there is no call through which firms could come in.
        """
        with self.database.reader() as session, open_sheet(path) as sheet:
            if kind == import_orders.REGISTER:
                register = self._register(session, programme_id)
                register.look(sheet.batches, told, _released(session, said))
                return _found(register.found, sheet)
            firms = self._firms(session, programme_id, sheet)
            for _ in firms.look(sheet.batches, told):
                _released(session, said)(firms.found.rows)
            return _found(firms.found, sheet)

    def bring(self, programme_id: int, kind: str, path: Path, told: Told, said: Said) -> tuple[Brought, dict[str, Any]]:
        """Read a file once more and make it ready to be stored; `told` has its problems, should it have any now.

        Raises:
            UnreadableSheet, NoCallYet
        """
        with self.database.reader() as session, open_sheet(path) as sheet:
            if kind == import_orders.REGISTER:
                register = self._register(session, programme_id)
                register.look(sheet.batches, told, _released(session, said))
                return BroughtRegister(programme_id, register, register.found), _found(register.found, sheet)
            firms = self._firms(session, programme_id, sheet)
            intake = Intake(firms, Rows(self.folder))
            intake.prepare(sheet.batches, told, _released(session, said))
            return BroughtFirms(intake, firms.found), _found(firms.found, sheet)

    def _firms(self, session: Session, programme_id: int, sheet: Sheet) -> FirmSheet:
        programme = import_orders.get_programme(session, programme_id)
        definition = self.shelf.get(f"{programme.questionnaire_id}@{programme.questionnaire_version}")
        setting = setting_of(session, programme, definition, _today(), sheet.delimiter)
        return FirmSheet(session, setting, definition)

    def _register(self, session: Session, programme_id: int) -> RegisterSheet:
        return RegisterSheet(import_orders.get_programme(session, programme_id).country, _today())


def _released(session: Session, said: Said) -> Said:
    """After each batch the database is free again: a look that takes minutes holds nothing back."""

    def say(rows: int) -> None:
        session.rollback()
        said(rows)

    return say


def _found(found: Found, sheet: Sheet) -> dict[str, Any]:
    read = {"encoding": sheet.encoding, "delimiter": sheet.delimiter, "sheet": sheet.name}
    return {**found.as_json(), **{name: value for name, value in read.items() if value}}


def _today() -> date:
    return datetime.now(UTC).date()


class ImportWork:
    """Looks at files that were sent, and takes those in that are wanted.

    One transaction says that an import is in and shows all of it: whoever is killed before has shown nothing, and the
    job is done again; after it nothing is left to do.
    """

    def __init__(self, database: Database, settings: Settings, shelf: Shelf) -> None:
        self.database = database
        self.settings = settings
        self.folder = import_files.import_folder(settings)
        self.imports = Imports(database, shelf, self.folder)

    def do(self, key: str, say: Say) -> Closing:
        import_files.delete_left(self.database, self.settings, datetime.now(UTC) - import_files.LEFT_FOR)
        import_storing.clear(self.database)
        with self.database.reader() as session:
            order = import_orders.find_order(session, int(key))
        if order is None or order.state not in import_orders.UNDER_WAY:
            return lambda _session, _now: None  # it was forgotten, or is done
        takes = order.state == TAKING
        path = artifacts.path_of(self.folder, order.content_sha256)
        said = self._progress(order.id, TAKING if takes else import_orders.CHECKING, say)
        told = Told()
        try:
            if not path.is_file():
                raise UnreadableSheet("gone")
            if takes:
                brought, found = self.imports.bring(order.programme_id, order.kind, path, told, said)
                return self._taking(order, brought, found, told)
            found = self.imports.look(order.programme_id, order.kind, path, told, said)
        except (FirmsHaveChanged, NotReady):
            raise  # once more from the beginning
        except Refusal as refusal:
            return self._failing(order.id, order.content_sha256, refusal)
        return self._checked(order.id, order.content_sha256, told, found)

    def give_up(self, session: Session, key: str, problem: str, now: datetime) -> None:
        import_orders.note_failed(session, int(key), f"{problem}:0", now)

    def _progress(self, order_id: int, state: str, say: Say) -> Said:
        last = 0.0

        def said(rows: int) -> None:
            nonlocal last
            if time.monotonic() - last < SECONDS_BETWEEN:
                return
            last = time.monotonic()
            say(f"{rows} rows")
            with self.database.transaction() as session:
                import_orders.note_rows(session, order_id, state, rows)

        return said

    def _checked(self, order_id: int, content: str, told: Told, found: dict[str, Any]) -> Closing:
        problems = artifacts.store(self.folder, b"\n".join(told.lines)) if told.lines else None

        def close(session: Session, now: datetime) -> None:
            import_orders.note_checked(session, order_id, told.count, problems, told.first, found, now)
            self._delete_after(session, content)

        return close

    def _taking(self, order: ImportOrder, brought: Brought, found: dict[str, Any], told: Told) -> Closing:
        try:
            if told.count:  # what is known of the firms is another than when the file was looked at
                return self._checked(order.id, order.content_sha256, told, found)
            now = datetime.now(UTC)
            brought.store(
                self.database,
                Order(order.id, order.user_id, now),
                lambda session: import_orders.note_done(session, order.id, found, now),
                lambda _rows: None,
            )
        finally:
            brought.close()
        return lambda session, _now: self._delete_after(session, order.content_sha256)

    def _failing(self, order_id: int, content: str, refusal: Refusal) -> Closing:
        def close(session: Session, now: datetime) -> None:
            row = refusal.values.get("row", 0)
            code = refusal.problem if isinstance(refusal, UnreadableSheet) else "no_call"
            import_orders.note_failed(session, order_id, f"{code}:{row}", now)
            self._delete_after(session, content)

        return close

    def _delete_after(self, session: Session, content: str) -> None:
        """Delete the file once what became of it is stored, unless it may still be taken in."""

        def delete(_session: Session) -> None:
            import_files.delete_unneeded(self.database, self.settings, content)

        event.listen(session, "after_commit", delete, once=True)
