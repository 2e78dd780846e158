"""Shared demand: groups that are large enough, counts only, and names for as long as a firm says yes."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import shared_demand
from assessment.shared_demand import AskedAlready, DemandNotFound, DemandOver, Group, TooFewShare
from assessment.tables import DemandFirm, Firm, Programme, SharedDemand
from questionnaires.library import Definition
from questionnaires.loader import load_definition
from tests.assessment import programmes as made
from tests.assessment.demands import ACTION, firm, note, several
from tests.factories import NOW, started


@pytest.fixture(scope="module")
def definition() -> Definition:
    return load_definition("industry4-readiness")


@pytest.fixture
def programme(session: Session, definition: Definition) -> Programme:
    return made.programme(session, definition=definition, threshold=5)


def of_action(found: Sequence[Group]) -> list[tuple[str, str, int]]:
    return [(each.section, each.region, each.firms) for each in found if each.action.id == ACTION]


def test_a_group_is_told_once_it_reaches_the_threshold(
    session: Session, programme: Programme, definition: Definition
) -> None:
    several(session, programme, definition, 4)
    assert of_action(shared_demand.find(session, programme, definition).groups) == []

    several(session, programme, definition, 1, "G")
    assert of_action(shared_demand.find(session, programme, definition).groups) == [("C", "", 5)]


def test_only_levels_in_reach_of_the_action_count(
    session: Session, programme: Programme, definition: Definition
) -> None:
    action = definition.action[ACTION]
    for level in range(6):
        several(session, programme, definition, 5, f"L{level}-", level=level)
    several(session, programme, definition, 5, "not-known", level=255)
    several(session, programme, definition, 5, "does-not-apply", level=254)

    assert of_action(shared_demand.find(session, programme, definition).groups) == [
        ("C", "", 5 * (action.to - action.from_))
    ]


def test_industries_and_regions_are_not_mixed(session: Session, programme: Programme, definition: Definition) -> None:
    several(session, programme, definition, 6, "A", region="MY-10")
    several(session, programme, definition, 5, "B", region="MY-01")
    several(session, programme, definition, 4, "C", region="MY-02")
    several(session, programme, definition, 5, "D", isic_section="H", region="MY-10")
    several(session, programme, definition, 9, "E", isic_section="")

    country = of_action(shared_demand.find(session, programme, definition).groups)
    region = of_action(shared_demand.find(session, programme, definition, "region").groups)
    assert country == [("C", "", 15), ("H", "", 5)]
    assert sorted(region) == [("C", "MY-01", 5), ("C", "MY-10", 6), ("H", "MY-10", 5)]


def test_firms_of_one_enterprise_group_count_once(
    session: Session, programme: Programme, definition: Definition
) -> None:
    several(session, programme, definition, 8, group_id=77)

    assert of_action(shared_demand.find(session, programme, definition).groups) == []


def test_the_budget_is_what_the_action_costs_them_together(
    session: Session, programme: Programme, definition: Definition
) -> None:
    several(session, programme, definition, 4, "S", size="small")
    several(session, programme, definition, 2, "L", size="large")
    several(session, programme, definition, 1, "U", size="")
    group = next(e for e in shared_demand.find(session, programme, definition).groups if e.action.id == ACTION)

    cost = definition.action[ACTION].cost
    assert (group.low, group.high) == tuple(4 * cost["small"][end] + 2 * cost["large"][end] for end in (0, 1))


def test_the_newest_assessment_of_a_firm_counts(session: Session, programme: Programme, definition: Definition) -> None:
    found = several(session, programme, definition, 5, wave=2025)
    assessment, _ = started(session, name="again")
    note(session, programme, definition, assessment.id, found[0].id, level=5, wave=2026)

    assert of_action(shared_demand.find(session, programme, definition).groups) == []


def asked(
    session: Session, programme: Programme, definition: Definition, n: int = 5
) -> tuple[list[Firm], SharedDemand]:
    found = several(session, programme, definition, n)
    letters = shared_demand.ask(session, programme, definition, ACTION, "C", "", "Please offer.", NOW)
    assert sorted(each.firm_id for each in letters) == sorted(each.id for each in found)
    return found, session.scalars(select(SharedDemand)).one()


def test_nobody_is_named_before_yes_nor_after_it_is_taken_back(
    session: Session, programme: Programme, definition: Definition
) -> None:
    found, demand = asked(session, programme, definition)

    def names() -> tuple[str, ...]:
        return shared_demand.list_answered(session, programme)[0].names

    assert names() == ()
    shared_demand.answer(session, found[0], str(demand.id), "yes", NOW)
    shared_demand.answer(session, found[1], str(demand.id), "no", NOW)
    assert names() == ("F0",)
    shared_demand.answer(session, found[0], str(demand.id), "no", NOW)
    assert names() == ()


def test_a_yes_can_be_taken_back_after_the_call_and_not_given_any_more(
    session: Session, programme: Programme, definition: Definition
) -> None:
    found, demand = asked(session, programme, definition)
    shared_demand.answer(session, found[0], str(demand.id), "yes", NOW)
    shared_demand.close(session, programme, str(demand.id), "called")

    with pytest.raises(DemandOver):
        shared_demand.answer(session, found[1], str(demand.id), "yes", NOW)
    shared_demand.answer(session, found[0], str(demand.id), "no", NOW)
    assert shared_demand.list_answered(session, programme)[0].names == ()


def test_a_firm_sees_how_many_are_asked_and_only_what_it_was_asked(
    session: Session, programme: Programme, definition: Definition
) -> None:
    found, demand = asked(session, programme, definition, 6)
    other = firm(session, programme, definition, "Other", level=5)

    mine = shared_demand.list_asked(session, found[2])
    assert [(each.demand.id, each.firms, each.says) for each in mine] == [(demand.id, 6, "")]
    assert shared_demand.list_asked(session, other) == []
    for number in (str(demand.id), "999", "x"):
        with pytest.raises(DemandNotFound):
            shared_demand.answer(session, other, number, "yes", NOW)


def test_too_few_are_not_asked_and_nobody_is_asked_twice(
    session: Session, programme: Programme, definition: Definition
) -> None:
    several(session, programme, definition, 4)
    with pytest.raises(TooFewShare):
        shared_demand.ask(session, programme, definition, ACTION, "C", "", "Text", NOW)
    several(session, programme, definition, 1, "G")
    shared_demand.ask(session, programme, definition, ACTION, "C", "", "Text", NOW)
    with pytest.raises(AskedAlready):
        shared_demand.ask(session, programme, definition, ACTION, "C", "", "Text", NOW)

    assert len(session.scalars(select(DemandFirm)).all()) == 5


def test_another_programme_does_not_close_it(session: Session, programme: Programme, definition: Definition) -> None:
    _, demand = asked(session, programme, definition)
    other = made.programme(session, programme_officer(session), definition=definition)

    with pytest.raises(DemandNotFound):
        shared_demand.close(session, other, str(demand.id), "called")


def programme_officer(session: Session) -> int:
    return made.officer(session, "other@ministry.example")
