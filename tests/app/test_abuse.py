"""Requests that no page makes and no honest program sends: refused or harmless, never an error of the service."""

import re
import time
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.database import Database
from app.settings import Settings
from assessment.tables import Answer
from tests.app import visitors
from tests.app.test_access_matrix import TABLE
from tests.app.two_firms import settle_in
from tests.app.visitors import World
from tests.app.walk import start

SECONDS = 30.0  # more than a busy machine takes, and far less than an expression that runs away
NO_NUMBERS = ("2147483648", "9223372036854775808", "9" * 4500, "-1", "0", "1.5", "x", "%D9%A3", "1;drop", "%00")
NUMBERED = [(m, r) for m, r in TABLE if re.search(r"\{(number|report_id)\}", r)]


ROOT = Path(__file__).parents[2]
PROMISE = re.compile(r"`(tests/[\w/.]+\.py)`|`(test_\w+)`")


def test_every_test_that_the_security_page_names_is_there() -> None:
    table = (ROOT / "docs" / "security.md").read_text().partition("## What is tried")[2]
    promised: list[tuple[str, str]] = []
    for row in (line for line in table.splitlines() if line.startswith("|")):
        file = ""
        for path, name in PROMISE.findall(row):
            file = path or file
            promised += [(file, name)] if name else []
    missing = [each for each in promised if f"def {each[1]}(" not in (ROOT / each[0]).read_text()]

    assert len(promised) > 40
    assert not missing


def answers_stored(database: Database) -> int:
    with database.reader() as session:
        return session.scalar(select(func.count()).select_from(Answer)) or 0


LEVELS = (
    "9223372036854775808", "2147483648", "-1", "4.0000001", "true", "null", "NaN", "1e400", "9" * 5000, "٣x", "\u202e1",
)  # fmt: skip
SHARES = ("NaN", "Infinity", "-inf", "1e400", "9" * 5000, "0x10", "1_0", "--1", "1e2e3")


@pytest.mark.parametrize(("field", "values"), [("a.machines.1", LEVELS), ("n.skills.share", SHARES)])
def test_a_value_that_no_form_offers_is_refused(
    client: TestClient, database: Database, field: str, values: tuple[str, ...]
) -> None:
    visit, question = start(client), field.partition(".")[2]
    section = "machines~1" if question == "machines.1" else "skills"
    for value in values:
        begun = time.perf_counter()
        assert visit.post(f"/sections/{section}", {"shown": question, field: value}).status_code == 422, value
        assert time.perf_counter() - begun < SECONDS

    assert answers_stored(database) == 0


def test_a_number_in_an_address_is_one_or_there_is_nothing(
    app: FastAPI, client: TestClient, database: Database, settings: Settings
) -> None:
    party = settle_in(database, settings, "Zanzibar")
    world = World(client, party, party)
    wrong = {}
    for method, route in NUMBERED:
        asked = visitors.request(world, "manager", method, route)
        for number in NO_NUMBERS:
            path = visitors.request(world, "manager", method, re.sub(r"\{(number|report_id)\}", "NUMBER", route)).path
            more = {"headers": asked.headers, "follow_redirects": False, **asked.more}
            status = client.request(method, path.replace("NUMBER", number), **more).status_code
            # A session that is not there needs no ending.
            if status not in (404, 422) and "/sessions/" not in route:
                wrong[f"{method} {route}", number[:20]] = status
            assert status < 500, (method, route, number[:20])

    assert not wrong


QUERIES = (
    "section=1;drop table answer", "section='--", "new=%00", "back=//evil", "budget=NaN", "budget=" + "9" * 4500,
    "goal=%ff", "if=planning.orders:9223372036854775808", "w.x=must&w.x=must", "sort=1;drop&q=%27", "money.0=1e400",
)  # fmt: skip


def test_what_an_address_asks_for_is_never_part_of_a_statement(client: TestClient) -> None:
    visit = start(client)
    for path in ("", "/colleagues", "/sections/skills", "/results", "/history/skills.training"):
        for query in QUERIES:
            assert visit.get(f"{path}?{query}").status_code in (200, 404, 422), (path, query)

    assert visit.get("").status_code == 200


ODD = (
    ("abc\u202edef", "abc"),
    ("Cafe\u0301", "Caf\u00e9"),
    ("z" + "\u0323\u0324\u0325" * 40, "\u1e93"),
    ("\U0001f3ed\U0001f469\u200d\U0001f527", "\U0001f3ed\U0001f469\u200d\U0001f527"),
    ("w" * 300, "w" * 300),
)


def test_odd_letters_in_a_note_are_kept_in_one_form_and_shown(client: TestClient) -> None:
    visit = start(client)
    for sent, shown in ODD:
        note: dict[str, object] = {"shown": "skills.training", "a.skills.training": "1", "note.skills.training": sent}
        assert visit.post("/sections/skills", note).status_code == 303
        page = visit.get("/sections/skills/check").text
        # What people typed is an isolated run, or a paragraph of its own: its direction ends with it.
        assert re.search(r"<(bdi|p|dd|blockquote)\b[^>]*>[^<]*" + re.escape(shown), page), sent


def test_a_phone_does_not_say_when_it_saved(client: TestClient) -> None:
    key = start(client).link.rpartition("/")[2]
    sent = {"id": "00000000-0000-4000-8000-000000000000", "question": "machines.1", "base": 0, "answer": 1}
    path = f"/api/v1/assessments/{key}/answers"

    refused = client.post(f"{path}:batch", json={"operations": [sent | {"at": "2036-01-01T00:00:00Z"}]})
    saved = client.post(f"{path}:batch", json={"operations": [sent]}, headers={"date": "Tue, 01 Jan 2036 00:00:00 GMT"})

    assert refused.status_code == 422
    [result] = saved.json()["results"]
    assert not result["at"].startswith("2036")
