"""What a room may try: voting twice, for another, too late, elsewhere; guessing; and sending what no page sends."""

import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.database import Database
from assessment import participants, rounds, workshops
from assessment.access import new_token
from assessment.tables import (
    Dissent,
    Invitation,
    Participant,
    SettledLevel,
    Vote,
    Workshop,
    WorkshopAction,
    WorkshopActionNews,
    WorkshopGap,
)
from reports.workshop.build import build_workshop_report
from reports.workshop.document import render_workshop_html
from tests.app import room_pages
from tests.app.conftest import Live
from tests.app.roadmap_room import quality
from tests.app.workshop import RunningWorkshop, a_workshop, phone
from tests.factories import tiny

QUESTION, OTHER = [q.id for q in tiny().questionnaire.questions.values() if q.levels][:2]
MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}"
SECONDS = 30.0  # of this process: more than a busy machine takes, and far less than a bomb that goes off


@pytest.fixture
def there(app: FastAPI) -> RunningWorkshop:
    """A workshop in which levels are being asked, one person in it."""
    found = a_workshop(app)
    ask(found)
    return found


def ask(there: RunningWorkshop) -> None:
    there.lead(lambda session, row, now: rounds.open_round(session, row, "levels", [QUESTION, OTHER], now))


def send(client: TestClient, path: str, *given: dict[str, Any]) -> list[str]:
    reply = client.post(f"{path}/votes", json=list(given))
    assert reply.status_code == 200, reply.text
    return [each["status"] for each in reply.json()["results"]]


def level(value: Any, number: int = 1, subject: str = QUESTION) -> dict[str, Any]:
    return {"round": number, "subject": subject, "value": value}


def stored(database: Database) -> list[tuple[int, str, Any]]:
    """Every vote that there is: whose, on what, and what it says."""
    with database.reader() as session:
        columns = (Vote.participant_id, Vote.subject, Vote.value)
        return [tuple(row) for row in session.execute(select(*columns).order_by(Vote.id))]


def test_a_seat_has_one_vote_on_a_question_from_two_tabs_and_a_hundred_times(live: Live) -> None:
    there = a_workshop(live.app)
    ask(there)
    with there.database.transaction() as session:
        joined = participants.join(session, session.get_one(Workshop, there.id), "industry", "", datetime.now(UTC))
    person, address = joined.participant.id, f"{live.address}/r/{joined.secret}"

    def press(n: int) -> int:
        if n % 2:
            return httpx2.post(f"{address}/votes", json=[level(n % 3), level((n + 1) % 3)]).status_code
        return httpx2.post(address, data={"round": "1", f"a.{QUESTION}": "1"}).status_code

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(press, range(40))) == {200, 303}
    assert httpx2.post(f"{address}/votes", json=[level(n % 3) for n in range(100)]).status_code == 200
    mine = [(subject, value) for whose, subject, value in stored(there.database) if whose == person]
    assert mine == [(QUESTION, 0)]


def test_joining_again_on_the_same_phone_is_the_same_seat(there: RunningWorkshop) -> None:
    client, path = there.join()
    again = client.post(there.join_path, data={"p": there.proof, "group": "government"})
    assert (again.url.path, there.seats()) == (path, 1)


@pytest.mark.parametrize("more", [{"participant": 2}, {"participant_id": 2}, {"seat": "x"}, {"group": "government"}])
def test_nobody_votes_for_another(there: RunningWorkshop, more: dict[str, Any]) -> None:
    """What a vote says of whose it is is refused; and it is the seat's alone by any other way."""
    (client, path), _ = there.join(), there.join("government")
    assert client.post(f"{path}/votes", json=[level(1) | more]).status_code == 422
    form = {"round": "1", f"a.{QUESTION}": "2"} | {name: str(value) for name, value in more.items()}
    client.post(path, data=form)
    assert {participant for participant, _, _ in stored(there.database)} <= {1}


def test_a_seat_does_not_vote_in_another_workshop(app: FastAPI, there: RunningWorkshop) -> None:
    """Rounds are numbered in their workshop: the third is only in the other one."""
    other = a_workshop(app, name="Other round")
    for _ in range(3):
        ask(other)
        other.lead(rounds.reveal_round)
        other.lead(rounds.settle_round)
    ask(other)
    client, path = there.join()
    assert "saved" not in send(client, path, level(1, 3), level(1, 4), level(1, 1, "skills.languages"))
    assert stored(there.database) == []


def test_what_comes_after_the_end_of_a_round_is_told_so_and_counts_nowhere(there: RunningWorkshop) -> None:
    client, path = there.join()
    assert send(client, path, level(1)) == ["saved"]
    there.lead(rounds.reveal_round)
    assert send(client, path, level(2), level(2, 1, OTHER)) == ["over", "over"]
    assert client.post(path, data={"round": "1", f"a.{QUESTION}": "2"}).status_code == 409
    there.lead(rounds.settle_round)
    ask_again = send(client, path, level(2))
    ask(there)
    # A phone that still shows the round before.
    assert [*ask_again, *send(client, path, level(2))] == ["over", "over"]
    there.lead(workshops.end)
    assert "saved" not in send(client, path, level(2, 2))
    assert [value for _, _, value in stored(there.database)] == [1]


def test_a_seat_that_was_taken_away_votes_no_more(there: RunningWorkshop) -> None:
    client, path = there.join()
    there.lead(lambda session, row, now: participants.remove(session, row, 1, now))
    assert client.post(f"{path}/votes", json=[level(1)]).status_code == 404
    assert client.post(path, data={"round": "1", f"a.{QUESTION}": "1"}).status_code == 404
    assert stored(there.database) == []


def test_links_are_not_guessed(there: RunningWorkshop) -> None:
    """2^192 of each; a wrong one is told like one of a wrong shape, and one letter off is as wrong as all."""
    _, path = there.join()
    seat = path.rpartition("/")[2]
    client, chance = phone(there.app), random.Random(4)
    places = ("/w/%s", "/w/%s/control", "/screen/%s", "/r/%s", "/o/%s", "/i/%s", "/live/seat/%s", "/live/chair/%s")
    for place in places:
        told = set()
        near = [secret[:-1] + chance.choice("abcXYZ") for secret in (there.chair, there.screen, seat)]
        swapped = [secret.swapcase() for secret in (there.chair, there.screen, seat)]
        for guess in (*near, *swapped, *(new_token() for _ in range(20)), "A" * 31, "A" * 33, "%2e%2e", "é" * 32):
            if guess in (there.chair, there.screen, seat):
                continue
            reply = client.get(place % guess, follow_redirects=False)
            told.add((reply.status_code, reply.text.replace(guess, "")[:9] if "live" in place else ""))
        assert {status for status, _ in told} == {404}, place


def test_ten_thousand_votes_in_one_request_are_refused_at_once(there: RunningWorkshop) -> None:
    client, path = there.join()
    begun = time.process_time()
    assert client.post(f"{path}/votes", json=[level(1)] * 10_000).status_code in (413, 422)
    assert time.process_time() - begun < SECONDS
    assert stored(there.database) == []


BOMBS = {
    "brackets": "[" * 100_000,
    "value": '[{"round": 1, "subject": "%s", "value": %s1%s}]' % (QUESTION, "[" * 50_000, "]" * 50_000),  # noqa: UP031
    "objects": '{"a":' * 50_000 + "1" + "}" * 50_000,
    "digits": '[{"round": 1, "subject": "%s", "value": %s}]' % (QUESTION, "9" * 5_000),  # noqa: UP031
    "not a number": '[{"round": 1, "subject": "%s", "value": NaN}]' % QUESTION,  # noqa: UP031
    "too many bytes": json.dumps([level("x" * 12_000_000)]),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_json_that_is_meant_to_hurt_is_refused_at_once(there: RunningWorkshop, bomb: str) -> None:
    client, path = there.join()
    begun = time.process_time()
    reply = client.post(f"{path}/votes", content=BOMBS[bomb], headers={"content-type": "application/json"})
    assert time.process_time() - begun < SECONDS
    if reply.status_code == 200:
        assert [each["status"] for each in reply.json()["results"]] == ["refused"]
    else:
        assert 400 <= reply.status_code < 500, reply.text
    assert stored(there.database) == []
    assert send(client, path, level(1)) == ["saved"]


@pytest.mark.parametrize(
    "value", [{"a": [1] * 500}, "x" * 90_000, [1], True, 1.5, "\x00", "\ud800", {"best": QUESTION}]
)
def test_a_value_that_no_phone_sends_is_not_stored(there: RunningWorkshop, value: Any) -> None:
    client, path = there.join()
    reply = client.post(
        f"{path}/votes", content=json.dumps([level(value)]), headers={"content-type": "application/json"}
    )
    assert reply.status_code in (200, 400, 422)
    assert '"saved"' not in reply.text
    assert stored(there.database) == []


def test_markup_in_all_that_people_write_is_text_on_every_page_and_in_the_report(
    app: FastAPI, client: TestClient, database: Database
) -> None:
    links = room_pages.workshops_in_every_state(app, database)
    write_everywhere(database, MARKUP)
    seen = 0
    for path in room_pages.PAGES:
        kind, colon, rest = path.partition(":")
        if kind == "done" or not colon:
            continue
        shown = client.get(links[kind] + rest, headers={"cookie": f"session={links['leader session']}"})
        assert shown.status_code == 200, (path, shown.text)
        assert "<script>alert" not in shown.text, path
        assert "<img src=x" not in shown.text, path
        assert "onerror=alert(1)>49" not in shown.text, path
        seen += "&lt;script&gt;alert(1)" in shown.text
    assert seen > 35
    html = report_of(client, links["ended"])
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;alert(1)" in html


def write_everywhere(database: Database, text: str) -> None:
    """In every column that holds what people write in a room."""
    with database.transaction() as session:
        for row in session.scalars(select(Workshop)):
            row.name = row.place = text
            row.groups = [{**group, "name": text} for group in row.groups]
            row.agenda = [{**each, "title": text} for each in row.agenda]
            if row.signed_off:
                row.signed_off = {**row.signed_off, "text": text}
        for table, names in (
            (Participant, ("nickname",)),
            (Invitation, ("name",)),
            (SettledLevel, ("note",)),
            (WorkshopGap, ("note",)),
            (WorkshopAction, ("first_step", "measure", "owner")),
            (WorkshopActionNews, ("note",)),
            (Dissent, ("text",)),
        ):
            for each in session.scalars(select(table)):
                for name in names:
                    setattr(each, name, text)
        for own in session.scalars(select(WorkshopAction).where(WorkshopAction.action_id.is_(None))):
            own.title = text


def report_of(client: TestClient, link: str) -> str:
    record = client.get(f"{link}/report/record.json").json()
    return render_workshop_html(build_workshop_report(record.get("record", record), quality(), "en"))
