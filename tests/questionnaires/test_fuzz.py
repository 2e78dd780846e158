"""Whatever stands in a file, its author reads problems: nothing crashes, nothing takes long."""

import contextlib
import copy
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires.answers import UnreadableJson, parse_json, read_answers
from questionnaires.documents import Place
from questionnaires.loader import check_definition, load_definition
from questionnaires.problems import InvalidAnswers, InvalidDefinition
from questionnaires.yaml_reader import read_yaml
from tests.questionnaires.mistakes import SOUND

FILES = ("questionnaire.yaml", "actions.yaml", "examples.yaml", "cases.yaml")
SOUND_VALUES = {name: read_yaml(name, (SOUND / name).read_bytes())[0].value for name in FILES}  # type: ignore[union-attr]
WORDS = sorted({str(key) for value in SOUND_VALUES.values() for key in json.dumps(value).replace('"', " ").split()})
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(WORDS)
    | st.sampled_from(["", "No", "people", "training", "{}", "&a", "*a", "!x", "2026-11-22", "é", "\x07"])
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
FUZZ = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), database=None)


def places(value: Any, place: Place = ()) -> list[Place]:
    """Every place inside a value, its own first."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(p for key, inner in inside for p in places(inner, (*place, key)))]


def at(value: Any, place: Place) -> Any:
    for step in place:
        value = value[step]
    return value


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """The sound files with one to four values deleted, replaced, moved or repeated."""
    files = copy.deepcopy(SOUND_VALUES)
    for _ in range(draw(st.integers(1, 4))):
        name = draw(st.sampled_from(FILES))
        found = [p for p in places(files[name]) if p]
        if not found:
            continue
        place = draw(st.sampled_from(found))
        holder = at(files[name], place[:-1])
        match draw(st.sampled_from(["delete", "replace", "repeat", "move", "rename"])):
            case "delete":
                del holder[place[-1]]
            case "replace":
                holder[place[-1]] = draw(values)
            case "move":
                holder[place[-1]] = copy.deepcopy(at(files[name], draw(st.sampled_from(found))))
            case "repeat" if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[place[-1]]))  # type: ignore[arg-type]
            case _ if isinstance(holder, dict):
                holder[draw(st.sampled_from(WORDS))] = holder.pop(place[-1])  # type: ignore[arg-type]
    return files


@FUZZ
@given(files=mutated())
def test_a_mutated_definition_gives_problems_or_a_definition_within_a_second(
    files: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("mutated")
    for name, value in files.items():
        (folder / name).write_text(json.dumps(value), encoding="utf-8")  # JSON is YAML, and keeps every type
    begin = time.process_time()
    checked = check_definition(folder)
    assert time.process_time() - begin < 1
    assert (checked.definition is None) == any(p.severity == "error" for p in checked.problems)
    assert all(p.message and p.code and p.line >= 0 for p in checked.problems)
    if checked.definition is None:
        with pytest.raises(InvalidDefinition):
            load_definition(folder)


@FUZZ
@given(
    start=st.integers(0, 3000),
    length=st.integers(0, 40),
    new=st.binary(max_size=12)
    | st.sampled_from([b"\t", b": ", b"- ", b"[", b"{", b"'", b'"', b"&a ", b"*a", b"---\n", b"? "]),
)
def test_damaged_bytes_give_problems_or_a_definition(
    start: int, length: int, new: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    sound = (SOUND / "questionnaire.yaml").read_bytes()
    start %= len(sound)
    path = tmp_path_factory.mktemp("damaged") / "some.yaml"
    path.write_bytes(sound[:start] + new + sound[start + length :])
    check_definition(path)


@FUZZ
@given(
    data=values
    | st.fixed_dictionaries(
        {
            "profile": values,
            "answers": values
            | st.dictionaries(st.sampled_from(["training", "systems", "connected", "rating", "sector"]), values),
        }
    )
)
def test_any_value_is_answers_or_a_refusal(data: Any) -> None:
    questionnaire = load_definition(SOUND).questionnaire
    with contextlib.suppress(InvalidAnswers):
        read_answers(questionnaire, data)


@FUZZ
@given(data=st.binary(max_size=60) | values.map(lambda v: json.dumps(v).encode()))
def test_any_bytes_are_json_or_a_refusal(data: bytes) -> None:
    with contextlib.suppress(UnreadableJson):
        parse_json(data)


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 100_000,
        "a:\n" + "".join(f"{' ' * n}a:\n" for n in range(1, 3000)),
        "x: " + "y" * 1_900_000,
        "- a\n" * 400_000,
        "a: b\n" * 300_000,
        "dimensions:\n" + "  - {id: a, title: b, questions: [{id: c, text: d, levels: [No, Yes]}]}\n" * 20_000,
        "".join(f"k{n}: x\n" for n in range(150_000)),
        "? " * 500_000,
        "'" * 1_000_000,
        "{" * 500_000,
        "a: |\n" + "  x\n" * 300_000,
        "&a " * 300_000,
        "!!x " * 300_000,
    ],
    ids=lambda t: t[:20],
)
def test_large_nonsense_is_refused_in_seconds(text: str, tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text(text, encoding="utf-8")
    begin = time.process_time()
    checked = check_definition(path)
    assert checked.definition is None
    assert len(checked.problems) < 5000
    assert time.process_time() - begin < 10
