"""Answers on paper at the page: tried first, taken in whole or not at all; sheets to print and an empty table."""

import re

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app.database import Database
from assessment import participants
from assessment.tables import Participant, Vote
from tests.app.held_workshops import OTHER, PEOPLE, Q, held, seen

GOOD = f"group;{Q};{OTHER}\n" + "industry;1;2\n" * 35 + "government;unknown;\n" * 25


def bring(client: TestClient, link: str, content: str | bytes) -> Response:
    """Try a table at the page."""
    body = content if isinstance(content, bytes) else content.encode()
    return client.post(f"{link}/paper", files={"file": ("answers.csv", body, "text/csv")}, data={"x": ""})


def rows_of(database: Database) -> tuple[int, int]:
    with database.reader() as session:
        return session.query(Participant).filter_by(source="paper").count(), session.query(Vote).count()


def take(client: TestClient, link: str, tried: Response, where: str) -> Response:
    text = re.search(r'name="sheets" value="([^"]*)"', tried.text)
    assert text
    path = f"{link}/paper/take?seen={seen(tried)}"
    return client.post(path, data={"sheets": text[1], "where": where}, follow_redirects=False)


def test_sixty_sheets_are_tried_and_then_taken_in(client: TestClient, database: Database) -> None:
    link = held(database, PEOPLE)
    tried = bring(client, link, GOOD)
    assert tried.status_code == 200
    assert "60 sheets, nothing wrong" in tried.text
    assert "<bdi>People from industry</bdi>: 35" in tried.text
    assert rows_of(database) == (0, 0)
    assert take(client, link, tried, "own").status_code == 303
    assert rows_of(database) == (60, 95)
    shown = client.get(f"{link}/paper")
    assert "60 sheets of paper count in this workshop." in shown.text


def test_one_bad_cell_keeps_all_sheets_out_and_is_named(client: TestClient, database: Database) -> None:
    link = held(database, PEOPLE)
    tried = bring(client, link, GOOD.replace("unknown", "9", 1))
    assert tried.status_code == 422
    assert "1 things to mend" in tried.text
    assert f'<td>37</td><td><bdi translate="no">{Q}</bdi></td>' in tried.text
    assert 'name="sheets"' not in tried.text
    forged = client.post(f"{link}/paper/take?seen={_newest(client, link)}", data={"sheets": f"group,{Q}\nindustry,9\n"})
    assert forged.status_code == 422
    assert rows_of(database) == (0, 0)


def _newest(client: TestClient, link: str) -> str:
    return seen(client.get(f"{link}/questions"))


def test_sheets_join_the_phones_in_what_is_asked_now_and_can_be_taken_back(
    client: TestClient, database: Database
) -> None:
    link = held(database, PEOPLE, {Q: [1, 2], OTHER: [0]}, reveal=False)
    tried = bring(client, link, GOOD)
    assert "Take them in with what is asked now" in tried.text
    assert take(client, link, tried, "round").status_code == 303
    assert rows_of(database) == (60, 98)
    assert "Take back the 60 sheets" in client.get(f"{link}/paper").text
    back = client.post(f"{link}/paper/back?seen={_newest(client, link)}", data={"x": ""}, follow_redirects=False)
    assert back.status_code == 303
    assert "sheets of paper count" not in client.get(f"{link}/paper").text
    again = client.post(f"{link}/paper/back?seen={_newest(client, link)}", data={"x": ""})
    assert again.status_code == 409
    assert "what was shown stays" in again.text


def test_the_same_table_sent_twice_is_taken_in_once(client: TestClient, database: Database) -> None:
    link = held(database, PEOPLE)
    tried = bring(client, link, GOOD)
    assert take(client, link, tried, "own").status_code == 303
    assert take(client, link, tried, "own").status_code == 409
    assert rows_of(database) == (60, 95)


def test_a_room_that_is_too_full_for_the_last_sheet_takes_none(
    client: TestClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = held(database, PEOPLE)
    tried = bring(client, link, GOOD)
    monkeypatch.setattr(participants, "MOST_PARTICIPANTS", 70)
    refused = take(client, link, tried, "own")
    assert refused.status_code == 409
    assert "The room is full" in refused.text
    assert rows_of(database) == (0, 0)
    assert seen(refused) == seen(tried)


def test_a_table_that_does_not_fit_what_is_asked_waits(client: TestClient, database: Database) -> None:
    link = held(database, PEOPLE, {Q: [1]}, reveal=False)
    tried = bring(client, link, GOOD)
    assert tried.status_code == 200
    assert "do not fit what is asked now" in tried.text
    assert 'name="sheets"' not in tried.text


def test_markup_in_a_table_is_shown_as_text(client: TestClient, database: Database) -> None:
    link = held(database, PEOPLE)
    tried = bring(client, link, f"group,{Q}\n<script>alert(1)</script>,1\n")
    assert "<script>alert" not in tried.text
    assert "&lt;script&gt;alert(1)" in tried.text


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"\0" * 50])
def test_what_is_no_table_is_refused_in_words(client: TestClient, database: Database, body: bytes) -> None:
    link = held(database, PEOPLE)
    assert bring(client, link, body).status_code == 422


def test_a_file_that_is_far_too_large_is_refused_before_it_is_read(client: TestClient, database: Database) -> None:
    link = held(database, PEOPLE)
    assert bring(client, link, b"x" * 2_000_000).status_code == 413


def test_the_empty_table_names_what_is_asked_and_comes_back_as_a_table(client: TestClient, database: Database) -> None:
    link = held(database, PEOPLE, questions=[Q, OTHER])
    table = client.get(f"{link}/paper/table.csv")
    assert table.content == f"\ufeffgroup,{Q},{OTHER}\r\n".encode()
    assert "There is no sheet in this file" in bring(client, link, table.content).text


def test_a_printed_sheet_holds_every_question_of_its_group(client: TestClient, database: Database) -> None:
    link = held(database, PEOPLE, questions=[Q, OTHER])
    text = client.get(f"{link}/paper/sheets/industry").text
    assert "1. How are operators trained" in text
    assert "2. Are machines of kind 1 connected?" in text
    assert "I do not know" in text
    assert client.get(f"{link}/paper/sheets/farmers").status_code == 422
