"""The projector shows what comes first when the round was shown, and nothing of it before."""

import pytest
from fastapi.testclient import TestClient

from app.database import Database
from assessment import priority_rounds, room_screen, rounds
from tests.assessment.priorities import choose, first_round, qi4tf, room_with_list
from tests.assessment.rooms import Room
from tests.factories import NOW

TITLES = [q.text for q in qi4tf().questionnaire.questions.values()]


def on_screen(client: TestClient, there: Room) -> str:
    shown = client.get(f"/screen/{there.screen}")
    assert shown.status_code == 200
    return shown.text.partition("<main")[2]


def test_the_order_comes_by_itself_when_the_round_is_shown(client: TestClient, database: Database) -> None:
    with database.transaction() as session:
        there = room_with_list(session)
        first_round(session, there)
    shown = on_screen(client, there)
    assert sum(title in shown for title in TITLES) == 8
    assert "and 2 more" in shown
    assert "over 99%" in shown
    assert shown.index(TITLES[0]) < shown.index(TITLES[1])


@pytest.mark.parametrize("page", ["asked", "priorities"])
def test_while_people_choose_the_screen_names_no_gap(client: TestClient, database: Database, page: str) -> None:
    with database.transaction() as session:
        there = room_with_list(session)
        priority_rounds.ask_best_worst(session, there.workshop, NOW)
        choose(session, there)
        rounds.close_round(session, there.workshop, NOW)
        room_screen.change_screen(session, there.workshop, NOW, page=page)
    assert not any(title in on_screen(client, there) for title in TITLES)


def test_of_fewer_than_five_people_the_screen_shows_nothing(client: TestClient, database: Database) -> None:
    with database.transaction() as session:
        there = room_with_list(session, {"industry": 2, "government": 2})
        first_round(session, there)
    shown = on_screen(client, there)
    assert "Fewer than five people chose." in shown
    assert not any(title in shown for title in TITLES)


def test_before_anything_was_asked_the_page_of_priorities_says_so(client: TestClient, database: Database) -> None:
    with database.transaction() as session:
        there = room_with_list(session)
        room_screen.change_screen(session, there.workshop, NOW, page="priorities")
    assert "Nothing has been shown yet." in on_screen(client, there)


def test_the_agreed_order_is_shown_as_agreed(client: TestClient, database: Database) -> None:
    with database.transaction() as session:
        there = room_with_list(session)
        first_round(session, there)
        priority_rounds.settle(session, there.workshop, NOW)
        room_screen.change_screen(session, there.workshop, NOW, page="priorities")
    assert "What we put first" in on_screen(client, there)
