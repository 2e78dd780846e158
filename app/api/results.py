"""Results by JSON: scores with their intervals, gaps, priorities, the roadmap for some wishes, and what would be if."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from app import firm_results, peers, plan_cases
from app.api.needs import needs
from app.api.replies import check_seen, reply
from app.api.shapes import Key, Reply
from app.api.strict_json import StrictRoute
from app.api.wishes import AskedResults, WishesBody, levels_of, wanted
from app.database_session import DatabaseSession
from app.dependencies import MaybeSignedIn, Now, Opened, OpenedByManager
from app.firm_results import Kept
from app.plan_offers import OUT_OF_REACH
from app.templating import content, language_of
from assessment import assessments, plans
from assessment.api_tokens import MANAGE, READ
from assessment.assessments import NothingAnswered
from assessment.errors import Invalid
from assessment.hindrances import HindranceId
from assessment.peer_benchmarks import Benchmark
from assessment.plans import Plan, plan_of
from assessment.results import Result
from assessment.snapshots import target_as_json, wishes_as_json
from questionnaires.schema import Questionnaire
from scoring.candidates import OutOfReach
from scoring.readiness import NodeScore, Readiness, score_with
from scoring.roadmap import Infeasible, Roadmap

router = APIRouter(prefix="/assessments/{key}", route_class=StrictRoute, tags=["Results"])


class ScoreReply(Reply):
    """A score on the questionnaire's scale, the interval that open answers leave, and the share that is answered."""

    score: float | None
    low: float | None
    high: float | None
    coverage: float


class DimensionScore(ScoreReply):
    """The score of a dimension; `title` in the reader's language."""

    id: str
    title: str


class ScoresReply(Reply):
    """All scores of one set of answers; `profile` is the id of the word for the overall score."""

    overall: ScoreReply
    profile: str | None
    dimensions: list[DimensionScore]
    questions: dict[str, float | None]


class GapReply(Reply):
    """How far a question is from its target."""

    question: str
    dimension: str
    level: int
    target_level: int
    score: float
    target: float
    weight: float


class PriorityReply(Reply):
    """A gap's rank, the terms that made it, and the actions that would close it."""

    rank: int
    question: str
    value: float
    gap_term: float
    weight_term: float
    goal_term: float
    effort_term: float
    actions: list[str]


class PlanReply(Reply):
    """The wishes and the target of a plan, by whom and when it was kept; null: the plan as submitted."""

    wishes: dict[str, Any]
    target: dict[str, Any]
    kept_by: str
    kept_at: str | None


class PeerCellReply(Reply):
    """A published cell: `_T` is all industries or all sizes, `n` is rounded, and null is what is not published."""

    indicator: str
    industry: str
    size: str
    n: int
    mean: float | None
    low: float | None
    high: float | None
    p25: float | None
    p50: float | None
    p75: float | None


class BenchmarkReply(Reply):
    """Where the firm's peers stand in a published release, of the narrowest group that it shows.

    `indicator` is `overall` or `D:` and a dimension. The firms took part of their own will: they are no sample.
    """

    release: int
    link: str
    number: int
    title: str
    published_on: str
    programme: str
    country: str
    wave: str
    is_narrowest: bool
    cells: list[PeerCellReply]
    industries: dict[str, str]


class ResultsReply(Reply):
    """Where a firm stands and what comes first. Without a plan that keeps to the wishes, `infeasible` says why.

    `hindrances` is what the firm says stands in its way, null where it did not say. `benchmark` is there once the
    assessment is submitted and a release of its questionnaire is published.
    """

    questionnaire: str
    version: str
    is_submitted: bool
    scale: dict[str, float]
    scores: ScoresReply
    gaps: list[GapReply]
    priorities: list[PriorityReply]
    wishes: dict[str, Any]
    target: dict[str, Any]
    roadmap: dict[str, Any] | None
    infeasible: dict[str, Any] | None
    what_if: ScoresReply | None
    hindrances: list[HindranceId] | None
    benchmark: BenchmarkReply | None


@router.get("/results", response_model=ResultsReply, openapi_extra=needs(READ, 404, 429))
def show_results(
    request: Request, session: DatabaseSession, key: Key, opened: OpenedByManager, asked: AskedResults
) -> Response:
    """The results, with a plan for the wishes that the address names, and the scores with the levels it tries."""
    asks, levels = wanted(opened, asked.wishes()), levels_of(opened, asked)
    result = _result(request, session, opened, asks)
    shown = content(request, opened.definition)
    roadmap = result.roadmap
    return reply(
        request,
        ResultsReply(
            questionnaire=opened.questionnaire.id,
            version=opened.questionnaire.version,
            is_submitted=opened.is_submitted,
            scale={"min": shown.scale.min, "max": shown.scale.max},
            scores=_scores(shown, result.readiness),
            gaps=[GapReply.model_validate(each) for each in result.gaps],
            priorities=[
                PriorityReply(question=each.gap.question, **{k: v for k, v in asdict(each).items() if k != "gap"})
                for each in result.priorities
            ],
            wishes=wishes_as_json(result.wishes),
            target=target_as_json(result.target),
            roadmap=asdict(roadmap) if isinstance(roadmap, Roadmap) else None,
            infeasible=asdict(roadmap) if isinstance(roadmap, Infeasible) else None,
            what_if=_scores(shown, score_with(opened.questionnaire, result.answers, levels)) if levels else None,
            hindrances=result.facts.hindrances,
            benchmark=_benchmark(peers.find_benchmark(request, session, opened, language_of(request).code)),
        ),
    )


def _result(request: Request, session: DatabaseSession, opened: Opened, asks: Plan) -> Result:
    sheet = assessments.sheet_of(session, opened.row)
    if not sheet.answers.answers:
        raise NothingAnswered
    kept: Kept = request.app.state.kept
    case = plan_cases.case_of(opened, sheet, asks.wishes, asks.target)
    try:
        return firm_results.kept_result(kept, case, str(opened.row.id))
    except OutOfReach:
        raise Invalid(OUT_OF_REACH) from None


def _benchmark(found: Benchmark | None) -> BenchmarkReply | None:
    if found is None:
        return None
    told = {**found.as_json(), "industries": dict(found.names)}
    return BenchmarkReply.model_validate({name: told[name] for name in BenchmarkReply.model_fields})


def _scores(shown: Questionnaire, found: Readiness) -> ScoresReply:
    return ScoresReply(
        overall=_score(found.overall),
        profile=found.profile.id if found.profile else None,
        dimensions=[
            DimensionScore(id=name, title=shown.nodes[name].title, **asdict(node)) for name, node in found.nodes.items()
        ],
        questions=dict(found.questions),
    )


def _score(node: NodeScore) -> ScoreReply:
    return ScoreReply.model_validate(node)


@router.get("/plan", response_model=PlanReply, openapi_extra=needs(READ, 404))
def show_plan(request: Request, key: Key, opened: OpenedByManager) -> Response:
    """What the plan that the firm keeps to is made for."""
    return reply(request, _plan(opened))


def _plan(opened: Opened) -> PlanReply:
    plan = plan_of(opened.row, opened.definition)
    return PlanReply(
        wishes=wishes_as_json(plan.wishes),
        target=target_as_json(plan.target),
        kept_by=plan.kept_by,
        kept_at=plan.kept_at.isoformat() if plan.kept_at else None,
    )


@router.put("/plan", response_model=PlanReply, openapi_extra=needs(MANAGE, 404, 409, 429, replaces=True))
def keep_plan(
    request: Request,
    session: DatabaseSession,
    key: Key,
    opened: OpenedByManager,
    person: MaybeSignedIn,
    sent: WishesBody,
    now: Now,
) -> Response:
    """Keep to a plan for these wishes; nothing at all is the plan as it was submitted."""
    check_seen(request, _plan(opened))
    if not sent.model_dump(exclude_defaults=True):
        plans.back_to_submitted(session, opened.row)
        return reply(request, _plan(opened))
    asks = wanted(opened, sent)
    if opened.is_submitted:
        _result(request, session, opened, asks)  # there must be one, also where it is not possible
    by = person.called if person else ""
    plans.keep(session, opened.row, asks.wishes, asks.target, by, now)
    return reply(request, _plan(opened))
