"""What stands in the way of made-up firms: drawn, so that there is something to count."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assessment.hindrance_answers import MOST
from assessment.hindrances import HINDRANCES, as_number
from assessment.tables import Outcome, Programme

SAY = 0.7  # of the firms of the newest year
NOTHING = 0.06  # of those who say
# How often each of the list is drawn, in its order: money and people most, as firms usually say.
WEIGHTS = (20, 9, 5, 18, 12, 8, 13, 6, 7, 4, 6)
ROWS_AT_ONCE = 20_000


def write(session: Session, programme: Programme, seed: int) -> int:
    """Let most firms of the newest year say what stands in their way; returns how many said so."""
    newest = select(func.max(Outcome.wave)).where(Outcome.programme_id == programme.id).scalar_subquery()
    ours = select(Outcome.assessment_id, Outcome.firm_id).where(
        Outcome.programme_id == programme.id, Outcome.wave == newest
    )
    rows = session.execute(ours.order_by(Outcome.assessment_id)).all()
    told = 0
    for start in range(0, len(rows), ROWS_AT_ONCE):
        part = rows[start : start + ROWS_AT_ONCE]
        drawn = _drawn([firm for _, firm in part], seed)
        said = [
            {"assessment_id": row[0], "hindrances": number}
            for row, number in zip(part, drawn, strict=True)
            if number is not None
        ]
        if said:
            session.execute(update(Outcome), said)
        told += len(said)
    return told


def _drawn(firms: Sequence[int], seed: int) -> list[int | None]:
    """A number for each firm, the same for what it says and for what an assessor found of it."""
    random = np.random.default_rng([seed, 11])
    chances, ids = np.array(WEIGHTS) / sum(WEIGHTS), np.array(list(HINDRANCES))
    place = {firm: row for row, firm in enumerate(dict.fromkeys(firms))}
    count = len(place)
    draws = np.log(chances) + random.gumbel(size=(count, len(ids)))  # the largest are drawn without putting back
    order = np.argsort(-draws, axis=1)
    says, nothing = random.random(count) < SAY, random.random(count) < NOTHING
    many = random.integers(1, MOST + 1, count)
    numbers = [
        (as_number(() if nothing[row] else ids[order[row, : many[row]]].tolist()) if says[row] else None)
        for row in range(count)
    ]
    return [numbers[place[firm]] for firm in firms]
