"""Every check of a definition: its code, the function that finds it, and how grave it is."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Literal

from questionnaires.checks import actions, conditions, examples, moves, questions, texts, tree
from questionnaires.checks.parts import Found, Parts
from questionnaires.problems import MOST
from questionnaires.publishing import SENTENCES as PUBLISHING
from questionnaires.shape import SENTENCES as FORM
from questionnaires.yaml_reader import SENTENCES as YAML
from questionnaires.yaml_reader import WARNINGS as YAML_WARNINGS

Severity = Literal["error", "warning"]
Check = Callable[[Parts], Iterable[Found]]

# The first line of a function's docstring is what the manual says about its code.
CHECKS: Mapping[str, tuple[Check, Severity]] = {
    "duplicate-id": (tree.duplicate_id, "error"),
    "reserved-id": (tree.reserved_id, "warning"),
    "node-empty": (tree.node_empty, "error"),
    "node-mixed": (tree.node_mixed, "error"),
    "single-question": (tree.single_question, "warning"),
    "group-unknown": (tree.group_unknown, "error"),
    "no-core": (tree.no_core, "warning"),
    "negative-weight": (tree.negative_weight, "error"),
    "weights-all-zero": (tree.weights_all_zero, "error"),
    "scale-upside-down": (tree.scale_upside_down, "error"),
    "bins-start": (tree.bins_start, "error"),
    "bins-order": (tree.bins_order, "error"),
    "bins-outside": (tree.bins_outside, "error"),
    "round-scale": (tree.round_scale, "error"),
    "geometric-negative": (tree.geometric_negative, "error"),
    "sum-leaves-scale": (tree.sum_leaves_scale, "warning"),
    "gate-on-dimensions": (tree.gate_on_dimensions, "error"),
    "gate-missing": (tree.gate_missing, "error"),
    "gate-stray": (tree.gate_stray, "error"),
    "gate-outside": (tree.gate_outside, "error"),
    "too-few-levels": (questions.too_few_levels, "error"),
    "equal-levels": (questions.equal_levels, "error"),
    "level-score-outside": (questions.level_score_outside, "error"),
    "level-scores-fall": (questions.level_scores_fall, "warning"),
    "option-duplicate": (questions.option_duplicate, "error"),
    "cap-too-high": (questions.cap_too_high, "error"),
    "number-bounds": (questions.number_bounds, "error"),
    "number-outside-scale": (questions.number_outside_scale, "error"),
    "points-order": (questions.points_order, "error"),
    "points-outside": (questions.points_outside, "error"),
    "points-uncovered": (questions.points_uncovered, "warning"),
    "condition-field": (conditions.condition_field, "error"),
    "condition-question": (conditions.condition_question, "error"),
    "condition-self": (conditions.condition_self, "error"),
    "condition-cycle": (conditions.condition_cycle, "error"),
    "condition-order": (conditions.condition_order, "warning"),
    "condition-test": (conditions.condition_test, "error"),
    "condition-choice": (conditions.condition_choice, "error"),
    "condition-option": (conditions.condition_option, "error"),
    "condition-bounds": (conditions.condition_bounds, "error"),
    "technology-unknown": (actions.technology_unknown, "error"),
    "action-question": (actions.action_question, "error"),
    "action-ladder": (actions.action_ladder, "error"),
    "action-levels": (actions.action_levels, "error"),
    "action-hole": (actions.action_hole, "warning"),
    "action-cost": (actions.action_cost, "error"),
    "action-sizes": (actions.action_sizes, "warning"),
    "action-currency": (actions.action_currency, "warning"),
    "action-requires": (actions.action_requires, "error"),
    "action-cycle": (actions.action_cycle, "error"),
    "action-case": (actions.action_case, "error"),
    "question-without-action": (actions.question_without_action, "warning"),
    "example-answers": (examples.example_answers, "error"),
    "example-expectation": (examples.example_expectation, "error"),
    "move-from": (moves.move_from, "error"),
    "move-unknown": (moves.move_unknown, "error"),
    "move-missing": (moves.move_missing, "error"),
    "move-kind": (moves.move_kind, "error"),
    "move-levels": (moves.move_levels, "error"),
    "move-reason": (moves.move_reason, "error"),
    "move-twice": (moves.move_twice, "error"),
    "text-long": (texts.text_long, "warning"),
    "help-long": (texts.help_long, "warning"),
    "no-evidence": (texts.no_evidence, "warning"),
}

# What is found where the files are put together, and the sentence about it.
FURTHER: Mapping[str, tuple[str, Severity]] = {
    "folder-name": ("A laid-out folder is not named as the id and version in its file say.", "error"),
    **{code: (sentence, "error") for code, sentence in PUBLISHING.items()},
    "example-missed": ("An example expects another score than comes out, by more than 0.005.", "error"),
    **{code: (sentence, "warning") for code, sentence in YAML_WARNINGS.items()},
    "missing-translation": ("A catalogue of this questionnaire lacks texts in its language.", "warning"),
}


def codes() -> Mapping[str, tuple[str, Severity]]:
    """Every code that a problem can have: the sentence about it, and how grave it is."""
    found: dict[str, tuple[str, Severity]] = {code: (sentence, "error") for code, sentence in {**YAML, **FORM}.items()}
    for code, (check, severity) in CHECKS.items():
        found[code] = ((check.__doc__ or "").partition("\n")[0], severity)
    return {**found, **FURTHER}


# With a wrong scale these would find fault with everything.
ON_THE_SCALE = frozenset(
    {
        "bins-start",
        "bins-outside",
        "round-scale",
        "geometric-negative",
        "sum-leaves-scale",
        "gate-outside",
        "level-score-outside",
    }
    | {"level-scores-fall", "number-outside-scale", "points-outside", "points-uncovered", "example-expectation"}
)


def run_checks(parts: Parts) -> Iterator[tuple[str, Severity, Found]]:
    """Everything that the checks find, with code and severity."""
    scale = parts.questionnaire.scale
    unscaled = "scale" in parts.unsure or scale.min >= scale.max
    for code, (check, severity) in CHECKS.items():
        if unscaled and code in ON_THE_SCALE:
            continue
        findings = (found for found in check(parts) if not found.about or found.about not in parts.unsure)
        for found in islice(findings, MOST):
            yield code, severity, found
