"""The way to the next profile, and the dimensions in which a step up would count most."""

from dataclasses import dataclass

from questionnaires.schema import Dimension
from reports.ministry.cells import Cell
from reports.ministry.dimensions import told
from reports.ministry.material import Material
from reports.ministry.view import Section, exhibit
from reports.workshop.view import Row, Table

NAMED, MOST_CODES = 8, 6


@dataclass(frozen=True, slots=True)
class Priority:
    """A dimension with its share of the overall readiness, its distance to the target, and what closing that adds."""

    dimension: Dimension
    cell: Cell
    share: float
    distance: float

    @property
    def gain(self) -> float:
        return self.share * self.distance


def target_of(m: Material) -> tuple[str, float] | None:
    """The profile above the one that the mean readiness lies in, with the score where it begins."""
    mean = m.all_firms.mean
    if mean is None:
        return None
    above = [(each.title, each.from_) for each in m.questionnaire.profiles.bins if each.from_ > mean]
    return above[0] if above else None


def shares(m: Material) -> dict[str, float]:
    """How much of the overall readiness each dimension is, by the questionnaire's weights, when all of them apply."""
    found: dict[str, float] = {}

    def visit(dimensions: tuple[Dimension, ...], share: float) -> None:
        total = sum(d.weight for d in dimensions)
        for d in dimensions:
            own = share * d.weight / total if total else 0.0
            found[d.id] = own
            visit(d.dimensions, own)

    visit(m.definition.questionnaire.dimensions, 1.0)
    return found


def priorities(m: Material) -> list[Priority]:
    """Dimensions that lie below the target, what would add most to the overall readiness first."""
    target, of = target_of(m), shares(m)
    if target is None:
        return []
    found = [
        Priority(d, cell, of[d.id], target[1] - cell.mean)
        for d in m.leaves
        if (cell := m.shown(f"D:{d.id}")).mean is not None and cell.mean < target[1]
    ]
    return sorted(found, key=lambda each: (-round(each.gain, 6), each.dimension.id))


def finding(m: Material) -> str:
    w, target, found = m.words, target_of(m), priorities(m)
    if target is None or m.all_firms.mean is None:
        return ""
    said = {"profile": target[0], "from": w.plain(target[1]), "gap": w.number(target[1] - m.all_firms.mean, 1)}
    if not found:
        return w.gettext("To the next profile, %(profile)s from %(from)s on, the mean lacks %(gap)s", **said)
    return w.gettext(
        "To the next profile, %(profile)s from %(from)s on, the mean lacks %(gap)s; most would come from %(titles)s",
        titles=w.listed([each.dimension.title for each in found[:3]]), **said,
    )  # fmt: skip


def build_target(m: Material) -> Section | None:
    target, found = target_of(m), priorities(m)
    if target is None:
        return None
    w, exhibits = m.words, []
    if found:
        heads = (w.gettext("Dimension"), w.gettext("Mean (interval)"), w.gettext("Lacks"), w.gettext("Weight"),
                 w.gettext("Would add"), w.gettext("Industries clearly below all firms"))  # fmt: skip
        rows = tuple(_row(m, each) for each in found[:NAMED])
        exhibits.append(exhibit(Table("target", finding(m), heads, rows, source=m.source(w.gettext(
            "Would add: weight times what is lacking, when all else stays. The target is the questionnaire's own next "
            "threshold and no promise."
        )))))  # fmt: skip
    intro = w.gettext(
        "Where the next money could move the mean most. This says nothing of cost: a dimension that would add less "
        "may be "
        "cheaper to lift."
    )
    return Section("target", w.gettext("The way to the next profile"), (intro,), tuple(exhibits))


def _row(m: Material, each: Priority) -> Row:
    w = m.words
    below = [
        code for code, _ in m.industries() if m.is_above(each.cell, m.shown(f"D:{each.dimension.id}", industry=code))
    ]
    more = " …" if len(below) > MOST_CODES else ""
    named = w.left_to_right(", ".join(below[:MOST_CODES]) + more) if below else "–"
    return Row(each.dimension.title, (
        told(m, each.cell), w.number(each.distance, 1), m.per_cent(round(100 * each.share)),
        w.number(each.gain, 2), named,
    ))  # fmt: skip
