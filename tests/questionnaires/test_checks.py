"""Every mistake is found by its code, on its line, and nothing else is said about a sound definition."""

import shutil
from pathlib import Path

import pytest

from questionnaires.checks import CHECKS
from questionnaires.loader import check_definition
from questionnaires.problems import Problem
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
