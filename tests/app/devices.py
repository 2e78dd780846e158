"""Devices that save one answer after the other and never give up one that was not acknowledged."""

import asyncio
import json
import random
import uuid
from dataclasses import dataclass, field
from typing import Any

PAUSE = 0.2


@dataclass(frozen=True)
class Acknowledged:
    """What the server said is safe."""

    assessment_id: int
    question: str
    note: str
    status: str
    version: int


@dataclass
class Device:
    """One browser: it sends an answer over the version it has seen, again and again until there is a reply."""

    name: str
    port: int
    assessment_id: int
    key: str
    questions: list[str]
    acknowledged: list[Acknowledged] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    sent_again: int = 0

    async def work(self, stop: asyncio.Event) -> None:
        chance, seen, number = random.Random(self.name), dict.fromkeys(self.questions, 0), 0
        connection: Connection | None = None
        while not stop.is_set():
            number += 1
            question = chance.choice(self.questions)
            operation = {
                "id": str(uuid.UUID(int=chance.getrandbits(128))),
                "question": question,
                "base": seen[question],
                "answer": chance.randrange(3),
                "note": f"{self.name}.{number}",
            }
            connection, result = await self._until_acknowledged(connection, operation)
            seen[question] = result["version"]
            ids = (self.assessment_id, question, f"{self.name}.{number}")
            self.acknowledged.append(Acknowledged(*ids, result["status"], result["version"]))
        if connection is not None:
            connection.close()

    async def _until_acknowledged(
        self, connection: "Connection | None", operation: dict[str, Any]
    ) -> tuple["Connection", dict[str, Any]]:
        while True:
            try:
                connection = connection or await Connection.open(self.port)
                path = f"/api/v1/assessments/{self.key}/answers:batch"
                status, reply = await connection.post(path, {"operations": [operation]})
            except (OSError, EOFError):
                if connection is not None:
                    connection.close()
                connection = None
                self.sent_again += 1
                await asyncio.sleep(PAUSE)
                continue
            if status == 200:
                return connection, reply["results"][0]
            self.unexpected.append(f"{status} {reply}")
            await asyncio.sleep(PAUSE)


@dataclass
class Connection:
    """Just as much HTTP as these tests need; a client library would take more time than the server."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def open(cls, port: int) -> "Connection":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def post(self, path: str, content: object) -> tuple[int, Any]:
        body = json.dumps(content).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
        )
        self.writer.write(head.encode() + b"\r\n\r\n" + body)
        first, *headers = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
        length = next(int(h.partition(":")[2]) for h in headers if h.startswith("content-length:"))
        return int(first.split()[1]), json.loads(await self.reader.readexactly(length))

    def close(self) -> None:
        self.writer.close()
