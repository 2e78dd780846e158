"""What a submitted assessment freezes: its answers with notes and wishes, as JSON, and back."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from questionnaires.answers import Answers, AnswerValue
from questionnaires.schema import Questionnaire
from scoring.gaps import Target
from scoring.readiness import NodeScore, Readiness
from scoring.roadmap import Wishes

# Raised with each release that moves a score; a submitted assessment keeps the scores of its own version.
SCORING_VERSION = "1"


@dataclass(frozen=True, slots=True)
class FiledEvidence:
    """A file that lay at a question at the submission. `by` is empty for the holder of the return link."""

    question: str
    name: str
    size: int  # bytes
    media_type: str
    respondent: int | None
    by: str
    on: str  # an ISO day


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a result is made of, besides the definition."""

    answers: Answers
    notes: Mapping[str, str] = field(default_factory=dict)
    wishes: Wishes = field(default_factory=Wishes)
    target: Target = field(default_factory=Target)
    evidence: tuple[FiledEvidence, ...] = ()
    hindrances: tuple[str, ...] | None = None  # what stands in the way (`assessment.hindrances`); None: not said

    def as_json(self) -> dict[str, Any]:
        """As it is stored. Left unsaid: the usual target, which is the next level of each ladder; no evidence; nothing
        said of what stands in the way.
        """
        return {
            "profile": dict(self.answers.profile),
            "answers": {q: answer_as_json(v) for q, v in self.answers.answers.items()},
            "notes": dict(self.notes),
            "wishes": wishes_as_json(self.wishes),
            **({"target": target_as_json(self.target)} if self.target != Target() else {}),
            **({"evidence": [asdict(file) for file in self.evidence]} if self.evidence else {}),
            **({"hindrances": list(self.hindrances)} if self.hindrances is not None else {}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Snapshot":
        answers = {q: answer_from_json(v) for q, v in data["answers"].items()}
        target = target_from_json(data.get("target", {}))
        evidence = tuple(FiledEvidence(**file) for file in data.get("evidence", ()))
        wishes = wishes_from_json(data["wishes"])
        hindrances = tuple(data["hindrances"]) if "hindrances" in data else None
        return cls(Answers(data["profile"], answers), data["notes"], wishes, target, evidence, hindrances)

    def sha256(self) -> str:
        """The same for the same content, whatever the order it was given in."""
        return hashlib.sha256(json.dumps(self.as_json(), sort_keys=True).encode()).hexdigest()


def readiness_as_json(readiness: Readiness) -> dict[str, Any]:
    """Every score, as it is stored with a submitted assessment."""
    return {
        "overall": asdict(readiness.overall),
        "profile": readiness.profile.id if readiness.profile else None,
        "nodes": {name: asdict(node) for name, node in readiness.nodes.items()},
        "questions": dict(readiness.questions),
        "asked": sorted(readiness.asked),
    }


def readiness_from_json(data: Mapping[str, Any], questionnaire: Questionnaire) -> Readiness:
    """The scores as they were stored, whatever scoring has become since."""
    return Readiness(
        questionnaire=questionnaire.id,
        version=questionnaire.version,
        overall=NodeScore(**data["overall"]),
        profile=next((b for b in questionnaire.profiles.bins if b.id == data["profile"]), None),
        nodes={name: NodeScore(**node) for name, node in data["nodes"].items()},
        questions=data["questions"],
        asked=frozenset(data["asked"]),
    )


def answer_as_json(value: AnswerValue) -> Any:
    return list(value) if isinstance(value, tuple) else value


def answer_from_json(value: Any) -> AnswerValue:
    return tuple(value) if isinstance(value, list) else value


def wishes_as_json(wishes: Wishes) -> dict[str, Any]:
    return {k: sorted(v) if isinstance(v, frozenset) else v for k, v in asdict(wishes).items()}


def wishes_from_json(data: Mapping[str, Any]) -> Wishes:
    """Wishes as they were stored; a wish that was not known then has its default."""
    values = {f.name: data[f.name] for f in fields(Wishes) if f.name in data}
    lists = {
        k: frozenset(v) if k in ("must", "must_not") else tuple(v) for k, v in values.items() if isinstance(v, list)
    }
    return Wishes(**{**values, **lists})


def target_as_json(target: Target) -> dict[str, Any]:
    return {"levels": dict(target.levels), "scores": dict(target.scores)}


def target_from_json(data: Mapping[str, Any]) -> Target:
    return Target(data.get("levels", {}), data.get("scores", {}))
