"""The roadmap of a room: actions of the library and of its own for the agreed gaps, saved one by one."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.settings import Settings
from tests.app.roadmap_room import CLOSE, COORDINATION, LAW, NAME_BODY, WRITE, Roadmap, a_roadmap


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"definitions": Settings.model_fields["definitions"].default})


@pytest.fixture
def roadmap(client: TestClient, app: FastAPI) -> Roadmap:
    return a_roadmap(client, app)


def test_without_agreed_gaps_the_page_says_what_to_do_first(client: TestClient, app: FastAPI) -> None:
    there = a_roadmap(client, app, agreed=False)
    page = there.get()

    assert "none are agreed yet" in page
    assert f"/w/{there.chair}/priorities" in page
    assert "in the room’s own words" not in page
    assert there.post("/actions", question=LAW, title="Try").status_code == 409


def test_the_library_offers_what_leads_from_the_settled_level_towards_the_target(roadmap: Roadmap) -> None:
    page = roadmap.get()

    assert f'value="{WRITE}"' in page
    assert f'value="{CLOSE}"' in page
    assert 'value="fs-seek-acceptance-of-rules"' not in page  # from level 4 on, which is the target


def test_an_action_of_the_library_is_taken_on_with_its_first_step_and_measure(roadmap: Roadmap) -> None:
    roadmap.take_on(WRITE)
    (row,) = roadmap.actions()

    assert (row.action_id, row.question_id) == (WRITE, LAW)
    assert row.first_step.startswith("The ministry in charge of food names one lawyer")
    assert row.measure.startswith("Products of this value chain")
    page = roadmap.get()
    assert "Put a food act and product rules into force" in page
    assert f'value="{WRITE}"' not in page  # no longer offered
    assert roadmap.post("/actions", action=WRITE).status_code == 409


def test_an_action_of_the_rooms_own_gets_owner_day_first_step_and_measure(roadmap: Roadmap) -> None:
    number = roadmap.write_own(LAW, "Ask parliament")
    saved = roadmap.fill(
        number, title="Ask parliament", owner="Asha", owner_email=" Asha@Example.org ", group="government",
        first_step="Write to the speaker", measure="A date for the reading",
    )  # fmt: skip

    assert saved.status_code == 303
    (row,) = roadmap.actions()
    assert (row.title, row.owner, row.owner_email, row.group_id, row.due) == (
        "Ask parliament", "Asha", "asha@example.org", "government", "2027-06-30",
    )  # fmt: skip
    assert (row.first_step, row.measure) == ("Write to the speaker", "A date for the reading")
    assert "Foundation · written in the room" in re.sub(r"\s+", " ", roadmap.get())


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("owner_email", "asha", "Enter an e-mail address in full"),
        ("due", "30.6.2027", "Write the day as year-month-day"),
        ("due", "1026-01-01", "Enter a day of this century."),
        ("group", "marines", "Choose one of the groups"),
        ("title", " ", "Say in a few words"),
        ("owner", "x" * 201, "longer than 200 characters"),
        ("measure", "x" * 501, "longer than 500 characters"),
    ],
)
def test_a_mistake_is_said_at_its_field_and_nothing_that_was_typed_is_lost(
    roadmap: Roadmap, field: str, typed: str, said: str
) -> None:
    number = roadmap.write_own(LAW, "Ask parliament")
    reply = roadmap.fill(number, **{"title": "Ask parliament", "first_step": "Write a letter"} | {field: typed})

    assert reply.status_code == 422
    assert said in reply.text
    assert f'href="#{number}.{field}"' in reply.text
    assert 'value="Write a letter"' in reply.text
    assert roadmap.actions()[0].first_step == ""


def test_an_action_is_taken_off_again(roadmap: Roadmap) -> None:
    number = roadmap.take_on(WRITE)

    assert roadmap.post(f"/actions/{number}/take-off").status_code == 303
    assert not roadmap.actions()
    assert roadmap.post(f"/actions/{number}/take-off").status_code == 409


def test_a_page_that_is_out_of_date_changes_nothing_and_keeps_what_was_typed(roadmap: Roadmap) -> None:
    seen = roadmap.row().seq
    number = roadmap.take_on(WRITE)
    reply = roadmap.client.post(f"{roadmap.link}/actions/{number}?seen={seen}", data={"owner": "Asha"})

    assert reply.status_code == 409
    assert "has moved on" in reply.text
    assert 'value="Asha"' in reply.text
    assert roadmap.actions()[0].owner == ""


def test_what_is_needed_before_is_shown_with_its_reason_and_taken_on_with_one_tap(roadmap: Roadmap) -> None:
    number = roadmap.take_on(CLOSE)
    page = roadmap.get()

    assert "Needed before" in page
    for need in (WRITE, NAME_BODY):
        assert f'<button class="button second" name="action" value="{need}">Take on' in page
    assert re.search(rf'Needed by:\s+<a href="#action-{number}"', page)
    assert "The room has not settled where it stands on this" in page

    roadmap.take_on(WRITE)
    roadmap.take_on(NAME_BODY)
    page = roadmap.get()
    assert "Take on" not in page
    assert "Needed before, for no gap of its own" in page
    assert "After:" in page


def test_a_day_before_what_comes_first_is_said_in_words(roadmap: Roadmap) -> None:
    first, second = roadmap.take_on(WRITE), roadmap.take_on(CLOSE)
    roadmap.fill(first, due="2029-01-31")
    roadmap.fill(second, due="2028-12-31")
    page = re.sub(r"\s+", " ", roadmap.get())

    assert "Days that do not fit" in page
    assert "due on December 31, 2028, but it needs “Put a food act and product rules into force” first" in page
    assert "which is due only on January 31, 2029" in page
    assert "but with what it needs first it takes until about" in page


def test_reach_and_days_change_what_the_roadmap_costs_and_when(roadmap: Roadmap) -> None:
    roadmap.take_on(WRITE)
    assert "15,000–45,000" in roadmap.get()
    assert roadmap.post("/wishes", size="large", days="30").status_code == 303

    page = roadmap.get()
    assert "40,000–150,000" in page
    assert "more days than the room has said it can give" in page
    assert roadmap.post("/wishes", size="huge", days="").status_code == 422
    refused = roadmap.post("/wishes", size="small", days="many")
    assert refused.status_code == 422
    assert "Enter a number" in refused.text


def test_markup_in_any_text_is_shown_as_it_was_typed(roadmap: Roadmap) -> None:
    evil = "<script>alert(1)</script>"
    number = roadmap.write_own(COORDINATION, f"A {evil}")
    roadmap.fill(number, title=f"A {evil}", owner=f"O {evil}", first_step=f"F {evil}", measure=f"M {evil}")
    page = roadmap.get()

    assert evil not in page
    for start in "AOFM":
        assert f"{start} &lt;script&gt;" in page
