"""One assessment, scored, with its gaps and its roadmap, frozen: what every page and report is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from assessment.comparison import Comparison
from assessment.firm_support import Support
from assessment.peer_benchmarks import Benchmark
from assessment.rooms_told import RoomTold
from assessment.snapshots import FiledEvidence
from assessment.standing import Standing
from questionnaires.answers import Answers, ProfileValue
from questionnaires.library import Definition
from scoring.currencies import own_currency, rate_to
from scoring.gaps import Gap, Target, gaps
from scoring.planning import plan_roadmap
from scoring.priorities import Priority, priorities
from scoring.readiness import Readiness, readiness
from scoring.roadmap import Infeasible, Roadmap, Wishes
from scoring.sizes import assumed_days, size_class
from scoring.uncertainty import RuleScore, WeightSensitivity, rule_comparison, weight_sensitivity


@dataclass(frozen=True, slots=True)
class Facts:
    """What the cover says of the assessment; `assessed_on` is an ISO day."""

    firm: str = ""
    country: str = ""  # ISO 3166-1 alpha-2
    assessed_on: str = ""
    answered_by: tuple[str, ...] = ()
    report_id: str = ""
    notes: dict[str, str] = field(default_factory=dict)  # question id -> the firm's note
    evidence: dict[str, tuple[FiledEvidence, ...]] = field(default_factory=dict)  # question id -> its files
    hindrances: tuple[str, ...] | None = None  # what stands in its way; None where it did not say


@dataclass(frozen=True, slots=True)
class Result:
    """One assessment, scored; nothing in it moves once it is made."""

    definition: Definition
    facts: Facts
    answers: Answers
    readiness: Readiness
    weights: WeightSensitivity | None
    rules: tuple[RuleScore, ...]
    target: Target
    gaps: tuple[Gap, ...]
    priorities: tuple[Priority, ...]
    wishes: Wishes
    roadmap: Roadmap | Infeasible
    standing: Standing | None = None  # how far the roadmap is, where anything was said of it
    comparison: Comparison | None = None  # with the assessment before, where there is one
    rooms: tuple[RoomTold, ...] = ()  # workshops that it was part of
    benchmark: Benchmark | None = None  # where its peers stand, as published
    support: tuple[Support, ...] = ()  # what programmes offer it for its actions


def make_result(
    definition: Definition,
    answers: Answers,
    *,
    facts: Facts | None = None,
    target: Target | None = None,
    wishes: Wishes | None = None,
    scored: Readiness | None = None,
) -> Result:
    """Score the answers once and derive all that pages and reports show.

    `scored` is a readiness that was frozen earlier and is shown as it stands. Without `wishes` there is no budget, and
    the size of the firm and its staff days are what its profile says or, failing that, an assumption.

    Raises:
        Refused: the questionnaire refuses missing answers, or target or wishes name what there is not.
    """
    questionnaire = definition.questionnaire
    target, wishes = target or Target(), wishes or wishes_for(definition, answers.profile)
    scored = scored or readiness(questionnaire, answers)
    found = gaps(questionnaire, answers, scored, target)
    has_score = scored.overall.score is not None
    return Result(
        definition=definition,
        facts=facts or Facts(),
        answers=answers,
        readiness=scored,
        weights=weight_sensitivity(questionnaire, answers) if has_score else None,
        rules=rule_comparison(questionnaire, answers) if has_score else (),
        target=target,
        gaps=found,
        priorities=priorities(definition, found, wishes.goals),
        wishes=wishes,
        roadmap=plan_roadmap(definition, answers, scored, target, wishes),
    )


def wishes_for(
    definition: Definition,
    profile: Mapping[str, ProfileValue],
    *,
    currency: str | None = None,
    rate: float | None = None,
    **wanted: Any,
) -> Wishes:
    """Wishes with what the profile says of the firm: its size, and staff days where `wanted` names none.

    Raises:
        NoRate: the actions' costs cannot be told in `currency`.
    """
    size = size_class(profile)
    own = own_currency(definition)
    wishes = Wishes(
        size=size.size,
        size_is_assumed=size.is_assumed,
        currency=currency or own,
        rate=rate if rate is not None else rate_to(definition, currency or own),
        **wanted,
    )
    if any(days is not None for days in wishes.phase_days):
        return wishes
    return replace(wishes, phase_days=assumed_days(profile), days_are_assumed=True)
