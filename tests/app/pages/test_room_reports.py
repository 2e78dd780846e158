"""A workshop's report is ordered, made once by the worker, watched without a script, and taken home."""

import io
import json
from datetime import timedelta
from pathlib import Path

import openpyxl
import pypdf
import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.cli import main
from app.database import Database
from app.jobs import Say, Worker
from app.report_job import OF_WORKSHOPS, ReportsOnOrder, WorkshopDrawing
from app.settings import Settings
from app.shelf import Shelf
from assessment import workshop_reports
from assessment.access import new_token, token_sha256
from assessment.tables import Job, Workshop
from assessment.workshop_reports import WorkshopOrder
from tests.assessment.whole_workshops import whole_workshop
from tests.factories import TINY_FOLDER, tiny

LEASE = timedelta(seconds=20)
PEOPLE = {"industry": 9, "government": 7, "research": 2}


def led(database: Database, until: str = "roadmap") -> str:
    """A workshop in which everything was done; the path of its pages."""
    chair = new_token()
    with database.transaction() as session:
        workshop = whole_workshop(session, tiny(), PEOPLE, until=until)
        workshop.chair_sha256 = token_sha256(chair)
    return f"/w/{chair}"


def quick(order: WorkshopOrder, say: Say) -> bytes:
    """A report in no time."""
    say("drawing")
    return f"{order.kind} {order.language} {order.record_sha256}".encode()


def work(settings: Settings, database: Database, draw: object = quick) -> None:
    made = ReportsOnOrder(database, settings, draw, workshop_reports)  # type: ignore[arg-type]
    worker = Worker(database, {OF_WORKSHOPS: made}, LEASE)
    while worker.work_once():
        pass


def jobs(database: Database) -> int:
    with database.reader() as session:
        return session.scalar(select(func.count()).select_from(Job).where(Job.kind == OF_WORKSHOPS)) or 0


def order(client: TestClient, link: str, kind: str = "pdf", language: str = "en") -> int:
    answer = client.post(f"{link}/report", data={"kind": kind, "language": language}, follow_redirects=False)
    return answer.status_code


def test_a_report_is_ordered_watched_and_taken_home(client: TestClient, settings: Settings, database: Database) -> None:
    link = led(database)
    assert order(client, link) == 303
    waiting = client.get(f"{link}/report").text
    assert "Waiting for its turn" in waiting
    assert '<meta http-equiv="refresh" content="2">' in waiting
    assert client.get(f"{link}/report/1/file").status_code == 404

    work(settings, database)

    ready = client.get(f"{link}/report").text
    assert f"{link}/report/1/file" in ready
    assert "refresh" not in ready
    file = client.get(f"{link}/report/1/file")
    assert file.content.startswith(b"pdf en ")
    assert file.headers["content-type"] == "application/pdf"
    assert "Fourward-Mango-chain-of-the-coast-2026-11-20-en.pdf" in file.headers["content-disposition"]


def test_the_same_order_is_the_same_report_until_the_workshop_moves_on(
    client: TestClient, settings: Settings, database: Database
) -> None:
    link = led(database)
    for _ in range(2):
        order(client, link)
    assert jobs(database) == 1
    order(client, link, "xlsx")
    order(client, link, "pdf", "ar")
    assert jobs(database) == 3
    with database.transaction() as session:
        session.scalars(select(Workshop)).one().name = "Mango chain, second day"
    order(client, link)
    assert jobs(database) == 4


def test_what_is_not_offered_is_refused_and_changes_nothing(client: TestClient, database: Database) -> None:
    link = led(database, until="levels")
    assert order(client, link, "docx") == 422
    assert order(client, link, "pdf", "xx") == 422
    assert jobs(database) == 0


def test_a_report_of_another_workshop_is_not_there(client: TestClient, settings: Settings, database: Database) -> None:
    mine, other = led(database, until="levels"), led(database, until="levels")
    order(client, other)
    work(settings, database)

    for path in ("1/file", "2/file", f"{2**63}/file", "x/file"):
        assert client.get(f"{mine}/report/{path}").status_code in (404, 422)
    assert client.post(f"{mine}/report/1/again", data={"again": "1"}).status_code == 404
    assert client.get(f"{other}/report/1/file").status_code == 200
    assert "/report/1/file" not in client.get(f"{mine}/report").text
    assert client.get(f"/w/{'x' * 32}/report/record.json").status_code == 404


def test_a_report_whose_file_is_gone_is_made_again(client: TestClient, settings: Settings, database: Database) -> None:
    link = led(database, until="levels")
    order(client, link)
    work(settings, database)
    first = client.get(f"{link}/report/1/file").content
    for file in settings.artifacts.iterdir():
        file.unlink()

    assert "The file is gone" in client.get(f"{link}/report").text
    assert client.post(f"{link}/report/1/again", data={"again": "1"}, follow_redirects=False).status_code == 303
    work(settings, database)
    assert client.get(f"{link}/report/1/file").content == first


def test_the_report_and_the_workbook_themselves_are_of_this_workshop(
    client: TestClient, settings: Settings, database: Database
) -> None:
    link = led(database)
    order(client, link, "pdf")
    order(client, link, "xlsx")
    work(settings, database, WorkshopDrawing(Shelf(settings.definitions)))

    text = "".join(
        p.extract_text() for p in pypdf.PdfReader(io.BytesIO(client.get(f"{link}/report/1/file").content)).pages
    )
    assert "Mango chain of the coast" in text
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{link}/report/2/file").content))
    assert book["Summary"]["B2"].value == "Mango chain of the coast"


def test_a_workshop_that_has_only_begun_has_a_report_too(
    client: TestClient, settings: Settings, database: Database
) -> None:
    link = led(database, until="levels")
    order(client, link, "pdf")
    order(client, link, "xlsx")
    work(settings, database, WorkshopDrawing(Shelf(settings.definitions)))

    assert client.get(f"{link}/report/1/file").content.startswith(b"%PDF")
    assert client.get(f"{link}/report/2/file").content.startswith(b"PK")


def test_the_record_can_be_checked_on_the_command_line_with_and_without_the_ballots(
    client: TestClient, settings: Settings, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = led(database)
    reply = client.get(f"{link}/report/record.json")
    file = tmp_path / "record.json"
    file.write_bytes(reply.content)
    found = json.loads(reply.content)
    assert "attachment" in reply.headers["content-disposition"]
    assert [each["number"] for each in found["events"]] == list(range(1, len(found["events"]) + 1))
    assert not {"nickname", "group", "groups", "text", "person", "roadmap"} & {k for e in found["events"] for k in e}

    monkeypatch.setenv("FOURWARD_DATABASE_URL", database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("FOURWARD_DEFINITIONS", str(TINY_FOLDER))

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["workshop", "verify", str(file), *arguments])
        return result.exit_code, result.output

    assert run() == (0, run()[1])
    assert "is the same" in run()[1]
    code, said = run("--workshop", "1")
    assert (code, "from the ballots" in said) == (0, True), said
    assert run("--workshop", "77")[0] == 2

    found["record"]["priorities"]["drawn"]["bars"][1]["top"] -= 0.01
    found["record"]["priorities"]["drawn"]["bars"][2]["top"] += 0.01
    file.write_text(json.dumps(found))
    code, said = run("--workshop", "1")
    assert code == 1
    assert "priorities.drawn.bars[1].top" in said

    for broken in ("{}", "[]", "no", json.dumps({"record": {"format": 1}}), json.dumps({"record": {"format": 99}})):
        file.write_text(broken)
        code, said = run()
        assert (code, said.startswith("Error:")) == (2, True), said
