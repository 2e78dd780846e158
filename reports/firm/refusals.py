"""Why no roadmap meets the wishes, in words, with the smallest change that makes one possible."""

import math

from reports.firm import names
from reports.firm.material import Material
from scoring.roadmap import PHASES, Infeasible

NAMED = 5


def refusal(m: Material, found: Infeasible) -> tuple[str, ...]:
    """What cannot be, and what would help."""
    w = m.words
    sentences = [
        w.gettext("No roadmap meets all the wishes that were given."),
        _reason(m, found),
        *_ways_out(m, found),
        w.gettext("The scores and priorities in this report hold in any case."),
    ]
    return tuple(sentence for sentence in sentences if sentence)


def _reason(m: Material, found: Infeasible) -> str:
    w = m.words
    said = {"actions": _titles(m, found.actions), "phase": _phase(m, found.phase)}
    if found.reason == "budget":
        return w.gettext("What must be done costs more than the whole budget: %(actions)s.", **said)
    if found.reason == "phase_budget":
        return w.gettext("What must be done costs more than the budgets of the phases allow: %(actions)s.", **said)
    if found.reason == "days":
        return w.gettext("What must be done takes more staff days than the phases allow: %(actions)s.", **said)
    if found.reason == "time":
        return w.gettext("What must be done cannot be finished in time: %(actions)s.", **said)
    return w.gettext("Something that must be done needs what is excluded: %(actions)s.", **said)


def _ways_out(m: Material, found: Infeasible) -> list[str]:
    """The smallest changes, each a sentence of its own."""
    w = m.words
    ways = []
    if shortages := _shortages(m, found):
        ways.append(w.gettext("A roadmap is possible with %(more)s.", more=w.listed(shortages)))
    if found.drop and found.reason == "excluded_prerequisite":
        ways.append(w.gettext("Allow this, or give up what needs it: %(actions)s.", actions=_titles(m, found.drop)))
    elif found.drop:
        ways.append(w.gettext("Or without this as a must: %(actions)s.", actions=_titles(m, found.drop)))
    return ways


def _shortages(m: Material, found: Infeasible) -> list[str]:
    """All that is short at the same time, such as "MYR 500 more in the phase 'Foundation'"."""
    if found.missing <= 0:
        return []
    short = {tuple(key.split(".")): amount for key, amount in found.notes.items()}
    told = []
    for (kind, phase), amount in (short or {(found.reason, str(found.phase)): found.missing}).items():
        more = m.days(math.ceil(amount)) if kind == "days" else m.amount(math.ceil(amount))
        if kind == "budget" or not phase.isdigit():
            told.append(m.words.gettext("%(amount)s more", amount=more))
        else:
            said = {"amount": more, "phase": _phase(m, int(phase))}
            told.append(m.words.gettext("%(amount)s more in the phase '%(phase)s'", **said))
    return told


def _titles(m: Material, keys: tuple[str, ...]) -> str:
    titles = [m.actions[key].title for key in keys]
    if len(titles) <= NAMED:
        return m.words.listed(titles)
    more = m.words.ngettext("%(n)s more", "%(n)s more", len(titles) - NAMED)
    return m.words.listed([*titles[:NAMED], more])


def _phase(m: Material, phase: int | None) -> str:
    return "" if phase is None else names.phases(m.words)[PHASES[phase].id]
