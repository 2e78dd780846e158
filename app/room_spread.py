"""How the votes on a question are shown to who leads: columns of counts with their marks, and how far they agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assessment.room_askings import Asking
from assessment.room_levels import QuestionLevels
from scoring.consensus import two_camps
from scoring.discussion import NO_VIEW
from scoring.dispersion import Dispersion

FIRMS = "firms assessed"  # no group has this id
STRONG = 0.8  # agreement A; from here on nearly everybody is on one level or the next


@dataclass(frozen=True, slots=True)
class Cell:
    """How many chose an answer, their part of the column, and how tall they stand beside the most; 0 to 100."""

    answer: int | str
    count: int
    percent: int
    tall: int


@dataclass(frozen=True, slots=True)
class Column:
    """The room, or one group in it."""

    group: str  # empty for the room
    votes: Dispersion
    cells: tuple[Cell, ...]
    standing: str  # strong | agreed | weak | none | camps, and empty where nothing can be compared


@dataclass(frozen=True, slots=True)
class Moved:
    """From one asking to the next: the median and the agreement of the room, before and after."""

    before: Dispersion
    after: Dispersion

    @property
    def stayed(self) -> bool:
        return self.before.median == self.after.median


def column(group: str, votes: Dispersion, least: float) -> Column:
    """`least` is the agreement from which this room counts as agreed."""
    counts: list[tuple[int | str, int]] = [*enumerate(votes.counts), ("unknown", votes.unknown)]
    if votes.not_applicable:
        counts.append(("not_applicable", votes.not_applicable))
    voted, most = votes.voted or 1, max(n for _, n in counts) or 1
    cells = tuple(Cell(answer, n, round(100 * n / voted), round(100 * n / most)) for answer, n in counts)
    return Column(group, votes, cells, standing(votes, least))


def standing(votes: Dispersion, least: float) -> str:
    """The word for how far they agree; two camps are called so whatever the figure."""
    if votes.agreement is None:
        return ""
    if two_camps(votes.counts):
        return "camps"
    for word, low in (("strong", STRONG), ("agreed", least), ("weak", NO_VIEW)):
        if round(votes.agreement, 9) >= low:
            return word
    return "none"


def columns(asking: Asking | None, least: float) -> tuple[Column, ...]:
    """The room, then each group that may be shown; none where the room may not be."""
    if asking is None or asking.votes.room is None:
        return ()
    groups = asking.votes.shown.items() if len(asking.groups) > 1 else ()
    return (column("", asking.votes.room, least), *(column(group, each, least) for group, each in groups))


def columns_of(found: QuestionLevels, least: float) -> tuple[Column, ...]:
    """The same, and beside it the firms that were assessed, where they may be shown."""
    firms = (column(FIRMS, found.firms, least),) if found.firms else ()
    return columns(found.newest, least) + firms


def answers_in(shown: Sequence[Column]) -> tuple[int | str, ...]:
    """Every answer that a column has, in order."""
    return tuple(dict.fromkeys(cell.answer for each in shown for cell in each.cells))


def hidden(asking: Asking) -> Mapping[str, str]:
    """The groups that were asked and are not shown, and why."""
    return {group: why for group, why in asking.votes.hidden.items() if group in asking.groups}


def moves(found: QuestionLevels) -> tuple[Moved, ...]:
    """What changed in the room from asking to asking, where both may be shown."""
    return tuple(
        Moved(before.votes.room, after.votes.room)
        for before, after in pairwise(found.askings)
        if before.votes.room and after.votes.room
    )
