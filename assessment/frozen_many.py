"""Many firms' answers, scored and frozen as submissions are, without a Python loop over the questions of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from assessment.results import wishes_for
from assessment.snapshots import wishes_as_json
from questionnaires.answers import AnswerValue, ProfileValue
from questionnaires.library import Definition
from scoring.columns import ColumnReader
from scoring.evaluation import Scores, asked_and_missing, evaluate
from scoring.plan import Plan, plan_of
from scoring.sheets import Sheet

AT_ONCE = 2000
MOST_WISHES = 10_000
HOLE, PROFILE, ASKED = "\x00figure", "\x00profile", "\x00asked"  # no id holds these


@dataclass(frozen=True, slots=True)
class Frozen:
    """Some firms: for each its profile, its snapshot and its scores as JSON; and all of them as arrays."""

    profiles: Sequence[bytes]
    snapshots: Sequence[bytes]
    readiness: Sequence[bytes]
    sheet: Sheet
    scores: Scores


class Freezer:
    """Freezes assessments of one questionnaire, each the same as it would be alone."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.plan = plan_of(definition.questionnaire)
        self.reader = ColumnReader(self.plan)
        self.writer = ReadinessWriter(self.plan)
        self._wishes: dict[tuple[object, object], bytes] = {}

    def freeze(
        self, answers: Sequence[Mapping[str, AnswerValue]], profiles: Sequence[Mapping[str, ProfileValue]]
    ) -> Iterator[tuple[int, Frozen]]:
        """Blocks of assessments, each with the place of its first."""
        for first in range(0, len(answers), AT_ONCE):
            said = [orjson.dumps(each) for each in answers[first : first + AT_ONCE]]
            block = profiles[first : first + AT_ONCE]
            of_firms = [orjson.dumps(each) for each in block]
            sheet = self.reader.sheet(
                [b'{"answers":%b,"profile":%b}' % pair for pair in zip(said, of_firms, strict=True)]
            )
            scores = evaluate(self.plan, sheet)
            snapshots = [
                b'{"profile":%b,"answers":%b,"notes":{},"wishes":%b}' % (profile, given, self._wishes_of(each))
                for profile, given, each in zip(of_firms, said, block, strict=True)
            ]
            yield first, Frozen(of_firms, snapshots, self.writer.texts(scores), sheet, scores)

    def open_questions(self, answers: Mapping[str, AnswerValue], profile: Mapping[str, ProfileValue]) -> list[str]:
        """The questions without an answer, of a firm that is asked them."""
        sheet = self.reader.sheet([orjson.dumps({"answers": answers, "profile": profile})])
        missing = asked_and_missing(self.plan, sheet)[1][:, 0]
        return [self.plan.questions[row].id for row in np.flatnonzero(missing).tolist()]

    def _wishes_of(self, profile: Mapping[str, ProfileValue]) -> bytes:
        """What a firm that names no wishes is taken to wish: it hangs on its size alone."""
        key = profile.get("size"), profile.get("employees")
        if key not in self._wishes:
            if len(self._wishes) > MOST_WISHES:
                self._wishes.clear()
            self._wishes[key] = orjson.dumps(wishes_as_json(wishes_for(self.definition, profile)))
        return self._wishes[key]


class ReadinessWriter:
    """Writes scores as `snapshots.readiness_as_json` does: the form is made once, the figures fill its holes."""

    def __init__(self, plan: Plan) -> None:
        hole: dict[str, Any] = dict.fromkeys(("score", "low", "high", "coverage"), HOLE)
        form = {
            "overall": hole,
            "profile": PROFILE,
            "nodes": dict.fromkeys(plan.node_rows, hole),
            "questions": dict.fromkeys(plan.names.question, HOLE),
            "asked": ASKED,
        }
        text = (
            orjson.dumps(form)
            .replace(b"%", b"%%")
            .replace(orjson.dumps(HOLE), b"%b")
            .replace(orjson.dumps(ASKED), b"%b")
        )
        profiles = [*(b.id for b in plan.questionnaire.profiles.bins), None]  # row -1 is no profile
        self.forms = [text.replace(orjson.dumps(PROFILE), orjson.dumps(profile)) for profile in profiles]
        self.rows = np.array([0, *plan.node_rows.values()])
        self.ids = [question.id for question in plan.questions]
        self._asked: dict[bytes, bytes] = {}

    def texts(self, scores: Scores) -> list[bytes]:
        nodes = np.stack([scores.score, scores.low, scores.high, scores.coverage], axis=1)[self.rows]
        figures = np.concatenate([nodes.reshape(-1, nodes.shape[2]), scores.questions]).T
        rows = orjson.dumps(np.ascontiguousarray(figures), option=orjson.OPT_SERIALIZE_NUMPY)[2:-2].split(b"],[")
        asked = [self._ids_of(mask) for mask in np.ascontiguousarray(scores.asked.T)]
        profiles = scores.profile.tolist()
        return [
            self.forms[p] % (*row.split(b","), ids) for p, row, ids in zip(profiles, rows, asked, strict=True)
        ]  # fmt: skip

    def _ids_of(self, mask: NDArray[np.bool_]) -> bytes:
        key = mask.tobytes()
        if key not in self._asked:
            if len(self._asked) > MOST_WISHES:
                self._asked.clear()
            self._asked[key] = orjson.dumps(
                sorted(id for id, is_asked in zip(self.ids, mask.tolist(), strict=True) if is_asked)
            )
        return self._asked[key]
