"""Whether the first places depend on how they were counted, on one group, or on a few people."""

from collections.abc import Mapping
from typing import Any

from reports.workshop.material import Material
from reports.workshop.view import Row, Section, Table


def build_robustness(m: Material) -> Section | None:
    """None before a first round was shown."""
    if m.priorities is None:
        return None
    w = m.words
    without = _without(m)
    return Section(
        "robustness",
        w.gettext("Would it come out otherwise?"),
        (
            w.gettext(
                "The first round once more, counted by other rules, without one group, and without a few people. "
                "Nothing of this changes the order; it says how much weight the order bears."
            ),
        ),
        (_rules(m), *((without,) if without else ())),
        (_flip(m), *(() if without else (_why_not(m),))),
    )


def _rules(m: Material) -> Table:
    w, figures = m.words, (m.priorities or {})["figures"]
    rules = {each["rule"]: each["ranks"] for each in figures["rules"]}
    gaps = [each["gap"] for each in figures["scores"]]
    names = {
        "best_worst": w.gettext("Most less least"), "borda": "Borda", "copeland": "Copeland", "schulze": "Schulze",
        "kemeny": "Kemeny",
    }  # fmt: skip
    said = {"n": w.count(len(figures["in_all"])), "top": w.count(m.top)}
    caption = (
        w.gettext("Every rule puts the same %(top)s gaps first", **said)
        if len(figures["in_all"]) == len(figures["in_some"])
        else w.gettext("%(n)s gaps are among the first %(top)s by every rule", **said)
    )
    rows = []
    for place, gap in m.agreed:
        ranks = [rules[rule][gaps.index(gap)] for rule in rules]
        cells = tuple(m.place(round(rank, 2)) for rank in ranks)
        rows.append(Row(m.numbered(place, gap), cells, is_strong=place <= m.top))
    return Table(
        kind="rules",
        caption=caption,
        heads=(w.gettext("Gap"), *(names[rule] for rule in rules)),
        rows=tuple(rows),
        source=w.gettext(
            "Source: the comparisons of the first round. Borda: mean share of the others that a gap beats. Copeland: "
            "how many others it beats. Schulze: the strongest chains of comparisons. Kemeny: the order that "
            "contradicts the fewest comparisons, found exactly."
        ),
    )


def _without(m: Material) -> Table | None:
    w, found = m.words, (m.priorities or {})["figures"]["without"]
    if not found:
        return None
    changing = sum(bool(each["entering"]) for each in found)
    caption = (
        w.ngettext(
            "Without %(n)s of the groups other gaps would be among the first",
            "Without %(n)s of the groups other gaps would be among the first",
            changing,
        )
        if changing
        else w.gettext("Without any one group the same gaps would be among the first")
    )
    return Table(
        kind="without",
        caption=caption,
        heads=(w.gettext("Without"), w.gettext("Comes in"), w.gettext("Drops out")),
        rows=tuple(_left_out(m, each) for each in found),
        source=w.gettext("Groups that are counted together are left out together."),
    )


def _left_out(m: Material, each: Mapping[str, Any]) -> Row:
    cells = tuple(m.words.listed([m.question(gap) for gap in each[name]]) or "–" for name in ("entering", "leaving"))
    return Row(m.named(each["groups"]), cells)


def _why_not(m: Material) -> str:
    return m.words.gettext(
        "The room is not shown without each group in turn: that takes two groups of five people or more."
    )


def _flip(m: Material) -> str:
    w, flip = m.words, (m.priorities or {})["drawn"]["flip"]
    low, high = flip["at_least"], flip["at_most"]
    if high is None:
        return w.gettext("At least %(n)s people would have to leave before the first places change.", n=w.count(low))
    if low == high:
        return w.ngettext(
            "If %(n)s person, the right one, had stayed away, another gap would be among the first.",
            "If %(n)s people, the right ones, had stayed away, another gap would be among the first.",
            low,
        )
    said = {"low": w.count(low), "high": w.count(high)}
    return w.gettext("From %(low)s to %(high)s people would have to leave before the first places change.", **said)
