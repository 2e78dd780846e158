"""The form about the firm itself: its name, its country, and the fields of the questionnaire."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.forms import Problem, SentForm, read_number
from assessment.errors import Invalid
from questionnaires.answers import ProfileValue
from questionnaires.schema import ProfileField


@dataclass(frozen=True, slots=True)
class Prefilled:
    """What need not be asked again: fields from the firm's particulars, and fields from its last assessment."""

    ours: Mapping[str, ProfileValue] = dataclasses.field(default_factory=dict)
    earlier: Mapping[str, ProfileValue] = dataclasses.field(default_factory=dict)

    def entered(self, given: Mapping[str, ProfileValue]) -> dict[str, str]:
        """The form's fields: as given, or else as known already."""
        return entered({**self.earlier, **self.ours, **given})

    def origin(self, field_id: str) -> str:
        """Where a field's value comes from: firm | earlier, or empty."""
        return "firm" if field_id in self.ours else "earlier" if field_id in self.earlier else ""

    def without(self, given: Mapping[str, ProfileValue]) -> "Prefilled":
        """The same, without what has been said here."""
        return Prefilled(
            {k: v for k, v in self.ours.items() if k not in given},
            {k: v for k, v in self.earlier.items() if k not in given},
        )


def read_profile(fields: Iterable[ProfileField], sent: SentForm) -> tuple[dict[str, str | float], dict[str, Problem]]:
    """What the firm says of itself, and what is wrong with it, by field. A field may be left open."""
    profile: dict[str, str | float] = {}
    problems: dict[str, Problem] = {}
    for field in fields:
        text = sent.text(f"p.{field.id}").strip()
        if field.choices is not None and text:
            profile[field.id] = text
        if field.number is not None:
            try:
                number = read_number(text, field.number.min, field.number.max)
            except Invalid as refusal:
                problems[field.id] = Problem(refusal.message, refusal.values)
            else:
                profile |= {} if number is None else {field.id: number}
    return profile, problems


def entered(profile: Mapping[str, ProfileValue]) -> dict[str, str]:
    """A stored profile as the form shows it."""
    return {f"p.{k}": v if isinstance(v, str) else f"{v:g}" for k, v in profile.items()}
