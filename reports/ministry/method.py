"""The data sheet: what these figures are, how they were protected, and what they cannot say."""

from reports.firm.view_parts import Fact
from reports.ministry.cover import facts
from reports.ministry.dimensions import told
from reports.ministry.material import Material
from reports.workshop.view import Method


def build_method(m: Material) -> Method:
    w = m.words
    lines = (
        (w.gettext("What this is"), w.pgettext("between facts", "; ").join(
            w.pgettext("a label and a value", "%(label)s: %(value)s", label=each.label, value=each.value)
            for each in facts(m)
        )),
        (w.gettext("Who is in it"), _who(m)),
        (w.gettext("How firms were assessed"), _basis(m)),
        (w.gettext("How sure the figures are"), _sure(m)),
        (w.gettext("Weights"), _weights(m)),
        (w.gettext("What is held back, and why"), _protection(m)),
        (w.gettext("What changed since the last release"), _since(m)),
        (w.gettext("What these figures cannot say"), _limits(m)),
        (w.gettext("Where the questionnaire comes from"), _origin(m)),
    )  # fmt: skip
    return Method("method", w.gettext("Quality and method"), tuple(Fact(a, b) for a, b in lines if b))


def _who(m: Material) -> str:
    w = m.words
    waves = w.listed([str(wave) for wave in m.manifest["waves"]])
    return w.gettext("Firms of the programme with an assessment in the years %(waves)s. This report tells of %(wave)s.",
                     waves=waves, wave=m.wave)  # fmt: skip


def _basis(m: Material) -> str:
    w, said = m.words, []
    for code in ("self", "verified"):
        cell = m.cell(basis=code)
        if cell is not None and cell.is_shown:
            said.append(w.pgettext("a basis, its mean and its firms", "%(basis)s: %(mean)s, n = %(n)s",
                                   basis=m.name("basis", code), mean=told(m, cell), n=m.n(cell)))  # fmt: skip
        elif cell is not None:
            said.append(w.pgettext("a label and a value", "%(label)s: %(value)s", label=m.name("basis", code),
                                   value=m.held_back))  # fmt: skip
    if not said:
        return ""
    caution = w.gettext(
        "The two are different firms, so that their difference is no measure of how far firms misjudge themselves; the "
        "programme compares both answers of the same firms."
    )
    return w.pgettext("between facts", "; ").join(said) + ". " + caution


def _sure(m: Material) -> str:
    return m.words.gettext(
        "Means: Student's t from the shown mean, standard deviation and number of firms, with the smallest number "
        "and the "
        "largest deviation that round to these. Shares: Wilson's interval. Both assume that inside a cell the firms "
        "that "
        "took part are like the others. It is a model-based precision, and no error of sampling: nobody was drawn by "
        "lot."
    )


def _weights(m: Material) -> str:
    w, weights = m.words, m.coverage.get("weights")
    if not weights:
        return w.gettext("None: every firm counts the same. No business register was loaded, or it could not be used.")
    return w.gettext(
        "Tables and charts count every firm the same; only the table of coverage has weighted means as well. Margins: "
        "raking; design effect by Kish %(deff)s, effective number of firms %(n)s.",
        deff=w.number(weights["deff"], 2), n=w.count(weights["n_eff"]),
    )  # fmt: skip


def _protection(m: Material) -> str:
    w, cells, rules = m.words, m.manifest.get("cells") or {}, m.rules
    said = w.gettext(
        "No cell tells of fewer than %(threshold)s groups of firms, and no sum over fewer can be worked out from this "
        "release together with those before. Numbers of firms are rounded to %(base)s, scores to %(decimals)s decimal.",
        threshold=w.count(int(rules["threshold"])), base=w.count(int(rules["rounded_to"])),
        decimals=w.count(int(rules["decimals"])),
    )  # fmt: skip
    if cells:
        said += " " + w.gettext("Of the cells of this release %(shown)s are shown and %(held)s held back.",
                                shown=w.count(int(cells["shown"])), held=w.count(int(cells["held_back"])))  # fmt: skip
    return said


def _since(m: Material) -> str:
    w, previous = m.words, m.manifest.get("previous")
    if not previous:
        return w.gettext("There is no release before this one.")
    return w.gettext(
        "Release %(number)s (%(hash)s) came before. Figures for all firms of a year change with who takes part; the "
        "change "
        "in the same firms stands apart.",
        number=w.count(int(previous["number"])), hash=w.left_to_right(str(previous["cube_sha256"])[:12].upper()),
    )  # fmt: skip


def _limits(m: Material) -> str:
    return m.words.gettext(
        "They do not say how ready the country's firms are, nor that a programme caused a change. Firms mostly judge "
        "themselves. A profile is a word for a range, and its thresholds are set, not found."
    )


def _origin(m: Material) -> str:
    source = m.questionnaire.source
    return " ".join(part for part in (source.name + ".", source.note or "") if part)
