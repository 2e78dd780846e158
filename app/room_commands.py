"""What who leads a workshop can press, one command each: the name of the button, and what it does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.forms import SentForm
from app.workshop_doors import Led
from app.workshop_form import parts_of
from assessment import room_levels, room_screen, rounds
from assessment.errors import N_, Invalid
from assessment.room_screen import ALL, ASKED, PART, QUESTION, Screen
from assessment.rounds import LEVELS


class NoSuchCommand(Invalid):
    """The page has another button, or is of another version."""

    def __init__(self) -> None:
        super().__init__(N_("This page has no such button. Look at it as it is now."))


class AllAsked(Invalid):
    """There is no question left."""

    def __init__(self) -> None:
        super().__init__(N_("All of the questions have been asked. Ask one again, or go on to the gaps."))


@dataclass(frozen=True, slots=True)
class Step:
    """One press: where, with what, when."""

    session: Session
    led: Led
    sent: SentForm
    now: datetime

    def minutes(self) -> int | None:
        """Of a time box; None without one.

        Raises:
            Invalid: no minutes that a workshop has.
        """
        typed = self.sent.text("minutes").strip()
        if not typed:
            return None
        if not typed.isdecimal() or not 1 <= int(typed[:9]) <= room_screen.MOST_MINUTES:
            raise Invalid(N_("Enter 1 to %(most)d minutes."), most=room_screen.MOST_MINUTES)
        return int(typed)

    def screen(self, **changes: object) -> None:
        room_screen.change_screen(self.session, self.led.row, self.now, **changes)


def _ask(step: Step) -> None:
    """What was chosen in the list, or else what comes next at the pace of the room."""
    row, chosen = step.led.row, step.sent.text("what")
    parts = {part.id: part.questions for part in parts_of(step.led.questionnaire)}
    if chosen in row.questions:
        subjects: Sequence[str] = (chosen,)
    elif chosen in parts:
        subjects = tuple(q for q in parts[chosen] if q in row.questions)
    else:
        before = rounds.list_rounds(step.session, row.id, LEVELS)
        pace = chosen if chosen in (ALL, PART, QUESTION) else Screen.of(row).pace
        subjects = room_screen.next_to_ask(row, list(parts.values()), pace, before)
    if not subjects:
        raise AllAsked
    rounds.open_round(step.session, row, LEVELS, subjects, step.now, step.minutes())
    step.screen(page=ASKED, question="", join=False)


def _again(step: Step) -> None:
    rounds.ask_again(step.session, step.led.row, step.now, step.minutes())
    step.screen(page=ASKED, question="")


def _reveal(step: Step) -> None:
    rounds.reveal_round(step.session, step.led.row, step.now)
    step.screen(page=ASKED, descriptors=False)


def _level(step: Step) -> None:
    """Take down the level that the room stands by; a round of this one question is settled with it."""
    row, typed = step.led.row, step.sent.text("level")
    asked = rounds.current(step.session, row.id)
    if asked is None:
        raise rounds.NothingAsked
    if asked.kind != LEVELS or asked.result is None:
        raise rounds.NotNow
    level = int(typed) if typed.isdecimal() and len(typed) < 3 else None
    question = room_screen.question_shown(Screen.of(row), asked)
    note = step.sent.text("note")
    room_levels.settle(step.session, row, step.led.questionnaire, question, level, "votes", note, step.now)
    if len(asked.subjects) == 1 and asked.state != "settled":
        rounds.settle_round(step.session, row, step.now)


def _time(step: Step) -> None:
    room_screen.give_time(step.session, step.led.row, step.now, step.minutes() or 1)


def _show_question(step: Step) -> None:
    step.screen(page=ASKED, question=step.sent.text("question"))


def _turn(name: str) -> Callable[[Step], None]:
    return lambda step: step.screen(**{name: not getattr(Screen.of(step.led.row), name)})


def _agenda(by: int) -> Callable[[Step], None]:
    return lambda step: step.screen(agenda=Screen.of(step.led.row).agenda + by)


COMMANDS: Mapping[str, Callable[[Step], object]] = {
    "ask": _ask,
    "again": _again,
    "close": lambda step: rounds.close_round(step.session, step.led.row, step.now),
    "reopen": lambda step: rounds.reopen_round(step.session, step.led.row, step.now),
    "reveal": _reveal,
    "discuss": lambda step: rounds.discuss_round(step.session, step.led.row, step.now),
    "level": _level,
    "settle": lambda step: rounds.settle_round(step.session, step.led.row, step.now),
    "time": _time,
    "show": _show_question,
    "page": lambda step: step.screen(page=step.sent.text("page")),
    "pace": lambda step: step.screen(pace=step.sent.text("pace")),
    "join": _turn("join"),
    "descriptors": _turn("descriptors"),
    "agenda-next": _agenda(1),
    "agenda-back": _agenda(-1),
}


def press(step: Step) -> None:
    """Do what the button says.

    Raises:
        Refusal: it is not possible now.
    """
    command = COMMANDS.get(step.sent.text("do").partition(" ")[0])
    if command is None:
        raise NoSuchCommand
    command(step)
