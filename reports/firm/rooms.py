"""What a workshop of the firm has settled: the room's level beside the firm's own, and what comes first."""

from assessment.rooms_told import RoomTold
from reports.firm.material import Material
from reports.firm.view_since import RoomRow, RoomsSection, RoomTable
from scoring.readiness import level_of

SHOWN = 12  # questions in the printed report; those where room and firm differ most come first


def build_rooms(m: Material) -> RoomsSection | None:
    """None where the assessment was part of no workshop that has ended."""
    tables = [table for each in m.result.rooms if (table := _table(m, each)) is not None]
    if not tables:
        return None
    w = m.words
    return RoomsSection(
        id="workshops",
        title=w.gettext("What the workshop settled"),
        intro=w.gettext(
            "The firm brought this assessment to a workshop of industry and government. The level on which the room "
            "settled is about the country or the value chain as a whole; it changes nothing in the firm's own scores."
        ),
        heads=(w.gettext("Question"), w.gettext("The room"), w.gettext("The firm")),
        tables=tuple(tables),
    )


def _table(m: Material, room: RoomTold) -> RoomTable | None:
    rows = sorted(_rows(m, room), key=lambda each: -each[0])
    if not rows:
        return None
    w = m.words
    known = m.questionnaire.questions
    first = [f"{place}. {known[q].text}" for q, place in room.places if q in known]
    more = len(rows) - SHOWN
    return RoomTable(
        name=room.name,
        day=w.day(room.day) if room.day else "",
        rows=tuple(row for _, row in rows[:SHOWN]),
        rest=tuple(row for _, row in rows[SHOWN:]),
        more=w.ngettext(
            "%(count)d more question is settled.", "%(count)d more questions are settled.", more, count=more
        )
        if more > 0
        else "",
        first_title=w.gettext("What comes first, as the room agreed") if first else "",
        first=tuple(first),
    )


def _rows(m: Material, room: RoomTold) -> list[tuple[int, RoomRow]]:
    """Each question that both versions ask, with how far room and firm are apart."""
    found = []
    for name, level in room.levels:
        question = m.questionnaire.questions.get(name)
        if question is None or question.levels is None or (level is not None and level >= len(question.levels)):
            continue
        own = level_of(question, m.result.answers.answers.get(name))
        apart = abs(level - own) if level is not None and own is not None else -1
        found.append((apart, RoomRow(question.text, _said(m, level), _said(m, own))))
    return found


def _said(m: Material, level: int | None) -> str:
    return m.words.gettext("not known") if level is None else str(level)
