"""The people of a workshop: seats, door, invitations by mail and by link, and the rehearsal."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from assessment.tables import Mail
from tests.app.workshop import RunningWorkshop, a_workshop, phone

MARKUP = "<b>Bao</b>"


def people(there: RunningWorkshop) -> tuple[TestClient, str]:
    return phone(there.app), f"/w/{there.chair}/people"


def post(client: TestClient, path: str, **sent: str):  # type: ignore[no-untyped-def]
    """Send a form of the page as it is now."""
    shown = client.get(re.sub(r"/people.*", "/people", path)).text
    seen = re.search(r"\?seen=(\d+)", shown)
    assert seen
    return client.post(f"{path}?seen={seen[1]}", data={"go": ""} | sent)


def test_seats_are_listed_by_group_and_what_is_typed_is_text(app: FastAPI) -> None:
    there = a_workshop(app)
    phone(app).post(there.join_path, data={"p": there.proof, "group": "industry", "nickname": MARKUP})
    client, path = people(there)
    shown = client.get(path).text
    assert "1 in the room" in shown
    assert "&lt;b&gt;Bao" in shown
    assert MARKUP not in shown


def test_a_seat_is_taken_away_and_its_phone_is_told(app: FastAPI) -> None:
    there = a_workshop(app)
    guest, seat = there.join()
    client, path = people(there)
    assert "Nobody has joined yet." in post(client, f"{path}/1/remove").text
    assert guest.get(seat).status_code == 404


def test_somebody_is_moved_to_the_group_they_meant(app: FastAPI) -> None:
    there = a_workshop(app)
    guest, seat = there.join("industry")
    client, path = people(there)
    post(client, f"{path}/1/group", group="government")
    assert "People from government" in guest.get(seat).text
    assert post(client, f"{path}/1/group", group="nobody").status_code == 422


def test_a_lost_phone_gets_a_new_code(app: FastAPI) -> None:
    there = a_workshop(app)
    there.join()
    client, path = people(there)
    code = re.search(r'class="code" dir="ltr">(\w{6})<', post(client, f"{path}/1/code").text)
    assert code
    moved = phone(app).post(f"{there.join_path}/return", data={"p": there.proof, "personal_code": code[1]})
    assert "You are in" in moved.text


@pytest.mark.parametrize("door", ["closed", "invited", "open"])
def test_the_door_is_set(app: FastAPI, door: str) -> None:
    there = a_workshop(app)
    client, path = people(there)
    shown = post(client, f"{path}/door", door=door)
    assert re.search(rf'value="{door}" checked', shown.text)
    came_in = phone(app).post(there.join_path, data={"p": there.proof, "group": "industry"})
    assert ("You are in" in came_in.text) == (door == "open")


def test_links_are_shown_once_and_lead_to_a_seat(app: FastAPI) -> None:
    there = a_workshop(app, door="invited")
    client, path = people(there)
    shown = post(client, f"{path}/invite", guests="Amina, industry\nBao").text
    links = re.findall(r'value="https?://[^/]+(/i/[\w-]{32})"', shown)
    assert len(links) == 2
    assert "/i/" not in client.get(path).text
    guest = phone(app)
    assert 'value="industry" checked' in guest.get(links[0]).text
    assert "You are in" in guest.post(links[0], data={"group": "industry"}).text
    other = phone(app)
    assert "You have a seat already." in other.get(links[0]).text
    assert "You are in" in other.post(links[0], data={"go": ""}).text
    assert there.seats() == 1


def test_an_unclear_line_is_named_and_nothing_typed_is_lost(app: FastAPI) -> None:
    there = a_workshop(app)
    client, path = people(there)
    shown = post(client, f"{path}/invite", guests="Amina\nbao@")
    assert shown.status_code == 422
    assert "Line 2" in shown.text
    assert "Amina\nbao@" in shown.text
    assert "Write at least one name" in post(client, f"{path}/invite", guests=" \n").text


def test_who_has_no_account_mails_nobody(app: FastAPI) -> None:
    there = a_workshop(app)
    client, path = people(there)
    post(client, f"{path}/invite", guests="Amina, amina@example.org")
    with there.database.reader() as session:
        assert session.scalars(select(Mail)).all() == []


def test_a_rehearsal_is_filled_and_votes_by_itself(app: FastAPI) -> None:
    there = a_workshop(app, is_rehearsal=True)
    client, path = people(there)
    assert "12 in the room" in post(client, f"{path}/simulated", count="12").text
    refused = post(client, f"{path}/simulated/vote")
    assert (refused.status_code, "Open a question first" in refused.text) == (409, True)
