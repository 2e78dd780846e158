"""Peers of a firm: the narrowest group of which a published release shows a cell, and nothing that is held back."""

import itertools
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from assessment import firms
from assessment.peer_benchmarks import ALL, OVERALL, PeerCell, groups_of, narrowest, published, published_for
from assessment.tables import Assessment, Firm, Programme, ProgrammeCall, ProgrammeCase, Release
from tests.factories import NOW, started, tiny

NARROW = (("C13", "small"), ("C", "small"), ("C13", ALL), ("C", ALL), (ALL, "small"), (ALL, ALL))


def cell(indicator: str, industry: str, size: str, n: int = 20) -> PeerCell:
    return PeerCell(indicator, industry, size, n, 2.0, 1.8, 2.2, None, 2.0, None)


def programme(session: Session, name: str, version: str = "", country: str = "MY") -> Programme:
    asked = tiny().questionnaire
    found = Programme(
        name=name, country=country, questionnaire_id=asked.id, questionnaire_version=version or asked.version,
        created_at=NOW, changed_at=NOW, state="open",
    )  # fmt: skip
    session.add(found)
    session.flush()
    return found


def release(session: Session, of: Programme, number: int, days: int = 0, state: str = "published") -> Release:
    at = NOW + timedelta(days=days)
    found = Release(
        programme_id=of.id, number=number, state=state, cube_sha256=f"{of.id}-{number}", requested_at=at, made_at=at,
        published_at=at if state == "published" else None,
    )  # fmt: skip
    session.add(found)
    session.flush()
    return found


def found_for(session: Session, assessment: Assessment) -> list[str]:
    return [each.cube_sha256 for each in published(session.execute(published_for(assessment)))]


def take_in(session: Session, of: Programme, firm_id: int) -> None:
    call = ProgrammeCall(
        programme_id=of.id, title="Call", opens_on="2026-01-01", closes_on="2026-12-31", created_at=NOW
    )
    session.add(call)
    session.flush()
    session.add(ProgrammeCase(programme_id=of.id, call_id=call.id, firm_id=firm_id, state="applied", created_at=NOW,
                              changed_at=NOW))  # fmt: skip
    session.flush()


def test_a_firm_is_in_its_division_and_size_first_and_in_all_firms_last() -> None:
    firm = Firm(name="Weavers", country="MY", isic_section="C", isic_division="13", employees=30)

    assert groups_of(firm, "eu") == NARROW
    assert groups_of(Firm(name="?", country="MY", isic_section="", isic_division=""), "eu") == ((ALL, ALL),)


@pytest.mark.parametrize("shown", [c for k in (1, 3, 6) for c in itertools.combinations(NARROW, k)])
def test_where_a_group_is_held_back_the_next_wider_one_is_told(shown: tuple[tuple[str, str], ...]) -> None:
    found = narrowest([cell(OVERALL, *group) for group in shown], NARROW, (OVERALL,))

    assert [(each.industry, each.size) for each in found] == [next(group for group in NARROW if group in shown)]


def test_a_dimension_is_told_of_no_narrower_group_than_the_whole_and_of_a_wider_one_where_it_is_held_back() -> None:
    shown = [cell(OVERALL, "C", "small"), cell(OVERALL, ALL, ALL), cell("D:a", "C13", "small"), cell("D:a", "C", ALL)]
    shown += [cell("D:b", "C", "small"), cell("D:c", "C13", "small")]

    found = narrowest(shown, NARROW, (OVERALL, "D:a", "D:b", "D:c"))

    assert [(each.indicator, each.industry, each.size) for each in found] == [
        (OVERALL, "C", "small"), ("D:a", "C", ALL), ("D:b", "C", "small"),
    ]  # fmt: skip
    assert narrowest([cell("D:a", ALL, ALL)], NARROW, (OVERALL, "D:a")) == ()


def test_releases_that_are_not_out_or_ask_another_version_are_never_looked_into(session: Session) -> None:
    mine, _ = started(session)
    for state in ("queued", "making", "made", "refused", "failed"):
        release(session, programme(session, state), 1, state=state)
    release(session, programme(session, "Other", version="0.0.9"), 1)

    assert found_for(session, mine) == []


def test_the_programme_of_the_firm_comes_before_its_country_and_newer_ones_before_older(session: Session) -> None:
    mine, _ = started(session)
    own, here, abroad = (programme(session, n, country=c) for n, c in (("Own", "MA"), ("Here", "MY"), ("Abroad", "KE")))
    release(session, abroad, 1, days=9)
    release(session, here, 1, days=3)
    assert found_for(session, mine) == [f"{here.id}-1", f"{abroad.id}-1"]

    release(session, own, 1)
    release(session, own, 2, days=1)
    release(session, own, 3, days=2, state="made")
    take_in(session, own, mine.firm_id)
    assert found_for(session, mine) == [f"{own.id}-2", f"{here.id}-1", f"{abroad.id}-1"]

    other = firms.register(session, "Other", "KE", NOW)
    mine.firm = other
    session.flush()
    assert found_for(session, mine)[0] == f"{abroad.id}-1"
