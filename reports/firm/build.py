"""The firm's report, put together: one result and a language become one view."""

from assessment.results import Result
from reports.firm.annex import build_annex
from reports.firm.certainty import build_certainty
from reports.firm.cover import build_cover, build_reading
from reports.firm.factors import build_factors
from reports.firm.material import Material, material
from reports.firm.method import build_method
from reports.firm.money import build_money
from reports.firm.plan import build_plan
from reports.firm.priorities import build_priorities
from reports.firm.profile import build_profile
from reports.firm.quick_wins import build_quick_wins
from reports.firm.summary import build_missing, build_summary
from reports.firm.support import build_support
from reports.firm.view import FirmReport
from reports.firm.view_parts import Entry, Section


def build_firm_report(result: Result, language: str) -> FirmReport:
    """The view of a firm's report in a language; the same for the results page and the PDF.

    Raises:
        UnknownLanguage, NoReportLanguage: there are no reports in it.
    """
    m = material(result, language)
    title = m.words.gettext("Readiness report and roadmap")
    scored = m.readiness.overall.score is not None
    missing = None if scored else build_missing(m)
    summary = build_summary(m) if scored else None
    profile = build_profile(m) if scored else None
    factors = build_factors(m) if scored else None
    priorities = build_priorities(m) if scored else None
    certainty = build_certainty(m) if scored else None
    plan = build_plan(m) if scored else None
    quick_wins = build_quick_wins(m) if scored else None
    money = build_money(m) if scored else None
    support = build_support(m) if scored else None
    method, annex = build_method(m), build_annex(m)
    told: tuple[Section | None, ...] = (
        missing, summary, profile, factors, priorities, certainty, plan, quick_wins, money, support, method, annex,
    )  # fmt: skip
    return FirmReport(
        language=m.words.code,
        direction=m.words.language.direction,
        title=_document_title(m, title),
        running_head=m.questionnaire.title,
        cover=build_cover(m, title),
        reading=build_reading(m, tuple(Entry(each.id, each.title) for each in told if each is not None)),
        missing=missing,
        summary=summary,
        profile=profile,
        factors=factors,
        priorities=priorities,
        certainty=certainty,
        plan=plan,
        quick_wins=quick_wins,
        money=money,
        support=support,
        method=method,
        annex=annex,
    )


def _document_title(m: Material, title: str) -> str:
    return f"{title} \u2013 {m.result.facts.firm}" if m.result.facts.firm else title
