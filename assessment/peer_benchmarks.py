"""Where a firm's peers stand: cells of a published release, and nothing that anybody works out anew for one firm.

A firm is set beside the narrowest group of which the release shows a cell. What is held back there stays so: then it
is the next wider group, and its name is told.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, exists, func, select

from assessment.firm_profile import facts_of
from assessment.industries import DIVISIONS, SECTION_OF, SECTIONS
from assessment.outcomes import size_of
from assessment.release_access import PUBLISHED
from assessment.tables import Assessment, Firm, Programme, ProgrammeCase, Release
from questionnaires.schema import Questionnaire

ALL, OVERALL = "_T", "overall"
MOST_RELEASES = 3  # that are looked into, where the first show nothing for a firm
Group = tuple[str, str]  # industry and size, as a release has them


@dataclass(frozen=True, slots=True)
class Published:
    """A release that is out: the newest of its programme."""

    id: int
    cube_sha256: str
    number: int
    title: str
    published_on: str  # ISO day
    programme: str
    country: str
    size_scheme: str
    waves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PeerCell:
    """One shown cell, as it was published: `n` is rounded, None is not published for so few firms."""

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


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The peers of a firm in a release. `names` are those of the industries, in the reader's language."""

    release: int
    link: str
    number: int
    title: str
    published_on: str
    programme: str
    country: str
    wave: str
    cells: tuple[PeerCell, ...]  # the overall score first
    is_narrowest: bool  # whether the first cell is of the narrowest group that the firm is in
    names: tuple[tuple[str, str], ...] = ()

    @property
    def overall(self) -> PeerCell:
        return self.cells[0]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Benchmark":
        cells = tuple(PeerCell(**each) for each in data["cells"])
        return cls(**{**data, "cells": cells, "names": tuple((code, name) for code, name in data["names"])})


def published_for(assessment: Assessment) -> Select[Any]:
    """The newest release of each programme that asks what this assessment has answered: those of the firm's own
    programmes first, then those of its country. Of another version of the questionnaire scores are not comparable.
    """
    of_firm = exists().where(ProgrammeCase.programme_id == Programme.id, ProgrammeCase.firm_id == assessment.firm_id)
    rank = case((of_firm, 0), (Programme.country == assessment.firm.country, 1), else_=2)
    newest = select(func.max(Release.id)).where(Release.state == PUBLISHED).group_by(Release.programme_id)
    return (
        select(
            Release.id,
            Release.cube_sha256,
            Release.number,
            Release.title,
            Release.published_at,
            Programme.name,
            Programme.country,
            Programme.size_scheme,
            rank.label("rank"),
            Release.wishes,
        )
        .join(Programme, Programme.id == Release.programme_id)
        .where(
            Release.id.in_(newest),
            Programme.questionnaire_id == assessment.questionnaire_id,
            Programme.questionnaire_version == assessment.questionnaire_version,
        )
        .order_by(rank, Release.published_at.desc(), Release.id.desc())
        .limit(MOST_RELEASES)
    )


def published(rows: Iterable[Sequence[Any]]) -> tuple[Published, ...]:
    """What `published_for` has found, in the order of preference."""
    found = []
    for id, sha256, number, title, at, programme, country, scheme, rank, wishes in rows:
        waves = tuple(str(wave) for wave in (wishes or {}).get("waves", ()))
        release = Published(id, sha256 or "", number, title, _day(at), programme, country, scheme, waves)
        found.append(((-rank, at, id), release))
    return tuple(release for _, release in sorted(found, key=lambda each: each[0], reverse=True))


def _day(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else ""


def groups_of(firm: Firm, scheme: str) -> tuple[Group, ...]:
    """The groups that a firm is in, from the narrowest to all firms, with its size by the programme's scheme."""
    section = firm.isic_section or SECTION_OF.get(firm.isic_division, "")
    division = section + firm.isic_division if section and firm.isic_division else ""
    size = size_of(scheme, replace(facts_of(firm), section=section))
    wide = ((division, size), (section, size), (division, ALL), (section, ALL), (ALL, size), (ALL, ALL))
    return tuple(group for group in wide if all(group))


def indicators_of(questionnaire: Questionnaire) -> tuple[str, ...]:
    return (OVERALL, *(f"D:{dimension.id}" for dimension in questionnaire.walk()))


def narrowest(cells: Iterable[PeerCell], groups: Sequence[Group], indicators: Sequence[str]) -> tuple[PeerCell, ...]:
    """Of each indicator the cell of the narrowest group, none narrower than that of the overall score.

    Nothing where the overall score of no group is shown.
    """
    found = {(cell.indicator, cell.industry, cell.size): cell for cell in cells}
    first = next((place for place, group in enumerate(groups) if (OVERALL, *group) in found), None)
    if first is None:
        return ()
    chosen = (next((found[i, *g] for g in groups[first:] if (i, *g) in found), None) for i in indicators)
    return tuple(cell for cell in chosen if cell is not None)


def benchmark(
    release: Published,
    wave: str,
    cells: tuple[PeerCell, ...],
    groups: Sequence[Group],
    link: str,
    say: Callable[[str], str],
) -> Benchmark:
    """The cells with where they come from; `say` puts an industry's name into the reader's language."""
    codes = dict.fromkeys(cell.industry for cell in cells if cell.industry != ALL)
    return Benchmark(
        release=release.id,
        link=link,
        number=release.number,
        title=release.title,
        published_on=release.published_on,
        programme=release.programme,
        country=release.country,
        wave=wave,
        cells=cells,
        is_narrowest=(cells[0].industry, cells[0].size) == groups[0],
        names=tuple((code, say(_name(code))) for code in codes),
    )


def _name(code: str) -> str:
    return SECTIONS[code] if len(code) == 1 else DIVISIONS[code[0]][code[1:]]
