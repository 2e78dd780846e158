"""Learning on order: when a workshop ends, and when what was learned no longer fits the workshops there are."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from assessment import job_queue, workshop_events
from assessment.errors import N_, Conflict
from assessment.tables import Workshop

JOB = "learn"
TEACHES = "teaches"  # the kind of event


class TeachesNothing(Conflict):
    """A rehearsal's people are made up, and a template has none."""

    def __init__(self) -> None:
        super().__init__(N_("Nothing is learned from a rehearsal or a template."))


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """What is learned apart: one version of a questionnaire (`id@version`), asked by one version of the protocol."""

    instrument: str
    protocol: str

    @property
    def key(self) -> str:
        """Of the job."""
        return f"{self.instrument} {self.protocol}"

    @classmethod
    def of_key(cls, key: str) -> "Kind":
        instrument, _, protocol = key.partition(" ")
        return cls(instrument, protocol)


def kind_of(workshop: Workshop) -> Kind:
    return Kind(f"{workshop.questionnaire_id}@{workshop.questionnaire_version}", workshop.protocol)


def order(session: Session, kind: Kind, now: datetime) -> None:
    """Learn soon; it is in the queue when the caller's transaction is committed, and not before."""
    job_queue.enqueue(session, JOB, kind.key, now)


def order_after(session: Session, workshop: Workshop, now: datetime) -> None:
    """Learn from a workshop that has just ended, if it may be learned from."""
    if workshop.teaches and not workshop.is_rehearsal and workshop.started_at is not None:
        order(session, kind_of(workshop), now)


def set_teaching(session: Session, workshop: Workshop, teaches: bool, now: datetime) -> None:
    """Say whether later workshops may learn from this one; after its end everything is learned anew with or without it.

    The caller holds the workshop's row.

    Raises:
        TeachesNothing
    """
    if workshop.is_rehearsal or workshop.is_template:
        raise TeachesNothing
    if workshop.teaches == teaches:
        return
    workshop.teaches = teaches
    workshop_events.note(session, workshop, TEACHES, now, teaches=teaches)
    if workshop.state == "ended":
        order(session, kind_of(workshop), now)
