"""The names of a workshop's groups in the reader's language, where they are the questionnaire's own or ours."""

from collections.abc import Callable, Mapping, Sequence

from assessment.workshops import DEFAULT_GROUPS
from questionnaires.schema import Questionnaire

Groups = Sequence[Mapping[str, str]]
OURS = {group["id"]: group["name"] for group in DEFAULT_GROUPS}


def group_names(
    groups: Groups, written: Questionnaire, shown: Questionnaire, say: Callable[[str], str]
) -> dict[str, str]:
    """Each group's name by id; a name that somebody typed stays as it is."""
    return {group["id"]: _name(group["id"], group["name"], written, shown, say) for group in groups}


def _name(id: str, name: str, written: Questionnaire, shown: Questionnaire, say: Callable[[str], str]) -> str:
    if id in written.groups and name == written.groups[id]:
        return shown.groups[id]
    return say(name) if name == OURS.get(id) else name


def as_written(
    groups: Groups, written: Questionnaire, shown: Questionnaire, say: Callable[[str], str]
) -> list[dict[str, str]]:
    """Groups as they are kept: a name that nobody changed in the language it was written in."""
    sources = dict(written.groups) or OURS
    kept = [(group, sources.get(group["id"])) for group in groups]
    return [
        {"id": group["id"], "name": source}
        if source is not None and group["name"] == _name(group["id"], source, written, shown, say)
        else dict(group)
        for group, source in kept
    ]
