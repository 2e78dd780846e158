"""`fourward serve` and `fourward worker`: the service and its report workers."""

import os
import signal
import sys
import threading
from contextlib import suppress
from datetime import datetime, timedelta
from types import FrameType

import click
import uvicorn
from sqlalchemy.orm import Session

from app import (
    case_order_job,
    case_reminder_job,
    demand_job,
    figures_job,
    import_job,
    learn_job,
    mail_job,
    release_job,
    report_job,
    upgrade,
)
from app.commands.errors import BadInput, refusals_as_bad_input
from app.database import Database
from app.jobs import Stopped, Work, Worker
from app.logs import log_as_json
from app.main import create_app
from app.report_job import Drawing, WorkshopDrawing
from app.serving import Server, most_connections, raise_file_limit
from app.settings import Settings, read_settings
from app.shelf import Shelf
from assessment import (
    answer_rows,
    attempts,
    case_reminders,
    import_orders,
    learned_models,
    programme_figures,
    room_names,
    workshop_reports,
)
from assessment.job_queue import LONG
from assessment.saving import KEPT
from reports import pdf


def run_server(settings: Settings) -> None:
    """Serve until asked to stop; at most one server holds a SQLite database."""
    app = create_app(settings)
    database: Database = app.state.database
    with database.only_server():
        if not upgrade.is_ready(database):
            raise BadInput("The database is not at this version's schema. Run 'fourward migrate' first.")
        raise_file_limit()
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            loop="uvloop" if sys.platform != "win32" else "asyncio",
            http="httptools",
            access_log=False,  # addresses hold return links; app/middleware.py logs the route instead
            log_config=None,
            server_header=False,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=5,
            limit_concurrency=most_connections(),
            forwarded_allow_ips=settings.forwarded_allow_ips,
        )
        server = Server(config)
        with suppress(KeyboardInterrupt):
            server.run()
        if not server.started:
            sys.exit(1)


@click.command()
@click.option("--host", help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port to listen on.")
def serve(host: str | None, port: int | None) -> None:
    """Run the service."""
    log_as_json()
    with refusals_as_bad_input():
        given = {k: v for k, v in {"host": host, "port": port}.items() if v is not None}
        run_server(read_settings(**given))


@click.command()
@click.option("--attached", is_flag=True, hidden=True, help="Stop when standard input ends.")
@click.option("--quick", is_flag=True, help="Leave long jobs (imports, releases) to other workers.")
def worker(attached: bool, quick: bool) -> None:
    """Send mails and reminders, make reports, learn from workshops: whatever was ordered, one after the other."""
    log_as_json()
    with refusals_as_bad_input():
        settings = read_settings()
        database = Database(settings.database_url)
        works: dict[str, Work] = {
            report_job.KIND: report_job.ReportWork(database, settings, Drawing(Shelf(settings.definitions))),
            report_job.OF_WORKSHOPS: report_job.ReportsOnOrder(
                database, settings, WorkshopDrawing(Shelf(settings.definitions)), workshop_reports
            ),
            mail_job.KIND: mail_job.MailWork(database, settings),
            learn_job.KIND: learn_job.LearnWork(database),
            import_job.KIND: import_job.ImportWork(database, settings, Shelf(settings.definitions)),
            release_job.KIND: release_job.ReleaseWork(database, settings, Shelf(settings.definitions)),
            case_reminder_job.KIND: case_reminder_job.ReminderWork(settings),
            case_order_job.KIND: case_order_job.CaseOrderWork(database, settings),
            demand_job.KIND: demand_job.DemandWork(database, settings, Shelf(settings.definitions)),
            figures_job.KIND: figures_job.FiguresWork(database, Shelf(settings.definitions)),
        }

        def stop(_signal: int, _frame: FrameType | None) -> None:
            raise Stopped

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        if attached:
            threading.Thread(target=_stop_when_input_ends, daemon=True).start()
        try:
            Worker(database, works, timedelta(seconds=settings.lease_seconds), forget_old, LONG if quick else ()).run()
        except Stopped:
            database.close()
        finally:
            pdf.close()


def forget_old(session: Session, now: datetime) -> None:
    """Drop what no longer serves anybody; learn anew where workshops have gone; remind whose turn it is."""
    answer_rows.forget_operations(session, now - KEPT)
    attempts.forget_old(session, now)
    room_names.forget_old(session, now)
    learned_models.order_stale(session, now)
    import_orders.forget_old(session, now)
    case_reminders.order(session, now)
    programme_figures.order_stale(session, now)


def _stop_when_input_ends() -> None:
    # Not through `sys.stdin`: its lock, held by this thread, would break the end of the interpreter.
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
