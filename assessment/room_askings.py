"""What the revealed rounds of a workshop found on each question, as far as it may be shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assessment.round_levels import spread_of
from assessment.tables import Round, Workshop
from assessment.votes import is_asked
from questionnaires.schema import Dimension, Questionnaire
from scoring.discussion import Topic
from scoring.dispersion import GroupDispersions
from scoring.ladders import level_scores


@dataclass(frozen=True, slots=True)
class Asking:
    """One round in which a question was asked and shown: what may be shown of it, and how many were asked."""

    round_id: int
    number: int
    votes: GroupDispersions
    groups: tuple[str, ...]  # for whom the question was
    asked: int | None  # people of these groups in the room when it was shown


def askings_of(workshop: Workshop, questionnaire: Questionnaire, rounds: Iterable[Round]) -> dict[str, list[Asking]]:
    """By question, every asking that was revealed, in order."""
    found: dict[str, list[Asking]] = {}
    for each in rounds:
        for question in each.subjects if each.revealed_at else ():
            levels = questionnaire.questions[question].levels or ()
            votes = spread_of(workshop, each, question, len(levels))
            if votes is not None:
                found.setdefault(question, []).append(_asking(workshop, questionnaire, each, question, votes))
    return found


def _asking(
    workshop: Workshop, questionnaire: Questionnaire, row: Round, question: str, votes: GroupDispersions
) -> Asking:
    named = (group["id"] for group in workshop.groups)
    groups = tuple(group for group in named if is_asked(workshop, questionnaire, question, group))
    present = (row.result or {}).get("present")
    asked = sum(present.get(group, 0) for group in groups) if present is not None else None
    return Asking(row.id, row.number, votes, groups, asked)


def topics_of(questionnaire: Questionnaire, votes: Mapping[str, GroupDispersions]) -> list[Topic]:
    """The gap is the way from the suggested level to the top of the ladder; the whole of it where nobody knows."""
    weights, scale = full_shares(questionnaire), questionnaire.scale
    topics = []
    for question, found in votes.items():
        scores = level_scores(questionnaire, questionnaire.questions[question])
        median = found.room.median if found.room else None
        gap = scale.max - (scale.min if median is None else scores[median])
        topics.append(Topic(question, found, max(0.0, gap), weights.get(question, 0.0)))
    return topics


def full_shares(questionnaire: Questionnaire) -> dict[str, float]:
    """The share of each question in the overall score if every question were asked; they sum to 1.

    A room answers for many firms, so that no condition on one firm leaves a question out.
    """
    found: dict[str, float] = {}

    def visit(parts: Sequence[Dimension], share: float) -> None:
        total = sum(part.weight for part in parts)
        for part in parts:
            mine = share * part.weight / total if total else 0.0
            visit(part.dimensions, mine)
            below = sum(q.weight for q in part.questions)
            found.update({q.id: mine * q.weight / below if below else 0.0 for q in part.questions})

    visit(questionnaire.dimensions, 1.0)
    return found
