"""Where groups differ: in the levels they see, and in what they put first."""

from collections.abc import Mapping
from typing import Any

from assessment.recorded_levels import apart_of
from reports.workshop.marks import interval, level_place, score_place
from reports.workshop.material import Material
from reports.workshop.view import Key, Mark, Row, Section, Table
from scoring.dispersion import Dispersion
from scoring.group_difference import GroupDifference

MOST = 7  # questions that are told
SCORES = (-1.0, -0.5, 0.0, 0.5, 1.0)


def build_differences(m: Material) -> Section | None:
    """None before anything was shown."""
    if not m.newest:
        return None
    w = m.words
    levels, scores = _levels(m), _scores(m)
    tables = tuple(each for each in (levels, scores) if each is not None)
    intro = [w.gettext("People from different groups see different parts of the same thing. Both can be right.")]
    if levels is None:
        intro.append(_why_none(m))
    if scores is None and m.priorities is not None:
        intro.append(w.gettext("What groups put first is not compared: that takes two groups of five people or more."))
    return Section("differences", w.gettext("Where groups differ"), tuple(intro), tables, _hidden(m))


def _why_none(m: Material) -> str:
    w = m.words
    if all(len(each["asked_of"]) < 2 for each in m.newest.values()):
        return w.gettext("Each question was put to one group only, so that levels cannot be compared between groups.")
    return w.gettext("On no question two groups of five people or more have voted.")


def _hidden(m: Material) -> tuple[str, ...]:
    small = [group["id"] for group in m.record["groups"] if group["is_small"]]
    if not small:
        return ()
    w = m.words
    said = w.gettext(
        "Not shown by itself, because it has fewer than five people: %(groups)s. Where the others would give it away, "
        "the smallest of them is not shown either.",
        groups=m.named(small),
    )
    return (said,)


def _levels(m: Material) -> Table | None:
    found = [(apart_of(each), each["question"]) for each in m.newest.values()]
    apart = [(each, question) for each, question in found if each is not None]
    if not apart:
        return None
    w = m.words
    apart.sort(key=lambda each: -round(each[0].difference, 12))
    clear = sum(each.clear for each, _ in apart)
    caption = w.ngettext(
        "On %(n)s question two groups are clearly apart", "On %(n)s questions two groups are clearly apart", clear
    )
    most = max(m.levels(question) for _, question in apart[:MOST])
    return Table(
        kind="dumbbell",
        caption=caption if clear else w.gettext("On no question two groups are clearly apart"),
        heads=(w.gettext("Question"), w.gettext("Apart"), w.gettext("90 % interval"), w.gettext("Higher")),
        ticks=tuple(w.count(level) for level in range(most)),
        rows=tuple(_level_row(m, each, question) for each, question in apart[:MOST]),
        keys=tuple(Key(f"o{tone}", m.groups[group]) for group, tone in _tones(m).items()),
        source=w.gettext(
            "Source: mean levels of the newest votes; the interval is of the difference between the two groups "
            "farthest apart; they are clearly apart when it leaves out nought."
        ),
    )


def _tones(m: Material) -> dict[str, int]:
    """The groups that are shown on some question, each with its tone."""
    shown = {group for each in m.votes.values() for group in each.shown}
    return {group: tone for tone, group in enumerate(m.groups) if group in shown}


def _level_row(m: Material, apart: GroupDifference, question: str) -> Row:
    w, levels = m.words, m.levels(question)
    shown = m.votes[question].shown
    marks = [
        Mark(level_place(each.mean, levels), tone)
        for group, tone in _tones(m).items()
        if (each := shown.get(group)) is not None and each.mean is not None
    ]
    low, high = (w.number(end, 1) for end in apart.interval)
    bounds = w.left_to_right(w.gettext("%(low)s to %(high)s", low=low, high=high))
    return Row(
        m.question(question),
        (w.number(apart.difference, 1), bounds, m.groups[apart.higher]),
        note=w.pgettext("between facts", "; ").join(_mean(m, group, shown[group]) for group in shown),
        marks=tuple(marks),
        is_strong=apart.clear,
    )


def _mean(m: Material, group: str, found: Dispersion) -> str:
    mean = m.words.number(found.mean, 1) if found.mean is not None else "–"
    return m.words.pgettext("a group and its mean", "%(group)s %(mean)s", group=m.groups[group], mean=mean)


def _scores(m: Material) -> Table | None:
    """What each block of people puts first, with how sure that is."""
    if m.priorities is None or len(m.priorities["tallies"]["blocks"]) < 2:
        return None
    w, figures = m.words, m.priorities["figures"]
    blocks = {m.tone(block["groups"]): m.named(block["groups"]) for block in m.priorities["tallies"]["blocks"]}
    by_gap = {each["gap"]: (index, each) for index, each in enumerate(figures["scores"])}
    rows = tuple(_score_row(m, m.numbered(place, gap), *by_gap[gap]) for place, gap in m.agreed)
    return Table(
        kind="dots many" if len(blocks) > 3 else "dots",
        caption=w.gettext("What groups put first differs most in: %(gap)s", gap=_widest(m)),
        heads=(w.gettext("Gap"), *blocks.values()),
        ticks=tuple(w.left_to_right(w.plain(score)) for score in SCORES),
        rows=rows,
        keys=tuple(Key(f"o{tone}", name) for tone, name in blocks.items()),
        source=w.gettext(
            "Source: the private first round; times chosen as most important less times chosen as least, over times "
            "shown, from −1 to 1, with 90 % intervals. Groups in one column are counted together."
        ),
    )


def _widest(m: Material) -> str:
    scores = [] if m.priorities is None else m.priorities["figures"]["scores"]
    spread = {each["gap"]: [s for s in each["by_block"] if s is not None] for each in scores}
    return m.question(max(spread, key=lambda gap: max(spread[gap], default=0.0) - min(spread[gap], default=0.0)))


def _score_row(m: Material, head: str, index: int, each: Mapping[str, Any]) -> Row:
    priorities = m.priorities or {}
    drawn, blocks = priorities["drawn"]["by_block"], priorities["tallies"]["blocks"]
    tones = [m.tone(block["groups"]) for block in blocks]
    marks = [
        interval(
            score_place(score), score_place(drawn[b]["low"][index]), score_place(drawn[b]["high"][index]), tones[b]
        )
        for b, score in enumerate(each["by_block"])
        if score is not None
    ]
    shown = tuple("–" if s is None else m.signed(s) for s in each["by_block"])
    return Row(head, shown, marks=tuple(marks))


def apart_most(m: Material) -> str:
    """In a sentence: the question on which groups are farthest apart, or the gap, or why there is none."""
    w = m.words
    found = [(apart_of(each), each["question"]) for each in m.newest.values()]
    clear = [(each, question) for each, question in found if each is not None and each.clear]
    said = []
    if clear:
        apart, question = max(clear, key=lambda each: each[0].difference)
        names = {"higher": m.groups[apart.higher], "lower": m.groups[apart.lower], "question": m.question(question)}
        levels = w.number(apart.difference, 1)
        said.append(
            w.gettext("%(higher)s stands %(levels)s levels above %(lower)s on: %(question)s", levels=levels, **names)
        )
    if m.priorities is not None and len(m.priorities["tallies"]["blocks"]) > 1:
        said.append(w.gettext("What groups put first differs most in: %(gap)s", gap=_widest(m)))
    return " ".join(said) or w.gettext("Nothing clear: groups see it alike, or too few people voted in more than one.")
