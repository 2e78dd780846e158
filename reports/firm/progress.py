"""Planned against achieved: a small table in the roadmap, phase by phase."""

from assessment.standing import PhaseStanding
from reports.firm import names
from reports.firm.material import Material
from reports.firm.view_since import ProgressRow, ProgressTable
from scoring.roadmap import PHASES


def build_progress(m: Material) -> ProgressTable | None:
    """None while nothing was said of any action."""
    standing = m.result.standing
    if standing is None or not standing.said:
        return None
    w, titles = m.words, names.phases(m.words)
    rows = [_row(m, titles[PHASES[n].id], each) for n, each in enumerate(standing.phases)]
    return ProgressTable(
        title=w.gettext("Planned and achieved"),
        finding=_finding(m, standing.total),
        heads=(
            w.gettext("Phase"), w.gettext("Planned"), w.gettext("Started"), w.gettext("Done"),
            w.gettext("Given up"), w.gettext("Late"), w.gettext("Outlay of what is done"),
        ),
        rows=(*rows, _row(m, w.gettext("All three phases"), standing.total)),
        source=w.gettext(
            "Source: what the firm said of %(said)s of %(actions)s actions up to %(day)s; months count from "
            "%(since)s. The outlay is the plan's estimate, not an account. Done actions raise no score by themselves: "
            "answers do.",
            said=w.count(standing.said),
            actions=w.count(standing.total.actions),
            day=w.day(standing.as_of),
            since=w.day(standing.since),
        ),
    )  # fmt: skip


def _finding(m: Material, total: PhaseStanding) -> str:
    w = m.words
    done = w.ngettext(
        "%(n)s of %(actions)s actions is done", "%(n)s of %(actions)s actions are done",
        total.done, actions=w.count(total.actions),
    )  # fmt: skip
    if not total.late:
        return done
    late = w.ngettext("%(n)s is late", "%(n)s are late", total.late)
    return w.pgettext("between facts", "; ").join((done, late))


def _row(m: Material, title: str, phase: PhaseStanding) -> ProgressRow:
    counts = phase.actions, phase.started, phase.done, phase.dropped, phase.late
    cost = m.sum(phase.cost_low, phase.cost_high) if phase.done else ""
    return ProgressRow(title, (*(m.words.count(each) for each in counts), cost))
