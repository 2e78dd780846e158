"""The forms of a programme, its calls and its support offers, and how what they send becomes plans."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.forms import Problem, SentForm, number_of, whole_number_of
from assessment.case_states import FUNNEL
from assessment.eligibility import as_kept, condition_of, fields_of, flat
from assessment.errors import N_, Invalid
from assessment.programme_calls import CallPlan
from assessment.programmes import ProgrammePlan
from assessment.support_offers import OfferPlan
from assessment.written_eligibility import problems_of, read_written, write
from questionnaires.conditions import Condition
from questionnaires.problems import Problem as Mistake
from questionnaires.schema import ProfileField, Questionnaire

Say = Callable[[str], str]
PLAIN, WRITTEN = "plain", "written"
# How people call the states of a case.
STATES = {
    "applied": N_("Applied"),
    "eligible": N_("Eligible"),
    "ineligible": N_("Not eligible"),
    "selected": N_("Selected"),
    "not_selected": N_("Not selected"),
    "self_assessed": N_("Self-assessed"),
    "on_site": N_("Visit on site"),
    "endorsed": N_("Report endorsed"),
    "support_applied": N_("Support applied for"),
    "action_done": N_("Action done"),
    "reassessed": N_("Assessed again"),
    "withdrawn": N_("Withdrawn"),
}
OFFER_TEXTS = ("kind", "name", "provider", "currency", "conditions", "link", "checked_on", "closes_on")
SCHEMES = {"eu": N_("European Union"), "world_bank": N_("World Bank"), "sme_corp": N_("Malaysia")}


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field of who may take part, as its reader sees it."""

    id: str
    text: str
    choices: Mapping[str, str] | None
    help: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None


def shown_fields(
    written: Questionnaire, shown: Questionnaire, country: str, countries: Sequence[tuple[str, str]], say: Say
) -> dict[str, ShownField]:
    """The fields that a condition can look at, by id: the questionnaire's as translated, then the particulars."""
    own = {field.id: field for field in shown.fields}
    found = {}
    for field in fields_of(written, country):
        choices: Mapping[str, str] | None = field.choices
        if field.id in own:
            found[field.id] = _shown(own[field.id], own[field.id].text, own[field.id].choices)
            continue
        if field.id == "country":
            choices = dict(countries)
        elif field.id.startswith("isic"):
            choices = {code: f"{code} {say(title)}" for code, title in (choices or {}).items()}
        elif choices is not None and field.id != "region":
            choices = {value: say(text) for value, text in choices.items()}
        found[field.id] = _shown(field, say(field.text), choices)
    return found


def _shown(field: ProfileField, text: str, choices: Mapping[str, str] | None) -> ShownField:
    number = field.number
    if number is None:
        return ShownField(field.id, text, choices, field.help or "")
    return ShownField(field.id, text, None, field.help or "", number.unit or "", number.min, number.max)


def entered(plan: ProgrammePlan, reference: str) -> SentForm:
    """A programme as the form shows it; `reference` is that of its questionnaire."""
    fields: dict[str, tuple[str, ...]] = {
        "name": (plan.name,),
        "country": (plan.country,),
        "about": (plan.about,),
        "questionnaire": (reference,),
        "size_scheme": (plan.size_scheme,),
        "threshold": (str(plan.threshold),),
        "response_days": (str(plan.response_days),),
    }
    fields |= {f"target.{state}": (str(firms),) for state, firms in (plan.targets or {}).items()}
    condition = condition_of(plan.eligibility)
    statements = flat(condition)
    fields["how"] = (WRITTEN if statements is None else PLAIN,)
    fields["applies_if"] = (write(condition),)
    for id, statement in (statements or {}).items():
        fields[f"in.{id}"] = statement.in_ or ()
        for end, bound in (("low", statement.at_least), ("high", statement.at_most)):
            fields[f"{end}.{id}"] = ("" if bound is None else f"{bound:.15g}",)
    return SentForm(fields)


@dataclass(frozen=True, slots=True)
class ReadProgramme:
    """What the form says, what is wrong with it by field, and what is wrong with a written condition."""

    plan: ProgrammePlan
    problems: dict[str, Problem]
    mistakes: Sequence[Mistake] = ()


def read_programme(sent: SentForm, questionnaire: Questionnaire) -> ReadProgramme:
    problems: dict[str, Problem] = {}
    country = sent.text("country")[:2]
    condition, mistakes = _read_eligibility(sent, questionnaire, country, problems)
    if mistakes:
        problems["applies_if"] = Problem(N_("The condition cannot be used as it is written. See below it."), {})
    plan = ProgrammePlan(
        name=sent.text("name"),
        country=country,
        about=sent.text("about"),
        eligibility=as_kept(condition),
        size_scheme=sent.text("size_scheme"),
        targets=_targets(sent, problems),
        threshold=whole_number_of(sent, "threshold", problems) or 0,
        response_days=whole_number_of(sent, "response_days", problems) or 0,
    )
    return ReadProgramme(plan, problems, mistakes)


def _targets(sent: SentForm, problems: dict[str, Problem]) -> dict[str, int]:
    found = {state: whole_number_of(sent, f"target.{state}", problems) for state in FUNNEL}
    return {state: firms for state, firms in found.items() if firms is not None}


def _read_eligibility(
    sent: SentForm, questionnaire: Questionnaire, country: str, problems: dict[str, Problem]
) -> tuple[Condition | None, Sequence[Mistake]]:
    if sent.text("how") == WRITTEN:
        return read_written(sent.text("applies_if"), questionnaire, country)
    parts = [
        part
        for field in fields_of(questionnaire, country)
        if (part := _read_statement(sent, field, problems)) is not None
    ]
    condition = None if not parts else parts[0] if len(parts) == 1 else Condition(all=tuple(parts))
    return condition, () if condition is None else tuple(problems_of(condition, questionnaire, country))


def _read_statement(sent: SentForm, field: ProfileField, problems: dict[str, Problem]) -> Condition | None:
    """What the form says of one field: nothing where nothing is ticked or typed."""
    if field.choices is not None:
        ticked = tuple(value for value in field.choices if value in sent.get(f"in.{field.id}", ()))
        return Condition.model_validate({"field": field.id, "in": ticked}) if ticked else None
    low, high = (number_of(sent, f"{end}.{field.id}", problems) for end in ("low", "high"))
    if low is None and high is None:
        return None
    if low is not None and high is not None and low > high:
        problems[f"high.{field.id}"] = Problem(N_("The highest is below the lowest. Nobody could take part."), {})
        return None
    return Condition(field=field.id, at_least=low, at_most=high)


def read_call(sent: SentForm) -> tuple[CallPlan, dict[str, Problem]]:
    problems: dict[str, Problem] = {}
    places = whole_number_of(sent, "places", problems)
    return CallPlan(sent.text("title"), sent.text("opens_on").strip(), sent.text("closes_on").strip(), places), problems


def offer_entered(plan: OfferPlan) -> SentForm:
    """An offer as the form shows it; a rate in per cent."""
    fields = {name: (getattr(plan, name),) for name in OFFER_TEXTS}
    return SentForm(
        fields
        | {
            "enablers": plan.enablers,
            "rate": ("" if plan.rate is None else f"{100 * plan.rate:.10g}",),
            "cap": ("" if plan.cap is None else f"{plan.cap:.15g}",),
        }
    )


def read_offer(sent: SentForm) -> tuple[OfferPlan, dict[str, Problem]]:
    problems: dict[str, Problem] = {}
    rate, cap = number_of(sent, "rate", problems), number_of(sent, "cap", problems)
    texts = {name: sent.text(name).strip() for name in OFFER_TEXTS}
    plan = OfferPlan(
        **texts, enablers=tuple(sent.get("enablers", ())), rate=None if rate is None else rate / 100, cap=cap
    )
    return plan, problems


def problems_by_field(problems: Mapping[str, Invalid]) -> dict[str, Problem]:
    return {name: Problem(each.message, each.values) for name, each in problems.items()}
