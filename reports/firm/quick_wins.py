"""Quick wins: what is done within the first phase for little or no outlay."""

from reports.firm.material import Material
from reports.firm.plan import in_order
from reports.firm.view_roadmap import QuickWin, QuickWinsSection
from scoring.roadmap import PHASES, PlannedAction, Roadmap

SHOWN = 6
LITTLE = 0.02  # an outlay up to this share of the whole roadmap's is little


def build_quick_wins(m: Material) -> QuickWinsSection | None:
    """None when no action is both quick and cheap."""
    if m.roadmap is None:
        return None
    w = m.words
    limit = LITTLE * sum(phase.cost_high for phase in m.roadmap.phases)
    wins = _wins(m.roadmap, limit)
    shown = sorted(wins, key=lambda one: -one.gain)[:SHOWN]
    if not shown:
        return None
    return QuickWinsSection(
        id="quick-wins",
        title=w.gettext("Quick wins"),
        intro=w.gettext(
            "Done within %(months)s months, each for at most %(share)s of the roadmap's outlay. They show everybody "
            "that something moves.",
            months=w.count(PHASES[0].end),
            share=w.percent(LITTLE),
        ),
        finding=w.ngettext(
            "%(n)s quick win adds %(gain)s to the score",
            "%(n)s quick wins add %(gain)s to the score",
            len(shown),
            gain=m.gain(sum(one.gain for one in shown)),
        ),
        source=_source(m, len(wins) - len(shown)),
        heads=(
            w.gettext("Quick win"),
            w.gettext("Adds"),
            w.gettext("When"),
            w.gettext("Own days"),
            w.gettext("Outlay"),
        ),
        rows=tuple(_row(m, one) for one in in_order(m.roadmap) if one in shown),
    )


def _wins(roadmap: Roadmap, limit: float) -> list[PlannedAction]:
    return [one for one in roadmap.actions if one.end <= PHASES[0].end and one.cost_high <= limit and one.gain > 0]


def _row(m: Material, one: PlannedAction) -> QuickWin:
    action = m.actions[one.action]
    return QuickWin(
        number=m.words.count(m.order[one.action]),
        title=action.title,
        why=action.goal or "",
        gain=m.gain(one.gain),
        when=m.months(one.start, one.end),
        cost=m.money(one.cost_low, one.cost_high),
        days=m.words.count(round(one.days)),
    )


def _source(m: Material, left: int) -> str:
    w = m.words
    source = w.gettext("Source: the roadmap; numbers as there.")
    if left <= 0:
        return source
    return " ".join((source, w.ngettext("%(n)s smaller one is not shown.", "%(n)s smaller ones are not shown.", left)))
