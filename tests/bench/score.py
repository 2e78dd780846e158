"""The bars of scoring: one firm of 93 answers, and 268,000 of them from JSON lines, in the same run."""

import random
import resource
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle, islice
from statistics import median

import orjson

from questionnaires.answers import parse_json, read_answers
from questionnaires.schema import Questionnaire
from scoring.many import check_many, score_many
from scoring.readiness import readiness
from scoring.record import record
from scoring.uncertainty import weight_sensitivity
from tests.scoring.building import build, dimension, question

QUESTIONS, FIRMS, DIFFERENT = 93, 268_000, 4_096
ROUNDS = 5
MOST_MS, LEAST_RATIO = 2.0, 20.0


def measure(full: bool) -> dict[str, object]:
    """CPU seconds, medians of rounds that take both ways in turn: the machine is shared and drifts."""
    questionnaire, firms = _questionnaire(), FIRMS if full else FIRMS // 20
    lines = _lines(questionnaire)
    alone, together, checked = zip(*(_round(questionnaire, lines, firms // ROUNDS) for _ in range(ROUNDS)), strict=True)
    one, many, check = median(alone), median(together), median(checked)
    same = b"".join(score_many(questionnaire, lines)) == b"".join(_alone(questionnaire, line) for line in lines)
    answers = read_answers(questionnaire, parse_json(lines[0]))
    weights = _cpu(partial(weight_sensitivity, questionnaire, answers))
    return {
        "one firm, read, scored, written": f"{one * 1e3:.2f} ms, bar {MOST_MS} {_met(one * 1e3 <= MOST_MS)}",
        f"{firms:,} firms from JSON lines": f"{many * firms:.1f} s, {1 / many:,.0f} firms/s",
        "many against one, firms/s": f"{one / many:.1f}x, bar {LEAST_RATIO:g}x {_met(one / many >= LEAST_RATIO)}",
        f"the same bytes for {len(lines):,} firms": _met(same),
        "checking first, as standard output needs": f"{check / many:.2f} of scoring more",
        "weight sensitivity, 2,000 draws": f"{weights / one:.1f} times one firm",
        "largest memory": f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB",
    }


def _round(questionnaire: Questionnaire, lines: list[bytes], firms: int) -> tuple[float, float, float]:
    """CPU seconds a firm: alone, among many, and only checked."""
    alone = median(_cpu(partial(_alone, questionnaire, line)) for line in lines[:300])
    together = _cpu(lambda: sum(map(len, score_many(questionnaire, islice(cycle(lines), firms)))))
    checked = _cpu(partial(check_many, questionnaire, lines))
    return alone, together / firms, checked / len(lines)


def _questionnaire() -> Questionnaire:
    """Three factors of four dimensions with 7 or 8 questions of six levels, weighted."""
    numbers = iter(range(QUESTIONS))
    levels = [f"Level {i}." for i in range(6)]

    def factor(id: str) -> dict[str, object]:
        parts = [
            dimension(
                f"{id}.{i}",
                *[question(f"{id}.{i}.question-{n}", levels=levels, weight=1 + n % 3) for n in islice(numbers, size)],
            )
            for i, size in enumerate((8, 8, 8, 7))
        ]
        return dimension(id, *parts)

    sector = {"id": "sector", "text": "Sector", "choices": {"goods": "Goods", "services": "Services"}}
    staff = {"id": "staff", "text": "Staff", "number": {"min": 0}}
    return build([factor(id) for id in ("people", "process", "technology")], fields=[sector, staff])


def _lines(questionnaire: Questionnaire) -> list[bytes]:
    """Different firms: every third does not know five answers, every tenth left five out."""
    return list(_firms(questionnaire, random.Random(93)))


def _firms(questionnaire: Questionnaire, chance: random.Random) -> Iterator[bytes]:
    for number in range(DIFFERENT):
        answers: dict[str, object] = {id: chance.randrange(6) for id in questionnaire.questions}
        for id in chance.sample(list(answers), 5):
            if number % 3 == 0:
                answers[id] = "unknown"
            elif number % 10 == 0:
                del answers[id]
        profile = {"sector": "goods", "staff": chance.randrange(5, 500)}
        yield orjson.dumps({"profile": profile, "answers": answers}) + b"\n"


def _alone(questionnaire: Questionnaire, line: bytes) -> bytes:
    return orjson.dumps(record(readiness(questionnaire, read_answers(questionnaire, parse_json(line))))) + b"\n"


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _met(met: bool) -> str:
    return "met" if met else "MISSED"
