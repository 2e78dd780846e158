"""The job that asks the firms of a large programme whether they join a call: found once, written to piece by piece."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app import demand_mail
from app.database import Database
from app.jobs import Closing, Say
from app.settings import Settings
from app.shelf import Shelf
from app.turns import leave_a_turn
from assessment import shared_demand

KIND = shared_demand.JOB
AT_ONCE = 200  # firms


class DemandWork:
    """Asks. A firm that was asked is not asked again when a lost worker's successor goes on."""

    def __init__(self, database: Database, settings: Settings, shelf: Shelf) -> None:
        self.database = database
        self.settings = settings
        self.shelf = shelf

    def do(self, key: str, say: Say) -> Closing:
        number = int(key)
        with self.database.reader() as session:
            there = shared_demand.open_one(session, number)
            if there is None:
                return _nothing
            programme = there[1]
            definition = self.shelf.get(f"{programme.questionnaire_id}@{programme.questionnaire_version}")
            firms = shared_demand.members(session, number, definition)
        say(f"{len(firms)} firms")
        for first in range(0, len(firms), AT_ONCE):
            self._ask(number, firms[first : first + AT_ONCE])
            leave_a_turn(self.database)
        return _nothing

    def _ask(self, number: int, firms: list[int]) -> None:
        """Nobody is asked any more once it is closed."""
        now = datetime.now(UTC)
        with self.database.transaction() as session:
            there = shared_demand.open_one(session, number)
            if there is not None:
                letters = shared_demand.invite(session, there[0], firms)
                demand_mail.ask_firms(session, self.settings, letters, there[1].name, now)

    def give_up(self, session: Session, key: str, problem: str, now: datetime) -> None:
        """Who was asked stays asked; officers see how many, and may close it."""


def _nothing(session: Session, now: datetime) -> None:
    """All is stored by now."""
