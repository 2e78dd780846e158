"""The private first round of a room: which gap first, which last; scores, bars and chances, the same at each look."""

from dataclasses import dataclass, field

from assessment.tables import Round, Workshop
from assessment.workshop_rules import WorkshopRules
from scoring.best_worst import BallotCounts, Choice, ItemScore, ballot_counts, item_scores
from scoring.dispersion import SMALLEST_GROUP
from scoring.priority_discussion import Disagreement, disagreements
from scoring.rank_certainty import RankBar, RankCertainty, rank_certainty
from scoring.screens import screens_for


@dataclass(frozen=True, slots=True)
class BlockOfPeople:
    """Groups that are counted and shown together, and how many of their people chose; see scoring/blocks.py."""

    groups: tuple[str, ...]
    people: int


@dataclass(frozen=True, slots=True)
class GapResult:
    """One gap in the first round. Scores from -1 to 1, ranks from 1; `by_block` in the order of the blocks."""

    question: str
    score: float
    rank: float
    low: float  # the better end of the bar
    high: float
    top: float  # the chance to be among the first k
    pooled: float
    pooled_rank: float
    differs: bool  # its rank by groups and its rank by people are three places apart or more
    by_block: tuple[float | None, ...]
    is_contested: bool
    disagreement: Disagreement


@dataclass(frozen=True, slots=True)
class FirstRound:
    """What the room puts first. Below five people `gaps` is empty, for nothing is shown then.

    `gaps` by rank, ties in the order of the list; `blocks` only where there are two or more. `answered` and `skipped`
    count screens. `certainty` has the bars in the order of the list.
    """

    number: int
    k: int
    people: int
    present: int
    answered: int
    skipped: int
    blocks: tuple[BlockOfPeople, ...]
    gaps: tuple[GapResult, ...]
    certainty: RankCertainty = field(compare=False, repr=False)

    @property
    def is_shown(self) -> bool:
        return bool(self.gaps)

    @property
    def contested(self) -> tuple[GapResult, ...]:
        return tuple(gap for gap in self.gaps if gap.is_contested)

    @property
    def to_discuss(self) -> tuple[GapResult, ...]:
        """The gaps in the order in which they are worth talking about."""
        return tuple(sorted(self.gaps, key=lambda gap: gap.disagreement.turn))


def counts_of(workshop: Workshop, asked: Round) -> BallotCounts:
    """The choices of a round that was revealed, person by person: to compute with, never to show."""
    return ballot_counts(asked.subjects, _choices(workshop, asked))


def _choices(workshop: Workshop, asked: Round) -> list[Choice]:
    rules, found = WorkshopRules.from_json(workshop.rules), []
    for ballot in (asked.result or {}).get("ballots", ()):
        # Screens count people from 0, as `votes.screens_of` does.
        screens = screens_for(asked.subjects, ballot["person"] - 1, workshop.seed, rules.screens)
        shown, value = screens[int(ballot["subject"]) - 1], ballot["value"]
        found.append(Choice(ballot["person"], ballot["group"], shown, value["best"], value["worst"]))
    return found


def top_places(workshop: Workshop, asked: Round) -> int:
    """How many places matter: as the rules say, and fewer than there are gaps."""
    return max(1, min(WorkshopRules.from_json(workshop.rules).top, len(asked.subjects) - 1))


def first_round(workshop: Workshop, asked: Round) -> FirstRound:
    """What a best-worst round found; nothing but its frozen ballots, the rules and the seed decide."""
    rules, k = WorkshopRules.from_json(workshop.rules), top_places(workshop, asked)
    choices = _choices(workshop, asked)
    counts = ballot_counts(asked.subjects, choices)
    certainty = rank_certainty(counts, k, seed=workshop.seed)
    people, skipped = len(counts.people), sum(choice.best is None for choice in choices)
    gaps: tuple[GapResult, ...] = ()
    if people >= SMALLEST_GROUP:
        gaps = _gaps(item_scores(counts), certainty, set(certainty.contested(rules.settled, 1 - rules.settled)))
    blocks = tuple(BlockOfPeople(b.groups, b.people) for b in counts.blocks) if len(counts.blocks) > 1 else ()
    present = sum((asked.result or {}).get("present", {}).values())
    answered = len(choices) - skipped
    return FirstRound(asked.number, k, people, present, answered, skipped, blocks, gaps, certainty)


def _gaps(scores: tuple[ItemScore, ...], certainty: RankCertainty, contested: set[str]) -> tuple[GapResult, ...]:
    talk = {each.item: each for each in disagreements(scores, certainty.bars)}
    found = [_gap(s, b, talk[s.item], contested) for s, b in zip(scores, certainty.bars, strict=True)]
    return tuple(sorted(found, key=lambda gap: gap.rank))


def _gap(score: ItemScore, bar: RankBar, talk: Disagreement, contested: set[str]) -> GapResult:
    return GapResult(
        question=score.item,
        score=score.score,
        rank=score.rank,
        low=bar.low,
        high=bar.high,
        top=bar.top,
        pooled=score.pooled,
        pooled_rank=score.pooled_rank,
        differs=score.differs,
        by_block=score.by_block if len(score.by_block) > 1 else (),
        is_contested=score.item in contested,
        disagreement=talk,
    )
