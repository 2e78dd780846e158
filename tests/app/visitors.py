"""Nine kinds of visitors, and how each asks for things of a firm, of another firm, and for what is not there."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi.testclient import TestClient
from httpx2 import Response

from app.database import Database
from app.main import create_app
from app.settings import Settings
from tests.app.kept_databases import Kept, KeptFile, KeptSchema
from tests.app.sent_files import pdf
from tests.app.two_firms import ACTION, DONE, MOVED, OLDER, OPEN, Party, settle_in
from tests.conftest import ORIGIN
from tests.factories import TINY_FOLDER

ABSENT_NUMBER, ABSENT_SECRET = 999_999_999, "A" * 32
NOWHERE = Path()
HOLDERS = ("link", "colleague", "revoked")

# Which kind of assessment a page is about, where it is not the one that is open.
KINDS = (
    (re.compile(r"/(move|moves/.*|moves)$"), MOVED),
    (re.compile(r"/(results|plan|progress.*|reports.*|actions.*|again|reopen)$"), DONE),
)
NUMBERS = (
    ("/colleagues/", "colleague"),
    ("/respondents/", "colleague"),
    ("/evidence/", "evidence"),
    ("/reports/", "report"),
    ("/differences/", "conflict"),
    ("/conflicts/", "conflict"),
    ("/sessions/", "session"),
    ("/tokens/", "token"),
    ("/moves/", "move"),
    ("/firms/", "firm"),
)
# What a program sends that knows how: what is refused is not refused for its shape.
BODIES: dict[str, Any] = {
    "POST /api/v1/assessments": {"questionnaire": "tiny", "firm": "New"},
    "POST /api/v1/firms": {"name": "New", "country": "MY"},
    "POST /api/v1/firms/{number}/assessments": {"questionnaire": "tiny"},
    "PATCH /api/v1/firms/{number}": {"founded": 1990},
    "POST /api/v1/firms/{number}/people": {"email": "bao@example.org", "role": "respondent"},
    "POST /api/v1/firms/{number}/erase": {"name": "Zanzibar Sdn Bhd"},
    "POST /api/v1/assessments/{key}/move": {"to": "9.9.9"},
    "POST /api/v1/assessments/{key}/answers:batch": {"operations": []},
    "PUT /api/v1/assessments/{key}/answers/{question}": {"id": "00000000-0000-4000-8000-000000000000", "answer": 1},
    "PUT /api/v1/assessments/{key}/profile": {"profile": {}},
    "POST /api/v1/assessments/{key}/submit": {"seen": {}},
    "POST /api/v1/assessments/{key}/reopen": {"reason": "why"},
    "POST /api/v1/assessments/{key}/respondents": {"name": "Bao", "sections": ["skills"]},
    "PUT /api/v1/assessments/{key}/respondents/{number}": {"sections": ["skills"]},
    "PUT /api/v1/assessments/{key}/name": {"name": "Bao"},
    "POST /api/v1/assessments/{key}/conflicts/{number}": {"choice": "kept", "seen": 1},
    "POST /api/v1/assessments/{key}/reports": {"language": "en"},
    "PUT /api/v1/assessments/{key}/plan": {},
    "PUT /api/v1/assessments/{key}/actions/{action}": {"state": "done"},
}
FORMS: dict[str, dict[str, str]] = {
    "POST /a/{key}/submit": {"nothing": ""},
    "POST /a/{key}/name": {"name": "Bao"},
    "POST /a/{key}/reopen": {"reason": "why", "name": "Bao"},
    "POST /a/{key}/differences/{number}": {"choice": "kept", "seen": "1"},
    "POST /a/{key}/reports": {"language": "en"},
    "POST /a/{key}/sections/{section_id}": {"shown": "skills.training", "a.skills.training": "1"},
    "POST /a/{key}/return-link": {"email": "bao@example.org"},
    "POST /sign-in": {"email": "bao@example.org"},
    "POST /language": {"language": "en"},
    "POST /a/{key}/colleagues": {"name": "Bao", "sections": "skills"},
    "POST /a/{key}/colleagues/{number}/sections": {"sections": "skills"},
    "POST /firms/{number}/people": {"email": "bao@example.org", "role": "respondent"},
    "POST /firms/{number}/people/remove": {"user": "{person}"},
    "POST /firms/{number}/particulars": {"name": "New", "country": "MY"},
    "POST /firms/{number}/erase": {"name": "Zanzibar Sdn Bhd"},
    "POST /firms/new": {"name": "New", "country": "MY"},
}


@dataclass
class World:
    """A service with two firms, which can be put back to how it was where that is kept."""

    client: TestClient
    ours: Party
    theirs: Party
    kept: Kept | None = None
    artifacts: Path = NOWHERE
    artifacts_as_they_were: Path = NOWHERE

    def put_back(self) -> None:
        self._kept().put_back()
        shutil.copytree(self.artifacts_as_they_were, self.artifacts, dirs_exist_ok=True)

    def rows(self, *, then: bool = False) -> list[str]:
        """All that is stored, or was, but for who was seen when and what was counted."""
        return self._kept().rows(then=then)

    def _kept(self) -> Kept:
        assert self.kept is not None
        return self.kept


def build_world(folder: Path, url: str) -> World:
    """Two firms in an empty database of their own."""
    settings = settings_of(url, folder / "artifacts")
    database = Database(url)
    ours, theirs = (settle_in(database, settings, mark) for mark in ("Zanzibar", "Quebec"))
    file = database.file
    database.close()
    kept: Kept = KeptFile.keep(file) if file else KeptSchema.keep(url)
    shutil.copytree(settings.artifacts, folder / "artifacts-as-they-were")
    client = TestClient(create_app(settings), headers={"origin": ORIGIN}, raise_server_exceptions=False)
    return World(client, ours, theirs, kept, settings.artifacts, folder / "artifacts-as-they-were")


def settings_of(url: str, artifacts: Path) -> Settings:
    return Settings(
        database_url=url,
        artifacts=artifacts,
        public_url=ORIGIN,
        definitions=TINY_FOLDER,
        workers=0,
        smtp_host="127.0.0.1",  # so that the forms which send mails are there; nothing leaves without a worker
    )


@dataclass(frozen=True)
class Request:
    """What is asked for, ready to be sent."""

    method: str
    path: str
    headers: dict[str, str]
    more: dict[str, Any]

    def send(self, client: TestClient) -> Response:
        client.cookies.clear()
        return client.request(self.method, self.path, headers=self.headers, follow_redirects=False, **self.more)

    def plain(self, text: str) -> str:
        """A page without what was asked for, and without what is new in each page."""
        for written in (quote(self.path, safe=""), quote(self.path), self.path):
            text = text.replace(written, "PATH")
        return re.sub(r'name="form_token" value="[^"]*"', "", text)


def request(world: World, who: str, method: str, route: str, key: str = "own", what: str = "own") -> Request:
    """Who asks for our firm's things, or for one `key` or one `what` (a thing within) that is the other's or absent."""
    name = f"{method} {route}"
    path = route.replace("{key}", key_for(world, who, route, key))
    for place, value in parts(world, route, what).items():
        path = path.replace(place, value)
    headers: dict[str, str] = {}
    more: dict[str, Any] = {}
    if who == "token":
        headers["authorization"] = f"Bearer {world.ours.token}"
    cookie = world.theirs.cookies["manager"] if who == "stranger" else world.ours.cookies.get(who)
    if cookie:
        headers["cookie"] = f"session={cookie}"
    if path.startswith("/api/v1") and method in ("PUT", "PATCH"):
        headers["if-match"] = '"9"'  # what they have not seen: who may not replace it is not told so
    if route.endswith(("evidence/{question_id}", "{question_id}/evidence")) and method == "POST":
        more["files"] = {"file": ("a.pdf", pdf())}
    elif name in BODIES:
        more["json"] = BODIES[name]
    elif method == "POST" and not path.startswith("/api"):
        person = str(world.ours.numbers["person"])
        more["data"] = {k: v.replace("{person}", person) for k, v in FORMS.get(name, {"form_token": ""}).items()}
    return Request(method, path, headers, more)


def kind_of(route: str) -> str:
    if route.endswith("/move"):
        return OLDER
    within = route.partition("{key}")[2]
    return next((kind for pattern, kind in KINDS if pattern.search(within)), MOVED if "/moves/" in within else OPEN)


def key_for(world: World, who: str, route: str, which: str) -> str:
    kind = kind_of(route)
    if which == "absent":
        return ABSENT_SECRET if who in HOLDERS else str(ABSENT_NUMBER)
    if which == "other":
        return str(world.theirs.numbers[kind])
    return world.ours.keys[who][kind] if who in HOLDERS else str(world.ours.numbers[kind])


def parts(world: World, route: str, which: str) -> dict[str, str]:
    """The values of what a path names within an assessment, or in no assessment at all."""
    numbers = {"own": world.ours, "other": world.theirs}.get(which)
    named = next(
        (name for place, name in NUMBERS if f"{place}{{" in route or ("{number}" in route and place in route)), ""
    )
    number = ABSENT_NUMBER if numbers is None else number_of(numbers, named, route)
    absent = which != "own"
    return {
        "{number}": str(number),
        "{report_id}": str(number),
        "{section_id}": "machines.9" if absent else "skills",
        "{section}": "machines.9" if absent else "skills",
        "{workshop_id}": str(number),
        "{user}": str(numbers.numbers["person"] if numbers else ABSENT_NUMBER),
        "{question_id}": "machines.99" if absent and "{number}" not in route else "skills.training",
        "{question}": "machines.99" if absent else "skills.training",
        "{action_id}": "no-such-action" if absent else ACTION,
        "{action}": "no-such-action" if absent else ACTION,
        "{questionnaire_id}": "tiny",
        "{id}": "tiny",
        "{code}": "ABCD-2345",
        "{rest:path}": "v9/firms",
    }


def number_of(party: Party, named: str, route: str) -> int:
    if named == "colleague":
        return party.numbers[f"{kind_of(route)} colleague"]
    if named == "firm":
        return party.firm
    return party.numbers.get(named, 1)
