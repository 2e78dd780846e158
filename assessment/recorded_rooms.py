"""How many people were in the room, as a record may tell it: no group under five, and none by subtraction."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessment.tables import Participant, Workshop
from scoring.dispersion import SMALLEST_GROUP


@dataclass(frozen=True, slots=True)
class Heads:
    """How many people of each group there are."""

    by_group: Mapping[str, int]

    @property
    def small(self) -> frozenset[str]:
        """Groups of one to four people: their number is not told, nor their words with their name."""
        return frozenset(group for group, people in self.by_group.items() if 0 < people < SMALLEST_GROUP)

    def told(self, groups: Iterable[str] | None = None) -> dict[str, Any]:
        """How many people some groups have, or all.

        Small groups are counted in where two or more have five people together; else `more` says that there are some
        people beside those that are told. `people` is None where there are only those.
        """
        named = {g: n for g, n in self.by_group.items() if groups is None or g in set(groups)}
        small = self.small & named.keys()
        together = sum(named[group] for group in small)
        if len(small) > 1 and together >= SMALLEST_GROUP:
            small, together = frozenset(), 0
        shown = sum(named.values()) - together
        return {"people": None if small and not shown else shown, "more": bool(small)}

    def of(self, group: str) -> int | None:
        """How many people one group has; None of a small one."""
        return None if group in self.small else self.by_group.get(group, 0)


def heads_of(session: Session, workshop: Workshop) -> Heads:
    """Everybody who is in the room now."""
    query = select(Participant.group_id, func.count().label("n")).where(
        Participant.workshop_id == workshop.id, Participant.removed_at.is_(None)
    )
    found = {row.group_id: row.n for row in session.execute(query.group_by(Participant.group_id))}
    return Heads({group["id"]: found.get(group["id"], 0) for group in workshop.groups})


def voters_of(result: Mapping[str, Any]) -> Heads:
    """Whoever gave a ballot in a round."""
    people = {(ballot["person"], ballot["group"]) for ballot in result.get("ballots", ())}
    return Heads(Counter(group for _, group in sorted(people)))


def present_at(result: Mapping[str, Any]) -> Heads:
    """Whoever was in the room when a round was shown."""
    return Heads(result.get("present", {}))
