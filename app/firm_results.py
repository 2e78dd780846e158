"""Results and their views, kept while people look at them: working one out takes a second, showing it nothing."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from app.pace import Pace, PlansTooFast
from assessment.filed_evidence import by_question
from assessment.results import Facts, Result, make_result
from assessment.snapshots import Snapshot
from questionnaires import languages
from questionnaires.languages import LANGUAGES, SOURCE, Language
from questionnaires.library import Definition
from reports.firm.build import build_firm_report
from reports.firm.view import FirmReport
from reports.wording import LOCALES as REPORT_LOCALES
from scoring.readiness import Readiness

T = TypeVar("T")
KEPT = 128  # results, their views, and what pages add to them
RESULTS_A_MINUTE = 20  # for one assessment
ROOT = Path(__file__).parent.parent


class Kept:
    """The last few things that were worked out, by what they were worked out of; each once, whoever asks meanwhile."""

    def __init__(self) -> None:
        self.pace = Pace(RESULTS_A_MINUTE, PlansTooFast)
        self._lock = threading.Lock()
        self._found: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}

    def get(self, key: Hashable, make: Callable[[], T], allow: Callable[[], None] | None = None) -> T:
        """What was made of this, or make it; `allow` may refuse before it is made."""
        if (found := self._find(key)) is not None:
            kept: T = found
            return kept
        with self._lock:
            turn = self._making.setdefault(key, threading.Lock())
        with turn:
            try:
                if (found := self._find(key)) is None:
                    if allow is not None:
                        allow()
                    found = make()
                    self._keep(key, found)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        made: T = found
        return made

    def has(self, key: Hashable) -> bool:
        """Whether it is worked out already."""
        return self._find(key) is not None

    def _find(self, key: Hashable) -> Any:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def _keep(self, key: Hashable, made: Any) -> None:
        with self._lock:
            self._found[key] = made
            while len(self._found) > KEPT:
                self._found.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Case:
    """What a result is made of. `scored` is what was frozen when the assessment was submitted."""

    definition: Definition
    snapshot: Snapshot
    facts: Facts
    scored: Readiness | None = None

    def key(self) -> tuple[Hashable, ...]:
        facts = (self.facts.firm, self.facts.country, self.facts.assessed_on)
        return (self.definition.sha256, self.snapshot.sha256(), facts, self.scored is not None)


def facts_of(firm: str, country: str, day: datetime | date, snapshot: Snapshot) -> Facts:
    """What the cover says; the report's id is the beginning of its content's hash."""
    return Facts(
        firm=firm,
        country=country,
        assessed_on=day.date().isoformat() if isinstance(day, datetime) else day.isoformat(),
        report_id=snapshot.sha256()[:8].upper(),
        notes=dict(snapshot.notes),
        evidence=by_question(snapshot),
        hindrances=snapshot.hindrances,
    )


def result_of(case: Case) -> Result:
    return make_result(
        case.definition,
        case.snapshot.answers,
        facts=case.facts,
        target=case.snapshot.target,
        wishes=case.snapshot.wishes,
        scored=case.scored,
    )


def written_in(code: str) -> str:
    """The language in which results are told to a reader of this one: English where there are no reports in it."""
    return code if languages.is_offered(REPORT_LOCALES, code) else SOURCE


def kept_result(kept: Kept, case: Case, who: str) -> Result:
    """The result of a case, worked out once.

    Raises:
        PlansTooFast: too many were worked out for `who` within a minute.
    """
    return kept.get(case.key(), lambda: result_of(case), lambda: kept.pace.count(who))


def view_of(kept: Kept, case: Case, result: Result, code: str) -> FirmReport:
    """The view of a result in a language, or in English where there are no reports in it."""
    written = written_in(code)
    key = (*case.key(), written, result.standing, result.comparison, result.rooms, result.benchmark, result.support)
    return kept.get(key, lambda: build_firm_report(result, written))


@lru_cache
def report_languages() -> tuple[Language, ...]:
    """The languages in which reports are written."""
    found = (each for each in LANGUAGES.values() if not each.is_pseudo)
    return tuple(each for each in found if languages.is_offered(REPORT_LOCALES, each.code))


@lru_cache
def template_version() -> str:
    """Changes with anything that shapes a report, so that an old file is never handed out for a new form."""
    digest = hashlib.sha256()
    for folder, kinds in (("reports", (".py", ".html", ".css", ".po")), ("questionnaires/locales", (".po",))):
        for file in sorted(f for f in (ROOT / folder).rglob("*") if f.suffix in kinds):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
