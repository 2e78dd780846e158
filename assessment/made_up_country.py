"""Writes a made-up country into a programme: firms, their assessments wave by wave, cases, and a business register.

Everything is drawn (`scoring.made_up_firms`, `scoring.made_up_answers`) and says so: each firm is called made up. Rows
go in some thousand at a time, so memory does not grow with the country. Of nearly all assessments only the levels and
scores of `Outcome` are kept; the first firms' newest ones are whole, so that their pages can be walked.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from assessment import case_states
from assessment.industries import DIVISIONS
from assessment.made_up_rows import SOURCE, Row, Rows, bytes_of, event_of
from assessment.outcomes import as_steps
from assessment.places import regions_of
from assessment.tables import (
    Assessment,
    CaseEvent,
    Firm,
    Outcome,
    Programme,
    ProgrammeCall,
    ProgrammeCase,
    RegisterCount,
    Table,
)
from questionnaires.schema import Questionnaire
from scoring.made_up_answers import Answered, made_up_answers
from scoring.made_up_firms import Integers, Land, MadeUpFirms, made_up_firms, made_up_register

ROWS_AT_ONCE = 20_000
WHOLE = 36  # firms whose newest assessments are kept with every answer
LEFT_OUT = "OTU"  # sections of ISIC without firms of the usual kind
VISITED = ((case_states.ENDORSED, 0.6), (case_states.SUPPORT_APPLIED, 0.2), (case_states.ACTION_DONE, 0.2))
NEVER_ASSESSED = (
    (case_states.APPLIED, 0.2), (case_states.ELIGIBLE, 0.2), (case_states.INELIGIBLE, 0.2),
    (case_states.SELECTED, 0.2), (case_states.NOT_SELECTED, 0.2),
)  # fmt: skip
Told = Callable[[str, int, int], None]  # what is being written, how many so far, of how many


def _quiet(what: str, done: int, of: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows of what were written."""

    firms: int
    assessments: int
    verified: int


def land_of(country: str, waves: int, newest: int) -> Land:
    """Every industry but those without ordinary firms, the country's regions, and so many years up to the newest."""
    industries = tuple(s + d for s, divisions in DIVISIONS.items() if s not in LEFT_OUT for d in divisions)
    return Land(industries, tuple(regions_of(country)) or ("",), tuple(range(newest - waves + 1, newest + 1)))


def write(
    session: Session,
    programme: Programme,
    questionnaire: Questionnaire,
    firms: int,
    waves: int,
    seed: int,
    now: datetime,
    told: Told = _quiet,
) -> Written:
    """Fill a programme with so many made-up firms in each wave, one wave a year, the newest in the year of `now`."""
    land = land_of(programme.country, waves, now.year)
    drawn = made_up_firms(land, firms, seed)
    writing = _Writing(session, programme, questionnaire, land, drawn, seed, now, told)
    writing.firms_and_register()
    for wave in range(waves):
        writing.wave(wave)
    writing.cases()
    _count_on(session)
    return Written(drawn.count, writing.written, writing.visited)


class _Writing:
    def __init__(
        self,
        session: Session,
        programme: Programme,
        questionnaire: Questionnaire,
        land: Land,
        firms: MadeUpFirms,
        seed: int,
        now: datetime,
        told: Told,
    ) -> None:
        self.session, self.programme, self.questionnaire = session, programme, questionnaire
        self.land, self.firms, self.seed, self.now, self.told = land, firms, seed, now, told
        self.rows = Rows(programme, questionnaire, land, firms, _next(session, Firm), now)
        self.next_assessment = _next(session, Assessment)
        self.own, self.found = np.zeros(firms.count, dtype=np.int64), np.zeros(firms.count, dtype=np.int64)
        self.written = self.visited = 0
        newest = firms.of_wave(len(land.years) - 1)
        self.whole = frozenset(newest[np.argsort(-firms.size[newest], kind="stable")][:WHOLE].tolist())

    def firms_and_register(self) -> None:
        count = self.firms.count
        for rows in _pieces(count):
            self._put(Firm, [self.rows.firm(row) for row in rows])
            self.told("firms", rows[-1] + 1, count)
        frame = made_up_register(self.land, self.firms, self.seed)
        columns = (frame.industry, frame.size, frame.region, frame.firms, frame.employees)
        counted = zip(*(column.tolist() for column in columns), strict=True)
        self._put(RegisterCount, [self.rows.counted(*row) for row in counted])

    def wave(self, wave: int) -> None:
        year, done = self.land.years[wave], 0
        of = len(self.firms.of_wave(wave))
        for part in made_up_answers(self.questionnaire, self.land, self.firms, wave, self.seed):
            self._assessments(part.own, year, self.own, verifies=None)
            self._assessments(part.verified, year, self.found, verifies=self.own)
            done += len(part.own.firms)
            self.told(str(year), done, of)
            self.visited += len(part.verified.firms)
        self.written += done

    def _assessments(self, answered: Answered, year: int, newest: Integers, verifies: Integers | None) -> None:
        """Write what some firms answered (or what was found of them), and remember its numbers as the newest."""
        ids = np.arange(len(answered.firms)) + self.next_assessment
        self.next_assessment += len(ids)
        at = datetime(year, 6 if verifies is None else 9, 15, tzinfo=UTC)
        whose = answered.firms.tolist()
        checked = [None] * len(ids) if verifies is None else verifies[answered.firms].tolist()
        before = [None if verifies is not None or not n else n for n in newest[answered.firms].tolist()]
        newest[answered.firms] = ids
        numbers = ids.tolist()
        rows = [self.rows.assessment(*row, at) for row in zip(numbers, whose, checked, before, strict=True)]
        if year == self.land.years[-1]:
            self.rows.fill(rows, answered, self.whole)
        self._put(Assessment, rows)
        more = (
            ("scores", bytes_of(as_steps(self.questionnaire.scale, answered.scores))),
            ("levels", bytes_of(answered.levels)),
            ("wave", [year] * len(ids)),
            ("is_verified", [verifies is not None] * len(ids)),
        )
        self._put(Outcome, [self.rows.outcome(*row) for row in zip(numbers, whose, strict=True)], more)

    def cases(self) -> None:
        call = self._call()
        start, states = _next(self.session, ProgrammeCase), self._states()
        own, found = self.own.tolist(), self.found.tolist()
        for rows in _pieces(self.firms.count):
            made = [self.rows.case(start + row, row, call, states[row], own[row], found[row]) for row in rows]
            self._put(ProgrammeCase, made)
            self._put(CaseEvent, [event_of(case, self.now) for case in made])
            self.told("cases", rows[-1] + 1, self.firms.count)

    def _call(self) -> int:
        opened, closed = date(self.land.years[0], 1, 1), date(self.now.year, 12, 31)
        call = ProgrammeCall(programme_id=self.programme.id, title=SOURCE, created_at=self.now)
        call.opens_on, call.closes_on = opened.isoformat(), closed.isoformat()
        self.session.add(call)
        self.session.flush()
        return call.id

    def _states(self) -> list[str]:
        random = np.random.default_rng([self.seed, 9])
        state = np.full(self.firms.count, case_states.SELF_ASSESSED, dtype=object)
        for which, offered in ((self.found > 0, VISITED), (self.own == 0, NEVER_ASSESSED)):
            names, shares = zip(*offered, strict=True)
            state[which] = random.choice(np.array(names, dtype=object), int(which.sum()), p=shares)
        found: list[str] = state.tolist()
        return found

    def _put(self, table: type[Table], rows: list[Row], more: Iterable[tuple[str, Sequence[Any]]] = ()) -> None:
        for name, values in more:
            for row, value in zip(rows, values, strict=True):
                row[name] = value
        if rows:
            self.session.execute(insert(table.__table__), rows)  # type: ignore[arg-type]


def _pieces(count: int) -> Iterator[range]:
    for start in range(0, count, ROWS_AT_ONCE):
        yield range(start, min(start + ROWS_AT_ONCE, count))


def _next(session: Session, table: type[Table]) -> int:
    """The first number that no row of a table has had."""
    return int(session.scalar(select(func.coalesce(func.max(table.__table__.c.id), 0))) or 0) + 1


def _count_on(session: Session) -> None:
    """PostgreSQL counts rows in sequences that know nothing of numbers given here: set them behind the last."""
    if session.connection().dialect.name == "postgresql":
        for name in ("firm", "assessment", "programme_case"):
            sequence = f"pg_get_serial_sequence('{name}', 'id')"
            session.execute(text(f"SELECT setval({sequence}, (SELECT max(id) FROM {name}))"))  # noqa: S608
