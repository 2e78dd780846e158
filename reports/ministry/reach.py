"""How far the programme reaches: its funnel, and how far its firms stand for those of the country."""

from collections.abc import Mapping, Sequence
from typing import Any

from reports.ministry.material import Material
from reports.ministry.view import Section, exhibit
from reports.workshop.view import Group, Row, Table

COLUMNS = {"section": "industry", "size": "size", "region": "region"}


def build_reach(m: Material) -> Section:
    w = m.words
    found = [exhibit(table) for table in (_funnel(m), _coverage(m)) if table is not None]
    intro = (
        w.gettext(
            "Firms came by themselves or were invited; nobody drew them by lot. They are not the population, and how "
            "far "
            "others are like them, no figure here can say."
        ),
    )
    return Section("reach", w.gettext("Who took part, and whom they stand for"), intro, tuple(found), _notes(m))


def states(m: Material) -> Mapping[str, str]:
    """The states of a case on its way, in words."""
    w = m.words
    return {
        "applied": w.gettext("Applied"), "eligible": w.gettext("Eligible"), "selected": w.gettext("Selected"),
        "self_assessed": w.gettext("Assessed by themselves"), "on_site": w.gettext("Visited by an assessor"),
        "endorsed": w.gettext("Report endorsed"), "support_applied": w.gettext("Support applied for"),
        "action_done": w.gettext("First action done"), "reassessed": w.gettext("Assessed again"),
    }  # fmt: skip


def _funnel(m: Material) -> Table | None:
    """From application to the next assessment: cases that have come so far, held back where they are few."""
    w, rows, titles = m.words, [], states(m)
    steps = [each for each in m.extra.get("funnel") or () if each["state"] in titles]
    if not steps:
        return None
    before: int | None = None
    for each in steps:
        cases = each.get("cases") if each.get("status", "F") == "F" else None
        share = m.per_cent(round(100 * cases / before)) if cases is not None and before else "–"
        rows.append(Row(titles[each["state"]], (m.held_back if cases is None else w.count(int(cases)), share)))
        before = None if cases is None else int(cases)
    caption = w.gettext("How many firms have come how far")
    heads = (w.gettext("Step"), w.gettext("Firms"), w.gettext("Of those at the step before"))
    source = w.gettext("Cases of the programme, rounded to %(base)s.", base=w.count(int(m.rules["rounded_to"])))
    return Table("funnel", caption, heads, tuple(rows), source=source)


def finding(m: Material) -> str:
    w, total = m.words, m.coverage.get("total") or {}
    if total.get("share") is None:
        return w.gettext("How far these firms stand for the country is not known: no business register was loaded")
    return w.gettext(
        "The programme has assessed %(n)s of %(frame)s registered firms: %(share)s",
        n=w.count(int(total["n"])), frame=w.count(int(total["frame"])), share=m.per_cent(float(total["share"])),
    )  # fmt: skip


def _coverage(m: Material) -> Table | None:
    w, found = m.words, m.coverage
    if not found.get("margins"):
        return None
    titles = {"section": w.gettext("Industry"), "size": w.gettext("Size"), "region": w.gettext("Region")}
    groups = tuple(
        Group(
            titles[name],
            tuple(_row(m, m.name(COLUMNS[name], str(each["code"])), each) for each in _ordered(m, name, rows)),
        )
        for name, rows in found["margins"].items()
    )
    heads = (w.gettext("Firms"), w.gettext("In the register"), w.gettext("n"), w.gettext("Share"),
             w.gettext("Weighted mean (interval)"))  # fmt: skip
    register = w.foreign(str(found.get("source") or "–"))
    source = w.gettext("Business register: %(source)s, as of %(day)s.", source=register,
                       day=w.day(found["as_of"]) if found.get("as_of") else "–")  # fmt: skip
    return Table(
        "coverage", finding(m), heads, (_row(m, w.gettext("All firms"), found["total"], True),), groups, source=source
    )


def _ordered(m: Material, name: str, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """In the order of the release's codes; what it has no firm of comes last."""
    order = {code: place for place, code in enumerate(m.cube.codes(COLUMNS[name]))}
    return sorted(rows, key=lambda row: order.get(str(row["code"]), len(order)))


def _row(m: Material, head: str, each: Mapping[str, Any], is_strong: bool = False) -> Row:
    w, frame = m.words, m.words.count(int(each["frame"]))
    if each["status"] != "F":
        return Row(head, (frame, m.held_back, "–", "–"), is_strong=is_strong)
    share = "–" if each.get("share") is None else m.per_cent(float(each["share"]))
    mean = "–"
    if "weighted_mean" in each:
        mean = w.pgettext("a mean and its interval", "%(mean)s (%(interval)s)", mean=m.score(each["weighted_mean"]),
                          interval=m.range(each["low"], each["high"]))  # fmt: skip
    return Row(head, (frame, w.count(int(each["n"])), share, mean), is_strong=is_strong)


def _notes(m: Material) -> tuple[str, ...]:
    w, found, notes = m.words, m.coverage, []
    weights = found.get("weights")
    if weights:
        notes.append(w.gettext(
            "Weighted means count every firm by a weight that makes the programme add up to the register by "
            "%(margins)s "
            "(raking, weights cut to 0.3 to 3 times the mean). Design effect %(deff)s: as many firms of equal weight "
            "as "
            "tell the same, %(n)s.",
            margins=w.listed([_margin(m, each) for each in weights["margins"]]), deff=w.number(weights["deff"], 2),
            n=w.count(weights["n_eff"]),
        ))  # fmt: skip
        if not weights["is_met"]:
            notes.append(w.gettext(
                "Not representative: after cutting, a group of the register is missed by up to %(missed)s. Read "
                "weighted "
                "means with care.", missed=m.per_cent(weights["missed"]),
            ))  # fmt: skip
    empty = [m.name(COLUMNS[name], code) for name, codes in (found.get("empty") or {}).items() for code in codes]
    if empty:
        notes.append(w.gettext("Left out altogether, with no firm assessed: %(groups)s.", groups=w.listed(empty[:12])))
    return tuple(notes)


def _margin(m: Material, name: str) -> str:
    w = m.words
    return {"section": w.gettext("industry"), "size": w.gettext("size"), "region": w.gettext("region")}[name]
