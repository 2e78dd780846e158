"""What stands in the way of firms, as they said at their submission: who names what, and which policy answers it."""

from assessment.hindrances import HINDRANCES
from reports.firm import names
from reports.ministry.cells import Cell
from reports.ministry.material import Material
from reports.ministry.policy import areas
from reports.ministry.shares import chart_row, ticks
from reports.ministry.traits import YES, most_named, rule, yes_heat
from reports.ministry.view import Section, exhibit
from reports.workshop.view import Table

Found = list[tuple[str, str, Cell]]


def hindrances(m: Material) -> Found:
    """Every hindrance of the release with its text and the cell of all firms; most named first, held back last."""
    named = ((id, m.words.gettext(each.text)) for id, each in HINDRANCES.items())
    found = [(id, text, cell) for id, text in named if (cell := m.cell(f"H:{id}")) is not None]
    return sorted(found, key=lambda each: -(each[2].shares[YES] if each[2].shares else -1))


def build_hindrances(m: Material) -> Section | None:
    found = hindrances(m)
    told = next((cell for _, _, cell in found if cell.shares), None)
    if told is None:
        return None
    w = m.words
    intro = w.gettext(
        "%(n)s of %(all)s firms said at their submission what stands most in the way of their next step: up to three "
        "things of a list. Shares are of those who said so.",
        n=m.n(told), all=m.n(m.all_firms),
    )  # fmt: skip
    rows = tuple(
        chart_row(m, text, cell, cell.shares[YES] if cell.shares else None, _answered_by(m, id))
        for id, text, cell in found
    )
    heads = (w.gettext("What stands in the way"), w.gettext("n"), w.gettext("Firms (interval)"))
    chart = Table("ministry shares", hindrance_finding(m), heads, rows, ticks=ticks(m), source=m.source())
    caption = w.gettext("What stands in the way, per cent of firms by size and section")
    shown = (exhibit(chart), exhibit(yes_heat(m, "H", found, caption)))
    areas_told = w.gettext(
        "Below each stands the area of policy that answers it (Table 3 of UNIDO, Absorbing Advanced Digital Production "
        "Technologies, 2019) and the enabler of F.I.R.S.T. that it calls for, which we have laid under it."
    )
    return Section("hindrances", w.gettext("What stands in the way"), (intro, areas_told, rule(m)), shown)


def hindrance_finding(m: Material) -> str:
    """What most firms name, or what cannot be told apart from it."""
    w, known = m.words, [(text, cell) for _, text, cell in hindrances(m) if cell.shares]
    if not known:
        return ""
    first, beside = known[0][1], most_named(m, known)
    if len(beside) == 1:
        return w.gettext("Named most: %(text)s, by %(share)s of firms (%(interval)s)", text=beside[0],
                         share=m.per_cent(first.shares[YES]),
                         interval=m.share_interval(first.shares[YES], first))  # fmt: skip
    if len(beside) < 4:
        return w.gettext("Named most, and not to be told apart: %(texts)s",
                         texts=w.pgettext("between facts", "; ").join(beside))  # fmt: skip
    return w.gettext("Nothing is clearly named more than all else")


def _answered_by(m: Material, id: str) -> str:
    """The area of policy that answers it, and the enabler that it calls for; with a mark where we placed it there."""
    w, each = m.words, HINDRANCES[id]
    said = [areas(m)[each.area]]
    if each.enabler is not None:
        said.append(names.enablers(w)[each.enabler][0])
    if each.basis == "illustrative":
        said.append(w.gettext("placed here by us"))
    return w.pgettext("between facts", "; ").join(said)
