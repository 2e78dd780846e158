"""The roadmap: a table over time, the main actions in full, the others in short."""

from reports import charts
from reports.firm import names
from reports.firm.actions_told import block, brief
from reports.firm.material import Material
from reports.firm.progress import build_progress
from reports.firm.refusals import refusal
from reports.firm.view_roadmap import Bar, PlanPhase, PlanRow, PlanSection
from scoring.roadmap import PHASES, Infeasible, PlannedAction, Roadmap

IN_FULL = (4, 4, 4)  # actions told in full, by phase; what a phase does not use goes to the others
MANY = 50  # so many actions fit into the table over time
# Of a plan with more, so that the report keeps to 16 pages: told in full, by phase, and in the table over time.
FEWER = (2, 2, 2)
CHARTED = 40
GOALS_TOLD = 20  # so many other actions are told with their goal; of more, only those outside the table are told
COLUMNS = tuple((float(phase.start), float(phase.end)) for phase in PHASES)


def build_plan(m: Material) -> PlanSection | None:
    """None when there is nothing to plan."""
    if isinstance(m.result.roadmap, Infeasible):
        return _without_plan(m, refusal(m, m.result.roadmap))
    if m.roadmap is None and m.result.roadmap.left_out:
        return _without_plan(m, (m.words.gettext("No action fits within the limits that were given."),))
    if m.roadmap is None:
        return None
    w, planned = m.words, in_order(m.roadmap)
    full = _told_in_full(m, planned)
    charted = sorted(planned, key=lambda one: -one.gain)[: CHARTED if len(planned) > MANY else MANY]
    others = [one for one in planned if one not in full]
    rest = others if len(others) <= GOALS_TOLD else [one for one in others if one not in charted]
    return PlanSection(
        id="roadmap",
        title=w.gettext("Roadmap"),
        intro=_intro(m, m.roadmap),
        refusal=(),
        finding=_finding(m, m.roadmap),
        source=w.gettext(
            "Each phase fills one column; the columns are not to scale. Source: costs, days and months of the "
            "questionnaire's actions, for %(size)s.",
            size=names.sizes(w)[m.result.wishes.size],
        ),
        heads=(w.gettext("Action"), *_columns(m), w.gettext("Own days"), w.gettext("Outlay")),
        phases=tuple(
            _phase(m, m.roadmap, number, [p for p in planned if p.phase == number], charted)
            for number in range(len(PHASES))
        ),
        not_charted=_not_charted(m, len(planned) - len(charted)),
        blocks_title=w.gettext("The main actions"),
        blocks=tuple(block(m, one) for one in full),
        rest_title=w.gettext("The other actions in short"),
        rest=tuple(brief(m, one, one in charted) for one in rest),
        progress=build_progress(m),
    )


def in_order(roadmap: Roadmap) -> list[PlannedAction]:
    return sorted(roadmap.actions, key=lambda one: (one.phase, one.start, one.end))


def _without_plan(m: Material, why: tuple[str, ...]) -> PlanSection:
    w = m.words
    return PlanSection(
        id="roadmap", title=w.gettext("Roadmap"), intro="", refusal=why, finding="", source="", heads=(),
        phases=(), not_charted="", blocks_title="", blocks=(), rest_title="", rest=(),
    )  # fmt: skip


def _intro(m: Material, roadmap: Roadmap) -> str:
    w, wishes = m.words, m.result.wishes
    limited = wishes.budget is not None or any(limit is not None for limit in wishes.phase_budgets)
    first = (
        w.gettext("These actions win most readiness within the money and time that were given.")
        if limited
        else w.gettext("No limit of money was given; the plan shows how far the firm can come in three years.")
    )
    if roadmap.optimality_gap < 0.0005:
        proof = w.gettext("By these figures no other choice wins more; that is proven.")
    else:
        share = w.number(100 * roadmap.optimality_gap, 1)
        proof = w.gettext("At most %(share)s%% more could be won by another choice.", share=share)
    if wishes.balance > 0:
        proof += " " + w.gettext("It counts as well that all factors rise together.")
    return f"{first} {proof}"


def _finding(m: Material, roadmap: Roadmap) -> str:
    said = {"before": m.score(roadmap.readiness_before), "after": m.score(roadmap.readiness_after)}
    return m.words.ngettext(
        "%(n)s action lifts readiness from %(before)s to %(after)s",
        "%(n)s actions lift readiness from %(before)s to %(after)s",
        len(roadmap.actions),
        **said,
    )


def _columns(m: Material) -> tuple[str, ...]:
    return tuple(m.months(phase.start, phase.end) for phase in PHASES)


def _told_in_full(m: Material, planned: list[PlannedAction]) -> list[PlannedAction]:
    """The actions that win most in each phase, in the order of the plan; fewer where last time is told as well."""
    wanted = FEWER if m.result.comparison is not None or len(planned) > MANY else IN_FULL
    by_phase = [sorted((p for p in planned if p.phase == n), key=lambda p: -p.gain) for n in range(len(wanted))]
    chosen = [one for found, most in zip(by_phase, wanted, strict=True) for one in found[:most]]
    others = sorted((one for one in planned if one not in chosen), key=lambda one: -one.gain)
    chosen += others[: sum(wanted) - len(chosen)]
    return [one for one in planned if one in chosen]


def _phase(
    m: Material, roadmap: Roadmap, number: int, planned: list[PlannedAction], charted: list[PlannedAction]
) -> PlanPhase:
    w, total = m.words, roadmap.phases[number]
    return PlanPhase(
        id=PHASES[number].id,
        title=names.phases(w)[PHASES[number].id],
        months=_columns(m)[number],
        rows=tuple(_row(m, one) for one in planned if one in charted),
        empty="" if planned else w.gettext("Nothing is planned in this phase."),
        total_label=w.gettext("Sum of the phase"),
        total_days=w.count(round(total.days)),
        total_cost=m.sum(total.cost_low, total.cost_high),
        readiness=w.gettext("readiness at its end: %(score)s", score=m.score(total.readiness)),
    )


def _row(m: Material, one: PlannedAction) -> PlanRow:
    start, length = charts.span(one.start, one.end, COLUMNS)
    return PlanRow(
        id=one.action,
        number=m.words.count(m.order[one.action]),
        title=m.actions[one.action].title,
        bar=Bar(start, length, one.phase),
        days=m.words.count(round(one.days)),
        cost=m.money(one.cost_low, one.cost_high),
        mark=m.words.gettext("wanted in any case") if one.must else "",
    )


def _not_charted(m: Material, left: int) -> str:
    if left <= 0:
        return ""
    return m.words.ngettext(
        "%(n)s smaller action is not in this table; it is told below.",
        "%(n)s smaller actions are not in this table; they are told below.",
        left,
    )
