"""The controls of the roadmap: what a person has asked the plan to keep to, read from the page's address or a form."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.forms import Problem, SentForm, read_number
from app.plan_offers import LARGEST_BUDGET, LARGEST_DAYS, currencies_of, goals_among
from assessment.errors import Invalid
from assessment.plans import Plan
from questionnaires.library import Definition
from reports import charts
from scoring.currencies import rate_to
from scoring.gaps import Target
from scoring.roadmap import PHASES, Wishes

MUST, MUST_NOT = "must", "not"
PHASE_NUMBERS = range(len(PHASES))
# Fields by name: money in all and per phase, staff days per phase, an action's wish, a dimension's target.
BUDGET, CURRENCY, GOAL = "budget", "currency", "goal"
MONEY = tuple(f"money.{number}" for number in PHASE_NUMBERS)
DAYS = tuple(f"days.{number}" for number in PHASE_NUMBERS)
ACTION, TARGET = "w.", "t."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked of the plan: as typed, what is wrong with it, and what it comes to where nothing is.

    With a problem, `wishes` and `target` are those of the kept plan.
    """

    wishes: Wishes
    target: Target
    entered: Mapping[str, str]
    goals: tuple[str, ...]
    problems: Mapping[str, Problem] = field(default_factory=dict)
    is_tried: bool = False  # it differs from the kept plan

    def wish(self, action: str) -> str:
        """What is wanted of an action: `must`, `not`, or nothing."""
        return self.entered.get(ACTION + action, "")

    def wished(self) -> tuple[str, ...]:
        """The actions of which something is wanted."""
        return tuple(name.removeprefix(ACTION) for name, value in self.entered.items() if _is_wish(name, value))


def wanted(definition: Definition, kept: Plan, sent: SentForm) -> Wanted:
    """The kept plan with what the form has `sent`; a field that was not sent stays as it is kept.

    An empty amount is no limit. What is not offered changes nothing; an amount that cannot be read is a problem.
    """
    before = entered_of(kept)
    entered = {name: sent.text(name).strip()[:40] if name in sent else text for name, text in before.items()}
    entered |= _wishes_sent(definition, sent)
    goals = goals_among(sent[GOAL]) if GOAL in sent else kept.wishes.goals
    if entered[CURRENCY] not in currencies_of(definition):
        entered[CURRENCY] = kept.wishes.currency
    problems: dict[str, Problem] = {}
    amounts = {name: _amount(name, entered[name], problems) for name in (BUDGET, *MONEY, *DAYS)}
    wishes = _wishes(definition, kept.wishes, entered, {**amounts, GOAL: goals}, before)
    target = Target(kept.target.levels, _scores(definition, entered))
    is_tried = (wishes, target) != (kept.wishes, kept.target)
    if problems:
        return Wanted(kept.wishes, kept.target, entered, goals, problems)
    return Wanted(wishes, target, entered, goals, {}, is_tried)


def entered_of(plan: Plan) -> dict[str, str]:
    """A plan as its controls show it."""
    wishes = plan.wishes
    return {
        BUDGET: _text(wishes.budget),
        **{name: _text(wishes.phase_budgets[n]) for n, name in enumerate(MONEY)},
        **{name: _text(wishes.phase_days[n]) for n, name in enumerate(DAYS)},
        CURRENCY: wishes.currency,
        **{ACTION + name: MUST for name in sorted(wishes.must)},
        **{ACTION + name: MUST_NOT for name in sorted(wishes.must_not)},
        **{TARGET + name: _text(score) for name, score in plan.target.scores.items()},
    }


def hidden_fields(tried: Wanted, kept: Plan) -> list[tuple[str, str]]:
    """What has to be sent along so that another form keeps what is being tried: only what differs from the kept."""
    before = entered_of(kept)
    changed = [(name, text) for name, text in tried.entered.items() if text != before.get(name, "")]
    if tried.goals != kept.wishes.goals:
        changed += [(GOAL, goal) for goal in ("", *tried.goals)]
    return changed


def target_choices(definition: Definition) -> list[str]:
    """The scores offered as a dimension's target, above the lowest."""
    return [_text(tick) for tick in charts.ticks(definition.questionnaire.scale)[1:]]


def _wishes_sent(definition: Definition, sent: SentForm) -> dict[str, str]:
    """What was said of single actions and dimensions, as far as there are such."""
    found = {}
    for name in sent:
        value = sent.text(name)
        if name.startswith(ACTION) and name.removeprefix(ACTION) in definition.action:
            found[name] = value if value in (MUST, MUST_NOT) else ""
        if name.startswith(TARGET) and name.removeprefix(TARGET) in definition.questionnaire.nodes:
            found[name] = value if value in target_choices(definition) else ""
    return found


def _wishes(
    definition: Definition, kept: Wishes, entered: Mapping[str, str], said: Mapping[str, Any], before: Mapping[str, str]
) -> Wishes:
    """The kept wishes with what was said; an amount that was not touched stays to the last digit."""
    currency = entered[CURRENCY]
    days = _untouched(kept.phase_days, DAYS, entered, said, before)
    return replace(
        kept,
        budget=kept.budget if entered[BUDGET] == before[BUDGET] else said[BUDGET],
        phase_budgets=_untouched(kept.phase_budgets, MONEY, entered, said, before),
        phase_days=days,
        days_are_assumed=kept.days_are_assumed and days == kept.phase_days,
        must=_named(entered, MUST),
        must_not=_named(entered, MUST_NOT),
        goals=said[GOAL],
        currency=currency,
        rate=kept.rate if currency == kept.currency else rate_to(definition, currency),
    )


def _untouched(
    kept: tuple[float | None, ...],
    names: tuple[str, ...],
    entered: Mapping[str, str],
    said: Mapping[str, Any],
    before: Mapping[str, str],
) -> tuple[float | None, ...]:
    return tuple(was if entered[name] == before[name] else said[name] for was, name in zip(kept, names, strict=True))


def _is_wish(name: str, value: str) -> bool:
    return name.startswith(ACTION) and value != ""


def _named(entered: Mapping[str, str], wish: str) -> frozenset[str]:
    return frozenset(n.removeprefix(ACTION) for n, value in entered.items() if n.startswith(ACTION) and value == wish)


def _scores(definition: Definition, entered: Mapping[str, str]) -> dict[str, float]:
    return {n: float(entered[TARGET + n]) for n in definition.questionnaire.nodes if entered.get(TARGET + n)}


def _amount(name: str, text: str, problems: dict[str, Problem]) -> float | None:
    try:
        return read_number(text, 0, LARGEST_DAYS if name in DAYS else LARGEST_BUDGET)
    except Invalid as refusal:
        problems[name] = Problem(refusal.message, refusal.values)
        return None


def _text(amount: float | None) -> str:
    """An amount as it is typed: no exponent, no decimals that say nothing."""
    return "" if amount is None else f"{amount:.2f}".rstrip("0").rstrip(".")
