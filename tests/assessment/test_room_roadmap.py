"""The roadmap of a room: phases, days that clash, what is frozen, and dissent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import Database
from assessment import room_actions, room_sign_off
from assessment.action_owners import LEFT_ALONE, to_remind
from assessment.follow_up import follow_up
from assessment.roadmap_screen import ACTIONS_A_PAGE, OBJECTIONS_A_PAGE, screen_part
from assessment.roadmap_view import Objection, RoadmapAction, RoomRoadmap
from assessment.room_actions import MOST_ACTIONS, ActionNotInRoadmap, Entered, RoadmapIsFull, RoadmapStands
from assessment.room_roadmap import clashes_of, phase_of, roadmap_of
from assessment.tables import Dissent, Workshop, WorkshopAction, WorkshopEvent, WorkshopGap
from questionnaires.library import Definition
from tests.assessment.rooms import Room, room
from tests.conftest import statements_of
from tests.factories import NOW, tiny
from tests.scoring.test_room_plan import action, library

SINCE = date(2026, 11, 20)
LIBRARY = library(
    action("learn", "skills.training", 1, months=3),
    action("teach", "skills.training", 3, 1, months=6),
    action("connect", "machines.1", 2),
)


@pytest.fixture
def there(session: Session) -> Room:
    found = room(session, {"industry": 1, "government": 1}, day=SINCE.isoformat())
    for place, question in enumerate(("skills.training", "machines.1"), 1):
        session.add(
            WorkshopGap(
                workshop_id=found.workshop.id, question_id=question, level=0, target=2, weight=1.0, place=place,
                is_listed=True, agreed_place=place,
            )
        )  # fmt: skip
    session.flush()
    return found


def taken_on(session: Session, workshop: Workshop, action_id: str, **entered: str) -> int:
    return room_actions.take_on(session, workshop, LIBRARY, action_id, Entered(**entered), NOW)


def told(number: int, due: str = "", **more: Any) -> RoadmapAction:
    values = {"question": "q", "action": "a", "title": "", "first_step": "", "measure": "", "owner": "", "group": ""}
    return RoadmapAction(**{**values, "number": number, "due": due, "phase": 0, **more})


@pytest.mark.parametrize(
    ("months", "phase"), [(-1, 0), (0, 0), (2.9, 0), (3.2, 1), (11.9, 1), (12.2, 2), (35, 2), (90, 2)]
)
def test_an_action_of_the_rooms_own_is_in_the_phase_of_its_day(months: float, phase: int) -> None:
    assert phase_of((SINCE + timedelta(days=months * 365.25 / 12)).isoformat(), SINCE) == phase


def test_without_a_day_it_is_in_no_phase() -> None:
    assert phase_of("", SINCE) is None


def test_a_day_clashes_with_what_comes_first_and_with_how_long_it_takes() -> None:
    actions = [
        told(1, "2027-06-30"),
        told(2, "2027-06-29", requires=(1,)),
        told(3, "2027-06-30", requires=(1,)),
        told(4, "", requires=(1,), earliest_on="2030-01-01"),
        told(5, "2027-01-01", earliest_on="2027-01-02"),
        told(6, "2027-01-02", earliest_on="2027-01-02"),
        told(7, "2026-11-19", earliest_on="2027-01-02"),
        told(8, "2026-11-20"),
    ]
    found = clashes_of(actions, SINCE)

    assert [(c.kind, c.number, c.other) for c in found] == [
        ("before_need", 2, 1), ("too_early", 5, None), ("past", 7, None),
    ]  # fmt: skip


def test_phases_needs_and_sums_come_from_the_engine(session: Session, there: Room) -> None:
    teach = taken_on(session, there.workshop, "teach")
    own = room_actions.write_own(session, there.workshop, "machines.1", Entered(title="Own", due="2026-12-24"), NOW)
    found = roadmap_of(session, there.workshop, LIBRARY)

    assert [(need.action, need.before) for need in found.needed] == [("learn", (teach,))]
    assert [(each.number, each.phase) for each in found.actions] == [(teach, 1), (own, 0)]
    assert found.actions[0].earliest_on == "2027-08-21"  # nine months: its six after the three of what it needs
    assert [(p.actions, p.cost_low, p.days) for p in found.phases] == [(1, 0, 0), (1, 100, 10), (0, 0, 0)]

    learn = taken_on(session, there.workshop, "learn")
    found = roadmap_of(session, there.workshop, LIBRARY)
    assert not found.needed
    assert found.by_number(teach).requires == (learn,)  # type: ignore[union-attr]
    assert found.closed == pytest.approx(0.75)  # the first of two gaps counts 3/4


def test_what_is_signed_off_is_what_was_shown(session: Session, there: Room) -> None:
    taken_on(session, there.workshop, "teach", owner="Asha", owner_email="asha@example.org", due="2027-12-31")
    room_sign_off.record_dissent(session, there.workshop, "industry", "No.", "machines.1", None, NOW)
    before = roadmap_of(session, there.workshop, LIBRARY)
    room_sign_off.sign_off(session, there.workshop, LIBRARY, ["government", "martians"], "Ours", NOW)
    after = roadmap_of(session, there.workshop, LIBRARY)

    assert after.signed == {"at": NOW.isoformat(), "groups": ["government"], "text": "Ours"}
    nameless = tuple(replace(each, owner_email="") for each in before.actions)
    assert replace(after, signed=None) == replace(before, actions=nameless)
    assert RoomRoadmap.from_json(before.as_json()) == replace(before, actions=nameless)


def test_a_later_library_does_not_change_what_was_signed_off_but_its_language(session: Session, there: Room) -> None:
    taken_on(session, there.workshop, "teach")
    room_sign_off.sign_off(session, there.workshop, LIBRARY, ["industry"], "", NOW)
    other = Definition(tiny().questionnaire, (action("teach", "skills.training", 3, 1, title="Enseigner", days=999),))
    (found,) = roadmap_of(session, there.workshop, other).actions

    assert (found.title, found.days) == ("Enseigner", 10)


def test_signing_is_not_possible_twice_and_nothing_changes_behind_it(session: Session, there: Room) -> None:
    number = taken_on(session, there.workshop, "teach")
    room_sign_off.sign_off(session, there.workshop, LIBRARY, ["industry"], "", NOW)

    with pytest.raises(RoadmapStands):
        room_sign_off.sign_off(session, there.workshop, LIBRARY, ["industry"], "", NOW)
    with pytest.raises(RoadmapStands):
        room_actions.take_off(session, there.workshop, number, NOW)
    with pytest.raises(RoadmapStands):
        room_actions.write_own(session, there.workshop, "machines.1", Entered(title="More"), NOW)


def test_dissent_with_an_action_that_is_taken_off_stays_with_its_gap(session: Session, there: Room) -> None:
    number = taken_on(session, there.workshop, "teach")
    room_sign_off.record_dissent(session, there.workshop, "industry", "No.", "", number, NOW)
    room_actions.take_off(session, there.workshop, number, NOW)
    session.expire_all()
    (row,) = session.scalars(select(Dissent))

    assert (row.question_id, row.workshop_action_id) == ("skills.training", None)


def test_an_action_of_another_workshop_is_not_there(session: Session, there: Room) -> None:
    number = taken_on(session, there.workshop, "teach")
    other = room(session, {"industry": 1}).workshop

    for command in (
        lambda: room_actions.change(session, other, number, Entered(owner="x"), NOW),
        lambda: room_actions.take_off(session, other, number, NOW),
        lambda: room_sign_off.record_dissent(session, other, "industry", "No.", "", number, NOW),
    ):
        with pytest.raises(ActionNotInRoadmap):
            command()
    room_sign_off.record_dissent(session, there.workshop, "industry", "No.", "", None, NOW)
    (dissent,) = session.scalars(select(Dissent))
    with pytest.raises(room_sign_off.DissentNotFound):
        room_sign_off.take_back_dissent(session, other, dissent.id, NOW)


def test_every_change_is_an_event(session: Session, there: Room) -> None:
    number = taken_on(session, there.workshop, "teach")
    room_actions.change(session, there.workshop, number, Entered(owner="Asha"), NOW)
    room_actions.take_off(session, there.workshop, number, NOW)
    found = session.scalars(
        select(WorkshopEvent).where(WorkshopEvent.kind == "action").order_by(WorkshopEvent.seq)
    ).all()

    assert [event.data["change"] for event in found] == ["added", "changed", "taken_off"]
    assert found[-1].data["library"] == "teach"


def test_a_roadmap_has_a_bound(session: Session, there: Room) -> None:
    for _ in range(MOST_ACTIONS):
        room_actions.write_own(session, there.workshop, "machines.1", Entered(title="One more"), NOW)

    with pytest.raises(RoadmapIsFull):
        taken_on(session, there.workshop, "teach")


def test_a_projector_page_holds_what_fits_and_the_last_one_the_dissent() -> None:
    actions = tuple(told(number) for number in range(1, ACTIONS_A_PAGE + 2))
    objections = tuple(Objection(number, "industry", "No.") for number in range(OBJECTIONS_A_PAGE + 1))
    whole = empty_roadmap(actions, objections)
    pages = [screen_part(whole, part) for part in range(1, 6)]

    assert [len(each.actions) for each in pages] == [ACTIONS_A_PAGE, 1, 0, 0, 0]
    assert [len(each.objections) for each in pages] == [0, 0, OBJECTIONS_A_PAGE, 1, 1]
    assert [each.part for each in pages] == [1, 2, 3, 4, 4]
    assert screen_part(empty_roadmap((), ()), 3).parts == 1


def empty_roadmap(actions: Sequence[RoadmapAction], objections: Sequence[Objection]) -> RoomRoadmap:
    return RoomRoadmap(
        since="2026-11-20", currency="EUR", size="small", is_size_assumed=True, days_a_year=None, gaps=(),
        actions=tuple(actions), needed=(), clashes=(), objections=tuple(objections), phases=(), closed=0.0,
    )  # fmt: skip


def test_nobody_is_reminded_without_an_address_nor_twice_a_day_nor_of_what_is_over() -> None:
    def row(**values: Any) -> WorkshopAction:
        return WorkshopAction(**{"state": "planned", "owner_email": "a@example.org", "reminded_at": None} | values)

    rows = [
        row(), row(state="started"), row(state="done"), row(state="dropped"), row(owner_email=""),
        row(reminded_at=NOW - LEFT_ALONE + timedelta(minutes=1)), row(reminded_at=NOW - LEFT_ALONE),
    ]  # fmt: skip

    assert [rows.index(each) for each in to_remind(rows, NOW)] == [0, 1, 6]


def test_reading_takes_few_statements(database: Database) -> None:
    with database.transaction() as session:
        there = room(session, {"industry": 1})
        number = there.workshop.id
        session.add(
            WorkshopGap(
                workshop_id=number, question_id="machines.1", level=0, target=2, weight=1.0, place=1, is_listed=True,
                agreed_place=1,
            )
        )  # fmt: skip
        taken_on(session, there.workshop, "connect")
    counted = []
    for signs in (False, True):
        with database.transaction() as session:
            workshop = session.get_one(Workshop, number)
            if signs:
                room_sign_off.sign_off(session, workshop, LIBRARY, ["industry"], "", NOW)
                session.flush()
            with statements_of(database) as statements:
                roadmap_of(session, workshop, LIBRARY)
                counted.append(len(statements))
                follow_up(session, workshop, LIBRARY, NOW)
                counted.append(len(statements))
    assert counted == [3, 6, 0, 2]
