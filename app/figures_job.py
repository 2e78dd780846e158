"""The job that works out what a large programme cannot count at each view: demand, days, pairs, sizes."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.database import Database
from app.jobs import Closing, Say
from app.shelf import Shelf
from app.turns import leave_a_turn
from assessment import case_sizes, funnel, programme_figures, shared_demand, verified_pairs
from assessment.programme_figures import Programme
from questionnaires.library import Definition

KIND = programme_figures.JOB
AT_ONCE = 500  # visits


class FiguresWork:
    """Works figures out. Done twice, they are the same; pairs and sizes are stored piece by piece where they lack."""

    def __init__(self, database: Database, shelf: Shelf) -> None:
        self.database = database
        self.shelf = shelf

    def do(self, key: str, say: Say) -> Closing:
        with self.database.reader() as session:
            programme = programme_figures.get_programme(session, int(key))
        if programme is None:
            return _nothing
        definition = self.shelf.get(f"{programme.questionnaire_id}@{programme.questionnaire_version}")
        say("verified firms")
        self._keep_pairs(programme, definition)
        say("sizes of firms")
        self._keep_sizes(programme)
        say("shared demand")
        content = self._work_out(programme, definition)

        def close(session: Session, now: datetime) -> None:
            programme_figures.store(session, int(key), content, now)

        return close

    def _work_out(self, programme: Programme, definition: Definition) -> dict[str, Any]:
        with self.database.reader() as session:
            demand = shared_demand.work_out(session, programme, definition)
            return {"demand": demand, "days": funnel.median_days(session, programme.id)}

    def _keep_pairs(self, programme: Programme, definition: Definition) -> None:
        """Of what was handed in before figures were kept, or brought in as columns alone."""
        with self.database.reader() as session:
            numbers = verified_pairs.missing(session, programme)
        for first in range(0, len(numbers), AT_ONCE):
            with self.database.transaction() as session:
                some = numbers[first : first + AT_ONCE]
                verified_pairs.keep_some(session, programme, definition.questionnaire, some)
            leave_a_turn(self.database)

    def _keep_sizes(self, programme: Programme) -> None:
        after: int | None = 0
        while after is not None:
            with self.database.transaction() as session:
                after = case_sizes.keep(session, programme, after)
            leave_a_turn(self.database)

    def give_up(self, session: Session, key: str, problem: str, now: datetime) -> None:
        programme_figures.give_up(session, int(key))


def _nothing(session: Session, now: datetime) -> None:
    """The programme has gone."""
