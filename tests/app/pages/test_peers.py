"""Where a firm's peers stand: beside its results, in its report and by the API, from published releases alone."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from app import artifacts
from app.database import Database
from app.demo import ACCOUNT, TOKENS, seed
from app.report_job import Drawing
from app.settings import Settings
from app.shelf import Shelf
from assessment import access, report_orders
from assessment.tables import Release
from reports.columns_file import read_columns
from tests.app.release_pages import published_release
from tests.app.walk import Visit
from tests.people import sign_in

ALL = "_T"
SECTION = re.compile(r'<section aria-labelledby="peers">.*?</section>', re.DOTALL)


@pytest.fixture
def firm(client: TestClient, database: Database, settings: Settings) -> Visit:
    """A maker of food with 140 people, submitted, and a release of its questionnaire that is out."""
    seed(database, Shelf().newest_of("industry4-readiness"))
    published_release(database, settings.artifacts)
    return Visit(client, f"/a/{TOKENS['done']}")


def shown(firm: Visit) -> str | None:
    found = SECTION.search(firm.get("/results").text)
    return found and found[0]


def set_state(database: Database, **values: object) -> None:
    with database.transaction() as session:
        session.execute(update(Release).values(**values))


def published_cell(settings: Settings, database: Database, industry: str, size: str) -> dict[str, Any]:
    with database.reader() as session:
        release = session.get_one(Release, 1)
        path = artifacts.path_of(settings.artifacts, release.cube_sha256 or "")
    whole = {name: [ALL] for name in ("region", "ownership", "basis")}
    where = {"wave": ["2026"], "indicator": ["overall"], "industry": [industry], "size": [size], **whole}
    read = read_columns(path, ("n", "mean", "status"), where)
    return {name: column[0] for name, column in read.items()}


def test_results_show_the_published_figures_of_the_firms_own_industry_and_size(
    firm: Visit, database: Database, settings: Settings
) -> None:
    page = shown(firm)
    cell = published_cell(settings, database, "C", "medium")

    assert page is not None
    assert cell["status"] == "F"
    assert f"About {cell['n']:.0f} firms of 2026: Manufacturing; medium-sized firms." in page
    assert re.search(rf"the mean of its peers is {cell['mean']:.1f} \(", page)
    assert "do not stand for all firms" in page
    assert 'href="http://testserver/releases/1"' in page
    assert "published on" in page


def test_what_is_not_published_or_not_there_is_not_shown(firm: Visit, database: Database, settings: Settings) -> None:
    set_state(database, state="made")
    assert shown(firm) is None

    set_state(database, state="published")
    assert shown(firm) is not None

    with database.reader() as session:
        sha256 = session.get_one(Release, 1).cube_sha256 or ""
    artifacts.remove(settings.artifacts, sha256)
    assert shown(firm) is None


def test_before_a_firm_has_submitted_nothing_tells_it_what_others_have_said(firm: Visit) -> None:
    page = firm.client.get(f"/a/{TOKENS['half']}/results").text

    assert "not submitted yet" in page
    assert SECTION.search(page) is None


@pytest.mark.parametrize("key", ["link", "number"])
def test_with_everything_beside_it_the_page_still_runs_six_statements(
    firm: Visit, database: Database, key: str
) -> None:
    sign_in(firm.client, database, ACCOUNT)
    with database.reader() as session:
        number = access.open_by_link(session, TOKENS["done"]).id
    page = firm.client.get(f"/a/{number if key == 'number' else TOKENS['done']}/results")  # the client counts

    assert SECTION.search(page.text) is not None


def test_a_report_keeps_the_release_it_was_ordered_with_and_a_newer_one_makes_a_newer_report(
    firm: Visit, database: Database
) -> None:
    first = order(firm)
    assert order(firm) == first
    set_state(database, title="Renamed", published_at=datetime(2026, 12, 24, tzinfo=UTC))
    second = order(firm)

    assert second != first
    draw = Drawing(Shelf())
    with database.reader() as session:
        old, new = (report_orders.get_order(session, number) for number in (first, second))
    assert old.told.benchmark is not None
    assert new.told.benchmark is not None
    assert (old.told.benchmark.cells, new.told.benchmark.title) == (new.told.benchmark.cells, "Renamed")
    assert draw(old, lambda _: None) == draw(old, lambda _: None)


def order(firm: Visit) -> int:
    return int(firm.post("/reports", {"language": "en"}).headers["location"].rpartition("/")[2])


def test_the_api_tells_the_same_cells(firm: Visit, database: Database, settings: Settings) -> None:
    found = firm.client.get(f"/api/v1/assessments/{TOKENS['done']}/results").json()["benchmark"]
    cell = published_cell(settings, database, "C", "medium")

    assert (found["release"], found["wave"], found["is_narrowest"]) == (1, "2026", True)
    assert found["industries"] == {"C": "Manufacturing"}
    first = found["cells"][0]
    assert {name: first[name] for name in ("indicator", "industry", "size")} == {
        "indicator": "overall", "industry": "C", "size": "medium",
    }  # fmt: skip
    assert (first["n"], first["mean"]) == (cell["n"], pytest.approx(cell["mean"], abs=1e-4))
    other = firm.client.get(f"/api/v1/assessments/{TOKENS['half']}/results").json()
    assert other["benchmark"] is None
