"""Shares of firms by level of a question: technologies in use, and the most common gaps."""

from dataclasses import dataclass

from questionnaires.schema import Question
from reports import charts
from reports.ministry.cells import Cell
from reports.ministry.material import Material
from reports.ministry.view import Section, exhibit
from reports.workshop.view import Mark, Row, Table

IN_USE = 3  # the level from which a technology counts as used in everyday work: half of a ladder of six
LOW = 2  # below this level a question is a gap of a firm
MOST_GAPS = 12
PER_CENTS = ("0", "25", "50", "75", "100")


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the firms that answered a question, in hundredths, with its interval from 0 to 1."""

    question: Question
    cell: Cell
    value: float
    low: float
    high: float


def share_of(m: Material, question: Question, levels: slice) -> Share | None:
    """The share of firms at some levels of a question; None where it is held back or has no ladder."""
    cell = m.shown(f"Q:{question.id}")
    if not cell.shares or not question.levels:
        return None
    value = min(100.0, sum(cell.shares[levels]))
    return Share(question, cell, value, *m.share_ends(value, cell))


def technologies(m: Material) -> list[tuple[str, Share | None]]:
    """Every technology with the question about it in which most firms reach the level of use; most used first."""
    found: list[tuple[str, Share | None]] = []
    for id, title in m.questionnaire.technologies.items():
        asked = [q for q in m.questionnaire.questions.values() if id in q.technologies]
        shares = [share for q in asked if (share := share_of(m, q, slice(IN_USE, None))) is not None]
        if asked:
            found.append((title, max(shares, key=lambda each: each.value, default=None)))
    return sorted(found, key=lambda each: -(each[1].value if each[1] else -1))


def gaps(m: Material) -> list[Share]:
    """Every question with the share of firms at its two lowest levels, most common first."""
    found = [share_of(m, q, slice(0, LOW)) for q in m.questionnaire.questions.values()]
    return sorted((each for each in found if each is not None), key=lambda each: -each.value)


def build_technologies(m: Material) -> Section | None:
    found = technologies(m)
    if not any(share for _, share in found):
        return None
    w = m.words
    rows = tuple(_row(m, title, share, share.question.text if share else "") for title, share in found)
    heads = (w.gettext("Technology"), w.gettext("n"), w.gettext("In use (interval)"))
    note = w.gettext(
        "In use: level %(level)s or above in the question named below the technology, of those that ask about it the "
        "one "
        "in which most firms get there. Questions differ, and so what counts as use does.",
        level=w.count(IN_USE),
    )
    table = Table("ministry shares", technology_finding(m), heads, rows, ticks=_ticks(m), source=m.source())
    return Section("technologies", w.gettext("Technologies in use"), (note,), (exhibit(table),))


def technology_finding(m: Material) -> str:
    """The technology most in use, or those that cannot be told apart from it."""
    w, known = m.words, [(title, share) for title, share in technologies(m) if share]
    if not known:
        return ""
    first = known[0][1]
    beside = [title for title, share in known if share.high >= first.low]
    if len(beside) == 1:
        return w.gettext("Most in use: %(title)s, by %(share)s of firms (%(interval)s)", title=beside[0],
                         share=m.per_cent(first.value), interval=m.share_interval(first.value, first.cell))  # fmt: skip
    if len(beside) < 4:
        return w.gettext("Most in use, and not to be told apart: %(titles)s", titles=w.listed(beside))
    return w.gettext("No technology is clearly used more than all others")


def build_gaps(m: Material) -> Section | None:
    found = gaps(m)[:MOST_GAPS]
    if not found:
        return None
    w = m.words
    rows = tuple(
        _row(m, each.question.text, each, m.questionnaire.dimension_of[each.question.id].title) for each in found
    )
    heads = (w.gettext("Question"), w.gettext("n"), w.gettext("At levels 0 and 1 (interval)"))
    intro = w.gettext(
        "The questionnaire does not ask firms what hinders them. Shown is where most of them stand at the two lowest "
        "of "
        "six levels, and in the policy reading what the first step from there needs."
    )
    table = Table("ministry shares", gap_finding(m), heads, rows, ticks=_ticks(m), source=m.source())
    return Section("gaps", w.gettext("What stands in the way: the most common gaps"), (intro,), (exhibit(table),))


def gap_finding(m: Material) -> str:
    w, found = m.words, gaps(m)
    if not found:
        return ""
    first = found[0]
    beside = sum(each.high >= first.low for each in found)
    said = {"share": m.per_cent(first.value), "interval": m.share_interval(first.value, first.cell),
            "title": m.questionnaire.dimension_of[first.question.id].title}  # fmt: skip
    if beside == 1:
        return w.gettext("The most common gap, of %(share)s of firms (%(interval)s), lies in %(title)s", **said)
    return w.gettext(
        "Up to %(share)s of firms share a gap (%(interval)s); the %(n)s most common cannot be told apart",
        n=w.count(beside), **said,
    )  # fmt: skip


def _ticks(m: Material) -> tuple[str, ...]:
    return tuple(m.words.percent(int(each) / 100) for each in PER_CENTS)


def _place(share: float) -> int:
    """Where a share from 0 to 1 lies on a track of five ticks, each in the middle of its column."""
    return round(100 * (0.1 + 0.8 * share))


def _row(m: Material, head: str, share: Share | None, note: str) -> Row:
    if share is None:
        return Row(head, (m.held_back, "–"), note)
    start, end = _place(share.low), _place(share.high)
    mark = Mark(_place(share.value / 100), 0, start, max(charts.SHORTEST, end - start))
    said = m.words.pgettext("a share and its interval", "%(share)s (%(interval)s)", share=m.per_cent(share.value),
                            interval=m.share_interval(share.value, share.cell))  # fmt: skip
    return Row(head, (m.n(share.cell), said), note, (mark,))
