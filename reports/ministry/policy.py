"""The policy reading: common gaps under the areas of policy action that answer them, with cases that did it."""

from collections.abc import Mapping

from assessment.policy_reading import AreaReading, read_policy
from questionnaires.library import Pillar
from reports.firm import names
from reports.ministry.material import Material
from reports.ministry.shares import MOST_GAPS, Share, gaps
from reports.ministry.view import Section, exhibit
from reports.workshop.view import Group, Row, Table


def build_policy(m: Material) -> Section | None:
    found = gaps(m)[:MOST_GAPS]
    if not found:
        return None
    w, reading = m.words, read_policy(m.translated.definition, [each.question.id for each in found])
    by_question = {each.question.id: each for each in found}
    heads = (w.gettext("Gap, and the first step from it"), w.gettext("n"), w.gettext("Firms (interval)"),
             w.gettext("Needs"))  # fmt: skip
    groups = tuple(
        Group(
            areas(m)[area.id],
            _rows(m, area, by_question) or (Row(w.gettext("None of the most common gaps"), ("", "", "")),),
        )
        for area in reading.areas
    )
    source = w.gettext("Areas: %(source)s. Needs: the enablers F.I.R.S.T. of Malaysia's Industry4WRD.",
                       source=w.foreign(reading.source))  # fmt: skip
    table = Table("policy", finding(m), heads, groups=groups, source=source)
    intro = w.gettext(
        "A reading, not a plan: which area of policy action answers each of the most common gaps, by what the first "
        "step "
        "from it needs. Costs, effects and the order are for those who decide."
    )
    shown = (exhibit(table), exhibit(_cases(m, reading.areas)))
    return Section("policy", w.gettext("What this asks of policy"), (intro, _impact(m, reading.pillars)), shown)


def areas(m: Material) -> Mapping[str, str]:
    w = m.words
    return {
        "framework": w.gettext("Framework conditions"),
        "demand": w.gettext("Demand and adoption"),
        "capabilities": w.gettext("Skills and capabilities"),
    }


def finding(m: Material) -> str:
    w, found = m.words, gaps(m)[:MOST_GAPS]
    if not found:
        return ""
    reading = read_policy(m.translated.definition, [each.question.id for each in found])
    counts = {area.id: len(area.gaps) for area in reading.areas}
    said = [
        w.pgettext("an area and how many", "%(area)s: %(n)s", area=areas(m)[area], n=w.count(n))
        for area, n in sorted(counts.items(), key=lambda each: -each[1])
    ]
    return w.gettext("The %(n)s most common gaps by area of policy: %(areas)s", n=w.count(len(found)),
                     areas=w.pgettext("between facts", "; ").join(said))  # fmt: skip


def _rows(m: Material, area: AreaReading, shares: Mapping[str, Share]) -> tuple[Row, ...]:
    steps = {action.question: action for action in area.actions}
    told = names.enablers(m.words)
    rows = []
    for question in area.gaps:
        each, step = shares[question], steps.get(question)
        share = m.share_said(each.value, each.cell)
        needs = told[step.enabler][0] if step is not None and step.enabler is not None else "–"
        rows.append(Row(each.question.text, (m.n(each.cell), share, needs), step.title if step else ""))
    return tuple(rows)


def _impact(m: Material, pillars: Mapping[Pillar, float]) -> str:
    w, titles = m.words, names.pillars(m.words)
    said = [
        w.pgettext(
            "a pillar and a strength", "%(pillar)s %(strength)s", pillar=titles[pillar], strength=w.number(value, 1)
        )
        for pillar, value in pillars.items()
    ]
    return w.gettext(
        "The first steps together would help, on average and from 0 (not) to 3 (strongly): %(pillars)s. Strengths "
        "are the "
        "questionnaire's and illustrative.",
        pillars=w.pgettext("between facts", "; ").join(said),
    )


def _cases(m: Material, found: tuple[AreaReading, ...]) -> Table:
    w = m.words
    rows = [
        Row(case.title, (w.country(case.country), areas(m)[area.id], case.lesson or ""), case.problem)
        for area in found
        for case in area.cases
    ]
    heads = (w.gettext("Policy"), w.gettext("Country"), w.gettext("Area"), w.gettext("What others can learn"))
    caption = w.gettext("Policies that worked in these areas, as published")
    source = w.gettext("What worked there was made for there: no case answers every country.")
    return Table("policies", caption, heads, tuple(rows), source=source)
