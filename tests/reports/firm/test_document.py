"""The report as a document: well-formed, every text escaped and in the reader's language, sound for screen readers."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from assessment.results import Facts, Result
from questionnaires.answers import Answers
from questionnaires.languages import country
from reports.documents import TEMPLATES
from reports.firm.build import build_firm_report
from reports.firm.document import DOCUMENT, render_firm_html
from reports.firm.view import FirmReport
from tests.reports.sample import sample_result

HOSTILE = (
    "<script>alert(1)</script> & \"quoted\" 'so' {{ 7 * 7 }} %s %(x)s \u202e turned \x00\x0b\ufffe ]]> <!ENTITY x>"
)
# In brackets, or digits, codes and signs: money, dates, ids, versions, the firm's own words.
BRACKETED = re.compile(r"⟦[^⟦⟧]*⟧")


@pytest.fixture(scope="module")
def tree(report: FirmReport) -> ET.Element:
    return ET.fromstring(render_firm_html(report))  # noqa: S314 - our own markup


@pytest.fixture(scope="module")
def hostile(result: Result) -> FirmReport:
    facts = Facts(HOSTILE, "MY", "2026-11-22", (HOSTILE,), HOSTILE, {"planning.orders": HOSTILE})
    return build_firm_report(replace(result, facts=facts), "en")


def texts(found: Any) -> Iterator[str]:
    """Every text of a view."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, tuple):
        for each in found:
            yield from texts(each)
    elif is_dataclass(found):
        for field in fields(found):
            if field.name not in ("id", "language", "direction", "state", "label_id"):
                yield from texts(getattr(found, field.name))


def test_hostile_texts_are_shown_as_texts(hostile: FirmReport) -> None:
    html = render_firm_html(hostile)
    tree = ET.fromstring(html)  # noqa: S314
    assert "<script" not in html
    assert not [element for element in tree.iter() if element.tag == "script"]
    shown = "".join(tree.itertext())
    assert "<script>alert(1)</script> & \"quoted\" 'so' {{ 7 * 7 }} %s %(x)s" in shown
    assert "49" not in shown[:3000].split("quoted")[1][:40]
    assert not re.search("[\x00\x0b\ufffe]", html)


def test_the_markup_says_its_language_title_and_main_part(tree: ET.Element) -> None:
    assert (tree.get("lang"), tree.get("dir")) == ("en", "ltr")
    assert tree.findtext("head/title") == "Readiness report and roadmap \u2013 Sample Foods Sdn Bhd"
    assert tree.find("body/main") is not None


def test_every_table_has_a_caption_and_every_header_a_scope(tree: ET.Element) -> None:
    tables = list(tree.iter("table"))
    assert len(tables) > 10
    assert all((table.findtext("caption") or "").strip() for table in tables)
    assert {th.get("scope") for th in tree.iter("th")} == {"row", "col", "rowgroup"}


def test_every_row_of_a_table_has_the_columns_of_its_head(tree: ET.Element) -> None:
    for table in tree.iter("table"):
        widths = {sum(int(cell.get("colspan", "1")) for cell in row) for row in table.iter("tr")}
        assert len(widths) == 1, table.findtext("caption")


def test_headings_never_skip_a_level(tree: ET.Element) -> None:
    levels = [int(element.tag[1]) for element in tree.iter() if re.fullmatch("h[1-6]", element.tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_contents_lead_to_every_section(tree: ET.Element) -> None:
    ids = {element.get("id") for element in tree.iter() if element.get("id")}
    links = [(a.get("href") or "").removeprefix("#") for a in tree.iter("a")]
    assert len(links) == 11
    assert set(links) <= ids


def test_colours_and_lengths_live_in_the_stylesheet(tree: ET.Element) -> None:
    assert not [element for element in tree.iter() if element.get("style") or element.tag in ("svg", "img", "link")]
    rules = DOCUMENT.stylesheets[0].read_text()
    marks = {name for element in tree.iter("i") for name in (element.get("class") or "").split()}
    assert not [name for name in marks if not re.search(rf"\.{name}[ ,]", rules)]


def left_over(text: str, own: set[str]) -> str:
    """What a text says outside the pseudo-language's brackets and beside what is nobody's to translate."""
    rest, before = text, ""
    while rest != before:  # innermost brackets first: a text may hold another
        rest, before = BRACKETED.sub(" ", rest), rest
    for each in own:
        rest = rest.replace(each, " ")
    return rest


@pytest.mark.parametrize(
    "wanted", [{}, {"budget": None}, {"budget": 1000.0, "must": frozenset({"link-first-machine"})}]
)
def test_no_text_of_the_report_misses_its_translation(wanted: dict[str, Any]) -> None:
    result = sample_result(**wanted)
    source, cases = result.definition.questionnaire.source, result.definition.cases.values()
    own = {
        result.facts.firm, result.facts.report_id, *result.facts.answered_by, *result.facts.notes.values(),
        "MYR", "USD", "November", "Malaysia", result.definition.sha256[:12], result.definition.questionnaire.id,
        source.licence, *source.authors, *(case.title for case in cases), *(case.source.title for case in cases),
        *(author for case in cases for author in case.source.authors),
        *(effect.figure for case in cases for effect in case.effects if effect.figure),
        *(country("en", case.country) for case in cases),
    }  # fmt: skip
    report = build_firm_report(result, "qps")
    kept = {"today", "target", "way", "band"}  # the names of the marks in the legend
    untranslated = {
        text for text in texts(report) if text not in kept and re.search("[^\\W\\d_]{2,}", left_over(text, own))
    }
    assert not untranslated


def test_a_report_without_answers_is_translated_as_well(result: Result) -> None:
    empty = replace(sample_result(), facts=Facts(), answers=Answers())
    assert empty.readiness.overall.score is not None  # only the annex changes here; the page has its own test
    report = build_firm_report(empty, "qps-rtl")
    assert report.direction == "rtl"
    assert 'dir="rtl"' in render_firm_html(report)


def test_the_markup_itself_holds_no_words() -> None:
    for file in TEMPLATES.glob("*.html"):
        text = re.sub(r"\{[{%#].*?[}%#]\}", "", file.read_text(), flags=re.DOTALL)
        words = re.sub(r"<[^>]*>", " ", text)
        assert not re.search("[^\\W\\d_]{2,}", words), file.name
