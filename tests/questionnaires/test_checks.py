"""Every mistake is found by its code, on its line, and nothing else is said about a sound definition."""

import shutil
from pathlib import Path

import pytest

from questionnaires.checks import CHECKS, run_checks
from questionnaires.checks.parts import Parts
from questionnaires.loader import check_definition
from questionnaires.problems import InvalidDefinition, Problem
from questionnaires.schema import Questionnaire
from questionnaires.shape import SENTENCES as FORM
from questionnaires.shape import read_shape
from questionnaires.yaml_reader import SENTENCES as YAML
from questionnaires.yaml_reader import read_yaml
from tests.questionnaires.mistakes import MEANING, MISTAKES, READING, SHAPE, SOUND, Mistake


def problems_of(folder: Path) -> tuple[Problem, ...]:
    return check_definition(folder).problems


def folder_with(mistake: Mistake, folder: Path) -> Path:
    shutil.copytree(SOUND, folder, dirs_exist_ok=True)
    (folder / mistake.file).write_text(mistake.made()[0], encoding="utf-8")
    return folder


def test_a_sound_definition_has_no_problem_at_all() -> None:
    assert problems_of(SOUND) == ()


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: f"{m.code}: {m.new.strip()[:40]!r}")
def test_a_mistake_is_told_with_its_code_and_line(mistake: Mistake, tmp_path: Path) -> None:
    problems = problems_of(folder_with(mistake, tmp_path))
    line = mistake.made()[1]
    found = [(p.code, Path(p.file).name, p.line) for p in problems]
    assert (mistake.code, mistake.file, line) in found


@pytest.mark.parametrize("mistake", [*READING, *SHAPE], ids=lambda m: f"{m.code}: {m.new.strip()[:40]!r}")
def test_one_mistake_of_form_is_told_once_and_drags_no_errors_behind_it(mistake: Mistake, tmp_path: Path) -> None:
    errors = [p for p in problems_of(folder_with(mistake, tmp_path)) if p.severity == "error"]
    assert [p.code for p in errors] == [mistake.code]


@pytest.mark.parametrize("text", ["Line #1 and #2", "第 #1 行", "Line\t#1"])
def test_a_text_that_a_hash_cuts_short_is_pointed_out(text: str, tmp_path: Path) -> None:
    (problem,) = problems_of(folder_with(Mistake("text-cut", "Some are trained.", text), tmp_path))
    assert (problem.code, problem.severity) == ("text-cut", "warning")
    assert text in (tmp_path / "questionnaire.yaml").read_text(encoding="utf-8").splitlines()[problem.line - 1]


@pytest.mark.parametrize("text", ["Line 1 # a remark", '"Line #1"', "Line#1", "Line 1 ## a remark"])
def test_remarks_and_quoted_texts_are_left_alone(text: str, tmp_path: Path) -> None:
    assert problems_of(folder_with(Mistake("text-cut", "Some are trained.", text), tmp_path)) == ()


def test_what_is_not_counted_needs_no_action(tmp_path: Path) -> None:
    extra = "  - {id: extra, title: Extra, weight: 0, questions: [Q1, Q2]}\n"
    for n in "12":
        extra = extra.replace(f"Q{n}", f"{{id: e{n}, text: E{n}?, evidence: E, levels: [a, b]}}")
    mistake = Mistake("question-without-action", "  - id: plant\n", f"{extra}  - id: plant\n")
    assert problems_of(folder_with(mistake, tmp_path)) == ()


def test_a_long_circle_is_told_by_how_it_begins(tmp_path: Path) -> None:
    asks = [
        f"{{id: c{n}, text: C{n}?, evidence: E, weight: 0, levels: [a, b], "
        f"applies_if: {{answer: c{(n + 1) % 30}, at_least: 1}}}}"
        for n in range(30)
    ]
    changed = f"      - {asks[0]}\n" + "".join(f"      - {ask}\n" for ask in asks[1:]) + "      - id: trainers\n"
    problems = problems_of(folder_with(Mistake("condition-cycle", "      - id: trainers\n", changed), tmp_path))
    (told,) = [p.message for p in problems if p.code == "condition-cycle"]
    assert told.endswith(" and so on, 30 in all")
    assert len(told) < 120


def test_every_check_and_every_rule_of_form_has_a_mistake_here() -> None:
    shown = {mistake.code for mistake in MISTAKES}
    elsewhere = {"yaml-size", "yaml-encoding", "yaml-empty", "geometric-negative", "sum-leaves-scale", "no-core"}
    elsewhere |= {code for code in CHECKS if code.startswith("move-")}  # test_moves.py
    assert shown | elsewhere == {*CHECKS, *FORM, *YAML}


@pytest.mark.parametrize("mistake", MEANING, ids=lambda m: f"{m.code}: {m.new.strip()[:40]!r}")
def test_warnings_leave_a_definition_usable_and_errors_do_not(mistake: Mistake, tmp_path: Path) -> None:
    checked = check_definition(folder_with(mistake, tmp_path))
    severity = {p.severity for p in checked.problems if p.code == mistake.code}
    assert severity == {CHECKS[mistake.code][1]}
    assert (checked.definition is None) == any(p.severity == "error" for p in checked.problems)


def test_ten_mistakes_are_told_at_once_each_on_its_line(tmp_path: Path) -> None:
    text = (SOUND / "questionnaire.yaml").read_text()
    changes = {
        'version: "1.0.0"': "version: 1.0",
        "scale: {min: 0, max: 5}": "scale: {min: 5, max: 0}",
        "aggregate: mean": "agregate: mean",
        "title: Leader, from: 4}": "title: Leader, from: 1}",
        "    weight: 2": "    weight: -2",
        "- id: trainers": "- id: training",
        '["Nobody", "A colleague", "A trainer"]': '[No, "A colleague", "A trainer"]',
        "{field: sector,": "{field: secter,",
        "cap: 2": "cap: 9",
        "            gate: 4\n": "            gate: 4\n            gate: 5\n",
    }
    lines = [text[: text.index(old)].count("\n") + 1 for old in changes]  # no change but the last adds a line
    for old, new in changes.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    path = tmp_path / "ten.yaml"
    path.write_text(text)
    told = {(p.line, p.code) for p in problems_of(path) if p.severity == "error"}
    codes = (
        "wrong-type", "scale-upside-down", "unknown-key", "bins-order", "negative-weight", "duplicate-id", "wrong-type",
        "condition-field", "cap-too-high",
    )  # fmt: skip
    wanted = set(zip(lines, codes, strict=False))
    wanted.add((lines[-1] + 1, "yaml-duplicate-key"))
    assert len(wanted) == 10
    assert wanted <= told


def test_a_file_that_is_not_text_or_too_large_or_empty_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "q.yaml"
    path.write_bytes(b"id: a\ntitle: caf\xe9\n")
    assert [(p.code, p.line) for p in problems_of(path)] == [("yaml-encoding", 2)]
    path.write_bytes(b"#" * 2_000_001)
    assert [(p.code, p.line) for p in problems_of(path)] == [("yaml-size", 0)]
    path.write_bytes(b"# nothing\n")
    assert [(p.code, p.line) for p in problems_of(path)] == [("yaml-empty", 0)]


def test_a_profile_that_begins_at_the_top_is_reached_only_when_closed_below(tmp_path: Path) -> None:
    for closed, codes in (("lower", []), ("upper", ["bins-outside"])):
        folder = tmp_path / closed
        shutil.copytree(SOUND, folder)
        text = (SOUND / "questionnaire.yaml").read_text()
        text = text.replace("title: Leader, from: 4", "title: Leader, from: 5").replace("lower", closed)
        (folder / "questionnaire.yaml").write_text(text)
        assert [p.code for p in problems_of(folder)] == codes


def test_a_geometric_mean_needs_a_scale_from_zero_and_a_sum_must_fit_into_it(tmp_path: Path) -> None:
    text = (SOUND / "questionnaire.yaml").read_text().replace("from: 0}", "from: -5}")
    path = tmp_path / "q.yaml"
    path.write_text(
        text.replace("min: 0, max: 5}\nagg", "min: -5, max: 5}\nagg").replace("aggregate: mean", "aggregate: geometric")
    )
    assert ("geometric-negative", 9) in [(p.code, p.line) for p in problems_of(path)]
    path.write_text(
        (SOUND / "questionnaire.yaml").read_text().replace("title: People", "title: People\n    aggregate: sum")
    )
    assert [(p.code, p.line, p.severity) for p in problems_of(path)] == [("sum-leaves-scale", 28, "warning")]


def test_a_long_questionnaire_needs_core_questions(tmp_path: Path) -> None:
    many = "".join(f"      - {{id: q{n}, text: Q?, evidence: E, levels: [a, b]}}\n" for n in range(20))
    text = (SOUND / "questionnaire.yaml").read_text().replace("      - id: trainers\n", many + "      - id: trainers\n")
    path = tmp_path / "q.yaml"
    path.write_text(text)
    assert problems_of(path) == ()
    path.write_text(text.replace("core: true", "core: false"))
    assert [p.code for p in problems_of(path)] == ["no-core"]


def test_a_cycle_of_three_and_another_of_two_are_both_told(tmp_path: Path) -> None:
    needs = {"a": "b", "b": "c", "c": "a", "d": "e", "e": "d"}
    many = "".join(
        f"      - {{id: {one}, text: Q?, evidence: E, levels: [x, y], applies_if: {{answer: {other}, at_least: 1}}}}\n"
        for one, other in needs.items()
    )
    path = tmp_path / "q.yaml"
    path.write_text(
        (SOUND / "questionnaire.yaml").read_text().replace("      - id: trainers\n", many + "      - id: trainers\n")
    )
    told = [p.message for p in problems_of(path) if p.code == "condition-cycle"]
    assert len(told) == 2
    assert {len(message.split(" needs ")) for message in told} == {3, 4}


def test_problems_come_file_by_file_and_line_by_line(tmp_path: Path) -> None:
    shutil.copytree(SOUND, tmp_path, dirs_exist_ok=True)
    for code in ("example-answers", "action-cost", "cap-too-high", "text-long", "gate-outside"):
        mistake = next(m for m in MEANING if m.code == code)
        path = tmp_path / mistake.file
        path.write_text(path.read_text().replace(mistake.old, mistake.new))
    problems = [(Path(p.file).name, p.line, p.code) for p in problems_of(tmp_path)]
    assert [code for *_, code in problems] == [
        "text-long",
        "cap-too-high",
        "gate-outside",
        "action-cost",
        "example-answers",
    ]


def test_mistakes_of_a_question_are_not_repeated_by_what_refers_to_it(tmp_path: Path) -> None:
    shutil.copytree(SOUND, tmp_path, dirs_exist_ok=True)
    text = (SOUND / "questionnaire.yaml").read_text()
    (tmp_path / "questionnaire.yaml").write_text(
        text.replace("options: {choose: many, of: [ERP, MES, CAD], cap: 2}", "options: [ERP]")
    )
    assert [p.code for p in problems_of(tmp_path)] == ["wrong-type"]


def test_a_near_miss_is_named() -> None:
    changes = {"aggregate: mean": "agregate: mean", "in: [making]": "in: [makin]", "{field: sector,": "{field: secter,"}
    text = (SOUND / "questionnaire.yaml").read_text()
    for old, new in changes.items():
        document, _ = read_yaml("q.yaml", text.replace(old, new).encode())
        assert document is not None
        shaped = read_shape(Questionnaire, document)
        messages = [p.message for p in shaped.problems] + [f.message for _, _, f in run_checks(Parts(shaped.value))]
        assert any("did you mean" in message for message in messages)


@pytest.mark.parametrize("scale", ["{min: 5, max: 0}", "5", "{min: 0}", '{min: "0", max: 5}'])
def test_a_wrong_scale_is_told_alone_not_at_every_score(scale: str, tmp_path: Path) -> None:
    shutil.copytree(SOUND, tmp_path, dirs_exist_ok=True)
    text = (SOUND / "questionnaire.yaml").read_text()
    (tmp_path / "questionnaire.yaml").write_text(text.replace("scale: {min: 0, max: 5}", f"scale: {scale}"))
    assert len(problems_of(tmp_path)) == 1


def test_the_refusal_of_a_definition_names_three_errors_and_where_to_find_the_rest() -> None:
    problems = [Problem("q.yaml", n, "wrong-type", "a text is needed") for n in range(1, 6)]
    warning = Problem("q.yaml", 9, "no-evidence", "none", "warning")
    assert str(InvalidDefinition(problems[:1])) == "q.yaml:1 wrong-type a text is needed"
    refusal = InvalidDefinition([warning, *problems])
    assert str(refusal).count("wrong-type") == 3
    assert str(refusal).endswith("; 2 more errors are told by 'fourward questionnaire check'")
    assert len(refusal.problems) == 6
