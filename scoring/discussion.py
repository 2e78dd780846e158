"""What a room should talk about first: the questions on which it disagrees, where it matters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from scoring.agreement import Agreement, AgreementRule, agreement
from scoring.consensus import two_camps
from scoring.dispersion import Dispersion, GroupDispersions
from scoring.group_difference import GroupDifference, group_difference

NO_VIEW = 0.2  # agreement A; the median of 20 votes on six levels at random is 0.12
UNKNOWN_COUNTS = 0.5  # illustrative: a room that does not know is half as much at odds as one in camps
UNIMPORTANT_COUNTS = 0.25  # illustrative: what is left of a disagreement where there is no gap

Code = Literal["camps", "no_view", "scattered", "groups_differ", "many_unknown", "too_few_votes"]


@dataclass(frozen=True, slots=True)
class Topic:
    """One question with its votes; `gap` and `weight` each in a unit that is the same for all topics, not below 0."""

    question: str
    votes: GroupDispersions
    gap: float
    weight: float


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a question is worth talking about, with the figure that says so.

    camps, no_view: A; scattered: the share on the fullest two adjacent levels; groups_differ: levels between the
    means of `groups`, the higher first; many_unknown: the share that does not know; too_few_votes: how many rated,
    None when fewer than five people voted at all.
    """

    code: Code
    figure: float | None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DiscussionItem:
    """One question's place in the discussion, with the terms that made it; each term is between 0 and 1."""

    question: str
    rank: int
    worth: float
    disagreement: float
    spread_term: float
    difference_term: float
    unknown_term: float
    importance: float
    difference: GroupDifference | None
    agreement: Agreement | None  # None when the room may not be shown
    reasons: tuple[Reason, ...]  # none when the room is agreed and nothing stands out


def discussion(topics: Sequence[Topic], rule: AgreementRule | None = None) -> tuple[DiscussionItem, ...]:
    """Order the questions by disagreement worth talking about; ties stay in the order given.

    - spread: (1 - A) / 2, so that all on one level is 0, no view 0.5, half at either end 1.
    - difference: the widest difference of two shown groups over the length of the ladder; half of what was found and
      half of what is sure (the near end of its interval, no less than 0).
    - unknown: half the share of those concerned that do not know.
    - disagreement = 1 - (1 - spread)(1 - difference)(1 - unknown): each adds, none takes away.
    - importance: gap x weight over the largest among the topics (0 when there is none).
    - worth = disagreement x (0.25 + 0.75 importance).

    The form is ours and illustrative. A question whose room may not be shown has no worth and comes last.

    Raises:
        ValueError: a gap or a weight is below 0.
    """
    if any(topic.gap < 0 or topic.weight < 0 for topic in topics):
        raise ValueError("a gap and a weight are not below 0")
    largest = max((topic.gap * topic.weight for topic in topics), default=0.0)
    items = [_item(topic, largest, rule or AgreementRule()) for topic in topics]
    items.sort(key=lambda item: (item.agreement is None, -round(item.worth, 12)))
    return tuple(replace(item, rank=rank) for rank, item in enumerate(items, 1))


def _item(topic: Topic, largest: float, rule: AgreementRule) -> DiscussionItem:
    importance = topic.gap * topic.weight / largest if largest else 0.0
    room, apart = topic.votes.room, group_difference(topic.votes)
    if room is None:
        none = Reason("too_few_votes", None)
        return DiscussionItem(topic.question, 0, 0.0, 0.0, 0.0, 0.0, 0.0, importance, None, None, (none,))
    spread = 0.0 if room.agreement is None else (1 - room.agreement) / 2
    between = _between(apart, len(room.counts))
    unknown = UNKNOWN_COUNTS * (room.unknown_share or 0.0)
    disagreement = 1 - (1 - spread) * (1 - between) * (1 - unknown)
    worth = disagreement * (UNIMPORTANT_COUNTS + (1 - UNIMPORTANT_COUNTS) * importance)
    standing = agreement(room, rule, apart)
    reasons = _reasons(room, apart, standing)
    return DiscussionItem(
        topic.question, 0, worth, disagreement, spread, between, unknown, importance, apart, standing, reasons
    )


def _between(apart: GroupDifference | None, levels: int) -> float:
    if apart is None or levels < 2:
        return 0.0
    return (apart.difference + max(0.0, apart.interval[0])) / 2 / (levels - 1)


def _reasons(room: Dispersion, apart: GroupDifference | None, standing: Agreement) -> tuple[Reason, ...]:
    found: list[Reason] = []
    if room.agreement is not None and two_camps(room.counts):
        found.append(Reason("camps", room.agreement))
    elif room.agreement is not None and room.agreement <= NO_VIEW:
        found.append(Reason("no_view", room.agreement))
    elif {"low_agreement", "scattered"} & set(standing.missing):
        found.append(Reason("scattered", room.pair_share))
    if apart is not None and "groups_differ" in standing.missing:
        found.append(Reason("groups_differ", apart.difference, (apart.higher, apart.lower)))
    if "many_unknown" in standing.missing:
        found.append(Reason("many_unknown", room.unknown_share))
    if "too_few_votes" in standing.missing:
        found.append(Reason("too_few_votes", float(room.rated)))
    return tuple(found)
