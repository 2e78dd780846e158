"""The words for what definitions name by fixed ids: sizes, enablers, effects, pillars, rules, phases."""

from collections.abc import Mapping

from questionnaires.library import Effect, Enabler, Pillar, Size
from questionnaires.schema import Basis, Rule
from reports.wording import Wording


def sizes(w: Wording) -> Mapping[Size, str]:
    return {
        "micro": w.gettext("a micro firm"),
        "small": w.gettext("a small firm"),
        "medium": w.gettext("a medium-sized firm"),
        "large": w.gettext("a large firm"),
    }


def enablers(w: Wording) -> Mapping[Enabler, tuple[str, str]]:
    """Each enabler and what to ask for."""
    return {
        "funding": (
            w.gettext("Funding"),
            w.gettext("Matching grants, soft loans, leasing, tax relief. Ask before ordering, not afterwards."),
        ),
        "infrastructure": (
            w.gettext("Infrastructure"),
            w.gettext("Networks, power, test beds, technology centres, plants that open their doors."),
        ),
        "regulation": (
            w.gettext("Regulation"),
            w.gettext("Standards, safety and data protection: who advises, who certifies, what buyers will demand."),
        ),
        "skills": (
            w.gettext("Skills"),
            w.gettext("Courses, coaching, dual training; whether fees and wages during training are refunded."),
        ),
        "technology": (
            w.gettext("Technology"),
            w.gettext("Suppliers and integrators that show a plant of the same size and leave open interfaces."),
        ),
    }


def effects(w: Wording) -> Mapping[Effect, str]:
    return {
        "efficiency": w.gettext("efficiency"),
        "product": w.gettext("better products"),
        "business_model": w.gettext("new business models"),
        "innovation": w.gettext("innovation"),
        "linkages": w.gettext("links to other firms"),
        "environmental_efficiency": w.gettext("less energy, material and waste"),
        "environmental_goods": w.gettext("green products"),
        "employment": w.gettext("jobs"),
        "skills_and_roles": w.gettext("skills and new roles"),
        "relegated_groups": w.gettext("work for groups often left out"),
    }


def pillars(w: Wording) -> Mapping[Pillar, str]:
    return {
        "competitiveness": w.gettext("competitiveness"),
        "environment": w.gettext("the environment"),
        "social": w.gettext("social inclusion"),
    }


def phases(w: Wording) -> Mapping[str, str]:
    return {
        "quick_wins": w.gettext("Quick wins"),
        "foundation": w.gettext("Foundation"),
        "transformation": w.gettext("Transformation"),
    }


def rules(w: Wording) -> Mapping[Rule, str]:
    """How a node's score is made, as the end of a sentence."""
    return {
        "mean": w.gettext("the weighted mean of its parts"),
        "geometric": w.gettext("the weighted geometric mean of its parts"),
        "minimum": w.gettext("the lowest of its parts"),
        "maximum": w.gettext("the highest of its parts"),
        "sum": w.gettext("the weighted sum of its parts"),
        "gate": w.gettext("the highest level whose conditions, and those of all levels below, are met"),
    }


def bases(w: Wording) -> Mapping[Basis, str]:
    """How far weights and thresholds rest on the source."""
    return {
        "published": w.gettext("Weights and thresholds are taken from the source."),
        "adapted": w.gettext("Weights and thresholds follow the source and were changed by the authors."),
        "illustrative": w.gettext(
            "Weights and thresholds are illustrative: the authors' own assumption, resting on no survey. Read the "
            "order of things rather than the second digit."
        ),
    }
