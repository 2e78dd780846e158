"""Results and their views, kept while people look at them: working one out takes a second, showing it nothing."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from app.forms import Problem, SentForm, read_number
from assessment.errors import Invalid
from assessment.results import Facts, Result, make_result, wishes_for
from assessment.snapshots import Snapshot
from questionnaires import languages
from questionnaires.languages import LANGUAGES, SOURCE, Language
from questionnaires.library import Definition
from reports.firm.build import build_firm_report
from reports.firm.view import FirmReport
from reports.wording import LOCALES as REPORT_LOCALES
from scoring.currencies import own_currency
from scoring.readiness import Readiness
from scoring.roadmap import Wishes

T = TypeVar("T")
KEPT = 64
LARGEST_BUDGET = 1e12
ROOT = Path(__file__).parent.parent


class Kept:
    """The last few things that were worked out, by what they were worked out of."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                found: T = self._found[key]
                return found
        made = make()
        with self._lock:
            self._found[key] = made
            while len(self._found) > KEPT:
                self._found.popitem(last=False)
        return made


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
    )


def result_of(case: Case) -> Result:
    return make_result(
        case.definition,
        case.snapshot.answers,
        facts=case.facts,
        wishes=case.snapshot.wishes,
        scored=case.scored,
    )


def view_of(kept: Kept, case: Case, code: str) -> FirmReport:
    """The view of a result in a language, or in English where there are no reports in it."""
    written = code if languages.is_offered(REPORT_LOCALES, code) else SOURCE
    result = kept.get(case.key(), lambda: result_of(case))
    return kept.get((*case.key(), written), lambda: build_firm_report(result, written))


@lru_cache
def report_languages() -> tuple[Language, ...]:
    """The languages in which reports are written."""
    found = (each for each in LANGUAGES.values() if not each.is_pseudo)
    return tuple(each for each in found if languages.is_offered(REPORT_LOCALES, each.code))


def currencies_of(definition: Definition) -> tuple[str, ...]:
    """The currencies a plan can be told in: that of the costs first."""
    own = own_currency(definition)
    others = sorted({definition.rates.base, *definition.rates.per} - {own}) if definition.rates else []
    return (own, *others)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The budget a person has asked the plan to keep to, as typed, and the wishes it makes."""

    wishes: Wishes
    budget: str
    currency: str
    problem: Problem | None = None


def wanted(definition: Definition, snapshot: Snapshot, sent: SentForm) -> Wanted:
    """The wishes of an assessment, or with another budget or currency where the form `sent` one.

    An empty budget is no limit; one that cannot be used changes nothing.
    """
    if "budget" not in sent:
        frozen = snapshot.wishes.budget
        return Wanted(snapshot.wishes, "" if frozen is None else f"{frozen:.0f}", snapshot.wishes.currency)
    currency = sent.text("currency") or snapshot.wishes.currency
    if currency not in currencies_of(definition):
        currency = snapshot.wishes.currency
    profile, text = snapshot.answers.profile, sent.text("budget").strip()
    try:
        budget = read_number(text, 0, LARGEST_BUDGET)
    except Invalid as refusal:
        return Wanted(snapshot.wishes, text[:40], currency, Problem(refusal.message, refusal.values))
    wishes = wishes_for(definition, profile, currency=currency, budget=budget)
    return Wanted(replace(wishes, goals=snapshot.wishes.goals), text, currency)


@lru_cache
def template_version() -> str:
    """Changes with anything that shapes a report, so that an old file is never handed out for a new form."""
    digest = hashlib.sha256()
    for folder, kinds in (("reports", (".py", ".html", ".css", ".po")), ("questionnaires/locales", (".po",))):
        for file in sorted(f for f in (ROOT / folder).rglob("*") if f.suffix in kinds):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
