"""The job that makes a report on order: score, draw, store."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from app import artifacts
from app.database import Database
from app.firm_results import Case, facts_of, result_of
from app.jobs import Closing, Say
from app.settings import Settings
from app.shelf import Shelf
from assessment import report_orders
from assessment.report_orders import Order
from assessment.snapshots import readiness_from_json
from assessment.told import with_told
from reports.firm.build import build_firm_report
from reports.firm.document import render_firm_pdf

KIND = report_orders.JOB
Draw = Callable[[Order, Say], bytes]


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


class ReportWork:
    """Makes reports. Made twice, they are the same bytes and so the same file; the row is set once."""

    def __init__(self, database: Database, settings: Settings, draw: Draw) -> None:
        self.database = database
        self.settings = settings
        self.draw = draw

    def do(self, key: str, say: Say) -> Closing:
        report_id = int(key)
        with self.database.reader() as session:
            order = report_orders.get_order(session, report_id)

        def note(step: str) -> None:
            say(step)
            with self.database.transaction() as session:
                report_orders.note_progress(session, report_id, step)

        content = self.draw(order, note)
        say("storing")
        with self.database.transaction() as session:
            # The row names the file before it is there, so that a firm which is erased meanwhile leaves no file.
            report_orders.note_stored(session, report_id, hashlib.sha256(content).hexdigest())
            sha256 = artifacts.store(self.settings.artifacts, content)

        def close(session: Session, now: datetime) -> None:
            report_orders.note_done(session, report_id, sha256, len(content), now)

        return close

    def give_up(self, session: Session, key: str, problem: str, now: datetime) -> None:
        report_orders.note_failed(session, int(key), problem, now)
