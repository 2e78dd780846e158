"""The job that reminds people of cases whose next step is theirs."""

from datetime import datetime

from sqlalchemy.orm import Session

from app import case_mail
from app.jobs import Closing, Say
from app.settings import Settings
from assessment import case_reminders

KIND = case_reminders.JOB


class ReminderWork:
    """Reminds. Taking what is due, queueing the mails and finishing the job are one transaction: all of it, or none."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def do(self, key: str, say: Say) -> Closing:
        say("reminding")

        def close(session: Session, now: datetime) -> None:
            case_mail.remind(session, self.settings, case_reminders.take_due(session, now), now)

        return close

    def give_up(self, session: Session, key: str, problem: str, now: datetime) -> None:
        """What was due stays due, and is taken tomorrow."""
