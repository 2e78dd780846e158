"""What workshops settled goes back to the firms that were part of them, and stays in a report as it was ordered."""

from dataclasses import replace

from sqlalchemy.orm import Session

from assessment import report_orders, room_levels, rooms_told, workshop_firms, workshops
from assessment.rooms_told import RoomTold
from assessment.tables import WorkshopGap
from assessment.told import Told
from scoring.gaps import Target
from scoring.roadmap import Wishes
from tests.assessment.rooms import Room, room
from tests.assessment.test_workshop_firms import OTHER, Q, firm
from tests.factories import NOW


def settled(session: Session, there: Room) -> None:
    for question, level in ((OTHER, None), (Q, 3)):
        room_levels.settle(session, there.workshop, there.questionnaire, question, level, "room", "", NOW)
    gap = WorkshopGap(workshop_id=there.workshop.id, question_id=Q, level=0, target=1, weight=1, place=1)
    gap.is_listed, gap.agreed_place = True, 1
    session.add(gap)
    session.flush()


def test_an_ended_workshop_tells_its_levels_and_places_to_the_firms_that_were_part_of_it(session: Session) -> None:
    there, mine, other = room(session, day="2026-12-01"), firm(session, 1), firm(session, 1)
    workshop_firms.bring(session, there.workshop, mine, NOW)
    settled(session, there)
    assert rooms_told.rooms_of(session, mine) == ()
    workshops.end(session, there.workshop, NOW)
    told = RoomTold("Harbour round", "2026-12-01", ((Q, 3), (OTHER, None)), ((Q, 1),))
    assert rooms_told.rooms_of(session, mine) == (told,)
    assert rooms_told.rooms_of(session, other) == ()


def test_a_rehearsal_tells_nothing(session: Session) -> None:
    there, mine = room(session, is_rehearsal=True), firm(session, 1)
    workshop_firms.bring(session, there.workshop, mine, NOW)
    settled(session, there)
    workshops.end(session, there.workshop, NOW)
    assert rooms_told.rooms_of(session, mine) == ()


def test_a_report_keeps_what_the_workshop_had_settled_when_it_was_ordered(session: Session) -> None:
    mine = firm(session, 1)
    told = RoomTold("Harbour round", "2026-12-01", ((Q, 3),), ())
    plain = report_orders.order(session, mine, "en", Wishes(), "1", NOW, told=Told(Target()))
    number = report_orders.order(session, mine, "en", Wishes(), "1", NOW, told=Told(Target(), rooms=(told,)))
    assert number != plain
    assert report_orders.get_order(session, number).told.rooms == (told,)
    assert report_orders.get_order(session, plain).told.rooms == ()
    changed = Told(Target(), rooms=(replace(told, levels=((Q, 2),)),))
    assert report_orders.order(session, mine, "en", Wishes(), "1", NOW, told=changed) != number
    again = report_orders.order(session, mine, "en", Wishes(), "1", NOW, told=Told(Target(), rooms=(told,)))
    assert again == number
