"""Money and help that a programme knows of: kept with the day it was checked, and matched to a firm's actions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import get_args
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.access import NUMBER
from assessment.errors import N_, Invalid, NotFound
from assessment.places import currencies
from assessment.programme_calls import is_day
from assessment.tables import Programme, SupportOffer
from assessment.texts import clean_name, clean_text
from questionnaires.library import Action, Enabler, Size

GRANT, VOUCHER, LOAN, TRAINING = KINDS = ("grant", "voucher", "loan", "training")
ENABLERS: tuple[str, ...] = get_args(Enabler)
OLD_DAYS = 180  # an offer that was checked longer ago is marked as old
MOST_MONEY = 1e12


class OfferNotFound(NotFound):
    """The programme has no such offer."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such support in this programme. Choose one from the list."))


class InvalidOffer(Invalid):
    """What is wrong with an offer, by field."""

    def __init__(self, problems: Mapping[str, Invalid]) -> None:
        self.problems = problems
        first = next(iter(problems.values()))
        super().__init__(first.message, **first.values)


@dataclass(frozen=True, slots=True)
class OfferPlan:
    """What an officer says of an offer. `rate` is a share from 0 to 1: of the cost, or a loan's yearly interest."""

    kind: str
    name: str
    checked_on: str
    provider: str = ""
    enablers: tuple[str, ...] = ()  # empty is all
    rate: float | None = None
    cap: float | None = None
    currency: str = ""
    conditions: str = ""
    link: str = ""
    closes_on: str = ""


def checked(plan: OfferPlan, today: str) -> OfferPlan:
    """A plan as it is kept.

    Raises:
        InvalidOffer: by field what does not fit.
    """
    problems: dict[str, Invalid] = {}
    texts = {name: _cleaned(name, getattr(plan, name), problems) for name in ("name", "provider", "conditions")}
    if not texts["name"] and "name" not in problems:
        problems["name"] = Invalid(N_("Enter the name under which firms find it."))
    wrong = {
        "kind": (plan.kind not in KINDS, N_("Choose one of the answers.")),
        "enablers": (not set(plan.enablers) <= set(ENABLERS), N_("Choose one of the answers.")),
        "cap": (plan.cap is not None and not 0 < plan.cap <= MOST_MONEY, N_("Enter an amount above 0.")),
        "currency": (
            plan.currency not in currencies() if plan.cap is not None else False,
            N_("Choose the currency of the amount."),
        ),
        "rate": (plan.rate is not None and not 0 <= plan.rate <= 1, N_("Enter a share from 0 to 100 per cent.")),
        "link": (not _is_link(plan.link), N_("Enter an address that starts with https://")),
        "checked_on": (
            not is_day(plan.checked_on) or plan.checked_on > today,
            N_("Enter the day on which somebody looked: today, or an earlier day."),
        ),
        "closes_on": (
            bool(plan.closes_on) and not is_day(plan.closes_on),
            N_("Write the day as year-month-day, such as 2026-11-22."),
        ),
    }
    problems |= {name: Invalid(message) for name, (is_wrong, message) in wrong.items() if is_wrong}
    if problems:
        raise InvalidOffer(problems)
    return OfferPlan(
        plan.kind,
        texts["name"],
        plan.checked_on,
        texts["provider"],
        tuple(e for e in ENABLERS if e in plan.enablers),
        plan.rate,
        plan.cap,
        plan.currency if plan.cap is not None else "",
        texts["conditions"],
        plan.link,
        plan.closes_on,
    )


def _cleaned(name: str, text: str, problems: dict[str, Invalid]) -> str:
    try:
        return clean_text(text, 2000) if name == "conditions" else clean_name(text)
    except Invalid as refusal:
        problems[name] = refusal
        return ""


def _is_link(text: str) -> bool:
    if not text:
        return True
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.hostname) and len(text) <= 500 and text.isprintable()


def add(session: Session, programme: Programme, plan: OfferPlan, today: str) -> SupportOffer:
    """Raises InvalidOffer when something in the plan does not fit."""
    offer = SupportOffer(programme_id=programme.id)
    _set(offer, checked(plan, today))
    session.add(offer)
    session.flush()
    return offer


def change(offer: SupportOffer, plan: OfferPlan, today: str) -> None:
    """Raises InvalidOffer when something in the plan does not fit."""
    _set(offer, checked(plan, today))


def _set(offer: SupportOffer, plan: OfferPlan) -> None:
    for name in OfferPlan.__dataclass_fields__:
        setattr(offer, name, getattr(plan, name))
    offer.enablers = list(plan.enablers)


def plan_of(offer: SupportOffer) -> OfferPlan:
    values = {name: getattr(offer, name) for name in OfferPlan.__dataclass_fields__}
    return OfferPlan(**values | {"enablers": tuple(offer.enablers)})


def get(session: Session, programme: Programme, number: str) -> SupportOffer:
    """Raises OfferNotFound when the programme has no such offer."""
    found = session.get(SupportOffer, int(number)) if NUMBER.fullmatch(number) else None
    if found is None or found.programme_id != programme.id:
        raise OfferNotFound
    return found


def remove(session: Session, offer: SupportOffer) -> None:
    session.delete(offer)
    session.flush()


def list_offers(session: Session, programme_id: int) -> Sequence[SupportOffer]:
    """The offers of a programme, also those that have closed, by kind and name."""
    query = select(SupportOffer).where(SupportOffer.programme_id == programme_id)
    return session.scalars(query.order_by(SupportOffer.kind, SupportOffer.name, SupportOffer.id)).all()


def list_open(session: Session, programme_id: int, today: str) -> Sequence[SupportOffer]:
    return [offer for offer in list_offers(session, programme_id) if not is_closed(offer, today)]


def is_closed(offer: SupportOffer, today: str) -> bool:
    """An offer is open on its closing day."""
    return bool(offer.closes_on) and offer.closes_on < today


def old_before(today: str) -> str:
    """The day before which a check counts as old."""
    return (date.fromisoformat(today) - timedelta(days=OLD_DAYS)).isoformat()


def is_old(offer: SupportOffer, today: str) -> bool:
    return offer.checked_on < old_before(today)


@dataclass(frozen=True, slots=True)
class Match:
    """An offer for an action. `money` is what it may bring, lowest and highest; None where it cannot be said."""

    offer: SupportOffer
    money: tuple[float, float] | None
    currency: str
    is_old: bool


@dataclass(frozen=True, slots=True)
class Exchange:
    """Planning rates: units of each currency for one unit of some base."""

    per: Mapping[str, float] = field(default_factory=dict)

    def convert(self, amount: float, of: str, into: str) -> float | None:
        """None where there is no rate; nothing is guessed."""
        if of == into:
            return amount
        if of not in self.per or into not in self.per:
            return None
        return amount / self.per[of] * self.per[into]


def matching(
    offers: Iterable[SupportOffer],
    actions: Iterable[Action],
    today: str,
    size: Size = "small",
    exchange: Exchange = Exchange(),
) -> dict[str, tuple[Match, ...]]:
    """The open offers for each action by its enabler, with the money that each may bring to a firm of this size.

    Actions for which there is none are left out, and offers that would bring nothing to one. An offer without enablers
    helps every action.
    """
    still_open = [offer for offer in offers if not is_closed(offer, today)]
    found = {}
    for action in actions:
        fits = [o for o in still_open if not o.enablers or action.enabler in o.enablers]
        matches = [_match(offer, action, size, exchange, today) for offer in fits]
        if bring := tuple(match for match in matches if match.money is None or match.money[1] > 0):
            found[action.id] = bring
    return found


def _match(offer: SupportOffer, action: Action, size: Size, exchange: Exchange, today: str) -> Match:
    money, currency = money_of(offer, action, size, exchange)
    return Match(offer, money, currency, is_old(offer, today))


def money_of(
    offer: SupportOffer, action: Action, size: Size, exchange: Exchange
) -> tuple[tuple[float, float] | None, str]:
    """min(rate x cost, cap) at the lowest and the highest cost, in the offer's currency or else the action's.

    Of a loan it is what can be borrowed: its rate is the interest. Without a rate the cap alone bounds it.
    """
    cost = action.cost.get(size)
    if cost is None or (offer.rate is None and offer.cap is None):
        return None, ""
    currency = offer.currency or action.currency
    low, high = (exchange.convert(amount, action.currency, currency) for amount in cost)
    if low is None or high is None:
        return None, ""
    share = share_of(offer.kind, offer.rate)
    return (bounded(share * low, offer.cap), bounded(share * high, offer.cap)), currency


def share_of(kind: str, rate: float | None) -> float:
    """The share of a cost that an offer brings: of a loan all, since its rate is the interest."""
    return 1.0 if kind == LOAN or rate is None else rate


def bounded(amount: float, cap: float | None) -> float:
    return amount if cap is None else min(amount, cap)
