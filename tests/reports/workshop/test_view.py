"""The view of a workshop's report: every text has a translation, and marks stay in the stylesheets."""

import copy
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from questionnaires.loader import load_definition
from reports.workshop.build import build_workshop_report
from reports.workshop.document import DOCUMENT, render_workshop_html
from reports.workshop.view import WorkshopReport
from tests.assessment.whole_workshops import forty
from tests.reports.firm.test_document import left_over

DEFINITION = load_definition("qi4tf")


@pytest.fixture(scope="module")
def report() -> WorkshopReport:
    return build_workshop_report(forty(), DEFINITION, "en")


def texts(found: Any, name: str = "") -> Iterator[str]:
    if is_dataclass(found):
        for each in fields(found):
            yield from texts(getattr(found, each.name), each.name)
    elif isinstance(found, tuple):
        for each in found:
            yield from texts(each, name)
    elif isinstance(found, str) and name not in ("id", "kind", "mark", "language", "direction"):
        yield found


def tree_of(html: str) -> ET.Element:
    return ET.fromstring(html)  # noqa: S314 - our own template's output


def test_no_text_of_the_report_misses_its_translation() -> None:
    source = DEFINITION.questionnaire.source
    own = {
        "Mango chain of the coast", "Tanga", "Tanzania", "Research", "Amina Juma", "Peter Mushi", "Grace Kimaro", "EUR",
        "Meet every quarter", "Call the three laboratories and agree on a day", "Accredited methods on the public list",
        "The cost of testing must not fall on small growers.", "We would begin with calibration.", "qi4tf",
        "best-worst", "Borda", "Copeland", "Schulze", "Kemeny", DEFINITION.sha256[:12], source.licence, *source.authors,
        *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November"),
    }  # fmt: skip
    shown = build_workshop_report(forty(), DEFINITION, "qps")
    record = next(fact.value for fact in shown.cover.facts if re.fullmatch("[0-9A-F]{8}", fact.value))
    left = {text for text in texts(shown) if re.search("[^\\W\\d_]{2,}", left_over(text, {*own, record}))}
    assert not left


def test_colours_and_lengths_live_in_the_stylesheets(report: WorkshopReport) -> None:
    tree = tree_of(render_workshop_html(report))
    assert not [element for element in tree.iter() if element.get("style") or element.tag in ("svg", "img", "link")]
    rules = "".join(each.read_text() for each in DOCUMENT.stylesheets)
    marks = {name for element in tree.iter("i") for name in (element.get("class") or "").split()}
    assert not [name for name in marks if not re.search(rf"\.{name}[ ,.]", rules)]


def test_every_link_of_the_contents_leads_to_a_section(report: WorkshopReport) -> None:
    tree = tree_of(render_workshop_html(report))
    ids = {element.get("id") for element in tree.iter() if element.get("id")}
    links = [(a.get("href") or "").removeprefix("#") for a in tree.iter("a")]
    assert len(links) == 9
    assert set(links) <= ids


def test_what_people_typed_stays_text() -> None:
    record = copy.deepcopy(forty())
    bad = "<script>alert(1)</script>&\x00{{ 7*7 }}"
    record["workshop"]["name"] = bad
    record["roadmap"]["actions"][0]["owner"] = bad
    record["roadmap"]["dissent"][0]["text"] = bad

    html = render_workshop_html(build_workshop_report(record, DEFINITION, "en"))

    assert "<script" not in html
    assert "49" not in html.partition("alert(1)")[2][:40]
    tree_of(html)


def test_a_workshop_in_which_nothing_was_asked_yet_is_told_in_words() -> None:
    record = copy.deepcopy(forty())
    levels = [{**each, "level": None, "is_settled": False, "how": "", "suggested": None, "reasons": [], "worth": None}
              for each in record["levels"]]  # fmt: skip
    plan = {**record["roadmap"], "gaps": [], "actions": [], "needed": [], "clashes": [], "dissent": []}
    record |= {"rounds": [], "levels": levels, "gaps": [], "priorities": None, "roadmap": plan}

    shown = build_workshop_report(record, DEFINITION, "en")

    assert shown.summary.headline == "This workshop has not settled anything yet."
    assert (shown.standing, shown.differences, shown.priorities, shown.robustness, shown.plan, shown.annex) == (
        None,
    ) * 6
    tree_of(render_workshop_html(shown))


def test_who_was_asked_again_sees_then_and_now() -> None:
    record = copy.deepcopy(forty())
    first = next(each for each in record["levels"] if each["level"] is not None)
    record["earlier_time"] = {
        "name": "First time", "day": "2026-05-20", "version": "1.0.0",
        "levels": {first["question"]: first["level"] + 1},
    }  # fmt: skip
    record["roadmap"]["actions"][0]["news"] = [{"state": "done", "day": "2026-10-01", "note": "Held twice"}]
    record["roadmap"]["actions"][0]["state"] = "done"

    since = build_workshop_report(record, DEFINITION, "en").since

    assert since is not None
    progress, then = since.tables
    assert progress.caption == f"1 of {len(record['roadmap']['actions'])} actions are done"
    assert progress.rows[0].cells[1:] == ("done", "October 1, 2026", "Held twice")
    assert then.caption == "0 questions stand higher than last time, 1 lower"
