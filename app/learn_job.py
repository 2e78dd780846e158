"""The job that learns from the workshops that have ended."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.database import Database
from app.jobs import Closing, Say
from assessment import learned_models, learning_orders, past_rooms
from assessment.learning_orders import Kind

KIND = learning_orders.JOB


class LearnWork:
    """Learns. Done twice, it finds the same bytes, and the second time stores nothing."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def do(self, key: str, say: Say) -> Closing:
        with self.database.reader() as session:
            rooms = past_rooms.past_rooms(session, Kind.of_key(key))
        say("learning")
        learned = learned_models.learned_from(rooms)

        def close(session: Session, now: datetime) -> None:
            if learned_models.is_stale(session, rooms):
                learning_orders.order(session, rooms.kind, now)  # a workshop has come or gone meanwhile
            else:
                learned_models.store(session, rooms, learned, now)

        return close

    def give_up(self, session: Session, key: str, problem: str, now: datetime) -> None:
        """What was learned before stays in use; within the hour it is found stale, and ordered again."""
