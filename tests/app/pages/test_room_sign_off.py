"""Dissent by group, signing off, what stands then, opening again, and the roadmap on the projector."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.settings import Settings
from assessment.tables import WorkshopEvent
from tests.app.roadmap_room import EQUIPMENT, LAW, WRITE, Roadmap, a_roadmap

SIGN = "/sign-off"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"definitions": Settings.model_fields["definitions"].default})


@pytest.fixture
def roadmap(client: TestClient, app: FastAPI) -> Roadmap:
    return a_roadmap(client, app)


@pytest.fixture
def signed(roadmap: Roadmap) -> Roadmap:
    number = roadmap.take_on(WRITE)
    roadmap.fill(number, owner="Asha", owner_email="asha@example.org", due="2029-01-31")
    roadmap.post("/dissent", group="industry", about=f"action:{number}", text="Too slow for us.")
    assert roadmap.post(SIGN, groups=["industry", "government"], text="For two years").status_code == 303
    return roadmap


def events(roadmap: Roadmap, kind: str) -> list[WorkshopEvent]:
    with roadmap.database.reader() as session:
        query = select(WorkshopEvent).where(WorkshopEvent.workshop_id == roadmap.id, WorkshopEvent.kind == kind)
        found = list(session.scalars(query.order_by(WorkshopEvent.seq)))
        session.expunge_all()
        return found


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_dissent_is_taken_down_by_group_with_an_action_a_gap_or_the_whole(roadmap: Roadmap) -> None:
    number = roadmap.take_on(WRITE)
    for about, text in ((f"action:{number}", "Too slow."), (f"gap:{LAW}", "Not first."), ("", "Who pays?")):
        assert roadmap.post("/dissent", group="industry", about=about, text=text).status_code == 303
    page = words(roadmap.get(SIGN))

    assert "Industry · Put a food act and product rules into force Too slow." in page
    assert re.search(r"Industry · [^·]+\? Not first\.", page)
    assert "with the roadmap as a whole Who pays?" in page
    roadmap.post("/dissent/3/take-back")
    assert "Who pays?" not in roadmap.get(SIGN)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"group": "", "text": "No."}, "Choose the group that does not go along."),
        ({"group": "industry", "text": " "}, "Write down why, in the words of the group."),
        ({"group": "industry", "text": "No.", "about": "gap:moon"}, "Choose what the group does not go along with."),
        ({"group": "industry", "text": "No.", "about": "action:99"}, "There is no such action in this roadmap"),
    ],
)
def test_dissent_that_is_incomplete_is_refused_and_kept_in_the_form(
    roadmap: Roadmap, sent: dict[str, str], said: str
) -> None:
    roadmap.take_on(WRITE)
    reply = roadmap.post("/dissent", **sent)

    assert reply.status_code in (409, 422)
    assert said in reply.text
    assert sent["text"].strip() in reply.text
    assert "No group has objected" in roadmap.get(SIGN)


def test_before_signing_the_page_says_what_is_missing(roadmap: Roadmap) -> None:
    assert "There is no action to sign off yet" in roadmap.get(SIGN)
    assert roadmap.post(SIGN, groups="industry").status_code == 409
    roadmap.take_on("fs-close-rule-gaps")
    page = words(roadmap.get(SIGN))

    assert "1 action has no owner or no day." in page
    assert "2 actions that are needed before are not taken on." in page
    refused = roadmap.post(SIGN, text="ours")
    assert refused.status_code == 422
    assert "Tick the groups that sign." in refused.text
    assert roadmap.row().signed_off is None


def test_what_was_signed_off_stands(signed: Roadmap) -> None:
    (row,) = signed.actions()
    page = words(signed.get(SIGN))

    assert "Signed off" in page
    assert "For: Industry , Government" in page
    assert "For two years" in page
    refused = [
        signed.post("/actions", action="fs-close-rule-gaps"),
        signed.post("/actions", question=EQUIPMENT, title="Buy more"),
        signed.fill(row.id, owner="Somebody else"),
        signed.post(f"/actions/{row.id}/take-off"),
        signed.post("/wishes", size="large"),
        signed.post("/dissent", group="industry", text="After all."),
        signed.post("/dissent/1/take-back"),
        signed.post(SIGN, groups="industry"),
    ]
    assert [reply.status_code for reply in refused] == [409] * 8
    assert all("was signed off and stands" in reply.text for reply in refused)
    assert signed.actions()[0].owner == "Asha"
    assert "Save</button>" not in signed.get()


def test_the_record_holds_the_roadmap_with_its_dissent_and_no_address(signed: Roadmap) -> None:
    record = signed.row().signed_off
    (event,) = events(signed, "signed_off")

    assert record is not None
    assert record == event.data
    assert record["groups"] == ["industry", "government"]
    (action,) = record["roadmap"]["actions"]
    assert (action["owner"], action["due"], action["phase"]) == ("Asha", "2029-01-31", 2)
    assert record["roadmap"]["objections"][0]["text"] == "Too slow for us."
    assert "asha@example.org" not in str(record)


def test_opening_again_takes_a_reason_and_what_was_signed_stays_on_record(signed: Roadmap) -> None:
    missing = signed.post("/open-again", reason=" ")
    assert missing.status_code == 422
    assert "Write down why it is opened again." in missing.text
    assert signed.post("/open-again", reason="The ministry asked for a year more.").status_code == 303

    (row,) = signed.actions()
    assert signed.fill(row.id, owner="Juma", due="2030-01-31").status_code == 303
    page = words(signed.get(SIGN))
    assert "Signed off before" in page
    assert "The ministry asked for a year more." in page
    assert signed.post(SIGN, groups="government").status_code == 303
    first, second = events(signed, "signed_off")
    assert first.data["roadmap"]["actions"][0]["owner"] == "Asha"
    assert second.data["roadmap"]["actions"][0]["owner"] == "Juma"
    assert signed.post("/open-again", reason="x").status_code == 303
    assert signed.post("/open-again", reason="x").status_code == 409


def test_the_projector_shows_actions_page_by_page_then_dissent_and_signatures(signed: Roadmap) -> None:
    screen = f"/w/{signed.chair}/screen"
    assert signed.post("/screen", part="1").status_code == 303
    first = words(signed.client.get(screen).text)
    assert "Our roadmap 1 of 2" in first
    assert "Put a food act and product rules into force Asha January 31, 2029" in first
    assert "Signed off" in first

    signed.post("/screen", part="2")
    second = words(signed.client.get(screen).text)
    assert "Who does not go along" in second
    assert "Industry · Put a food act and product rules into force Too slow for us." in second
    signed.post("/screen", part="999")
    assert "2 of 2" in words(signed.client.get(screen).text)


def test_markup_is_shown_as_it_was_typed(roadmap: Roadmap) -> None:
    evil = "<script>alert(1)</script>"
    number = roadmap.write_own(LAW, f"A {evil}")
    roadmap.fill(number, title=f"A {evil}", owner=f"O {evil}")
    roadmap.post("/dissent", group="industry", about=f"action:{number}", text=f"D {evil}")
    roadmap.post(SIGN, groups="industry", text=f"S {evil}")
    roadmap.post("/screen", part="1")
    pages = [roadmap.get(SIGN), roadmap.get(), roadmap.client.get(f"/w/{roadmap.chair}/screen").text]
    roadmap.post("/screen", part="2")
    pages.append(roadmap.client.get(f"/w/{roadmap.chair}/screen").text)
    roadmap.post("/open-again", reason=f"W {evil}")
    pages.append(roadmap.get(SIGN))

    assert all(evil not in page for page in pages)
    assert all(any(f"{start} &lt;script&gt;" in page for page in pages) for start in "AODSW")
