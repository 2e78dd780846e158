"""One mistake per code: what to change in the sound definition so that exactly this is wrong with it.

The line where the problem must be told is the one that holds `at` or `# here`, else the first one that differs.
"""

from dataclasses import dataclass
from pathlib import Path

SOUND = Path(__file__).parent / "sound"
DRILLS = """          - id: safety.drills
            text: Are drills held?
            evidence: Dates of drills
            gate: 4
            levels: ["No", "Yes"]
"""
ZERO = "{id: zero, title: Zero, questions: [{id: z, text: Z, evidence: Z, weight: 0, levels: [a, b]}]} # here"
ACTION = "    months: 1\n  - id: hold-drills"


@dataclass(frozen=True, slots=True)
class Mistake:
    code: str
    old: str
    new: str
    file: str = "questionnaire.yaml"
    at: str = ""  # the line that holds this, where the change itself is elsewhere

    def made(self) -> tuple[str, int]:
        """The text of the file with the mistake, and the line where it is."""
        sound = (SOUND / self.file).read_text(encoding="utf-8")
        assert sound.count(self.old) == 1, (self.code, sound.count(self.old))
        text = sound.replace(self.old, self.new)
        lines = text.splitlines()
        marked = [number for number, line in enumerate(lines, 1) if "# here" in line]
        differs = (n for n, (a, b) in enumerate(zip(sound.splitlines(), lines, strict=False), 1) if a != b)
        at = [number for number, line in enumerate(lines, 1) if self.at and self.at in line]
        return text, (at or marked or list(differs))[0]


READING = (
    Mistake("yaml-control-character", "title: People", "title: Peo\x07ple"),
    Mistake("yaml-control-character", "title: People", 'title: "Peo\\0ple"'),
    Mistake("yaml-syntax", "title: People", "title: People: all"),
    Mistake("yaml-syntax", "text: Who trains?", "text: 'Who trains?"),
    Mistake("yaml-syntax", "technologies: [sensors]", "technologies: [sensors", at="levels:"),
    Mistake("yaml-syntax", "    weight: 2", "\tweight: 2"),
    Mistake("yaml-syntax", "- Some are trained.", '- "Some" are trained.'),
    Mistake("yaml-syntax", "- Some are trained.", "- > half are trained."),
    Mistake("yaml-documents", "dimensions:\n  - id: people", "---\ndimensions:\n  - id: people"),
    Mistake("yaml-depth", "technologies: [sensors]", f"technologies: {'[' * 20}{']' * 20}"),
    Mistake("yaml-alias", "text: Who trains?", "text: &who Who trains?"),
    Mistake("yaml-alias", "text: Who trains?", "text: *who"),
    Mistake("yaml-tag", "text: Who trains?", "text: !!str Who trains?"),
    Mistake("yaml-tag", "text: Who trains?", "text: !!python/object/apply:os.system [x]"),
    Mistake("yaml-duplicate-key", "    title: People\n", "    title: People\n    title: Persons # here\n"),
    Mistake("yaml-key", "choices: {making", "choices: {no: Nothing, making"),
    Mistake("yaml-key", "choices: {making", "choices: {[a, b]: Nothing, making"),
    Mistake("yaml-number", "    weight: 2", "    weight: .inf"),
    Mistake("yaml-number", "    weight: 2", "    weight: .nan"),
    Mistake("yaml-number", "    weight: 2", "    weight: 1e400"),
)
SHAPE = (
    Mistake("unknown-key", "aggregate: mean", "agregate: mean"),
    Mistake("unknown-key", "        core: true", "        coer: true"),
    Mistake("unknown-key", "    currency: EUR", "    currency: EUR\n    colour: red # here", "actions.yaml"),
    Mistake("not-allowed", "cost: {micro: [0, 100]", "cost: {tiny: [0, 100], micro: [0, 100]", "actions.yaml"),
    Mistake("unknown-key", "profiles:\n", "<<: {round: 1}\nprofiles:\n"),
    Mistake(
        "unknown-key", "    - {id: learner, title: Learner, from: 2}", "    - {id: learner, title: Learner, from_: 2}"
    ),
    Mistake("missing-key", "  - id: people\n    title: People", "  - id: people # here"),
    Mistake("missing-key", "    currency: EUR\n", "", "actions.yaml", at="- id: plan-training"),
    Mistake("wrong-type", 'version: "1.0.0"', "version: 1.0"),
    Mistake("wrong-type", 'version: "1.0.0"', "version: 1.0.0"),
    Mistake("wrong-type", 'published: "2026-11-22"', "published: 2026-11-22"),
    Mistake("wrong-type", 'levels: ["Nobody", "A colleague"', 'levels: [No, "A colleague"'),
    Mistake("wrong-type", 'levels: ["Nobody", "A colleague"', 'levels: [3, "A colleague"'),
    Mistake("wrong-type", "text: Who trains?", "text: Yes"),
    Mistake("wrong-type", "    weight: 2", '    weight: "2"'),
    Mistake("wrong-type", "    weight: 2", "    weight: 1,5"),
    Mistake("wrong-type", "    weight: 2", "    weight: true"),
    Mistake("wrong-type", "    weight: 2", "    weight:"),
    Mistake("wrong-type", "core: true", "core: 1"),
    Mistake("wrong-type", "cap: 2", "cap: 2.0"),
    Mistake("wrong-type", "technologies: [sensors]", "technologies: sensors"),
    Mistake("wrong-type", "scale: {min: 0, max: 5}", "scale: 5"),
    Mistake("wrong-type", "year: 2026", 'year: "2026"'),
    Mistake(
        "wrong-type",
        "    days: 3\n    months: 1\n  - id: hold",
        "    days: 3 days\n    months: 1\n  - id: hold",
        "actions.yaml",
    ),
    Mistake("malformed-id", "id: small-workshop", "id: Small workshop"),
    Mistake("malformed-id", "id: small-workshop", "id: s"),
    Mistake("malformed-id", "- id: rating", "- id: Rating"),
    Mistake("malformed-version", 'version: "1.0.0"', 'version: "one"'),
    Mistake("malformed-date", 'published: "2026-11-22"', 'published: "22.11.2026"'),
    Mistake("malformed-date", 'published: "2026-11-22"', 'published: "2026-02-30"'),
    Mistake("malformed-language", "language: en", "language: English"),
    Mistake("malformed-code", "    currency: EUR", "    currency: euro", "actions.yaml"),
    Mistake("malformed-code", "country: MY", "country: Malaysia", "cases.yaml"),
    Mistake("not-allowed", "aggregate: mean", "aggregate: average"),
    Mistake("not-allowed", "asked_in: [firm, workshop]", "asked_in: [firms]"),
    Mistake("not-allowed", "basis: illustrative", "basis: invented"),
    Mistake("not-allowed", "enabler: skills", "enabler: people", "actions.yaml"),
    Mistake("out-of-range", "competitiveness: 1", "competitiveness: 9", "actions.yaml"),
    Mistake("out-of-range", "cap: 2", "cap: 0"),
    Mistake("out-of-range", "aggregate: mean", "round: 12\naggregate: mean"),
    Mistake("empty-text", "text: Who trains?", 'text: "  "'),
    Mistake("text-too-long", "text: Who trains?", f"text: {'x' * 5001}"),
    Mistake("wrong-length", "[50, 4]", "[50, 4, 3]"),
    Mistake("wrong-length", "[[0, 0], [50, 4], [100, 5]]", "[[0, 0]]"),
    Mistake("wrong-length", "micro: [0, 100]", "micro: [0]", "actions.yaml"),
    Mistake("wrong-length", "of: [ERP, MES, CAD]", "of: []"),
    Mistake("question-kind", "          - id: rating\n", "          - id: rating # here\n            levels: [a, b]\n"),
    Mistake("question-kind", '        levels: ["Nobody", "A colleague", "A trainer"]\n', "", at="- id: trainers"),
    Mistake("field-kind", "text: Full-time employees, number: {min: 0, max: 5000}}", "text: Full-time employees}"),
    Mistake("number-rule", "[100, 5]]}", "[100, 5]], bands: [[0, 0]]}"),
    Mistake("condition-form", "{field: sector, in: [making]}", "{field: sector}"),
    Mistake("condition-form", "{field: sector, in: [making]}", "{field: sector, answer: training, at_least: 1}"),
    Mistake(
        "condition-form", "{not: {answer: connected, at_most: 10}}", "{not: {answer: connected, at_most: 10}, in: [x]}"
    ),
)
MEANING = (
    Mistake("duplicate-id", "- id: trainers", "- id: training"),
    Mistake("duplicate-id", "- id: safety\n", "- id: people\n"),
    Mistake("duplicate-id", "{id: employees,", "{id: sector,"),
    Mistake("duplicate-id", "{id: leader,", "{id: learner,"),
    Mistake("duplicate-id", "- id: write-rules\n", "- id: plan-training\n", "actions.yaml"),
    Mistake("reserved-id", "- id: machines", "- id: overall"),
    Mistake("reserved-id", "- id: machines", "- id: rating", at="          - id: rating"),
    Mistake("node-empty", "  - id: plant\n", "  - {id: empty, title: Empty} # here\n  - id: plant\n"),
    Mistake(
        "node-mixed",
        "    dimensions:\n      - id: machines",
        "    questions: # here\n      - {id: a, text: b, levels: [c, d]}\n    dimensions:\n      - id: machines",
    ),
    Mistake("single-question", DRILLS, "", at="- id: safety"),
    Mistake("negative-weight", "    weight: 2", "    weight: -2"),
    Mistake("negative-weight", "        weight: 1", "        weight: -0.5"),
    Mistake("weights-all-zero", "  - id: plant\n", f"  - {ZERO}\n  - id: plant\n"),
    Mistake("scale-upside-down", "scale: {min: 0, max: 5}", "scale: {min: 5, max: 0}"),
    Mistake("bins-start", "title: Beginner, from: 0}", "title: Beginner, from: 1}"),
    Mistake("bins-start", "title: Beginner, from: 0}", "title: Beginner, from: -1}"),
    Mistake("bins-order", "title: Leader, from: 4}", "title: Leader, from: 2}"),
    Mistake("bins-outside", "title: Leader, from: 4}", "title: Leader, from: 6}"),
    Mistake("round-scale", "scale: {min: 0, max: 5}\n", "round: 0\nscale: {min: 0, max: 5.5}\n", at="round: 0"),
    Mistake("gate-on-dimensions", "    title: Plant\n", "    title: Plant\n    aggregate: gate # here\n"),
    Mistake("gate-missing", "            gate: 4\n", "", at="- id: safety.drills"),
    Mistake("gate-stray", "          - id: rating\n", "          - id: rating\n            gate: 3 # here\n"),
    Mistake("gate-stray", "          - id: rating\n", "          - id: rating\n            met_at: 3 # here\n"),
    Mistake("gate-outside", "            gate: 4\n", "            gate: 7\n"),
    Mistake("gate-outside", "            met_at: 5\n", "            met_at: -1\n"),
    Mistake("too-few-levels", '["Nobody", "A colleague", "A trainer"]', '["Nobody"]'),
    Mistake("equal-levels", '["Nobody", "A colleague", "A trainer"]', '["Nobody", "A colleague", "a  colleague"]'),
    Mistake("level-score-outside", "trained., score: 5}", "trained., score: 50}"),
    Mistake("level-scores-fall", "trained., score: 5}", "trained., score: 1}"),
    Mistake("option-duplicate", "of: [ERP, MES, CAD]", "of: [ERP, MES, mes]"),
    Mistake("cap-too-high", "cap: 2", "cap: 4"),
    Mistake("number-bounds", "number: {min: 0, max: 100,", "number: {min: 100, max: 0,"),
    Mistake("number-bounds", "number: {min: 0, max: 5000}", "number: {min: 0, max: 0}"),
    Mistake("number-outside-scale", "number: {min: 0, max: 5}\n", "number: {min: 0, max: 10}\n"),
    Mistake("points-order", "[50, 4]", "[0, 4]"),
    Mistake("points-outside", "[50, 4]", "[50, 40]"),
    Mistake("points-uncovered", "[100, 5]]", "[90, 5]]"),
    Mistake("points-uncovered", "score: [[0, 0], [50, 4], [100, 5]]", "bands: [[5, 1], [50, 4]]"),
    Mistake("condition-field", "{field: sector,", "{field: secter,"),
    Mistake("condition-question", "{answer: connected,", "{answer: conected,"),
    Mistake("condition-self", "{answer: connected, at_most: 10}", "{answer: rating, at_most: 1}"),
    Mistake(
        "condition-cycle",
        "            evidence: Licences\n",
        "            evidence: Licences\n            applies_if: {answer: connected, at_least: 1} # here\n",
    ),
    Mistake(
        "condition-order",
        "        weight: 1\n",
        "        weight: 1\n        applies_if: {answer: safety.rules, at_least: 1} # here\n",
    ),
    Mistake("condition-test", "{field: sector, in: [making]}", "{field: sector, at_least: 2}"),
    Mistake("condition-test", "{field: sector, in: [making]}", "{field: employees, in: [making]}"),
    Mistake("condition-test", "{answer: training, at_least: 1}", "{answer: training, in: [Nobody is trained.]}"),
    Mistake("condition-test", "{answer: connected, at_most: 10}", "{answer: connected, includes: ten}"),
    Mistake("condition-choice", "in: [making]", "in: [baking]"),
    Mistake("condition-option", "includes: MES", "includes: PLM"),
    Mistake("condition-option", "includes: MES", "in: [MES, PLM]"),
    Mistake("condition-bounds", "{answer: training, at_least: 1}", "{answer: training, at_least: 3}"),
    Mistake("condition-bounds", "{answer: training, at_least: 1}", "{answer: training, at_least: 1.5}"),
    Mistake("condition-bounds", "{answer: training, at_least: 1}", "{answer: training, at_least: 2, at_most: 1}"),
    Mistake("condition-bounds", "{answer: systems, at_least: 2}", "{answer: systems, at_least: 4}"),
    Mistake("condition-bounds", "{answer: connected, at_most: 10}", "{answer: connected, at_least: 101}"),
    Mistake("condition-bounds", "{field: sector, in: [making]}", "{field: employees, at_least: 5001}"),
    Mistake("condition-bounds", "{field: sector, in: [making]}", "{field: employees, at_most: -1}"),
    Mistake("group-unknown", "groups: [industry]", "groups: [industri]"),
    Mistake("group-unknown", "groups: [industry, government]", "groups: [industry, ministry]"),
    Mistake("technology-unknown", "technologies: [sensors]", "technologies: [sensor]"),
    Mistake("technology-unknown", "technologies: [cloud]", "technologies: [clouds]", "actions.yaml"),
    Mistake("action-question", "question: trainers", "question: trainer", "actions.yaml"),
    Mistake("action-ladder", "question: safety.drills", "question: systems", "actions.yaml"),
    Mistake("action-levels", "    to: 2", "    to: 3", "actions.yaml"),
    Mistake(
        "action-levels", "training\n    from: 0\n    to: 1", "training\n    from: 1\n    to: 1 # here", "actions.yaml"
    ),
    Mistake(
        "action-hole", "training\n    from: 0\n    to: 1", "training\n    from: 1 # here\n    to: 2", "actions.yaml"
    ),
    Mistake("action-cost", "small: [100, 200]", "small: [300, 200]", "actions.yaml"),
    Mistake("action-sizes", "micro: [100, 100], ", "", "actions.yaml"),
    Mistake("action-currency", "    currency: EUR", "    currency: MYR", "actions.yaml"),
    Mistake("action-requires", "requires: [write-rules]", "requires: [write-rule]", "actions.yaml"),
    Mistake("action-requires", "requires: [write-rules]", "requires: [hold-drills]", "actions.yaml"),
    Mistake(
        "action-cycle", ACTION, "    months: 1\n    requires: [hold-drills] # here\n  - id: hold-drills", "actions.yaml"
    ),
    Mistake("action-case", "cases: [our-case]", "cases: [your-case]", "actions.yaml"),
    Mistake(
        "question-without-action",
        "      - id: trainers\n",
        "      - {id: new, text: New?, evidence: Any, levels: [a, b]} # here\n      - id: trainers\n",
    ),
    Mistake("example-answers", "training: 2,", "training: 3,", "examples.yaml"),
    Mistake("example-answers", "training: 2,", "training: 2.0,", "examples.yaml"),
    Mistake("example-answers", "training: 2,", "training: 2, traning: 2,", "examples.yaml"),
    Mistake("example-answers", "sector: services, employees", "sector: baking, employees", "examples.yaml"),
    Mistake("example-expectation", "plant: null", "plnt: null", "examples.yaml"),
    Mistake("example-expectation", "profile: leader", "profile: Chief", "examples.yaml"),
    Mistake("example-expectation", "people: 2.5", "people: 25", "examples.yaml"),
    Mistake("text-long", "text: Who trains?", f"text: Who trains {'and trains ' * 15}?"),
    Mistake("text-long", '"A colleague"', f'"A colleague {"and another " * 15}"'),
    Mistake("help-long", "help: Count courses as well", "help: See https://example.org. Count courses as well"),
    Mistake("help-long", "help: Count courses as well", "help: Think. Count courses as well"),
    Mistake("no-evidence", "        evidence: List of trainers\n", "", at="- id: trainers"),
)
MISTAKES = (*READING, *SHAPE, *MEANING)
