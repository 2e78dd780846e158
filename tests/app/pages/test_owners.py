"""Owners tell how far their actions are, by links of their own; who leads sees it against the plan."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.database import Database
from app.owner_mail import PRESSED
from app.settings import Settings
from assessment import mails, participants, rounds, sessions, users, votes, workshop_templates, workshops
from assessment.mails import Letter
from assessment.tables import SettledLevel, Workshop, WorkshopActionNews
from assessment.workshop_access import Seat
from tests.app.roadmap_room import COORDINATION, LAW, WRITE, Roadmap, a_roadmap, quality

TODAY = datetime.now(UTC).date()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    definitions = Settings.model_fields["definitions"].default
    return settings.model_copy(update={"definitions": definitions, "smtp_host": "127.0.0.1"})


@pytest.fixture
def roadmap(client: TestClient, app: FastAPI) -> Roadmap:
    return a_roadmap(client, app)


@pytest.fixture
def led(client: TestClient, app: FastAPI, database: Database) -> Roadmap:
    """The same in the hands of somebody who has signed in."""
    now = datetime.now(UTC)
    with database.transaction() as session:
        person = users.register(session, "siti@ministry.example", now, "Siti")
        token, _ = sessions.start(session, person.id, now, "", "")
        number = person.id
    client.cookies.set("session", token)
    there = a_roadmap(client, app, user_id=number)
    return Roadmap(client, app, there.id, str(there.id))


def owned(roadmap: Roadmap, title: str = "Ask parliament", **fields: str) -> int:
    number = roadmap.write_own(LAW, title)
    assert roadmap.fill(number, **{"title": title} | fields).status_code == 303
    return number


def link_of(roadmap: Roadmap, number: int) -> str:
    """The path of an owner's page, as who leads it sees it once."""
    made = roadmap.post(f"/actions/{number}/link")
    assert made.status_code == 303, made.text
    page = roadmap.client.get(made.headers["location"]).text
    found = re.search(r'value="http://testserver(/o/[\w-]{32})"', page)
    assert found
    assert "<svg" in page
    return found[1]


def tell(roadmap: Roadmap, link: str, **fields: str) -> int:
    page = roadmap.client.get(link).text
    seen = re.search(r'name="seen" value="(\d*)"', page)
    assert seen
    reply = roadmap.client.post(link, data={"seen": seen[1]} | fields, follow_redirects=False)
    return reply.status_code


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def follow_up(roadmap: Roadmap) -> str:
    reply = roadmap.client.get(f"/w/{roadmap.chair}/follow-up")
    assert reply.status_code == 200, reply.text
    return words(reply.text)


def test_a_link_is_shown_once_and_a_new_one_ends_it(roadmap: Roadmap) -> None:
    number = owned(roadmap)
    first = link_of(roadmap, number)
    roadmap.client.cookies.clear()

    assert first not in roadmap.client.get(f"{roadmap.link}/actions/{number}/link").text
    assert roadmap.client.get(first).status_code == 200
    second = link_of(roadmap, number)
    assert (roadmap.client.get(first).status_code, roadmap.client.get(second).status_code) == (404, 200)
    assert "leads to no action" in roadmap.client.get(first).text


def test_an_owners_link_opens_its_own_action_and_nothing_else(roadmap: Roadmap) -> None:
    mine = link_of(roadmap, owned(roadmap, "Ask parliament", owner="Asha", owner_email="asha@example.org"))
    owned(roadmap, "Buy a scale", owner="Juma")
    secret = mine.rpartition("/")[2]
    page = roadmap.client.get(mine).text

    assert "Ask parliament" in page
    assert not any(word in page for word in ("Buy a scale", "Juma", "asha@example.org", roadmap.chair))
    roadmap.client.cookies.clear()
    for other in (
        f"/w/{secret}",
        f"/w/{secret}/roadmap",
        f"/w/{secret}/follow-up",
        f"/r/{secret}",
        f"/screen/{secret}",
    ):
        assert roadmap.client.get(other).status_code == 404
    for key in (roadmap.chair, "A" * 32, "1"):
        assert roadmap.client.get(f"/o/{key}").status_code == 404
        assert roadmap.client.post(f"/o/{key}", data={"state": "done"}).status_code == 404


def test_what_an_owner_tells_is_kept_in_order_and_the_newest_counts(roadmap: Roadmap) -> None:
    link = link_of(roadmap, owned(roadmap))
    assert tell(roadmap, link, state="started", day="2026-11-01", note="The draft is out.") == 303
    assert tell(roadmap, link, state="done", note="Read and passed.") == 303
    page = words(roadmap.client.get(link).text)

    assert page.index("Read and passed.") < page.index("The draft is out.")
    assert "Done" in (told := follow_up(roadmap))
    assert "Read and passed." in told
    assert "1 of 1 action is done" in told
    (row,) = roadmap.actions()
    assert row.state == "done"
    with roadmap.database.reader() as session:
        news = session.scalars(select(WorkshopActionNews).order_by(WorkshopActionNews.id)).all()
        assert [(each.state, each.day) for each in news] == [("started", "2026-11-01"), ("done", TODAY.isoformat())]


def test_two_tabs_do_not_overwrite_each_other(roadmap: Roadmap) -> None:
    link = link_of(roadmap, owned(roadmap))
    first = roadmap.client.post(link, data={"seen": "", "state": "started", "note": "one"}, follow_redirects=False)
    second = roadmap.client.post(link, data={"seen": "", "state": "dropped", "note": "two"}, follow_redirects=False)

    assert (first.status_code, second.status_code) == (303, 409)
    assert "Something else was told meanwhile" in second.text
    assert "one" in words(second.text)
    assert ">two</textarea>" in second.text
    seen = re.search(r'name="seen" value="(\d+)"', second.text)
    assert seen
    again = {"seen": seen[1], "state": "dropped", "note": "two"}
    assert roadmap.client.post(link, data=again, follow_redirects=False).status_code == 303
    assert roadmap.client.post(link, data=again, follow_redirects=False).status_code == 303  # sent twice, told once
    with roadmap.database.reader() as session:
        assert [n.note for n in session.scalars(select(WorkshopActionNews))] == ["one", "two"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": "finished"}, "Choose where the action stands."),
        ({"state": "done", "day": "tomorrow"}, "Write the day as year-month-day"),
        ({"state": "done", "day": "2090-01-01"}, "Enter a day that is not in the future."),
        ({"state": "done", "note": "x" * 2001}, "longer than 2000 characters"),
    ],
)
def test_a_mistake_is_said_and_nothing_is_told(roadmap: Roadmap, fields: dict[str, str], said: str) -> None:
    link = link_of(roadmap, owned(roadmap))
    reply = roadmap.client.post(link, data={"seen": ""} | fields)

    assert reply.status_code == 422
    assert said in reply.text
    assert roadmap.actions()[0].state == "planned"


def test_follow_up_says_what_is_late_and_the_share_done_by_phase(roadmap: Roadmap) -> None:
    late = owned(roadmap, "Late one", due=(TODAY - timedelta(days=5)).isoformat())
    done = owned(roadmap, "Done one", due=(TODAY - timedelta(days=9)).isoformat())
    dropped = owned(roadmap, "Dropped one", due=(TODAY - timedelta(days=9)).isoformat())
    owned(roadmap, "Far one", due=(TODAY + timedelta(days=600)).isoformat())
    assert tell(roadmap, link_of(roadmap, done), state="done", day=(TODAY - timedelta(days=7)).isoformat()) == 303
    assert tell(roadmap, link_of(roadmap, dropped), state="dropped") == 303
    page = follow_up(roadmap)

    assert f"action-{late}" in roadmap.client.get(f"/w/{roadmap.chair}/follow-up").text
    assert "1 of 4 actions are done, 1 given up, 1 late ." in page
    assert "5 days late" in page
    assert "2 days after its day" in page
    assert "Quick wins 3 0 1 1 1" in page
    assert "50%" in page.replace("\u00a0", "")
    assert "Transformation 1 0 0 0 0" in page


def letters(database: Database) -> list[Letter]:
    with database.reader() as session:
        return list(mails.newest(session, 50))


def test_owners_with_an_address_are_written_to_once_each_with_all_their_links(led: Roadmap, database: Database) -> None:
    owned(led, "Ask parliament\u2028Bcc: x@example.org", owner_email="asha@example.org")
    owned(led, "Buy a scale", owner_email="asha@example.org", due="")
    owned(led, "No address")
    finished = owned(led, "Over", owner_email="juma@example.org")
    assert tell(led, link_of(led, finished), state="done") == 303
    sent = led.client.post(f"/w/{led.chair}/follow-up/remind?seen={led.row().seq}", data={"-": ""})

    assert "1 mail is on its way" in words(sent.text)
    (letter,) = letters(database)
    assert letter.recipient == "asha@example.org"
    assert letter.subject == "You own an action in a workshop’s roadmap"
    assert "Workshop: Palm oil in Kigoma" in letter.body
    assert "Sent by: Siti (siti@ministry.example)" in letter.body
    links = re.findall(r"http://testserver(/o/[\w-]{32})", letter.body)
    assert len(links) == 2
    assert "Buy a scale" in led.client.get(links[1]).text
    assert "Nobody is to be written to now." in follow_up(led)
    refused = led.client.post(f"/w/{led.chair}/follow-up/remind?seen={led.row().seq}", data={"-": ""})
    assert refused.status_code == 409
    assert "Nobody is to be reminded now" in refused.text


def test_one_owner_is_written_to_a_bounded_number_of_times(led: Roadmap, database: Database) -> None:
    number = owned(led, owner_email="asha@example.org")
    statuses = [led.post(f"/actions/{number}/mail").status_code for _ in range(PRESSED.most + 1)]

    assert statuses == [303] * PRESSED.most + [429]
    newest, *_ = letters(database)
    assert newest.subject == "How far are you? Your actions in a workshop’s roadmap"
    assert "These links replace those of earlier mails." in newest.body


def test_who_holds_only_the_chairs_link_has_no_mails_sent(roadmap: Roadmap, database: Database) -> None:
    number = owned(roadmap, owner_email="asha@example.org")

    assert "Write to" not in follow_up(roadmap)
    assert roadmap.post(f"/actions/{number}/mail").status_code == 409
    assert roadmap.client.post(f"/w/{roadmap.chair}/follow-up/remind?seen={roadmap.row().seq}").status_code in (
        409,
        415,
    )
    assert not letters(database)


def test_a_link_ends_with_its_action(roadmap: Roadmap) -> None:
    number = owned(roadmap)
    link = link_of(roadmap, number)
    roadmap.post(f"/actions/{number}/take-off")

    assert roadmap.client.get(link).status_code == 404


def test_markup_from_owners_is_shown_as_it_was_typed(roadmap: Roadmap) -> None:
    evil = "<script>alert(1)</script>"
    link = link_of(roadmap, owned(roadmap, f"T {evil}", owner=f"O {evil}", first_step=f"F {evil}", measure=f"M {evil}"))
    assert tell(roadmap, link, state="started", note=f"N {evil}") == 303
    pages = [roadmap.client.get(link).text, roadmap.client.get(f"/w/{roadmap.chair}/follow-up").text]

    assert all(evil not in page for page in pages)
    assert all(f"{start} &lt;script&gt;" in pages[0] for start in "TOFMN")
    assert all(f"{start} &lt;script&gt;" in pages[1] for start in "TON")


def test_asked_again_the_page_shows_then_and_now_with_the_spread(roadmap: Roadmap, database: Database) -> None:
    now, asked = datetime.now(UTC), quality().questionnaire
    roadmap.take_on(WRITE)
    assert "this page then shows then and now" in follow_up(roadmap)
    with database.transaction() as session:
        first = session.get_one(Workshop, roadmap.id)
        later = workshop_templates.ask_after_months(session, first, asked, "Half a year on", None, now).workshop
        workshops.start(session, later, now)
        seats = [Seat(participants.join(session, later, "government", "", now).participant, later) for _ in range(6)]
        opened = rounds.open_round(session, later, "levels", [LAW, COORDINATION], now)
        for place, seat in enumerate(seats):
            votes.record_vote(session, seat, asked, votes.Given(opened.number, LAW, 2 + place % 2), now)
        votes.record_vote(session, seats[0], asked, votes.Given(opened.number, COORDINATION, 3), now)
        rounds.reveal_round(session, later, now)
        session.add(SettledLevel(workshop_id=later.id, question_id=LAW, level=3, how="votes", settled_at=now))
    page = follow_up(roadmap)

    assert "Workshop: Half a year on" in page
    assert re.search(r"1\. [^?]+\? 4 1 3 up 2 6 answers, range 2–3, agreement 0\.\d", page)
    assert re.search(r"2\. [^?]+\? 2 0 not settled yet not shown: fewer than five, or not asked", page)
