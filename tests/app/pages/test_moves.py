"""Moving to a newer version by page: shown beforehand, pressed once, and what is left can be taken home."""

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.database import Database
from app.main import create_app
from app.settings import Settings
from tests.app.pages.test_colleagues import ask
from tests.app.walk import Visit
from tests.conftest import ORIGIN
from tests.factories import TINY_FOLDER


@pytest.fixture
def begun(settings: Settings, database: Database, tmp_path: Path) -> Iterator[tuple[TestClient, Visit, FastAPI]]:
    """An assessment that was begun while 1.0.0 was the newest version; then 1.1.0 came."""
    before = tmp_path / "before"
    shutil.copytree(TINY_FOLDER / "moving" / "1.0.0", before / "moving" / "1.0.0")
    first = create_app(settings.model_copy(update={"definitions": before}))
    with TestClient(first, headers={"origin": ORIGIN}) as client:
        sent = client.post("/start/moving", data={"firm": "Acme", "p.sector": "services"}, follow_redirects=False)
        visit = Visit(client, sent.headers["location"].partition("?")[0])
        visit.answer("people", people__kept="2", people__courses="1", people__reworded="1", people__posters="1")
        visit.answer("plant", plant__control="3", plant__tools=["0", "2"])
        visit.post("/sections/people", {"shown": ["people.posters"], "note.people.posters": "=HYPERLINK(1)"})
        assert "newer version" not in visit.get().text
        assert visit.get("/move").headers["content-type"].startswith("text/html")
    first.state.database.close()
    app = create_app(settings)
    with TestClient(app, headers={"origin": ORIGIN}, raise_server_exceptions=False) as client:
        yield client, Visit(client, visit.link), app
    app.state.database.close()


def test_a_newer_version_is_offered_and_shows_what_it_would_do(begun: tuple[TestClient, Visit, FastAPI]) -> None:
    _, visit, _ = begun
    assert "There is a newer version of this questionnaire: 1.1.0" in visit.get().text
    page = visit.get("/move").text

    left, changed, kept, new = (
        page.index(text)
        for text in ("1 question is left behind", "3 questions have changed", "3 questions stay", "1 question is new")
    )
    assert left < page.index("Are there posters?") < page.index("Posters say little") < changed
    assert changed < page.index("Do people talk to each other?") < kept
    assert changed < page.index("By data.") < kept
    assert kept < page.index("Is training planned?") < new < page.index("Is there a plan?")
    assert "Main activity" in page
    # Nothing has happened yet.
    assert "Are there posters?" in visit.get("/sections/people").text


def test_moving_keeps_the_answers_and_what_is_left_can_be_taken_home(begun: tuple[TestClient, Visit, FastAPI]) -> None:
    _, visit, _ = begun
    sent = visit.post("/move", {"to": "1.1.0"})
    assert sent.headers["location"] == f"{visit.link}/moves/1"

    people = visit.get("/sections/people").text
    assert re.search(r'name="a.people.training" value="1" checked', people)
    assert "posters" not in people
    moved = visit.get("/moves/1").text
    assert "Are there posters?" in moved
    assert "There are some." in moved
    table = visit.get("/moves/1/left-behind.csv")
    assert table.headers["content-disposition"].startswith("attachment; ")
    assert "'=HYPERLINK(1)" in table.text
    assert "plant.tools,Which tools are used?,PLM" in table.text
    assert "Moved to version 1.1.0" in visit.get("/submissions").text
    assert "newer version" not in visit.get().text


def test_pressing_twice_moves_once_and_a_version_that_was_not_shown_is_refused(
    begun: tuple[TestClient, Visit, FastAPI],
) -> None:
    _, visit, _ = begun
    assert visit.post("/move", {"to": "9.9.9"}).status_code == 409
    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda _: visit.post("/move", {"to": "1.1.0"}).status_code, range(4)))

    assert set(statuses) == {303}
    assert visit.get("/moves/2").status_code == 404


def test_only_managers_move_and_see_what_was_left(begun: tuple[TestClient, Visit, FastAPI]) -> None:
    _, visit, _ = begun
    colleague = ask(visit, "Amina", "people")
    assert "newer version" not in colleague.get().text
    assert colleague.get("/move").status_code == 403
    assert colleague.post("/move", {"to": "1.1.0"}).status_code == 403
    visit.post("/move", {"to": "1.1.0"})

    assert colleague.get("/moves/1").status_code == 403
    assert colleague.get("/moves/1/left-behind.csv").status_code == 403
    assert colleague.get("/sections/people").status_code == 200


def test_a_version_without_a_map_offers_no_move_and_says_why(
    settings: Settings, begun: tuple[TestClient, Visit, FastAPI], tmp_path: Path
) -> None:
    _, visit, app = begun
    app.state.database.close()
    folder = tmp_path / "without"
    shutil.copytree(TINY_FOLDER, folder)
    (folder / "moving" / "1.1.0" / "moves.yaml").unlink()
    other = create_app(settings.model_copy(update={"definitions": folder}))
    with TestClient(other, headers={"origin": ORIGIN}) as client:
        mine = Visit(client, visit.link)
        page = mine.get("/move").text

        assert "its authors do not say where your answers would go" in page
        assert '<button class="button">Move' not in page
        assert mine.post("/move", {"to": "1.1.0"}).status_code == 409
    other.state.database.close()


def test_next_year_the_newer_version_shows_last_time_where_the_question_is_the_same(
    begun: tuple[TestClient, Visit, FastAPI],
) -> None:
    client, visit, _ = begun
    visit.submit()
    assert "There is a newer version of the questionnaire, 1.1.0" in visit.get("/again").text
    now = Visit(client, visit.post("/again").headers["location"].partition("?")[0])
    page = now.get("/sections/people").text

    assert page.count("Last time:") == 1  # the others are asked in other words, or under another id
    assert "It is for all." in page
