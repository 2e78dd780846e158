"""All on one page: what the report finds, each finding with the section that shows it."""

from collections.abc import Callable

from reports.firm.view_parts import Entry
from reports.ministry import (
    change,
    dimensions,
    hindrances,
    impact,
    levels,
    places,
    policy,
    reach,
    shares,
    target,
    traits,
)
from reports.ministry.cells import Cell
from reports.ministry.dimensions import told
from reports.ministry.material import Material
from reports.ministry.view import Summary
from reports.workshop.view import KeyNumber

FINDINGS: tuple[tuple[str, Callable[[Material], str]], ...] = (
    ("reach", reach.finding),
    ("levels", levels.finding),
    ("dimensions", dimensions.finding),
    ("dimensions", dimensions.size_finding),
    ("industries", places.industry_finding),
    ("regions", places.region_finding),
    ("technologies", traits.technology_finding),
    ("gaps", shares.gap_finding),
    ("hindrances", hindrances.hindrance_finding),
    ("actions", traits.action_finding),
    ("change", change.finding),
    ("target", target.finding),
    ("policy", policy.finding),
    ("impact", impact.finding),
)


def build_summary(m: Material, sections: frozenset[str]) -> Summary:
    w = m.words
    return Summary(
        id="summary",
        title=w.gettext("All on one page"),
        headline=_headline(m),
        numbers=_numbers(m),
        findings=tuple(Entry(id, said) for id, find in FINDINGS if id in sections and (said := find(m))),
        limits=w.gettext(
            "These firms came by themselves: what is found here holds for them. For the country it holds only as far "
            "as "
            "others are like them."
        ),
    )


def _headline(m: Material) -> str:
    w, every = m.words, m.all_firms
    if every.mean is None:
        return w.gettext("The mean readiness is held back.")
    ends = _profiles(m, every)
    said = told(m, every)
    if len(ends) == 1:
        return w.gettext("On average firms stand at %(mean)s of %(top)s: %(profile)s.", mean=said,
                         top=w.plain(m.scale.max), profile=ends[0])  # fmt: skip
    if ends:
        return w.gettext(
            "On average firms stand at %(mean)s of %(top)s, between two profiles: %(profiles)s.",
            mean=said, top=w.plain(m.scale.max), profiles=w.listed(ends),
        )  # fmt: skip
    return w.gettext("On average firms stand at %(mean)s of %(top)s.", mean=said, top=w.plain(m.scale.max))


def _profiles(m: Material, cell: Cell) -> list[str]:
    """The profiles that the interval of a mean touches."""
    if cell.low is None or cell.high is None:
        return []
    bins = m.questionnaire.profiles.bins
    ends = [*(each.from_ for each in bins[1:]), m.scale.max]
    return [each.title for each, end in zip(bins, ends, strict=True) if each.from_ <= cell.high and cell.low < end]


def _numbers(m: Material) -> tuple[KeyNumber, ...]:
    w, every, total = m.words, m.all_firms, m.coverage.get("total") or {}
    share = total.get("share")
    covered = m.per_cent(float(share)) if share is not None else "–"
    panel = next((row for row in change.newest(m) if row["by"] == "total" and row["status"] == "F"), None)
    changed = m.signed(panel["change"]) if panel else "–"
    of = w.gettext("from %(from)s to %(to)s", **{"from": str(panel["from"]), "to": str(panel["to"])}) if panel else ""
    return (
        KeyNumber(m.n(every), w.gettext("firms assessed"), m.wave),
        KeyNumber(covered, w.gettext("of the business register"), w.gettext("volunteers, not a sample")),
        KeyNumber(changed, w.gettext("in the same firms"), of or w.gettext("no year to compare with")),
    )
