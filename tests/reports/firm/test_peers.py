"""What the report says of peers and of support: whom the figures are of, what is not published, and never a promise."""

import io
from dataclasses import replace

from pypdf import PdfReader

from assessment.firm_support import Support
from assessment.peer_benchmarks import ALL, OVERALL, Benchmark, PeerCell
from assessment.results import Result
from assessment.told import Told
from reports.firm.build import build_firm_report
from reports.firm.document import render_firm_pdf
from reports.firm.view_peers import OfferRow, PeersSection

WHOLE = PeerCell(OVERALL, "C13", "small", 45, 2.1, 1.9, 2.3, 1.6, 2.0, 2.6)
FOUND = Benchmark(
    release=7, link="https://ready.example/releases/7", number=3, title="Spring", published_on="2026-05-04",
    programme="Ready <b>factories</b>", country="MY", wave="2025", cells=(WHOLE,), is_narrowest=True,
    names=(("C13", "Manufacture of textiles"), ("C", "Manufacturing")),
)  # fmt: skip
OFFER = Support(
    1, "grant", "Matching grant", "Agency", 0.7, 50_000.0, "MYR", "", "https://agency.example/grant", "2026-05-04",
    "2026-12-31", (), "Ready", None, 4, is_unsure=True, is_old=True,
)  # fmt: skip


def peers(result: Result, found: Benchmark) -> PeersSection:
    section = build_firm_report(replace(result, benchmark=found), "en").peers
    assert section is not None
    return section


def dimension_of(result: Result) -> str:
    return result.definition.questionnaire.dimensions[0].id


def test_without_a_release_there_is_no_such_section(result: Result) -> None:
    assert build_firm_report(result, "en").peers is None


def test_it_is_said_whom_the_figures_are_of_where_they_come_from_and_that_they_are_no_sample(result: Result) -> None:
    section = peers(result, FOUND)

    assert section.intro == (
        "About 45 firms of 2025: Manufacture of textiles; small firms.",
        "They took part of their own will: they are no sample, and do not stand for all firms.",
    )
    assert "the mean of its peers is 2.1 (1.9–2.3)" in section.figure.finding
    assert "Ready <b>factories</b>; Malaysia; Spring; release 3, published on May 4, 2026" in section.figure.source
    assert section.rows[-1].median == "2.0 (1.6–2.6)"
    band = section.rows[-1].track.band
    assert band is not None
    assert (band.start, band.length) == (35, 17)  # ticks are in the middle of their columns


def test_a_wider_group_is_named_for_the_whole_and_for_a_dimension(result: Result) -> None:
    dimension = PeerCell(f"D:{dimension_of(result)}", ALL, ALL, 400, 2.4, None, None, None, None, None)
    section = peers(result, replace(FOUND, is_narrowest=False, cells=(WHOLE, dimension)))

    assert "Of a narrower group nothing is published, so that no single firm can be recognised." in section.intro
    (row, whole) = section.rows
    assert (row.group, row.firms) == ("wider group: all firms of the release", "400")
    assert (row.mean, row.median, row.track.band) == ("2.4", "–", None)
    assert whole.group == ""


def test_a_dimension_that_the_firm_was_not_asked_about_is_left_out(result: Result) -> None:
    every = [each.id for each in result.definition.questionnaire.walk()]
    cells = (WHOLE, *(replace_indicator(f"D:{each}") for each in every))
    asked = [each for each in every if result.readiness.nodes[each].score is not None]

    assert len(asked) < len(every)
    assert {row.id for row in peers(result, replace(FOUND, cells=cells)).rows} == {*asked, OVERALL}


def replace_indicator(indicator: str) -> PeerCell:
    return PeerCell(indicator, "C13", "small", 45, 2.1, 1.9, 2.3, 1.6, 2.0, 2.6)


def offers(result: Result, *support: Support) -> tuple[OfferRow, ...]:
    section = build_firm_report(replace(result, support=support), "en").support
    assert section is not None
    return () if section.offers is None else section.offers.rows


def test_an_offer_is_told_with_its_terms_its_days_and_at_most_what_it_could_pay(result: Result) -> None:
    (row,) = offers(result, OFFER)

    assert row.title == "Grant: Matching grant"
    assert row.who.replace("\xa0", " ") == "70% of the cost, up to MYR 50,000; Agency"
    assert row.money.replace("\xa0", " ").endswith("MYR 50,000") or "–50,000" in row.money
    assert row.days == "until December 31, 2026; checked on May 4, 2026; ask before you count on it"
    assert "not settled yet" in row.note


def test_without_offers_the_report_says_whom_to_ask_and_offers_for_other_help_are_left_out(result: Result) -> None:
    section = build_firm_report(result, "en").support

    assert section is not None
    assert section.offers is None
    assert "ask the ministry" in section.intro
    assert offers(result, replace(OFFER, enablers=("no-such-help",))) == ()


def test_both_are_kept_with_the_order_and_drawn(result: Result) -> None:
    told = Told(benchmark=FOUND, support=(OFFER,))
    kept = Told.from_json(told.as_json())
    assert kept == told

    every = tuple(replace_indicator(f"D:{each.id}") for each in result.definition.questionnaire.walk())
    full = replace(result, benchmark=replace(FOUND, cells=(WHOLE, *every)), support=kept.support)
    content = render_firm_pdf(build_firm_report(full, "en"), day="2026-11-20")
    pages = ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]
    assert 12 <= len(pages) <= 16
    assert not any("Itdoesnotcomparethefirmwithothers" in page for page in pages)
    assert any("Besideitspeers" in page and "https://ready.example/releases/7" in page for page in pages[2:])
    assert any("Supportonofferforthisplan" in page and "https://agency.example/grant" in page for page in pages)
    assert content == render_firm_pdf(build_firm_report(full, "en"), day="2026-11-20")
