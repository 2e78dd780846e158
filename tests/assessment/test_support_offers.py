"""Support for actions: matched by enabler, with the money it may bring, and marked when nobody has looked for long."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from assessment import case_support, support_offers
from assessment.programme_calls import today_of
from assessment.snapshots import Snapshot
from assessment.support_offers import Exchange, InvalidOffer, OfferPlan, is_old, matching
from assessment.tables import SupportOffer
from questionnaires.answers import Answers
from questionnaires.library import Action
from questionnaires.loader import load_definition
from tests.assessment import programmes as made
from tests.factories import NOW, started

TODAY = today_of(NOW)
COSTS = {"micro": (100.0, 200.0), "small": (10_000.0, 40_000.0)}


def action(id: str, enabler: str | None, currency: str = "MYR") -> Action:
    return Action.model_validate(
        {"id": id, "title": id, "question": "q", "from": 0, "to": 1, "cost": COSTS, "currency": currency}
        | {"days": 1.0, "months": 1.0, "enabler": enabler}
    )


def offer(kind: str = "grant", **more: object) -> SupportOffer:
    plan = OfferPlan(kind, more.pop("name", "Offer"), TODAY, **more)  # type: ignore[arg-type]
    kept = support_offers.checked(plan, TODAY)
    found = SupportOffer(programme_id=1)
    for name in OfferPlan.__dataclass_fields__:
        setattr(found, name, getattr(kept, name))
    return found


SKILLS, MACHINES, NONE = action("train", "skills"), action("machine", "technology"), action("talk", None)


def test_an_offer_is_for_actions_of_its_enablers_and_one_without_any_is_for_all() -> None:
    found = matching([offer(enablers=("skills",), name="S"), offer(name="All")], [SKILLS, MACHINES, NONE], TODAY)

    assert {id: [m.offer.name for m in matches] for id, matches in found.items()} == {
        "train": ["S", "All"],
        "machine": ["All"],
        "talk": ["All"],
    }
    assert matching([offer(enablers=("skills",))], [MACHINES, NONE], TODAY) == {}


def test_an_offer_that_would_bring_nothing_is_left_out() -> None:
    free = SKILLS.model_copy(update={"cost": {"small": (0.0, 0.0)}})
    assert matching([offer(rate=0.5)], [free], TODAY) == {}
    found = matching([offer(rate=0.5, name="Half"), offer(name="Advice")], [free], TODAY)
    assert [match.offer.name for match in found["train"]] == ["Advice"]


@pytest.mark.parametrize(
    ("terms", "money"),
    [
        ({"rate": 0.5}, (5_000.0, 20_000.0)),
        ({"rate": 0.5, "cap": 12_000.0, "currency": "MYR"}, (5_000.0, 12_000.0)),
        ({"cap": 12_000.0, "currency": "MYR"}, (10_000.0, 12_000.0)),
        ({"kind": "loan", "rate": 0.04, "cap": 25_000.0, "currency": "MYR"}, (10_000.0, 25_000.0)),
        ({}, None),
        ({"rate": 0.5, "cap": 2_000.0, "currency": "EUR"}, (1_000.0, 2_000.0)),  # 5 MYR an EUR
        ({"rate": 0.5, "cap": 2_000.0, "currency": "KES"}, None),  # no rate: nothing is guessed
    ],
)
def test_an_offer_brings_its_share_of_the_cost_up_to_its_cap(
    terms: dict[str, object], money: tuple[float, float] | None
) -> None:
    exchange = Exchange({"EUR": 1.0, "MYR": 5.0})
    match = matching([offer(**terms)], [SKILLS], TODAY, "small", exchange)["train"][0]  # type: ignore[arg-type]

    assert match.money == money


def test_a_size_without_a_cost_has_no_figure() -> None:
    assert matching([offer(rate=0.5)], [SKILLS], TODAY, "large")["train"][0].money is None


def test_an_offer_is_open_on_its_last_day_and_old_after_180_days() -> None:
    last, over = offer(closes_on=TODAY, name="Last"), offer(closes_on="2026-11-19", name="Over")
    day = {n: today_of(NOW - timedelta(days=n)) for n in (180, 181)}
    fresh, old = offer(), offer()
    fresh.checked_on, old.checked_on = day[180], day[181]

    assert [m.offer.name for m in matching([last, over], [NONE], TODAY)["talk"]] == ["Last"]
    assert (is_old(fresh, TODAY), is_old(old, TODAY)) == (False, True)
    assert [m.is_old for m in matching([fresh, old], [NONE], TODAY)["talk"]] == [False, True]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"kind": "gift"}, "kind"),
        ({"rate": 1.5}, "rate"),
        ({"rate": float("nan")}, "rate"),
        ({"cap": 0.0, "currency": "MYR"}, "cap"),
        ({"cap": 10.0}, "currency"),
        ({"enablers": ("luck",)}, "enablers"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "https://"}, "link"),
        ({"checked_on": "2027-01-01"}, "checked_on"),
        ({"checked_on": "lately"}, "checked_on"),
        ({"closes_on": "31.12.2026"}, "closes_on"),
    ],
)
def test_an_offer_that_does_not_fit_is_refused_at_its_field(wrong: dict[str, object], field: str) -> None:
    given = {"kind": "grant", "name": "A", "checked_on": TODAY} | wrong
    with pytest.raises(InvalidOffer) as refusal:
        support_offers.checked(OfferPlan(**given), TODAY)  # type: ignore[arg-type]

    assert list(refusal.value.problems) == [field]


def test_a_case_is_told_support_for_the_next_actions_of_its_largest_gaps(session: Session) -> None:
    definition = load_definition("industry4-readiness")
    of = made.programme(session, definition=definition, eligibility=None)
    case = made.applied(session, made.call(session, of), definition=definition)
    support_offers.add(session, of, OfferPlan("training", "Courses", TODAY, enablers=("skills",), rate=0.5), TODAY)
    before = case_support.for_case(session, case, definition, TODAY)
    assessment, _ = started(session, definition)
    answers = {q.id: 0 for q in definition.questionnaire.questions.values() if q.levels is not None}
    assessment.frozen = Snapshot(Answers({"employees": 42.0}, dict(answers))).as_json()
    case.assessment_id = assessment.id
    session.flush()
    after = case_support.for_case(session, case, definition, TODAY)

    assert (before.actions, [each.name for each in before.offers]) == ((), ["Courses"])
    assert after.actions
    assert {each.enabler for each, _ in after.actions} == {"skills"}
    for each, (match,) in after.actions:
        assert match.money == (0.5 * each.cost["small"][0], 0.5 * each.cost["small"][1])
