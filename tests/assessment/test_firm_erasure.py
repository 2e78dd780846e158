"""Erasing a firm: nothing of it is left in the database or among the files, and nothing of another firm goes."""

from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from app import artifacts, firm_data
from app.database import Database
from app.report_job import ReportWork
from app.settings import Settings
from assessment import firm_erasure, firms
from assessment.firm_erasure import NameDiffers
from assessment.report_states import ReportNotFound
from assessment.tables import Evidence, Firm, ReportRender, User, UserSession
from tests.everything import dumped, files_in, fill
from tests.factories import NOW


def test_nothing_of_an_erased_firm_is_left_in_the_database_its_file_or_the_folder(
    database: Database, settings: Settings
) -> None:
    with database.transaction() as session:
        fill(session, "Zq7x", settings.artifacts)
        fill(session, "Keep", settings.artifacts)
        user = session.scalars(select(User).where(User.email == "zq7x@zq7x.example")).one()
        session.add(UserSession(user_id=user.id, token_sha256="a", created_at=NOW, last_seen_at=NOW, expires_at=NOW))
    with database.reader() as session:
        kept = [line for line in dumped(session).splitlines() if "Keep" in line or "keep" in line]
    with database.transaction() as session:
        firm = session.scalars(select(Firm).where(Firm.name == "Zq7x Works")).one()
        gone = firm_data.erase(settings, session, firms.get_any_firm(session, str(firm.id)))
    assert (gone.assessments, gone.files) == (1, 2)
    with database.transaction() as session:
        # Who has signed in keeps the account, which is theirs and not the firm's; a guest who never came has none.
        assert session.execute(delete(User).where(User.email == "zq7x@zq7x.example")).rowcount == 1  # type: ignore[attr-defined]
    with database.reader() as session:
        text = dumped(session)
        assert "zq7x" not in text.lower()
        assert [line for line in text.splitlines() if "Keep" in line or "keep" in line] == kept
    assert not any(b"zq7x" in content.lower() for content in files_in(settings.artifacts).values())
    assert len(files_in(settings.artifacts)) == 2
    if database.file is not None:
        database.close()
        left = b"".join(f.read_bytes() for f in database.file.parent.glob(database.file.name + "*"))
        assert b"zq7x works" not in left.lower()
        assert b"keep works" in left.lower()


def test_a_file_that_another_firm_has_as_well_stays(database: Database, settings: Settings) -> None:
    with database.transaction() as session:
        one, _ = fill(session, "Zq7x", settings.artifacts), fill(session, "Keep", settings.artifacts)
        shared = artifacts.store(settings.artifacts / "evidence", b"the same certificate")
        for row in session.scalars(select(Evidence)):
            row.content_sha256 = shared
        session.flush()
        firm_data.erase(settings, session, firms.get_any_firm(session, str(one)))
    assert artifacts.path_of(settings.artifacts / "evidence", shared).is_file()


def test_the_name_is_asked_for(database: Database) -> None:
    firm = Firm(id=3, name="Zq7x Works", created_at=NOW)
    firm_erasure.confirm(firm, "  zq7x   works ")
    for typed in ("", "Zq7x", "3"):
        with pytest.raises(NameDiffers):
            firm_erasure.confirm(firm, typed)
    firm_erasure.confirm(Firm(id=3, name="", created_at=NOW), "3")


def test_a_report_that_is_being_made_meanwhile_leaves_no_file(database: Database, settings: Settings) -> None:
    with database.transaction() as session:
        number = fill(session, "Zq7x", settings.artifacts)
        report = session.scalars(select(ReportRender)).one()
        report.artifact_sha256, report.state, key = None, "queued", str(report.id)

    def draw_slowly(*_: object) -> bytes:
        with database.transaction() as session:
            firm_data.erase(settings, session, firms.get_any_firm(session, str(number)))
        return b"Zq7x report, late"

    work = ReportWork(database, settings, draw_slowly)
    work_row = partial(work.do, key, lambda step: None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assessment.report_orders.get_order", lambda *_: None)
        with pytest.raises(ReportNotFound):
            work_row()
    assert not any(b"late" in content for content in files_in(settings.artifacts).values())


def test_when_a_file_cannot_be_removed_the_firm_is_still_there(database: Database, settings: Settings) -> None:
    def stuck(kind: str, sha256: str) -> None:
        raise PermissionError

    with database.transaction() as session:
        number = fill(session, "Zq7x", settings.artifacts)
    with pytest.raises(PermissionError), database.transaction() as session:
        firm_erasure.erase(session, firms.get_any_firm(session, str(number)).firm, stuck)
    with database.reader() as session:
        assert session.scalars(select(Firm)).one().name == "Zq7x Works"
    assert Path(settings.artifacts).is_dir()
