"""A server that is killed between two votes, without a warning, loses none that it said was saved."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select, text

from app.database import Database
from app.settings import Settings
from assessment import rounds
from assessment.tables import Vote
from tests.app.serving import serving
from tests.assessment.rooms import room
from tests.factories import NOW

KILLS, PHONES = 2, 6


@dataclass
class Phone:
    """One that goes on voting on its question until it is told to stop, whatever becomes of the server."""

    address: str
    subject: str
    levels: int
    sent: list[int] = field(default_factory=list)  # in order, the last one perhaps never heard
    heard: int = 0  # how many of them were acknowledged, or came before one that was
    acknowledged: int = 0
    unexpected: list[str] = field(default_factory=list)

    def work(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self.sent.append(len(self.sent) % self.levels)  # another one than the last
            try:
                reply = httpx2.post(
                    self.address, json=[{"round": 1, "subject": self.subject, "value": self.sent[-1]}], timeout=5
                )
            except httpx2.ConnectError:
                self.sent.pop()  # it has reached nobody
                time.sleep(0.05)
                continue
            except httpx2.TransportError:
                time.sleep(0.05)
                continue
            if reply.status_code == 200 and reply.json()["results"][0]["status"] == "saved":
                self.heard = len(self.sent)
                self.acknowledged += 1
            else:
                self.unexpected.append(reply.text)


@pytest.mark.timeout(240)
def test_no_vote_that_was_acknowledged_is_lost_when_the_server_is_killed(
    server_settings: Settings, tmp_path: Path
) -> None:
    database = Database(server_settings.database_url)
    with database.transaction() as session:
        there = room(session)
        questions = there.questionnaire.questions
        subjects = sorted(there.workshop.questions, key=lambda q: -len(questions[q].levels or ()))[:2]
        rounds.open_round(session, there.workshop, "levels", subjects, NOW)
        seats = [(seat.participant.id, secret) for seat, secret in zip(there.seats, there.secrets, strict=True)]
    phones = {
        seat: Phone(
            f"{server_settings.public_url}/r/{secret}/votes",
            subjects[n % 2],
            len(questions[subjects[n % 2]].levels or ()),
        )
        for n, (seat, secret) in enumerate(seats[:PHONES])
    }
    stop = threading.Event()
    with ThreadPoolExecutor(PHONES) as threads:
        working = [threads.submit(phone.work, stop) for phone in phones.values()]
        for _ in range(KILLS):
            with serving(server_settings, tmp_path / "log"):
                time.sleep(1)
        stop.set()
        for each in working:
            each.result()

    with database.reader() as session:
        if database.is_sqlite:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
        stored = {(vote.participant_id, vote.subject): vote.value for vote in session.scalars(select(Vote))}
    database.close()
    assert [each for phone in phones.values() for each in phone.unexpected] == []
    assert sum(phone.acknowledged for phone in phones.values()) >= KILLS * PHONES
    for seat, phone in phones.items():
        # The last one that was acknowledged, or one that was sent after it and never answered.
        assert stored[seat, phone.subject] in phone.sent[phone.heard - 1 :], phone
