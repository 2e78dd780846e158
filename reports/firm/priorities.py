"""What comes first: the priority of every gap, term by term."""

from reports import charts
from reports.firm.material import Material
from reports.firm.view_parts import Figure
from reports.firm.view_scores import PrioritiesSection, PriorityRow, Term
from scoring.priorities import HALF_EFFORT_DAYS, Priority

SHOWN = 10
NAMED_ACTIONS = 2


def build_priorities(m: Material) -> PrioritiesSection | None:
    """None when no gap is left up to the target."""
    w, found = m.words, m.result.priorities
    if not found:
        return None
    shown = found[:SHOWN]
    left = len(found) - len(shown)
    return PrioritiesSection(
        id="priorities",
        title=w.gettext("What comes first"),
        intro=w.gettext(
            "A gap comes first when it is wide, counts much in the score, serves the firm's goals and takes few days "
            "of work. The four terms stand side by side, so that everybody can see why."
        ),
        figure=Figure(_finding(m, shown), _source(m)),
        heads=(
            w.pgettext("rank", "No."),
            w.gettext("Question"),
            w.gettext("From, to"),
            w.pgettext("term", "Gap"),
            w.pgettext("term", "Weight"),
            w.pgettext("term", "Goals"),
            w.pgettext("term", "Ease"),
            w.gettext("Priority"),
        ),
        rows=tuple(_row(m, one, found[0].value) for one in shown),
        more=w.ngettext(
            "%(n)s further gap follows; the annex shows its answer.",
            "%(n)s further gaps follow; the annex shows their answers.",
            left,
        )
        if left
        else "",
        formula=_formula(m),
    )


def _row(m: Material, one: Priority, largest: float) -> PriorityRow:
    w, gap = m.words, one.gap
    titles = [m.actions[key].title for key in one.actions[:NAMED_ACTIONS]]
    terms = one.gap_term, one.weight_term, one.goal_term - 1, one.effort_term
    written = one.gap_term, one.weight_term, one.goal_term, one.effort_term
    return PriorityRow(
        rank=w.count(one.rank),
        id=gap.question,
        question=m.questionnaire.questions[gap.question].text,
        dimension=m.questionnaire.dimension_of[gap.question].title,
        today=m.score(gap.score),
        target=m.score(gap.target),
        way=w.way(m.score(gap.score), m.score(gap.target)),
        terms=tuple(
            Term(w.number(value, 2), charts.share(shown, 1.0)) for value, shown in zip(written, terms, strict=True)
        ),
        value=Term(w.count(round(100 * one.value / largest) if largest else 0), charts.share(one.value, largest)),
        actions=w.listed(titles),
    )


def _finding(m: Material, shown: tuple[Priority, ...]) -> str:
    whole = sum(one.gap.size * one.gap.weight for one in m.result.priorities)
    part = sum(one.gap.size * one.gap.weight for one in shown)
    first = m.questionnaire.dimension_of[shown[0].gap.question].title
    if len(shown) == len(m.result.priorities) or not whole:
        return m.words.gettext("%(first)s comes first", first=first)
    return m.words.ngettext(
        "%(first)s comes first; this one gap holds %(share)s of all that is to win",
        "%(first)s comes first; these %(n)s gaps hold %(share)s of all that is to win",
        len(shown),
        first=first,
        share=m.words.percent(part / whole),
    )


def _source(m: Material) -> str:
    w = m.words
    count = w.ngettext("%(n)s gap in all.", "%(n)s gaps in all.", len(m.result.priorities))
    return " ".join((w.gettext("Source: the answers, the target, and the weights of the questionnaire."), count))


def _formula(m: Material) -> tuple[str, ...]:
    w = m.words
    half = w.count(int(HALF_EFFORT_DAYS))
    return (
        w.gettext("Gap: the distance to the target, as a share of the scale."),
        w.gettext("Weight: the question's share in the overall score, as a share of the largest."),
        w.gettext("Goals: 1, plus the part of the firm's named goals that the closing actions serve."),
        w.gettext("Ease: 1 / (1 + own staff days / %(days)s) of the actions that close the gap.", days=half),
        w.gettext("Priority: the product of the four, as a share of the largest (100)."),
    )
