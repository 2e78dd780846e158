"""The house: rooms, names and what is not allowed anywhere."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("app", "assessment", "questionnaires", "scoring", "reports")
TRACKED = [
    ROOT / line
    for line in subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    if (ROOT / line).is_file()
]
MODULES = [f for f in TRACKED if f.suffix == ".py" and f.relative_to(ROOT).parts[0] in ROOMS]


@pytest.mark.parametrize("module", MODULES, ids=lambda f: str(f.relative_to(ROOT)))
def test_a_module_opens_with_one_line_that_says_what_it_holds(module: Path) -> None:
    docstring = ast.get_docstring(ast.parse(module.read_text()))
    assert docstring, f"{module} has no docstring"
    assert docstring.splitlines()[0].endswith((".", ":")), docstring


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty_names = {"utils", "util", "helpers", "helper", "manager", "handler", "common", "misc"}
    assert not [m for m in MODULES if m.stem in empty_names]


def test_the_code_holds_no_open_ends() -> None:
    pattern = re.compile(r"#.*\b(TODO|FIXME|XXX|HACK)\b")
    assert not [m for m in MODULES if pattern.search(m.read_text())]


def test_tests_mirror_the_rooms() -> None:
    rooms = {
        f.relative_to(ROOT / "tests").parts[0] for f in TRACKED if (ROOT / "tests") in f.parents and f.suffix == ".py"
    }
    unknown = {r for r in rooms if not r.endswith(".py")} - {*ROOMS, "bench", "migrations"}
    assert not unknown, f"tests/{unknown} mirrors no room"


def test_the_top_level_holds_only_the_rooms_and_what_tools_demand() -> None:
    allowed = {
        *ROOMS, "migrations", "tests", "docs", "pyproject.toml", "README.md", "Makefile", "LICENSE", "CHANGELOG.md",
        "requirements.txt", "requirements-dev.txt", ".gitignore", ".gitattributes", ".ci",
    }  # fmt: skip
    assert {f.relative_to(ROOT).parts[0] for f in TRACKED} <= allowed


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_pinned_package_has_a_hash_and_no_registry_is_named(lock: str) -> None:
    text = (ROOT / lock).read_text()
    entries = [e for e in re.split(r"\n(?=\S)", text) if "==" in e]
    assert len(entries) > 20
    assert not [e.split()[0] for e in entries if "--hash=sha256:" not in e]
    assert "://" not in text
    assert "--index-url" not in text


def test_styles_use_logical_properties_only() -> None:
    physical = re.compile(
        r"(margin|padding|border)-(left|right)\b|text-align:\s*(left|right)|float:\s*(left|right)|(?<![-\w])(left|right):"
    )
    found = [
        f"{f.relative_to(ROOT)}:{number}"
        for f in TRACKED
        if f.suffix in (".css", ".html") and f.relative_to(ROOT).parts[0] in ROOMS
        for number, line in enumerate(f.read_text().splitlines(), 1)
        if physical.search(line)
    ]
    assert not found
