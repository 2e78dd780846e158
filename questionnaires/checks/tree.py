"""Checks of the tree: ids, nodes, weights, aggregation rules, gates, the scale and the profiles."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from questionnaires.checks.parts import Found, Parts
from questionnaires.documents import Part, Place
from questionnaires.rounding import on_paper
from questionnaires.schema import Dimension, Question
from questionnaires.wording import did_you_mean


class _Named(Protocol):
    @property
    def id(self) -> str: ...


def duplicate_id(parts: Parts) -> Iterator[Found]:
    """Two dimensions, questions, fields, profiles, actions or cases have the same id."""
    q = parts.questionnaire
    yield from _repeated("dimension", parts.nodes, "questionnaire")
    yield from _repeated("question", parts.questions, "questionnaire")
    yield from _repeated("field", [(("fields", i), f) for i, f in enumerate(q.fields)], "questionnaire")
    bins = [(("profiles", "bins", i), b) for i, b in enumerate(q.profiles.bins)]
    yield from _repeated("profile", bins, "questionnaire")
    yield from _repeated("action", parts.listed_actions, "actions")
    yield from _repeated("case", [(("cases", i), c) for i, c in enumerate(parts.own_cases)], "cases")


def _repeated(kind: str, things: Sequence[tuple[Place, _Named]], part: Part) -> Iterator[Found]:
    seen: set[str] = set()
    for place, thing in things:
        if thing.id in seen:
            yield Found((*place, "id"), f"another {kind} already has the id '{thing.id}'; give this one its own", part)
        seen.add(thing.id)


def reserved_id(parts: Parts) -> Iterator[Found]:
    """An example could not tell a dimension from a question, from the overall score or from the profile."""
    dimensions = {node.id for _, node in parts.nodes}
    for place, node in parts.nodes:
        if node.id in ("overall", "profile"):
            yield Found((*place, "id"), f"'{node.id}' has a meaning of its own in examples; choose another id")
    for place, question in parts.questions:
        if question.id in dimensions:
            yield Found(
                (*place, "id"), f"a dimension also has the id '{question.id}'; examples then mean the dimension"
            )


def node_empty(parts: Parts) -> Iterator[Found]:
    """A dimension has neither dimensions nor questions, so it can never have a score."""
    if not parts.questionnaire.dimensions:
        yield Found(("dimensions",), "the questionnaire has no dimensions; give it at least one with a question")
    for place, node in parts.nodes:
        if not node.dimensions and not node.questions:
            yield Found(place, f"dimension '{node.id}' has neither dimensions nor questions; give it some or remove it")


def node_mixed(parts: Parts) -> Iterator[Found]:
    """A dimension has both dimensions and questions; it may have only one of them."""
    for place, node in parts.nodes:
        if node.dimensions and node.questions:
            message = f"dimension '{node.id}' has dimensions and questions; put its questions into a dimension below it"
            yield Found((*place, "questions"), message)


def single_question(parts: Parts) -> Iterator[Found]:
    """A dimension rests on one question only."""
    for place, node in parts.nodes:
        if len(node.questions) == 1 and not node.dimensions:
            yield Found(place, f"dimension '{node.id}' rests on a single question; two or more are surer")


def group_unknown(parts: Parts) -> Iterator[Found]:
    """A question or a dimension names a group that the list of groups does not have."""
    known = parts.questionnaire.groups
    named = [
        *((place, node.groups) for place, node in parts.nodes),
        *((at, each.groups) for at, each in parts.questions),
    ]
    for place, groups in named:
        for number, group in enumerate(groups):
            if group not in known:
                message = f"there is no group '{group}'{did_you_mean(group, known) or '; list it under groups'}"
                yield Found((*place, "groups", number), message)


def no_core(parts: Parts) -> Iterator[Found]:
    """A long questionnaire has no short first pass: no question is marked as core."""
    if len(parts.questions) >= 15 and not any(question.core for _, question in parts.questions):
        yield Found(("dimensions",), "no question is marked 'core: true', so there is no short first pass")


def negative_weight(parts: Parts) -> Iterator[Found]:
    """A weight is below 0."""
    for place, thing in _weighted(parts):
        if thing.weight < 0:
            yield Found((*place, "weight"), f"the weight of '{thing.id}' is {thing.weight:g}; it must be 0 or more")


def weights_all_zero(parts: Parts) -> Iterator[Found]:
    """All siblings have weight 0, so nothing can be averaged."""
    families: list[tuple[Place, Sequence[Dimension | Question]]] = [((), parts.questionnaire.dimensions)]
    families += [(place, node.dimensions or node.questions) for place, node in parts.nodes]
    for place, family in families:
        if family and all(thing.weight == 0 for thing in family):
            inside = "questions" if isinstance(family[0], Question) else "dimensions"
            yield Found((*place, inside, 0, "weight"), "all weights here are 0; at least one must be more")


def _weighted(parts: Parts) -> Iterator[tuple[Place, Dimension | Question]]:
    yield from parts.nodes
    yield from parts.questions


def scale_upside_down(parts: Parts) -> Iterator[Found]:
    """The lowest score of the scale is not below the highest."""
    scale = parts.questionnaire.scale
    if scale.min >= scale.max:
        yield Found(("scale",), f"the scale runs from {scale.min:g} to {scale.max:g}; min must be below max")


def bins_start(parts: Parts) -> Iterator[Found]:
    """The first profile does not begin at the bottom of the scale, so low scores have no profile."""
    first, scale = parts.questionnaire.profiles.bins[0], parts.questionnaire.scale
    if first.from_ != scale.min:
        message = (
            f"the first profile begins at {first.from_:g}; it must begin at the bottom of the scale, {scale.min:g}"
        )
        yield Found(("profiles", "bins", 0, "from"), message)


def bins_order(parts: Parts) -> Iterator[Found]:
    """A profile does not begin above the one before it."""
    bins = parts.questionnaire.profiles.bins
    for number in range(1, len(bins)):
        if bins[number].from_ <= bins[number - 1].from_:
            message = (
                f"profile '{bins[number].id}' begins at {bins[number].from_:g}, not above "
                f"{bins[number - 1].from_:g} where '{bins[number - 1].id}' begins; list the lowest first"
            )
            yield Found(("profiles", "bins", number, "from"), message)


def bins_outside(parts: Parts) -> Iterator[Found]:
    """A profile begins beyond the top of the scale, where no score can be."""
    top, profiles = parts.questionnaire.scale.max, parts.questionnaire.profiles
    for number, one in enumerate(profiles.bins[1:], 1):
        if one.from_ > top or (one.from_ == top and profiles.closed == "upper"):
            message = f"no score can reach profile '{one.id}': it begins at {one.from_:g} and the scale ends at {top:g}"
            yield Found(("profiles", "bins", number, "from"), message)


def round_scale(parts: Parts) -> Iterator[Found]:
    """An end of the scale has more decimals than scores are rounded to, so a stored score could leave the scale."""
    q = parts.questionnaire
    if q.round is None:
        return
    for end in (q.scale.min, q.scale.max):
        if float(on_paper(end, q.round)) != end:
            message = f"the scale ends at {end:g}, which 'round: {q.round}' would store as {on_paper(end, q.round)}"
            yield Found(("round",), f"{message}; allow more decimals")


def geometric_negative(parts: Parts) -> Iterator[Found]:
    """A geometric mean is asked for on a scale with negative scores, where it does not exist."""
    questionnaire = parts.questionnaire
    if questionnaire.scale.min >= 0:
        return
    message = "a geometric mean needs a scale that starts at 0 or above"
    if questionnaire.aggregate == "geometric":
        yield Found(("aggregate",), message)
    for place, node in parts.nodes:
        if node.aggregate == "geometric":
            yield Found((*place, "aggregate"), message)


def sum_leaves_scale(parts: Parts) -> Iterator[Found]:
    """The parts of a sum can add up to more than the scale holds; what is above its end is cut off."""
    questionnaire = parts.questionnaire
    top = questionnaire.scale.max
    families: list[tuple[Place, Sequence[Dimension | Question]]] = []
    if questionnaire.aggregate == "sum":
        families.append((("aggregate",), questionnaire.dimensions))
    families += [
        ((*place, "aggregate" if node.aggregate else "id"), node.dimensions or node.questions)
        for place, node in parts.nodes
        if questionnaire.rule_of(node) == "sum"
    ]
    for place, family in families:
        most = sum(thing.weight * _best(thing, top) for thing in family)
        if most > top + 1e-9 * abs(top):
            message = f"the sum can reach {most:g} but the scale ends at {top:g}; lower the weights or the scores"
            yield Found(place, message)


def _best(thing: Dimension | Question, top: float) -> float:
    """The highest score that a question's own levels or points allow; the top of the scale for all else."""
    if isinstance(thing, Question) and thing.levels and all(level.score is not None for level in thing.levels):
        return max(level.score for level in thing.levels if level.score is not None)
    if isinstance(thing, Question) and thing.number:
        steps = thing.number.score or thing.number.bands
        return max(score for _, score in steps) if steps else min(thing.number.max, top)
    return top


def gate_on_dimensions(parts: Parts) -> Iterator[Found]:
    """A gate is asked for in a dimension that holds dimensions; only questions can be gates."""
    for place, node in parts.nodes:
        if node.aggregate == "gate" and node.dimensions:
            yield Found((*place, "aggregate"), f"dimension '{node.id}' holds dimensions; a gate needs questions")


def gate_missing(parts: Parts) -> Iterator[Found]:
    """A question in a dimension with gates does not say which level it is a gate to."""
    for place, question, node in _in_nodes(parts):
        if parts.questionnaire.rule_of(node) == "gate" and question.gate is None:
            message = f"question '{question.id}' needs 'gate:' with the level it belongs to, as '{node.id}' is a gate"
            yield Found(place, message)


def gate_stray(parts: Parts) -> Iterator[Found]:
    """A question has gate or met_at although its dimension is not aggregated by gate."""
    for place, question, node in _in_nodes(parts):
        for key, value in (("gate", question.gate), ("met_at", question.met_at)):
            if parts.questionnaire.rule_of(node) != "gate" and value is not None:
                message = f"'{key}' does nothing here; remove it, or give dimension '{node.id}' 'aggregate: gate'"
                yield Found((*place, key), message)


def gate_outside(parts: Parts) -> Iterator[Found]:
    """A gate's level, or the score at which it counts as met, lies outside the scale."""
    scale = parts.questionnaire.scale
    for place, question in parts.questions:
        for key, value in (("gate", question.gate), ("met_at", question.met_at)):
            if value is not None and not scale.min <= value <= scale.max:
                message = f"'{key}' is {value:g}; it must lie on the scale, {scale.min:g} to {scale.max:g}"
                yield Found((*place, key), message)


def _in_nodes(parts: Parts) -> Iterator[tuple[Place, Question, Dimension]]:
    for place, node in parts.nodes:
        for number, question in enumerate(node.questions):
            yield (*place, "questions", number), question, node
