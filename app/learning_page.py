"""What the page on learning shows: each questionnaire's model in plain words, and what it goes by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import exp

from fastapi import Request

from app.shelf import Shelf
from app.templating import content, say_to
from assessment.errors import N_
from assessment.learned_standing import Standing, Version
from questionnaires.problems import UnknownDefinition
from questionnaires.schema import Questionnaire
from scoring.learning_model import Model

MOST_TERMS = 8
MOST_VERSIONS = 12
LEAST_ODDS = 1.05  # below, a term is told as no difference
FEATURES = {
    "rule": N_("Gap × weight"),
    "size": N_("Size of the gap"),
    "weight": N_("Weight of the question"),
    "difference": N_("How far the groups are apart"),
    "unknown": N_("How many do not know"),
    "days": N_("Staff days of its actions"),
    "cost": N_("Cost of its cheapest action"),
    "dependencies": N_("How many actions must come first"),
}
ENABLERS = {
    "funding": N_("Needs funding"),
    "infrastructure": N_("Needs infrastructure"),
    "regulation": N_("Needs a rule or a law"),
    "skills": N_("Needs skills"),
    "technology": N_("Needs technology"),
}


@dataclass(frozen=True, slots=True)
class TermRow:
    """What one feature does to the odds that a person puts a gap before another."""

    label: str
    odds: float
    is_forward: bool


@dataclass(frozen=True, slots=True)
class LearningRow:
    """One questionnaire and protocol version; `terms` the strongest first, `versions` the newest."""

    title: str
    standing: Standing
    terms: tuple[TermRow, ...]
    versions: tuple[Version, ...]


def learning_rows(request: Request, standings: tuple[Standing, ...]) -> tuple[LearningRow, ...]:
    return tuple(_row(request, each) for each in standings)


def _row(request: Request, standing: Standing) -> LearningRow:
    shelf: Shelf = request.app.state.shelf
    try:
        shown = content(request, shelf.get(standing.kind.instrument))
    except UnknownDefinition:  # it was taken off the shelf; what was learned on it stays
        shown = None
    terms: tuple[TermRow, ...] = ()
    if standing.learned is not None and standing.may_be_told:
        terms = tuple(_terms(request, standing.learned.model, shown))
    newest = tuple(reversed(standing.versions))[:MOST_VERSIONS]
    return LearningRow(shown.title if shown else standing.kind.instrument, standing, terms, newest)


def _terms(request: Request, model: Model, shown: Questionnaire | None) -> Iterator[TermRow]:
    titles = {part.id: part.title for part in shown.walk()} if shown else {}
    strongest = sorted(model.coefficients.items(), key=lambda term: (-abs(term[1]), term[0]))
    for column, coefficient in strongest[:MOST_TERMS]:
        odds = exp(abs(coefficient))
        if odds >= LEAST_ODDS:
            yield TermRow(_label(request, column, titles), odds, coefficient > 0)


def _label(request: Request, column: str, titles: Mapping[str, str]) -> str:
    kind, _, value = column.partition("=")
    if kind == "section":
        return titles.get(value, value)
    return say_to(request, FEATURES.get(kind) or ENABLERS.get(value, value))
