"""The page of what comes first: nothing of an open round, then the order with how sure it is, ratings, and the end."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.database import Database
from assessment import priority_rounds, room_priorities, rounds
from assessment.tables import Round, Workshop
from tests.assessment.priorities import as_listed, backwards, choose, first_round, qi4tf, rate, room_with_list
from tests.assessment.rooms import Room
from tests.assessment.test_silent_voice import taught
from tests.factories import NOW

TITLES = {q.id: q.text for q in qi4tf().questionnaire.questions.values()}


def by_group(person: int, items: list[str]) -> list[str]:
    return list(as_listed(person, items) if person <= 12 else backwards(person, items))


def a_room(database: Database, people: dict[str, int] | None = None, **rules: Any) -> Room:
    with database.transaction() as session:
        return room_with_list(session, people, **rules)


def with_round_one(database: Database, people: dict[str, int] | None = None, **rules: Any) -> Room:
    with database.transaction() as session:
        there = room_with_list(session, people, **rules)
        first_round(session, there, by_group)  # type: ignore[arg-type]
        return there


def press(client: TestClient, there: Room, do: str, **more: str) -> str:
    path = f"/w/{there.chair}/priorities"
    seen = re.search(r"/priorities\?seen=(\d+)", client.get(path).text)
    assert seen, "the page has no button"
    reply = client.post(f"{path}?seen={seen[1]}", data={"do": do, **more}, follow_redirects=False)
    return f"{reply.status_code} {reply.headers.get('location', '').rpartition('/')[2]}{reply.text}"


def main_of(client: TestClient, there: Room) -> str:
    return client.get(f"/w/{there.chair}/priorities").text.partition("<main")[2].partition("</main>")[0]


def test_the_list_first_then_the_question_with_its_time_box(client: TestClient, database: Database) -> None:
    there = a_room(database)
    assert "10 gaps are on the list." in main_of(client, there)
    assert press(client, there, "ask", minutes="0").startswith("422")
    assert press(client, there, "ask", minutes="7") == "303 control"
    with database.reader() as session:
        asked = rounds.current(session, 1)
        assert asked is not None
        assert (asked.kind, asked.minutes, len(asked.subjects)) == ("best_worst", 7, 10)


@pytest.mark.parametrize("state", ["open", "closed"])
def test_while_a_round_is_not_shown_the_page_names_no_gap(client: TestClient, database: Database, state: str) -> None:
    with database.transaction() as session:
        there = room_with_list(session)
        priority_rounds.ask_best_worst(session, there.workshop, NOW)
        choose(session, there)
        if state == "closed":
            rounds.close_round(session, there.workshop, NOW)
    shown = main_of(client, there)
    assert not any(title in shown for title in TITLES.values())
    assert "%" not in shown


def test_the_order_stands_with_its_bars_chances_groups_and_what_to_talk_about(
    client: TestClient, database: Database
) -> None:
    there = with_round_one(database)
    shown = main_of(client, there)
    assert "24 of 24 people chose." in shown
    assert "120 screens were answered, 0 skipped." in shown
    assert shown.count('<rect class="band"') == 10
    assert shown.count("contested</span>") == len(contested_in(database))
    assert "People from industry" in shown
    assert "What to talk about, in this order" in shown
    assert "No rule ends the asking yet." in shown


def contested_in(database: Database) -> tuple[str, ...]:
    with database.reader() as session:
        return room_priorities.priorities_of(session, session.get_one(Workshop, 1)).contested


def test_a_group_under_five_is_named_nowhere(client: TestClient, database: Database) -> None:
    there = with_round_one(database, {"industry": 21, "government": 3})
    shown = main_of(client, there)
    assert "no group is large enough to stand beside another" in shown
    assert "People from government" not in shown


def test_a_room_under_five_shows_nothing(client: TestClient, database: Database) -> None:
    there = with_round_one(database, {"industry": 2, "government": 2})
    shown = main_of(client, there)
    assert "Fewer than five people chose." in shown
    assert not any(title in shown for title in TITLES.values())


def test_two_rounds_and_the_end_with_the_rule_that_fired(client: TestClient, database: Database) -> None:
    there = with_round_one(database, most_rounds=2)
    assert press(client, there, "rate") == "303 control"
    assert "The room is choosing." in main_of(client, there)
    assert "What to do now" not in main_of(client, there)
    with database.transaction() as session:
        row = session.get_one(Workshop, 1)
        asked = rounds.current(session, 1)
        assert asked is not None
        before = session.get_one(Round, asked.id - 1).result
        rounds.reveal_round(session, row, NOW)
    assert "This was round 2, the last by the rules." in main_of(client, there)
    assert press(client, there, "settle") == "303 priorities"
    shown = main_of(client, there)
    assert "The order the room agreed on" in shown
    assert "The rule that ended the asking: number of rounds." in shown
    assert "What to do now" not in shown
    with database.reader() as session:
        assert session.get_one(Round, asked.id - 1).result == before


def test_ratings_show_their_spread_and_who_moved(client: TestClient, database: Database) -> None:
    with database.transaction() as session:
        there = room_with_list(session)
        first_round(session, there, by_group)  # type: ignore[arg-type]
        rate(session, there, lambda person, gap: (2 if person <= 12 else 5, 4))
        rate(session, there, lambda person, gap: (2 if person <= 12 else 5, 5 if person < 4 else 4))
    shown = main_of(client, there)
    assert "3 moved, 21 stayed" in shown
    assert (
        "Urgency: <bdi>People from government</bdi> <bdi>5.0</bdi>, <bdi>People from industry</bdi> <bdi>2.0</bdi>"
        in shown
    )
    assert "50% gave 4 or 5" in shown
    assert "agreement <bdi>-0.42</bdi>" in shown
    assert "Only 6" in shown  # 3 of 48 ratings


def test_a_stale_press_and_a_strange_button_do_nothing(client: TestClient, database: Database) -> None:
    there = a_room(database)
    path = f"/w/{there.chair}/priorities"
    stale = client.post(f"{path}?seen=1", data={"do": "ask"})
    assert stale.status_code == 409
    assert "The workshop has moved on since this page was shown." in stale.text
    assert "10 gaps are on the list." in stale.text
    assert press(client, there, "dance").startswith("422")
    assert "10 gaps are on the list." in main_of(client, there)


def test_markup_in_a_group_name_stays_text(client: TestClient, database: Database) -> None:
    with database.transaction() as session:
        there = room_with_list(session)
        there.workshop.groups = [{"id": "industry", "name": "<script>1</script>"}, there.workshop.groups[1]]
        first_round(session, there)
    shown = main_of(client, there)
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_how_firm_the_order_is_can_be_read_aloud(client: TestClient, database: Database) -> None:
    there = with_round_one(database)
    shown = client.get(f"/w/{there.chair}/robustness").text
    assert "<bdi>Schulze</bdi>" in shown
    assert "the first 5 would be others." in shown
    assert "Who they are is never shown." in shown
    small = with_round_one(database, {"industry": 20, "government": 4})
    shown = client.get(f"/w/{small.chair}/robustness").text
    assert "This cannot be shown: it takes two groups of five or more." in shown
    assert "People from government" not in shown


def test_before_round_one_is_shown_nothing_is_said_of_how_firm_it_is(client: TestClient, database: Database) -> None:
    there = a_room(database)
    assert "Nothing can be said yet" in client.get(f"/w/{there.chair}/robustness").text


def test_earlier_workshops_are_heard_after_round_one_with_their_reasons(client: TestClient, database: Database) -> None:
    with database.transaction() as session:
        there = room_with_list(session)
        taught(session, there)
    assert "Earlier workshops would say" not in main_of(client, there)
    with database.transaction() as session:
        there = room_with_list(session)
        first_round(session, there)
    shown = main_of(client, there)
    assert "12 earlier workshops, as one voice worth 5 people" in shown
    assert "the work that closing it takes" in shown


def test_without_evidence_the_page_says_how_much_is_missing(client: TestClient, database: Database) -> None:
    assert "0 of 10 workshops that are needed" in main_of(client, with_round_one(database))
