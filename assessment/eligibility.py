"""Who may take part in a programme: an `applies_if` on what a firm says of itself, judged statement by statement.

Scoring reads the same conditions in bulk (scoring.conditions), and both say the same: a statement on what a firm has
not stated is not met. Here each statement keeps what was said and what was needed, so that a firm is told why.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assessment.errors import N_
from assessment.industries import DIVISIONS, SECTIONS
from assessment.particulars import MOST_EMPLOYEES, OWNERSHIPS
from assessment.places import COUNTRIES, regions_of
from questionnaires.answers import ProfileValue
from questionnaires.conditions import Condition
from questionnaires.schema import NumberField, ProfileField, Questionnaire

SIZES = {"micro": N_("Micro"), "small": N_("Small"), "medium": N_("Medium"), "large": N_("Large")}
OWNERS = {
    "local": N_("Owners in this country only"),
    "joint": N_("Owners in this country and abroad"),
    "foreign": N_("Owners abroad only"),
}
assert tuple(OWNERS) == OWNERSHIPS  # noqa: S101  said twice, so that both can be read where they are used
YES_NO = {"yes": N_("Yes"), "no": N_("No")}


def fields_of(questionnaire: Questionnaire, country: str) -> tuple[ProfileField, ...]:
    """What a condition can look at: the questionnaire's fields, then the firm's particulars that it does not ask for.

    `assessment.firm_profile.profile_of` fills them all. Texts of the particulars are still to be translated.
    """
    own = {field.id for field in questionnaire.fields}
    # What a questionnaire asks in its own way is not asked again in ours.
    hidden = {"exporter"} if "exports" in own else set()
    further = (field for field in _particulars(country) if field.id not in own | hidden)
    return *questionnaire.fields, *further


def _particulars(country: str) -> Iterator[ProfileField]:
    yield _choice("country", N_("Country"), {code: code for code in sorted(COUNTRIES)})
    regions = regions_of(country)
    if regions:
        yield _choice("region", N_("Region"), regions)
    yield _choice("isic_section", N_("Industry (section of ISIC)"), SECTIONS)
    divisions = {code: title for found in DIVISIONS.values() for code, title in found.items()}
    yield _choice("isic_division", N_("Industry (division of ISIC)"), divisions)
    yield _number("employees", N_("Employees"), MOST_EMPLOYEES)
    yield _choice("turnover", N_("Size by yearly turnover"), SIZES)
    yield _number("years", N_("Years since it was founded"), 1100)
    yield _choice("ownership", N_("Who owns the firm"), OWNERS)
    yield _choice("exporter", N_("Sells abroad"), YES_NO)


def _choice(id: str, text: str, choices: Mapping[str, str]) -> ProfileField:
    # Codes such as "MY-07" are no ids of a questionnaire; they are checked where they are made.
    return ProfileField.model_construct(id=id, text=text, help=None, choices=dict(choices), number=None)


def _number(id: str, text: str, most: float) -> ProfileField:
    return ProfileField.model_construct(
        id=id, text=text, help=None, choices=None, number=NumberField.model_construct(min=0, max=most, unit=None)
    )


@dataclass(frozen=True, slots=True)
class Reason:
    """One statement on a firm (`field`), or several under one head (`all`, `any`, `not`)."""

    kind: str
    is_met: bool
    is_open: bool  # what the firm has not stated yet could change it
    field: str = ""
    said: ProfileValue | None = None
    choices: tuple[str, ...] = ()
    at_least: float | None = None
    at_most: float | None = None
    parts: tuple["Reason", ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a firm may take part, and each statement that decided it."""

    is_met: bool
    is_open: bool  # what the firm has not stated yet could change it
    reasons: tuple[Reason, ...] = ()

    def lacks(self) -> tuple[str, ...]:
        """The fields that would decide it and are not stated, each once."""
        return tuple(dict.fromkeys(r.field for r in statements(self.reasons) if r.said is None and self.is_open))


def judge(condition: Condition | None, profile: Mapping[str, ProfileValue]) -> Verdict:
    """Judge a firm by what it has stated; without a condition everybody may take part."""
    if condition is None:
        return Verdict(is_met=True, is_open=False)
    found = _judge(condition, profile)
    return Verdict(found.is_met, found.is_open, found.parts if found.kind == "all" else (found,))


def statements(reasons: tuple[Reason, ...]) -> Iterator[Reason]:
    """Every statement on a field."""
    for reason in reasons:
        if reason.kind == "field":
            yield reason
        yield from statements(reason.parts)


def _judge(condition: Condition, profile: Mapping[str, ProfileValue]) -> Reason:
    if condition.all is not None:
        parts = tuple(_judge(part, profile) for part in condition.all)
        is_settled = any(not p.is_met and not p.is_open for p in parts)
        return Reason("all", all(p.is_met for p in parts), _is_open(parts, is_settled), parts=parts)
    if condition.any is not None:
        parts = tuple(_judge(part, profile) for part in condition.any)
        is_settled = any(p.is_met and not p.is_open for p in parts)
        return Reason("any", any(p.is_met for p in parts), _is_open(parts, is_settled), parts=parts)
    if condition.not_ is not None:
        part = _judge(condition.not_, profile)
        return Reason("not", not part.is_met, part.is_open, parts=(part,))
    return _statement(condition, profile)


def _is_open(parts: tuple[Reason, ...], is_settled: bool) -> bool:
    return not is_settled and any(part.is_open for part in parts)


def _statement(condition: Condition, profile: Mapping[str, ProfileValue]) -> Reason:
    field = condition.field or ""
    said = profile.get(field)
    return Reason(
        "field",
        is_met=said is not None and _holds(condition, said),
        is_open=said is None,
        field=field,
        said=said,
        choices=condition.in_ or (),
        at_least=condition.at_least,
        at_most=condition.at_most,
    )


def _holds(condition: Condition, said: ProfileValue) -> bool:
    if isinstance(said, str):
        return said in (condition.in_ or ())
    low, high = condition.at_least, condition.at_most
    return (low is None or said >= low) and (high is None or said <= high)


def as_json(verdict: Verdict) -> dict[str, Any]:
    """A verdict as a case keeps it."""
    return {
        "met": verdict.is_met,
        "open": verdict.is_open,
        "reasons": [_reason_as_json(each) for each in verdict.reasons],
    }


def _reason_as_json(reason: Reason) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": reason.kind, "met": reason.is_met, "open": reason.is_open}
    if reason.kind == "field":
        found |= {"field": reason.field, "said": reason.said, "in": list(reason.choices)}
        return found | {"at_least": reason.at_least, "at_most": reason.at_most}
    return found | {"parts": [_reason_as_json(part) for part in reason.parts]}


def from_json(kept: Mapping[str, Any]) -> Verdict:
    """A kept verdict; an empty one is of a case that no condition was laid on."""
    if not kept:
        return Verdict(is_met=True, is_open=False)
    return Verdict(kept["met"], kept["open"], tuple(_reason_from_json(each) for each in kept["reasons"]))


def _reason_from_json(kept: Mapping[str, Any]) -> Reason:
    return Reason(
        kept["kind"],
        kept["met"],
        kept["open"],
        kept.get("field", ""),
        kept.get("said"),
        tuple(kept.get("in", ())),
        kept.get("at_least"),
        kept.get("at_most"),
        tuple(_reason_from_json(part) for part in kept.get("parts", ())),
    )


def condition_of(kept: Mapping[str, Any] | None) -> Condition | None:
    """The condition that a programme keeps."""
    return None if kept is None else Condition.model_validate(kept)


def as_kept(condition: Condition | None) -> dict[str, Any] | None:
    return None if condition is None else condition.model_dump(mode="json", by_alias=True, exclude_none=True)


def flat(condition: Condition | None) -> dict[str, Condition] | None:
    """The statements of a condition that a plain form can show, by field; None where it takes more than that."""
    if condition is None:
        return {}
    parts = condition.all or (condition,)
    if any(part.field is None for part in parts) or len({part.field for part in parts}) < len(parts):
        return None
    return {part.field: part for part in parts if part.field is not None}
