"""One assessment, scored, with its gaps and its roadmap, frozen: what every page and report is made of."""

from dataclasses import dataclass, field

from questionnaires.answers import Answers
from questionnaires.library import Definition
from scoring.gaps import Gap, Target
from scoring.priorities import Priority
from scoring.readiness import Readiness
from scoring.roadmap import Infeasible, Roadmap, Wishes
from scoring.uncertainty import RuleScore, WeightSensitivity


@dataclass(frozen=True, slots=True)
class Facts:
    """What the cover says of the assessment; `assessed_on` is an ISO day."""

    firm: str = ""
    country: str = ""  # ISO 3166-1 alpha-2
    assessed_on: str = ""
    answered_by: tuple[str, ...] = ()
    report_id: str = ""
    notes: dict[str, str] = field(default_factory=dict)  # question id -> the firm's note


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
