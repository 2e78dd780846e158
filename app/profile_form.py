"""The form about the firm itself: its name, its country, and the fields of the questionnaire."""

from collections.abc import Iterable

from app.forms import Problem, SentForm, read_number
from assessment.errors import Invalid
from questionnaires.schema import ProfileField


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


def entered(profile: dict[str, str | float]) -> dict[str, str]:
    """A stored profile as the form shows it."""
    return {f"p.{k}": v if isinstance(v, str) else f"{v:g}" for k, v in profile.items()}
