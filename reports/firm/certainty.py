"""How sure the score is: against missing answers, against wrong weights, against another rule."""

from questionnaires.schema import Bin
from reports import charts
from reports.firm.material import Material
from reports.firm.profile import coverage
from reports.firm.view_parts import Figure
from reports.firm.view_scores import CertaintySection, ShareRow, ShareTable
from scoring.uncertainty import RuleScore, WeightSensitivity

NAMED = 6  # dimensions of low coverage that are named


def build_certainty(m: Material) -> CertaintySection:
    w = m.words
    return CertaintySection(
        id="certainty",
        title=w.gettext("How sure is this?"),
        intro=w.gettext(
            "A single number looks surer than it is. Three tests show what the score depends on: the answers that are "
            "missing, the weights, and the rule that makes one number of many."
        ),
        missing_title=w.gettext("Missing answers"),
        missing=_missing(m),
        weights_title=w.gettext("Weights"),
        weights=None if m.result.weights is None else _weights(m, m.result.weights),
        rules_title=w.gettext("Rule"),
        rules=_rules(m, [one for one in m.result.rules if one.score is not None]),
    )


def _missing(m: Material) -> tuple[str, ...]:
    w, overall = m.words, m.readiness.overall
    counts = m.counts(m.readiness.asked)
    if counts.answered == counts.asked:
        return (w.gettext("Every question that applies has an answer: nothing is missing."),)
    sentences = [w.gettext("Answered: %(coverage)s.", coverage=coverage(m, counts))]
    if overall.low is not None and overall.high is not None:
        ends = {"low": m.score(overall.low), "high": m.score(overall.high)}
        sentences.append(
            w.gettext(
                "With the worst possible answers to the rest the score is %(low)s, with the best %(high)s.", **ends
            )
        )
        low, high = m.profile_at(overall.low), m.profile_at(overall.high)
        if low.id == high.id:
            sentences.append(w.gettext("The profile is %(profile)s in both cases.", profile=low.title))
        else:
            names = {"low": low.title, "high": high.title}
            sentences.append(w.gettext("The profile is %(low)s in the first case and %(high)s in the second.", **names))
    thin = [each.title for each in m.questionnaire.walk() if each.questions and m.counts_of(each).is_low]
    if thin:
        left = len(thin) - NAMED
        more = w.ngettext("%(n)s more dimension", "%(n)s more dimensions", left)
        named = w.listed([*thin[:NAMED], more] if left > 0 else thin)
        sentences.append(
            w.gettext("More than a fifth of the answers are missing in: %(dimensions)s.", dimensions=named)
        )
    return tuple(sentences)


def _weights(m: Material, found: WeightSensitivity) -> ShareTable:
    w = m.words
    profile = m.profile(m.readiness)
    share = found.labels.get(profile.id, 0.0) if profile else 0.0
    said = {
        "error": w.percent(found.error),
        "profile": profile.title if profile else "",
        "share": w.percent(share),
    }
    span = {"low": m.score(found.low), "high": m.score(found.high), "n": w.count(found.draws)}
    return ShareTable(
        figure=Figure(
            w.gettext(
                "With every weight up to %(error)s off, the profile is %(profile)s in %(share)s of cases", **said
            ),
            w.gettext("Source: %(n)s random draws; nine in ten scores lie between %(low)s and %(high)s.", **span),
        ),
        heads=(w.gettext("Profile"), w.gettext("Share of cases")),
        rows=tuple(
            ShareRow(each.title, w.percent(found.labels.get(each.id, 0.0)), _filled(found.labels.get(each.id, 0.0)), "")
            for each in m.questionnaire.profiles.bins
        ),
    )


def _rules(m: Material, found: list[RuleScore]) -> ShareTable | None:
    if not found:
        return None
    w = m.words
    titles = {
        "mean": (w.gettext("Mean"), w.gettext("A strength makes up for a weakness.")),
        "geometric": (
            w.gettext("Geometric mean"),
            w.gettext("A strength makes up for a weakness in part; zero stays."),
        ),
        "minimum": (w.gettext("Minimum"), w.gettext("The whole is as strong as its weakest part.")),
    }
    rows = []
    for one in found:
        title, note = titles[one.rule]
        profile = _named(m, one.profile)
        value = f"{m.score(one.score)} {profile}"
        length = charts.share((one.score or 0.0) - m.scale.min, m.scale.max - m.scale.min)
        rows.append(ShareRow(title, value, length, note))
    return ShareTable(
        figure=Figure(_rule_finding(m, found), w.gettext("Source: the same answers under three rules.")),
        heads=(w.gettext("Rule"), w.gettext("Score and profile"), w.gettext("What the rule says")),
        rows=tuple(rows),
    )


def _rule_finding(m: Material, found: list[RuleScore]) -> str:
    names = {_named(m, one.profile) for one in found}
    if len(names) == 1:
        return m.words.gettext("Whichever rule is used, the profile is %(profile)s", profile=names.pop())
    scores = sorted(one.score for one in found if one.score is not None)
    said = {"low": m.score(scores[0]), "high": m.score(scores[-1])}
    return m.words.gettext("The rule decides the profile: the score is between %(low)s and %(high)s", **said)


def _named(m: Material, found: Bin | None) -> str:
    if found is None:
        return ""
    return next(each.title for each in m.questionnaire.profiles.bins if each.id == found.id)


def _filled(part: float) -> int:
    return charts.share(part, 1.0)
