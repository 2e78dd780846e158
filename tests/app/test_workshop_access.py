"""Who is let in where in a workshop: every route, every kind of visitor, things of their own, of another, and absent.

`test_access_matrix.py` holds the same for firms; a route is in one of the two tables.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.app import workshop_visitors
from tests.app.two_workshops import NICKNAME
from tests.app.workshop_visitors import World, serving_world
from tests.conftest import BOTH

# yes: the status of the route. sign-in: asked to sign in first (pages lead there, forms refuse). 404: it might as well
# not be there; 409: mails go out only in the name of somebody. Pages take no token.
LEADERS = {"leader": "yes", "helper": "yes", "stranger": "404", "manager": "404"}
RULES = {
    "leads": {**LEADERS, "chair": "yes"},
    "leads and is signed in": {**LEADERS, "chair": "sign-in"},
    "leads and may mail": {**LEADERS, "chair": "409"},
    "is signed in": dict.fromkeys(LEADERS, "yes"),
    "leads, live": {**LEADERS, "chair": "yes"},
    "has the screen": {"screen": "yes"},
    "sits there": {"seat": "yes"},
    "is invited": {"invited": "yes"},
    "owns the action": {"owner": "yes"},
    "anybody": {},
}
# What all others get, who come with a link of another kind and who come with none, but with the workshop's number.
OTHERS = {
    "leads": ("404", "sign-in"),
    "leads and is signed in": ("404", "sign-in"),
    "leads and may mail": ("404", "sign-in"),
    "is signed in": ("sign-in", "sign-in"),
    "anybody": ("yes", "yes"),
}
LINKS = (
    "chair", "chair renewed", "screen", "screen renewed", "seat", "seat removed", "invited", "invited taken back",
    "owner", "owner renewed",
)  # fmt: skip
# 'helper' leads it together with 'leader'. 'disabled' does as well, with a session in a closed account; 'ended' is a
# session of the leader that has ended. 'stranger' leads another workshop, 'manager' manages a firm that has brought its
# assessment. 'token' is the leader's.
PEOPLE = ("anonymous", "leader", "helper", "disabled", "ended", "stranger", "manager", "token")
# For each rule its routes, and what whoever is let in gets for the request that is sent here.
ROUTES = """
leads
GET    /w/{key}                                         200
GET    /w/{key}/agreed                                  200
POST   /w/{key}/agreed                                  422
POST   /w/{key}/chair                                   200
GET    /w/{key}/control                                 200
POST   /w/{key}/control                                 303
POST   /w/{key}/end                                     303
GET    /w/{key}/firms                                   200
POST   /w/{key}/firms                                   409
GET    /w/{key}/follow-up                               200
GET    /w/{key}/gaps                                    200
GET    /w/{key}/leaders                                 200
POST   /w/{key}/gaps                                    409
GET    /w/{key}/paper                                   200
POST   /w/{key}/paper                                   200
POST   /w/{key}/paper/back                              409
GET    /w/{key}/paper/sheets/{group_id}                 200
GET    /w/{key}/paper/table.csv                         200
POST   /w/{key}/paper/take                              422
GET    /w/{key}/people                                  200
POST   /w/{key}/people/door                             303
POST   /w/{key}/people/forget                           409
POST   /w/{key}/people/invite                           200
POST   /w/{key}/people/invited/{number}/link            200
POST   /w/{key}/people/invited/{number}/take-back       303
POST   /w/{key}/people/simulated                        409
POST   /w/{key}/people/simulated/vote                   409
POST   /w/{key}/people/{number}/code                    200
POST   /w/{key}/people/{number}/group                   303
POST   /w/{key}/people/{number}/remove                  303
GET    /w/{key}/plan                                    200
POST   /w/{key}/plan                                    303
GET    /w/{key}/priorities                              200
POST   /w/{key}/priorities                              303
GET    /w/{key}/questions                               200
POST   /w/{key}/questions                               422
GET    /w/{key}/questions/{question_id}                 200
POST   /w/{key}/questions/{question_id}                 422
GET    /w/{key}/report                                  200
POST   /w/{key}/report                                  303
GET    /w/{key}/report/record.json                      200
POST   /w/{key}/report/{report_id}/again                303
GET    /w/{key}/report/{report_id}/file                 200
GET    /w/{key}/roadmap                                 200
POST   /w/{key}/roadmap/actions                         303
POST   /w/{key}/roadmap/actions/{number}                303
GET    /w/{key}/roadmap/actions/{number}/link           200
POST   /w/{key}/roadmap/actions/{number}/link           303
POST   /w/{key}/roadmap/actions/{number}/take-off       303
POST   /w/{key}/roadmap/dissent                         303
POST   /w/{key}/roadmap/dissent/{number}/take-back      303
POST   /w/{key}/roadmap/open-again                      409
POST   /w/{key}/roadmap/screen                          303
GET    /w/{key}/roadmap/sign-off                        200
POST   /w/{key}/roadmap/sign-off                        422
POST   /w/{key}/roadmap/wishes                          303
GET    /w/{key}/robustness                              200
GET    /w/{key}/screen                                  200
POST   /w/{key}/start                                   303
POST   /w/{key}/teaching                                303

leads and is signed in
POST   /w/{key}/copy                                    303
GET    /w/{key}/erase                                   200
POST   /w/{key}/erase                                   422
POST   /w/{key}/leaders                                 303
POST   /w/{key}/leaders/{number}/remove                 303

leads and may mail
POST   /w/{key}/follow-up/remind                        303
POST   /w/{key}/roadmap/actions/{number}/mail           303

is signed in
GET    /workshops                                       200
GET    /workshops/learning                              200
GET    /workshops/new                                   200
GET    /workshops/new/{questionnaire_id}                200
POST   /workshops/new/{questionnaire_id}                303

leads, live
GET    /live/{kind=chair}/{key}                         200
GET    /live/{kind=chair}/{key}/stream                  200

has the screen
GET    /screen/{key}                                    200
GET    /live/{kind=screen}/{key}                        200
GET    /live/{kind=screen}/{key}/stream                 200

sits there
GET    /r/{key}                                         200
POST   /r/{key}                                         303
POST   /r/{key}/code                                    200
POST   /r/{key}/votes                                   200
GET    /live/{kind=seat}/{key}                          200
GET    /live/{kind=seat}/{key}/stream                   200

is invited
GET    /i/{key}                                         200
POST   /i/{key}                                         303

owns the action
GET    /o/{key}                                         200
POST   /o/{key}                                         303

anybody
GET    /j                                               200
POST   /j                                               303
GET    /j/{code}                                        200
POST   /j/{code}                                        404
POST   /j/{code}/return                                 404
"""
LEAD = "/sign-in?next="


@dataclass(frozen=True)
class Rule:
    """What the table says of a route."""

    name: str
    status: int

    def cell(self, who: str) -> str:
        others = OTHERS.get(self.name, ("404", "404"))[who not in LINKS]
        return RULES[self.name].get(who, others)

    def expected(self, who: str, method: str) -> int:
        cell = self.cell(who)
        if cell.isdecimal():
            return int(cell)
        return self.status if cell == "yes" else 303 if method == "GET" else 403


def read_table() -> dict[tuple[str, str], Rule]:
    found: dict[tuple[str, str], Rule] = {}
    name = ""
    for line in filter(None, ROUTES.splitlines()):
        if line in RULES:
            name = line
            continue
        method, path, status = line.split()
        assert (method, path) not in found, f"{method} {path} is there twice"
        found[method, path] = Rule(name, int(status))
    return found


TABLE = read_table()
KEYED = [(method, route) for method, route in TABLE if "{key}" in route]
WITHIN = [(method, route) for method, route in KEYED if route.startswith("/w/") and route.count("{") > 1]


def routes_here() -> set[tuple[str, str]]:
    """Method and path of all routes of this table, as they are declared."""
    return {(method, re.sub(r"=\w+\}", "}", route)) for method, route in TABLE}


@pytest.fixture(scope="module", params=BOTH)
def built(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[World]:
    with serving_world(request.param, tmp_path_factory.mktemp("two-workshops"), sqlite_template) as world:
        yield world


@pytest.fixture
def world(built: World) -> World:
    built.put_back()
    return built


@pytest.mark.parametrize("who", [*PEOPLE, *LINKS])
def test_everybody_reaches_what_the_table_says_and_no_more(world: World, who: str) -> None:
    wrong = {}
    for (method, route), rule in TABLE.items():
        asked = workshop_visitors.request(world, who, method, route)
        answer = asked.send(world.client)
        if answer.status_code < 400 and method != "GET":
            world.put_back()
        expected = rule.expected(who, method)
        if answer.status_code != expected:
            wrong[f"{method} {route}"] = (expected, answer.status_code)
        if expected == 303 and rule.cell(who) == "sign-in":
            assert answer.headers["location"].startswith(LEAD)
        assert world.theirs.mark not in answer.text if who != "stranger" else True, (method, route)
        if rule.cell(who) in ("404", "sign-in") or who == "stranger":
            assert world.ours.mark not in answer.text, (method, route, answer.text)
        # What people are called stands where the seats are, and nowhere near what was said.
        assert NICKNAME not in answer.text or "/people" in route, (method, route)

    assert not wrong


@pytest.mark.parametrize("who", [*PEOPLE, *LINKS])
def test_what_is_not_theirs_is_told_like_what_is_not_there(world: World, who: str) -> None:
    """Who holds a link can only guess another one; who is signed in tries the number of another workshop."""
    differ = {}
    # 'stranger' leads the other workshop: to them it is ours that is another's.
    other = "own" if who == "stranger" else "other"
    for method, route in KEYED:
        replies = []
        for which in ("absent",) if who in LINKS else (other, "absent"):
            asked = workshop_visitors.request(world, who, method, route, key=which, what=which)
            answer = asked.send(world.client)
            replies.append((answer.status_code, asked.plain(answer.text)))
            assert answer.status_code >= 400 or LEAD in answer.headers["location"], (method, route, which)
            assert (world.ours if who == "stranger" else world.theirs).mark not in answer.text, (method, route)
        if replies[0] != replies[-1]:
            differ[f"{method} {route}"] = replies

    assert not differ
    assert world.rows() == world.rows(then=True)


@pytest.mark.parametrize("who", ["chair", "leader", "helper"])
def test_who_leads_one_workshop_finds_nothing_of_another_under_it(world: World, who: str) -> None:
    """Seats, invitations, actions, dissent and questions of another workshop, by their numbers."""
    differ = {}
    for method, route in WITHIN:
        replies = []
        for which in ("other", "absent"):
            asked = workshop_visitors.request(world, who, method, route, what=which)
            answer = asked.send(world.client)
            # A refusal leads back to the form of the number that was sent.
            replies.append((answer.status_code, re.sub(r'href="#\d+', 'href="#', asked.plain(answer.text))))
            assert 400 <= answer.status_code < 500, (method, route, which, answer.text)
            assert world.theirs.mark not in answer.text, (method, route)
        if replies[0] != replies[1]:
            differ[f"{method} {route}"] = replies

    assert not differ
    assert world.rows() == world.rows(then=True)
