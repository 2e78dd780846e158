"""docs/authoring.md is true: its example works, its figures come out, its tables are complete.

`python -m tests.questionnaires.test_authoring_guide` writes the two tables at its end anew.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from assessment.examples import example_problems
from questionnaires.answers import Answers, read_answers
from questionnaires.checks import codes
from questionnaires.documents import Part
from questionnaires.editor_schema import editor_schema
from questionnaires.folders import BESIDE, MAIN
from questionnaires.library import Definition
from questionnaires.loader import check_definition, load_definition
from questionnaires.schema import Questionnaire
from questionnaires.untranslated import translation_problems
from scoring.readiness import MissingAnswers, NodeScore, readiness

GUIDE = Path(__file__).parents[2] / "docs" / "authoring.md"
TEXT = GUIDE.read_text(encoding="utf-8")
ORDER = ("Questionnaire", "Source", "Scale", "Profiles", "Bin", "ProfileField", "NumberField", "Dimension", "Question",
         "Level", "Options", "NumberAnswer", "Condition", "Actions", "Rates", "Action", "Impact", "Example", "Cases",
         "Case", "CaseEffect", "CaseSource", "Moves")  # fmt: skip
WHERE = {
    "Questionnaire": "questionnaire.yaml", "Source": "source", "Scale": "scale", "Profiles": "profiles",
    "Bin": "profiles: bins", "ProfileField": "fields", "NumberField": "fields: number", "Dimension": "dimensions",
    "Question": "questions", "Level": "questions: levels (or just a text)", "Options": "questions: options",
    "NumberAnswer": "questions: number", "Condition": "questions: applies_if", "Actions": "actions.yaml",
    "Rates": "rates", "Action": "actions", "Impact": "actions: impact", "Example": "examples.yaml (a list of these)",
    "Cases": "cases.yaml", "Case": "cases", "CaseEffect": "cases: effects", "CaseSource": "cases: source",
    "Moves": "moves.yaml",
}  # fmt: skip


def key_table() -> str:
    """A table of keys for each kind of thing that a file holds, from the JSON Schema."""
    kinds: dict[str, Any] = {}
    for part in get_args(Part):
        schema = editor_schema(part)
        kinds |= schema.get("$defs", {})
        kinds[part if part == "examples" else part.capitalize()] = schema
    return "\n".join(line for kind in ORDER for line in _keys_of(kind, kinds[kind]))


def _keys_of(kind: str, schema: dict[str, Any]) -> Iterator[str]:
    yield from ("", f"**{WHERE[kind]}**", "", "| Key | Meaning |", "|---|---|")
    for key, about in schema["properties"].items():
        star = "*" if key in schema.get("required", ()) else ""
        words = list(_words(about))
        one_of = f" One of {', '.join(words)}." if words else ""
        default = about.get("default")
        without = (
            "" if default in (None, [], {}) or isinstance(default, dict | list) else f" Without it: {_plain(default)}."
        )
        yield f"| `{key}`{star} | {about['description']}{one_of}{without} |".replace("{}", "`{}`")


def _words(about: Any) -> Iterator[str]:
    """The words that a key, its list or its own keys take."""
    yield from about.get("enum", ())
    for inner in (*about.get("anyOf", ()), about.get("items"), about.get("propertyNames")):
        yield from _words(inner) if inner else ()


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value).lower()


def code_table() -> str:
    """A row for each code that the check can tell."""
    rows = [f"| `{code}` | {severity} | {sentence} |" for code, (sentence, severity) in codes().items()]
    return "\n".join(["", "| Code | | What is wrong |", "|---|---|---|", *rows])


TABLES = {"keys": key_table, "codes": code_table}


def between(name: str) -> str:
    found = re.search(f"<!-- {name} -->\n(.*?)\n?<!-- /{name} -->", TEXT, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example of the guide, as a reader would copy it."""
    folder = tmp_path_factory.mktemp("bakery-check")
    for name, content in re.findall(r"```yaml\n# (\w+\.yaml)\n(.*?)```", TEXT, re.DOTALL):
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_the_example_checks_without_any_problem(folder: Path) -> None:
    assert {p.name for p in folder.iterdir()} == {MAIN, BESIDE["actions"], BESIDE["examples"]}
    checked = check_definition(folder)
    assert (*checked.problems, *example_problems(checked), *translation_problems(checked)) == ()


def test_the_example_says_how_many_questions_it_asks(folder: Path) -> None:
    assert len(load_definition(folder).questionnaire.questions) == 9
    assert "in nine questions" in TEXT


def test_the_answers_of_the_example_score_as_the_guide_says(folder: Path) -> None:
    questionnaire = load_definition(folder).questionnaire
    found = re.search(r"```json\n(.*?)```", TEXT, re.DOTALL)
    assert found
    scored = readiness(questionnaire, read_answers(questionnaire, json.loads(found[1])))
    assert scored.overall.score == pytest.approx(3.275)
    assert "gives 3.28 overall" in TEXT


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_of_keys_and_codes_are_complete_and_true(name: str) -> None:
    assert between(name).strip() == TABLES[name]().strip(), "python -m tests.questionnaires.test_authoring_guide"


def overall(
    definition: Definition | None = None, *, scale: str = "0, 5", top: str = "", questions: str, **answers: Any
) -> NodeScore:
    """The score of one dimension of questions, written as in the guide."""
    low, high = (float(x) for x in scale.split(","))
    shape = {
        "id": "small-one", "version": "1", "title": "T", "summary": "S", "language": "en",
        "source": {"name": "N", "licence": "L", "basis": "illustrative"},
        "scale": {"min": low, "max": high},
        "profiles": {"bins": [{"id": "a", "title": "A", "from": low}]},
        "dimensions": [{"id": "d", "title": "D", "questions": json.loads(questions)}],
        **json.loads("{" + top + "}"),
    }  # fmt: skip
    return readiness(Questionnaire.model_validate(shape), Answers(answers=answers)).overall


def rated(*ratings: float, weights: tuple[float, ...] = ()) -> str:
    """Questions whose answer is the score."""
    return json.dumps(
        [
            {"id": f"q{n}", "text": "Q", "weight": weight, "number": {"min": 0, "max": 10}}
            for n, (_, weight) in enumerate(zip(ratings, weights or (1,) * len(ratings), strict=True))
        ]
    )


@pytest.mark.parametrize(
    ("rule", "score"), [("mean", 3.75), ("geometric", 3.1623), ("minimum", 1), ("maximum", 5), ("sum", 5)]
)
def test_the_table_of_rules_is_true(rule: str, score: float) -> None:
    assert f"| `{rule}` |" in TEXT
    questions = rated(5, 4, 1, weights=(2, 1, 1))
    assert overall(top=f'"aggregate": "{rule}"', questions=questions, q0=5, q1=4, q2=1).score == pytest.approx(
        score, abs=1e-4
    )


def test_the_sum_of_the_guide_is_true() -> None:
    ladders = [[0, 2, 4], [0, 1, 3], [0, 1, 3]]
    questions = json.dumps(
        [
            {"id": f"q{n}", "text": "Q", "levels": [{"text": f"L{score}", "score": score} for score in ladder]}
            for n, ladder in enumerate(ladders)
        ]
    )
    top = '"aggregate": "sum"'
    assert overall(scale="0, 10", top=top, questions=questions, q0=2, q1=2, q2=2).score == 10
    assert overall(scale="0, 10", top=top, questions=questions, q0=2, q1=1, q2="unknown").score == 7.5


@pytest.mark.parametrize(
    ("answers", "score"),
    [((1, 0, 1), 1), ((0, 0, 0), 0), ((1, "unknown", 1), 3), ((1, "unknown", 0), 1), ((1, 1, 1), 3)],
)
def test_the_gates_of_the_guide_are_true(answers: tuple[Any, ...], score: float) -> None:
    questions = json.dumps([{"id": f"q{n}", "text": "Q", "gate": n + 1, "levels": ["No", "Yes"]} for n in range(3)])
    given = {f"q{n}": answer for n, answer in enumerate(answers)}
    assert overall(top='"aggregate": "gate"', questions=questions, **given).score == score


def test_the_missing_answers_of_the_guide_are_true() -> None:
    given = {"q0": 5, "q1": 3, "q2": "unknown"}
    excluded = overall(questions=rated(5, 3, 0), **given)
    assert (excluded.score, excluded.coverage) == (4, pytest.approx(2 / 3))
    assert (excluded.low, excluded.high) == (pytest.approx(2.6667, abs=1e-4), pytest.approx(4.3333, abs=1e-4))
    assert overall(top='"missing": "lowest"', questions=rated(5, 3, 0), **given).score == pytest.approx(
        2.6667, abs=1e-4
    )
    with pytest.raises(MissingAnswers):
        overall(top='"missing": "refuse"', questions=rated(5, 3, 0), **given)
    assert overall(questions=rated(5, 3, 0), q0=5, q1=3, q2="not_applicable").score == 4
    assert overall(questions=rated(5), q0="unknown").score is None


def test_the_rounding_of_the_guide_is_true() -> None:
    assert overall(top='"round": 1', questions=rated(2, 2.5), q0=2, q1=2.5).score == 2.3
    assert overall(questions=rated(2, 2.5), q0=2, q1=2.5).score == 2.25


def test_every_statement_of_the_table_of_conditions_passes_the_check(folder: Path, tmp_path: Path) -> None:
    statements = re.findall(r"^\| `(\{(?:field|answer): .*?\})` \|", TEXT, re.MULTILINE)
    assert len(statements) == 7
    text = (folder / MAIN).read_text()
    extra = "".join(
        f"      - {{id: extra{n}, text: Q?, evidence: E, levels: [a, b], applies_if: {statement}}}\n"
        for n, statement in enumerate(statements)
    )
    (tmp_path / "all.yaml").write_text(text + extra)
    assert check_definition(tmp_path / "all.yaml").problems == ()


def test_who_does_not_tell_its_size_is_let_in_by_not_at_most(folder: Path) -> None:
    questionnaire = load_definition(folder).questionnaire
    for profile, asked in (({"sells": "trade"}, True), ({"sells": "trade", "employees": 4}, False), ({}, False)):
        scored = readiness(questionnaire, read_answers(questionnaire, {"profile": profile}))
        assert ("oven.delivery" in scored.asked) == asked


if __name__ == "__main__":
    for each, table in TABLES.items():
        TEXT = TEXT.replace(f"<!-- {each} -->\n{between(each)}", f"<!-- {each} -->\n{table()}\n")
    GUIDE.write_text(TEXT, encoding="utf-8")
