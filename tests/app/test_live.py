"""Live: what people who follow a workshop are told, when, and what they are never told."""

import re
import socket
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient

from app.database import Database
from app.live import MOST_FROM_ADDRESS, MOST_OF_LINK
from app.pages import live as pages_live
from app.serving import raise_file_limit
from app.settings import Settings
from assessment import participants, room_screen, rounds, workshop_access
from tests.app.conftest import Live
from tests.app.serving import serving
from tests.app.streams import Stream, now, opened
from tests.assessment.rooms import Room, room, vote
from tests.people import sign_in


@pytest.fixture
def there(live: Live) -> Room:
    with live.app.state.database.transaction() as session:
        return room(session)


def ask(database: Database, there: Room) -> int:
    with database.transaction() as session:
        held = workshop_access.open_chair(session, there.chair, for_change=True)
        return rounds.open_round(session, held, "levels", held.questions, now()).number


def test_a_number_comes_when_it_is_committed_and_not_before(live: Live, there: Room, streams: list[Stream]) -> None:
    phone = opened(streams, live.address, "seat", there.secrets[0])
    assert phone.reply.headers["content-type"].startswith("text/event-stream")
    assert phone.reply.headers["x-accel-buffering"] == "no"
    assert phone.reply.headers["cache-control"] == "no-store"
    assert "content-encoding" not in phone.reply.headers
    begun = int(phone.next("seq"))

    with live.app.state.database.transaction() as session:
        held = workshop_access.open_chair(session, there.chair, for_change=True)
        rounds.open_round(session, held, "levels", held.questions, now())
        assert phone.is_silent(0.5)

    assert int(phone.next("seq", 1)) == begun + 1


def test_what_is_rolled_back_is_never_told(live: Live, there: Room, streams: list[Stream]) -> None:
    phone = opened(streams, live.address, "seat", there.secrets[0])
    phone.next("seq")
    with live.app.state.database.writing() as session:
        held = workshop_access.open_chair(session, there.chair, for_change=True)
        rounds.open_round(session, held, "levels", held.questions, now())
        session.rollback()

    assert phone.is_silent(0.5)


def test_the_state_of_phones_is_small_and_the_same_for_all(live: Live, there: Room) -> None:
    ask(live.app.state.database, there)
    replies = [httpx2.get(f"{live.address}/live/seat/{secret}") for secret in there.secrets[:3]]

    assert len({reply.content for reply in replies}) == 1
    assert len(replies[0].content) <= 1024
    state = replies[0].json()
    assert (state["seq"], state["state"], state["round"]["number"], state["round"]["state"]) == (
        3,
        "running",
        1,
        "open",
    )


def test_a_state_that_is_known_is_not_sent_again(live: Live, there: Room) -> None:
    address = f"{live.address}/live/seat/{there.secrets[0]}"
    tag = httpx2.get(address).headers["etag"]
    again = httpx2.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")

    ask(live.app.state.database, there)
    assert httpx2.get(address, headers={"if-none-match": tag}).status_code == 200


def test_while_a_round_is_open_no_body_tells_what_was_said(live: Live, there: Room, streams: list[Stream]) -> None:
    """All but one say 2 of a question: how many voted is all that shows, and on the phone of that one nothing."""
    database, question = live.app.state.database, there.workshop.questions[0]
    number = ask(database, there)
    kinds = {"seat": there.secrets[0], "screen": there.screen, "chair": there.chair}
    open_streams = {kind: opened(streams, live.address, kind, key) for kind, key in kinds.items()}
    assert open_streams["screen"].next("count") == "[0,11]"
    before = {
        kind: (httpx2.get(f"{live.address}/live/{kind}/{key}").json(), pages(live, kind, key))
        for kind, key in kinds.items()
    }
    with database.transaction() as session:
        vote(session, there, number, [(person, question, 2) for person in range(2, 12)], now())
    assert open_streams["screen"].next("count") == "[10,11]"
    assert open_streams["chair"].next("count", 2) in ("[0,11]", "[10,11]")

    for kind, key in kinds.items():
        state, shown = before[kind]
        after = httpx2.get(f"{live.address}/live/{kind}/{key}").json()
        counted = {"voted": 10, "present": 11}
        assert after == (state if kind == "seat" else state | counted)
        assert pages(live, kind, key) == shown.replace('data-count="voted">0<', 'data-count="voted">10<')
    assert "count" not in open_streams["seat"].text


def pages(live: Live, kind: str, key: str) -> str:
    """What a page says, without what differs each time."""
    path = {"seat": "/r/", "screen": "/screen/", "chair": "/w/"}[kind] + key + ("/control" if kind == "chair" else "")
    text = httpx2.get(f"{live.address}{path}").text
    return re.sub(r'name="form_token" value="[^"]*"|data-now="[^"]*"', "", text)


def test_counts_come_at_most_once_a_second(live: Live, there: Room, streams: list[Stream]) -> None:
    database, question = live.app.state.database, there.workshop.questions[0]
    number = ask(database, there)
    screen = opened(streams, live.address, "screen", there.screen)
    screen.next("count")
    begun = time.monotonic()
    for person in range(1, 12):
        with database.transaction() as session:
            vote(session, there, number, [(person, question, 1)], now())
        time.sleep(0.15)
    told = 0
    while screen.next("count") != "[11,11]":
        told += 1
    assert told <= 1 + (time.monotonic() - begun)


def test_who_joins_is_counted_in_the_lobby(live: Live, there: Room, streams: list[Stream]) -> None:
    screen = opened(streams, live.address, "screen", there.screen)
    assert screen.next("count") == "[0,11]"
    with live.app.state.database.transaction() as session:
        participants.join(session, session.merge(there.workshop), "industry", "", now())
    assert screen.next("count") == "[0,12]"


def test_a_seat_that_is_taken_away_hears_no_more(live: Live, there: Room, streams: list[Stream]) -> None:
    phone, other = (opened(streams, live.address, "seat", secret) for secret in there.secrets[:2])
    phone.next("seq")
    with live.app.state.database.transaction() as session:
        held = workshop_access.open_chair(session, there.chair, for_change=True)
        participants.remove(session, held, 1, now())

    assert phone.ends(3)
    assert httpx2.get(f"{live.address}/live/seat/{there.secrets[0]}").status_code == 404
    assert httpx2.get(f"{live.address}/live/seat/{there.secrets[0]}/stream").status_code == 404
    assert not other.ends(0.2)


def test_a_new_link_of_the_chair_ends_the_stream_of_the_old(live: Live, there: Room, streams: list[Stream]) -> None:
    chair = opened(streams, live.address, "chair", there.chair)
    chair.next("seq")
    with live.app.state.database.transaction() as session:
        held = workshop_access.open_chair(session, there.chair, for_change=True)
        fresh = room_screen.new_chair(session, held, now())

    assert chair.ends(3)
    assert httpx2.get(f"{live.address}/live/chair/{there.chair}").status_code == 404
    assert httpx2.get(f"{live.address}/live/chair/{fresh}").status_code == 200


@pytest.mark.parametrize("path", ["seat/x", "nobody/x", "seat/" + "x" * 32, "screen/1", "chair/1", "chair/1/stream"])
def test_a_link_that_leads_nowhere_tells_nothing(live: Live, there: Room, path: str) -> None:
    reply = httpx2.get(f"{live.address}/live/{path}")
    assert reply.status_code == 404
    assert "running" not in reply.text


def test_links_open_their_own_kind_only(live: Live, there: Room) -> None:
    keys = {"seat": there.secrets[0], "screen": there.screen, "chair": there.chair}
    for kind in keys:
        for owner, key in keys.items():
            found = httpx2.get(f"{live.address}/live/{kind}/{key}").status_code
            assert found == (200 if kind == owner else 404)


def test_a_phone_that_opens_stream_after_stream_keeps_the_newest(
    live: Live, there: Room, streams: list[Stream]
) -> None:
    found = [opened(streams, live.address, "seat", there.secrets[0]) for _ in range(MOST_OF_LINK["seat"] + 1)]
    assert found[0].ends(2)
    assert not found[-1].ends(0.2)


def test_six_hundred_streams_from_one_address_leave_the_others_alone(
    live: Live, there: Room, streams: list[Stream]
) -> None:
    """Five hundred people behind one address are let in; who comes then polls, and all others are told as before."""
    raise_file_limit()
    with live.app.state.database.transaction() as session:
        row = session.merge(there.workshop)
        secrets = [participants.join(session, row, "industry", "", now()).secret for _ in range(600)]
    many = [begun(live, secret) for secret in secrets]
    try:
        statuses = Counter(status_of(each) for each in many)
        assert statuses == {200: MOST_FROM_ADDRESS, 429: 600 - MOST_FROM_ADDRESS}
        with live.app.state.database.transaction() as session:
            elsewhere = room(session)
        other = opened(streams, live.address, "seat", elsewhere.secrets[0])
        assert other.reply.status_code == 200
        other.next("seq")
        ask(live.app.state.database, elsewhere)
        assert int(other.next("seq", 2)) == 3
    finally:
        for each in many:
            each.close()


def begun(live: Live, secret: str) -> socket.socket:
    public = urlsplit(live.address)
    found = socket.create_connection((str(public.hostname), public.port or 80), timeout=20)
    found.sendall(f"GET /live/seat/{secret}/stream HTTP/1.1\r\nHost: {public.netloc}\r\n\r\n".encode())
    return found


def status_of(stream: socket.socket) -> int:
    return int(stream.recv(64).split()[1])


def test_stopping_ends_streams_at_once_and_a_restart_tells_where_the_workshop_is(
    server_settings: Settings, tmp_path: Path, streams: list[Stream]
) -> None:
    database, log = Database(server_settings.database_url), tmp_path / "log"
    with database.transaction() as session:
        there = room(session)
    with serving(server_settings, log) as server:
        phone = opened(streams, server.address, "seat", there.secrets[0])
        seen = int(phone.next("seq"))
        before = time.monotonic()
        server.process.terminate()
        server.process.wait(10)
        assert time.monotonic() - before < 9
        assert phone.ends(1)
    ask(database, there)
    with serving(server_settings, log) as server:
        phone = opened(streams, server.address, "seat", there.secrets[0])
        assert int(phone.next("seq")) == seen + 1
        state = httpx2.get(f"{server.address}/live/seat/{there.secrets[0]}?since={seen}").json()
        assert state["round"]["state"] == "open"
    database.close()


def test_a_workshops_number_tells_nothing_to_who_is_not_signed_in(live: Live, streams: list[Stream]) -> None:
    """Also while the stream of somebody who leads it is open."""
    browser = TestClient(live.app)
    user_id = sign_in(browser, live.app.state.database)
    cookie = {"cookie": f"session={browser.cookies['session']}"}
    with live.app.state.database.transaction() as session:
        number = str(room(session, user_id=user_id).workshop.id)
    chair = opened(streams, live.address, "chair", number, cookie)
    chair.next("seq")

    address = f"{live.address}/live/chair/{number}"
    assert httpx2.get(address, headers=cookie).status_code == 200
    assert httpx2.get(address).status_code == 404
    assert httpx2.get(f"{address}/stream").status_code == 404


def test_a_silent_stream_is_kept_from_being_closed_and_ends_after_its_time(
    live: Live, there: Room, streams: list[Stream], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages_live, "HEARTBEAT", 0.1)
    monkeypatch.setattr(pages_live, "LONGEST_STREAM", 1.0)
    phone = opened(streams, live.address, "seat", there.secrets[0])

    assert phone.ends(3)
    assert phone.text.count("\n: \n") >= 5


def test_phones_come_again_at_different_times(live: Live, there: Room, streams: list[Stream]) -> None:
    found = [opened(streams, live.address, "seat", secret) for secret in there.secrets[:8]]
    for each in found:
        each.next("seq")
    times = {int(line.removeprefix("retry: ")) for each in found for line in each.text.splitlines() if "retry" in line}

    assert len(times) > 4
    assert all(1500 <= each <= 4500 for each in times)
