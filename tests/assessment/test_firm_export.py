"""The ZIP with all that is kept of a firm."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select

from app import firm_data
from app.database import Database
from app.settings import Settings
from assessment import firm_export, firms
from assessment.csv_sheets import cell, sheet
from assessment.firm_export import ExportTooLarge, StoredFile, tables_of_assessments
from assessment.tables import Answer, Evidence, Firm
from tests.everything import fill
from tests.factories import NOW


def exported(database: Database, settings: Settings, number: int) -> zipfile.ZipFile:
    target = io.BytesIO()
    with database.reader() as session:
        access = firms.get_any_firm(session, str(number))
        files = firm_export.files_of(session, number)
        firm_data.write_export(settings, session, access, files, "en", NOW, target)
    return zipfile.ZipFile(target)


def test_every_table_and_every_file_of_the_firm_is_in_it_and_nothing_of_another(
    database: Database, settings: Settings
) -> None:
    with database.transaction() as session:
        number = fill(session, "Zq7x", settings.artifacts)
        fill(session, "Else", settings.artifacts)
    archive = exported(database, settings, number)
    assert archive.testzip() is None
    document = json.loads(archive.read("firm.json"))
    assert document["firm"]["name"] == "Zq7x Works"
    assert {p["email"] for p in document["people"]} == {"zq7x@zq7x.example", "guest@zq7x.example"}
    for table in tables_of_assessments():
        assert document[table.name], table.name
        assert f"csv/{table.name}.csv" in archive.namelist()
    answers = {a["question_id"]: a for a in document["answer"]}
    assert answers["skills.training"]["value"] == 2
    assert document["evidence"][0]["respondent"] == "Zq7x colleague"
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"else" not in everything.lower().replace(b"anything else", b"")
    assert b"token_sha256" not in everything
    contents = [archive.read(n) for n in archive.namelist() if n.startswith(("evidence/", "reports/"))]
    assert sorted(contents) == [b"Zq7x evidence", b"Zq7x report"]
    assert b"csv/answer.csv" in archive.read("README.txt")


def test_a_table_nobody_has_explained_is_in_it_all_the_same_and_named(database: Database, settings: Settings) -> None:
    with database.transaction() as session:
        number = fill(session, "Zq7x", settings.artifacts)
    readme = exported(database, settings, number).read("README.txt").decode()
    assert not [table.name for table in tables_of_assessments() if f"csv/{table.name}.csv" not in readme]


def test_a_cell_is_no_formula_and_a_number_stays_a_number(database: Database, settings: Settings) -> None:
    with database.transaction() as session:
        number = fill(session, "Zq7x", settings.artifacts)
        session.scalars(select(Firm)).one().name = "=cmd|' /C calc'!A0"
        session.scalars(select(Answer).limit(1)).one().note = "\t@SUM(1)"
    archive = exported(database, settings, number)
    rows = list(csv.DictReader(io.StringIO(archive.read("csv/firm.csv").decode("utf-8-sig"))))
    assert rows[0]["name"] == "'=cmd|' /C calc'!A0"
    assert rows[0]["country"] == "MY"
    notes = [r["note"] for r in csv.DictReader(io.StringIO(archive.read("csv/answer.csv").decode("utf-8-sig")))]
    assert "'\t@SUM(1)" in notes


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\u00a0@", "＝", "－"])
def test_what_a_spreadsheet_takes_for_a_formula_starts_with_an_apostrophe(start: str) -> None:
    assert cell(start + "1+1") == "'" + start + "1+1"
    assert sheet([start + "x"], []).decode("utf-8-sig").lstrip('"').startswith("'")
    assert cell(-1.5) == -1.5
    assert cell("a-b") == "a-b"


def test_a_file_that_is_gone_is_named_and_the_rest_is_there(database: Database, settings: Settings) -> None:
    with database.transaction() as session:
        number = fill(session, "Zq7x", settings.artifacts)
        sha256 = session.scalars(select(Evidence)).one().content_sha256
    Path(settings.artifacts / "evidence" / sha256).unlink()
    archive = exported(database, settings, number)
    assert archive.read("missing.txt").startswith(b"evidence/")


def test_a_files_name_leads_nowhere_else(database: Database, settings: Settings) -> None:
    with database.transaction() as session:
        number = fill(session, "Zq7x", settings.artifacts)
        session.scalars(select(Evidence)).one().name = "../../etc/\u202epasswd.png"
    names = exported(database, settings, number).namelist()
    assert not [n for n in names if ".." in n.split("/") or "\u202e" in n]


def test_more_than_a_page_hands_out_is_refused() -> None:
    with pytest.raises(ExportTooLarge, match="301 MB"):
        firm_export.refuse_too_large([StoredFile("a", "report", "b", 301 * 1024 * 1024)])
