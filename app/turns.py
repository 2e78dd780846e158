"""Jobs that write in many pieces leave the database to others in between."""

import time

from app.database import Database

SECONDS = 0.15  # longer than somebody who waits for SQLite's one writer sleeps between two looks (0.1 s at most)


def leave_a_turn(database: Database) -> None:
    """Who waits to write comes first: without a pause the next piece would take the writer back before they look."""
    if database.is_sqlite:
        time.sleep(SECONDS)
