"""What a round that was revealed has found on a question, as far as it may be shown."""

from collections.abc import Mapping
from typing import Any

from assessment.tables import Round, Workshop
from scoring.dispersion import GroupDispersions, Vote, dispersions


def spread_of(workshop: Workshop, asked: Round, question_id: str, levels: int) -> GroupDispersions | None:
    """The spread in the room and in its groups, in their order; None while nothing may be seen."""
    if asked.result is None or asked.kind != "levels":
        return None
    found: Mapping[str, Mapping[str, int]] = asked.result["levels"].get(question_id, {})
    return dispersions({group["id"]: _votes(found.get(group["id"], {})) for group in workshop.groups}, levels)


def _votes(counts: Mapping[str, int]) -> list[Vote]:
    votes: list[Vote] = []
    for answer, count in counts.items():
        value: Any = int(answer) if answer.isdecimal() else answer
        votes.extend([value] * count)
    return votes
