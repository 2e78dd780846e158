"""A release of a programme from the database to its files: made, refused, killed, published; and by the command."""

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import artifacts, release_files
from app.cli import main
from app.database import Database
from app.jobs import Worker
from app.release_earlier import previous_of
from app.release_files import MANIFEST, Service
from app.release_job import KIND, ReleaseWork
from app.settings import Settings
from app.shelf import Shelf
from assessment import release_kept, releases
from assessment.release_making import PROTECTING
from assessment.release_refusals import NothingToRelease, NotToBePublished, OvertakenRelease, ReleaseUnderWay
from assessment.release_standing import SIDES
from assessment.tables import Job, Outcome, Programme, Release
from reports.columns_file import read_columns
from reports.release.manifest_file import CUBE
from tests.factories import NOW
from tests.release_samples import a_programme, enter_units, sample_making, sample_units

FIRMS = 100
FIGURES = ("n", "mean", "low", "high", "sd", "p10", "p25", "p50", "p75", "p90", "s0", "s1", "s2", "s3", "s4", "s5")


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return Settings(
        database_url=database.url.render_as_string(hide_password=False),
        artifacts=tmp_path / "artifacts",
        _env_file=None,
    )


@pytest.fixture
def worker(database: Database, settings: Settings) -> Worker:
    work = ReleaseWork(database, settings, Shelf(settings.definitions), languages=())
    return Worker(database, {KIND: work}, timedelta(seconds=60))


def filled(session: Session, firms: int = FIRMS, years: tuple[int, ...] = (2025,)) -> Programme:
    programme = a_programme(session)
    for year in years:
        enter_units(session, programme, sample_units(sample_making().questionnaire, firms, year))
    return programme


def ordered(database: Database, programme_id: int, **wanted: object) -> int:
    with database.transaction() as session:
        return releases.order(session, session.get_one(Programme, programme_id), NOW, **wanted).id  # type: ignore[arg-type]


def work_of(worker: Worker) -> ReleaseWork:
    work = worker.works[KIND]
    assert isinstance(work, ReleaseWork)
    return work


def row(database: Database, release_id: int) -> Release:
    with database.reader() as session:
        found = session.get_one(Release, release_id)
        session.expunge(found)
    return found


def test_a_release_is_made_published_and_never_changes(database: Database, settings: Settings, worker: Worker) -> None:
    with database.transaction() as session:
        programme_id = filled(session, years=(2025, 2026)).id
    release_id = ordered(database, programme_id, title="Spring")
    assert row(database, release_id).cube_sha256 is None
    with database.transaction() as session, pytest.raises(ReleaseUnderWay):
        releases.order(session, session.get_one(Programme, programme_id), NOW)
    assert worker.work_once()
    made = row(database, release_id)
    assert (made.state, made.number, made.step, made.problem) == ("made", 1, "", "")
    assert made.manifest is not None
    assert made.manifest["waves"] == ["2025", "2026"]
    assert made.manifest["release"]["title"] == "Spring"
    assert made.manifest["cells"]["shown"] > 100
    assert made.manifest["protection"]["narrowest"] is None or made.manifest["protection"]["narrowest"] >= 5
    for file in made.files.values():
        assert artifacts.path_of(settings.artifacts, file["sha256"]).stat().st_size == file["size"]
    stored = artifacts.path_of(settings.artifacts, made.files[MANIFEST]["sha256"]).read_text("utf-8")
    assert json.loads(stored).items() >= made.manifest.items()
    assert '"p"' not in stored
    assert "width" not in stored
    with database.transaction() as session:
        releases.publish(session, session.get_one(Release, release_id), NOW)
    with database.transaction() as session:
        releases.note_step(session, release_id, "again")
        releases.note_failed(session, release_id, "late")
        releases.note_made(session, release_id, {"cube_sha256": "x"}, "y", {}, NOW)
        with pytest.raises(NotToBePublished):
            releases.publish(session, session.get_one(Release, release_id), NOW)
    after = row(database, release_id)
    assert (after.state, after.cube_sha256, after.files) == ("published", made.cube_sha256, made.files)


def test_a_release_has_its_files_in_every_language_that_is_offered(database: Database, settings: Settings) -> None:
    with database.transaction() as session:
        programme_id = filled(session, firms=60).id
    release_id = ordered(database, programme_id)
    work = ReleaseWork(database, settings, Shelf(settings.definitions), languages=("en",))
    Worker(database, {KIND: work}, timedelta(seconds=60)).work_once()
    made = row(database, release_id)
    names = {"cube.parquet", "manifest.json", "sdmx.csv", "sdmx.json"}
    names |= {"tables-en.csv", "tables-en.csv-metadata.json", "tables-en.xlsx", "report-en.pdf"}
    assert set(made.files) == names, made.problem
    assert Service(database, settings, Shelf(settings.definitions)).codes == ("en", "fr", "ar")
    report = artifacts.path_of(settings.artifacts, made.files["report-en.pdf"]["sha256"])
    assert report.read_bytes().startswith(b"%PDF")


def test_a_row_that_is_held_back_has_no_figure_in_any_column(
    database: Database, settings: Settings, worker: Worker
) -> None:
    with database.transaction() as session:
        programme_id = filled(session, firms=120).id
    release_id = ordered(database, programme_id)
    worker.work_once()
    path = artifacts.path_of(settings.artifacts, row(database, release_id).cube_sha256 or "")
    read = read_columns(path, ("status", *FIGURES))
    held_back = [at for at, status in enumerate(read["status"]) if status == "C"]
    assert len(held_back) > 100
    assert all(read[figure][at] is None for figure in FIGURES for at in held_back)
    shown = [at for at, status in enumerate(read["status"]) if status == "F"]
    assert all(read["n"][at] is not None and read["n"][at] >= 10 for at in shown)  # type: ignore[operator]
    assert all(read["n"][at] % 5 == 0 for at in shown)  # type: ignore[operator]


def test_a_killed_worker_leaves_nothing_to_see_and_the_next_one_makes_it(
    database: Database, settings: Settings, worker: Worker
) -> None:
    with database.transaction() as session:
        programme_id = filled(session).id
    release_id = ordered(database, programme_id)
    work = worker.works[KIND]
    work.do(str(release_id), lambda step: None)  # done, and killed before the outcome is stored
    halfway = row(database, release_id)
    assert (halfway.state, halfway.cube_sha256, halfway.manifest, halfway.files) == ("making", None, None, {})
    assert halfway.step
    assert worker.work_once()
    assert row(database, release_id).state == "made"


def test_a_release_that_cannot_be_made_safe_says_why(
    database: Database, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as session:
        programme_id = filled(session, firms=60).id
    release_id = ordered(database, programme_id)
    monkeypatch.setattr("scoring.dominance.Rules.__post_init__", lambda self: object.__setattr__(self, "width", 10**6))
    worker.work_once()
    refused = row(database, release_id)
    assert (refused.state, refused.cube_sha256) == ("refused", None)
    assert "bounded" in refused.problem
    with database.transaction() as session, pytest.raises(NotToBePublished):
        releases.publish(session, session.get_one(Release, release_id), NOW)


def test_there_is_nothing_to_release_without_firms(database: Database) -> None:
    with database.transaction() as session, pytest.raises(NothingToRelease):
        releases.order(session, a_programme(session), NOW)


def test_a_release_that_another_one_has_overtaken_is_not_published(database: Database, worker: Worker) -> None:
    """Made side by side, neither knows of the other."""
    with database.transaction() as session:
        programme_id = filled(session, firms=100).id
    first, second = ordered(database, programme_id), None
    worker.work_once()
    second = ordered(database, programme_id)
    worker.work_once()
    with database.transaction() as session:
        releases.publish(session, session.get_one(Release, second), NOW)
    with database.transaction() as session, pytest.raises(OvertakenRelease):
        releases.publish(session, session.get_one(Release, first), NOW)
    third = ordered(database, programme_id)
    worker.work_once()
    found = row(database, third)
    assert found.manifest is not None
    with database.reader() as session:
        last = previous_of(work_of(worker).service.folder, releases.asked(session, third))
    assert last is not None
    assert last.manifest["release"]["number"] == 2
    assert found.manifest["previous"] == {"number": 2, "cube_sha256": row(database, second).cube_sha256}


def shown_in(settings: Settings, release: Release) -> dict[tuple[object, ...], tuple[object, ...]]:
    """Every cell that is shown, with its figures."""
    read = read_columns(artifacts.path_of(settings.artifacts, release.cube_sha256 or ""), [*SIDES, "status", *FIGURES])
    rows = zip(*read.values(), strict=True)
    return {row[: len(SIDES)]: row[len(SIDES) + 1 :] for row in rows if row[len(SIDES)] == "F"}


def test_when_few_firms_come_nobody_can_tell_where_and_when_many_do_what_stood_stays(
    database: Database, settings: Settings, worker: Worker
) -> None:
    """Cells that turned empty would tell of the one who came, and of the crossing it is in."""
    questionnaire, found = sample_making().questionnaire, []
    with database.transaction() as session:
        programme = filled(session, firms=300)
        programme_id = programme.id
    for first, more in ((300, 4), (304, 5), (309, 60), (369, 0)):
        release_id = ordered(database, programme_id)
        worker.work_once()
        with database.transaction() as session:
            releases.publish(session, session.get_one(Release, release_id), NOW)
            if more:
                units = sample_units(questionnaire, more, 2025, seed=first, first=first)
                enter_units(session, session.get_one(Programme, programme_id), units)
        found.append(shown_in(settings, row(database, release_id)))
    before, four_more, nine_more, many_more = found

    assert four_more == before
    assert nine_more == before
    assert many_more.keys() >= before.keys()
    assert many_more != before


def test_a_year_in_which_nothing_has_changed_is_told_as_it_was_without_being_protected_anew(
    database: Database, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    questionnaire = sample_making().questionnaire
    with database.transaction() as session:
        programme_id = filled(session, years=(2025, 2026)).id
    first = ordered(database, programme_id)
    worker.work_once()
    with database.transaction() as session:
        releases.publish(session, session.get_one(Release, first), NOW)
        units = sample_units(questionnaire, 60, 2026, seed=7, first=FIRMS)
        enter_units(session, session.get_one(Programme, programme_id), units)
    with database.reader() as session:
        asked = releases.plan(session, session.get_one(Programme, programme_id))

    steps: list[str] = []
    made = release_files.make(work_of(worker).service, asked, NOW, steps.append)
    protected = {step.split()[1] for step in steps if step.startswith(PROTECTING)}
    assert protected == {"2026"}

    monkeypatch.setattr(release_kept, "unchanged", lambda *_: None)
    anew = release_files.make(work_of(worker).service, asked, NOW, steps.append)
    assert made.manifest == anew.manifest
    assert made.kept_sha256 == anew.kept_sha256


def test_nothing_is_released_when_what_was_released_before_is_not_known(
    database: Database, settings: Settings, worker: Worker
) -> None:
    with database.transaction() as session:
        programme_id = filled(session, firms=60).id
    first = ordered(database, programme_id)
    worker.work_once()
    with database.transaction() as session:
        releases.publish(session, session.get_one(Release, first), NOW)
    artifacts.remove(settings.artifacts, row(database, first).kept_sha256 or "")
    second = ordered(database, programme_id)
    worker.work_once()
    refused = row(database, second)
    assert refused.state == "refused"
    assert json.loads(refused.problem) == [["kept_gone", 0]]


def test_the_command_makes_the_same_files_as_the_page(
    database: Database, settings: Settings, worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as session:
        programme_id = filled(session).id
    release_id = ordered(database, programme_id)
    worker.work_once()
    monkeypatch.setenv("FOURWARD_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("FOURWARD_ARTIFACTS", str(tmp_path / "others"))
    monkeypatch.setenv("FOURWARD_MACHINE_TRANSLATIONS", "false")
    command = ["aggregate", "--programme", str(programme_id), "--publish", "--json", "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(main, command, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["cube_sha256"] == row(database, release_id).cube_sha256
    of_page = artifacts.path_of(settings.artifacts, row(database, release_id).cube_sha256 or "").read_bytes()
    assert (tmp_path / "out" / CUBE).read_bytes() == of_page
    assert row(database, told["release"]).state == "published"
    assert row(database, told["release"]).kept_sha256 == row(database, release_id).kept_sha256
    wrong = CliRunner().invoke(main, ["aggregate", "--programme", "999"])
    assert (wrong.exit_code, "There is no programme 999." in wrong.output) == (2, True)
    never = CliRunner().invoke(main, ["aggregate", "--programme", str(programme_id), "--wave", "1999"])
    assert (never.exit_code, "assessed in 1999. There is something of 20" in never.output) == (2, True)


def test_a_job_that_fails_each_time_is_given_up(database: Database, worker: Worker) -> None:
    with database.transaction() as session:
        programme_id = filled(session, firms=12).id
    release_id = ordered(database, programme_id)
    with database.transaction() as session:
        session.execute(update(Outcome).values(levels=b"\0"))
        session.execute(update(Job).values(attempts=4))
    assert worker.work_once()
    assert row(database, release_id).state == "failed"
    with database.reader() as session:
        assert session.scalars(select(Job.state)).all() == ["dead"]


def test_two_firms_of_a_group_count_once(database: Database, worker: Worker) -> None:
    """A region of twelve firms, all of one enterprise group, is held back."""
    units = sample_units(sample_making().questionnaire, 200, 2025)
    few = np.flatnonzero(units.leaves[2] == 4)[:12]
    assert len(few) == 12
    units.leaves[2][units.leaves[2] == 4] = 1
    units.leaves[2][few] = 4
    units.groups[few] = units.groups[few[0]]
    with database.transaction() as session:
        programme = a_programme(session)
        enter_units(session, programme, units)
        programme_id = programme.id
    release_id = ordered(database, programme_id)
    worker.work_once()
    found = row(database, release_id)
    path = artifacts.path_of(work_of(worker).service.folder, found.cube_sha256 or "")
    where = {"indicator": ["overall"], "region": ["MY-12"], "industry": ["_T"], "size": ["_T"]}
    assert read_columns(path, ("status", "n"), where) == {"status": ["C"], "n": [None]}
