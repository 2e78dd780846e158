"""Who is let in where: every route, every kind of visitor, things of their own, of another firm, and absent ones.

`test_workshop_access.py` and `test_programme_access.py` hold the same for workshops and programmes.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.app import visitors
from tests.app.routes import every_route
from tests.app.test_programme_access import routes_of_programmes
from tests.app.test_workshop_access import routes_here
from tests.app.visitors import World, build_world
from tests.conftest import BOTH, migrated, postgresql_database

# yes: the status of the route. sign-in: asked to sign in first (pages lead there, forms and the API refuse). no: told
# that it is not for them. 404: it might as well not be there. scope: pages take no token; in the API one with the
# scope 'read' does what its person may, where that is enough.
WHO = """
               anonymous  link  colleague  revoked  respondent  manager  stranger  token  disabled
answerers      sign-in    yes   yes        404      yes         yes      404       scope  sign-in
managers       sign-in    yes   no         404      no          yes      404       scope  sign-in
holders        sign-in    yes  no         404      no          404      404       scope  sign-in
named          sign-in    no    yes        404      no          no       404       scope  sign-in
firm           sign-in    sign-in sign-in  sign-in  yes         yes      404       scope  sign-in
firm-managers  sign-in    sign-in sign-in  sign-in  no          yes      404       scope  sign-in
person         sign-in    sign-in sign-in  sign-in  yes         yes      yes       scope  sign-in
owner          sign-in    sign-in sign-in  sign-in  404         yes      404       scope  sign-in
tokens         sign-in    sign-in sign-in  sign-in  404         404      404       yes    sign-in
anybody        yes        yes   yes        yes      yes         yes      yes       scope  yes
"""
# The link is an assessment's own, of the firm's manager; the colleague answers one section, and 'revoked' did until
# the link was taken back. 'stranger' manages another firm. 'token' is the manager's, for reading only; 'disabled' has a
# role and a session in a closed account. Then, for each rule, its routes, what whoever is let in gets for the request
# that is sent here, and for the API the scope a token needs.
ROUTES = """
answerers
GET    /a/{key}                                                           200
POST   /a/{key}/differences/{number}                                      303
GET    /a/{key}/evidence/{question_id}                                    200
POST   /a/{key}/evidence/{question_id}                                    303
GET    /a/{key}/evidence/{question_id}/{number}                           200
POST   /a/{key}/evidence/{question_id}/{number}/remove                    303
GET    /a/{key}/history/{question_id}                                     200
GET    /a/{key}/pages                                                     200
GET    /a/{key}/sections/{section_id}                                     200
POST   /a/{key}/sections/{section_id}                                     303
GET    /a/{key}/sections/{section_id}/check                               200
POST   /a/{key}/sections/{section_id}/last-time                           303
GET    /a/{key}/self/evidence/{number}                                    404
GET    /a/{key}/visit                                                     404
GET    /api/v1/assessments/{key}                                          200 read
GET    /api/v1/assessments/{key}/answers                                  200 read
PUT    /api/v1/assessments/{key}/answers/{question}                       412 answer
POST   /api/v1/assessments/{key}/answers:batch                            200 answer
GET    /api/v1/assessments/{key}/conflicts                                200 read
POST   /api/v1/assessments/{key}/conflicts/{number}                       200 answer
GET    /api/v1/assessments/{key}/evidence                                 200 read
DELETE /api/v1/assessments/{key}/evidence/{number}                        204 answer
GET    /api/v1/assessments/{key}/evidence/{number}                        200 read
POST   /api/v1/assessments/{key}/questions/{question_id}/evidence         201 answer
GET    /api/v1/assessments/{key}/questions/{question}/history             200 read
GET    /api/v1/assessments/{key}/sections/{section}/last-time             200 read
POST   /api/v1/assessments/{key}/sections/{section}/last-time             200 answer

managers
GET    /a/{key}/again                                                     200
POST   /a/{key}/again                                                     303
GET    /a/{key}/check                                                     200
GET    /a/{key}/colleagues                                                200
POST   /a/{key}/colleagues                                                303
GET    /a/{key}/colleagues/{number}                                       200
POST   /a/{key}/colleagues/{number}/link                                  303
POST   /a/{key}/colleagues/{number}/sections                              303
POST   /a/{key}/colleagues/{number}/take-back                             303
GET    /a/{key}/move                                                      200
POST   /a/{key}/move                                                      409
GET    /a/{key}/moves/{number}                                            200
GET    /a/{key}/moves/{number}/left-behind.csv                            200
POST   /a/{key}/plan                                                      303
GET    /a/{key}/profile                                                   200
POST   /a/{key}/profile                                                   303
GET    /a/{key}/progress                                                  200
GET    /a/{key}/progress/{action_id}                                      200
POST   /a/{key}/progress/{action_id}                                      422
GET    /a/{key}/reopen                                                    200
POST   /a/{key}/reopen                                                    303
POST   /a/{key}/reports                                                   303
GET    /a/{key}/reports/{report_id}                                       200
POST   /a/{key}/reports/{report_id}/again                                 303
GET    /a/{key}/reports/{report_id}/file                                  200
GET    /a/{key}/results                                                   200
GET    /a/{key}/submissions                                               200
GET    /a/{key}/submissions/{number}                                      200
POST   /a/{key}/submit                                                    303
GET    /a/{key}/workshop                                                  200
POST   /a/{key}/workshop                                                  422
POST   /a/{key}/workshop/{workshop_id}/back                               303
GET    /api/v1/assessments/{key}/actions                                  200 read
GET    /api/v1/assessments/{key}/actions/{action}                         200 read
PUT    /api/v1/assessments/{key}/actions/{action}                         412 manage
POST   /api/v1/assessments/{key}/again                                    201 manage
GET    /api/v1/assessments/{key}/move                                     200 read
POST   /api/v1/assessments/{key}/move                                     409 manage
GET    /api/v1/assessments/{key}/moves                                    200 read
GET    /api/v1/assessments/{key}/moves/{number}                           200 read
GET    /api/v1/assessments/{key}/plan                                     200 read
PUT    /api/v1/assessments/{key}/plan                                     412 manage
GET    /api/v1/assessments/{key}/profile                                  200 read
PUT    /api/v1/assessments/{key}/profile                                  412 manage
POST   /api/v1/assessments/{key}/reopen                                   200 manage
GET    /api/v1/assessments/{key}/reports                                  200 read
POST   /api/v1/assessments/{key}/reports                                  201 manage
GET    /api/v1/assessments/{key}/reports/{number}                         200 read
GET    /api/v1/assessments/{key}/reports/{number}/file                    200 read
GET    /api/v1/assessments/{key}/respondents                              200 read
POST   /api/v1/assessments/{key}/respondents                              201 manage
DELETE /api/v1/assessments/{key}/respondents/{number}                     204 manage
GET    /api/v1/assessments/{key}/respondents/{number}                     200 read
PUT    /api/v1/assessments/{key}/respondents/{number}                     412 manage
POST   /api/v1/assessments/{key}/respondents/{number}/link                200 manage
GET    /api/v1/assessments/{key}/results                                  200 read
GET    /api/v1/assessments/{key}/submissions                              200 read
GET    /api/v1/assessments/{key}/submissions/{number}                     200 read
POST   /api/v1/assessments/{key}/submit                                   409 manage

holders
POST   /a/{key}/return-link                                               303

named
POST   /a/{key}/name                                                      303
PUT    /api/v1/assessments/{key}/name                                     204 answer

firm
GET    /firms/{number}                                                    200
GET    /api/v1/firms/{number}                                             200 read
GET    /api/v1/firms/{number}/assessments                                 200 read

firm-managers
POST   /a/{key}/keep                                                      303
GET    /firms/{number}/erase                                              200
POST   /firms/{number}/erase                                              303
GET    /firms/{number}/export                                             200
GET    /firms/{number}/particulars                                        200
POST   /firms/{number}/particulars                                        303
POST   /firms/{number}/people                                             303
POST   /firms/{number}/people/remove                                      303
PATCH  /api/v1/firms/{number}                                             412 manage
POST   /api/v1/firms/{number}/erase                                       204 manage
GET    /api/v1/firms/{number}/export                                      200 read
GET    /api/v1/firms/{number}/people                                      200 read
POST   /api/v1/firms/{number}/people                                      201 manage
DELETE /api/v1/firms/{number}/people/{user}                               204 manage
GET    /api/v1/firms/{number}/people/{user}                               200 read
POST   /api/v1/firms/{number}/assessments                                 201 manage

person
GET    /account                                                           200
POST   /account                                                           303
GET    /account/close                                                     200
POST   /account/close                                                     422
GET    /account/tokens                                                    200
POST   /account/tokens                                                    422
GET    /account/password                                                  200
POST   /account/password                                                  422
POST   /account/password/remove                                           303
POST   /account/sessions/end                                              303
POST   /account/sessions/{number}/end                                     303
GET    /firms                                                             200
GET    /firms/new                                                         200
POST   /firms/new                                                         303
GET    /api/v1/firms                                                      200 read
POST   /api/v1/firms                                                      201 manage
GET    /api/v1/me                                                         200 read

owner
POST   /account/tokens/{number}/end                                       303

tokens
DELETE /api/v1/me/token                                                   204 read

anybody
GET    /                                                                  200
GET    /api                                                               200
GET    /healthz                                                           200
GET    /help                                                              200
POST   /language                                                          303
GET    /manifest.webmanifest                                              200
GET    /offline                                                           200
GET    /outbox                                                            404
GET    /readyz                                                            503
GET    /sign-in                                                           200
POST   /sign-in                                                           303
GET    /sign-in/code                                                      303
POST   /sign-in/code                                                      422
GET    /sign-in/link/{code}                                               200
GET    /sign-in/password                                                  200
POST   /sign-in/password                                                  422
POST   /sign-out                                                          303
GET    /signed-out                                                        200
GET    /start/{questionnaire_id}                                          200
POST   /start/{questionnaire_id}                                          303
GET    /sw.js                                                             200
POST   /api/v1/assessments                                                201 manage
GET    /api/v1/openapi.json                                               200 none
GET    /api/v1/questionnaires                                             200 none
GET    /api/v1/questionnaires/{id}                                        200 none
"""


@dataclass(frozen=True)
class Rule:
    """What the table says of a route."""

    name: str
    cells: dict[str, str]
    status: int
    scope: str

    def expected(self, who: str, method: str, route: str) -> int:
        is_api = route.startswith("/api/")
        cell = self.cells[who]
        if cell == "scope":
            if is_api and self.scope not in ("read", "none"):
                return 403
            cell = self.cells["manager" if is_api else "anonymous"]
        asked = 401 if is_api else 303 if method == "GET" else 403
        return {"yes": self.status, "sign-in": asked, "no": 403, "404": 404}[cell]


def read_table() -> dict[tuple[str, str], Rule]:
    header, *rows = [line.split() for line in WHO.strip().splitlines()]
    rules = {name: dict(zip(header, cells, strict=True)) for name, *cells in rows}
    found, name = {}, ""
    for line in filter(None, ROUTES.splitlines()):
        if line in rules:
            name = line
            continue
        method, path, status, *scope = line.split()
        assert (method, path) not in found, f"{method} {path} is there twice"
        found[method, path] = Rule(name, rules[name], int(status), "".join(scope))
    return found


TABLE = read_table()
VISITORS = WHO.split("\n")[1].split()
KEYED = [(m, r) for m, r in TABLE if "{key}" in r]
# Submissions are counted within their assessment: those of another have no number there.
WITHIN = [
    (method, route)
    for method, route in TABLE
    if re.search(r"\{key\}.*\{|/\w+/\{number\}", route) and not re.search("/submissions/", route)
]
LEAD = "/sign-in?next="


@pytest.fixture(scope="module", params=BOTH)
def built(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("two-firms")
    with ExitStack() as open_until_then:
        if request.param == "sqlite":
            url = f"sqlite:///{shutil.copyfile(sqlite_template, folder / 'world.db')}"
        else:
            url = migrated(open_until_then.enter_context(postgresql_database()))
        world = build_world(folder, url)
        assert world.kept is not None
        open_until_then.callback(world.kept.close)
        with world.client:
            yield world


@pytest.fixture
def world(built: World) -> World:
    built.put_back()
    return built


def test_every_route_is_in_the_table_and_nothing_else(app: FastAPI) -> None:
    routes, others = set(every_route(app)), routes_here() | routes_of_programmes()

    assert not routes - set(TABLE) - others, "say in one of the three tables who is let in"
    assert not (set(TABLE) | others) - routes
    assert not set(TABLE) & others
    assert not routes_here() & routes_of_programmes()


@pytest.mark.parametrize("who", VISITORS)
def test_everybody_reaches_what_the_table_says_and_no_more(world: World, who: str) -> None:
    wrong = {}
    for (method, route), rule in TABLE.items():
        asked = visitors.request(world, who, method, route)
        answer = asked.send(world.client)
        if answer.status_code < 400 and method != "GET":
            world.put_back()
        expected = rule.expected(who, method, route)
        if answer.status_code != expected:
            wrong[f"{method} {route}"] = (expected, answer.status_code)
        if expected == 303 and rule.cells[who] == "sign-in":
            assert answer.headers["location"].startswith(LEAD)
        assert world.theirs.mark not in answer.text if who != "stranger" else True, (method, route)
        if who == "stranger" or expected != rule.status:
            assert world.ours.mark not in answer.text, (method, route, answer.text)

    assert not wrong


def others_for(who: str) -> tuple[str, ...]:
    """Who holds a link can only guess another one: to them, another firm's is one that is not there."""
    if who in visitors.HOLDERS:
        return ("absent",)
    return ("own" if who == "stranger" else "other", "absent")


@pytest.mark.parametrize("who", VISITORS)
def test_what_is_not_theirs_is_told_like_what_is_not_there(world: World, who: str) -> None:
    differ = {}
    for method, route in KEYED:
        replies = []
        for which in others_for(who):
            asked = visitors.request(world, who, method, route, key=which, what=which)
            answer = asked.send(world.client)
            replies.append((answer.status_code, asked.plain(answer.text)))
            assert answer.status_code >= 400 or LEAD in answer.headers["location"], (method, route, which)
            marks = world.ours.mark if who == "stranger" else world.theirs.mark
            assert marks not in answer.text, (method, route)
        if replies[0] != replies[-1]:
            differ[f"{method} {route}"] = replies

    assert not differ
    assert world.rows() == world.rows(then=True)


@pytest.mark.parametrize("who", ["link", "colleague", "manager"])
def test_things_of_another_firm_are_not_found_under_ones_own(world: World, who: str) -> None:
    differ = {}
    for method, route in WITHIN:
        replies = []
        for which in ("other", "absent"):
            asked = visitors.request(world, who, method, route, what=which)
            answer = asked.send(world.client)
            replies.append((answer.status_code, asked.plain(answer.text)))
            assert answer.status_code in (303, 401, 403, 404), (method, route, which, answer.text)
            assert world.theirs.mark not in answer.text, (method, route)
        if replies[0] != replies[1]:
            differ[f"{method} {route}"] = replies

    assert not differ
    # Whoever tried to answer is known as somebody who answers; all else is as it was.
    assert not set(world.rows(then=True)) - set(world.rows())
