"""What people add to a case: notes for those who run the programme, support that was applied for, actions done."""

from datetime import datetime

from sqlalchemy.orm import Session

from assessment import case_events
from assessment.case_moves import NoSuchStep, clean_day, move, refuse_interest
from assessment.case_states import ACTION_DONE, AFTER_REPORT, FIRM, OFFICER, SUPPORT_APPLIED, may_follow
from assessment.errors import N_, Invalid
from assessment.programme_access import NotYours, OpenCase
from assessment.texts import clean_text


class NothingWritten(Invalid):
    """An empty note says nothing."""

    def __init__(self) -> None:
        super().__init__(N_("Write the note first."))


class NothingMarked(Invalid):
    """An action is known by its name."""

    def __init__(self) -> None:
        super().__init__(N_("Say which action it is."))


def note(session: Session, opened: OpenCase, text: str, now: datetime) -> None:
    """Write a note for those who run the programme; the firm never sees it.

    Raises:
        NotYours: firms write none.
        NothingWritten, Invalid: it is empty, or cannot be kept.
    """
    if opened.role == FIRM:
        raise NotYours
    refuse_interest(session, opened)
    cleaned = clean_text(text, 2000)
    if not cleaned:
        raise NothingWritten
    case_events.record(
        session, opened.case, case_events.NOTED, now, by=opened.role, user_id=opened.user_id, text=cleaned
    )


def mark(session: Session, opened: OpenCase, what: str, action: str, day: str, now: datetime) -> None:
    """Note that support was applied for, or that an action is done; the first of each moves the case on.

    Raises:
        NoSuchStep, NotYours: it is not the time for it, or not theirs to say.
        NothingMarked, InvalidDay: it does not say what or when.
    """
    if what not in (SUPPORT_APPLIED, ACTION_DONE):
        raise NoSuchStep
    about = {"action": clean_text(action, 200), "day": clean_day(day, is_needed=True)}
    if not about["action"]:
        raise NothingMarked
    case = opened.case
    if may_follow(case.state, what, FIRM) or case.state not in AFTER_REPORT:
        move(session, opened, what, now, about=about)
        return
    opened = opened.acting(FIRM, OFFICER)
    refuse_interest(session, opened)
    case_events.record(
        session, case, case_events.MARKED, now, by=opened.role, user_id=opened.user_id, what=what, **about
    )
