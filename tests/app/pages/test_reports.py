"""A report is ordered, made once by the worker, watched without JavaScript, and taken home under a good name."""

import io
import threading
from dataclasses import replace
from datetime import timedelta

import pypdf
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.database import Database
from app.jobs import Say, Worker
from app.report_files import disposition, file_name
from app.report_job import KIND, Draw, Drawing, ReportWork
from app.settings import Settings
from app.shelf import Shelf
from assessment.report_orders import Order
from assessment.tables import Job
from tests.app import sent_files
from tests.app.walk import Visit, finished, start
from tests.factories import ordered_report

LEASE = timedelta(seconds=20)


def quick(order: Order, say: Say) -> bytes:
    """A report in no time."""
    say("scoring")
    return f"%PDF report {order.id} {order.language} {order.snapshot.wishes.budget}".encode()


def work(settings: Settings, database: Database, draw: Draw = quick) -> None:
    worker = Worker(database, {KIND: ReportWork(database, settings, draw)}, LEASE)
    while worker.work_once():
        pass


def order(visit: Visit, **fields: str) -> str:
    answer = visit.post("/reports", {"language": "en", **fields})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def jobs(database: Database) -> int:
    with database.reader() as session:
        return session.scalar(select(func.count()).select_from(Job)) or 0


def test_a_report_is_ordered_watched_and_taken_home(client: TestClient, settings: Settings, database: Database) -> None:
    visit = finished(client)
    page = order(visit)
    waiting = client.get(page)
    assert '<meta http-equiv="refresh" content="2">' in waiting.text
    assert "Waiting for its turn" in waiting.text
    assert client.get(f"{page}/file").status_code == 404

    work(settings, database)

    ready = client.get(page)
    assert "refresh" not in ready.text
    assert "The report is ready" in ready.text
    file = client.get(f"{page}/file")
    assert file.content.startswith(b"%PDF")
    assert file.headers["content-type"] == "application/pdf"
    assert "Ready" in visit.get("/results").text


def test_the_same_order_is_the_same_report_and_another_budget_another(
    client: TestClient, settings: Settings, database: Database
) -> None:
    visit = finished(client)
    first = order(visit)

    assert order(visit) == first
    work(settings, database)
    assert order(visit) == first
    assert jobs(database) == 1
    assert order(visit, budget="5000") != first
    assert jobs(database) == 2


def test_ordering_twice_at_once_makes_one_job(client: TestClient, database: Database) -> None:
    visit = finished(client)
    threads = [threading.Thread(target=order, args=(visit,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert jobs(database) == 1


def test_a_report_needs_a_submitted_assessment_and_a_language_that_is_written(client: TestClient) -> None:
    opened = start(client)
    opened.answer("machines~1", machines__1="1")
    assert opened.post("/reports", {"language": "en"}).status_code == 409

    assert finished(client).post("/reports", {"language": "xx"}).status_code == 422


def test_a_report_of_another_assessment_is_not_there(
    client: TestClient, settings: Settings, database: Database
) -> None:
    mine, other = finished(client), finished(client)
    page = order(other)
    work(settings, database)
    number = page.rpartition("/")[2]

    for path in (f"/reports/{number}", f"/reports/{number}/file", "/reports/999", f"/reports/{2**63}", "/reports/x"):
        assert mine.get(path).status_code in (404, 422)


def test_a_report_that_cannot_be_made_is_said_and_can_be_ordered_again(
    client: TestClient, settings: Settings, database: Database
) -> None:
    def broken(_order: Order, _say: Say) -> bytes:
        raise MemoryError

    visit = finished(client)
    page = order(visit)
    for _ in range(5):
        work(settings, database, broken)
        with database.transaction() as session:
            for job in session.scalars(select(Job)):
                job.run_at = job.created_at

    assert "could not be made" in client.get(page).text
    assert order(visit) == page
    work(settings, database)
    assert "The report is ready" in client.get(page).text


def test_a_report_whose_file_is_gone_is_made_again(client: TestClient, settings: Settings, database: Database) -> None:
    visit = finished(client)
    page = order(visit)
    work(settings, database)
    for file in settings.artifacts.iterdir():
        file.unlink()

    assert "is gone" in client.get(page).text
    assert client.get(f"{page}/file").status_code == 404
    assert order(visit) == page
    work(settings, database)
    assert client.get(f"{page}/file").status_code == 200


def test_a_finished_file_is_whole_or_not_there(client: TestClient, settings: Settings, database: Database) -> None:
    order(finished(client))
    work(settings, database)

    names = [f.name for f in settings.artifacts.iterdir()]
    assert len(names) == 1
    assert len(names[0]) == 64


@pytest.mark.parametrize(
    ("firm", "name"),
    [
        ("Acme & Söhne", "Fourward-Acme-Söhne-2026-11-20-ar.pdf"),
        ("../../etc/passwd", "Fourward-etc-passwd-2026-11-20-ar.pdf"),
        ('"; filename="evil.exe', "Fourward-filename-evil.exe-2026-11-20-ar.pdf"),
        ("مصنع النور", "Fourward-مصنع-النور-2026-11-20-ar.pdf"),
        ("", "Fourward-2026-11-20-ar.pdf"),
        ("x" * 500, f"Fourward-{'x' * 60}-2026-11-20-ar.pdf"),
    ],
)
def test_a_file_name_is_harmless_and_a_header_is_one_line(firm: str, name: str) -> None:
    found = file_name(replace(ordered_report("ar"), firm=firm))

    assert found == name
    header = disposition(found)
    assert header.isascii()
    assert "\n" not in header
    assert header.count('"') == 2


def test_the_report_itself_is_a_pdf_of_these_answers(app: FastAPI) -> None:
    pdf = Drawing(Shelf(app.state.settings.definitions))(ordered_report(), lambda _: None)

    reader = pypdf.PdfReader(io.BytesIO(pdf))
    text = "".join(page.extract_text() for page in reader.pages)
    assert "Acme" in text
    assert len(reader.pages) >= 3


def test_a_report_names_the_evidence_it_was_submitted_with_even_when_it_is_made_anew(
    client: TestClient, settings: Settings, database: Database
) -> None:
    def text_of(page: str) -> str:
        work(settings, database, Drawing(Shelf(settings.definitions)))
        reader = pypdf.PdfReader(io.BytesIO(client.get(f"{page}/file").content))
        return " ".join("".join(each.extract_text() for each in reader.pages).split())

    visit = start(client)
    visit.answer("skills", skills__training="1")
    visit.client.post(f"{visit.link}/evidence/skills.training", files={"file": ("course-list.pdf", sent_files.pdf())})
    visit.submit()
    page = order(visit)
    first = text_of(page)
    assert "Evidence: course-list.pdf (PDF, 1 kB" in first

    visit.post("/reopen", {"reason": "another list"})
    visit.post("/evidence/skills.training/1/remove")
    visit.submit()
    for stored in settings.artifacts.glob("*"):
        stored.unlink() if stored.is_file() else None
    visit.post(f"{page.removeprefix(visit.link)}/again")
    assert text_of(page) == first
    assert "course-list.pdf" not in text_of(order(visit))
