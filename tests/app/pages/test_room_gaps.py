"""The page of the short list: what is proposed, changed and fixed, with every refusal in words."""

import re

from fastapi.testclient import TestClient

from app.database import Database
from assessment import room_gaps
from assessment.room_gaps import ShortList
from assessment.tables import Workshop
from tests.assessment.priorities import qi4tf, room_with_levels
from tests.assessment.rooms import Room, room


def a_room(database: Database, gaps: int = 12) -> Room:
    with database.transaction() as session:
        return room_with_levels(session, gaps=gaps)


def the_list(database: Database) -> ShortList:
    with database.reader() as session:
        return room_gaps.short_list(session, session.get_one(Workshop, 1), qi4tf().questionnaire)


def form_of(shown: str) -> tuple[str, dict[str, list[str]]]:
    """The address of the form and what it would send as it stands."""
    action = re.search(r'action="(/w/[^"]+/gaps\?seen=\d+)"', shown)
    assert action
    sent: dict[str, list[str]] = {"on": re.findall(r'name="on" value="([^"]+)" checked', shown)}
    for name, value in re.findall(r'<input name="(note\.[^"]+)" value="([^"]*)"', shown):
        sent[name] = [value]
    for name, options in re.findall(r'name="(target\.[^"]+)">(.*?)</select>', shown):
        chosen = re.findall(r'value="(\d*)" selected', options)
        sent[name] = chosen or [""]
    return action[1], sent


def test_as_proposed_the_list_is_fixed_with_one_press_and_then_stands(client: TestClient, database: Database) -> None:
    path = f"/w/{a_room(database).chair}/gaps"
    shown = client.get(path)
    assert "10 of 12 gaps are on the list." in shown.text
    address, sent = form_of(shown.text)
    fixed = client.post(address, data=sent | {"do": "fix"})
    assert fixed.status_code == 200
    assert "The list is fixed: 10 gaps" in fixed.text
    assert '<form method="post" action="/w/' not in fixed.text
    late = client.post(address, data=sent | {"do": "fix"})
    assert late.status_code == 409
    assert "The workshop has moved on since this page was shown." in late.text
    assert "The list is fixed: 10 gaps" in late.text


def test_a_gap_taken_off_without_a_word_is_said_and_what_was_typed_stays(
    client: TestClient, database: Database
) -> None:
    path = f"/w/{a_room(database).chair}/gaps"
    address, sent = form_of(client.get(path).text)
    off = sent["on"].pop(0)
    refused = client.post(address, data=sent | {"do": "fix"})
    assert refused.status_code == 422
    assert "(1 without)" in refused.text
    assert f'value="{off}" checked' not in refused.text
    address, sent = form_of(refused.text)
    fixed = client.post(address, data=sent | {"do": "fix", f"note.{off}": ["<b>Under way</b>"]})
    assert "The list is fixed: 9 gaps" in fixed.text
    assert "&lt;b&gt;Under way" in fixed.text


def test_a_target_is_kept_and_shown_again(client: TestClient, database: Database) -> None:
    path = f"/w/{a_room(database).chair}/gaps"
    address, sent = form_of(client.get(path).text)
    name = next(name for name in sent if name.startswith("target."))
    kept = client.post(address, data=sent | {"do": "keep", name: ["4"]})
    assert form_of(kept.text)[1][name] == ["4"]
    assert the_list(database).gaps[0].target == 4


def test_a_strange_target_is_refused(client: TestClient, database: Database) -> None:
    path = f"/w/{a_room(database).chair}/gaps"
    address, sent = form_of(client.get(path).text)
    name = next(name for name in sent if name.startswith("target."))
    for typed in ("99", "x", "1", "²"):
        assert client.post(address, data=sent | {"do": "keep", name: [typed]}).status_code == 422


def test_with_fewer_than_eight_gaps_the_page_says_so(client: TestClient, database: Database) -> None:
    shown = client.get(f"/w/{a_room(database, gaps=5).chair}/gaps").text
    assert "There are fewer than 8, so all of them can be compared." in shown


def test_without_a_settled_level_there_is_no_gap_and_the_way_is_shown(client: TestClient, database: Database) -> None:
    with database.transaction() as session:
        there = room(session, questionnaire=qi4tf().questionnaire)
    shown = client.get(f"/w/{there.chair}/gaps").text
    assert "There are no gaps yet." in shown


def test_of_a_long_list_those_worth_less_have_a_tick_and_the_form_stays_within_bounds(
    client: TestClient, database: Database
) -> None:
    path = f"/w/{a_room(database, gaps=93).chair}/gaps"
    shown = client.get(path).text
    assert "53 more gaps, worth less" in shown
    address, sent = form_of(shown)
    last = the_list(database).gaps[-1].question
    refused = client.post(address, data=sent | {"on": [*sent["on"], last], "do": "fix"})
    assert refused.status_code == 422
    assert f'name="note.{last}"' in refused.text
