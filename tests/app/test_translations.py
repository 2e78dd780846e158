"""The translators' round trip: what is extracted, what is kept, and what a translation may not break."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from app.commands.translations import ROOT
from app.translations import State, _broken, _merged, check_catalogues


@pytest.mark.parametrize("state", list(check_catalogues(ROOT)), ids=lambda state: state.summary.split(":")[0])
def test_every_catalogue_is_in_step_and_unbroken(state: State) -> None:
    assert not state.problems


def test_every_room_with_texts_has_a_catalogue_in_french_and_arabic() -> None:
    for folder in ("app/locales", "reports/locales"):
        assert {file.name for file in (ROOT / folder).glob("*.po")} >= {"fr.po", "ar.po"}
    for code in ("fr", "ar"):
        names = {file.name for file in (ROOT / "questionnaires/locales" / code).glob("*.po")}
        assert names == {"industry4-readiness.po", "qi4tf.po", "cases.po"}


def _catalogue(*entries: tuple[str, str, str], fuzzy: bool = False) -> Catalog:
    catalogue = Catalog(locale="fr")
    for context, text, translation in entries:
        catalogue.add(text, translation, context=context, flags={"fuzzy"} if fuzzy else ())
    return catalogue


def test_a_text_that_changed_keeps_its_translation_marked_as_to_review() -> None:
    before = _catalogue(("a.text", "Old words", "Mots anciens"), ("b.text", "Same", "Pareil"))
    template = _catalogue(("a.text", "New words", ""), ("b.text", "Same", ""), ("c.text", "More", ""))

    merged = _merged(template, before, "fr")

    changed, same, new = (merged.get(text, context) for context, text in
                          [("a.text", "New words"), ("b.text", "Same"), ("c.text", "More")])  # fmt: skip
    assert (changed.string, changed.fuzzy) == ("Mots anciens", True)
    assert (same.string, same.fuzzy) == ("Pareil", False)
    assert new.string == ""


@pytest.mark.parametrize(
    ("source", "translation", "words"),
    [
        ("Saved %(n)s of them", "Enregistré", r"loses %\(n\)s"),
        ("Saved", "Enregistré %(n)s", r"names %\(n\)s"),
        ("See <b>all</b> of it", "Tout voir", "loses </b>, <b>"),
        ("A sentence that is longer than thirty characters", "x" * 100, "over 1.6 times"),
    ],
)
def test_a_broken_translation_is_told(source: str, translation: str, words: str) -> None:
    (message,) = [m for m in _catalogue(("", source, translation)) if m.id]
    problems = list(_broken(message))
    assert len(problems) == 1
    assert re.search(words, problems[0])


def test_a_good_translation_is_left_alone() -> None:
    (message,) = [m for m in _catalogue(("", "Saved %(n)s", "%(n)s enregistrés")) if m.id]
    assert list(_broken(message)) == []


def test_the_root_is_the_checkout() -> None:
    assert (Path(ROOT) / "pyproject.toml").is_file()
