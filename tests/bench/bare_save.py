"""The least that a save can be: Starlette, JSON, and the same rows written with the same durability; no checks."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
import psycopg
import uvicorn
from psycopg.types.json import Json
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

try:
    from pysqlite3 import dbapi2 as sqlite3
except ImportError:
    import sqlite3

ANSWER = """
    INSERT INTO answer (assessment_id, question_id, version, value, note, answered_at)
    VALUES ({0}, {0}, 1, {0}, {0}, {0})
    ON CONFLICT (assessment_id, question_id)
    DO UPDATE SET version = answer.version + 1, value = excluded.value, note = excluded.note
    RETURNING version
"""
REVISION = """
    INSERT INTO answer_revision (assessment_id, question_id, version, value, note, recorded_at)
    VALUES ({0}, {0}, {0}, {0}, {0}, {0})
"""
OPERATION = """
    INSERT INTO answer_operation (assessment_id, operation_id, body_sha256, outcome, created_at)
    VALUES ({0}, {0}, {0}, {0}, {0})
"""
NOW, HASH = "2026-11-22 12:00:00.000000", "0" * 64
CONNECTIONS = 8


def sqlite_app(file: str) -> Starlette:
    """One connection, used in the event loop: nothing is quicker."""
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    answer, revision, operation = (text.format("?") for text in (ANSWER, REVISION, OPERATION))

    async def save(request: Request) -> Response:
        sent = orjson.loads(await request.body())
        key, value, note = (sent["assessment"], sent["question"]), orjson.dumps(sent["answer"]).decode(), sent["note"]
        connection.execute("BEGIN IMMEDIATE")
        [version] = connection.execute(answer, (*key, value, note, NOW)).fetchone()
        connection.execute(revision, (*key, version, value, note, NOW))
        reply = orjson.dumps({"question": sent["question"], "version": version, "answer": sent["answer"]})
        connection.execute(operation, (sent["assessment"], sent["id"], HASH, reply.decode(), NOW))
        connection.execute("COMMIT")
        return Response(reply, media_type="application/json")

    return Starlette(routes=[Route("/save", save, methods=["POST"])])


def postgresql_app(url: str) -> Starlette:
    """Eight connections without threads."""
    free: asyncio.Queue[psycopg.AsyncConnection] = asyncio.Queue()
    answer, revision, operation = (text.format("%s") for text in (ANSWER, REVISION, OPERATION))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        for _ in range(CONNECTIONS):
            free.put_nowait(await psycopg.AsyncConnection.connect(url, autocommit=True))
        yield

    async def save(request: Request) -> Response:
        sent = orjson.loads(await request.body())
        key, value, note = (sent["assessment"], sent["question"]), Json(sent["answer"]), sent["note"]
        connection = await free.get()
        async with connection.transaction():
            [version] = await (await connection.execute(answer, (*key, value, note, NOW))).fetchone() or [0]
            await connection.execute(revision, (*key, version, value, note, NOW))
            reply = {"question": sent["question"], "version": version, "answer": sent["answer"]}
            await connection.execute(operation, (sent["assessment"], sent["id"], HASH, Json(reply), NOW))
        free.put_nowait(connection)
        return Response(orjson.dumps(reply), media_type="application/json")

    return Starlette(routes=[Route("/save", save, methods=["POST"])], lifespan=lifespan)


if __name__ == "__main__":
    place, port = sys.argv[1], int(sys.argv[2])
    app = postgresql_app(place) if place.startswith("postgresql") else sqlite_app(place)
    uvicorn.run(app, port=port, loop="uvloop", http="httptools", access_log=False, log_config=None)
