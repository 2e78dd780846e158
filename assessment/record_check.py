"""Whether every figure of a workshop's record follows from the counts beside it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from assessment import recorded_priorities
from assessment.recorded_levels import told, votes_told
from assessment.room_askings import full_shares, topics_of
from assessment.workshop_rules import WorkshopRules
from questionnaires.library import Definition
from questionnaires.problems import Refused
from scoring.agreement import AgreementRule
from scoring.calendar import day_of
from scoring.discussion import discussion
from scoring.ladders import level_scores
from scoring.room_plan import AgreedGap, Wanted, plan_room
from scoring.second_round import final_order, top_two_shares
from scoring.stopping import Rules, Standing, stop

CLOSE = 1e-9
Record = Mapping[str, Any]


class NotARecord(Refused):
    """The file is none, or of another version."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that does not follow: where it stands, what the record tells, and what was found."""

    path: str
    told: Any
    found: Any


def check(record: Record, definition: Definition) -> tuple[Difference, ...]:
    """Work out anew all that follows from the counts, and say what differs.

    Bars, chances and the intervals of blocks come from draws of single people, whose ballots are in no record: of
    those it is checked that they agree with each other and with the counts. `compare` with a record worked out from
    the ballots themselves checks them too.
    """
    rules = WorkshopRules.from_json(record["workshop"]["rules"])
    differences = [*_levels(record, definition, rules), *_gaps(record, definition), *_roadmap(record, definition)]
    if record["priorities"] is not None:
        differences += _priorities(record["priorities"], rules)
    return tuple(differences)


def compare(path: str, told: Any, found: Any) -> Iterable[Difference]:
    """What differs between two plain objects, figure by figure."""
    if isinstance(told, Mapping) and isinstance(found, Mapping):
        for name in sorted(told.keys() | found.keys()):
            yield from compare(f"{path}.{name}" if path else name, told.get(name), found.get(name))
    elif isinstance(told, list | tuple) and isinstance(found, list | tuple):
        if len(told) != len(found):
            yield Difference(path, told, found)
            return
        for place, (one, other) in enumerate(zip(told, found, strict=True)):
            yield from compare(f"{path}[{place}]", one, other)
    elif not _same(told, found):
        yield Difference(path, told, found)


def _same(told: Any, found: Any) -> bool:
    numbers = isinstance(told, int | float) and isinstance(found, int | float)
    if numbers and not isinstance(told, bool) and not isinstance(found, bool):
        return bool(abs(told - found) <= CLOSE)
    return bool(told == found)


def _levels(record: Record, definition: Definition, rules: WorkshopRules) -> Iterable[Difference]:
    """Every round's questions, and where the room stands by the newest of them."""
    rule = AgreementRule(least_agreement=rules.agreement)
    groups = [group["id"] for group in record["groups"]]
    newest: dict[str, Any] = {}
    for number, each in enumerate(record["rounds"]):
        for place, entry in enumerate(each["levels"]):
            votes = votes_told(entry, groups)
            newest[entry["question"]] = votes
            anew = told(votes, rule)
            kept = {name: entry[name] for name in anew}
            yield from compare(f"rounds[{number}].levels[{place}]", kept, anew)
    items = {item.question: item for item in discussion(topics_of(definition.questionnaire, newest), rule)}
    for place, each in enumerate(record["levels"]):
        item = items.get(each["question"])
        anew = {
            "suggested": item.agreement.level if item and item.agreement else None,
            "worth": item.worth if item else None,
            "reasons": [asdict(reason) for reason in item.reasons] if item else [],
        }
        yield from compare(f"levels[{place}]", {name: each[name] for name in anew}, anew)


def _gaps(record: Record, definition: Definition) -> Iterable[Difference]:
    questionnaire = definition.questionnaire
    weights = full_shares(questionnaire)
    values = [each["value"] for each in record["gaps"]]
    for place, each in enumerate(record["gaps"]):
        scores = level_scores(questionnaire, questionnaire.questions[each["question"]])
        size = scores[each["target"]] - scores[each["level"]]
        anew = {"size": size, "weight": weights[each["question"]], "value": round(size * each["weight"], 12)}
        yield from compare(f"gaps[{place}]", {name: each[name] for name in anew}, anew)
    yield from compare("gaps.value", values, sorted(values, reverse=True))


def _priorities(found: Record, rules: WorkshopRules) -> Iterable[Difference]:
    k = max(1, min(rules.top, len(found["tallies"]["gaps"]) - 1))
    anew = recorded_priorities.figures(found["tallies"], k)
    yield from compare("priorities.figures", found["figures"], anew)
    yield from _drawn(found, anew, rules, k)
    for place, each in enumerate(found["second"]):
        gaps = [recorded_priorities.rated(recorded_priorities.rated_of(gap)) for gap in each["gaps"]]
        yield from compare(f"priorities.second[{place}].gaps", each["gaps"], gaps)
    certainty = recorded_priorities.certainty_of(found["drawn"], k)
    rated = [recorded_priorities.rated_of(gap) for gap in found["second"][-1]["gaps"]] if found["second"] else []
    placed = final_order(certainty, rated, rules.settled, 1 - rules.settled)
    yield from compare("priorities.order", found["order"], recorded_priorities.order(placed))
    if found["agreed"]:
        places = {each.item: 1 + sum(other.place < each.place for other in placed) for each in placed}
        yield from compare("priorities.agreed", {a["question"]: a["place"] for a in found["agreed"]}, places)
    yield from _rule(found, rules, k)


def _drawn(found: Record, figures: Record, rules: WorkshopRules, k: int) -> Iterable[Difference]:
    """What draws of people say, as far as it can be checked without a ballot."""
    bars, ranks = found["drawn"]["bars"], [each["rank"] for each in figures["scores"]]
    yield from compare("priorities.drawn.bars.rank", [bar["rank"] for bar in bars], ranks)
    sound = [1 <= bar["low"] <= bar["rank"] <= bar["high"] <= len(bars) for bar in bars]
    yield from compare("priorities.drawn.bars", sound, [True] * len(bars))
    yield from compare("priorities.drawn.bars.top", round(sum(bar["top"] for bar in bars), 6), k)
    contested = {bar["gap"] for bar in bars if rules.settled <= bar["top"] <= 1 - rules.settled}
    yield from compare("priorities.drawn.contested", sorted(found["drawn"]["contested"]), sorted(contested))


def _rule(found: Record, rules: WorkshopRules, k: int) -> Iterable[Difference]:
    """The rules that had fired, but for the time box, of which only the minutes are told."""
    rule = found["rule"]
    last = found["second"][-1] if found["second"] else None
    standing = Standing(
        round=1 + len(found["second"]),
        chances=[bar["top"] for bar in found["drawn"]["bars"]],
        top_two=top_two_shares(recorded_priorities.rated_of(gap) for gap in last["gaps"]) if last else (),
        changed=last["changed"] if last else None,
    )
    fixed = Rules(
        k=k,
        most_rounds=rules.most_rounds,
        settled_low=rules.settled,
        settled_high=1 - rules.settled,
        least_change=rules.least_change,
    )
    fired = stop(fixed, standing)
    anew = {fired.rule, *fired.also} if fired else set()
    told = {rule["rule"], *rule["also"]} - {"time", "chosen"} if rule else set()
    yield from compare("priorities.rule", sorted(told), sorted(anew))


def _roadmap(record: Record, definition: Definition) -> Iterable[Difference]:
    """When the library's actions start and end, and how much of the agreed gaps they close."""
    plan = record["roadmap"]
    agreed = [AgreedGap(gap["question"], gap["level"], gap["target"], gap["place"]) for gap in plan["gaps"]]
    levels = {each["question"]: each["level"] for each in record["levels"] if each["level"] is not None}
    chosen = frozenset(each["action"] for each in plan["actions"] if each["action"])
    anew = plan_room(definition, agreed, levels, Wanted(chosen, plan["size"], plan["days_a_year"]))
    yield from compare("roadmap.closed", plan["closed"], anew.closed)
    steps = {step.action: step for step in anew.steps}
    for place, each in enumerate(plan["actions"]):
        step = steps.get(each["action"] or "")
        days = {"starts_on": "", "ends_on": ""}
        if step:
            since = date.fromisoformat(plan["since"])
            ends = {"starts_on": step.start, "ends_on": step.end}
            days = {name: day_of(since, months).isoformat() for name, months in ends.items()}
        yield from compare(f"roadmap.actions[{place}]", {name: each[name] for name in days}, days)
