"""The jobs that make a report on order, of a firm or of a workshop: work out, draw, store."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from sqlalchemy.orm import Session

from app import artifacts
from app.database import Database
from app.firm_results import Case, facts_of, result_of
from app.jobs import Closing, Say
from app.settings import Settings
from app.shelf import Shelf
from assessment import report_orders, workshop_reports
from assessment.report_orders import Order
from assessment.snapshots import readiness_from_json
from assessment.told import with_told
from assessment.workshop_reports import WorkshopOrder
from reports.firm.build import build_firm_report
from reports.firm.document import render_firm_pdf
from reports.workshop.build import build_workshop_report
from reports.workshop.document import render_workshop_pdf
from reports.workshop.sheets import workshop_workbook

KIND = report_orders.JOB
OF_WORKSHOPS = workshop_reports.JOB
Asked = TypeVar("Asked", covariant=True)
Draw = Callable[[Order, Say], bytes]


class Orders(Protocol[Asked]):
    """Where the orders of one kind of report stand; `assessment.report_orders` and `workshop_reports` are such."""

    def get_order(self, session: Session, report_id: int, /) -> Asked: ...

    def note_progress(self, session: Session, report_id: int, step: str, /) -> None: ...

    def note_stored(self, session: Session, report_id: int, artifact_sha256: str, /) -> None: ...

    def note_done(self, session: Session, report_id: int, sha256: str, size: int, now: datetime, /) -> None: ...

    def note_failed(self, session: Session, report_id: int, problem: str, now: datetime, /) -> None: ...


class Drawing:
    """Draws the reports of a shelf's questionnaires."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    def __call__(self, order: Order, say: Say) -> bytes:
        """The PDF of a report on order."""
        definition = self.shelf.get(order.questionnaire)
        day = order.submitted_at or order.requested_at
        say("scoring")
        case = Case(
            definition=definition,
            snapshot=order.snapshot,
            facts=facts_of(order.firm, order.country, day, order.snapshot),
            scored=readiness_from_json(order.frozen_scores, definition.questionnaire),
        )
        result = with_told(result_of(case), order.told, day.date())
        view = build_firm_report(result, order.language)
        say("drawing")
        return render_firm_pdf(view, day=day.date().isoformat())


class WorkshopDrawing:
    """Draws the reports and workbooks of workshops."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    def __call__(self, order: WorkshopOrder, say: Say) -> bytes:
        """The file of a report on order, as PDF or as workbook."""
        versions = order.record["versions"]
        definition = self.shelf.get(f"{versions['questionnaire']}@{versions['questionnaire_version']}")
        day = order.record["workshop"]["day"] or order.requested_at.date().isoformat()
        say("drawing")
        if order.kind == "xlsx":
            return workshop_workbook(order.record, definition, order.language, day=day)
        return render_workshop_pdf(build_workshop_report(order.record, definition, order.language), day=day)


class ReportsOnOrder(Generic[Asked]):
    """Makes reports. Made twice, they are the same bytes and so the same file; the row is set once."""

    def __init__(
        self, database: Database, settings: Settings, draw: Callable[[Asked, Say], bytes], orders: Orders[Asked]
    ) -> None:
        self.database = database
        self.settings = settings
        self.draw = draw
        self.orders = orders

    def do(self, key: str, say: Say) -> Closing:
        report_id = int(key)
        with self.database.reader() as session:
            order = self.orders.get_order(session, report_id)

        def note(step: str) -> None:
            say(step)
            with self.database.transaction() as session:
                self.orders.note_progress(session, report_id, step)

        content = self.draw(order, note)
        say("storing")
        with self.database.transaction() as session:
            # The row names the file before it is there, so that a firm which is erased meanwhile leaves no file.
            self.orders.note_stored(session, report_id, hashlib.sha256(content).hexdigest())
            sha256 = artifacts.store(self.settings.artifacts, content)

        def close(session: Session, now: datetime) -> None:
            self.orders.note_done(session, report_id, sha256, len(content), now)

        return close

    def give_up(self, session: Session, key: str, problem: str, now: datetime) -> None:
        self.orders.note_failed(session, int(key), problem, now)


class ReportWork(ReportsOnOrder[Order]):
    """Makes the reports of firms."""

    def __init__(self, database: Database, settings: Settings, draw: Draw) -> None:
        super().__init__(database, settings, draw, report_orders)
