"""A readiness as the plain object that the command line and the interfaces hand out."""

from typing import Any

import numpy as np
import orjson

from scoring.evaluation import Scores
from scoring.plan import Plan
from scoring.readiness import NodeScore, Readiness

HOLE, PROFILE = "\x00figure", "\x00profile"  # no id holds these: they stand for what differs between records


def record(readiness: Readiness) -> dict[str, Any]:
    """Scores by name, in the order of the questionnaire; null is no score, the profile is the id of its bin."""
    profile = None if readiness.profile is None else readiness.profile.id
    return {
        "questionnaire": readiness.questionnaire,
        "version": readiness.version,
        "overall": {**_node(readiness.overall), "profile": profile},
        "nodes": {id: _node(node) for id, node in readiness.nodes.items()},
        "questions": dict(readiness.questions),
    }


class RecordWriter:
    """Writes many records of one questionnaire: the form is made once, the figures are put into its holes."""

    def __init__(self, plan: Plan) -> None:
        hole: dict[str, Any] = dict.fromkeys(("score", "low", "high", "coverage"), HOLE)
        form = {
            "questionnaire": plan.questionnaire.id,
            "version": plan.questionnaire.version,
            "overall": {**hole, "profile": PROFILE},
            "nodes": dict.fromkeys(plan.node_rows, hole),
            "questions": dict.fromkeys(plan.names.question, HOLE),
        }
        text = orjson.dumps(form, option=orjson.OPT_APPEND_NEWLINE)
        text = text.replace(b"%", b"%%").replace(orjson.dumps(HOLE), b"%b")
        profiles = [*(b.id for b in plan.questionnaire.profiles.bins), None]  # row -1 is no profile
        self.forms = [text.replace(orjson.dumps(PROFILE), orjson.dumps(profile)) for profile in profiles]
        self.rows = np.array([0, *plan.node_rows.values()])

    def lines(self, scores: Scores) -> bytes:
        """One line of JSON for each firm, the same bytes as its own `record`."""
        nodes = np.stack([scores.score, scores.low, scores.high, scores.coverage], axis=1)[self.rows]
        figures = np.concatenate([nodes.reshape(-1, nodes.shape[2]), scores.questions]).T
        # orjson writes the floats of an array as any float, and not-a-number as null
        rows = orjson.dumps(np.ascontiguousarray(figures), option=orjson.OPT_SERIALIZE_NUMPY)[2:-2].split(b"],[")
        profiles = scores.profile.tolist()
        return b"".join(self.forms[p] % tuple(row.split(b",")) for p, row in zip(profiles, rows, strict=True))


def _node(node: NodeScore) -> dict[str, float | None]:
    return {"score": node.score, "low": node.low, "high": node.high, "coverage": node.coverage}
