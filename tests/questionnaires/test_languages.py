"""Languages: formats in Latin digits, catalogues, and definitions that speak them."""

from pathlib import Path

import pytest

from questionnaires import languages
from questionnaires.languages import UnknownLanguage, language
from questionnaires.loader import load_definition
from questionnaires.pseudo import PseudoTranslations, pseudo
from questionnaires.translation import content_messages, translate
from tests.factories import tiny


def test_an_unknown_language_is_refused_with_what_is_offered() -> None:
    with pytest.raises(UnknownLanguage, match="choose one of en, fr, ar, zh"):
        language("xx")


@pytest.mark.parametrize("code", ["en", "fr", "ar", "zh"])
def test_figures_have_latin_digits_and_never_break_inside(code: str) -> None:
    written = (
        languages.money(code, 1234567, "MYR") + languages.number(code, 9876.54, 2) + languages.percent(code, 0.256)
    )
    assert not [c for c in written if c.isdigit() and not c.isascii()]
    assert " " not in written


def test_a_range_of_one_amount_is_one_amount() -> None:
    assert languages.money_range("en", 500, 500, "MAD") == "MAD\u00a0500"
    assert languages.money_range("fr", 1000, 2000, "MAD") == "MAD\u00a01\u202f000\u20132\u202f000"


def test_days_are_written_in_the_language() -> None:
    assert languages.day("fr", "2026-11-22") == "22 novembre 2026"
    assert languages.day("en", "") == ""


@pytest.mark.parametrize("code", ["fr", "ar"])
def test_the_shipped_questionnaire_speaks_every_language_completely(code: str) -> None:
    definition = load_definition("industry4-readiness")
    question = definition.questionnaire.questions["skills.data"]  # computed before the copy is made

    translated = translate(definition, code)

    assert translated.missing == 0
    assert translated.machine_made == len(list(content_messages(definition)))
    there = translated.definition.questionnaire.questions["skills.data"]
    assert there.text != question.text
    assert [a.text for a in there.levels or ()] != [b.text for b in question.levels or ()]
    assert translated.definition.sha256 == definition.sha256


def test_the_source_language_is_the_definition_itself() -> None:
    definition = load_definition("industry4-readiness")
    assert translate(definition, "en").definition is definition


def test_stable_names_are_unique() -> None:
    contexts = [context for context, _ in content_messages(load_definition("industry4-readiness"))]
    assert len(contexts) == len(set(contexts))


def test_a_pseudo_language_touches_every_text_and_no_placeholder() -> None:
    definition = translate(load_definition("industry4-readiness"), "qps").definition
    assert all(text.startswith("⟦") for _, text in content_messages(definition))
    assert "%(n)s" in pseudo("Saved %(n)s of <b>all</b>")
    assert "<b>" in pseudo("Saved %(n)s of <b>all</b>")
    assert "\u202e" in PseudoTranslations(is_rtl=True).gettext("Save")


def test_options_are_shown_in_the_language_and_stay_in_their_places() -> None:
    source, shown = tiny(), translate(tiny(), "qps").definition
    of = source.questionnaire.questions["skills.languages"].options
    there = shown.questionnaire.questions["skills.languages"].options

    assert of is not None
    assert there is not None
    assert there.of == tuple(pseudo(text) for text in of.of)
    assert (there.cap, there.choose) == (of.cap, of.choose)
    assert ("skills.languages.option.2", "MES") in list(content_messages(source))


def test_a_catalogue_counts_what_no_person_has_reviewed(tmp_path: Path) -> None:
    (tmp_path / "fr.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        '#, fuzzy\nmsgid "Save"\nmsgstr "Enregistrer"\n\n'
        'msgid "Back"\nmsgstr "Retour"\n',
        encoding="utf-8",
    )

    found = languages.texts(tmp_path, "fr")

    assert (found.machine_made, found.translated) == (1, 2)
    assert found.translations.gettext("Save") == "Enregistrer"


def test_a_list_is_set_apart_by_the_comma_of_its_script() -> None:
    assert [languages.comma(code) for code in ("en", "fr", "ar")] == [", ", ", ", "، "]


def test_a_share_has_the_sign_of_its_language_with_and_without_decimals() -> None:
    assert [languages.percent("en", 0.0253, decimals) for decimals in (0, 1)] == ["3%", "2.5%"]
    assert [languages.percent("fr", 0.0253, decimals) for decimals in (0, 1)] == ["3\u00a0%", "2,5\u00a0%"]
