"""The report for a ministry, put together: a release's cube and manifest and a language become one view."""

from collections.abc import Mapping
from typing import Any

from questionnaires.library import Definition
from reports.firm.view_parts import Entry
from reports.ministry.change import build_change
from reports.ministry.cover import build_cover, build_reading, facts
from reports.ministry.dimensions import build_dimensions
from reports.ministry.hindrances import build_hindrances
from reports.ministry.impact import build_impact
from reports.ministry.levels import build_levels
from reports.ministry.material import Material
from reports.ministry.method import build_method
from reports.ministry.places import build_industries, build_regions
from reports.ministry.policy import build_policy
from reports.ministry.reach import build_reach
from reports.ministry.shares import build_gaps
from reports.ministry.summary import build_summary
from reports.ministry.target import build_target
from reports.ministry.traits import build_actions, build_technologies
from reports.ministry.view import MinistryReport
from reports.release.cube import Cube
from reports.release.labels import Labels
from reports.wording import wording

BUILDERS = (
    build_reach, build_levels, build_dimensions, build_industries, build_regions, build_technologies, build_gaps,
    build_hindrances, build_actions, build_change, build_target, build_policy, build_impact,
)  # fmt: skip


def build_ministry_report(
    cube: Cube, manifest: Mapping[str, Any], language: str, definition: Definition, labels: Labels | None = None
) -> MinistryReport:
    """The view of a release's report in a language; `definition` is the questionnaire version that it names.

    `labels` are the names of its codes; without them those of the manifest.

    Nothing is read but the cube and the manifest, so that nothing is told that they hold back.

    Raises:
        UnknownLanguage, NoReportLanguage: there are no reports in it.
    """
    m = Material(cube, manifest, definition, wording(language), labels)
    w = m.words
    title = w.gettext("How ready are our firms for Industry 4.0?")
    sections = tuple(section for build in BUILDERS if (section := build(m)) is not None)
    contents = tuple(Entry(each.id, each.title) for each in sections)
    summary, method = build_summary(m, frozenset(each.id for each in sections)), build_method(m)
    return MinistryReport(
        language=w.code,
        direction=w.language.direction,
        title=f"{title} \u2013 {manifest['release']['programme']}",
        colon=w.pgettext("after a label", ":"),
        between=w.pgettext("between facts", "; "),
        cover=build_cover(m, title),
        reading=build_reading(m, (Entry(summary.id, summary.title), *contents, Entry(method.id, method.title))),
        summary=summary,
        sections=sections,
        method=method,
        facts=facts(m),
    )
