"""The profile: every dimension today and at its target, in a table that is a chart."""

from collections.abc import Iterator

from questionnaires.schema import Dimension
from reports import charts
from reports.firm.material import Counts, Material
from reports.firm.view_parts import Fact, Figure
from reports.firm.view_scores import ProfileRow, ProfileSection, Stretch, Track
from scoring.readiness import NodeScore

OVERALL = "overall"
CLOSE = 0.02  # share of the scale; scores nearer than this are one mark


def build_profile(m: Material) -> ProfileSection:
    w = m.words
    rows = [_row(m, each, depth) for depth, each in walk(m.questionnaire.dimensions) if m.counts_of(each).asked]
    whole = m.counts(m.readiness.asked)
    rows.append(
        _told(m, OVERALL, w.gettext("Overall"), 0, (m.readiness.overall, m.target.overall), whole),
    )
    return ProfileSection(
        id="profile",
        title=w.gettext("Where the firm stands"),
        intro=w.gettext(
            "Each row is a dimension. The dot is today, the ring is the target, the pale band is what the missing "
            "answers could still change."
        ),
        figure=Figure(_finding(m), _source(m, whole)),
        heads=(
            w.gettext("Dimension"),
            w.pgettext("score", "Today"),
            w.pgettext("score", "Target"),
            w.gettext("Interval"),
            w.gettext("Answered"),
        ),
        ticks=tuple(m.points(tick) for tick in charts.ticks(m.scale)),
        rows=tuple(rows),
        legend=(
            Fact("today", w.pgettext("legend", "today")),
            Fact("target", w.pgettext("legend", "target")),
            Fact("way", w.pgettext("legend", "the way between")),
            Fact("band", w.pgettext("legend", "what missing answers could change")),
        ),
    )


def walk(dimensions: tuple[Dimension, ...], depth: int = 0) -> Iterator[tuple[int, Dimension]]:
    """Every dimension with its depth, parents first."""
    for each in dimensions:
        yield depth, each
        yield from walk(each.dimensions, depth + 1)


def _row(m: Material, dimension: Dimension, depth: int) -> ProfileRow:
    scores = m.readiness.nodes[dimension.id], m.target.nodes[dimension.id]
    return _told(m, dimension.id, dimension.title, depth, scores, m.counts_of(dimension))


def _told(
    m: Material, key: str, title: str, depth: int, scores: tuple[NodeScore, NodeScore], counts: Counts
) -> ProfileRow:
    today, target = scores
    known = today.score is not None
    return ProfileRow(
        id=key,
        title=title,
        depth=depth,
        track=track(m, today, target.score),
        today=m.score(today.score) if known else m.words.gettext("not answered yet"),
        target=m.score(target.score) if known else "",
        interval=m.interval(today) if today.high != today.low else "",
        coverage=coverage(m, counts),
        flag=m.words.gettext("low coverage") if counts.is_low and known else "",
        tone=m.tone(today.score),
    )


def track(m: Material, here: NodeScore, there: float | None) -> Track:
    """The marks of one row: a dot here with its band, a ring there and the way between, in whichever direction."""
    if here.score is None:
        return Track()
    dot = charts.place(m.scale, here.score)
    band = None
    if here.low is not None and here.high is not None and here.high > here.low:
        low, high = charts.place(m.scale, here.low), charts.place(m.scale, here.high)
        band = Stretch(low, max(high - low, 1))
    if there is None or abs(there - here.score) <= CLOSE * (m.scale.max - m.scale.min):
        return Track(today=dot, band=band)
    ring = charts.place(m.scale, there)
    return Track(today=dot, target=ring, way=Stretch(min(dot, ring), abs(ring - dot)), band=band)


def coverage(m: Material, counts: Counts) -> str:
    """How many questions are answered, and what became of the others, in words."""
    w = m.words
    if counts.answered == counts.asked:
        return w.ngettext("the one question", "all %(n)s", counts.asked)
    said = [w.gettext("%(answered)s of %(asked)s", answered=w.count(counts.answered), asked=w.count(counts.asked))]
    if counts.unknown:
        said.append(w.ngettext("%(n)s not known", "%(n)s not known", counts.unknown))
    if counts.unanswered:
        said.append(w.ngettext("%(n)s open", "%(n)s open", counts.unanswered))
    return w.pgettext("between facts", "; ").join(said)


def _finding(m: Material) -> str:
    """The title of the figure: which dimension leads, which has the longest way."""
    w = m.words
    leaves = [each for each in m.questionnaire.walk() if each.questions]
    scored = [(score, each.title) for each in leaves if (score := m.readiness.nodes[each.id].score) is not None]
    if len(scored) < 2:
        said = {"score": m.score(m.readiness.overall.score), "target": m.score(m.target.overall.score)}
        return w.gettext("The score is %(score)s today, and %(target)s with every gap closed", **said)
    (high, best), (low, last) = max(scored), min(scored)
    if m.score(high) == m.score(low):
        return w.gettext("All dimensions stand at %(score)s", score=m.score(high))
    said = {"best": best, "high": m.score(high), "last": last, "low": m.score(low)}
    return w.gettext("%(best)s is furthest (%(high)s); %(last)s has the longest way to go (%(low)s)", **said)


def _source(m: Material, counts: Counts) -> str:
    w = m.words
    said = {"answered": w.count(counts.answered), "asked": w.count(counts.asked)}
    return w.gettext("Source: the firm's own answers, %(answered)s of %(asked)s questions, not audited.", **said)
