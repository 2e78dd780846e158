"""The pages of where a room stands: the list and its reasons, settling, and what an attacker cannot work out."""

import re

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app.database import Database
from assessment import rounds
from assessment.tables import SettledLevel, Workshop
from tests.app.held_workshops import OTHER, PEOPLE, THIRD, Q, held, post, seen


def settled(database: Database) -> dict[str, tuple[int | None, str]]:
    with database.reader() as session:
        return {row.question_id: (row.level, row.how) for row in session.query(SettledLevel)}


def titles(shown: Response) -> list[str]:
    return re.findall(r'<li id="q-([^"]+)"', shown.text)


def test_what_to_talk_about_comes_first_with_its_reason_and_a_link_gives_the_other_order(
    client: TestClient, database: Database
) -> None:
    link = held(database, PEOPLE, {Q: [2] * 11, OTHER: [0] * 6 + [2] * 5})
    shown = client.get(f"{link}/questions")
    assert titles(shown)[:2] == [OTHER, Q]
    assert "The room is in two camps." in shown.text
    assert "People from government: 2.0 levels higher than People from industry." in shown.text
    assert "11 of 11 answered" in shown.text
    other = client.get(f"{link}/questions?order=questionnaire")
    assert titles(other)[:2] == [Q, "skills.mentors"]


def test_a_round_that_is_not_revealed_leaves_no_trace_on_any_page(client: TestClient, database: Database) -> None:
    votes = {Q: [3] * 11}
    open_one = held(database, PEOPLE, votes, reveal=False)
    empty = held(database, PEOPLE)
    for page in ("questions", f"questions/{Q}", "agreed"):
        with_votes, without = client.get(f"{open_one}/{page}"), client.get(f"{empty}/{page}")
        main = [re.sub(r"seen=\d+|/w/[\w-]+|value=\"[^\"]+\"", "", _main(each)) for each in (with_votes, without)]
        assert main[0] == main[1]


def _main(shown: Response) -> str:
    return shown.text.partition("<main")[2].partition("</main>")[0]


def test_one_question_shows_both_measures_the_groups_and_their_difference(
    client: TestClient, database: Database
) -> None:
    link = held(database, PEOPLE, {Q: [0, 0, 0, 0, 0, 1, 3, 3, 3, 3, "unknown"]})
    text = _main(client.get(f"{link}/questions/{Q}"))
    assert "van der Eijk" in text
    assert "Tastle and Wierman" in text
    assert "two camps" in text
    assert re.search(
        r"People from government: 2.8 levels above People from industry \(90 % interval [\d.]+ to 3.0\)", text
    )
    assert "Suggested: level 0" in text


def test_settling_checks_that_the_page_is_the_newest(client: TestClient, database: Database) -> None:
    link = held(database, PEOPLE, {Q: [2] * 11})
    path = f"{link}/questions/{Q}"
    old = seen(client.get(path))
    assert post(client, path, level="2").headers["location"] == f"{link}/questions#q-{Q}"
    assert settled(database) == {Q: (2, "votes")}
    stale = client.post(f"{path}?seen={old}", data={"level": "3", "note": "why"})
    assert stale.status_code == 409
    assert "The workshop has moved on since this page was shown." in stale.text
    assert ">why</textarea>" in stale.text
    assert seen(stale) == seen(client.get(path))
    assert settled(database) == {Q: (2, "votes")}


@pytest.mark.parametrize(
    ("level", "note", "says"),
    [
        ("3", "", "Write down in a few words why."),
        ("unknown", "", "Write down in a few words why."),
        ("9", "because", "Choose one of the levels"),
        ("٣", "because", "Choose one of the levels"),
        ("", "because", "Choose one of the levels"),
        ("2", "x" * 1001, "1000"),
    ],
)
def test_what_cannot_be_settled_is_said_beside_the_field_and_the_note_stays(
    client: TestClient, database: Database, level: str, note: str, says: str
) -> None:
    link = held(database, PEOPLE, {Q: [2] * 11})
    refused = post(client, f"{link}/questions/{Q}", level=level, note=note)
    assert refused.status_code == 422
    assert says in refused.text
    assert note in refused.text
    assert settled(database) == {}


def test_a_question_that_this_workshop_does_not_ask_has_no_page(client: TestClient, database: Database) -> None:
    link = held(database, PEOPLE, questions=[Q])
    assert client.get(f"{link}/questions/{OTHER}").status_code == 422
    assert client.get(f"{link}/questions/nothing").status_code == 422


def test_all_that_is_agreed_is_settled_from_one_list_that_can_be_shortened(
    client: TestClient, database: Database
) -> None:
    link = held(database, PEOPLE, {Q: [2] * 11, OTHER: [1] * 11, THIRD: [0] * 6 + [2] * 5})
    assert "Settle the 2 that are agreed" in client.get(f"{link}/questions").text
    assert post(client, f"{link}/agreed", question=[Q, THIRD]).status_code == 303
    assert settled(database) == {Q: (2, "votes")}
    refused = post(client, f"{link}/agreed", question=[THIRD])
    assert refused.status_code == 422
    assert "Tick at least one question on which the room is agreed." in refused.text


def test_what_is_ticked_is_asked_again_and_the_page_tells_what_moved(client: TestClient, database: Database) -> None:
    link = held(database, PEOPLE, {Q: [0] * 6 + [3] * 5}, {Q: [1] * 11})
    assert "the median moved from 0 to 1" in client.get(f"{link}/questions/{Q}").text
    again = post(client, f"{link}/questions", again=[Q])
    assert again.headers["location"] == f"{link}/control"
    with database.reader() as session:
        newest = rounds.current(session, session.query(Workshop).one().id)
        assert newest is not None
        assert (newest.subjects, newest.attempt) == ([Q], 3)
    assert "Show what it found first" in post(client, f"{link}/questions", again=[Q]).text


def counts_on(text: str) -> list[list[int]]:
    """Every column of the table of one question, as anybody can read it from the page."""
    table = text.partition('<table class="spread">')[2].partition('<tbody class="measures">')[0]
    rows = [re.findall(r'<td class="n[^"]*">(\d+)', row) for row in table.split("<tr>")[2:]]
    return [list(map(int, column)) for column in zip(*rows, strict=True)]


@pytest.mark.parametrize(
    ("people", "columns"),
    [
        ({"industry": 8, "government": 3}, 1),
        ({"industry": 3, "government": 4}, 1),
        ({"industry": 9, "government": 5, "academia": 3}, 2),
        ({"industry": 9, "government": 3, "academia": 2}, 2),
        ({"industry": 9, "government": 6, "academia": 5}, 4),
    ],
)
def test_a_small_group_cannot_be_worked_out_by_taking_columns_from_each_other(
    client: TestClient, database: Database, people: dict[str, int], columns: int
) -> None:
    """The room less all groups that are shown leaves nobody, or five people and more of two groups at least."""
    groups = [{"id": group, "name": group.title()} for group in people]
    votes = [n % 4 for group, count in enumerate(people.values()) for n in [group] * count]
    link = held(database, people, {Q: votes}, groups=groups)
    text = _main(client.get(f"{link}/questions/{Q}"))
    found = counts_on(text)
    assert len(found) == columns
    rest = sum(found[0]) - sum(map(sum, found[1:]))
    assert rest == 0 or rest >= 5
    small = [group.title() for group, count in people.items() if count < 5]
    for name in small:
        assert f'<th scope="col" class="n"><bdi>{name}</bdi>' not in text
        assert re.search(rf"<bdi>{name}</bdi>: fewer than five answered", text)


def test_a_group_of_three_stays_hidden_when_the_same_is_asked_again_with_more_of_its_people(
    client: TestClient, database: Database
) -> None:
    """First the three of government say nothing, then all vote: the rounds are different askings, each told whole."""
    people = {"industry": 8, "government": 3}
    link = held(database, people, {Q: [1] * 8 + [None] * 3}, {Q: [1] * 8 + [3] * 3})
    first, text = client.get(f"{link}/questions"), _main(client.get(f"{link}/questions/{Q}"))
    assert first.status_code == 200
    assert len(counts_on(text)) == 1


def test_a_room_of_four_is_never_shown_and_suggests_nothing(client: TestClient, database: Database) -> None:
    link = held(database, {"industry": 4}, {Q: [3] * 4})
    text = _main(client.get(f"{link}/questions/{Q}")) + _main(client.get(f"{link}/questions"))
    assert "Fewer than five people answered; nothing is shown of it." in text
    assert "<table" not in text
    assert "uggested: level" not in text
