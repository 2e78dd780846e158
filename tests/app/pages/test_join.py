"""Joining a workshop on a phone: by code, by QR, with a personal code; and what keeps guessers out."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.pages import join
from app.qr_codes import qr_code
from tests.app.workshop import a_workshop, phone


def test_a_code_leads_to_the_groups_and_a_seat_without_an_account(app: FastAPI) -> None:
    there = a_workshop(app)
    client = phone(app)
    shown = client.post("/j", data={"code": f" {there.code.lower()[:2]}-{there.code[2:]}"})
    assert shown.status_code == 200
    assert "Which group do you belong to?" in shown.text
    seat = client.post(shown.url.path, data={"p": shown.url.params["p"], "group": "industry", "nickname": "Aisha"})
    assert "You are in" in seat.text
    assert re.search(r'<b class="code" dir="ltr">[2-9A-HJKMNP-Z]{6}</b>', seat.text)


def test_the_address_alone_is_asked_for_its_code_so_that_guesses_are_counted(app: FastAPI) -> None:
    there = a_workshop(app)
    shown = phone(app).get(f"/j/{there.code}")
    assert "The code on the screen" in shown.text
    assert there.name not in shown.text


def test_the_same_phone_comes_back_to_its_seat_and_does_not_vote_twice_by_joining_twice(app: FastAPI) -> None:
    there = a_workshop(app)
    client = phone(app)
    first = client.post(there.join_path, data={"p": there.proof, "group": "industry"})
    again = client.post(there.join_path, data={"p": there.proof, "group": "government"})
    assert again.url.path == first.url.path
    assert client.get(there.join_link).url.path == first.url.path
    assert there.seats() == 1


def test_a_personal_code_moves_the_seat_to_another_phone(app: FastAPI) -> None:
    there = a_workshop(app)
    old, new = phone(app), phone(app)
    seat = old.post(there.join_path, data={"p": there.proof, "group": "industry"})
    code = re.search(r'class="code" dir="ltr">(\w{6})<', seat.text)
    assert code
    moved = new.post(f"{there.join_path}/return", data={"p": there.proof, "personal_code": code[1].lower()})
    assert "You are in" in moved.text
    assert old.get(seat.url.path).status_code == 404
    assert there.seats() == 1


def test_a_missing_group_is_asked_for_and_the_nickname_is_kept(app: FastAPI) -> None:
    there = a_workshop(app)
    shown = phone(app).post(there.join_path, data={"p": there.proof, "nickname": "Aisha"})
    assert shown.status_code == 422
    assert "Choose the group you belong to." in shown.text
    assert 'value="Aisha"' in shown.text


@pytest.mark.parametrize(("door", "says"), [("closed", "The door of this workshop is closed."), ("invited", "list")])
def test_a_door_that_is_not_open_lets_nobody_in_and_says_what_to_do(app: FastAPI, door: str, says: str) -> None:
    there = a_workshop(app, door=door)
    shown = phone(app).post(there.join_path, data={"p": there.proof, "group": "industry"})
    assert (shown.status_code, says in shown.text, there.seats()) == (403, True, 0)


def test_guessed_codes_are_locked_out_and_the_qr_code_still_works(app: FastAPI) -> None:
    there = a_workshop(app)
    guesser, guest = phone(app), phone(app)
    wrong = "22222" if there.code != "22222" else "33333"
    statuses = [guesser.post("/j", data={"code": wrong}).status_code for _ in range(join.WRONG_CODES.most + 1)]
    assert statuses == [404] * join.WRONG_CODES.most + [429]
    assert guesser.post("/j", data={"code": there.code}).status_code == 429
    assert guesser.get(f"{there.join_path}?p=0123456789").text.count(there.name) == 0
    assert "You are in" in guest.post(there.join_path, data={"p": there.proof, "group": "industry"}).text


def test_guessed_personal_codes_are_locked_out(app: FastAPI) -> None:
    there = a_workshop(app)
    guesser = phone(app)
    most = join.WRONG_PERSONAL_CODES.most
    sent = {"p": there.proof, "personal_code": "222222"}
    statuses = [guesser.post(f"{there.join_path}/return", data=sent).status_code for _ in range(most + 1)]
    assert statuses == [422] * most + [429]


def test_markup_in_a_nickname_is_text(app: FastAPI) -> None:
    there = a_workshop(app)
    sent = {"p": there.proof, "nickname": "<script>x</script>"}
    shown = phone(app).post(there.join_path, data=sent)
    assert "<script>x" not in shown.text


def test_joining_by_many_phones_gives_each_a_number_of_its_own(app: FastAPI) -> None:
    there = a_workshop(app)
    clients: list[TestClient] = [phone(app) for _ in range(12)]
    for client in clients:
        client.post(there.join_path, data={"p": there.proof, "group": "government"})
    assert there.numbers() == list(range(1, 13))


def test_the_qr_code_on_the_projector_proves_that_it_was_seen(app: FastAPI) -> None:
    there = a_workshop(app)
    shown = phone(app).get(f"/screen/{there.screen}").text
    picture = str(qr_code(f"{app.state.settings.public_url}{there.join_link}"))
    assert re.findall(r'd="([^"]+)"', picture)[-1] in shown
    assert there.proof not in shown
