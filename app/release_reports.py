"""The report for a ministry, a PDF for each language, made of a release's cells and manifest alone."""

from collections.abc import Iterator, Sequence

from app.release_names import labels_of
from app.shelf import Shelf
from questionnaires.problems import UnknownDefinition
from reports.ministry.build import build_ministry_report
from reports.ministry.document import render_ministry_pdf
from reports.release.cube import Cube
from reports.wording import NoReportLanguage


def reports(shelf: Shelf, cube: Cube, codes: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Name and content of each, one after the other; none where the questionnaire is gone.

    Languages in which no reports are written are left out.
    """
    told = cube.manifest["release"]
    try:
        definition = shelf.get(str(told["questionnaire"]))
    except UnknownDefinition:
        return
    for code in codes:
        try:
            report = build_ministry_report(cube, cube.manifest, code, definition, labels_of(shelf, cube.manifest, code))
        except NoReportLanguage:
            continue
        yield f"report-{code}.pdf", render_ministry_pdf(report, day=str(told["made_at"])[:10])
