"""A backup is made while people answer, and can be put back; what cannot be used changes nothing."""

import shutil
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.artifacts import store
from app.backups import BackupProblem, back_up, back_up_files, restore, restore_files, verify
from app.database import AlreadyServed, Database, sqlite
from app.file_backups import folder_beside
from assessment.tables import Assessment, Evidence, Programme, Release
from tests.factories import NOW, answered, started


def fill(database: Database, count: int) -> None:
    for n in range(count):
        with database.transaction() as session:
            assessment, _ = started(session, name=f"Firm {n}")
            answered(session, assessment, skills__training=1)


def firms_in(database: Database) -> int:
    with database.reader() as session:
        return session.scalar(select(func.count()).select_from(Assessment)) or 0


def test_a_backup_holds_every_row_and_can_be_put_back(sqlite_database: Database, tmp_path: Path) -> None:
    fill(sqlite_database, 3)
    rows = back_up(sqlite_database, tmp_path / "backup.db")
    fill(sqlite_database, 2)

    kept = restore(sqlite_database, tmp_path / "backup.db")

    assert rows == verify(tmp_path / "backup.db")
    assert firms_in(sqlite_database) == 3
    assert kept is not None
    assert firms_in(Database(f"sqlite:///{kept}")) == 5


def test_a_backup_under_load_is_sound(sqlite_database: Database, tmp_path: Path) -> None:
    writer = threading.Thread(target=fill, args=(sqlite_database, 60))
    writer.start()
    for n in range(5):
        back_up(sqlite_database, tmp_path / f"backup{n}.db")
    writer.join()

    assert firms_in(sqlite_database) == 60


def test_a_backup_never_overwrites_one(sqlite_database: Database, tmp_path: Path) -> None:
    back_up(sqlite_database, tmp_path / "backup.db")

    with pytest.raises(BackupProblem, match="exists already"):
        back_up(sqlite_database, tmp_path / "backup.db")


def test_nothing_is_restored_while_a_server_runs(sqlite_database: Database, tmp_path: Path) -> None:
    fill(sqlite_database, 1)
    back_up(sqlite_database, tmp_path / "backup.db")

    with sqlite_database.only_server(), pytest.raises(AlreadyServed):
        restore(sqlite_database, tmp_path / "backup.db")


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def damaged(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[5000:9000] = b"\xff" * 4000
    path.write_bytes(bytes(content))


def foreign(path: Path) -> None:
    path.unlink()
    connection = sqlite.connect(str(path))
    connection.execute("CREATE TABLE groceries (id INTEGER PRIMARY KEY)")
    connection.close()


def newer(path: Path) -> None:
    connection = sqlite.connect(str(path))
    connection.execute("UPDATE alembic_version SET version_num = '2099_01_01'")
    connection.commit()
    connection.close()


def no_database(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7 not a database" * 100)


@pytest.mark.parametrize("spoil", [truncated, damaged, foreign, newer, no_database, Path.unlink])
def test_a_backup_that_cannot_be_used_is_refused_and_the_database_is_as_it_was(
    sqlite_database: Database, tmp_path: Path, spoil: object
) -> None:
    fill(sqlite_database, 4)
    path = tmp_path / "backup.db"
    back_up(sqlite_database, path)
    assert callable(spoil)
    spoil(path)

    with pytest.raises(BackupProblem):
        restore(sqlite_database, path)

    assert firms_in(sqlite_database) == 4


def test_evidence_goes_with_its_backup_and_comes_back(sqlite_database: Database, tmp_path: Path) -> None:
    evidence = tmp_path / "evidence"
    with sqlite_database.transaction() as session:
        assessment, _ = started(session)
        for content, removed in ((b"a plan", None), (b"a list", None), (b"taken back", NOW)):
            session.add(
                Evidence(
                    assessment_id=assessment.id, question_id="skills.training", name="plan.pdf", size=len(content),
                    media_type="application/pdf", content_sha256=store(evidence, content), created_at=NOW,
                    removed_at=removed,
                )
            )  # fmt: skip
    backup = tmp_path / "backup.db"
    back_up(sqlite_database, backup)

    assert back_up_files(backup, tmp_path) == (2, [])
    shutil.rmtree(evidence)
    damaged = next(folder_beside(backup).iterdir())
    damaged.write_bytes(b"cut")

    assert restore_files(backup, tmp_path) == (1, [damaged.name])
    assert sorted(p.read_bytes() for p in evidence.iterdir()) in ([b"a list"], [b"a plan"])


def test_the_files_of_a_release_go_with_its_backup_and_come_back(sqlite_database: Database, tmp_path: Path) -> None:
    artifacts = tmp_path / "artifacts"
    cube, kept, report = (store(artifacts, content) for content in (b"cells", b"what the next must know", b"%PDF"))
    with sqlite_database.transaction() as session:
        programme = Programme(name="Ready", country="MY", created_at=NOW, changed_at=NOW)
        programme.questionnaire_id, programme.questionnaire_version = "tiny", "1.0.0"
        session.add(programme)
        session.flush()
        made = Release(programme_id=programme.id, number=1, state="published", requested_at=NOW, manifest={})
        made.cube_sha256, made.kept_sha256 = cube, kept
        made.files = {"cube.parquet": {"sha256": cube, "size": 5}, "report-en.pdf": {"sha256": report, "size": 4}}
        ordered = Release(programme_id=programme.id, number=2, state="queued", requested_at=NOW)
        session.add_all([made, ordered])
    backup = tmp_path / "backup.db"
    back_up(sqlite_database, backup)

    assert back_up_files(backup, artifacts, "releases") == (3, [])
    shutil.rmtree(artifacts)
    assert restore_files(backup, artifacts, "releases") == (3, [])
    assert {file.name for file in artifacts.iterdir()} == {cube, kept, report}
