"""What the projector shows, how fast the room is asked, where it is in the agenda: chosen by who leads, and kept."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from assessment import rounds, workshop_events
from assessment.access import new_token, token_sha256
from assessment.errors import N_, Invalid
from assessment.tables import Round, Workshop
from assessment.workshops import AlreadyEnded

ASKED, LOBBY, PRIORITIES, ROADMAP = PAGES = ("asked", "lobby", "priorities", "roadmap")
ALL, PART, QUESTION = PACES = ("all", "part", "question")
MOST_MINUTES = 180


@dataclass(frozen=True, slots=True)
class Screen:
    """What was chosen; `question` is the one of a revealed round that is shown, `agenda` counts its lines from 0."""

    page: str = ASKED
    question: str = ""
    join: bool = False
    descriptors: bool = False
    pace: str = QUESTION
    agenda: int = 0

    @classmethod
    def of(cls, workshop: Workshop) -> "Screen":
        known = {f.name for f in fields(cls)}
        return cls(**{name: value for name, value in workshop.screen.items() if name in known})


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the workshop is in its agenda: minutes behind it, or, below 0, ahead of it."""

    line: int
    spent: int
    behind: int


def change_screen(session: Session, workshop: Workshop, now: datetime, **changes: Any) -> Screen:
    """Show something else. The caller holds the workshop's row.

    Raises:
        Invalid: there is no such page or pace.
    """
    screen = replace(Screen.of(workshop), **changes)
    if screen.page not in PAGES or screen.pace not in PACES:
        raise Invalid(N_("Choose one of the pages that the screen can show."))
    lines = max(1, len(workshop.agenda))
    screen = replace(screen, agenda=min(max(0, screen.agenda), lines - 1))
    # What other pages keep there (which part of the roadmap is shown) stays.
    workshop.screen = {**workshop.screen, **{f.name: getattr(screen, f.name) for f in fields(screen)}}
    workshop_events.note(session, workshop, "screen", now)
    return screen


def question_shown(screen: Screen, asked: Round) -> str:
    """Which question of a round is on the screen: the chosen one, or its first."""
    return screen.question if screen.question in asked.subjects else asked.subjects[0]


def next_to_ask(
    workshop: Workshop, parts: Sequence[Sequence[str]], pace: str, asked_before: Sequence[Round]
) -> tuple[str, ...]:
    """What comes next at this pace, in the order of the plan; nothing when all has been asked."""
    done = {subject for each in asked_before for subject in each.subjects}
    left = [question for question in workshop.questions if question not in done]
    if not left or pace == ALL:
        return tuple(left)
    if pace == QUESTION:
        return (left[0],)
    return tuple(q for q in next(part for part in parts if left[0] in part) if q in left)


def give_time(session: Session, workshop: Workshop, now: datetime, minutes: int) -> None:
    """So many minutes from now for what is asked.

    Raises:
        NothingAsked, NotNow: there is nothing open.
        Invalid: no minutes that a workshop has.
    """
    asked = rounds.current(session, workshop.id)
    if asked is None:
        raise rounds.NothingAsked
    if asked.state != "open":
        raise rounds.NotNow
    if not 1 <= minutes <= MOST_MINUTES:
        raise Invalid(N_("Enter 1 to %(most)d minutes."), most=MOST_MINUTES)
    asked.minutes = math.ceil((now - asked.opened_at) / timedelta(minutes=1)) + minutes
    workshop_events.note(session, workshop, "time", now, round=asked.number)


def clock(workshop: Workshop, screen: Screen, now: datetime) -> Clock | None:
    """How far the clock is behind or ahead of the agenda; None before the start and without an agenda."""
    agenda: Sequence[Mapping[str, Any]] = workshop.agenda
    if workshop.started_at is None or not agenda:
        return None
    spent = int((now - workshop.started_at) / timedelta(minutes=1))
    line = min(screen.agenda, len(agenda) - 1)
    begins = sum(int(each["minutes"]) for each in agenda[:line])
    ends = begins + int(agenda[line]["minutes"])
    behind = spent - ends if spent > ends else spent - begins if spent < begins else 0
    return Clock(line, spent, behind)


def new_chair(session: Session, workshop: Workshop, now: datetime) -> str:
    """A new link to lead it by, for another device; the one before leads nowhere from now on."""
    secret = new_token()
    workshop.chair_sha256 = token_sha256(secret)
    workshop_events.note(session, workshop, "chair", now)
    return secret


def new_screen_link(session: Session, workshop: Workshop, now: datetime) -> str:
    """A new link for the projector; the one before leads nowhere from now on.

    Raises:
        AlreadyEnded
    """
    if workshop.state == "ended":
        raise AlreadyEnded
    secret = new_token()
    workshop.screen_sha256 = token_sha256(secret)
    workshop_events.note(session, workshop, "chair", now)
    return secret
