"""The policy reading as tables of a release's workbook: gaps, planned actions and what they help, policies."""

from collections.abc import Mapping, Sequence
from typing import Any

from assessment.hindrances import HINDRANCES
from assessment.planned_impact import Helped, kinds_of
from assessment.policy_reading import read_policy
from questionnaires.library import EFFECTS_OF, Definition
from reports.firm import names
from reports.ministry.cells import Cell as Shown
from reports.ministry.hindrances import hindrances
from reports.ministry.impact import ANY, helped, of_group, planned
from reports.ministry.material import Material
from reports.ministry.policy import areas
from reports.ministry.shares import gaps
from reports.ministry.traits import YES
from reports.release.about import HELD_SIGN
from reports.release.cube import Cube
from reports.release.labels import Labels
from reports.release.workbook import NONE_SIGN
from reports.workbook import Cell, Column, Sheet

EFFECTS = tuple(effect for effects in EFFECTS_OF.values() for effect in effects)
Cells = tuple[Cell, ...]


def policy_sheets(cube: Cube, manifest: Mapping[str, Any], definition: Definition, labels: Labels) -> tuple[Sheet, ...]:
    """Tables of the newest year, made of the release's cells and the questionnaire's library alone."""
    m = Material(cube, manifest, definition, labels.wording, labels)
    found = [_gaps(m), _hindrances(m), _planned(m), _groups(m), _policies(m)]
    return tuple(sheet for sheet in found if sheet.rows)


def _gaps(m: Material) -> Sheet:
    """Every gap that is told, with its first step, and the area that answers it."""
    w, found = m.words, gaps(m)
    reading = read_policy(m.translated.definition, [each.question.id for each in found])
    of_area = {question: area for area in reading.areas for question in area.gaps}
    steps = {action.question: action for area in reading.areas for action in area.actions}
    needs = names.enablers(w)
    rows = []
    for each in found:
        step = steps.get(each.question.id)
        rows.append((
            each.question.text, m.questionnaire.dimension_of[each.question.id].title,
            areas(m)[of_area[each.question.id].id], step.title if step else NONE_SIGN,
            needs[step.enabler][0] if step and step.enabler else NONE_SIGN, *_share(m, each.cell, each.value),
        ))  # fmt: skip
    texts = (w.gettext("Dimension"), w.gettext("Area of policy"), w.gettext("First step"), w.gettext("Needs"))
    title = w.gettext("Gaps and the areas of policy that answer them")
    return _sheet(title, (*(Column(head, "text", 24) for head in texts), *_share_columns(m)), rows)


def _hindrances(m: Material) -> Sheet:
    """What stands in the way of firms, with the area that answers it and the enabler that it calls for."""
    w, needs = m.words, names.enablers(m.words)
    rows = []
    for id, text, cell in hindrances(m):
        each = HINDRANCES[id]
        need = NONE_SIGN if each.enabler is None else needs[each.enabler][0]
        rows.append((text, areas(m)[each.area], need, *_told(m, cell)))
    columns = (Column(w.gettext("Area of policy"), "text", 24), Column(w.gettext("Needs"), "text", 24),
               *_share_columns(m))  # fmt: skip
    return _sheet(w.gettext("What stands in the way, by the area of policy that answers it"), columns, rows)


def _planned(m: Material) -> Sheet:
    """What planned actions need, who plans them, and what the library's actions of that kind help."""
    w, kinds = m.words, kinds_of(m.definition)
    every = helped(m)
    rows: list[Cells] = []
    for kind in kinds if every is not None else ():
        cell = planned(m, kind.enabler)
        told = (names.enablers(w)[kind.enabler][0], areas(m)[kind.area])
        rows.append((*told, *_told(m, cell), kind.actions, *_pillars(kind.helped), *_effects(kind.helped)))
    if every is not None:
        rows.append((w.gettext("All that is planned"), "", *_told(m, planned(m)), sum(kind.actions for kind in kinds),
                     *_pillars(every), *_effects(every)))  # fmt: skip
    columns = (
        Column(w.gettext("Area of policy"), "text", 24), *_share_columns(m),
        Column(w.gettext("Actions of the library"), "whole", 12), *_pillar_columns(m),
        *(Column(names.effects(w)[effect], "share", 14) for effect in EFFECTS),
    )  # fmt: skip
    return _sheet(w.gettext("What planned actions would help"), columns, rows)


def _groups(m: Material) -> Sheet:
    """Whose planned actions would help what: by size, and by section."""
    rows: list[Cells] = []
    for side in ("size", "industry"):
        for code, cell in m.along(side, f"A:planned.{ANY}"):
            found = of_group(m, side, code)
            strengths = (HELD_SIGN,) * len(EFFECTS_OF) if found is None else _pillars(found)
            rows.append((m.name(side, code), *_told(m, cell), *strengths))
    title = m.words.gettext("Whose planned actions would help what")
    return _sheet(title, (*_share_columns(m), *_pillar_columns(m)), rows)


def _policies(m: Material) -> Sheet:
    w = m.words
    rows = [
        (case.title, w.country(case.country), areas(m)[area.id], case.problem, case.lesson or "", case.source.title)
        for area in read_policy(m.translated.definition, ()).areas
        for case in area.cases
    ]
    heads = (w.gettext("Country"), w.gettext("Area"), w.gettext("Problem"), w.gettext("What others can learn"),
             w.gettext("Source"))  # fmt: skip
    title = w.gettext("Policies that worked in these areas, as published")
    return _sheet(title, tuple(Column(head, "text", 30) for head in heads), rows)


def _sheet(title: str, columns: tuple[Column, ...], rows: Sequence[Cells]) -> Sheet:
    return Sheet("", (Column(title, "text", 44), *columns), tuple(rows), 1, HELD_SIGN)


def _share_columns(m: Material) -> tuple[Column, ...]:
    say = m.words.gettext
    ends = (say("Lower end of the 95 % interval"), say("Upper end of the 95 % interval"))
    return (Column(say("Firms"), "whole", 10), *(Column(head, "share", 14) for head in (say("Share"), *ends)))


def _pillar_columns(m: Material) -> tuple[Column, ...]:
    return tuple(Column(title, "one", 14) for title in names.pillars(m.words).values())


def _told(m: Material, cell: Shown) -> Cells:
    return _share(m, cell, cell.shares[YES]) if cell.shares else (HELD_SIGN,) * 4


def _share(m: Material, cell: Shown, value: float) -> Cells:
    low, high = m.share_ends(value, cell)
    return cell.n, value / 100, round(low, 2), round(high, 2)


def _pillars(found: Helped) -> Cells:
    return tuple(round(strength, 1) for strength in found.pillars.values())


def _effects(found: Helped) -> Cells:
    return tuple(round(found.effects[effect], 2) for effect in EFFECTS)
