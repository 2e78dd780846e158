"""What planned actions would help, by what they need: cells of the release, and strengths of the library."""

from collections.abc import Mapping

from assessment.planned_impact import Helped, Kind, kinds_of, together
from questionnaires.library import EFFECTS_OF, Enabler, Pillar
from reports.firm import names
from reports.ministry.cells import Cell
from reports.ministry.material import Material
from reports.ministry.policy import areas
from reports.ministry.traits import YES, share_of
from reports.ministry.view import Section, exhibit
from reports.workshop.view import Group, Row, Table

ANY = "any"


def planned(m: Material, enabler: str = ANY, **codes: str) -> Cell:
    """The firms that have planned an action that needs this, of those that tell of their actions."""
    return m.shown(f"A:planned.{enabler}", **codes)


def shares(m: Material, **codes: str) -> dict[Enabler, float]:
    """The shares of firms that have planned an action of each kind, as far as they are told."""
    cells = {kind.enabler: planned(m, kind.enabler, **codes) for kind in kinds_of(m.definition)}
    return {enabler: cell.shares[YES] for enabler, cell in cells.items() if cell.shares}


def helped(m: Material, **codes: str) -> Helped | None:
    return together(kinds_of(m.definition), shares(m, **codes))


def of_group(m: Material, side: str, code: str) -> Helped | None:
    """The same of a size or section; None where it is told of fewer kinds of actions than of all firms."""
    told = shares(m, **{side: code})
    return helped(m, **{side: code}) if shares(m).keys() <= told.keys() else None


def build_impact(m: Material) -> Section | None:
    every = helped(m)
    if every is None:
        return None
    w = m.words
    intro = w.gettext(
        "The release tells what planned actions need, not which they are. Each counts as the library's actions with "
        "the same need do on average, from 0 (not) to 3 (strongly); strengths are the questionnaire's and "
        "illustrative. "
        "What is held back does not count."
    )
    shown = (exhibit(_by_need(m, every)), exhibit(_by_size(m)), exhibit(_effects(m, every)))
    return Section("impact", w.gettext("What planned actions would help"), (intro,), shown)


def finding(m: Material) -> str:
    w, every = m.words, helped(m)
    if every is None:
        return ""
    titles = names.pillars(w)
    said = [
        w.pgettext("a pillar and a strength", "%(pillar)s %(strength)s", pillar=titles[pillar], strength=told)
        for pillar, told in zip(every.pillars, _strengths(m, every.pillars), strict=True)
    ]
    return w.gettext("What firms plan would help, from 0 to 3: %(pillars)s",
                     pillars=w.pgettext("between facts", "; ").join(said))  # fmt: skip


def _by_need(m: Material, every: Helped) -> Table:
    w = m.words
    rows = [_need(m, kind) for kind in kinds_of(m.definition)]
    rows.append(Row(w.gettext("All that is planned"), ("", "", "", *_strengths(m, every.pillars)), is_strong=True))
    heads = (w.gettext("What the actions need"), w.gettext("Area of policy"), w.gettext("n"),
             w.gettext("Planned by (interval)"), *_pillars(m))  # fmt: skip
    return Table("impact", finding(m), heads, tuple(rows), source=m.source())


def _need(m: Material, kind: Kind) -> Row:
    cell = planned(m, kind.enabler)
    told = names.enablers(m.words)[kind.enabler][0]
    return Row(told, (areas(m)[kind.area], m.n(cell), share_of(m, cell), *_strengths(m, kind.helped.pillars)))


def _by_size(m: Material) -> Table:
    w = m.words
    groups, held = [], []
    for side, title in (("size", w.gettext("Size")), ("industry", w.gettext("Industry section"))):
        rows = []
        for code, cell in m.along(side, f"A:planned.{ANY}"):
            found = of_group(m, side, code)
            if found is None:
                held.append(code if side == "industry" else m.name(side, code))  # their names are long
            else:
                rows.append(Row(m.name(side, code), (share_of(m, cell), *_strengths(m, found.pillars))))
        groups.append(Group(title, tuple(rows)))
    if held:
        groups.append(Group(w.gettext("Held back"), (Row(w.listed(held), (m.held_back, *["–"] * len(EFFECTS_OF))),)))
    heads = (w.gettext("Firms"), w.gettext("Plan any action"), *_pillars(m))
    caption = w.gettext("Whose planned actions would help what")
    return Table("impact", caption, heads, groups=tuple(each for each in groups if each.rows), source=m.source())


def _effects(m: Material, every: Helped) -> Table:
    """Of the library's actions of the kinds that firms plan, how many name each effect."""
    w, effects, pillars = m.words, names.effects(m.words), names.pillars(m.words)
    groups = tuple(
        Group(pillars[pillar], tuple(Row(effects[e], (m.per_cent(round(100 * every.effects[e])),)) for e in of_pillar))
        for pillar, of_pillar in EFFECTS_OF.items()
    )
    heads = (w.gettext("Effect"), w.gettext("Actions of the planned kinds that name it"))
    caption = w.gettext("Effects of the kinds of actions that firms plan")
    source = w.gettext("Effects: UNIDO (2019), Tables 4 to 6. Actions: the library's, weighted by how many firms plan "
                       "their kind.")  # fmt: skip
    return Table("impact", caption, heads, groups=groups, source=source)


def _pillars(m: Material) -> tuple[str, ...]:
    titles = names.pillars(m.words)
    return tuple(titles[pillar] for pillar in EFFECTS_OF)


def _strengths(m: Material, pillars: Mapping[Pillar, float]) -> tuple[str, ...]:
    return tuple(m.words.number(strength, 1) for strength in pillars.values())
