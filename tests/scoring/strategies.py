"""Random questionnaires and answers: trees, weights, rules, conditions, every kind of answer, every policy."""

from typing import Any

from hypothesis import strategies as st

from questionnaires.answers import Answers
from questionnaires.schema import Question, Questionnaire
from tests.scoring.building import build

RULES = ["mean", "geometric", "minimum", "maximum", "sum", "gate"]
SCALES = [(0, 5), (0, 100), (1, 5), (0, 4), (0, 10)]
WEIGHTS = [0, 0.1, 0.175, 0.5, 1, 1, 1, 2, 3, 30]
OPTIONS = ["ERP", "MES", "PLM", "CAD", "CAM", "APS"]


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    low, high = draw(st.sampled_from(SCALES))
    kinds = draw(st.lists(_kinds(low, high), min_size=1, max_size=10))
    questions = [{"id": f"q{i}", "text": f"Question {i}?", **kind} for i, kind in enumerate(kinds)]
    ranks = draw(st.permutations(range(len(questions))))  # a question may depend on one of a lower rank only
    for i, rank in enumerate(ranks):
        others = [questions[j] for j, other in enumerate(ranks) if other < rank]
        if draw(st.integers(0, 2)) == 0:
            questions[i]["applies_if"] = draw(_conditions(others))
    edges = draw(st.lists(st.sampled_from([low + (high - low) * k / 8 for k in range(1, 8)]), unique=True, max_size=4))
    return build(
        draw(_forest(questions)),
        scale={"min": low, "max": high},
        aggregate=draw(st.sampled_from(RULES)),
        missing=draw(st.sampled_from(["exclude", "exclude", "lowest"])),
        round=draw(st.sampled_from([None, None, 0, 1, 2])),
        profiles={
            "closed": draw(st.sampled_from(["lower", "upper"])),
            "bins": [{"id": f"b{i}", "title": f"b{i}", "from": e} for i, e in enumerate([low, *sorted(edges)])],
        },
        fields=[
            {"id": "sector", "text": "Sector", "choices": {"goods": "Goods", "services": "Services"}},
            {"id": "staff", "text": "Staff", "number": {"min": 0}},
        ],
    )


@st.composite
def answers_to(draw: st.DrawFn, questionnaire: Questionnaire) -> Answers:
    given: dict[str, Any] = {}
    for question in questionnaire.questions.values():
        word = draw(st.sampled_from(["answer", "answer", "answer", "answer", "unknown", "not_applicable", "nothing"]))
        if word == "answer":
            given[question.id] = draw(_answers(question))
        elif word != "nothing":
            given[question.id] = word
    profile = {
        "sector": draw(st.sampled_from(["goods", "services", None])),
        "staff": draw(st.sampled_from([1.0, 42.0, 250.0, None])),
    }
    return Answers({k: v for k, v in profile.items() if v is not None}, given)


def _answers(question: Question) -> st.SearchStrategy[Any]:
    if question.levels is not None:
        return st.integers(0, len(question.levels) - 1)
    if question.options is not None:
        return st.lists(st.sampled_from(question.options.of), unique=True).map(tuple)
    assert question.number is not None
    return st.one_of(
        st.integers(int(question.number.min), int(question.number.max)),
        st.integers(0, 16).map(lambda k: question.number.min + (question.number.max - question.number.min) * k / 16),  # type: ignore[union-attr]
    )


def _kinds(low: int, high: int) -> st.SearchStrategy[dict[str, Any]]:
    scores = st.sampled_from([low + (high - low) * k / 20 for k in range(21)])
    level = st.one_of(st.none(), scores)
    levels = st.lists(level, min_size=2, max_size=6).map(
        lambda given: [
            {"text": f"Level {i}.", **({} if score is None else {"score": score})} for i, score in enumerate(given)
        ]
    )
    options = st.tuples(st.integers(1, 6), st.sampled_from([None, 1, 2, 3, 10])).map(
        lambda t: {"of": OPTIONS[: t[0]], **({} if t[1] is None else {"cap": t[1]})}
    )
    stairs = st.lists(st.tuples(st.integers(-5, 105), scores), min_size=2, max_size=5, unique_by=lambda p: p[0]).map(
        sorted
    )
    numbers = st.one_of(
        st.just({"min": low, "max": high}),
        st.just({"min": low - 10, "max": high + 10}),
        stairs.map(lambda points: {"min": 0, "max": 100, "score": points}),
        stairs.map(lambda bands: {"min": 0, "max": 100, "bands": bands}),
    )
    return st.tuples(
        st.one_of(
            levels.map(lambda v: {"levels": v}),
            options.map(lambda v: {"options": v}),
            numbers.map(lambda v: {"number": v}),
        ),
        st.sampled_from(WEIGHTS),
        st.sampled_from([None, low, low + 1, low + 2, high]),
        st.sampled_from([None, None, low, (low + high) / 2]),
    ).map(lambda t: {**t[0], "weight": t[1], **({} if t[2] is None else {"gate": t[2]}), "met_at": t[3]})


def _conditions(others: list[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    field = st.sampled_from(
        [
            {"field": "sector", "in": ["services"]},
            {"field": "sector", "in": ["services", "goods"]},
            {"field": "staff", "at_least": 42},
            {"field": "staff", "at_most": 42},
            {"field": "staff", "at_least": 2, "at_most": 100},
        ]
    )
    statements = st.one_of(field, *[_statements(other) for other in others])
    return st.recursive(
        statements,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
            inner.map(lambda part: {"not": part}),
        ),
        max_leaves=4,
    )


def _statements(other: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    bounds = st.sampled_from([{"at_least": 1}, {"at_most": 1}, {"at_least": 2, "at_most": 3}])
    tests: list[st.SearchStrategy[dict[str, Any]]] = [bounds]
    if "options" in other:
        offered = st.sampled_from(other["options"]["of"])
        tests.append(offered.map(lambda option: {"includes": option}))
        tests.append(st.lists(offered, min_size=1, max_size=2, unique=True).map(lambda some: {"in": some}))
    if "levels" in other:
        tests.append(st.sampled_from(other["levels"]).map(lambda level: {"in": [level["text"]]}))
    return st.one_of(tests).map(lambda test: {"answer": other["id"], **test})


@st.composite
def _forest(draw: st.DrawFn, questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The questions, in their order, as leaves of a random tree."""
    leaves: list[dict[str, Any]] = []
    rest = list(questions)
    while rest:
        size = draw(st.integers(1, len(rest)))
        leaves.append({"questions": rest[:size]})
        rest = rest[size:]
    nodes = leaves
    for _ in range(draw(st.integers(0, 2))):  # each round puts a roof over some neighbours
        first = draw(st.integers(0, len(nodes) - 1))
        last = draw(st.integers(first + 1, len(nodes)))
        nodes = [*nodes[:first], {"dimensions": nodes[first:last]}, *nodes[last:]]
    counter = iter(range(100))
    return [_named(draw, node, counter) for node in nodes]


def _named(draw: st.DrawFn, node: dict[str, Any], counter: Any) -> dict[str, Any]:
    name = f"d{next(counter)}"
    rule = draw(st.sampled_from([None, None, *RULES]))
    children = (
        {"dimensions": [_named(draw, child, counter) for child in node["dimensions"]]} if "dimensions" in node else node
    )
    return {"id": name, "title": name, "weight": draw(st.sampled_from(WEIGHTS)), "aggregate": rule, **children}
