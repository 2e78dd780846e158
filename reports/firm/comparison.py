"""Since last time: every dimension then and now, which answers moved, and what was done in between."""

from assessment.comparison import Change, Comparison, Moved
from reports import charts
from reports.firm.material import Material
from reports.firm.profile import OVERALL, track, walk
from reports.firm.view_parts import Fact, Figure
from reports.firm.view_since import ChangeRow, ComparisonSection, MovedRow
from scoring.readiness import NodeScore

SHOWN = 5  # moved answers, and actions done in between


def build_comparison(m: Material) -> ComparisonSection | None:
    """None without an assessment before this one."""
    found = m.result.comparison
    if found is None:
        return None
    w = m.words
    changes = {each.dimension: each for each in found.dimensions}
    rows = [
        _row(m, each.id, each.title, depth, changes[each.id])
        for depth, each in walk(m.questionnaire.dimensions)
        if each.id in changes and not _is_empty(changes[each.id])
    ]
    if found.overall is not None:
        rows.append(_row(m, OVERALL, w.gettext("Overall"), 0, found.overall))
    return ComparisonSection(
        id="since-last-time",
        title=w.gettext("Since last time"),
        intro=_intro(m, found),
        figure=Figure(_finding(m, found), _source(m, found)),
        heads=(
            w.gettext("Dimension"), w.pgettext("score", "Last time"), w.pgettext("score", "Now"),
            w.pgettext("score", "Change"), w.gettext("Intervals, then and now"),
        ),
        ticks=tuple(m.points(tick) for tick in charts.ticks(m.scale)),
        rows=tuple(rows),
        legend=(
            Fact("today", w.pgettext("legend", "now")),
            Fact("target", w.pgettext("legend", "last time")),
            Fact("way", w.pgettext("legend", "the way between")),
            Fact("band", w.pgettext("legend", "what missing answers could change")),
        ),
        moved_title=w.gettext("Answers that moved"),
        moved=tuple(_moved(m, each) for each in found.moved[:SHOWN]),
        moved_more=_more(m, len(found.moved) - SHOWN),
        moved_rest=tuple(_moved(m, each) for each in found.moved[SHOWN:]),
        done_title=w.gettext("Actions done in between"),
        done=_done(m, [m.actions[name].title for name in found.done if name in m.actions]),
    )  # fmt: skip


def _is_empty(change: Change) -> bool:
    return change.last.score is None and change.now.score is None


def _intro(m: Material, found: Comparison) -> tuple[str, ...]:
    w = m.words
    sentences = [w.gettext("The last assessment was submitted on %(day)s.", day=w.day(found.last_day))]
    if not found.is_same_version:
        versions = {"last": found.last_version, "now": found.now_version}
        sentences.append(
            w.gettext(
                "It was made with version %(last)s of the questionnaire, this one with %(now)s: only what both have in "
                "common is compared, and the overall scores are not.",
                **versions,
            )
        )
    if found.new_answers:
        text = w.ngettext(
            "%(n)s question has a score now that had none.", "%(n)s questions have a score now that had none.",
            found.new_answers,
        )  # fmt: skip
        sentences.append(text)
    if found.lost_answers:
        text = w.ngettext(
            "%(n)s question had a score and has none now.", "%(n)s questions had a score and have none now.",
            found.lost_answers,
        )  # fmt: skip
        sentences.append(text)
    return tuple(sentences)


def _finding(m: Material, found: Comparison) -> str:
    w = m.words
    if found.overall is not None and found.overall.points is not None:
        said = {"last": m.score(found.overall.last.score), "now": m.score(found.overall.now.score)}
        if said["last"] == said["now"]:
            return w.gettext("The overall score stands at %(now)s, as last time", **said)
        if found.overall.may_be_chance:
            return w.gettext("From %(last)s to %(now)s overall, which may be chance", **said)
        return w.gettext("From %(last)s to %(now)s overall", **said)
    risen = sum((each.points or 0.0) > 0 for each in found.dimensions)
    return w.ngettext("%(n)s dimension has risen", "%(n)s dimensions have risen", risen)


def _source(m: Material, found: Comparison) -> str:
    w = m.words
    source = w.gettext("Source: the firm's own answers of both times, not audited.")
    if any(each.may_be_chance for each in found.dimensions):
        text = w.gettext(
            "May be chance: the two intervals overlap, so that the missing answers alone could explain the change."
        )
        return f"{source} {text}"
    return source


def _row(m: Material, key: str, title: str, depth: int, change: Change) -> ChangeRow:
    w, points = m.words, change.points
    none = w.gettext("no score")
    return ChangeRow(
        id=key,
        title=title,
        depth=depth,
        track=track(m, change.now, change.last.score),
        last=none if change.last.score is None else m.score(change.last.score),
        now=none if change.now.score is None else m.score(change.now.score),
        change="" if points is None else _points(m, points),
        intervals=_intervals(m, change),
        flag=w.gettext("may be chance") if change.may_be_chance else "",
    )


def _points(m: Material, points: float) -> str:
    if abs(points) < 0.005:
        return m.words.gettext("none")
    return m.gain(points) if points > 0 else m.loss(-points)


def _intervals(m: Material, change: Change) -> str:
    if not (_is_open(change.last) or _is_open(change.now)):
        return ""
    return m.words.pgettext("between facts", "; ").join((m.interval(change.last), m.interval(change.now)))


def _is_open(node: NodeScore) -> bool:
    return node.low is not None and node.low != node.high


def _moved(m: Material, one: Moved) -> MovedRow:
    text = m.questionnaire.questions[one.question].text
    if one.last_level is not None and one.now_level is not None and one.last_level != one.now_level:
        way = m.words.way(m.words.count(one.last_level), m.words.count(one.now_level))
        return MovedRow(text, m.words.gettext("level %(way)s", way=way))
    return MovedRow(text, m.words.way(m.score(one.last), m.score(one.now)))


def _more(m: Material, left: int) -> str:
    if left <= 0:
        return ""
    return m.words.ngettext("%(n)s more answer moved.", "%(n)s more answers moved.", left)


def _done(m: Material, titles: list[str]) -> str:
    left = len(titles) - SHOWN
    if left <= 0:
        return m.words.listed(titles)
    return m.words.listed([*titles[:SHOWN], m.words.ngettext("%(n)s more", "%(n)s more", left)])
