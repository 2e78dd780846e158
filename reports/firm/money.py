"""Costs and benefits by phase, with what was assumed, what was left out, and what a budget buys."""

from collections import Counter

from questionnaires.library import EFFECTS_OF, Pillar
from reports import charts
from reports.firm import names
from reports.firm.material import Material
from reports.firm.view_roadmap import FrontierRow, LeftOutRow, MoneySection, PhaseMoney
from scoring.roadmap import PHASES, LeftOut, LeftOutReason, PlannedAction, Roadmap

LEFT_OUT_SHOWN = 5
EFFECTS_NAMED = 2
MOST_OF_IT = 0.8  # of what can be won at all


def build_money(m: Material) -> MoneySection | None:
    if m.roadmap is None:
        return None
    w, roadmap = m.words, m.roadmap
    left = sorted(roadmap.left_out, key=lambda one: -one.gain)
    return MoneySection(
        id="money",
        title=w.gettext("Costs and benefits"),
        finding=_finding(m, roadmap),
        source=w.gettext(
            "Source: planning ranges of the actions, added up, then rounded. Planned is the middle of the ranges; it "
            "is what counts against a budget."
        ),
        heads=(
            w.gettext("Phase"), w.gettext("Actions"), w.gettext("Own days"), w.gettext("Outlay"),
            w.gettext("Planned"), w.gettext("Budget"), w.gettext("Readiness at its end"),
            w.gettext("What most actions are good for"),
        ),
        phases=tuple(_phase(m, roadmap, number) for number in range(len(PHASES))),
        total=_total(m, roadmap),
        benefits_title=w.gettext("Benefits"),
        benefits=_benefits(m, roadmap),
        assumptions_title=w.gettext("What these figures assume"),
        assumptions=_assumptions(m),
        more_title=w.gettext("A little more money"),
        more=_more(m, roadmap),
        left_out_title=w.gettext("What was left out, and why"),
        left_out_heads=(w.gettext("Action"), w.gettext("Why not"), w.gettext("Outlay"), w.gettext("Would add")),
        left_out=tuple(left_out_row(m, one) for one in left[:LEFT_OUT_SHOWN]),
        left_out_more=_left_out_more(m, len(left) - LEFT_OUT_SHOWN),
        frontier_finding=_frontier_finding(m, roadmap),
        frontier_heads=(
            w.gettext("Budget"), w.gettext("Outlay"), w.gettext("Readiness"), w.gettext("Part of all that can be won"),
            w.gettext("Actions"),
        ),
        frontier=_frontier(m, roadmap),
    )  # fmt: skip


def _finding(m: Material, roadmap: Roadmap) -> str:
    low = sum(phase.cost_low for phase in roadmap.phases)
    high = sum(phase.cost_high for phase in roadmap.phases)
    days = sum(phase.days for phase in roadmap.phases)
    said = {"cost": m.sum(low, high), "days": m.days(days)}
    return m.words.gettext("The roadmap asks for %(cost)s and %(days)s of own work", **said)


def _phase(m: Material, roadmap: Roadmap, number: int) -> PhaseMoney:
    total = roadmap.phases[number]
    planned = [one for one in roadmap.actions if one.phase == number]
    return PhaseMoney(
        title=names.phases(m.words)[PHASES[number].id],
        actions=m.words.count(len(planned)),
        days=m.words.count(round(total.days)),
        cost=m.sum(total.cost_low, total.cost_high),
        planned=m.sum(total.planned, total.planned),
        budget=_limit(m, total.budget),
        readiness=m.score(total.readiness),
        benefit=_main_effects(m, planned),
    )


def _limit(m: Material, budget: float | None) -> str:
    """A phase's budget; a dash where only the whole has one."""
    if budget is not None:
        return m.amount(budget)
    return m.words.gettext("no limit") if m.result.wishes.budget is None else "\u2013"


def _total(m: Material, roadmap: Roadmap) -> PhaseMoney:
    w, budget = m.words, m.result.wishes.budget
    low = sum(phase.cost_low for phase in roadmap.phases)
    high = sum(phase.cost_high for phase in roadmap.phases)
    planned = sum(phase.planned for phase in roadmap.phases)
    return PhaseMoney(
        title=w.gettext("All three phases"),
        actions=w.count(len(roadmap.actions)),
        days=w.count(round(sum(phase.days for phase in roadmap.phases))),
        cost=m.sum(low, high),
        planned=m.sum(planned, planned),
        budget=w.gettext("no limit") if budget is None else m.amount(budget),
        readiness=m.score(roadmap.readiness_after),
        benefit="",
    )


def _main_effects(m: Material, planned: list[PlannedAction]) -> str:
    found = Counter(effect for one in planned for effect in m.actions[one.action].effects)
    said = names.effects(m.words)
    return m.words.listed([f"{said[effect]} ({m.words.count(n)})" for effect, n in found.most_common(EFFECTS_NAMED)])


def _benefits(m: Material, roadmap: Roadmap) -> tuple[str, ...]:
    """Readiness by factor, and how many actions serve each pillar; no benefit is put into money."""
    w = m.words
    titles = {each.id: each.title for each in m.questionnaire.dimensions}
    rises = [
        f"{titles[key]} {w.way(m.score(roadmap.factors_before[key]), m.score(after))}"
        for key, after in roadmap.factors_after.items()
        if key in titles and key in roadmap.factors_before
    ]
    sentences = [w.gettext("Readiness rises: %(rises)s.", rises=w.listed(rises))] if rises else []
    served = [(pillar, _serving(m, roadmap, pillar)) for pillar in EFFECTS_OF]
    told = names.pillars(w)
    parts = [f"{told[pillar]} {w.count(count)}" for pillar, count in served if count]
    if parts:
        text = w.gettext("Of %(all)s actions these help clearly: %(parts)s.", all=w.count(len(roadmap.actions)),
                         parts=w.listed(parts))  # fmt: skip
        sentences.append(text)
    sentences.append(
        w.gettext(
            "Benefits are not put into money here: what an hour of downtime or a rejected batch costs, only the firm "
            "knows. Each action names what to measure; with two of the firm's own figures a payback time follows."
        )
    )
    return tuple(sentences)


def _serving(m: Material, roadmap: Roadmap, pillar: Pillar) -> int:
    return sum(1 for one in roadmap.actions if getattr(m.actions[one.action].impact, pillar) >= 2)


def _assumptions(m: Material) -> tuple[str, ...]:
    w, definition, wishes = m.words, m.translated.definition, m.result.wishes
    size = names.sizes(w)[wishes.size]
    if wishes.size_is_assumed:
        found = [w.gettext("Costs are those for %(size)s; its size was not given.", size=size)]
    else:
        found = [w.gettext("Costs are those for %(size)s.", size=size)]
    if wishes.days_are_assumed:
        found.append(_assumed_days(m))
    if definition.basis:
        found.append(definition.basis)
    own = next((action.currency for action in definition.actions), wishes.currency)
    if own != wishes.currency:
        rate = {"own": own, "rate": w.plain(wishes.rate), "currency": wishes.currency}
        found.append(w.gettext("Planning rate: 1 %(own)s = %(rate)s %(currency)s, no market quote.", **rate))
    return tuple(found)


def _assumed_days(m: Material) -> str:
    w = m.words
    # They yield to the must-dos: where the plan takes more, more was assumed.
    planned = [0.0] * len(PHASES) if m.roadmap is None else [phase.days for phase in m.roadmap.phases]
    both = zip(m.result.wishes.phase_days, planned, strict=True)
    most = [max(each, taken) for each, taken in both if each is not None]
    days = w.listed([w.count(round(each)) for each in most])
    return w.gettext("The firm named no limit of staff days; for the three phases %(days)s are assumed.", days=days)


def _more(m: Material, roadmap: Roadmap) -> str:
    w, more = m.words, roadmap.more
    if more is None:
        return ""
    said = {
        "extra": m.amount(more.extra),
        "gain": m.gain(more.readiness - roadmap.readiness_after),
        "added": w.listed([m.actions[key].title for key in more.added]),
        "dropped": w.listed([m.actions[key].title for key in more.dropped]),
    }
    if not more.added:
        return w.gettext("10%% more money (%(extra)s) would change nothing.", **said)
    text = w.gettext("10%% more money (%(extra)s) would add %(gain)s to the score. It would buy: %(added)s.", **said)
    return " ".join((text, w.gettext("It would replace: %(dropped)s.", **said))) if more.dropped else text


def left_out_row(m: Material, one: LeftOut) -> LeftOutRow:
    """An action that is not planned, with the reason."""
    w = m.words
    reasons: dict[LeftOutReason, str] = {
        "budget": w.gettext("the money goes further elsewhere"),
        "days": w.gettext("the staff days are used elsewhere"),
        "time": w.gettext("it cannot be finished in time"),
        "prerequisite": w.gettext("what it needs is not in the plan"),
        "excluded": w.gettext("the firm excluded it"),
        "little_gain": w.gettext("it wins little for what it asks"),
    }
    title, cost = m.actions[one.action].title, m.money(one.cost_low, one.cost_high)
    return LeftOutRow(title, reasons[one.reason], cost, m.gain(one.gain))


def _left_out_more(m: Material, left: int) -> str:
    if left <= 0:
        return ""
    return m.words.ngettext("%(n)s more was left out.", "%(n)s more were left out.", left)


def _frontier(m: Material, roadmap: Roadmap) -> tuple[FrontierRow, ...]:
    best = max((point.readiness for point in roadmap.frontier), default=0.0) - roadmap.readiness_before
    return tuple(
        FrontierRow(
            budget=m.sum(point.budget, point.budget),
            cost=m.sum(point.cost, point.cost),
            readiness=m.score(point.readiness),
            share=charts.share(point.readiness - roadmap.readiness_before, best),
            percent=m.words.percent((point.readiness - roadmap.readiness_before) / best if best > 0 else 0.0),
            actions=m.words.count(len(point.actions)),
        )
        for point in roadmap.frontier
    )


def _frontier_finding(m: Material, roadmap: Roadmap) -> str:
    if not roadmap.frontier:
        return ""
    best = max(point.readiness for point in roadmap.frontier) - roadmap.readiness_before
    reached = [p for p in roadmap.frontier if best > 0 and p.readiness - roadmap.readiness_before >= MOST_OF_IT * best]
    if not reached:
        return m.words.gettext("What a budget buys")
    enough = min(point.budget for point in reached)
    said = {"budget": m.sum(enough, enough), "share": m.words.percent(MOST_OF_IT)}
    return m.words.gettext("What a budget buys: %(budget)s are enough for %(share)s of all that can be won", **said)
