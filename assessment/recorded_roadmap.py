"""The roadmap of a room as a record keeps it: who does what by when, dissent by group, sign-off, what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import room_levels
from assessment.recorded_rooms import Heads
from assessment.roadmap_view import Objection, RoadmapAction, RoomRoadmap
from assessment.tables import Workshop, WorkshopAction, WorkshopActionNews

TOLD = (
    "question", "action", "title", "first_step", "measure", "owner", "group", "due", "phase", "months", "days",
    "cost_low", "cost_high", "starts_on", "ends_on", "earliest_on", "trouble",
)  # fmt: skip
News = Mapping[int, Sequence[WorkshopActionNews]]


def news_of(session: Session, workshop_id: int) -> dict[int, list[WorkshopActionNews]]:
    """What owners have told, by the number of the action, the oldest first."""
    query = (
        select(WorkshopActionNews)
        .join(WorkshopAction, WorkshopAction.id == WorkshopActionNews.workshop_action_id)
        .where(WorkshopAction.workshop_id == workshop_id)
        .order_by(WorkshopActionNews.id)
    )
    found: dict[int, list[WorkshopActionNews]] = {}
    for each in session.scalars(query):
        found.setdefault(each.workshop_action_id, []).append(each)
    return found


def roadmap(found: RoomRoadmap, heads: Heads, news: News) -> dict[str, Any]:
    """Actions in the order of phase and day, numbered from 1; addresses of owners stay where they are."""
    number = {each.number: place for place, each in enumerate(found.by_day, 1)}
    return {
        "since": found.since,
        "currency": found.currency,
        "size": found.size,
        "is_size_assumed": found.is_size_assumed,
        "days_a_year": found.days_a_year,
        "is_over_days": found.is_over_days,
        "closed": found.closed,
        "gaps": [asdict(gap) for gap in found.gaps],
        "actions": [_action(each, number, news.get(each.number, ())) for each in found.by_day],
        "needed": [
            {**asdict(each), "before": [number[before] for before in each.before]}
            for each in found.needed
        ],
        "clashes": [
            {**asdict(each), "number": number[each.number], "other": number.get(each.other or 0)}
            for each in found.clashes
        ],
        "phases": [asdict(each) for each in found.phases],
        "dissent": [_objection(each, number, heads) for each in found.objections],
    }  # fmt: skip


def _action(each: RoadmapAction, number: Mapping[int, int], news: Sequence[WorkshopActionNews]) -> dict[str, Any]:
    kept = {name: value for name, value in asdict(each).items() if name in TOLD}
    return {
        **kept,
        "number": number[each.number],
        "requires": [number[need] for need in each.requires],
        "news": [{"state": told.state, "day": told.day, "note": told.note} for told in news],
        "state": news[-1].state if news else "planned",
    }


def _objection(each: Objection, number: Mapping[int, int], heads: Heads) -> dict[str, Any]:
    """The words of a group under five stand without its name: they would be somebody's."""
    is_small = each.group in heads.small
    return {
        "group": "" if is_small else each.group,
        "is_small": is_small,
        "text": each.text,
        "gap": each.question,
        "action": number.get(each.action or 0),
    }


def signed(workshop: Workshop) -> dict[str, Any] | None:
    """The sign-off, as it was written down; None before it."""
    found = workshop.signed_off
    if found is None:
        return None
    return {"day": found["at"][:10], "groups": list(found["groups"]), "words": found.get("text", "")}


def earlier_time(session: Session, workshop: Workshop) -> dict[str, Any] | None:
    """The levels that the workshop settled which this one asks again; None where it follows none."""
    before = session.get(Workshop, workshop.follows_id) if workshop.follows_id else None
    if before is None or before.questionnaire_id != workshop.questionnaire_id:
        return None
    levels = {q: each.level for q, each in room_levels.settled(session, before.id).items() if each.level is not None}
    return {"name": before.name, "day": before.day, "version": before.questionnaire_version, "levels": levels}
