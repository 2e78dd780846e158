"""Names of codes: from the manifest, by language, and the code itself where nobody has named it."""

from reports.release.labels import Labels
from tests.reports.release.sample import HARM, MANIFEST


def test_names_come_from_the_manifest_in_the_language_that_is_asked_for() -> None:
    english, arabic = Labels(MANIFEST, "en"), Labels(MANIFEST, "ar")

    assert english.of("industry", "C") == "Manufacturing"
    assert english.coded("industry", "C13") == "C13 Manufacture of textiles"
    assert arabic.of("industry", "C") == "الصناعة التحويلية"
    assert arabic.of("industry", "C10") == "Manufacture of food products"
    assert english.of("region", "MY-10") == HARM
    assert english.of("region", "MY-16") == "MY-16"
    assert english.of("size", "_U") == "Not known"
    assert english.coded("industry", "_T") == "All industries"
    assert english.of("indicator", "D:process") == "Process"


def test_shares_are_named_by_what_they_are_shares_of() -> None:
    labels = Labels(MANIFEST, "en")

    assert labels.levels("Q:skills.training", labels.level_count("Q:skills.training")) == (
        "Level 0", "Level 1", "Level 2", "Level 3",
    )  # fmt: skip
    assert labels.levels("profile", labels.level_count("profile")) == ("Newcomer", "Learner", "Leader")
    assert labels.levels("overall", 6) == (
        "0 to below 1", "1 to below 2", "2 to below 3", "3 to below 4", "4 to below 5", "5",
    )  # fmt: skip


def test_a_language_without_reports_is_told_in_english() -> None:
    assert Labels(MANIFEST, "zh").of("size", "small") == "Small"
