"""Support that stands open to a firm: of the programmes it is in, and of those that it could apply to today."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from assessment import eligibility
from assessment.case_states import BESIDE
from assessment.firm_profile import profile_of
from assessment.programme_calls import today_of
from assessment.support_offers import Exchange, bounded, old_before, share_of
from assessment.tables import Assessment, Programme, ProgrammeCall, ProgrammeCase, SupportOffer
from questionnaires.library import Action, Size
from questionnaires.schema import Questionnaire

MOST_OFFERS = 100
TERMS = (
    "id", "kind", "name", "provider", "rate", "cap", "currency", "conditions", "link", "checked_on", "closes_on",
)  # fmt: skip
Money = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Support:
    """An offer as it stood on a day. `case` is the firm's in its programme; else `call` is one it can apply to."""

    id: int
    kind: str
    name: str
    provider: str
    rate: float | None
    cap: float | None
    currency: str
    conditions: str
    link: str
    checked_on: str
    closes_on: str
    enablers: tuple[str, ...]  # empty is all
    programme: str
    case: int | None
    call: int | None
    is_unsure: bool  # what the firm has not stated yet decides whether it may take part
    is_old: bool  # nobody has looked for long

    def helps(self, action: Action) -> bool:
        return not self.enablers or action.enabler in self.enablers

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Support":
        return cls(**{**data, "enablers": tuple(data["enablers"])})


@dataclass(frozen=True, slots=True)
class Help:
    """An offer for some actions: at most how much it would bring, lowest and highest; None where nobody can say."""

    support: Support
    actions: tuple[str, ...]
    money: Money | None
    currency: str

    @property
    def brings_anything(self) -> bool:
        """Of an action without an outlay nothing can be paid."""
        return self.money is None or self.money[1] > 0


def find(session: Session, assessment: Assessment, questionnaire: Questionnaire, now: datetime) -> tuple[Support, ...]:
    """The offers that stand open to the firm today, in one statement; those of its own programmes first."""
    today = today_of(now)
    found: list[Support] = []
    for offer, programme, own, call in session.execute(_open_to(assessment, today)):
        is_unsure = False
        if own is None:
            verdict = _judged(assessment, programme, questionnaire, now)
            if not verdict.is_met and not verdict.is_open:
                continue
            is_unsure = not verdict.is_met
        terms = {name: getattr(offer, name) for name in TERMS}
        is_old = offer.checked_on < old_before(today)
        place = None if own is not None else call
        found.append(Support(**terms, enablers=tuple(offer.enablers), programme=programme.name, case=own, call=place,
                             is_unsure=is_unsure, is_old=is_old))  # fmt: skip
    return tuple(found)


def _open_to(assessment: Assessment, today: str) -> Any:
    """Offers that are not over, with the firm's case in their programme, or a call that it could still apply to."""
    firm_id = assessment.firm_id
    of_programme = and_(ProgrammeCase.programme_id == Programme.id, ProgrammeCase.firm_id == firm_id)
    own = select(func.max(ProgrammeCase.id)).where(of_programme, ProgrammeCase.state.not_in(BESIDE)).scalar_subquery()
    has_applied = exists().where(ProgrammeCase.call_id == ProgrammeCall.id, ProgrammeCase.firm_id == firm_id)
    days = and_(ProgrammeCall.opens_on <= today, ProgrammeCall.closes_on >= today)
    of_call = and_(ProgrammeCall.programme_id == Programme.id, days, ~has_applied)
    call = select(func.min(ProgrammeCall.id)).where(of_call).scalar_subquery()
    can_apply = and_(Programme.state == "open", Programme.country == assessment.firm.country, call.is_not(None))
    return (
        select(SupportOffer, Programme, own, call)
        .join(Programme, Programme.id == SupportOffer.programme_id)
        .where(
            or_(SupportOffer.closes_on == "", SupportOffer.closes_on >= today),
            or_(and_(Programme.state != "draft", own.is_not(None)), can_apply),
        )
        .order_by(case((own.is_not(None), 0), else_=1), SupportOffer.kind, SupportOffer.name, SupportOffer.id)
        .limit(MOST_OFFERS)
    )


def _judged(
    assessment: Assessment, programme: Programme, questionnaire: Questionnaire, now: datetime
) -> eligibility.Verdict:
    """By what the firm's particulars and its assessment say."""
    condition = eligibility.condition_of(programme.eligibility)
    fields = eligibility.fields_of(questionnaire, programme.country)
    return eligibility.judge(condition, {**assessment.profile, **profile_of(assessment.firm, fields, now)})


def by_action(
    support: Sequence[Support], actions: Iterable[Action], size: Size, exchange: Exchange
) -> dict[str, tuple[Help, ...]]:
    """The offers for each action by its enabler, with what each would bring of its cost; no others."""
    found = {}
    for action in actions:
        helps = tuple(_help(each, (action,), size, exchange) for each in support if each.helps(action))
        if some := tuple(each for each in helps if each.brings_anything):
            found[action.id] = some
    return found


def by_offer(support: Sequence[Support], actions: Sequence[Action], size: Size, exchange: Exchange) -> tuple[Help, ...]:
    """Each offer for all the actions that it fits, if any: its cap holds for them together."""
    fitting = ((each, tuple(action for action in actions if each.helps(action))) for each in support)
    helps = (_help(each, fits, size, exchange) for each, fits in fitting if fits)
    return tuple(each for each in helps if each.brings_anything)


def _help(support: Support, actions: Sequence[Action], size: Size, exchange: Exchange) -> Help:
    names = tuple(action.id for action in actions)
    nothing = Help(support, names, None, "")
    if support.rate is None and support.cap is None:
        return nothing
    currency, low, high = support.currency or actions[0].currency, 0.0, 0.0
    for action in actions:
        cost = action.cost.get(size)
        converted = [] if cost is None else [exchange.convert(amount, action.currency, currency) for amount in cost]
        if not converted or None in converted:
            return nothing  # of a sum with a gap nothing is told
        low, high = low + (converted[0] or 0.0), high + (converted[1] or 0.0)
    share = share_of(support.kind, support.rate)
    return Help(support, names, (_told(share * low, support.cap), _told(share * high, support.cap)), currency)


def _told(amount: float, cap: float | None) -> float:
    """An amount to two leading digits, at most the cap: the range of a cost is no quote."""
    return bounded(float(round(amount, min(2 - len(str(int(amount))), 0))), cap)
