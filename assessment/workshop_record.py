"""The record of a workshop as it stands: all that its report, its workbook and its file for replay may tell.

Equal workshops give equal records to the byte. Groups under five are left out here, so that they are in no output.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import orjson
from sqlalchemy.orm import Session

from assessment import recorded_levels, recorded_priorities, recorded_roadmap, room_gaps, room_levels, silent_voice
from assessment.first_round import FirstRound, counts_of
from assessment.recorded_rooms import Heads, heads_of, present_at, voters_of
from assessment.room_gaps import ShortList
from assessment.room_priorities import SHOWN, Keep, RoomPriorities, build_priorities, work_out
from assessment.room_roadmap import roadmap_of
from assessment.rounds import BEST_WORST, LEVELS, list_rounds
from assessment.silent_voice import SilentVoice
from assessment.snapshots import SCORING_VERSION
from assessment.tables import Round, Workshop
from questionnaires.library import Definition
from scoring.flips import smallest_flip

FORMAT = 1  # raised whenever the form of the record changes

Record = Mapping[str, Any]


def record_of(session: Session, workshop: Workshop, definition: Definition, keep: Keep = work_out) -> dict[str, Any]:
    """Everything that may be told of a workshop now; of rounds that were revealed and of nothing else."""
    rounds = list_rounds(session, workshop.id)
    heads = heads_of(session, workshop)
    gaps = room_gaps.short_list(session, workshop, definition.questionnaire)
    listed = room_gaps.list_gaps(session, workshop.id)
    found = build_priorities(workshop, listed, [each for each in rounds if each.kind != LEVELS], keep)
    levels = room_levels.levels_of(session, workshop, definition.questionnaire)
    plan = roadmap_of(session, workshop, definition)
    record = {
        "format": FORMAT,
        "workshop": _workshop(workshop),
        "versions": _versions(workshop, definition),
        "groups": _groups(workshop, heads),
        "people": heads.told(),
        "rounds": _rounds(workshop, definition, rounds),
        "levels": recorded_levels.standing_levels(levels, {each.number: each for each in rounds}),
        "gaps": _gaps(gaps, found),
        "priorities": _priorities(workshop, rounds, found, keep),
        "earlier_workshops": _earlier(silent_voice.build_voice(session, workshop, listed, rounds)),
        "roadmap": recorded_roadmap.roadmap(plan, heads, recorded_roadmap.news_of(session, workshop.id)),
        "signed_off": recorded_roadmap.signed(workshop),
        "earlier_time": recorded_roadmap.earlier_time(session, workshop),
    }
    plain: dict[str, Any] = orjson.loads(record_bytes(record))
    return plain


def record_bytes(record: Record) -> bytes:
    """The record as JSON, keys in alphabetical order: equal records are equal bytes."""
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)


def record_sha256(record: Record) -> str:
    return hashlib.sha256(record_bytes(record)).hexdigest()


def _workshop(workshop: Workshop) -> dict[str, Any]:
    return {
        "name": workshop.name,
        "place": workshop.place,
        "country": workshop.country,
        "day": workshop.day or (workshop.started_at.date().isoformat() if workshop.started_at else ""),
        "language": workshop.language,
        "state": workshop.state,
        "is_rehearsal": workshop.is_rehearsal,
        "teaches": workshop.teaches,
        "questions": list(workshop.questions),
        "agenda": list(workshop.agenda),
        "rules": dict(workshop.rules),
    }


def _versions(workshop: Workshop, definition: Definition) -> dict[str, Any]:
    return {
        "questionnaire": workshop.questionnaire_id,
        "questionnaire_version": workshop.questionnaire_version,
        "questionnaire_sha256": definition.sha256,
        "protocol": workshop.protocol,
        "scoring": SCORING_VERSION,
        "seed": workshop.seed,
    }


def _groups(workshop: Workshop, heads: Heads) -> list[dict[str, Any]]:
    return [
        {
            "id": group["id"],
            "name": group["name"],
            "people": heads.of(group["id"]),
            "is_small": group["id"] in heads.small,
        }
        for group in workshop.groups
    ]


def _rounds(
    workshop: Workshop, definition: Definition, rounds: Sequence[Round]
) -> list[dict[str, Any]]:  # fmt: skip
    shown = [each for each in rounds if each.state in SHOWN]
    asked = [each for each in shown if each.kind == LEVELS]
    rule = room_levels.rule_of(workshop)
    levels = recorded_levels.levels_rounds(workshop, definition.questionnaire, asked, rule)
    return [
        {
            "number": each.number,
            "kind": each.kind,
            "attempt": each.attempt,
            "state": each.state,
            "subjects": list(each.subjects),
            "present": present_at(each.result or {}).told(),
            "voters": None if each.kind == LEVELS else voters_of(each.result or {}).told(),
            "fired": each.fired,
            "levels": levels.get(each.number, []),
        }
        for each in shown
    ]


def _gaps(found: ShortList, priorities: RoomPriorities) -> list[dict[str, Any]]:
    agreed = {each.question: each.place for each in priorities.agreed}
    return [{**asdict(gap), "agreed_place": agreed.get(gap.question)} for gap in found.gaps]


def _priorities(
    workshop: Workshop, rounds: Sequence[Round], found: RoomPriorities, keep: Keep
) -> dict[str, Any] | None:  # fmt: skip
    """None before a first round was revealed in which five people chose."""
    if found.first is None or not found.first.is_shown:
        return None
    first = found.first
    asked = next(each for each in rounds if each.kind == BEST_WORST and each.state in SHOWN)
    rule = found.recorded or found.holds
    return {
        **keep(("recorded first round", asked.id, asked.revealed_at), lambda: _first(workshop, first, asked)),
        "second": [
            {"round": each.number, **recorded_priorities.ratings(each)} for each in found.ratings
        ],
        "order": recorded_priorities.order(found.order),
        "rule": rule.as_json() if rule else None,
        "is_recorded": found.recorded is not None,
        "agreed": [asdict(each) for each in found.agreed],
    }  # fmt: skip


def _first(workshop: Workshop, first: FirstRound, asked: Round) -> dict[str, Any]:
    counts = counts_of(workshop, asked)
    sums = recorded_priorities.tallies(counts)
    flip = smallest_flip(counts.net, counts.shown, counts.block, first.k)
    return {
        "round": first.number,
        "tallies": sums,
        "figures": recorded_priorities.figures(sums, first.k),
        "drawn": {
            **recorded_priorities.drawn(first, counts, workshop.seed),
            "flip": {"at_least": flip.at_least, "at_most": flip.at_most},
        },
    }


def _earlier(voice: SilentVoice | None) -> dict[str, Any] | None:
    """What earlier workshops would say, or why they are not heard; None before the first round was shown."""
    if voice is None:
        return None
    said = [
        {
            "gap": each.question, "place": each.place, "top": each.top, "room_place": each.room_place,
            "place_with_it": each.place_with_it,
        }
        for each in voice.said
    ]  # fmt: skip
    return {
        "standing": voice.standing,
        "workshops": voice.workshops,
        "minimum": voice.minimum,
        "kappa": voice.kappa,
        "tau": asdict(voice.tau) if voice.tau else None,
        "said": said,
    }
