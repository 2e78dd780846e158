"""Planning a workshop: from the list to the start, every mistake said beside its field; copies and templates."""

import re

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app.database import Database
from tests.people import sign_in

NEW = "/workshops/new/tiny"


@pytest.fixture
def leader(client: TestClient, database: Database) -> TestClient:
    sign_in(client, database, "aisha@example.org")
    return client


def fields_of(shown: Response) -> dict[str, list[str]]:
    """What the browser would send of the page's main form as it stands."""
    form = shown.text.partition('<main id="main"')[2].partition("</main>")[0]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, kind = re.search(r'name="([^"]+)"', tag), re.search(r'type="([^"]+)"', tag)
        if name is None or (kind and kind[1] in ("radio", "checkbox") and " checked" not in tag):
            continue
        value = re.search(r'value="([^"]*)"', tag)
        sent.setdefault(name[1], []).append(value[1] if value else "on")
    return sent


def planned(leader: TestClient, **changed: object) -> Response:
    sent = fields_of(leader.get(NEW)) | {"name": ["Harbour round"]}
    return leader.post(NEW, data=sent | {name.replace("__", "."): value for name, value in changed.items()})


def test_a_plan_with_nothing_but_a_name_is_ready_to_start(leader: TestClient) -> None:
    home = planned(leader)
    assert home.status_code == 200
    assert "People from industry" in home.text
    assert "10 gaps on the short list, 5 places that matter" in home.text
    assert "Harbour round" in leader.get("/workshops").text
    seen = re.search(r"/start\?seen=(\d+)", home.text)
    assert seen
    started = leader.post(f"{home.url.path}/start?seen={seen[1]}", data={"go": ""}, follow_redirects=False)
    assert started.headers["location"] == f"{home.url.path}/control"
    assert leader.get(f"{home.url.path}/plan").url.path == home.url.path


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name": " "}, "Enter a name for the workshop."),
        ({"part": []}, "Choose at least one section to ask."),
        ({"day": "22/11/2026"}, "Write the day as year-month-day"),
        ({"group__0": "", "group__1": ""}, "Name at least one group"),
        ({"group-id__1": "industry"}, "Name at least one group"),
        ({"minutes__0": "0"}, "Each line of the agenda needs a title and 1 to 480 minutes."),
        ({"title__0": ""}, "Each line of the agenda needs a title and 1 to 480 minutes."),
        ({"shortlist": "7"}, "Enter a number from 8 to 15."),
        ({"shortlist": "8.5"}, "Enter a number from 8 to 15."),
        ({"settled": "x"}, "Enter a number from 1 to 30."),
        ({"shortlist": "8", "top": "8"}, "The top places must be fewer than the gaps on the short list."),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_typed_is_lost(
    leader: TestClient, changed: dict[str, object], says: str
) -> None:
    shown = planned(leader, place="Penang, hall 2", **changed)
    assert shown.status_code == 422
    assert says in shown.text
    assert "Penang, hall 2" in shown.text
    assert "You need a screen" in leader.get("/workshops").text


def test_rules_are_kept_as_they_were_typed_and_shown_again(leader: TestClient) -> None:
    home = planned(leader, shortlist="12", least_change="20", agreement="0,6", screens="6")
    assert "12 gaps on the short list" in home.text
    again = fields_of(leader.get(f"{home.url.path}/plan"))
    assert (again["least_change"], again["agreement"], again["screens"]) == (["20"], ["0.6"], ["6"])


def test_a_stale_plan_is_refused_and_says_so(leader: TestClient) -> None:
    home = planned(leader)
    path = f"{home.url.path}/plan"
    sent = fields_of(leader.get(path))
    assert leader.post(f"{path}?seen=1", data=sent | {"name": "First"}).status_code == 200
    late = leader.post(f"{path}?seen=1", data=sent | {"name": "Second"})
    assert late.status_code == 409
    assert "The workshop has moved on since this page was shown." in late.text
    assert "First" in leader.get("/workshops").text


def test_a_template_is_copied_with_its_groups_and_rules_and_without_its_day(leader: TestClient) -> None:
    home = planned(leader, group__2="Universities", shortlist="9", day="2026-12-01")
    leader.post(f"{home.url.path}/copy?seen=1", data={"kind": "template"})
    listed = leader.get("/workshops").text
    template = re.findall(r'action="(/w/\d+/copy)"', listed)
    assert len(template) == 1
    copied = leader.post(template[0], data={"kind": "new"})
    sent = fields_of(copied)
    assert (sent["group.2"], sent["shortlist"], sent["day"], sent["name"]) == (
        ["Universities"],
        ["9"],
        [""],
        ["Harbour round"],
    )


def test_asking_again_after_half_a_year_needs_agreed_gaps(leader: TestClient) -> None:
    home = planned(leader)
    refused = leader.post(f"{home.url.path}/copy?seen=1", data={"kind": "again"})
    assert refused.status_code == 409
    assert "No priorities were agreed in this workshop" in refused.text


def test_a_stranger_finds_no_workshop_of_others(leader: TestClient, database: Database) -> None:
    path = planned(leader).url.path
    leader.cookies.clear()
    assert leader.get("/workshops").url.path == "/sign-in"
    sign_in(leader, database, "stranger@example.org")
    assert leader.get(path).status_code == 404
    assert leader.post(f"{path}/start?seen=1", data={"go": ""}).status_code == 404
