"""Commands to a workshop that no page sends: from a page out of date, and with texts that are meant to hurt."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.app import workshop_visitors
from tests.app.test_workshop_access import RULES, TABLE
from tests.app.workshop_visitors import World, serving_world
from tests.conftest import BOTH

COMMANDS = [(method, route) for method, route in TABLE if method == "POST"]
LEADING = [route for _, route in COMMANDS if route.startswith("/w/{key}")]
# After these others would only be told that it is over.
ENDS = re.compile(r"/(end|start|remove|take-off|take-back|sign-off)$")
# What forms of these pages are called; each is tried with each text.
NAMES = (
    "name", "place", "country", "day", "language", "door", "code", "p", "group", "nickname", "personal_code", "guests",
    "count", "do", "what", "page", "question", "part", "minutes", "level", "note", "again", "on", "sheets", "title",
    "first_step", "measure", "owner", "owner_email", "due", "action", "about", "text", "reason", "groups", "size",
    "days", "state", "seen", "kind", "teaches", "link", "where", "round", "group.0", "group-id.0", "title.0",
    "minutes.0", "a.food_safety.law", "urgency.food_safety.law", "best.1", "worst.1", "target.food_safety.law",
)  # fmt: skip
TEXTS = {
    "NUL": "a\x00b",
    "controls": "\x1b[2J\x07\r\nx",
    "half a character": "\udcff",
    "turns": "\u202e\u2066\ufffe\U0010ffff",
    "long": "long " * 40_000,
    "digits": "9" * 5_000,
    "other digits": "٣",
    "negative": "-1",
    "markup": "<b>{{ 7*7 }}</b>%s%(x)s",
}


@pytest.fixture(scope="module", params=BOTH)
def built(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[World]:
    with serving_world(request.param, tmp_path_factory.mktemp("requests"), sqlite_template) as world:
        yield world


@pytest.fixture
def world(built: World) -> World:
    built.put_back()
    return built


def who_may(route: str) -> str:
    return next((who for who, cell in RULES[TABLE["POST", route].name].items() if cell == "yes"), "anonymous")


def test_a_page_out_of_date_commands_nothing(world: World) -> None:
    """Whatever is pressed on it: refused, and all is as it was."""
    done = {}
    for route in LEADING:
        asked = workshop_visitors.request(world, "leader", "POST", route)
        answer = replace(asked, path=f"{asked.path}?seen=1").send(world.client)
        if answer.status_code not in (409, 422):  # what has a mistake as well may be told of that first
            done[route] = answer.status_code

    assert not done
    assert world.rows() == world.rows(then=True)


@pytest.mark.parametrize("text", TEXTS)
def test_no_text_is_an_error_of_the_service(world: World, text: str) -> None:
    failed = {}
    for method, route in COMMANDS:
        asked = workshop_visitors.request(world, who_may(route), method, route)
        for names in ([*asked.more.get("data", ())], NAMES):
            form = asked.more.get("data", {}) | dict.fromkeys(names, TEXTS[text])
            sent = {name: value.encode("utf-8", "surrogateescape") for name, value in form.items()}
            answer = replace(asked, more={"data": sent}).send(world.client)
            if answer.status_code >= 500:
                failed[f"{method} {route} {names[:1]}"] = answer.status_code
        if ENDS.search(route):
            world.put_back()

    assert not failed
