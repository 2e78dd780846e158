"""What made-up firms say of the actions of their roadmaps: drawn, so that there is something to count."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from assessment.made_up_rows import SOURCE
from assessment.standing import STATES
from assessment.tables import ActionProgress, Outcome, Programme
from questionnaires.library import Action

TELL = 0.4  # of the firms that assessed themselves
MOST = 4  # actions that one says something of
HOW_FAR = (0.35, 0.25, 0.3, 0.1)  # of STATES
ROWS_AT_ONCE = 20_000


def write(session: Session, programme: Programme, actions: Sequence[Action], seed: int, now: datetime) -> int:
    """Let some firms of the newest year say where some actions stand; returns how many things were said."""
    newest = select(func.max(Outcome.wave)).where(Outcome.programme_id == programme.id).scalar_subquery()
    own = select(Outcome.assessment_id).where(
        Outcome.programme_id == programme.id, Outcome.wave == newest, Outcome.is_verified.is_(False)
    )
    assessments = list(session.scalars(own.order_by(Outcome.assessment_id)))
    random, said = np.random.default_rng([seed, 10]), 0
    kept = {"changed_at": now, "changed_by": SOURCE}
    for start in range(0, len(assessments), ROWS_AT_ONCE):
        part = assessments[start : start + ROWS_AT_ONCE]
        how_many = np.where(random.random(len(part)) < TELL, random.integers(1, MOST + 1, len(part)), 0)
        first = random.integers(0, max(len(actions), 1), len(part))
        states = random.choice(len(STATES), (len(part), MOST), p=HOW_FAR)
        rows = [
            {
                "assessment_id": assessment,
                "action_id": actions[(int(first[at]) + which) % len(actions)].id,
                "state": STATES[int(states[at, which])],
                **kept,
            }
            for at, assessment in enumerate(part)
            for which in range(min(int(how_many[at]), len(actions)))
        ]
        if rows:
            session.execute(insert(ActionProgress), rows)
        said += len(rows)
    return said
