"""What the plan leans on from outside, and what others did that have the same things to do."""

from collections import Counter

from assessment.hindrances import HINDRANCES
from questionnaires.library import Action, Case, CaseEffect
from reports import charts
from reports.firm import names
from reports.firm.material import Material
from reports.firm.offers import build_offers
from reports.firm.view_roadmap import CaseBlock, EnablerRow, SupportSection

FIRMS, POLICIES = 2, 1  # cases that are told
NAMED_ACTIONS = 1
DONE, EFFECTS = 2, 2  # sentences of a case that are told
STOP = ".\u3002"
BY_ACTION = 3  # an action that names a case counts as much as so many shared technologies


def build_support(m: Material) -> SupportSection | None:
    """None when there are no actions: nothing to lean on, nothing to compare."""
    actions = _actions(m)
    if not actions:
        return None
    w = m.words
    rows = _enablers(m, actions)
    cases = _fitting(m, actions)
    offers = build_offers(m, actions)
    return SupportSection(
        id="support",
        title=w.gettext("Who can help"),
        intro=_intro(m) if offers is None else w.gettext("No firm does this alone; every action leans on some help."),
        hindered=_hindered(m),
        finding=_finding(m, rows),
        offers=offers,
        source=w.gettext("Source: the actions above; each names the help that it leans on most."),
        heads=(w.gettext("Help"), w.gettext("Actions"), w.gettext("For instance"), w.gettext("What to ask for")),
        enablers=rows,
        cases_title=w.gettext("Others who did it"),
        cases_intro=w.gettext(
            "Chosen because they share actions or technologies with this report. Figures as published."
        ),
        effects_label=w.gettext("What came of it"),
        lesson_label=w.gettext("What others can learn"),
        cases=tuple(_case(m, case, actions) for case in cases),
        sources=_sources(m, cases),
    )


def _intro(m: Material) -> str:
    return m.words.gettext(
        "No firm does this alone; every action leans on some help from outside. Which programmes the country "
        "offers is not part of this report: ask the ministry, the development agency or the association."
    )


def _hindered(m: Material) -> str:
    w, said = m.words, m.result.facts.hindrances
    if not said:
        return "" if said is None else w.gettext("The firm says that nothing stands in the way of its next step.")
    named = w.pgettext("between facts", "; ").join(w.gettext(HINDRANCES[id].text) for id in said)
    return w.gettext("What the firm says stands most in its way: %(things)s.", things=named)


def _actions(m: Material) -> list[Action]:
    """The planned actions; without a plan those of all priorities."""
    if m.roadmap is not None:
        return [m.actions[key] for key in m.order]
    return [m.actions[key] for key in dict.fromkeys(key for one in m.result.priorities for key in one.actions)]


def _enablers(m: Material, actions: list[Action]) -> tuple[EnablerRow, ...]:
    counts = Counter(action.enabler for action in actions if action.enabler is not None)
    largest = max(counts.values(), default=0)
    told, between = names.enablers(m.words), m.words.pgettext("between facts", "; ")
    return tuple(
        EnablerRow(
            id=enabler,
            title=told[enabler][0],
            count=m.words.count(n),
            share=charts.share(n, largest),
            actions=between.join([each.title for each in actions if each.enabler == enabler][:NAMED_ACTIONS]),
            ask=told[enabler][1],
        )
        for enabler, n in counts.most_common()
    )


def _finding(m: Material, rows: tuple[EnablerRow, ...]) -> str:
    if not rows:
        return m.words.gettext("No action names the help that it leans on")
    return m.words.gettext("The actions lean most on: %(help)s (%(n)s)", help=rows[0].title, n=rows[0].count)


def _fitting(m: Material, actions: list[Action]) -> list[Case]:
    """The cases that fit best: named by actions of the plan, or sharing technologies with it; firms first."""
    cases = m.translated.definition.cases.values()
    technologies = _technologies(actions)
    fitting = {
        case.id: BY_ACTION * _named_by(case, actions) + len(technologies & set(case.technologies)) for case in cases
    }
    ordered = sorted((case for case in cases if fitting[case.id]), key=lambda case: -fitting[case.id])
    firms = [case for case in ordered if case.kind == "firm"][:FIRMS]
    policies = [case for case in ordered if case.kind == "policy"][:POLICIES]
    return [*firms, *policies]


def _named_by(case: Case, actions: list[Action]) -> int:
    return sum(1 for action in actions if case.id in action.cases)


def _case(m: Material, case: Case, actions: list[Action]) -> CaseBlock:
    w = m.words
    return CaseBlock(
        id=case.id,
        title=w.foreign(case.title),
        where=w.pgettext("between facts", "; ").join(
            each for each in (w.country(case.country), case.sector, case.size) if each
        ),
        problem=case.problem,
        done=case.done[:DONE],
        effects=tuple(
            f"{each.text.rstrip(STOP)} ({each.figure})." if each.figure else each.text for each in _best(case)
        ),
        lesson=case.lesson or "",
        fits=_fits(m, case, actions),
    )


def _best(case: Case) -> list[CaseEffect]:
    """Effects with a figure first."""
    return sorted(case.effects, key=lambda effect: effect.figure is None)[:EFFECTS]


def _fits(m: Material, case: Case, actions: list[Action]) -> str:
    w, technologies = m.words, _technologies(actions)
    titles = m.questionnaire.technologies
    shared = [titles.get(key, key) for key in case.technologies if key in technologies]
    numbers = [w.count(m.order[each.id]) for each in actions if case.id in each.cases and each.id in m.order]
    said = []
    if numbers:
        said.append(
            w.ngettext("Fits action %(numbers)s.", "Fits actions %(numbers)s.", len(numbers), numbers=w.listed(numbers))
        )
    if shared:
        said.append(w.gettext("Shared technologies: %(titles)s.", titles=w.listed(shared)))
    return " ".join(said)


def _technologies(actions: list[Action]) -> set[str]:
    return {key for action in actions for key in action.technologies}


def _sources(m: Material, cases: list[Case]) -> tuple[str, ...]:
    """Each publication once, with the cases that it tells."""
    told: dict[str, list[str]] = {}
    for case in cases:
        source = case.source
        publication = ", ".join(part for part in (*source.authors, source.title, str(source.year or "")) if part)
        told.setdefault(publication, []).append(f"{case.title} {source.pages}" if source.pages else case.title)
    return tuple(
        m.words.gettext("Source: %(publication)s (pages: %(cases)s).", publication=publication, cases="; ".join(cases))
        for publication, cases in told.items()
    )
