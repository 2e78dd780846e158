"""Saves that come at the same time: what they have to know is asked once for all, and written at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from assessment import access, sessions
from assessment.access import NUMBER, Held, Reached
from assessment.answer_rows import Batch
from assessment.saving import Operation
from assessment.sessions import Lengths, SignedIn

FEW = 8  # operations; more are looked up by themselves, or one statement could get too long


@dataclass(frozen=True, slots=True)
class Sent:
    """What one sender wants saved: in the assessment behind a key, with the secret of their session or none."""

    key: str
    secret: str
    operations: Sequence[Operation]


class Together:
    """Several saves of one transaction. Their assessments are held, and read before the first is saved."""

    def __init__(self, session: Session, sent: Sequence[Sent], now: datetime, lengths: Lengths) -> None:
        access.hold(session, {each.key for each in sent})
        by_number = {(s.secret, int(s.key)) for s in sent if s.secret and NUMBER.fullmatch(s.key)}
        self._reached = sessions.find_saving(session, by_number, now, lengths)
        self.batch = Batch(session.connection())
        self.batch.read(
            (found[1].assessment.id, operation.question, operation.id)
            for each in sent
            if len(each.operations) <= FEW and (found := self.reached(each))
            for operation in each.operations
            if operation.question.isprintable()  # as any question's id is; a database may refuse others
        )

    def reached(self, sent: Sent) -> tuple[SignedIn, Reached[Held]] | None:
        """Who has sent this, and where they may save it. None: not by a session and a number; ask one by one."""
        return self._reached.get((sent.secret, int(sent.key))) if NUMBER.fullmatch(sent.key) else None

    def write(self) -> None:
        self.batch.write()
