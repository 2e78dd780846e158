"""What an import brings, stored little by little where nobody looks, until all of it can be shown at once.

What is large are the assessments: some 9 kB a firm. They are stored beforehand, in transactions of a few megabytes,
each with a pause after it that is as long as it took: whoever wants to save something gets their turn in between.

Until the import is in they belong to *waiting firms*: firms without a name, in no country (`WAITING`), whose
registration number says which import they wait for. Nobody has a role in them, no case and no outcome knows them, and
no link leads to their assessments. A new firm waits under its own number; assessments of firms that the service has
already wait with a firm that is made for that.

`firm_storing` then shows them in one short transaction. Whoever is killed before leaves waiting firms; `clear` deletes
them in small steps, at the start of the next import, where nobody works on theirs any more.
"""

import os
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any, cast

from sqlalchemy import Table as Columns
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from assessment.firm_intake import NOON, Intake
from assessment.import_orders import JOB
from assessment.particulars import WAITING
from assessment.plain_inserts import insert_many, reserve
from assessment.snapshots import SCORING_VERSION
from assessment.tables import Assessment, Firm, Job

FIRMS_AT_ONCE = 5000
MOST_AT_ONCE = 500  # assessments in a transaction,
BYTES_AT_ONCE = 4_000_000  # and fewer where they are large
WIDTHS = (1 << 7, 1 << 15, 1 << 23, 1 << 31, 1 << 47)  # SQLite keeps a number in 1, 2, 3, 4 or 6 bytes
UNSEEN = {"synchronize_session": False}  # no object of these rows is in anybody's hands

Step = Callable[[Session], int]  # stores some rows, and says how many

ASSESSMENT = (
    "id", "firm_id", "token_sha256", "profile", "frozen", "scores", "created_at", "submitted_at", "previous_id",
)  # fmt: skip


def _numbers() -> "array[int]":
    return array("q")


@dataclass(slots=True)
class Waiting:
    """One import on its way into the database; `steps` fills in the numbers of what it has stored."""

    intake: Intake
    order_id: int
    now: datetime
    firms: "array[int]" = field(default_factory=_numbers)  # of new firms, in the order of the file
    assessments: "array[int]" = field(default_factory=_numbers)
    _hosts: dict[int, int] = field(default_factory=dict)  # width of a firm's number -> the firm with which to wait
    _moving: "array[int]" = field(default_factory=_numbers)  # assessments that wait with a host,
    _moving_to: "array[int]" = field(default_factory=_numbers)  # and the firms that they will belong to
    _later: "array[int]" = field(default_factory=_numbers)  # places of those whose earlier one stands below them,
    _earlier: "array[int]" = field(default_factory=_numbers)  # and of that one

    def steps(self) -> Iterator[Step]:
        """What to do, each in a transaction of its own, one after the other."""
        left = self.intake.staged.counts["firms"]
        while left > 0:
            count = min(left, FIRMS_AT_ONCE)
            yield partial(self._store_firms, count=count)
            left -= count
        before = self.intake.chain.before(self.intake.staged.counts["assessments"])
        place = 0
        for rows in self.intake.staged.read("assessments"):
            for some in _small(rows):
                earlier = before[place : place + len(some)].tolist()
                yield partial(self._store_assessments, rows=some, before=earlier)
                place += len(some)
        for first in range(0, len(self._later), MOST_AT_ONCE):
            yield partial(self._link, first=first)

    def moves(self) -> Iterator[tuple[int, int]]:
        """Assessments that wait with a host, each with the firm that it will belong to."""
        return zip(self._moving, self._moving_to, strict=True)

    @property
    def hosts(self) -> Sequence[int]:
        """The firms with which others' assessments wait."""
        return tuple(self._hosts.values())

    def firm(self, ref: int) -> int:
        """The number of a firm: of one that was here, or of the -ref-th that the file brings."""
        return ref if ref > 0 else self.firms[-ref - 1]

    def _store_firms(self, session: Session, count: int) -> int:
        ids = reserve(session, Firm, count).tolist()
        insert_many(session, Firm, self._waits(), ("id",), [(number,) for number in ids])
        self.firms.extend(ids)
        return count

    def _waits(self) -> dict[str, Any]:
        return {"country": WAITING, "registration_number": str(self.order_id), "created_at": self.now}

    def _store_assessments(
        self, session: Session, rows: Sequence[tuple[int, str, str, str, str]], before: Sequence[int]
    ) -> int:
        first = len(self.assessments)
        self.assessments.extend(reserve(session, Assessment, len(rows)).tolist())
        found = []
        for place, ((ref, day, profile, snapshot, readiness), number) in enumerate(
            zip(rows, before, strict=True), first
        ):
            firm, assessment, previous = self.firm(ref), self.assessments[place], number
            if number < 0:
                earlier = -number - 1
                previous = self.assessments[earlier] if earlier < place else 0
                if earlier > place:
                    self._later.append(place)
                    self._earlier.append(earlier)
            if ref > 0:
                self._moving.append(assessment)
                self._moving_to.append(firm)
                firm = self._host(session, firm)
            moment = datetime.combine(date.fromisoformat(day), NOON)
            token = os.urandom(32).hex()  # of no link: nobody holds one
            found.append((assessment, firm, token, profile, snapshot, readiness, moment, moment, previous or None))
        questionnaire = self.intake.sheet.setting.questionnaire
        same = {
            "questionnaire_id": questionnaire.id,
            "questionnaire_version": questionnaire.version,
            "state": "submitted",
            "scoring_version": SCORING_VERSION,
        }
        insert_many(session, Assessment, same, ASSESSMENT, found)
        return len(rows)

    def _host(self, session: Session, firm: int) -> int:
        """With whom assessments of this firm wait.

        SQLite writes a row over itself where its length stays the same; one that grows by a byte is written anew, with
        all its 9 kB. So the number of the host takes as many bytes as that of the firm; below 0 many are free.
        """
        width = next(each for each in WIDTHS if firm < each)
        if width not in self._hosts:
            taken = set(session.scalars(select(Firm.id).where(Firm.id < 0)))
            self._hosts[width] = next(number for number in range(-width, 0) if number not in taken)
            insert_many(session, Firm, self._waits(), ("id",), [(self._hosts[width],)])
        return self._hosts[width]

    def _link(self, session: Session, first: int) -> int:
        columns = cast(Columns, Assessment.__table__)
        of = update(columns).where(columns.c.id == bindparam("of")).values(previous_id=bindparam("earlier"))
        ids, some = self.assessments, slice(first, first + MOST_AT_ONCE)
        pairs = zip(self._later[some], self._earlier[some], strict=True)
        session.connection().execute(of, [{"of": ids[place], "earlier": ids[earlier]} for place, earlier in pairs])
        return 0


def _small(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Parts of these rows, each small enough for a short transaction."""
    first = size = 0
    for place, row in enumerate(rows):
        size += sum(len(cell) for cell in row[1:])
        if place > first and (size > BYTES_AT_ONCE or place - first == MOST_AT_ONCE):
            yield rows[first:place]
            first, size = place, sum(len(cell) for cell in row[1:])
    yield rows[first:]


def clear(session: Session, now: datetime, own: int = 0) -> bool:
    """Delete some of what imports have left that nobody works on any more; whether there may be more of it.

    `own` is the import that is about to begin: what it has left before is in its way.
    """
    working = select(Job.key).where(
        Job.kind == JOB, Job.state == "running", Job.lease_until >= now, Job.key != str(own)
    )
    left = Firm.country == WAITING, Firm.registration_number.not_in(session.scalars(working).all())
    firms = session.scalars(select(Firm.id).where(*left).order_by(Firm.id.desc()).limit(MOST_AT_ONCE)).all()
    if not firms:
        return False
    theirs = select(Assessment.id).where(Assessment.firm_id.in_(firms)).limit(MOST_AT_ONCE)
    if assessments := session.scalars(theirs).all():
        session.execute(delete(Assessment).where(Assessment.id.in_(assessments)), execution_options=UNSEEN)
    else:
        session.execute(delete(Firm).where(Firm.id.in_(firms)), execution_options=UNSEEN)
    return True
