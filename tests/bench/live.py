"""The bars of live: a room of sixty, and a thousand and two thousand streams, on one process with SQLite."""

import asyncio
import os
import re
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from app.database import Database
from app.serving import raise_file_limit
from app.settings import Settings
from app.upgrade import upgrade
from questionnaires.loader import load_definition
from tests.app.ports import free_port
from tests.app.serving import Server, serving
from tests.assessment.rooms import Room, room
from tests.bench.followers import HOST, Phone, Talk, percentile

REVEAL_MS, VOTE_MS = 100.0, 100.0
MANY = {1000: 1.0, 2000: 1.5}  # streams: seconds
CONTROL = b"POST /w/%b/control?seen=%d HTTP/1.1\r\n%bContent-Type: application/x-www-form-urlencoded\r\n"


def measure(full: bool) -> dict[str, object]:
    """The phones are in this process, the service in another; both share the machine's cores."""
    raise_file_limit()
    found = asyncio.run(_sixty(12 if full else 3))
    for count, bar in MANY.items():
        found |= asyncio.run(_many(count if full else count // 10, bar, 10 if full else 3))
    return found


class Chair:
    """Who leads, on one connection."""

    def __init__(self, server: Server, there: Room) -> None:
        self.port, self.key, self.seq, self.talk = server.settings.port, there.chair, there.workshop.seq, Talk()

    async def open(self) -> None:
        await asyncio.get_running_loop().create_connection(lambda: self.talk, "127.0.0.1", self.port)

    async def press(self, do: str, **fields: str) -> float:
        """When it was sent. The number after it is what the service says."""
        body = urlencode({"do": do} | fields).encode()
        head = CONTROL % (self.key.encode(), self.seq, HOST + b"Sec-Fetch-Site: same-origin\r\n")
        begun = time.perf_counter()
        status, reply = await self.talk.send(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        assert status == 303, (status, re.sub(rb"<[^>]*>|\s+", b" ", reply)[-400:])
        status, reply = await self.talk.send(b"GET /live/chair/%b HTTP/1.1\r\n%b\r\n" % (self.key.encode(), HOST))
        self.seq = int(re.findall(rb'"seq":(\d+)', reply)[0])
        return begun


class Hall:
    """A service with a workshop of so many people."""

    def __init__(self, people: int) -> None:
        self.folder = tempfile.TemporaryDirectory(dir=".")
        path, port = Path(self.folder.name).resolve(), free_port()
        (path / "live.db").touch()
        url, address = f"sqlite:///{path / 'live.db'}", f"http://127.0.0.1:{port}"
        self.settings = Settings(database_url=url, public_url=address, port=port, workers=0)
        self.serving = serving(self.settings, path / "log")
        database = Database(url)
        upgrade(database)
        asked = load_definition("industry4-readiness").questionnaire
        with database.transaction() as session:
            self.there = room(session, {"industry": people // 2, "government": people - people // 2}, asked)
        database.close()

    async def __aenter__(self) -> "Hall":
        self.server = await asyncio.to_thread(self.serving.__enter__)
        self.chair = Chair(self.server, self.there)
        await self.chair.open()
        self.before = self.memory()
        return self

    async def __aexit__(self, *problem: object) -> None:
        await asyncio.to_thread(self.serving.__exit__, None, None, None)
        self.folder.cleanup()

    def memory(self) -> int:
        """Of the service, in kB."""
        status = Path(f"/proc/{self.server.process.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0])

    def cpu(self) -> float:
        """Seconds that the service has worked."""
        user, system = Path(f"/proc/{self.server.process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    async def phones(self) -> list[Phone]:
        found = [Phone(self.settings.port, key) for key in self.there.secrets]
        for start in range(0, len(found), 50):
            await asyncio.gather(*(each.open(start + i) for i, each in enumerate(found[start : start + 50])))
        await until(lambda: all(each.stream.numbers for each in found))
        assert {each.stream.status for each in found} == {200}
        return found


async def until(condition: object, within: float = 60) -> None:
    assert callable(condition)
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(0.005)


async def _sixty(rounds: int) -> dict[str, object]:
    """Each round: a question is asked, all sixty press at once, then within a second, and the result is revealed."""
    votes, spread, reveals, cpu = list[float](), list[float](), list[float](), list[float]()
    async with Hall(60) as hall:
        phones, chair = await hall.phones(), hall.chair
        questions = hall.there.workshop.questions
        for number in range(1, rounds + 1):
            await chair.press("ask", what=questions[number])
            await until(lambda: all(each.states and each.states[-1][0]["seq"] == chair.seq for each in phones))
            said = [{"round": number, "subject": questions[number], "value": 2}]
            before = hall.cpu()
            votes.append(percentile(await asyncio.gather(*(each.vote(said) for each in phones)), 99))
            cpu.append((hall.cpu() - before) / 60)
            later = (_later(each, said, i / 60) for i, each in enumerate(phones))
            spread.append(percentile(await asyncio.gather(*later), 99))
            begun = await chair.press("reveal")
            await until(lambda: all(each.states[-1][0]["seq"] == chair.seq for each in phones))
            reveals.append(percentile((_first_revealed(each, number) - begun for each in phones), 99))
        asked = max(each.requests for each in phones)
        numbers = len(phones[0].stream.numbers)
        in_order = all(_is_in_order(each, chair.seq) for each in phones)
    return {
        "a result is on 99 % of 60 phones after": _told(reveals, REVEAL_MS),
        "a vote is acknowledged, p99, 60 phones within a second": _told(spread, VOTE_MS),
        "the same, 60 phones in one instant": _told(votes, VOTE_MS),
        "CPU of the service for a vote": f"{min(cpu) * 1e3:.1f} ms",
        "requests of a phone for each number": f"{asked / numbers:.2f}, bar 1 {_met(asked <= numbers)}",
        "numbers lost or out of order": f"none {_met(in_order)}",
    }


def _told(rounds: list[float], bar: float) -> str:
    """The middle one of the rounds: neighbours on the same cores make some of them slow."""
    found = median(rounds) * 1e3
    return f"{found:.0f} ms ({min(rounds) * 1e3:.0f} to {max(rounds) * 1e3:.0f}), bar {bar:g} {_met(found <= bar)}"


async def _later(phone: Phone, said: list[dict[str, object]], after: float) -> float:
    await asyncio.sleep(after)
    return await phone.vote(said)


def _first_revealed(phone: Phone, number: int) -> float:
    rounds = ((state["round"], at) for state, at in phone.states)
    return next(at for asked, at in rounds if asked and asked["number"] == number and asked["state"] == "revealed")


def _is_in_order(phone: Phone, newest: int) -> bool:
    """Numbers only grow, whatever lies between two that came together; states as well; and the newest is there."""
    heard = [number for number, _ in phone.stream.numbers]
    seen = [state["seq"] for state, _ in phone.states]
    grows = all(a < b for a, b in pairwise(heard))
    return grows and seen == sorted(seen) and heard[-1] == newest


async def _many(count: int, bar: float, presses: int) -> dict[str, object]:
    """A number on every stream, and then the state on every phone, which each asks for."""
    async with Hall(count) as hall:
        phones, chair = await hall.phones(), hall.chair
        each_kb = (hall.memory() - hall.before) / count
        heard, known = list[float](), list[float]()
        for _ in range(presses):
            await asyncio.sleep(0.5)
            begun = await chair.press("descriptors")
            await until(lambda: all(p.states and p.states[-1][0]["seq"] == chair.seq for p in phones))
            heard.append(max(p.stream.numbers[-1][1] for p in phones) - begun)
            known.append(max(p.states[-1][1] for p in phones) - begun)
        in_order = all(_is_in_order(each, chair.seq) for each in phones)
    return {
        f"{count} streams, a number is on all after": _told(heard, bar * 1e3),
        f"{count} phones, the state is on all after": _told(known, bar * 1e3),
        f"{count} streams, numbers lost or out of order": f"none {_met(in_order)}",
        f"{count} streams, memory of the service each": f"{each_kb:.0f} kB, with a second connection to ask on",
    }


def _met(is_met: bool) -> str:
    return "met" if is_met else "MISSED"
