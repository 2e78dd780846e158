"""Where the room stands: the settled levels by section, and the questions on which it is of many minds."""

from collections.abc import Mapping
from typing import Any

from questionnaires.schema import Dimension
from reports import charts
from reports.workshop.marks import level_place
from reports.workshop.material import Material
from reports.workshop.view import Key, Mark, Row, Section, Table

MOST = 6  # questions that are told


def build_standing(m: Material) -> Section | None:
    """None before anything was shown or settled."""
    if not m.newest and not m.settled:
        return None
    w = m.words
    asked, settled = len(m.record["levels"]), sum(each["is_settled"] for each in m.record["levels"])
    said = {"settled": w.count(settled), "asked": w.count(asked), "shown": w.count(len(m.newest))}
    intro = w.gettext("%(settled)s of %(asked)s questions are settled; %(shown)s were voted on and shown.", **said)
    tables = [each for each in (_sections(m), _many_minds(m)) if each is not None]
    return Section("standing", w.gettext("Where the room stands"), (intro, _how(m)), tuple(tables))


def _how(m: Material) -> str:
    w, how = m.words, [each["how"] for each in m.record["levels"] if each["is_settled"]]
    parts = [
        (how.count("votes"), w.gettext("on the median of the votes")),
        (how.count("room"), w.gettext("on what the room said")),
        (how.count("firms"), w.gettext("on the firms that were assessed")),
    ]
    told = [w.pgettext("how many, and what", "%(n)s %(what)s", n=w.count(n), what=what) for n, what in parts if n]
    return w.gettext("Settled: %(parts)s.", parts=w.listed(told)) if told else ""


def _sections(m: Material) -> Table | None:
    w, scale = m.words, m.questionnaire.scale
    leaves = [each for each in m.questionnaire.walk() if each.questions and _asked(m, each)]
    scored = sorted((score, each.title) for each in leaves if (score := m.score(each)) is not None)
    if not scored:
        return None
    rows = tuple(_section(m, each) for each in leaves)
    ends = {"low": scored[0][1], "high": scored[-1][1]}
    caption = (
        w.gettext("Furthest: %(high)s; most to win: %(low)s", **ends) if len(scored) > 1 else w.gettext("By section")
    )
    return Table(
        kind="dumbbell",
        caption=caption,
        heads=(w.gettext("Section"), w.gettext("Score"), w.gettext("Settled")),
        ticks=tuple(w.plain(tick) for tick in charts.ticks(scale)),
        rows=rows,
        keys=(Key("o0", w.gettext("mean of the settled levels")),),
        source=w.gettext("Source: settled levels, by the weights of the questions within their section."),
    )


def _asked(m: Material, section: Dimension) -> list[Mapping[str, Any]]:
    ids = {question.id for question in section.questions}
    return [each for each in m.record["levels"] if each["question"] in ids]


def _section(m: Material, section: Dimension) -> Row:
    w, score = m.words, m.score(section)
    asked = _asked(m, section)
    said = {"settled": w.count(sum(each["is_settled"] for each in asked)), "asked": w.count(len(asked))}
    marks = () if score is None else (Mark(charts.place(m.questionnaire.scale, score), 0),)
    shown = w.gettext("no score") if score is None else w.number(score, 1)
    return Row(section.title, (shown, w.gettext("%(settled)s of %(asked)s", **said)), marks=marks)


def _many_minds(m: Material) -> Table | None:
    """The questions most worth talking about, with why."""
    w = m.words
    found = [each for each in m.record["levels"] if each["reasons"] and each["question"] in m.newest]
    found.sort(key=lambda each: -(each["worth"] or 0.0))
    if not found:
        return None
    rows = tuple(_question(m, each) for each in found[:MOST] if m.votes[each["question"]].room is not None)
    if not rows:
        return None
    most = max(m.levels(each["question"]) for each in found[:MOST])
    return Table(
        kind="dumbbell",
        caption=w.ngettext(
            "%(n)s question on which the room is of many minds, and where it matters",
            "%(n)s questions on which the room is of many minds, and where it matters",
            len(rows),
        ),
        heads=(w.gettext("Question"), w.gettext("Median"), w.gettext("Agreement"), w.gettext("Why")),
        ticks=tuple(w.count(level) for level in range(most)),
        rows=rows,
        keys=(Key("bd", w.gettext("the middle half of the votes")), Key("o0", w.gettext("median"))),
        source=w.gettext("Source: the newest votes on each question; sorted by disagreement worth talking about."),
    )


def _question(m: Material, each: Mapping[str, Any]) -> Row:
    w, id = m.words, each["question"]
    room, levels = m.votes[id].room, m.levels(id)
    if room is None or room.median is None or room.quartiles is None:
        return Row(m.question(id), ("", "", reason(m, each["reasons"][0])))
    start = level_place(room.quartiles[0] - 0.5, levels)
    end = level_place(room.quartiles[1] + 0.5, levels)
    agreement = "" if room.agreement is None else m.signed(room.agreement)
    return Row(
        m.question(id),
        (w.count(room.median), agreement, reason(m, each["reasons"][0])),
        marks=(Mark(level_place(room.median, levels), 0, start, end - start),),
    )


def reason(m: Material, found: Mapping[str, Any]) -> str:
    """Why a question is worth talking about, in a few words."""
    w = m.words
    figure = found["figure"]
    if found["code"] == "groups_differ":
        return w.gettext("%(groups)s differ", groups=m.named(found["groups"]))
    if found["code"] == "many_unknown":
        return w.gettext("%(share)s do not know", share=w.percent(figure or 0.0))
    return {
        "camps": w.gettext("two camps"),
        "no_view": w.gettext("no common view"),
        "scattered": w.gettext("votes are scattered"),
        "too_few_votes": w.gettext("too few votes"),
    }[found["code"]]
