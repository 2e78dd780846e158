"""An officer sends a sheet, sees every problem by row, and takes it in; nobody else does, and nothing in it is run."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from app import import_files
from app.database import Database
from app.settings import Settings
from app.sheets import open_sheet
from assessment.tables import Firm, ImportOrder, Programme, RegisterCount
from tests.app.test_import_job import work
from tests.assessment import programmes as made
from tests.people import sign_in

NOW = datetime.now(UTC)
HERE = "/programmes/1/imports"


@pytest.fixture
def officer(client: TestClient, database: Database) -> TestClient:
    with database.transaction() as session:
        made.call(session, made.programme(session, now=NOW), now=NOW)
    sign_in(client, database, "officer@ministry.example")
    return client


def send(client: TestClient, content: str | bytes, name: str = "firms.csv", kind: str = "firms") -> Response:
    sent = content.encode() if isinstance(content, str) else content
    return client.post(HERE, data={"kind": kind}, files={"file": (name, sent)}, follow_redirects=False)


def press(client: TestClient, button: str, number: int = 1) -> Response:
    return client.post(f"{HERE}/{number}/{button}", data={"form_token": ""})


def problems_of(client: TestClient, number: int = 1) -> list[list[str]]:
    found = client.get(f"{HERE}/{number}/problems.csv")
    assert found.headers["content-disposition"].startswith("attachment; ")
    return list(csv.reader(io.StringIO(found.content.decode("utf-8-sig"))))


def test_a_sheet_is_sent_looked_at_and_taken_in(officer: TestClient, database: Database, settings: Settings) -> None:
    sent = send(officer, "name,employees\nKilang Satu,12\nKilang Dua,40\n", "Firms 2019.csv")
    assert sent.headers["location"] == f"{HERE}/1"
    waiting = officer.get(f"{HERE}/1").text
    assert "Waiting for its turn" in waiting
    assert "/take" not in waiting
    work(database, settings)
    looked = officer.get(f"{HERE}/1").text
    assert "No problems were found. Nothing is stored yet." in looked
    with database.reader() as session:
        assert session.scalars(select(Firm)).all() == []
    assert press(officer, "take").status_code == 200
    work(database, settings)
    assert "All of it was taken in" in officer.get(f"{HERE}/1").text
    listed = officer.get(HERE).text
    assert "Firms 2019.csv" in listed
    assert "Taken in" in listed
    with database.reader() as session:
        assert sorted(session.scalars(select(Firm.name))) == ["Kilang Dua", "Kilang Satu"]
    assert press(officer, "take").status_code == 409
    assert press(officer, "discard").status_code == 409


def test_problems_stand_at_their_cells_on_the_page_and_in_the_file(
    officer: TestClient, database: Database, settings: Settings
) -> None:
    send(officer, 'name,employees\nKilang,"=HYPERLINK(""http://evil.example"")"\n<b>Dua</b>,<script>\n,3\n')
    work(database, settings)
    page = officer.get(f"{HERE}/1").text
    assert "3 problems" in page
    assert "&lt;script&gt;" in page
    assert "<script>" not in page.split("<main", 1)[1]
    assert "/take" not in page
    rows = problems_of(officer)
    assert [row[:4] for row in rows[1:]] == [
        ["2", "B", "employees", '\'=HYPERLINK("http://evil.example")'],
        ["3", "B", "employees", "<script>"],
        ["4", "A", "name", ""],
    ]
    assert rows[1][4] == "Enter a whole number from 0 to 10000000."
    assert press(officer, "take").status_code == 409
    assert press(officer, "discard").status_code == 200
    assert list(import_files.import_folder(settings).iterdir()) == []
    assert officer.get(f"{HERE}/1").status_code == 404


def test_more_problems_than_a_page_holds_are_all_in_the_file(
    officer: TestClient, database: Database, settings: Settings
) -> None:
    send(officer, "name,employees\n" + "".join(f"Kilang {n},x\n" for n in range(350)))
    work(database, settings)
    page = officer.get(f"{HERE}/1").text
    assert page.count("<tr>") == 201
    assert "Here are the first 200." in page
    assert len(problems_of(officer)) == 351


def test_problems_are_told_in_the_language_of_whoever_reads_them(
    officer: TestClient, database: Database, settings: Settings
) -> None:
    send(officer, "name,employees\nKilang,x\n")
    work(database, settings)
    officer.cookies.set("language", "fr")
    page = officer.get(f"{HERE}/1")
    assert 'lang="fr"' in page.text
    assert page.status_code == 200


def test_a_file_in_windows_1252_says_so(officer: TestClient, database: Database, settings: Settings) -> None:
    send(officer, "name;founded\nSociété;1998\n".encode("cp1252"))
    work(database, settings)
    assert "it was read as Windows-1252" in officer.get(f"{HERE}/1").text


def test_what_is_no_sheet_is_told(officer: TestClient, database: Database, settings: Settings) -> None:
    send(officer, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old.xls")
    work(database, settings)
    page = officer.get(f"{HERE}/1").text
    assert "workbook of an old kind" in page
    assert "Nothing was taken in" in page
    assert send(officer, b"").status_code == 422


@pytest.mark.parametrize("kind", ["firms", "register"])
def test_templates_have_the_columns_and_explain_each(officer: TestClient, tmp_path: Path, kind: str) -> None:
    heads = officer.get(f"{HERE}/template-{kind}.csv").content.decode("utf-8-sig").strip().split(",")
    book = tmp_path / "template.xlsx"
    book.write_bytes(officer.get(f"{HERE}/template-{kind}.xlsx").content)
    with open_sheet(book) as sheet:
        first = [row for batch in sheet.batches for row in batch.rows]
    assert first == [heads]
    assert {"isic", "region"} <= set(heads)
    assert ("machines.1" in heads) == (kind == "firms")
    assert officer.get(f"{HERE}/template-other.csv").status_code == 404


def test_a_filled_template_is_taken_in(officer: TestClient, database: Database, settings: Settings) -> None:
    heads = officer.get(f"{HERE}/template-register.csv").content
    rows = b"10,small,MY-10,1250,31000,Business register,2025-12-31\r\n"
    send(officer, heads + rows, "register.csv", "register")
    work(database, settings)
    press(officer, "take")
    work(database, settings)
    with database.reader() as session:
        assert session.scalars(select(RegisterCount.firms)).all() == [1250]


@pytest.mark.parametrize("role", ["assessor", "committee", "analyst", "", "nobody"])
def test_only_officers_of_the_programme_send_see_or_take_in(
    officer: TestClient, database: Database, settings: Settings, role: str
) -> None:
    send(officer, "name,founded\nSecret Ltd,soon\n")
    work(database, settings)
    officer.cookies.clear()
    if role != "nobody":
        with database.transaction() as session:
            if role:
                made.member(session, session.get_one(Programme, 1), role)
        sign_in(officer, database, f"{role or 'stranger'}@programme.example")
    status = 404 if role == "" else 403
    for path in ("", "/1", "/1/problems.csv", "/template-firms.xlsx"):
        found = officer.get(HERE + path, follow_redirects=False)
        assert found.status_code == (303 if role == "nobody" else status)
        assert b"Secret" not in found.content
    assert press(officer, "take").status_code == status
    assert press(officer, "discard").status_code == status
    assert send(officer, "name\nX\n").status_code == status
    with database.reader() as session:
        assert len(session.scalars(select(ImportOrder)).all()) == 1


def test_an_import_of_another_programme_is_not_found(officer: TestClient, database: Database) -> None:
    send(officer, "name\nKilang\n")
    with database.transaction() as session:
        officer_id = made.officer(session, "other@ministry.example", NOW)
        other = made.programme(session, officer_id, now=NOW).id
    sign_in(officer, database, "other@ministry.example")
    assert officer.get(f"{HERE}/1").status_code == 404
    assert officer.get(f"/programmes/{other}/imports/1").status_code == 404
    assert officer.get(f"/programmes/{other}/imports/999999999999999999999").status_code == 404


def test_files_wait_in_a_short_line(officer: TestClient) -> None:
    assert [send(officer, f"name\nKilang {n}\n").status_code for n in range(4)] == [303, 303, 303, 409]
