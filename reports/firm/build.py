"""The firm's report, put together: one result and a language become one view."""

from dataclasses import fields
from typing import Any

from assessment.results import Result
from reports.firm.annex import build_annex
from reports.firm.certainty import build_certainty
from reports.firm.comparison import build_comparison
from reports.firm.cover import build_cover, build_reading
from reports.firm.factors import build_factors
from reports.firm.material import Material, material
from reports.firm.method import build_method
from reports.firm.money import build_money
from reports.firm.peers import build_peers
from reports.firm.plan import build_plan
from reports.firm.priorities import build_priorities
from reports.firm.profile import build_profile
from reports.firm.quick_wins import build_quick_wins
from reports.firm.rooms import build_rooms
from reports.firm.summary import build_missing, build_summary
from reports.firm.support import build_support
from reports.firm.view import FirmReport
from reports.firm.view_parts import Entry

FRAME = {"language", "direction", "title", "running_head", "colon", "between", "cover", "reading"}  # what is no section


def build_firm_report(result: Result, language: str) -> FirmReport:
    """The view of a firm's report in a language; the same for the results page and the PDF.

    Raises:
        UnknownLanguage, NoReportLanguage: there are no reports in it.
    """
    m = material(result, language)
    title = m.words.gettext("Readiness report and roadmap")
    told = _told(m)
    sections = [each for each in told.values() if each is not None]
    return FirmReport(
        language=m.words.code,
        direction=m.words.language.direction,
        title=_document_title(m, title),
        running_head=m.questionnaire.title,
        colon=m.words.pgettext("after a label", ":"),
        between=m.words.pgettext("between facts", "; "),
        cover=build_cover(m, title),
        reading=build_reading(m, tuple(Entry(each.id, each.title) for each in sections)),
        **told,
    )


def _told(m: Material) -> dict[str, Any]:
    """Every section by its name, in the order of the report; without a score only what is missing is told."""
    if m.readiness.overall.score is None:
        found = dict.fromkeys(field.name for field in fields(FirmReport) if field.name not in FRAME)
        return {**found, "missing": build_missing(m), "method": build_method(m), "annex": build_annex(m)}
    return {
        "missing": None,
        "summary": build_summary(m),
        "profile": build_profile(m),
        "peers": build_peers(m),
        "comparison": build_comparison(m),
        "factors": build_factors(m),
        "priorities": build_priorities(m),
        "certainty": build_certainty(m),
        "plan": build_plan(m),
        "quick_wins": build_quick_wins(m),
        "money": build_money(m),
        "support": build_support(m),
        "rooms": build_rooms(m),
        "method": build_method(m),
        "annex": build_annex(m),
    }


def _document_title(m: Material, title: str) -> str:
    return f"{title} \u2013 {m.result.facts.firm}" if m.result.facts.firm else title
