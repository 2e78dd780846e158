"""Answers on paper: a table is read whole or not at all, every mistake told by its place; sheets become votes."""

import pytest
from sqlalchemy.orm import Session

from assessment import paper_answers, participants, room_levels, rounds, workshop_events
from assessment.paper_answers import NothingToTakeBack, NotInThisRound
from assessment.paper_sheets import LARGEST, Reading, as_text, read_sheets
from assessment.rounds import RoundUnderWay, WorkshopNotRunning
from assessment.tables import Vote
from questionnaires.loader import load_definition
from tests.assessment.rooms import Room, room, vote
from tests.factories import NOW

Q, OTHER = "skills.training", "machines.1"
GOOD = f"group,{Q},{OTHER}\nindustry,3,2\ngovernment,unknown,\n\nPeople from industry,na,0\n"


@pytest.fixture
def there(session: Session) -> Room:
    return room(session)


def read(there: Room, text: str | bytes) -> Reading:
    content = text if isinstance(text, bytes) else text.encode()
    return read_sheets(content, there.workshop, there.questionnaire)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        GOOD.encode("utf-8-sig"),
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("group", "  Group "),
        GOOD.replace("unknown", "UNKNOWN").replace("na", "NA").replace("industry,3", '"industry", 3 '),
        GOOD.rstrip("\n"),
        GOOD.replace("\n", ",,\n"),
    ],
)
def test_a_table_is_read_however_a_spreadsheet_writes_it(there: Room, text: str | bytes) -> None:
    found = read(there, text)
    assert found.problems == ()
    assert found.questions == (Q, OTHER)
    assert [(s.group, s.answers) for s in found.sheets] == [
        ("industry", {Q: 3, OTHER: 2}),
        ("government", {Q: "unknown"}),
        ("industry", {Q: "not_applicable", OTHER: 0}),
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", [(0, "", "empty")]),
        (" \r\n\n", [(0, "", "empty")]),
        ("\ufeff", [(0, "", "empty")]),
        (f"group,{Q}\n", [(0, "", "no sheet")]),
        (f"{Q},{OTHER}\n1,2\n", [(1, "", "missing")]),
        ("group\nindustry\n", [(1, "", "no column for a question")]),
        (f"group,{Q},{Q}\nindustry,1,1\n", [(1, Q, "more than once")]),
        (f"group,Group,{Q}\nindustry,industry,1\n", [(1, "group", "more than once")]),
        ("group,skills.nothing\nindustry,1\n", [(1, "skills.nothing", "no question")]),
        ("group,skills.share\nindustry,1\n", [(1, "skills.share", "does not ask")]),
        (f"group,,{Q}\nindustry,1,1\n", [(1, "", "no name")]),
        (f"group,{Q}\nfarmers,1\n", [(2, "group", "farmers")]),
        (f"group,{Q}\n,1\n", [(2, "group", "missing")]),
        (f"group,{Q}\nindustry,4\n", [(2, Q, "0 to 3")]),
        (f"group,{Q}\nindustry,-1\n", [(2, Q, "-1")]),
        (f"group,{Q}\nindustry,2.0\n", [(2, Q, "2.0")]),
        (f"group,{Q}\nindustry,٣\n", [(2, Q, "٣")]),
        (f"group,{Q}\nindustry,yes\n", [(2, Q, "yes")]),
        (f"group,{Q}\nindustry,=1+1\n", [(2, Q, "=1+1")]),
        (f"group,{Q}\nindustry,\n", [(2, "", "no answer")]),
        (f"group,{Q}\nindustry,1,2\n", [(2, "", "more cells")]),
        (f'group,{Q}\n"industry,1\n', [(2, "", "quotation mark")]),
        (f"group,{Q}\nindustry,1\n\ncaf\u00e9,1\n".encode("latin-1"), [(4, "", "UTF-8")]),
        (f"group,{Q}\nindustry,1\n".encode("utf-16"), [(1, "", "UTF-8")]),
        (f"group,{Q}\nindustry,\0\n", [(0, "", "not a CSV")]),
        (b"PK\x03\x04\x00\x00", [(0, "", "not a CSV")]),
        (b"x" * (LARGEST + 1), [(0, "", "512 KB")]),
        (f"group,{Q}\n" + "industry,1\n" * 301, [(0, "", "301")]),
        (
            f"group,{Q},{OTHER}\nfarmers,9,x\nindustry,1,1\nindustry,1,3\n",
            [(2, "group", "farmers"), (2, Q, "9"), (2, OTHER, "x"), (4, OTHER, "3")],
        ),
        (f"group,{Q}\nindustry,1\n\nindustry,7\n", [(4, Q, "7")]),
    ],
)
def test_every_mistake_is_told_by_row_and_column_and_no_sheet_is_left_over(
    there: Room, text: str | bytes, places: list[tuple[int, str, str]]
) -> None:
    found = read(there, text)
    assert found.sheets == ()
    assert [(p.row, p.column) for p in found.problems] == [place[:2] for place in places]
    for problem, (_, _, says) in zip(found.problems, places, strict=True):
        assert says in (problem.message % problem.values if problem.values else problem.message)


def test_a_question_that_is_not_for_a_group_stays_empty_on_its_sheets(session: Session) -> None:
    asked = load_definition("qi4tf").questionnaire
    question = next(q for q, groups in asked.groups_of.items() if groups == ("government",))
    there = room(session, {"industry": 1}, asked)
    found = read(there, f"group,{question}\ngovernment,1\nindustry,1\n")
    assert [(p.row, p.column) for p in found.problems] == [(3, question)]
    assert "not for this group" in found.problems[0].message


def test_what_is_shown_before_it_is_taken_in_is_read_again_the_same(there: Room) -> None:
    found = read(there, GOOD)
    assert read(there, as_text(found)) == found


def take(session: Session, there: Room, text: str = GOOD, *, own_round: bool) -> None:
    reading = read(there, text)
    paper_answers.take_in(session, there.workshop, there.questionnaire, reading, NOW, own_round=own_round)


def test_sheets_count_with_the_phones_in_the_round_that_is_open_and_have_no_link(session: Session, there: Room) -> None:
    asked = rounds.open_round(session, there.workshop, "levels", [Q, OTHER], NOW)
    vote(session, there, asked.number, [(1, Q, 1)])
    take(session, there, own_round=False)
    assert rounds.counter(session, asked) == (4, 14)
    sheets = [p for p in participants.list_participants(session, there.workshop) if p.source == "paper"]
    assert [p.group_id for p in sheets] == ["industry", "government", "industry"]
    assert all(p.nickname == "" for p in sheets)
    rounds.reveal_round(session, there.workshop, NOW)
    assert asked.result is not None
    assert asked.result["levels"][Q] == {
        "government": {"unknown": 1},
        "industry": {"1": 1, "3": 1, "not_applicable": 1},
    }


def test_sheets_take_no_part_in_rounds_that_they_were_not_handed_in_for(session: Session, there: Room) -> None:
    take(session, there, own_round=True)
    rounds.reveal_round(session, there.workshop, NOW)
    asked = rounds.open_round(session, there.workshop, "levels", [Q], NOW)
    assert rounds.counter(session, asked) == (0, 11)


def test_a_round_of_their_own_is_closed_at_once_and_shown_like_any_other(session: Session, there: Room) -> None:
    take(session, there, f"group,{OTHER}\n" + "industry,1\n" * 35 + "government,1\n" * 25, own_round=True)
    asked = rounds.current(session, there.workshop.id)
    assert asked is not None
    assert (asked.state, asked.subjects, asked.attempt) == ("closed", [OTHER], 1)
    assert not room_levels.levels_of(session, there.workshop, there.questionnaire).of(OTHER).askings
    rounds.reveal_round(session, there.workshop, NOW)
    found = room_levels.levels_of(session, there.workshop, there.questionnaire).of(OTHER)
    assert found.newest is not None
    assert found.newest.votes.room is not None
    assert found.newest.votes.room.counts == (0, 60, 0)
    kinds = [event.kind for event in workshop_events.since(session, there.workshop.id, 2)]
    assert kinds == ["opened", "paper", "closed", "revealed"]


def test_sheets_that_do_not_fit_the_round_are_refused_whole(session: Session, there: Room) -> None:
    with pytest.raises(NotInThisRound):
        take(session, there, own_round=False)
    rounds.open_round(session, there.workshop, "levels", [Q], NOW)
    with pytest.raises(NotInThisRound):
        take(session, there, own_round=False)
    with pytest.raises(RoundUnderWay):
        take(session, there, own_round=True)
    rounds.reveal_round(session, there.workshop, NOW)
    with pytest.raises(NotInThisRound):
        take(session, there, f"group,{Q}\nindustry,1\n", own_round=False)
    assert session.query(Vote).count() == 0
    assert paper_answers.count_sheets(session, there.workshop.id) == 0


def test_a_planned_workshop_takes_no_sheets(session: Session, there: Room) -> None:
    there.workshop.state = "planned"
    with pytest.raises(WorkshopNotRunning):
        take(session, there, own_round=True)


def test_sheets_are_taken_back_until_they_are_shown(session: Session, there: Room) -> None:
    take(session, there, own_round=True)
    asked = rounds.current(session, there.workshop.id)
    assert paper_answers.to_take_back(session, asked) == 3
    assert paper_answers.take_back(session, there.workshop, NOW) == 3
    with pytest.raises(NothingToTakeBack):
        paper_answers.take_back(session, there.workshop, NOW)
    rounds.reopen_round(session, there.workshop, NOW)
    take(session, there, own_round=False)
    rounds.reveal_round(session, there.workshop, NOW)
    assert asked is not None
    assert asked.result is not None
    assert asked.result["voters"] == 3
    with pytest.raises(NothingToTakeBack):
        paper_answers.take_back(session, there.workshop, NOW)
