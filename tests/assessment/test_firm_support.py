"""Support that stands open to a firm: of its own programmes and of those it could apply to, and how much at most."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from assessment import firm_support, support_offers
from assessment.firm_support import Support, by_action, by_offer
from assessment.programme_calls import today_of
from assessment.support_offers import Exchange, OfferPlan
from assessment.tables import Assessment, Programme, ProgrammeCall, ProgrammeCase
from assessment.told import Told
from questionnaires.library import Action
from tests.factories import NOW, started, tiny

TODAY = today_of(NOW)
ASKED = tiny().questionnaire
LARGE_ONLY = {"field": "employees", "at_least": 250}


def programme(session: Session, name: str = "P", country: str = "MY", state: str = "open", **more: object) -> Programme:
    found = Programme(
        name=name, country=country, state=state, questionnaire_id=ASKED.id, questionnaire_version=ASKED.version,
        created_at=NOW, changed_at=NOW, **more,
    )  # fmt: skip
    session.add(found)
    session.flush()
    support_offers.add(session, found, OfferPlan("grant", f"Grant of {name}", TODAY, rate=0.5), TODAY)
    return found


def call(session: Session, of: Programme, days: int = 30) -> ProgrammeCall:
    first, last = (today_of(NOW + timedelta(days=n)) for n in (days - 60, days))
    found = ProgrammeCall(programme_id=of.id, title="Call", opens_on=first, closes_on=last, created_at=NOW)
    session.add(found)
    session.flush()
    return found


def case(session: Session, of: ProgrammeCall, firm_id: int, state: str = "selected") -> ProgrammeCase:
    found = ProgrammeCase(programme_id=of.programme_id, call_id=of.id, firm_id=firm_id, state=state, created_at=NOW,
                          changed_at=NOW)  # fmt: skip
    session.add(found)
    session.flush()
    return found


def found_for(session: Session, assessment: Assessment) -> list[Support]:
    return list(firm_support.find(session, assessment, ASKED, NOW))


def test_a_firm_sees_offers_of_its_own_programme_also_when_its_call_is_over(session: Session) -> None:
    mine, _ = started(session)
    own = programme(session, state="closed")
    its = case(session, call(session, own, days=-5), mine.firm_id)

    assert [(each.name, each.case, each.call) for each in found_for(session, mine)] == [("Grant of P", its.id, None)]


@pytest.mark.parametrize("state", ["ineligible", "not_selected", "withdrawn"])
def test_a_case_that_ended_beside_the_way_opens_no_support(session: Session, state: str) -> None:
    mine, _ = started(session)
    case(session, call(session, programme(session)), mine.firm_id, state)

    assert found_for(session, mine) == []


def test_a_firm_sees_what_it_could_apply_to_today_and_nothing_else(session: Session) -> None:
    mine, _ = started(session)
    mine.firm.employees = 40
    open_call = call(session, programme(session, "Open"))
    programme(session, "No call")
    call(session, programme(session, "Over"), days=-1)
    call(session, programme(session, "Elsewhere", country="KE"))
    call(session, programme(session, "Draft", state="draft"))
    call(session, programme(session, "For large ones", eligibility=LARGE_ONLY))

    found = found_for(session, mine)

    assert [(each.programme, each.case, each.call, each.is_unsure) for each in found] == [
        ("Open", None, open_call.id, False)
    ]


def test_what_a_firm_has_not_stated_leaves_it_open_and_says_so(session: Session) -> None:
    mine, _ = started(session)
    call(session, programme(session, eligibility=LARGE_ONLY))
    assert [each.is_unsure for each in found_for(session, mine)] == [True]

    mine.firm.employees = 400
    assert [each.is_unsure for each in found_for(session, mine)] == [False]


def test_an_offer_that_is_over_is_gone_and_one_that_nobody_has_checked_for_long_is_marked(session: Session) -> None:
    mine, _ = started(session)
    own = programme(session)
    case(session, call(session, own), mine.firm_id)
    long_ago = today_of(NOW - timedelta(days=200))
    for plan in (
        OfferPlan("loan", "Over", TODAY, closes_on=today_of(NOW - timedelta(days=1))),
        OfferPlan("loan", "Old", long_ago, closes_on=TODAY),
    ):
        support_offers.add(session, own, plan, TODAY)

    assert [(each.name, each.is_old) for each in found_for(session, mine)] == [("Grant of P", False), ("Old", True)]


def action(id: str, enabler: str, low: float, high: float) -> Action:
    return Action.model_validate(
        {"id": id, "title": id, "question": "q", "from": 0, "to": 1, "cost": {"small": (low, high)}, "currency": "MYR"}
        | {"days": 1.0, "months": 1.0, "enabler": enabler}
    )


def offer(kind: str = "grant", enablers: tuple[str, ...] = (), **terms: object) -> Support:
    told = {"rate": None, "cap": None, "currency": "", **terms}
    return Support(1, kind, "Offer", "", conditions="", link="", checked_on=TODAY, closes_on="", enablers=enablers,
                   programme="P", case=1, call=None, is_unsure=False, is_old=False, **told)  # type: ignore[arg-type]  # fmt: skip


A, B = action("a", "skills", 1_000, 4_000), action("b", "technology", 10_000, 40_000)
CAPPED = offer(rate=0.5, cap=12_000.0, currency="MYR")


def test_of_each_action_an_offer_brings_its_share_at_most_its_cap() -> None:
    found = by_action([CAPPED, offer(enablers=("skills",), rate=1.0)], [A, B], "small", Exchange())

    assert {name: [each.money for each in helps] for name, helps in found.items()} == {
        "a": [(500, 2_000), (1_000, 4_000)], "b": [(5_000, 12_000)],
    }  # fmt: skip
    assert by_action([offer(enablers=("funding",))], [A, B], "small", Exchange()) == {}


def test_a_cap_holds_for_all_actions_of_a_plan_together() -> None:
    (found,) = by_offer([CAPPED, offer(enablers=("funding",))], [A, B], "small", Exchange())

    assert (found.actions, found.money, found.currency) == (("a", "b"), (5_500, 12_000), "MYR")


@pytest.mark.parametrize("size", ["large"])
@pytest.mark.parametrize("other", [A, action("c", "skills", 1, 2)])
def test_where_a_cost_or_a_rate_is_not_known_no_sum_is_told(size: str, other: Action) -> None:
    (found,) = by_offer([CAPPED], [B, other], size, Exchange())  # type: ignore[arg-type]
    (abroad,) = by_offer([offer(rate=0.5, cap=5.0, currency="KES")], [B, other], "small", Exchange())

    assert found.money is None
    assert abroad.money is None


def test_a_report_keeps_the_offers_and_another_offer_makes_it_another_report() -> None:
    told = Told(support=(CAPPED,))

    assert Told.from_json(told.as_json()) == told
    assert Told.from_json(Told().as_json()) == Told()
