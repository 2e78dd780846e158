"""All on one page: what was found, three numbers, strengths, gaps, and what to do in 90 days."""

import math

from reports.firm.cover import score_label
from reports.firm.material import Material
from reports.firm.standing_out import next_level, strengths_and_gaps
from reports.firm.view import KeyNumber, Missing, Point, Points, Summary
from scoring.roadmap import PHASES, Infeasible

SHOWN = 3


def build_summary(m: Material) -> Summary:
    w = m.words
    strong, gaps = strengths_and_gaps(m)
    return Summary(
        id="summary",
        title=w.gettext("All on one page"),
        headline=headline(m),
        finding=_finding(m),
        numbers=_numbers(m),
        strengths=Points(
            w.gettext("Strengths to build on"),
            strong,
            w.gettext("Nothing stands out yet: the first steps below change that."),
        ),
        gaps=Points(
            w.gettext("Largest gaps"),
            gaps,
            w.gettext("No gap is left up to the target."),
        ),
        first_steps=Points(
            w.gettext("What to do in the next 90 days"),
            _first_steps(m),
            w.gettext("The target is reached: look after what works, and set a new target in a year."),
        ),
        note=_note(m),
    )


def headline(m: Material) -> str:
    """The finding in one sentence, and what the profile means."""
    w, profile = m.words, m.profile(m.readiness)
    said = {
        "firm": w.foreign(m.result.facts.firm),
        "score": m.score(m.readiness.overall.score),
        "best": m.points(m.scale.max),
        "profile": profile.title if profile else "",
    }
    if m.result.facts.firm:
        return w.gettext("%(firm)s stands at %(score)s of %(best)s: %(profile)s.", **said)
    return w.gettext("The firm stands at %(score)s of %(best)s: %(profile)s.", **said)


def _finding(m: Material) -> str:
    w, profile = m.words, m.profile(m.readiness)
    sentences = [profile.summary] if profile and profile.summary else []
    scored = [(m.readiness.nodes[f.id].score, f.title) for f in m.questionnaire.dimensions if f.weight > 0]
    known = sorted((score, title) for score, title in scored if score is not None)
    if len(known) > 1:
        (low, weakest), (high, strongest) = known[0], known[-1]
        said = {"strong": strongest, "high": m.score(high), "weak": weakest, "low": m.score(low)}
        if said["high"] == said["low"]:
            sentences.append(w.gettext("All parts stand at the same height, %(high)s.", high=said["high"]))
        else:
            sentences.append(w.gettext("Furthest: %(strong)s (%(high)s). Most to win: %(weak)s (%(low)s).", **said))
    open_ones = [title for score, title in scored if score is None]
    if open_ones:
        sentences.append(w.gettext("No score yet: %(parts)s.", parts=w.listed(open_ones)))
    return " ".join(sentences)


def _numbers(m: Material) -> tuple[KeyNumber, ...]:
    w, overall = m.words, m.readiness.overall
    sure = w.gettext("every question is answered")
    if m.interval(overall) != m.score(overall.score):
        sure = w.gettext("%(interval)s once the missing answers are in", interval=m.interval(overall))
    today = KeyNumber(m.score(overall.score), score_label(m), sure)
    chosen = m.result.target.levels or m.result.target.scores
    label = w.gettext("target that was set") if chosen else w.gettext("target: one level more in every question")
    return today, KeyNumber(m.score(m.target.overall.score), label, _reached(m)), _cost(m)


def _reached(m: Material) -> str:
    """How far the roadmap comes, and when; its actions may lift a question further than the target."""
    if m.roadmap is None:
        return ""
    end = max(one.end for one in m.roadmap.actions)
    said = {"score": m.score(m.roadmap.readiness_after), "months": m.words.count(math.ceil(end))}
    if m.roadmap.readiness_after > (m.target.overall.score or 0.0):
        return m.words.gettext("this roadmap goes further: %(score)s in %(months)s months", **said)
    return m.words.gettext("this roadmap reaches %(score)s in %(months)s months", **said)


def _cost(m: Material) -> KeyNumber:
    w = m.words
    if m.roadmap is None:
        return KeyNumber(w.count(len(m.result.gaps)), w.gettext("questions below their target"), "")
    low = sum(phase.cost_low for phase in m.roadmap.phases)
    high = sum(phase.cost_high for phase in m.roadmap.phases)
    count = len(m.roadmap.actions)
    note = w.ngettext("%(n)s action over three phases", "%(n)s actions over three phases", count)
    return KeyNumber(m.sum(low, high), w.gettext("outlay for the roadmap, without own wages"), note)


def _first_steps(m: Material) -> tuple[Point, ...]:
    """The first actions of the roadmap that start within 90 days, else the next levels of the first priorities."""
    started = [] if m.roadmap is None else [one for one in m.roadmap.actions if one.start < PHASES[0].end]
    gains = {one.action: one.gain for one in started}
    chosen = sorted(sorted(started, key=lambda one: -gains[one.action])[:SHOWN], key=lambda one: one.start)
    between = m.words.pgettext("between facts", "; ")
    if chosen:
        return tuple(
            Point(
                m.actions[one.action].title,
                between.join((m.money(one.cost_low, one.cost_high), m.days(one.days))),
                m.actions[one.action].goal or "",
            )
            for one in chosen
        )
    return tuple(next_level(m, one.gap) for one in m.result.priorities[:SHOWN])


def _note(m: Material) -> str:
    w, weights, profile = m.words, m.result.weights, m.profile(m.readiness)
    counts = m.counts(m.readiness.asked)
    if counts.is_low:
        some = {"answered": w.count(counts.answered), "asked": w.count(counts.asked)}
        return w.gettext(
            "Only %(answered)s of %(asked)s questions are answered: a first look, not yet a finding.", **some
        )
    if isinstance(m.result.roadmap, Infeasible):
        return w.gettext("No plan fits the wishes that were given: the roadmap page says why, and what would help.")
    if weights is None or profile is None:
        return ""
    said = {"error": w.percent(weights.error), "profile": profile.title, "share": w.percent(weights.labels[profile.id])}
    return w.gettext(
        "If every weight may be wrong by %(error)s, the profile is still %(profile)s in %(share)s of all cases.", **said
    )


def build_missing(m: Material) -> Missing:
    """The kind page that stands for all results while nothing is answered."""
    w = m.words
    leaves = [each for each in m.questionnaire.walk() if each.questions]
    rows = [(each.title, w.count(m.counts_of(each).asked)) for each in leaves if m.counts_of(each).asked]
    count = sum(m.counts_of(each).asked for each in leaves)
    return Missing(
        id="summary",
        title=w.gettext("Nothing to score yet"),
        text=w.gettext(
            "No question has an answer that can be scored, so this report cannot say where the firm stands. "
            "A missing answer is not a zero: we say nothing rather than something untrue."
        ),
        heads=(w.gettext("Dimension"), w.gettext("Questions")),
        rows=tuple(rows),
        next_step=w.ngettext(
            "%(n)s question is waiting. One dimension is a good start; several people can share the work.",
            "%(n)s questions are waiting. One dimension is a good start; several people can share the work.",
            count,
        ),
    )
