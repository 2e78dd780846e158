"""The questionnaires that this service offers: those shipped with it, and those of the operator's own folder."""

from collections.abc import Sequence
from pathlib import Path

from questionnaires.folders import DEFINITIONS, version_order
from questionnaires.library import Definition
from questionnaires.loader import list_definitions, verify_published
from questionnaires.problems import UnknownDefinition
from questionnaires.schema import Setting


class Shelf:
    """Definitions by id and version, read once: a published version never changes."""

    def __init__(self, own: Path | None = None) -> None:
        """Read them all.

        Raises:
            InvalidDefinition: one has errors, or was changed after it was published.
        """
        self._definitions: dict[str, Definition] = {}
        for folder in (DEFINITIONS,) if own is None else (DEFINITIONS, own):
            verify_published(folder)
            self._definitions |= {d.questionnaire.reference: d for d in list_definitions(folder)}

    def get(self, reference: str) -> Definition:
        """A definition by `id@version`.

        Raises:
            UnknownDefinition: it is not on the shelf (any more).
        """
        if reference not in self._definitions:
            raise UnknownDefinition(f"there is no questionnaire '{reference}' here")
        return self._definitions[reference]

    def newest(self, asked_in: Setting = "firm") -> Sequence[Definition]:
        """The newest version of each questionnaire that is meant for this setting, by title."""
        best: dict[str, Definition] = {}
        for definition in self._definitions.values():
            if asked_in not in definition.questionnaire.asked_in:
                continue
            id = definition.questionnaire.id
            if id not in best or _order(best[id]) < _order(definition):
                best[id] = definition
        return sorted(best.values(), key=lambda d: d.questionnaire.title)

    def newest_of(self, id: str, asked_in: Setting = "firm") -> Definition:
        """The newest version of one questionnaire that is meant for this setting.

        Raises:
            UnknownDefinition: there is none by that id.
        """
        for definition in self.newest(asked_in):
            if definition.questionnaire.id == id:
                return definition
        raise UnknownDefinition(f"there is no questionnaire '{id}' here")

    def later_than(self, reference: str) -> Sequence[Definition]:
        """The later versions of a questionnaire, oldest first."""
        id, _, version = reference.partition("@")
        found = [d for d in self._definitions.values() if d.questionnaire.id == id]
        return sorted((d for d in found if _order(d) > version_order(version)), key=_order)


def _order(definition: Definition) -> tuple[tuple[int, ...], bool, str]:
    return version_order(definition.questionnaire.version)
