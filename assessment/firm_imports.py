"""A sheet of firms and their old assessments: looked at row by row, and then taken in whole or not at all."""

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import chain
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessment.case_states import ASSESSOR
from assessment.errors import N_, Conflict
from assessment.frozen_many import Freezer
from assessment.import_cells import BAD, Batch
from assessment.import_columns import FIELD, QUESTION, Layout, firm_columns, layout
from assessment.import_owners import Owners
from assessment.import_problems import RowProblem
from assessment.import_rows import ColumnsReader, RowRules, Rows, Setting, firm_readers
from assessment.known_firms import KnownFirms
from assessment.lists import padded
from assessment.number_maps import NumberMap
from assessment.particulars import FIELDS, Particulars
from assessment.tables import (
    Assessment,
    Firm,
    Programme,
    ProgrammeCall,
    ProgrammeCase,
    ProgrammeMember,
    Respondent,
    Role,
    User,
)
from questionnaires.library import Definition

AT_ONCE = 1000  # firms in one statement
DAY_BITS = 20  # a day by its number fits, for the next 800 years


class NoCallYet(Conflict):
    """Every case belongs to a call."""

    def __init__(self) -> None:
        super().__init__(N_("The programme has no call yet. Open one first: every firm comes in through a call."))


@dataclass(slots=True)
class Found:
    """What a file holds."""

    rows: int = 0
    new_firms: int = 0
    assessments: int = 0
    problems: int = 0

    def as_json(self) -> dict[str, int]:
        return {"rows": self.rows, "new_firms": self.new_firms, "assessments": self.assessments}


@dataclass(slots=True)
class Known:
    """What the service has of the firms of a batch."""

    days: set[int] = field(default_factory=set)  # keys of firm and day on which one was assessed
    assessed: list[tuple[int, date, int]] = field(default_factory=list)  # firm, day, assessment
    cases: dict[tuple[int, int], tuple[int, str]] = field(default_factory=dict)  # call, firm -> case and its state
    particulars: dict[int, Particulars] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Looked:
    """A batch that was looked at: `firms` has each row's firm (new ones are negative), None where that is not known."""

    rows: Rows
    firms: Sequence[int | None]
    known: Known


def setting_of(session: Session, programme: Programme, definition: Definition, today: date, delimiter: str) -> Setting:
    """What a sheet of firms is read for; a semicolon between cells means that a comma parts decimals.

    Raises:
        NoCallYet: there is none for the firms to come in through.
    """
    of_calls = select(ProgrammeCall.id, ProgrammeCall.title).where(ProgrammeCall.programme_id == programme.id)
    calls = {row.id: row.title for row in session.execute(of_calls.order_by(ProgrammeCall.id))}
    if not calls:
        raise NoCallYet
    of_people = (
        select(User.email, ProgrammeMember.id, User.id)
        .join(ProgrammeMember, ProgrammeMember.user_id == User.id)
        .where(ProgrammeMember.programme_id == programme.id, ProgrammeMember.role == ASSESSOR)
    )
    return Setting(
        programme_id=programme.id,
        country=programme.country,
        size_scheme=programme.size_scheme,
        questionnaire=definition.questionnaire,
        calls=calls,
        assessors={str(mail).casefold(): (member, user) for mail, member, user in session.execute(of_people)},
        today=today,
        decimal={";": ",", ",": ".", "\t": "."}.get(delimiter, ""),
    )


class FirmSheet:
    """One way through a sheet. It holds numbers alone of rows that are past: some 200 bytes each."""

    def __init__(self, session: Session, setting: Setting, definition: Definition) -> None:
        self.session = session
        self.setting = setting
        self.freezer = Freezer(definition)
        self.firms = KnownFirms()
        self.firms.load(session)
        self.owners = Owners(self.firms.has_number)
        self.found = Found()
        self.layout = Layout({}, (), ())
        self._days = NumberMap()  # firm and day -> the row that has them
        self._interests = _interests(session, [user for _, user in setting.assessors.values()])

    def look(self, batches: Iterator[Batch], tell: Callable[[Sequence[RowProblem]], None]) -> Iterator[Looked]:
        """Read and check all rows; problems are told batch by batch, by row and column."""
        first = next(batches, None)
        known = firm_columns(self.setting.questionnaire)
        if first is None:
            self._tell(tell, [RowProblem(1, "", "", "nothing", "", {})])
            return
        self.layout = layout(first.numbers[0], first.rows[0], known, ("name",))
        self._tell(tell, self.layout.problems)
        reader = ColumnsReader(self.layout, firm_readers(self.setting, known))
        rules = RowRules(self.setting, self.layout)
        for batch in chain([Batch(first.numbers[1:], first.rows[1:])], batches):
            if not batch.rows:
                continue
            rows = reader.read(batch)
            rules.apply(rows)
            looked = self._with_firms(rows)
            self.found.rows += len(batch.rows)
            self._tell(tell, sorted(rows.problems, key=lambda p: (p.row, len(p.column), p.column)))
            yield looked
        self.owners.tell(self.layout, partial(self._tell, tell))
        self.found.new_firms = self.firms.new
        if not self.found.rows:
            self._tell(tell, [RowProblem(first.numbers[0], "", "", "nothing", "", {})])

    def _tell(self, tell: Callable[[Sequence[RowProblem]], None], problems: Sequence[RowProblem]) -> None:
        self.found.problems += len(problems)
        if problems:
            tell(problems)

    def _with_firms(self, rows: Rows) -> Looked:
        firms: list[int | None] = []
        for place, row in enumerate(rows.table(("name", "country", "region", "registration_number"))):
            name, country, region, number = row
            if name is None or BAD in row:
                firms.append(None)
                continue
            firm = self.firms.find(name, country, region or "", number or "")
            if firm is None:
                rows.tell(self.layout, place, "name", "which_firm")
            firms.append(firm)
        self.owners.note(rows)
        known = known_of(self.session, self.setting, sorted({firm for firm in firms if firm is not None and firm > 0}))
        keys = ("assessed_on", "state", "stated", "call", "assessor")
        for place, (firm, row) in enumerate(zip(firms, rows.table(keys), strict=True)):
            if firm is not None:
                self._check_firm(rows, place, firm, known, *row)
        if self.setting.questionnaire.missing == "refuse":
            self._check_missing(rows)
        return Looked(rows, firms, known)

    def _check_firm(
        self, rows: Rows, place: int, firm: int, known: Known, day: date, state: str, stated: str | None, call: int,
        assessor: tuple[int, int] | None,
    ) -> None:  # fmt: skip
        if day is BAD:
            return
        key = key_of(firm, day)
        self.found.assessments += day is not None
        if (earlier := self._days.setdefault(key, rows.numbers[place])) != rows.numbers[place]:
            rows.tell(self.layout, place, "assessed_on" if day else "name", "firm_twice", first=earlier)
        elif day is not None and key in known.days:
            rows.tell(self.layout, place, "assessed_on", "assessed_before")
        if firm > 0:
            case = known.cases.get((call, firm))
            if case is not None and stated is not None and stated is not BAD and case[1] != state:
                rows.tell(self.layout, place, "state", "case_elsewhere", state=case[1])
            if assessor is not None and assessor is not BAD and (assessor[1], firm) in self._interests:
                rows.tell(self.layout, place, "assessor", "own_firm")

    def _check_missing(self, rows: Rows) -> None:
        bad = {problem.row for problem in rows.problems}
        for place, (answers, profile) in enumerate(zip(answers_of(rows), profiles_of(rows), strict=True)):
            if answers and rows.numbers[place] not in bad:
                still = self.freezer.open_questions(answers, profile)
                if still:
                    shown = ", ".join(still[:5]) + (", …" if len(still) > 5 else "")
                    rows.tell(self.layout, place, "assessed_on", "answers_open", open=shown)


def key_of(firm: int, day: date | None) -> int:
    return (firm << DAY_BITS) + (day.toordinal() if day is not None else 0)


def answers_of(rows: Rows) -> list[dict[str, Any]]:
    """Each row's answers by question; what is not usable is left out."""
    keys = [key for key in rows.values if key.startswith(QUESTION)]
    return _named([key.removeprefix(QUESTION) for key in keys], rows.table(keys))


def profiles_of(rows: Rows) -> list[dict[str, Any]]:
    """What each row says to the fields of the profile."""
    keys = [key for key in rows.values if key.startswith(FIELD)]
    return _named([key.removeprefix(FIELD) for key in keys], rows.table(keys))


def _named(ids: Sequence[str], table: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    return [{id: v for id, v in zip(ids, row, strict=True) if v is not None and v is not BAD} for row in table]


def known_of(session: Session, setting: Setting, firms: Sequence[int]) -> Known:
    """What the service has of these firms: when each was assessed, and its cases in this programme."""
    known = Known()
    for first in range(0, len(firms), AT_ONCE):
        some = padded(firms[first : first + AT_ONCE])
        assessed = select(Assessment.firm_id, Assessment.submitted_at, Assessment.id).where(
            Assessment.firm_id.in_(some),
            Assessment.questionnaire_id == setting.questionnaire.id,
            Assessment.state == "submitted",
            Assessment.verifies_id.is_(None),
        )
        for firm, moment, number in session.execute(assessed):
            if moment is not None:
                known.days.add(key_of(firm, moment.date()))
                known.assessed.append((firm, moment.date(), number))
        columns = ProgrammeCase.call_id, ProgrammeCase.firm_id, ProgrammeCase.id, ProgrammeCase.state
        cases = select(*columns).where(
            ProgrammeCase.programme_id == setting.programme_id, ProgrammeCase.firm_id.in_(some)
        )
        said = select(Firm.id, *(getattr(Firm, name) for name in FIELDS)).where(Firm.id.in_(some))
        known.particulars |= {firm: Particulars(*rest) for firm, *rest in session.execute(said)}
        known.cases |= {(call, firm): (case, state) for call, firm, case, state in session.execute(cases)}
    return known


def _interests(session: Session, users: Sequence[int]) -> Set[tuple[int, int]]:
    """Which of these people have a part in which firm: a role, or an answer; as `programme_access.has_interest`."""
    if not users:
        return frozenset()
    of_role = select(Role.user_id, Role.firm_id).where(Role.user_id.in_(padded(users)), Role.firm_id.is_not(None))
    of_answers = (
        select(Respondent.user_id, Assessment.firm_id)
        .join(Assessment, Assessment.id == Respondent.assessment_id)
        .where(Respondent.user_id.in_(padded(users)), func.coalesce(Assessment.verifies_id, 0) == 0)
    )
    pairs = chain(session.execute(of_role), session.execute(of_answers))
    return {(user, firm) for user, firm in pairs if user is not None and firm is not None}
