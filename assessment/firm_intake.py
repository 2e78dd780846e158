"""What a sheet of firms brings, worked out and scored before anything is stored, so that storing it is quick."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, cast

import orjson

from assessment import import_owners, outcomes
from assessment.firm_imports import FirmSheet, Known, Looked, answers_of, profiles_of
from assessment.firm_profile import profile_of
from assessment.frozen_many import Frozen
from assessment.import_cells import Batch
from assessment.import_owners import owner_of
from assessment.import_problems import RowProblem
from assessment.import_staging import Cases, Chain
from assessment.import_staging import Rows as Staged
from assessment.particulars import FIELDS, Particulars
from assessment.tables import Firm
from questionnaires.answers import ProfileValue
from scoring.size_schemes import Facts

NOON = time(12, tzinfo=UTC)  # of an assessment of which only the day is known: the same day in nearly every place


@dataclass(slots=True)
class Intake:
    """What is to be stored. Firms are numbers of the service, or -1, -2, … for those that the file brings."""

    sheet: FirmSheet
    staged: Staged
    cases: Cases = field(default_factory=Cases)
    chain: Chain = field(default_factory=Chain)
    old_cases: list[tuple[int, int]] = field(default_factory=list)  # case, place of its assessment or -1
    outcome_names: tuple[str, ...] = ()
    _new_firms: int = 0
    _told: set[int] = field(default_factory=set)  # firms whose earlier assessments are in the chain

    def prepare(
        self, batches: Iterator[Batch], tell: Callable[[Sequence[RowProblem]], None], said: Callable[[int], None]
    ) -> None:
        """Look at all rows once more, score and stage those that are well. `said` is called with the rows so far."""
        for looked in self.sheet.look(batches, tell):
            if not self.sheet.found.problems:
                self._stage(looked)
            said(self.sheet.found.rows)

    def _stage(self, looked: Looked) -> None:
        rows = looked.rows
        firms = [cast(int, firm) for firm in looked.firms]  # rows without problems have one
        given = [_particulars(*row) for row in rows.table(FIRM_KEYS)]
        known = looked.known.particulars
        given = [_filled(g, known[f]) if f > 0 else g for f, g in zip(firms, given, strict=True)]
        fresh = []
        for firm, each, owner in zip(firms, given, rows.table(OWNER_KEYS), strict=True):
            if firm == -self._new_firms - 1:
                self._new_firms += 1
                fresh.append((*(getattr(each, name) for name in FIELDS), owner_of(*owner)))
        self.staged.put("firms", fresh)
        days: Sequence[date | None] = rows.column("assessed_on")
        profiles = _profiles(self.sheet, given, profiles_of(rows), days)
        place = self.staged.counts["assessments"]
        places = []
        for day in days:
            places.append(place if day is not None else -1)
            place += day is not None
        self._chain(looked.known, firms, days, places)
        self._stage_cases(rows.table(CASE_KEYS), firms, given, days, places, profiles, looked.known)
        chosen = [index for index, day in enumerate(days) if day is not None]
        self._stage_assessments(looked, chosen, firms, given, profiles)

    def _chain(self, known: Known, firms: Sequence[int], days: Sequence[date | None], places: Sequence[int]) -> None:
        for firm, day, number in known.assessed:
            if firm not in self._told:
                self.chain.put(firm, day.toordinal(), number)
        self._told |= {firm for firm, _, _ in known.assessed}
        for firm, on, place in zip(firms, days, places, strict=True):
            if on is not None:
                self.chain.put(firm, on.toordinal(), -place - 1)

    def _stage_cases(
        self,
        rows: Sequence[Sequence[Any]],
        firms: Sequence[int],
        given: Sequence[Particulars],
        days: Sequence[date | None],
        places: Sequence[int],
        profiles: Sequence[dict[str, ProfileValue]],
        known: Known,
    ) -> None:
        fresh = []
        for index, (call, state, assessor, visit) in enumerate(rows):
            firm, day = firms[index], days[index]
            if (old := known.cases.get((call, firm))) is not None:
                self.old_cases.append((old[0], places[index]))
                continue
            member = assessor[0] if assessor is not None else 0
            visit_on = visit.isoformat() if visit is not None else ""
            if self.cases.put(call, firm, state, member, visit_on, places[index], day.toordinal() if day else 0):
                size = outcomes.size_of(self.sheet.setting.size_scheme, _facts(given[index]))
                fresh.append((firm, call, orjson.dumps(profiles[index]).decode(), size))
        self.staged.put("cases", fresh)

    def _stage_assessments(
        self,
        looked: Looked,
        chosen: Sequence[int],
        firms: Sequence[int],
        given: Sequence[Particulars],
        profiles: Sequence[dict[str, ProfileValue]],
    ) -> None:
        answers, days, verified = (
            answers_of(looked.rows),
            looked.rows.column("assessed_on"),
            looked.rows.column("verified"),
        )
        blocks = self.sheet.freezer.freeze([answers[i] for i in chosen], [profiles[i] for i in chosen])
        for first, block in blocks:
            some = chosen[first : first + len(block.profiles)]
            texts = zip(block.profiles, block.snapshots, block.readiness, strict=True)
            self.staged.put(
                "assessments",
                [
                    (firms[i], days[i].isoformat(), profile.decode(), snapshot.decode(), readiness.decode())
                    for i, (profile, snapshot, readiness) in zip(some, texts, strict=True)
                ],
            )
            of_firms = [(firms[i], days[i].year, bool(verified[i]), given[i]) for i in some]
            self._stage_outcomes(block, of_firms)

    def _stage_outcomes(self, block: Frozen, of_firms: Sequence[tuple[int, int, bool, Particulars]]) -> None:
        setting = self.sheet.setting
        firms, waves, verified, given = zip(*of_firms, strict=True)
        who = outcomes.Assessed(
            assessment_id=[0] * len(firms),
            firm_id=firms,
            wave=waves,
            is_verified=verified,
            isic_section=[g.isic_section for g in given],
            isic_division=[g.isic_division for g in given],
            size=[outcomes.size_of(setting.size_scheme, _facts(each)) for each in given],
            region=[g.region for g in given],
            ownership=[g.ownership for g in given],
            employees=[g.employees for g in given],
        )
        rows = outcomes.rows_of(setting.programme_id, self.sheet.freezer.plan, block.sheet, block.scores, who)
        self.outcome_names = tuple(rows[0])
        self.staged.put("outcomes", [tuple(row.values()) for row in rows])


FIRM_KEYS = (
    "name", "country", "region", "registration_number", "isic", "employees", "turnover", "currency", "ownership",
    "exporter", "founded",
)  # fmt: skip
OWNER_KEYS = import_owners.NUMBER, import_owners.NAME
CASE_KEYS = ("call", "state", "assessor", "visit_on")


def _particulars(
    name: str, country: str, region: str | None, number: str | None, isic: tuple[str, str] | None,
    employees: int | None, turnover: float | None, currency: str | None, ownership: str | None,
    exporter: bool | None, founded: int | None,
) -> Particulars:  # fmt: skip
    section, division = isic or ("", "")
    return Particulars(
        name, country, region or "", number or "", section, division, employees, turnover,
        (currency or "") if turnover is not None else "", ownership or "", exporter, founded,
    )  # fmt: skip


def _facts(given: Particulars) -> Facts:
    return Facts(given.employees, given.turnover, given.turnover_currency, given.isic_section)


def _filled(given: Particulars, known: Particulars) -> Particulars:
    """What a row says of a firm, and where it says nothing what the firm has said itself."""
    return Particulars(*(_or(getattr(given, name), getattr(known, name)) for name in FIELDS))


def _or(value: Any, other: Any) -> Any:
    return other if value is None or value == "" else value


def _profiles(
    sheet: FirmSheet,
    given: Sequence[Particulars],
    said: Sequence[dict[str, Any]],
    days: Sequence[date | None],
) -> list[dict[str, ProfileValue]]:
    """Each row's profile: what it says to the fields, and what its particulars say to the others."""
    fields = sheet.setting.questionnaire.fields
    return [
        profile_of(cast(Firm, particulars), fields, datetime.combine(day or sheet.setting.today, NOON)) | profile
        for particulars, profile, day in zip(given, said, days, strict=True)
    ]
