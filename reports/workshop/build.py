"""The report of a workshop, put together: one record and a language become one view."""

from collections.abc import Mapping
from typing import Any

from questionnaires.library import Definition
from reports.firm.view_parts import Entry
from reports.workshop.annex import build_annex
from reports.workshop.cover import build_cover, build_reading
from reports.workshop.differences import build_differences
from reports.workshop.material import Material, material
from reports.workshop.method import build_method
from reports.workshop.plan import build_plan
from reports.workshop.priorities import build_priorities
from reports.workshop.robustness import build_robustness
from reports.workshop.since import build_since
from reports.workshop.standing import build_standing
from reports.workshop.summary import build_summary
from reports.workshop.view import WorkshopReport
from reports.workshop.voices import build_voices


def build_workshop_report(record: Mapping[str, Any], definition: Definition, language: str) -> WorkshopReport:
    """The view of a workshop's report in a language.

    Raises:
        UnknownLanguage, NoReportLanguage: there are no reports in it.
    """
    m = material(record, definition, language)
    title = m.words.gettext("Report of the workshop")
    told = _told(m)
    sections = [each for each in told.values() if each is not None]
    return WorkshopReport(
        language=m.words.code,
        direction=m.words.language.direction,
        title=f"{title} \u2013 {m.workshop['name']}",
        colon=m.words.pgettext("after a label", ":"),
        between=m.words.pgettext("between facts", "; "),
        cover=build_cover(m, title),
        reading=build_reading(m, tuple(Entry(each.id, each.title) for each in sections)),
        **told,
    )


def _told(m: Material) -> dict[str, Any]:
    """Every section by its name, in the order of the report."""
    return {
        "summary": build_summary(m),
        "standing": build_standing(m),
        "differences": build_differences(m),
        "priorities": build_priorities(m),
        "robustness": build_robustness(m),
        "plan": build_plan(m),
        "voices": build_voices(m),
        "since": build_since(m),
        "method": build_method(m),
        "annex": build_annex(m),
    }
