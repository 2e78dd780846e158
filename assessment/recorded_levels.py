"""What the rounds on levels found, as a record keeps it: votes counted, and every figure that follows from them."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from assessment.recorded_rooms import present_at
from assessment.room_askings import askings_of
from assessment.room_levels import RoomLevels
from assessment.tables import Round, Workshop
from questionnaires.schema import Questionnaire
from scoring.agreement import AgreementRule, agreement
from scoring.dispersion import Dispersion, GroupDispersions, of_counts
from scoring.group_difference import GroupDifference, group_difference


def levels_rounds(
    workshop: Workshop, questionnaire: Questionnaire, rounds: Iterable[Round], rule: AgreementRule
) -> dict[int, list[dict[str, Any]]]:
    """By the number of the round, its questions as far as they may be shown, in the order asked."""
    found: dict[int, list[dict[str, Any]]] = {}
    for each in rounds:
        present = present_at(each.result or {})
        askings = askings_of(workshop, questionnaire, [each])
        found[each.number] = [
            {
                "question": question,
                "asked_of": list(askings[question][0].groups),
                "asked": present.told(askings[question][0].groups) if askings[question][0].votes.room else None,
                **told(askings[question][0].votes, rule),
            }
            for question in each.subjects
            if question in askings
        ]
    return found


def told(votes: GroupDispersions, rule: AgreementRule) -> dict[str, Any]:
    """One question: the room and every group that may be shown, why others are not, and what follows."""
    apart = group_difference(votes) if votes.room else None
    standing = agreement(votes.room, rule, apart) if votes.room else None
    shown = votes.shown if votes.room else {}
    return {
        "room": asdict(votes.room) if votes.room else None,
        "groups": {group: asdict(each) for group, each in shown.items()},
        "hidden": dict(votes.hidden),
        "difference": asdict(apart) if apart else None,
        "level": standing.level if standing else None,
        "missing": list(standing.missing) if standing else [],
    }


def votes_told(entry: Mapping[str, Any], groups: Iterable[str]) -> GroupDispersions:
    """The same votes from what was told of them, counts alone; the groups in the order of the workshop."""
    ordered = tuple(groups)
    return GroupDispersions(
        room=_counted(entry["room"]) if entry["room"] else None,
        shown={group: _counted(entry["groups"][group]) for group in ordered if group in entry["groups"]},
        hidden={group: entry["hidden"][group] for group in ordered if group in entry["hidden"]},
    )


def _counted(entry: Mapping[str, Any]) -> Dispersion:
    return of_counts(entry["counts"], entry["unknown"], entry["not_applicable"])


def apart_of(entry: Mapping[str, Any]) -> GroupDifference | None:
    """How far two groups are apart on a question, as told."""
    found = entry["difference"]
    return GroupDifference(**{**found, "interval": tuple(found["interval"])}) if found else None


def standing_levels(levels: RoomLevels, rounds: Mapping[int, Round]) -> list[dict[str, Any]]:
    """Where the room stands on every question, in the order of the questionnaire, and how it came to it."""
    return [
        {
            "question": each.question,
            "round": each.newest.number if each.newest and each.newest.number in rounds else None,
            "suggested": each.suggested,
            "is_settled": each.settled is not None,
            "level": each.settled.level if each.settled else None,
            "how": each.settled.how if each.settled else "",
            "note": each.settled.note if each.settled else "",
            "reasons": [asdict(reason) for reason in each.item.reasons] if each.item else [],
            "worth": each.item.worth if each.item else None,
        }
        for each in levels.questions
    ]
