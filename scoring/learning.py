"""Learning which gaps people put first, from start to record: model, gate, calibration, and their written form."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson

from questionnaires.problems import Refused
from scoring.learning_chances import ChanceBin, Reliability, calibrated_slope, reliability
from scoring.learning_gate import MINIMUM_WORKSHOPS, Gate, Margin, held_out, judge
from scoring.learning_model import Model, fit
from scoring.past_workshops import PastWorkshop, teaching

FORMAT = 1  # raised whenever the features, the constants or the computation change


class UnknownFormat(Refused):
    """A stored model was made by another version of the learning."""


@dataclass(frozen=True, slots=True)
class Learned:
    """A model with what decides whether it is shown. `reliability` is None below three workshops."""

    model: Model
    gate: Gate
    reliability: Reliability | None


def learn(
    workshops: Iterable[PastWorkshop], instrument: str, protocol: str, k: int = 5, minimum: int = MINIMUM_WORKSHOPS
) -> Learned:
    """Learn from those of `workshops` that are on this questionnaire and protocol version; all others are left out.

    So are workshops in which nobody voted. The same workshops give the same record to the byte, in whatever order.

    Raises:
        ValueError: two of them have the same id.
    """
    used = teaching(workshops, instrument, protocol)
    held = held_out(used)
    model = replace(fit(used, instrument, protocol), slope=calibrated_slope(held))
    return Learned(model, judge(held, k, minimum) if used else Gate("too_few", 0, minimum, k), reliability(held))


def to_record(learned: Learned) -> dict[str, Any]:
    """The learning as a plain object; `record_bytes` writes it."""
    return {"format": FORMAT, **asdict(learned)}


def from_record(record: Mapping[str, Any]) -> Learned:
    """The learning from its record.

    Raises:
        UnknownFormat: the record was written in another format; learning anew from the workshops makes a new one.
    """
    if record.get("format") != FORMAT:
        raise UnknownFormat(
            f"This model was stored in format {record.get('format')}, not {FORMAT}. Learn anew to replace it."
        )
    gate, checked = record["gate"], record["reliability"]
    margins = {name: gate[name] and Margin(**gate[name]) for name in ("tau", "ndcg")}
    return Learned(
        Model(**record["model"]),
        Gate(**{**gate, **margins}),
        checked and Reliability(**{**checked, "bins": tuple(ChanceBin(**each) for each in checked["bins"])}),
    )


def record_bytes(learned: Learned) -> bytes:
    """The record as JSON, keys in alphabetical order: equal learnings are equal bytes."""
    return orjson.dumps(to_record(learned), option=orjson.OPT_SORT_KEYS)
