"""Shares of firms by level of a question: the most common gaps."""

from dataclasses import dataclass

from questionnaires.schema import Question
from reports import charts
from reports.ministry.cells import Cell
from reports.ministry.material import Material
from reports.ministry.view import Section, exhibit
from reports.workshop.view import Mark, Row, Table

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


def gaps(m: Material) -> list[Share]:
    """Every question with the share of firms at its two lowest levels, most common first."""
    found = [share_of(m, q, slice(0, LOW)) for q in m.questionnaire.questions.values()]
    return sorted((each for each in found if each is not None), key=lambda each: -each.value)


def build_gaps(m: Material) -> Section | None:
    found = gaps(m)[:MOST_GAPS]
    if not found:
        return None
    w = m.words
    rows = tuple(
        chart_row(m, each.question.text, each.cell, each.value, m.questionnaire.dimension_of[each.question.id].title)
        for each in found
    )
    heads = (w.gettext("Question"), w.gettext("n"), w.gettext("At levels 0 and 1 (interval)"))
    intro = w.gettext(
        "Shown is where most firms stand at the two lowest of six levels, and in the policy reading what the first "
        "step from there needs."
    )
    table = Table("ministry shares", gap_finding(m), heads, rows, ticks=ticks(m), source=m.source())
    return Section("gaps", w.gettext("The most common gaps"), (intro,), (exhibit(table),))


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


def ticks(m: Material) -> tuple[str, ...]:
    return tuple(m.words.percent(int(each) / 100) for each in PER_CENTS)


def _place(share: float) -> int:
    """Where a share from 0 to 1 lies on a track of five ticks, each in the middle of its column."""
    return round(100 * (0.1 + 0.8 * share))


def chart_row(m: Material, head: str, cell: Cell, share: float | None, note: str = "") -> Row:
    """A share in hundredths on its track, with its interval; None where it is held back."""
    if share is None:
        return Row(head, (m.held_back, "–"), note)
    start, end = (_place(each) for each in m.share_ends(share, cell))
    mark = Mark(_place(share / 100), 0, start, max(charts.SHORTEST, end - start))
    return Row(head, (m.n(cell), m.share_said(share, cell)), note, (mark,))
