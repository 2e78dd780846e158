"""The roadmap that the room owns: a table over time with owners and days, and every action in full."""

from collections.abc import Mapping
from typing import Any

from reports import charts
from reports.firm import names
from reports.firm.view_parts import Fact
from reports.workshop.marks import months_after, on_columns
from reports.workshop.material import Material
from reports.workshop.view import Bar, Block, Key, Plan, PlanPhase, PlanRow, Row, Table
from scoring.roadmap import PHASES

IN_FULL = 8  # actions that are told in full


def build_plan(m: Material) -> Plan | None:
    """None while nothing was taken on."""
    actions = m.roadmap["actions"]
    if not actions:
        return None
    w = m.words
    owned = sum(bool(each["owner"] and each["due"]) for each in actions)
    finding = w.ngettext(
        "%(n)s action, %(owned)s of them with an owner and a day",
        "%(n)s actions, %(owned)s of them with an owner and a day",
        len(actions),
        owned=w.count(owned),
    )
    columns = _columns(m)
    return Plan(
        id="roadmap",
        title=w.gettext("The roadmap of the room"),
        intro=_intro(m),
        finding=finding,
        heads=(w.gettext("Action"), w.gettext("Owner"), w.gettext("Due")),
        ticks=tuple(_months(m, start, end) for start, end in columns),
        phases=tuple(_phase(m, number, columns) for number in range(len(columns))) + _without_day(m, columns),
        keys=(
            Key("g1", w.gettext("from start to end, by the library's months")),
            Key("du", w.gettext("the day that the owner named")),
        ),
        source=w.gettext(
            "Each phase fills one column; the columns are not to scale. Months count from %(day)s. Days, months and "
            "costs are estimates of the questionnaire's library.",
            day=w.day(m.roadmap["since"]),
        ),
        blocks_title=w.gettext("The actions one by one"),
        blocks=tuple(_block(m, each) for each in actions[:IN_FULL]),
        rest=_rest(m, len(actions) - IN_FULL),
        tables=tuple(each for each in (_needed(m), _clashes(m)) if each is not None),
    )


def _rest(m: Material, left: int) -> str:
    if left <= 0:
        return ""
    return m.words.ngettext(
        "%(n)s more action stands in the table above; the workbook tells it in full.",
        "%(n)s more actions stand in the table above; the workbook tells them in full.",
        left,
    )


def title_of(m: Material, action: Mapping[str, Any]) -> str:
    """An action of the library in the reader's language; one of the room's own as it was written."""
    known = m.actions.get(action["action"] or "")
    return known.title if known else m.words.foreign(action["title"])


def _intro(m: Material) -> tuple[str, ...]:
    w, plan = m.words, m.roadmap
    first = w.gettext(
        "These are promises, made in the room by those whose names stand beside them. The library's actions close "
        "%(share)s of the agreed gaps, each weighted by its place.",
        share=w.percent(plan["closed"]),
    )
    days = sum(phase["days"] for phase in plan["phases"])
    low, high = (sum(phase[name] for phase in plan["phases"]) for name in ("cost_low", "cost_high"))
    said = {"days": w.count(round(days)), "money": w.money_range(low, high, plan["currency"])}
    cost = w.gettext("Together they ask for about %(days)s working days and %(money)s of outlay.", **said)
    over = (w.gettext("That is more than the days that were said to be there."),) if plan["is_over_days"] else ()
    return (first, cost, *over)


def _columns(m: Material) -> tuple[tuple[float, float], ...]:
    return tuple((float(each["start"]), float(each["end"])) for each in m.roadmap["phases"])


def _months(m: Material, start: float, end: float) -> str:
    w = m.words
    return w.gettext("Months %(start)s to %(end)s", start=w.count(round(start)), end=w.count(round(end)))


def _phase(m: Material, number: int, columns: tuple[tuple[float, float], ...]) -> PlanPhase:
    w, total = m.words, m.roadmap["phases"][number]
    rows = [each for each in m.roadmap["actions"] if each["phase"] == number]
    said = {
        "days": w.count(round(total["days"])),
        "money": w.money_range(total["cost_low"], total["cost_high"], m.roadmap["currency"]),
    }
    return PlanPhase(
        title=names.phases(w)[PHASES[number].id],
        months=_months(m, *columns[number]),
        total=w.gettext("%(days)s days, %(money)s", **said) if total["days"] else "",
        rows=tuple(_row(m, each, columns) for each in rows),
        empty="" if rows else w.gettext("Nothing was taken on for this phase."),
    )


def _without_day(m: Material, columns: tuple[tuple[float, float], ...]) -> tuple[PlanPhase, ...]:
    rows = [each for each in m.roadmap["actions"] if each["phase"] is None]
    if not rows:
        return ()
    title = m.words.gettext("Without a day so far")
    return (PlanPhase(title, "", "", tuple(_row(m, each, columns) for each in rows), ""),)


def _row(m: Material, each: Mapping[str, Any], columns: tuple[tuple[float, float], ...]) -> PlanRow:
    w, since = m.words, m.roadmap["since"]
    bar = None
    if each["starts_on"] and each["ends_on"]:
        start, end = (max(0.0, months_after(since, each[name])) for name in ("starts_on", "ends_on"))
        bar = Bar(*charts.span(start, end, columns), each["phase"] or 0)
    due = months_after(since, each["due"]) if each["due"] else None
    return PlanRow(
        number=w.count(each["number"]),
        title=title_of(m, each),
        owner=w.foreign(each["owner"]) or w.gettext("nobody yet"),
        due=w.day(each["due"]) if each["due"] else w.gettext("no day yet"),
        bar=bar,
        due_place=on_columns(due, columns) if due is not None and due >= 0 else None,
    )


def _block(m: Material, each: Mapping[str, Any]) -> Block:
    w = m.words
    library = m.actions.get(each["action"] or "")
    who = [w.foreign(each["owner"]), m.groups[each["group"]] if each["group"] else ""]
    between = w.pgettext("between items of a list", ", ")
    lines = (
        (w.gettext("For"), m.question(each["question"])),
        (w.gettext("Who"), between.join(part for part in who if part)),
        (w.gettext("First step"), w.foreign(each["first_step"]) or (library.steps[0] if library else "")),
        (w.gettext("Done when"), w.foreign(each["measure"]) or (library.measure or "" if library else "")),
        (w.gettext("Needs first"), w.listed([w.count(number) for number in each["requires"]])),
    )
    due = w.day(each["due"]) if each["due"] else w.gettext("no day yet")
    facts = [Fact(label, text) for label, text in lines]
    what, how = (tuple(fact for fact in half if fact.value) for half in (facts[:2], facts[2:]))
    return Block(w.count(each["number"]), title_of(m, each), due, what, how)


def _needed(m: Material) -> Table | None:
    w, found = m.words, m.roadmap["needed"]
    if not found:
        return None
    rows = tuple(
        Row(
            title_of(m, each),
            (
                m.question(each["question"]),
                w.listed([w.count(number) for number in each["before"]]),
                w.day(each["ends_on"]),
            ),
        )
        for each in found
    )
    return Table(
        kind="needed",
        caption=w.ngettext(
            "%(n)s more action is needed first, and nobody has taken it on",
            "%(n)s more actions are needed first, and nobody has taken them on",
            len(found),
        ),
        heads=(w.gettext("Action"), w.gettext("For"), w.gettext("Before"), w.gettext("Could end")),
        rows=rows,
    )


def _clashes(m: Material) -> Table | None:
    w, found = m.words, sorted(m.roadmap["clashes"], key=lambda each: each["number"])
    if not found:
        return None
    titles = {each["number"]: title_of(m, each) for each in m.roadmap["actions"]}
    return Table(
        kind="clashes",
        caption=w.ngettext(
            "%(n)s day cannot be kept as it stands", "%(n)s days cannot be kept as they stand", len(found)
        ),
        heads=(w.gettext("Action"), w.gettext("What is in the way")),
        rows=tuple(Row(f"{w.count(each['number'])}. {titles[each['number']]}", (_clash(m, each),)) for each in found),
    )


def _clash(m: Material, each: Mapping[str, Any]) -> str:
    w, said = m.words, {"day": m.words.day(each["day"])}
    if each["kind"] == "before_need":
        return w.gettext("it is due before action %(other)s, which it needs", other=w.count(each["other"]))
    if each["kind"] == "past":
        return w.gettext("it is due before the roadmap begins, on %(day)s", **said)
    return w.gettext("by the library's months it cannot have ended before %(day)s", **said)
