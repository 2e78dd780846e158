"""What is said of a release beside its cells: classifications, indicators, rules that may be told, protection."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from assessment import action_states, hindrance_traits, technology_use
from assessment.hindrances import HINDRANCES
from assessment.industries import DIVISIONS, SECTIONS
from assessment.places import regions_of
from assessment.release_making import ALL, OVERALL, PROFILE, Making, Wave
from assessment.release_units import BASIS_CODES, OWNERSHIP_CODES, SIZE_CODES, UNKNOWN
from assessment.technology_use import asked_about, in_use_from
from questionnaires.library import Definition
from questionnaires.schema import Questionnaire

FORMAT = 1
NOT_STATED = "Not stated"
TOTAL = "All"
NAMES: Mapping[str, str] = {
    "micro": "Micro", "small": "Small", "medium": "Medium", "large": "Large",
    "local": "Owners in this country only", "joint": "Owners in this country and abroad",
    "foreign": "Owners abroad only",
    "self": "Assessed by the firm itself", "verified": "Verified by an assessor", UNKNOWN: NOT_STATED,
}  # fmt: skip

STATES_OF_ACTION: Mapping[str, str] = {
    "planned": "planned, begun or done", "done": "done", "dropped": "given up",
}  # fmt: skip
KINDS_OF_ACTION: Mapping[str, str] = {
    "any": "Any action", "funding": "Funding", "infrastructure": "Infrastructure", "regulation": "Regulation",
    "skills": "Skills", "technology": "Technology",
}  # fmt: skip


def manifest_of(making: Making, waves: Sequence[Wave], release: Mapping[str, Any], country: str) -> dict[str, Any]:
    """What goes out with the cells. `release` says of which programme it is, its number and the like."""
    return {
        "format": FORMAT,
        "release": {**release, "questionnaire": making.questionnaire.reference},
        "waves": [str(wave.year) for wave in waves],
        "classifications": _classifications(_regions_told(waves), country),
        "indicators": _indicators(making.questionnaire),
        "rules": {
            "threshold": making.rules.threshold,
            "rounded_to": making.rules.base,
            "decimals": making.rules.decimals,
            "quartiles_from": making.rules.quartiles,
            "tails_from": making.rules.tails,
        },
        "cells": {"shown": sum(w.shown for w in waves), "held_back": sum(w.held_back for w in waves)},
        "protection": _protection(waves),
        "population": _populations(waves),
        "coverage": {},
        "extra": {},
    }


def _regions_told(waves: Sequence[Wave]) -> set[str]:
    """The regions that have a row: others would tell where the first firm has come."""
    return {str(code) for wave in waves for code in wave.columns["region"].tolist()} - {ALL}


def _populations(waves: Sequence[Wave]) -> dict[str, Any]:
    by_wave = {str(wave.year): _population(wave) for wave in waves}
    sums = {name: [each[name] for each in by_wave.values()] for name in ("firms", *BASIS_CODES)}
    every = {name: None if None in counts else sum(c or 0 for c in counts) for name, counts in sums.items()}
    return {**every, "by_wave": by_wave}


def _population(wave: Wave) -> dict[str, int | None]:
    """How many firms a wave has, as its cells tell it: nothing where they are held back."""
    columns = wave.columns
    total = columns["indicator"] == OVERALL
    for side in ("industry", "size", "region", "ownership"):
        total &= columns[side] == ALL
    found: dict[str, int | None] = {}
    for name, code in (("firms", ALL), *((basis, basis) for basis in BASIS_CODES)):
        at = np.flatnonzero(total & (columns["basis"] == code) & (columns["status"] == "F"))
        found[name] = int(columns["n"][at[0]]) if len(at) else None
    return found


def _protection(waves: Sequence[Wave]) -> dict[str, Any]:
    """What the gate found: how many sums stay secret, and the narrowest interval of firms that can be worked out."""
    narrowest = min((wave.narrowest for wave in waves), default=np.inf)
    return {
        "secrets": sum(wave.secrets for wave in waves),
        "narrowest": _finite(narrowest),
        "by_wave": {str(wave.year): {"secrets": wave.secrets, "narrowest": _finite(wave.narrowest)} for wave in waves},
    }


def _finite(width: float) -> float | None:
    return None if np.isinf(width) else round(float(width), 2)


def _classifications(regions: set[str], country: str) -> dict[str, Any]:
    named = regions_of(country)
    industry: dict[str, Any] = {ALL: {"name": TOTAL}}
    for section, title in SECTIONS.items():
        industry[section] = {"name": title, "parent": ALL}
        for division, name in DIVISIONS[section].items():
            industry[section + division] = {"name": name, "parent": section}
    industry[UNKNOWN] = {"name": NOT_STATED, "parent": ALL}
    return {
        "industry": industry,
        "size": _flat(SIZE_CODES, NAMES),
        "region": _flat(sorted(regions - {UNKNOWN}), named) | {UNKNOWN: {"name": NOT_STATED, "parent": ALL}},
        "ownership": _flat(OWNERSHIP_CODES, NAMES),
        "basis": _flat(BASIS_CODES, NAMES),
    }


def _flat(codes: Sequence[str], names: Mapping[str, str]) -> dict[str, Any]:
    return {ALL: {"name": TOTAL}} | {code: {"name": names.get(code, code), "parent": ALL} for code in codes}


def traits_told(definition: Definition) -> list[dict[str, Any]]:
    """The indicators that are yes or no: technologies in use, what firms say of actions, what stands in their way."""
    questionnaire, two = definition.questionnaire, {"bottom": 0, "top": 1, "levels": ["No", "Yes"]}
    used = [
        {"id": f"{technology_use.NAME}:{id}", "kind": "technology", "name": title, "from": max(levels), **two}
        for id, title in questionnaire.technologies.items()
        if (levels := {in_use_from(each) for each in asked_about(questionnaire, id)})
    ]
    said = [
        {"id": id, "kind": "action", "name": _action_name(id), **two} for id in action_states.indicators_of(definition)
    ]
    hinders = [
        {"id": f"{hindrance_traits.NAME}:{id}", "kind": "hindrance", "name": each.text, **two}
        for id, each in HINDRANCES.items()
    ]
    return [*used, *said, *hinders]


def _action_name(id: str) -> str:
    if id == action_states.TOLD:
        return "Firms that say where their actions stand"
    state, enabler = id.partition(":")[2].split(".")
    return f"{KINDS_OF_ACTION[enabler]}: {STATES_OF_ACTION[state]}"


def _indicators(questionnaire: Questionnaire) -> list[dict[str, Any]]:
    scale, bins = questionnaire.scale, questionnaire.profiles.bins
    top = {"bottom": scale.min, "top": scale.max}
    found: list[dict[str, Any]] = [
        {"id": OVERALL, "kind": "overall", "name": "Overall score", **top},
        {"id": PROFILE, "kind": "profile", "name": "Readiness profile", "top": len(bins) - 1,
         "levels": [each.title for each in bins], "ids": [each.id for each in bins]},
    ]  # fmt: skip
    factors = {d.id: top_.id for top_ in questionnaire.dimensions for d in top_.walk()}
    found += [
        {"id": f"D:{d.id}", "kind": "dimension", "name": d.title, "factor": factors[d.id], **top}
        for d in questionnaire.walk()
    ]
    for question in questionnaire.questions.values():
        if question.levels is not None:
            dimension = questionnaire.dimension_of[question.id].id
            found.append(
                {"id": f"Q:{question.id}", "kind": "question", "name": question.text, "bottom": 0,
                 "top": len(question.levels) - 1, "dimension": dimension, "factor": factors[dimension]}
            )  # fmt: skip
    return found
