"""The cover, the contents, and how to read the report."""

from reports import charts
from reports.firm.material import Material
from reports.firm.view import Cover, ProfileStep, Reading
from reports.firm.view_parts import Entry, Fact


def build_cover(m: Material, title: str) -> Cover:
    overall = m.readiness.overall
    profile = m.profile(m.readiness)
    return Cover(
        kicker=m.questionnaire.title,
        title=title,
        firm=m.result.facts.firm,
        score="" if overall.score is None else m.score(overall.score),
        score_label="" if overall.score is None else score_label(m),
        profile=profile.title if profile else "",
        profile_summary=(profile.summary or "") if profile else "",
        facts=_facts(m),
        confidential=m.words.gettext("Confidential: made for the firm, which decides who may read it."),
        machine_translation=m.words.gettext("Machine translation, not yet reviewed") if _is_machine_made(m) else "",
    )


def score_label(m: Material) -> str:
    if m.scale.min == 0:
        return m.words.gettext("readiness today, of %(best)s", best=m.points(m.scale.max))
    ends = {"worst": m.points(m.scale.min), "best": m.points(m.scale.max)}
    return m.words.gettext("readiness today, from %(worst)s to %(best)s", **ends)


def _is_machine_made(m: Material) -> bool:
    return m.words.is_machine_made or m.translated.machine_made > 0


def _facts(m: Material) -> tuple[Fact, ...]:
    facts, questionnaire, w = m.result.facts, m.questionnaire, m.words
    between = w.pgettext("between items of a list", ", ")
    lines = (
        (w.gettext("Assessed on"), w.day(facts.assessed_on)),
        (w.gettext("Country"), w.country(facts.country) if facts.country else ""),
        (w.gettext("Answered by"), w.listed([w.foreign(name) for name in facts.answered_by])),
        (w.gettext("Questionnaire"), between.join((questionnaire.title, questionnaire.version))),
        (w.gettext("Report"), facts.report_id),
    )
    return tuple(Fact(label, value) for label, value in lines if value)


def build_reading(m: Material, contents: tuple[Entry, ...]) -> Reading:
    w = m.words
    told = any(each.summary for each in m.questionnaire.profiles.bins)
    return Reading(
        id="contents",
        title=w.gettext("Contents"),
        contents=contents,
        how_title=w.gettext("How to read this report"),
        how=_how(m),
        profiles_title=w.gettext("Profiles: the words for the overall score"),
        profiles_heads=(w.gettext("Profile"), w.gettext("Score"), w.gettext("What it means"))[: 3 if told else 2],
        profiles=_profiles(m),
    )


def _how(m: Material) -> tuple[str, ...]:
    w = m.words
    ends = {"worst": m.points(m.scale.min), "best": m.points(m.scale.max)}
    missing = {
        "lowest": w.gettext("In this questionnaire an answer that is not known counts as the lowest score."),
        "refuse": w.gettext("This questionnaire is scored only once every question is answered."),
        "exclude": w.gettext("What is not answered or not known never counts as zero: it is left out, and we say so."),
    }[m.questionnaire.missing]
    how = (
        w.gettext("A level is reached when its sentence and all sentences below it are true in the firm today."),
        w.gettext("Scores run from %(worst)s to %(best)s. The last pages say how they are made.", **ends),
        missing,
        w.gettext("The interval beside a score is what the answers still missing could change."),
        w.gettext("The results rest on the firm's own answers. Nobody audited them; the annex lists them all."),
        w.gettext("Costs are planning ranges, not quotes."),
    )
    return how if m.result.definition.actions else how[:-1]


def _profiles(m: Material) -> tuple[ProfileStep, ...]:
    bins = m.questionnaire.profiles.bins
    reached = m.profile(m.readiness)
    starts = [*(each.from_ for each in bins[1:]), m.scale.max]
    here = m.words.gettext("the firm today")
    return tuple(
        ProfileStep(
            title=each.title,
            scores=f"{m.points(each.from_)}\u2013{m.points(end)}",
            summary=each.summary or "",
            tone=charts.tone(m.scale, each.from_),
            here=here if reached is not None and each.id == reached.id else "",
        )
        for each, end in zip(bins, starts, strict=True)
    )
