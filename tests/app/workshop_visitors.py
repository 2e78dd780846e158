"""How each kind of visitor asks for things of a workshop, of another one, and for what is not there."""

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.database import Database
from app.main import create_app
from tests.app.kept_databases import Kept, KeptFile, KeptSchema
from tests.app.roadmap_room import COORDINATION, EQUIPMENT, LAW, WRITE
from tests.app.two_workshops import PLANNED, RUNNING, Party, settle_in
from tests.app.visitors import ABSENT_NUMBER, ABSENT_SECRET, Request, settings_of
from tests.conftest import ORIGIN, migrated, postgresql_database

# What is asked of a workshop that has not started; all else of one that runs.
IS_PLANNED = re.compile(r"^/w/\{key\}/(plan|start)$")
NUMBERS = (
    ("/report/", "report"),
    ("/invited/", "invitation"),
    ("/actions/", "action"),
    ("/dissent/", "dissent"),
    ("/people/", "seat"),
    ("/leaders/", "helper"),
)
# What is sent where the button alone says too little.
FORMS: dict[str, dict[str, str]] = {
    "POST /j": {"code": "{code}"},
    "POST /i/{key}": {"group": "industry"},
    "POST /o/{key}": {"state": "done", "seen": "{news}"},
    "POST /r/{key}": {"round": "2", f"urgency.{LAW}": "4", f"feasibility.{LAW}": "2"},
    "POST /w/{key}/control": {"do": "page", "page": "lobby"},
    "POST /w/{key}/gaps": {"on": LAW},
    "POST /w/{key}/leaders": {"email": "new-leader@example.org"},
    "POST /w/{key}/people/door": {"door": "closed"},
    "POST /w/{key}/people/invite": {"guests": "Bao"},
    "POST /w/{key}/people/{number}/group": {"group": "industry"},
    "POST /w/{key}/plan": {"name": "New", "part": "gov.food_safety", "group.0": "Industry"},
    "POST /w/{key}/priorities": {"do": "project"},
    "POST /w/{key}/questions": {"again": LAW},
    "POST /w/{key}/questions/{question_id}": {"level": "2"},
    "POST /w/{key}/report": {"kind": "pdf", "language": "en"},
    "POST /w/{key}/roadmap/actions": {"action": WRITE},
    "POST /w/{key}/roadmap/actions/{number}": {"title": "New", "owner": "Ministry"},
    "POST /w/{key}/roadmap/dissent": {"group": "government", "text": "No."},
    "POST /w/{key}/roadmap/screen": {"part": "1"},
    "POST /w/{key}/roadmap/wishes": {"size": "small"},
    "POST /w/{key}/teaching": {"teaches": "1"},
    "POST /workshops/new/{questionnaire_id}": {"name": "New", "part": "gov.food_safety", "group.0": "Industry"},
}
BODIES: dict[str, Any] = {
    "POST /r/{key}/votes": [{"round": 2, "subject": LAW, "value": {"urgency": 4, "feasibility": 2}}],
}


@dataclass
class World:
    """A service with two workshops, which can be put back to how it was."""

    client: TestClient
    ours: Party
    theirs: Party
    kept: Kept

    def put_back(self) -> None:
        self.kept.put_back()

    def rows(self, *, then: bool = False) -> list[str]:
        """All that is stored, or was, but for who was seen when and what was counted."""
        return self.kept.rows(then=then)


def build_world(folder: Path, url: str) -> World:
    """Two workshops in an empty database of their own; the other one has more people and another question."""
    settings = settings_of(url, folder / "artifacts")
    database = Database(url)
    ours = settle_in(database, settings.artifacts, "Zanzibar", (LAW, COORDINATION))
    theirs = settle_in(database, settings.artifacts, "Quebec", (LAW, EQUIPMENT), government=9)
    file = database.file
    database.close()
    kept: Kept = KeptFile.keep(file) if file else KeptSchema.keep(url)
    client = TestClient(create_app(settings), headers={"origin": ORIGIN}, raise_server_exceptions=False)
    return World(client, ours, theirs, kept)


def request(world: World, who: str, method: str, route: str, key: str = "own", what: str = "own") -> Request:
    """Who asks for things of our workshop, or for one `key` or one `what` (a thing within) that is other or absent."""
    path = re.sub(r"\{kind=(\w+)\}", r"\1", route).replace("{key}", key_for(world, who, route, key))
    for place, value in parts(world, route, what).items():
        path = path.replace(place, value)
    headers: dict[str, str] = {}
    more: dict[str, Any] = {}
    if who == "token":
        headers["authorization"] = f"Bearer {world.ours.token}"
    cookie = world.theirs.cookies["leader"] if who == "stranger" else world.ours.cookies.get(who)
    if cookie:
        headers["cookie"] = f"session={cookie}"
    name = f"{method} {route}"
    if name == "POST /w/{key}/paper":
        more["files"] = {"file": ("table.csv", f"group,{LAW},{COORDINATION}\ngovernment,1,2\n".encode())}
    elif name in BODIES:
        more["json"] = BODIES[name]
    elif method == "POST":
        form = FORMS.get(name, {"-": ""})
        more["data"] = {k: v.format(code=world.ours.code, news=world.ours.numbers["news"]) for k, v in form.items()}
    return Request(method, path, headers, more)


def kind_of(route: str) -> str:
    return PLANNED if IS_PLANNED.match(route) else RUNNING


def key_for(world: World, who: str, route: str, which: str) -> str:
    """What they hold, or the workshop's number where they hold nothing."""
    kind, holds = kind_of(route), world.ours.keys.get(who)
    if which == "absent":
        return ABSENT_SECRET if holds else str(ABSENT_NUMBER)
    if which == "other":
        return str(world.theirs.numbers[kind])
    return holds[kind] if holds else str(world.ours.numbers[kind])


def parts(world: World, route: str, which: str) -> dict[str, str]:
    """The values of what a path names within a workshop."""
    party = {"own": world.ours, "other": world.theirs}.get(which)
    named = next((name for place, name in NUMBERS if place in route), "")
    number = party.numbers.get(named, 1) if party else ABSENT_NUMBER
    question = {"own": LAW, "other": EQUIPMENT}.get(which, "no-such.question")
    return {
        "{number}": str(number),
        "{report_id}": str(number),
        "{question_id}": question,
        "{group_id}": "government" if which == "own" else "nobody",
        "{questionnaire_id}": "qi4tf",
        "{code}": world.ours.code,
    }


@contextmanager
def serving_world(kind: str, folder: Path, template: Path) -> Iterator[World]:
    """A world on a database of this kind; streams in it end at once, or each would be waited for to its end."""
    with ExitStack() as open_until_then, pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.pages.live.HEARTBEAT", 0.02)
        patch.setattr("app.pages.live.LONGEST_STREAM", 0.0)
        if kind == "sqlite":
            url = f"sqlite:///{shutil.copyfile(template, folder / 'world.db')}"
        else:
            url = migrated(open_until_then.enter_context(postgresql_database()))
        world = build_world(folder, url)
        open_until_then.callback(world.kept.close)
        with world.client:
            yield world
