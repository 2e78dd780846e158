"""Support for the plan: what programmes offered the firm on the day of the report, each offer for all its actions."""

from assessment import firm_support
from assessment.case_support import exchange_of
from assessment.firm_support import Help, Support
from questionnaires.library import Action
from reports.firm.material import Material
from reports.firm.view_peers import OfferRow, OffersTable

SHOWN, NAMED = 6, 12  # offers, and actions of one by their numbers


def build_offers(m: Material, actions: list[Action]) -> OffersTable | None:
    """None where no programme offers anything for these actions."""
    exchange = exchange_of(m.result.definition)
    found = firm_support.by_offer(m.result.support, actions, m.result.wishes.size, exchange)
    if not found:
        return None
    w = m.words
    return OffersTable(
        title=w.gettext("Support on offer for this plan"),
        intro=w.gettext(
            "At most so much could be paid of what these actions usually cost a firm of this size. Nothing of it is "
            "promised: who offers it decides, and offers for the same cost seldom add up."
        ),
        heads=(w.gettext("Support"), w.gettext("Actions"), w.gettext("At most"), w.gettext("Until, and checked on")),
        rows=tuple(_row(m, each) for each in found[:SHOWN]),
        source=w.gettext("Source: the programmes named, as they had entered it when this report was ordered."),
    )


def _row(m: Material, found: Help) -> OfferRow:
    w, offer = m.words, found.support
    numbers = [w.count(number) for number in sorted(m.order[name] for name in found.actions if name in m.order)]
    many = w.ngettext("%(n)s action", "%(n)s actions", len(numbers))
    colon, between = w.pgettext("after a label", ":"), w.pgettext("between facts", "; ")
    return OfferRow(
        title=f"{_kind(m, offer.kind)}{colon} {w.foreign(offer.name)}",
        who=between.join(each for each in (_terms(m, offer), w.foreign(offer.provider or offer.programme)) if each),
        actions=w.listed(numbers) if len(numbers) <= NAMED else many,
        money="\u2013" if found.money is None else w.money_range(*found.money, found.currency),
        days=_days(m, offer),
        link=offer.link,
        note=_note(m, offer),
    )


def _kind(m: Material, kind: str) -> str:
    w = m.words
    return {
        "grant": w.gettext("Grant"),
        "voucher": w.gettext("Voucher"),
        "loan": w.gettext("Loan"),
        "training": w.gettext("Training"),
    }[kind]


def _terms(m: Material, offer: Support) -> str:
    w, said = m.words, []
    if offer.rate is not None:
        rate = w.rate(offer.rate)
        interest, share = w.gettext("%(rate)s interest a year", rate=rate), w.gettext("%(rate)s of the cost", rate=rate)
        said.append(interest if offer.kind == "loan" else share)
    if offer.cap is not None:
        said.append(w.gettext("up to %(amount)s", amount=w.money(offer.cap, offer.currency)))
    return w.pgettext("between items of a list", ", ").join(said)


def _days(m: Material, offer: Support) -> str:
    w = m.words
    said = [w.gettext("until %(day)s", day=w.day(offer.closes_on))] if offer.closes_on else []
    said.append(w.gettext("checked on %(day)s", day=w.day(offer.checked_on)))
    if offer.is_old:
        said.append(w.gettext("ask before you count on it"))
    return w.pgettext("between facts", "; ").join(said)


def _note(m: Material, offer: Support) -> str:
    w = m.words
    if offer.case is not None:
        return w.gettext("The firm is in this programme.")
    if offer.is_unsure:
        return w.gettext("For firms of the programme; whether this one may take part is not settled yet.")
    return w.gettext("For firms of the programme; this one may apply to it.")
