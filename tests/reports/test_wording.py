"""Words and numbers as the readers of a language write them."""

import re
from pathlib import Path

import pytest

from questionnaires.languages import UnknownLanguage
from reports import wording as module
from reports.wording import NoReportLanguage, wording

REPORTS = Path(module.__file__).parent


def test_numbers_money_and_shares_are_written_in_the_readers_way() -> None:
    w = wording("en")
    assert w.number(1234.5) == "1,234.5"
    assert w.plain(4.2) == "4.2"
    assert w.plain(5.0) == "5"
    assert w.percent(0.285) == "28%"
    assert w.money_range(1000, 2500, "MYR") == "MYR\u00a01,000\u20132,500"
    assert w.day("2026-11-22") == "November 22, 2026"


def test_lists_are_read_as_a_sentence() -> None:
    w = wording("en")
    assert w.listed([]) == ""
    assert w.listed(["A"]) == "A"
    assert w.listed(["A", "B", "C"]) == "A, B and C"


def test_what_others_wrote_keeps_its_direction_among_right_to_left_words() -> None:
    assert wording("en").foreign("Acme (MY)") == "Acme (MY)"
    assert wording("qps-rtl").foreign("Acme (MY)") == "\u2068Acme (MY)\u2069"
    assert wording("qps-rtl").foreign("") == ""
    assert wording("qps-rtl").gained(0.05, 2) == "\u2066+0.05\u2069"
    assert wording("qps-rtl").money(5.0, "MYR") == "\u2066MYR\u00a05\u2069"
    assert wording("qps-rtl").way("1", "2") == "1 \u2190 2"
    assert wording("en").way("1", "2") == "1 \u2192 2"


def test_a_per_cent_sign_in_a_name_is_no_placeholder() -> None:
    assert wording("en").gettext("Note: %(note)s", note="100 %s of %(x)s") == "Note: 100 %s of %(x)s"


def test_a_language_without_a_catalogue_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(NoReportLanguage, match="There are no reports in 中文 \\(zh\\) yet; choose en"):
        wording("zh")
    with pytest.raises(UnknownLanguage):
        wording("tlh")


def test_no_text_hides_from_extraction_inside_an_f_string() -> None:
    hidden = re.compile(r"""f["'].*\b(n|p)?gettext\(""")
    found = [
        f"{file.name}: {line.strip()}"
        for file in REPORTS.rglob("*.py")
        for line in file.read_text().splitlines()
        if hidden.search(line)
    ]
    assert not found
