"""How the votes on one question spread, in the room and in each group, with nobody's vote to be worked out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from questionnaires.answers import NOT_APPLICABLE, UNKNOWN
from scoring.consensus import fullest_pair, tastle_wierman, van_der_eijk

SMALLEST_GROUP = 5  # people; of fewer nothing is shown

Vote = int | Literal["unknown", "not_applicable"]
Votes = Literal["none", "one", "several"]
Hidden = Literal["no_votes", "too_few", "with_others"]


@dataclass(frozen=True, slots=True)
class Dispersion:
    """The votes on one question: how many per level, 0 to the highest, and how many on none.

    Rated votes are those on a level. Whatever needs one is None without any; whatever compares votes (`agreement`,
    `consensus`, `pair`) is None below two: one vote agrees with nobody. `standing` says which of the cases it is.

    Median and quartiles are levels that somebody chose: the lowest level with at least a half, a quarter, three
    quarters of the rated votes at or below it. The median of an even number is thus the lower of the two middle votes:
    a tie never flatters the firm.
    """

    counts: tuple[int, ...]
    unknown: int
    not_applicable: int
    mean: float | None
    median: int | None
    quartiles: tuple[int, int] | None
    range: tuple[int, int] | None
    agreement: float | None  # van der Eijk's A, -1 to 1
    consensus: float | None  # Tastle and Wierman's Cns, 0 to 1
    pair: tuple[int, int] | None  # the two adjacent levels with the most votes
    pair_share: float | None  # their share of the rated votes

    @property
    def rated(self) -> int:
        """Votes on a level."""
        return sum(self.counts)

    @property
    def voted(self) -> int:
        """Votes of any kind: each is one person."""
        return self.rated + self.unknown + self.not_applicable

    @property
    def unknown_share(self) -> float | None:
        """The part of the people to whom the question applies that do not know; None when it applies to nobody."""
        concerned = self.rated + self.unknown
        return self.unknown / concerned if concerned else None

    @property
    def standing(self) -> Votes:
        """Whether nobody, one person, or several have rated."""
        return "none" if self.rated == 0 else "one" if self.rated == 1 else "several"


@dataclass(frozen=True, slots=True)
class GroupDispersions:
    """What may be shown of one question: the room (None below five votes), the groups, and why others are hidden."""

    room: Dispersion | None
    shown: Mapping[str, Dispersion]
    hidden: Mapping[str, Hidden]


def dispersion(votes: Iterable[Vote], levels: int) -> Dispersion:
    """Count the votes on a ladder of so many levels and measure their spread.

    Raises:
        ValueError: a vote is on a level that the ladder does not have.
    """
    found = Counter(votes)
    if strange := [vote for vote in found if vote not in (UNKNOWN, NOT_APPLICABLE) and vote not in range(levels)]:
        raise ValueError(f"{strange[0]!r} is no level from 0 to {levels - 1}, nor {UNKNOWN!r}, nor {NOT_APPLICABLE!r}")
    counts = tuple(found[level] for level in range(levels))
    return of_counts(counts, found[UNKNOWN], found[NOT_APPLICABLE])


def of_counts(counts: Sequence[int], unknown: int = 0, not_applicable: int = 0) -> Dispersion:
    """The same from votes that are counted already."""
    rated = sum(counts)
    some, several = rated > 0, rated > 1
    chosen = [level for level, count in enumerate(counts) if count]
    pair = fullest_pair(counts) if several else None
    return Dispersion(
        counts=tuple(counts),
        unknown=unknown,
        not_applicable=not_applicable,
        mean=sum(level * count for level, count in enumerate(counts)) / rated if some else None,
        median=_reaching(counts, 2) if some else None,
        quartiles=(_reaching(counts, 1), _reaching(counts, 3)) if some else None,
        range=(chosen[0], chosen[-1]) if some else None,
        agreement=van_der_eijk(counts) if several else None,
        consensus=tastle_wierman(counts) if several else None,
        pair=(pair[0], pair[0] + 1) if pair else None,
        pair_share=pair[1] if pair else None,
    )


def dispersions(votes_by_group: Mapping[str, Sequence[Vote]], levels: int) -> GroupDispersions:
    """The spread in the room and in every group that may be shown; groups in the given order.

    Raises:
        ValueError: a vote is on a level that the ladder does not have.
    """
    hidden = hidden_groups({group: len(votes) for group, votes in votes_by_group.items()})
    everybody = [vote for votes in votes_by_group.values() for vote in votes]
    return GroupDispersions(
        room=dispersion(everybody, levels) if len(everybody) >= SMALLEST_GROUP else None,
        shown={group: dispersion(votes, levels) for group, votes in votes_by_group.items() if group not in hidden},
        hidden=hidden,
    )


def hidden_groups(people: Mapping[str, int]) -> dict[str, Hidden]:
    """Which groups are not shown, by how many people of each voted (on a level or not).

    Nothing is shown of a group of one to four (`too_few`). Since the room's figures are always shown, what is hidden is
    known by subtraction as one lump: when the lump is fewer than five people, the smallest group that is shown goes
    too (`with_others`), the later one of equals. So the lump is always two groups or more and five people or more.
    Of a room of two groups with a small one, only the room remains. A group without votes has nothing to hide.

    What this leaves: a lump that is all of one vote is known to be so, as in any group that is shown; and figures
    taken before and after one person's vote differ by it, so that figures are given for closed rounds only.
    """
    hidden: dict[str, Hidden] = {}
    for group, count in people.items():
        if count < SMALLEST_GROUP:
            hidden[group] = "too_few" if count else "no_votes"
    lump = [group for group, reason in hidden.items() if reason == "too_few"]
    rest = sorted((group for group in people if group not in hidden), key=lambda group: people[group], reverse=True)
    while lump and rest and sum(people[group] for group in lump) < SMALLEST_GROUP:
        group = rest.pop()
        hidden[group] = "with_others"
        lump.append(group)
    return {group: hidden[group] for group in people if group in hidden}


def _reaching(counts: Sequence[int], quarters: int) -> int:
    """The lowest level with at least so many quarters of the votes at or below it."""
    wanted = quarters * sum(counts)
    return next(level for level, below in enumerate(accumulate(counts)) if below and 4 * below >= wanted)
