"""The sections of an assessment that whoever has opened it may answer."""

from app.dependencies import Opened
from assessment import sections
from assessment.errors import N_, NotFound
from assessment.sections import Section
from questionnaires.schema import Questionnaire


class SectionNotFound(NotFound):
    """The questionnaire has no such section."""

    def __init__(self) -> None:
        super().__init__(N_("This questionnaire has no such section. Go back to the list of sections."))


def every_section(questionnaire: Questionnaire) -> tuple[Section, ...]:
    """The first pass, then all questions topic by topic."""
    return (*sections.core_sections(questionnaire), *sections.sections(questionnaire))


def all_sections(opened: Opened) -> tuple[Section, ...]:
    """Those that whoever has opened it may answer."""
    given = opened.access.sections
    return tuple(s for s in every_section(opened.questionnaire) if given is None or s.id in given)


def find_section(opened: Opened, section_id: str) -> Section:
    for section in all_sections(opened):
        if section.id == section_id:
            return section
    raise SectionNotFound


def neighbours(opened: Opened, section: Section) -> tuple[Section, ...]:
    """The sections of the same pass, in order."""
    return tuple(s for s in all_sections(opened) if s.core == section.core)
