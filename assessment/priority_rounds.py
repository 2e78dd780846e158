"""Asking a room what comes first: best-worst once, then ratings of what is contested, until it settles."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from assessment import rounds, workshop_events
from assessment.errors import N_, Conflict
from assessment.room_gaps import list_gaps
from assessment.room_priorities import CHOSEN, Keep, RoomPriorities, Rule, build_priorities, priority_rounds, work_out
from assessment.rounds import BEST_WORST, RATING, AskedBefore
from assessment.tables import Round, Workshop
from assessment.workshop_rules import WorkshopRules
from scoring.second_round import Placed

AGREED = "agreed"  # the kind of event


class ListOpen(Conflict):
    """People compare a list that stands."""

    def __init__(self) -> None:
        super().__init__(N_("Fix the short list of gaps first."))


class NothingContested(Conflict):
    """A second round is for what the first left open."""

    def __init__(self) -> None:
        super().__init__(N_("There is nothing contested to rate."))


class NoOrder(Conflict):
    """There is an order once round one was revealed and five people or more have chosen."""

    def __init__(self) -> None:
        super().__init__(N_("There is no order to settle on. Show what the room has said first."))


class AgreedBefore(Conflict):
    """The order is agreed once."""

    def __init__(self) -> None:
        super().__init__(N_("The room has agreed on the order. It stays as it is."))


def ask_best_worst(session: Session, workshop: Workshop, now: datetime, minutes: int | None = None) -> Round:
    """Round one, on the list as it was fixed. The caller holds the workshop's row.

    Raises:
        WorkshopNotRunning, RoundUnderWay
        ListOpen
        AskedBefore: there is a round one.
    """
    listed = [row.question_id for row in list_gaps(session, workshop.id) if row.is_listed]
    if not listed:
        raise ListOpen
    if any(each.kind == BEST_WORST for each in priority_rounds(session, workshop.id)):
        raise AskedBefore
    return rounds.open_round(session, workshop, BEST_WORST, listed, now, minutes)


def ask_ratings(
    session: Session, workshop: Workshop, now: datetime, minutes: int | None = None, keep: Keep = work_out
) -> Round:
    """Urgency and feasibility of the contested gaps, or the same once more. The caller holds the workshop's row.

    Raises:
        WorkshopNotRunning, RoundUnderWay
        NothingContested: or round one was not revealed.
        AgreedBefore
        RoundsUsedUp: with round one, as often as the rules allow.
    """
    asked = priority_rounds(session, workshop.id)
    found = build_priorities(workshop, list_gaps(session, workshop.id), asked, keep)
    if found.agreed:
        raise AgreedBefore
    if not found.contested:
        raise NothingContested
    most = WorkshopRules.from_json(workshop.rules).most_rounds
    if 1 + len(found.ratings) >= most:
        raise rounds.RoundsUsedUp(most)
    again = rounds.current(session, workshop.id)
    if found.ratings and again is not None and again.kind == RATING and again.state in ("revealed", "discussed"):
        return rounds.ask_again(session, workshop, now, minutes)
    return rounds.open_round(session, workshop, RATING, found.contested, now, minutes)


def settle(session: Session, workshop: Workshop, now: datetime, keep: Keep = work_out) -> RoomPriorities:
    """The room agrees on the order as it stands; the rule that ended the asking is written down with its figures.

    What the rounds found stays as it is. The caller holds the workshop's row.

    Raises:
        WorkshopNotRunning
        NoOrder: nothing was revealed, or a round is open.
        AgreedBefore
    """
    if workshop.state != "running":
        raise rounds.WorkshopNotRunning
    rows, asked = list_gaps(session, workshop.id), priority_rounds(session, workshop.id)
    found = build_priorities(workshop, rows, asked, keep)
    if found.agreed:
        raise AgreedBefore
    if not found.may_settle:
        raise NoOrder
    rule = found.holds or Rule(CHOSEN, {"round": 1.0 + len(found.ratings)})
    _end(session, workshop, asked[-1], rule, now)
    places = agreed_places(found.order)
    for row in rows:
        row.agreed_place = places.get(row.question_id)
    workshop_events.note(session, workshop, AGREED, now, places=places, rule=rule.rule)
    return build_priorities(workshop, rows, asked, keep)


def _end(session: Session, workshop: Workshop, last: Round, rule: Rule, now: datetime) -> None:
    newest = rounds.current(session, workshop.id)
    if newest is not None and newest.id == last.id and last.state != "settled":
        rounds.settle_round(session, workshop, now, rule.as_json())
    else:
        last.fired = rule.as_json()  # something else has been asked since, or the round was ended without a rule


def agreed_places(order: Sequence[Placed]) -> dict[str, int]:
    """Places from 1; gaps that share theirs have the first of them, as in a race."""
    return {each.item: 1 + sum(other.place < each.place for other in order) for each in order}
