"""Who is let in where in a programme: every route, every kind of visitor, in their own programme and in another one.

`test_access_matrix.py` and `test_workshop_access.py` hold the same for firms and workshops; a route is in one table.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.database import Database
from app.main import create_app
from assessment import programmes, roles, sessions, users
from assessment.access import RESPONDENT
from assessment.case_states import ANALYST, ASSESSOR, FIRM
from assessment.tables import (
    AssessingBody,
    CaseOrder,
    DemandFirm,
    Firm,
    ImportOrder,
    Programme,
    ProgrammeCase,
    Release,
    SharedDemand,
    SupportOffer,
)
from tests.app.kept_databases import Kept, KeptFile
from tests.app.visitors import ABSENT_NUMBER, settings_of
from tests.conftest import ORIGIN
from tests.factories import NOW
from tests.release_samples import sample_release
from tests.visits import Visited, set_up

# 'assessor' has the case, 'colleague' is an assessor of the programme without it. 'manager' and 'respondent' are of the
# case's firm. 'stranger' is the officer of another programme, and manages another firm.
VISITORS = (
    "anonymous", "officer", "assessor", "colleague", "committee", "analyst", "manager", "respondent", "stranger",
)  # fmt: skip
# What each gets for the request that is sent here. 303 for a GET leads to the sign-in or, where the route says so, on.
ROUTES = """
GET  /calls                                                        200 200 200 200 200 200 200 200 200
GET  /calls/{number}                                               404 200 200 200 200 200 404 404 404
GET  /cases/{case}                                                 303 200 200 404 200 404 200 404 404
POST /cases/{case}/assessment                                      403 403 403 404 403 404 303 404 404
POST /cases/{case}/assign                                          403 422 403 404 403 404 403 404 404
POST /cases/{case}/due                                             403 422 403 404 403 404 403 404 404
GET  /cases/{case}/findings                                        303 200 200 404 200 404 200 404 404
POST /cases/{case}/findings                                        403 404 404 404 404 404 409 404 404
POST /cases/{case}/mark                                            403 409 409 404 409 404 409 404 404
POST /cases/{case}/move                                            403 409 409 404 409 404 409 404 404
POST /cases/{case}/note                                            403 303 303 404 303 404 403 404 404
POST /cases/{case}/own                                             403 303 403 404 403 404 403 404 404
POST /cases/{case}/remind                                          403 303 303 404 303 404 403 404 404
POST /cases/{case}/send-back                                       403 403 403 404 409 404 403 404 404
GET  /cases/{case}/support                                         303 200 200 404 200 404 200 404 404
GET  /cases/{case}/visit                                           303 404 200 404 404 404 404 404 404
POST /cases/{case}/visit                                           403 404 303 404 404 404 404 404 404
POST /cases/{case}/visit/hand-in                                   403 404 422 404 404 404 404 404 404
GET  /firms/{number}/apply/{call}                                  303 404 404 404 404 404 200 403 404
POST /firms/{number}/apply/{call}                                  403 404 404 404 404 404 409 403 404
GET  /firms/{number}/demand                                        303 404 404 404 404 404 200 403 404
POST /firms/{number}/demand/{demand}                               403 404 404 404 404 404 303 403 404
GET  /programmes                                                   303 200 200 200 200 200 200 200 200
GET  /programmes/new                                               303 200 403 403 403 403 403 403 200
POST /programmes/new                                               403 422 403 403 403 403 403 403 422
GET  /programmes/{programme}                                       303 200 200 200 200 200 404 404 404
GET  /programmes/{programme}/calls                                 303 200 403 403 403 403 404 404 404
POST /programmes/{programme}/calls                                 403 422 403 403 403 403 404 404 404
GET  /programmes/{programme}/calls/{number}                        303 200 403 403 403 403 404 404 404
POST /programmes/{programme}/calls/{number}                        403 422 403 403 403 403 404 404 404
POST /programmes/{programme}/calls/{number}/remove                 403 409 403 403 403 403 404 404 404
GET  /programmes/{programme}/cases                                 303 200 200 200 200 403 404 404 404
POST /programmes/{programme}/cases                                 403 422 403 403 403 403 404 404 404
GET  /programmes/{programme}/cases/orders/{number}                 303 200 403 403 403 403 404 404 404
GET  /programmes/{programme}/demand                                303 200 403 403 403 403 404 404 404
GET  /programmes/{programme}/demand/ask                            303 422 403 403 403 403 404 404 404
POST /programmes/{programme}/demand/ask                            403 422 403 403 403 403 404 404 404
POST /programmes/{programme}/demand/{number}/close                 403 303 403 403 403 403 404 404 404
POST /programmes/{programme}/demand/refresh                        403 303 403 403 403 403 404 404 404
GET  /programmes/{programme}/imports                               303 200 403 403 403 403 404 404 404
POST /programmes/{programme}/imports                               403 415 403 403 403 403 404 404 404
GET  /programmes/{programme}/imports/template-{kind}.{ending}      303 200 403 403 403 403 404 404 404
GET  /programmes/{programme}/imports/{number}                      303 200 403 403 403 403 404 404 404
POST /programmes/{programme}/imports/{number}/discard              403 409 403 403 403 403 404 404 404
GET  /programmes/{programme}/imports/{number}/problems.csv         303 404 403 403 403 403 404 404 404
POST /programmes/{programme}/imports/{number}/take                 403 409 403 403 403 403 404 404 404
GET  /programmes/{programme}/members                               303 200 403 403 403 403 404 404 404
POST /programmes/{programme}/members                               403 422 403 403 403 403 404 404 404
POST /programmes/{programme}/members/bodies                        403 303 403 403 403 403 404 404 404
POST /programmes/{programme}/members/bodies/remove                 403 404 403 403 403 403 404 404 404
POST /programmes/{programme}/members/remove                        403 404 403 403 403 403 404 404 404
GET  /programmes/{programme}/offers                                303 200 403 403 403 403 404 404 404
GET  /programmes/{programme}/offers/new                            303 200 403 403 403 403 404 404 404
POST /programmes/{programme}/offers/new                            403 422 403 403 403 403 404 404 404
GET  /programmes/{programme}/offers/{number}                       303 200 403 403 403 403 404 404 404
POST /programmes/{programme}/offers/{number}                       403 422 403 403 403 403 404 404 404
POST /programmes/{programme}/offers/{number}/remove                403 303 403 403 403 403 404 404 404
GET  /programmes/{programme}/releases                              303 200 403 403 403 200 404 404 404
POST /programmes/{programme}/releases                              403 409 403 403 403 403 404 404 404
GET  /programmes/{programme}/releases/{number}                     303 200 403 403 403 200 404 404 404
POST /programmes/{programme}/releases/{number}/publish             403 303 403 403 403 403 404 404 404
GET  /programmes/{programme}/setup                                 303 200 403 403 403 403 404 404 404
POST /programmes/{programme}/setup                                 403 422 403 403 403 403 404 404 404
POST /programmes/{programme}/state                                 403 303 403 403 403 403 404 404 404
GET  /programmes/{programme}/verification                          303 200 403 403 200 403 404 404 404
GET  /releases/{release}                                           404 200 404 404 404 404 404 404 404
HEAD /releases/{release}                                           404 200 404 404 404 404 404 404 404
GET  /releases/{release}/about                                     404 200 404 404 404 404 404 404 404
HEAD /releases/{release}/about                                     404 200 404 404 404 404 404 404 404
GET  /releases/{release}/differences                               404 200 404 404 404 404 404 404 404
HEAD /releases/{release}/differences                               404 200 404 404 404 404 404 404 404
GET  /releases/{release}/files/{name}                              404 200 404 404 404 404 404 404 404
HEAD /releases/{release}/files/{name}                              404 200 404 404 404 404 404 404 404
GET  /releases/{release}/table.csv                                 404 200 404 404 404 404 404 404 404
HEAD /releases/{release}/table.csv                                 404 200 404 404 404 404 404 404 404
"""
FORMS: dict[str, dict[str, str]] = {
    "POST /programmes/{programme}/demand/{number}/close": {"state": "closed"},
    "POST /programmes/{programme}/members/bodies": {"name": "Another body"},
    "POST /programmes/{programme}/state": {"state": "open"},
    "POST /cases/{case}/note": {"note": "Ask for the training plan."},
    "POST /cases/{case}/send-back": {"back": "Look again."},
}
MARKS = ("Zanzibar", "Quebec")


@dataclass
class Party:
    """A programme with something of everything in it: its numbers by what they are of, and cookies by visitor."""

    mark: str
    numbers: dict[str, int] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)


@dataclass
class World:
    client: TestClient
    ours: Party
    theirs: Party
    kept: Kept

    def send(self, who: str, method: str, route: str, which: str = "own") -> Any:
        party = self.theirs if which == "other" else self.ours
        path = route
        for place, name in PLACES:
            if place.search(path):
                value = party.numbers[name] if which != "absent" else ABSENT_NUMBER
                path = place.sub(rf"\g<1>{value}", path)
        path = path.replace("{kind}.{ending}", "firms.csv").replace("{name}", "cube.parquet")
        headers = {"cookie": f"session={self.ours.cookies[who]}"} if who in self.ours.cookies else {}
        more: dict[str, Any] = {}
        if method == "POST":
            more["data"] = FORMS.get(f"{method} {route}", {"-": ""})
        return self.client.request(method, path, headers=headers, follow_redirects=False, **more)


# What a path names, by what comes before it.
PLACES = [
    (re.compile(rf"({before})\{{{name}\}}"), what)
    for before, name, what in (
        ("/programmes/", "programme", "programme"),
        ("/cases/", "case", "case"),
        ("/offers/", "number", "offer"),
        ("/imports/", "number", "import"),
        ("/orders/", "number", "order"),
        ("/demand/", "number", "demand"),
        ("/demand/", "demand", "demand"),
        ("/calls/", "number", "call"),
        ("/apply/", "call", "call"),
        ("/releases/", "number", "release number"),
        ("/releases/", "release", "release"),
        ("/firms/", "number", "firm"),
    )
]


def settled(database: Database, mark: str, artifacts: Path) -> Party:
    party = Party(mark)
    artifacts.mkdir(exist_ok=True)
    with database.transaction() as session:
        there: Visited = set_up(session, mark)
        programme = session.get_one(Programme, there.programme)
        case = session.get_one(ProgrammeCase, there.case)
        firm = session.get_one(Firm, there.firm)
        programme.name, firm.name = f"{mark} programme", f"{mark} works"
        people = dict(there.people)
        for name, role in (("colleague", ASSESSOR), ("analyst", ANALYST)):
            people[name] = users.register(session, f"{name}-{mark}@example.org", NOW).id
            programmes.add_member(session, programme, people[name], role, NOW)
        people["respondent"] = users.register(session, f"respondent-{mark}@example.org", NOW).id
        roles.grant(session, people["respondent"], RESPONDENT, firm.id, NOW)
        people["manager"] = people[FIRM]
        rows = _rows(programme, case, mark)
        session.add_all(rows.values())
        session.flush()
        cube, manifest = sample_release(artifacts, firms=200, waves=1)
        rows["release"].cube_sha256, rows["release"].manifest, rows["release"].made_at = cube.name, manifest, NOW
        rows["release"].files = {"cube.parquet": {"sha256": cube.name, "size": cube.stat().st_size}}
        session.add(DemandFirm(demand_id=rows["demand"].id, firm_id=firm.id))
        party.numbers = {name: row.id for name, row in rows.items()} | {
            "programme": programme.id, "case": case.id, "firm": firm.id, "call": case.call_id, "release number": 1,
        }  # fmt: skip
        for name in set(VISITORS) & set(people):
            party.cookies[name], _ = sessions.start(session, people[name], datetime.now(UTC), mark, "203.0.113.*")
        party.numbers |= {f"{name} account": number for name, number in people.items()}
    return party


def _rows(programme: Programme, case: ProgrammeCase, mark: str) -> dict[str, Any]:
    of = {"programme_id": programme.id}
    day = NOW.date().isoformat()
    return {
        "body": AssessingBody(name=f"{mark} body", **of),
        "offer": SupportOffer(kind="grant", name=f"{mark} grant", checked_on=day, **of),
        "import": ImportOrder(kind="firms", name=f"{mark}.csv", content_sha256="0" * 64, requested_at=NOW, **of),
        "order": CaseOrder(content={"action": "own"}, requested_at=NOW, **of),
        "release": Release(
            number=1,
            title=f"{mark} release",
            state="made",
            requested_at=NOW,
            wishes={"waves": [2026], "known": []},
            **of,
        ),
        "demand": SharedDemand(action_id="train-everybody", text=f"{mark} call", created_at=NOW, **of),
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("two-programmes")
    url = f"sqlite:///{shutil.copyfile(sqlite_template, folder / 'world.db')}"
    settings = settings_of(url, folder / "artifacts")
    database = Database(url)
    ours, theirs = (settled(database, mark, settings.artifacts) for mark in MARKS)
    assert database.file is not None
    kept = KeptFile.keep(database.file)
    database.close()
    client = TestClient(create_app(settings), headers={"origin": ORIGIN}, raise_server_exceptions=False)
    ours.cookies["stranger"] = theirs.cookies["officer"]
    with client:
        yield World(client, ours, theirs, kept)


@pytest.fixture
def world(built: World) -> World:
    built.kept.put_back()
    return built


def read_table() -> dict[tuple[str, str], dict[str, int]]:
    found = {}
    for line in filter(None, ROUTES.splitlines()):
        method, path, *cells = line.split()
        assert (method, path) not in found, f"{method} {path} is there twice"
        found[method, path] = dict(zip(VISITORS, map(int, cells), strict=True))
    return found


TABLE = read_table()
WITHIN = [(method, route) for method, route in TABLE if "{" in route and not route.startswith("/calls")]


def routes_of_programmes() -> set[tuple[str, str]]:
    """Method and path of all routes of this table."""
    return set(TABLE)


@pytest.mark.parametrize("who", VISITORS)
def test_everybody_reaches_what_the_table_says_and_no_more(world: World, who: str) -> None:
    wrong = {}
    for (method, route), cells in TABLE.items():
        answer = world.send(who, method, route)
        if answer.status_code < 400 and method == "POST":
            world.kept.put_back()
        if answer.status_code != cells[who]:
            wrong[f"{method} {route}"] = (cells[who], answer.status_code)
        if who != "stranger":
            assert world.theirs.mark not in answer.text, (method, route)
        if answer.status_code >= 400 and answer.status_code != 422:
            assert world.ours.mark not in answer.text, (method, route, answer.text)
    assert not wrong


@pytest.mark.parametrize("who", [name for name in VISITORS if name not in ("anonymous", "stranger")])
def test_things_of_another_programme_are_told_like_what_is_not_there_and_nothing_changes(
    world: World, who: str
) -> None:
    differ = {}
    for method, route in WITHIN:
        replies = []
        for which in ("other", "absent"):
            answer = world.send(who, method, route, which)
            assert world.theirs.mark not in answer.text, (method, route)
            replies.append((answer.status_code, re.sub(r'/\d+|value="[^"]*"|%2F\d+', "", answer.text)))
        if replies[0] != replies[1]:
            differ[f"{method} {route}"] = (replies[0][0], replies[1][0])
    assert not differ
    assert world.kept.rows() == world.kept.rows(then=True)
