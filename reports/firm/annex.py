"""The annex: all answers with their notes and the names of their evidence, and what the firm said of itself."""

from assessment.snapshots import FiledEvidence
from questionnaires.answers import NOT_APPLICABLE, UNKNOWN, AnswerValue
from questionnaires.schema import Dimension, ProfileField
from reports.firm.material import Material
from reports.firm.view import AnnexSection, AnswerGroup, AnswerRow, AnswerState
from reports.firm.view_parts import Fact
from reports.wording import Wording

KINDS = {"application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG"}
KILOBYTE, MEGABYTE = 1000, 1_000_000


def build_annex(m: Material) -> AnnexSection:
    w = m.words
    left_out = sum(1 for key in m.questionnaire.questions if m.is_left_out(key))
    groups = [_group(m, each) for each in m.questionnaire.walk() if each.questions]
    return AnnexSection(
        id="annex",
        title=w.gettext("Annex: all answers"),
        intro=w.gettext("Every answer as the firm gave it, so that anybody can check the scores."),
        caption=w.gettext("All questions with their answers and notes"),
        heads=(w.gettext("Question"), w.gettext("Answer")),
        facts_title=w.gettext("The firm"),
        facts=tuple(fact for field in m.questionnaire.fields if (fact := _fact(m, field)) is not None),
        groups=tuple(group for group in groups if group.rows),
        not_asked=w.ngettext(
            "%(n)s question was not asked, since it does not apply to firms of this kind.",
            "%(n)s questions were not asked, since they do not apply to firms of this kind.",
            left_out,
        )
        if left_out
        else "",
    )


def _group(m: Material, dimension: Dimension) -> AnswerGroup:
    rows = [_row(m, question.id) for question in dimension.questions if not m.is_left_out(question.id)]
    return AnswerGroup(dimension.title, tuple(rows))


def _row(m: Material, key: str) -> AnswerRow:
    given = m.result.answers.answers.get(key)
    note = m.result.facts.notes.get(key, "")
    return AnswerRow(
        id=key,
        question=m.questionnaire.questions[key].text,
        level=m.teller.level_now(key, given),
        answer=m.teller.answer(key, given),
        state=_state(given),
        note=m.words.gettext("Note: %(note)s", note=m.words.foreign(note)) if note else "",
        evidence=tuple(_file(m.words, file) for file in m.result.facts.evidence.get(key, ())),
    )


def _file(w: Wording, file: FiledEvidence) -> str:
    """A file by name, size, kind, giver and day; what is in it stays with the service."""
    large = file.size >= MEGABYTE
    size = w.number(file.size / MEGABYTE) if large else w.count(-(-file.size // KILOBYTE))
    parts = (
        w.left_to_right(KINDS.get(file.media_type, file.media_type)),
        w.gettext("%(n)s MB", n=size) if large else w.gettext("%(n)s kB", n=size),
        *([w.foreign(file.by)] if file.by else []),
        w.day(file.on),
    )
    listed = w.pgettext("between items of a list", ", ").join(parts)
    return w.gettext("Evidence: %(file)s (%(facts)s)", file=w.foreign(file.name), facts=listed)


def _state(given: AnswerValue | None) -> AnswerState:
    if given is None:
        return "unanswered"
    if given == UNKNOWN:
        return "unknown"
    return "not_applicable" if given == NOT_APPLICABLE else "answered"


def _fact(m: Material, field: ProfileField) -> Fact | None:
    value = m.result.answers.profile.get(field.id)
    if value is None:
        return None
    if field.choices is not None:
        return Fact(field.text, field.choices.get(str(value), str(value)))
    unit = field.number.unit if field.number is not None else None
    figure = m.words.plain(float(value))
    return Fact(field.text, f"{figure}\u00a0{unit}" if unit else figure)
